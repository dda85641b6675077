//! Nothing that is shown holds a secret, a token or somebody's name.

use std::fmt::Debug;

use doku_va_btn::hosted::Event;

use crate::support::{Behaviour, INQUIRY, INQUIRY_PATH, PAYMENT, PAYMENT_PATH, SECRET, World};

fn keeps_quiet(shown: &str, token: &str) {
    for secret in [SECRET, token, "Toru", "Yamashita", "PRIVATE KEY"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

fn shown(value: &impl Debug) -> String {
    format!("{value:?} {value:#?}")
}

#[tokio::test(start_paused = true)]
async fn debug_of_everything_a_merchant_gets() {
    let world = World::new();
    let token = world.token().await;
    world
        .merchant
        .behave([Behaviour::Succeed, Behaviour::Fail, Behaviour::Panic]);
    let good = world.signed(PAYMENT_PATH, PAYMENT.as_bytes(), &token);
    world.acknowledges(&good).await;
    keeps_quiet(&shown(&world.merchant.last_paid()), &token);
    keeps_quiet(&shown(&world.endpoints), &token);

    for body in [
        PAYMENT.replace("11500", "12500"),
        PAYMENT.replace("23219829713", "2"),
        PAYMENT.replace("23219829713", ""),
        PAYMENT.replace("\"23219829713\"", "[]"),
        PAYMENT.replace("11500.00", "Toru"),
        PAYMENT.replace("12839218738127830", "Toru\\u0000Yamashita"),
        PAYMENT.replace("   777770000000000001", "Toru Yamashita"),
    ] {
        world
            .notify(&world.signed(PAYMENT_PATH, body.as_bytes(), &token))
            .await;
    }
    world
        .notify(&good.clone().with("X-SIGNATURE", "AAAA"))
        .await;
    world
        .notify(&good.clone().with("Authorization", token.as_str()))
        .await;
    world
        .notify(
            &good
                .clone()
                .with("Authorization", format!("Bearer {token} {token}")),
        )
        .await;
    world
        .ask(&world.signed(INQUIRY_PATH, INQUIRY.as_bytes(), &token))
        .await;
    world
        .ask(&world.signed(INQUIRY_PATH, b"[\"Toru\"]", &token))
        .await;
    let events = world.merchant.take_events();
    assert!(events.len() >= 9, "{events:?}");
    for event in &events {
        keeps_quiet(&shown(event), &token);
        if let Event::Refused(refused) = event {
            keeps_quiet(&refused.refusal.to_string(), &token);
        }
    }
}

#[test]
fn credentials_and_builder() {
    let credentials = crate::support::credentials();
    keeps_quiet(&shown(&credentials), "unused token");
    let builder = doku_va_btn::hosted::Endpoints::builder(credentials);
    keeps_quiet(&shown(&builder), "unused token");
}
