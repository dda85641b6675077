//! Transactions: what makes a call genuine.

use std::time::Duration;

use doku_model::{Operation, Timestamp};
use insta::assert_json_snapshot;

use crate::support::{World, create, now};

const CREATE: Operation = Operation::CreateVa;

#[tokio::test]
async fn refuses_what_is_not_genuine() {
    let world = World::start().await;
    let token = world.token().await;
    let body = create("INV-1").to_string();
    let good = || world.signed(CREATE, body.as_bytes(), &token);
    let signature = good().header("X-SIGNATURE").to_owned();
    let stale =
        Timestamp::wib((std::time::SystemTime::now() - Duration::from_secs(16 * 60)).into());
    let early =
        Timestamp::wib((std::time::SystemTime::now() + Duration::from_secs(16 * 60)).into());
    let mut other_body = good();
    other_body.body = create("INV-2").to_string().into();
    let mut other_query = good();
    other_query.target.push_str("?page=1");
    let cases = [
        (good().without("X-TIMESTAMP"), "4002702"),
        (good().without("X-SIGNATURE"), "4002702"),
        (good().without("X-PARTNER-ID"), "4002702"),
        (good().without("X-EXTERNAL-ID"), "4002702"),
        (good().without("Authorization"), "4002702"),
        (good().set("X-PARTNER-ID", "MCH-0001"), "4012700"),
        (good().set("X-TIMESTAMP", "2026-01-31 10:55:00"), "4002701"),
        (good().set("X-TIMESTAMP", stale.as_str()), "4012700"),
        (
            world.signed_at(CREATE, body.as_bytes(), &token, stale.as_str()),
            "4012700",
        ),
        (
            world.signed_at(CREATE, body.as_bytes(), &token, early.as_str()),
            "4012700",
        ),
        (good().set("Authorization", &token), "4012701"),
        (good().set("Authorization", "Bearer"), "4012701"),
        (good().set("Authorization", "Basic abc"), "4012701"),
        (
            world.signed(CREATE, body.as_bytes(), "none-of-ours"),
            "4012701",
        ),
        (other_body, "4012700"),
        (other_query, "4012700"),
        (
            good().set("X-SIGNATURE", &signature.to_uppercase()),
            "4012700",
        ),
        (good().set("X-SIGNATURE", "not a signature"), "4012700"),
    ];
    for (number, (call, code)) in cases.into_iter().enumerate() {
        let reply = world.send(&call).await.unwrap();
        assert_eq!(reply.code(), code, "case {number}: {}", reply.text());
        assert_eq!(reply.status, code[..3].parse::<u16>().unwrap());
    }
    assert!(world.sandbox().virtual_accounts().is_empty());
}

#[tokio::test]
async fn says_so_in_dokus_words() {
    let world = World::start().await;
    let token = world.token().await;
    let call = world.signed(CREATE, create("INV-1").to_string().as_bytes(), &token);
    let wrong = world.send(&call.set("X-SIGNATURE", "c2ln")).await.unwrap();
    assert_json_snapshot!("signature_not_match", wrong.json());
    let call = world.signed(CREATE, b"{}", &token);
    let missing = world.send(&call.without("X-EXTERNAL-ID")).await.unwrap();
    assert_json_snapshot!("header_missing", missing.json());
}

#[tokio::test]
async fn a_call_that_is_not_genuine_uses_up_nothing() {
    let world = World::start().await;
    let token = world.token().await;
    let body = create("INV-1").to_string();
    let good = world
        .signed(CREATE, body.as_bytes(), &token)
        .set("X-EXTERNAL-ID", "77");
    let signature = good.header("X-SIGNATURE").to_owned();
    let wrong_signature = good.set("X-SIGNATURE", "c2ln");
    assert_eq!(
        world.send(&wrong_signature).await.unwrap().code(),
        "4012700"
    );
    let wrong_token = wrong_signature.set("Authorization", "Bearer x");
    assert_eq!(world.send(&wrong_token).await.unwrap().code(), "4012701");

    let good = wrong_token
        .set("X-SIGNATURE", &signature)
        .set("Authorization", &format!("Bearer {token}"));
    let reply = world.send(&good).await.unwrap();
    assert_eq!((reply.status, reply.code().as_str()), (200, "2002700"));
}

#[tokio::test]
async fn the_window_can_be_set() {
    let world = World::with(|config| config.timestamp_window(Duration::from_secs(3600))).await;
    let token = world.token().await;
    let early =
        Timestamp::utc((std::time::SystemTime::now() + Duration::from_secs(50 * 60)).into());
    let body = create("INV-1").to_string();
    let call = world.signed_at(CREATE, body.as_bytes(), &token, early.as_str());
    assert_eq!(world.send(&call).await.unwrap().code(), "2002700");
}

#[tokio::test]
async fn a_caller_may_move_its_clock_along_or_not() {
    let world = World::start().await;
    world.sandbox().advance(Duration::from_secs(5 * 3600));
    let token = world.token().await;
    let moved = world.sandbox().now().to_string();
    for (trx_id, time) in [("INV-1", now()), ("INV-2", moved)] {
        let body = create(trx_id).to_string();
        let call = world.signed_at(CREATE, body.as_bytes(), &token, &time);
        assert_eq!(world.send(&call).await.unwrap().code(), "2002700", "{time}");
    }
}

#[tokio::test]
async fn the_query_is_part_of_what_is_signed() {
    let world = World::start().await;
    let token = world.token().await;
    let body = create("INV-1").to_string();
    let time = now();
    let target = format!("{}?page=1", CREATE.path());
    let to_sign = doku_sign::StringToSign::snap_transaction(
        "POST",
        &target,
        &doku_sign::AccessToken::new(token.as_str()),
        &doku_sign::MinifiedBody::of(body.as_bytes()),
        &time,
    );
    let mut call = world.signed_over(CREATE, body.as_bytes(), &token, &time, &to_sign);
    call.target = target;
    assert_eq!(world.send(&call).await.unwrap().code(), "2002700");
}

#[tokio::test]
async fn other_paths_and_methods_are_not_there() {
    let world = World::start().await;
    let reply = world.get("/btn-virtual-account/v2/payment-code").await;
    assert_eq!(reply.status, 404);
    let reply = world.get(CREATE.path()).await;
    assert_eq!(reply.status, 405);
    let reason = world.last_entry().reason.unwrap();
    assert!(reason.contains("POST"), "{reason}");
}
