//! Headers that are missing, empty, doubled, too long, or not ASCII.

use doku_va_btn::hosted::{HeaderFault, Refusal};

use crate::support::{Call, INQUIRY, PAYMENT, World};

const READ: [&str; 3] = ["X-TIMESTAMP", "X-SIGNATURE", "Authorization"];

async fn refused(world: &World, call: &Call, name: &str, code: &str, fault: HeaderFault) {
    let refusal = world.refuses(call, code).await;
    let Refusal::Header {
        name: found,
        fault: why,
    } = refusal
    else {
        panic!("{refusal}");
    };
    assert_eq!((found, why), (name, fault));
}

#[tokio::test]
async fn missing() {
    let world = World::new();
    let good = world.payment(PAYMENT).await;
    for name in ["X-TIMESTAMP", "X-SIGNATURE"] {
        let call = good.clone().without(name);
        refused(&world, &call, name, "4002502", HeaderFault::Missing).await;
    }
    let refusal = world
        .refuses(&good.without("Authorization"), "4012503")
        .await;
    assert!(matches!(refusal, Refusal::NoBearer), "{refusal}");
}

#[tokio::test]
async fn empty() {
    let world = World::new();
    let good = world.payment(PAYMENT).await;
    for name in ["X-TIMESTAMP", "X-SIGNATURE"] {
        let call = good.clone().with(name, "");
        refused(&world, &call, name, "4002502", HeaderFault::Missing).await;
    }
    for nothing in ["", "Bearer", "bearer "] {
        let call = good.clone().with("Authorization", nothing);
        world.refuses(&call, "4012503").await;
    }
}

#[tokio::test]
async fn doubled() {
    let world = World::new();
    let good = world.payment(PAYMENT).await;
    for name in READ {
        for second in [good.header(name).to_owned(), "another".to_owned()] {
            let call = good.clone().and(name, second);
            refused(&world, &call, name, "4002501", HeaderFault::Repeated).await;
        }
    }
}

#[tokio::test]
async fn too_long() {
    let world = World::new();
    let good = world.payment(PAYMENT).await;
    let limit = world.endpoints.bounds().header;
    for name in READ {
        let call = good.clone().with(name, "A".repeat(limit + 1));
        let fault = HeaderFault::TooLong {
            found: limit + 1,
            limit,
        };
        refused(&world, &call, name, "4002501", fault).await;
    }
}

#[tokio::test]
async fn as_long_as_is_read_and_still_no_sense() {
    let world = World::new();
    let good = world.payment(PAYMENT).await;
    let limit = world.endpoints.bounds().header;
    for (name, code) in [
        ("X-TIMESTAMP", "4012500"),
        ("X-SIGNATURE", "4012500"),
        ("Authorization", "4012501"),
    ] {
        let call = good.clone().with(name, "A".repeat(limit));
        world.refuses(&call, code).await;
    }
}

#[tokio::test]
async fn not_ascii() {
    let world = World::new();
    let good = world.payment(PAYMENT).await;
    for name in READ {
        for bytes in [&b"2026-09-13\xC3\xA9"[..], b"\xFF\xFE", b"Bearer \x80"] {
            let call = good.clone().with(name, bytes);
            refused(&world, &call, name, "4002501", HeaderFault::NotAscii).await;
        }
    }
}

#[tokio::test]
async fn no_bearer_but_another_scheme() {
    let world = World::new();
    let good = world.payment(PAYMENT).await;
    let token = good.header("Authorization").replace("Bearer ", "");
    for value in [
        token.clone(),
        format!("Basic {token}"),
        format!("Bearer {token} {token}"),
        format!("Bearer {token}, Bearer {token}"),
    ] {
        let call = good.clone().with("Authorization", value);
        let refusal = world.refuses(&call, "4012501").await;
        assert!(matches!(refusal, Refusal::Authorization(_)), "{refusal}");
    }
}

#[tokio::test]
async fn another_method() {
    let world = World::new();
    let good = world.payment(PAYMENT).await;
    for method in ["GET", "PUT", "DELETE", "PATCH"] {
        let call = Call {
            method,
            ..good.clone()
        };
        let refusal = world.refuses(&call, "4052500").await;
        assert!(matches!(refusal, Refusal::Method), "{refusal}");
    }
}

#[tokio::test]
async fn of_an_inquiry() {
    let world = World::new();
    let good = world.inquiry(INQUIRY).await;
    for (call, code) in [
        (good.clone().without("X-TIMESTAMP"), "4002402"),
        (good.clone().without("X-SIGNATURE"), "4002402"),
        (good.clone().without("Authorization"), "4012403"),
        (good.clone().and("X-SIGNATURE", "AAAA"), "4002401"),
        (good.clone().with("Authorization", "Basic eA=="), "4012401"),
    ] {
        world.refuses_inquiry(&call, code).await;
    }
}

#[tokio::test]
async fn of_a_token_request() {
    let world = World::new();
    let good = world.token_request();
    for name in ["X-CLIENT-KEY", "X-TIMESTAMP", "X-SIGNATURE"] {
        let limit = world.endpoints.bounds().header;
        for (call, code) in [
            (good.clone().without(name), "4007302"),
            (good.clone().with(name, ""), "4007302"),
            (good.clone().and(name, good.header(name)), "4007301"),
            (good.clone().with(name, "A".repeat(limit + 1)), "4007301"),
            (good.clone().with(name, b"\xC3\xA9".to_vec()), "4007301"),
        ] {
            world.refuses_token(&call, code).await;
        }
    }
}
