//! What the merchant learns and the caller does not.

use doku_va_btn::hosted::{Event, EventSink, Refusal};

use crate::support::{Call, INQUIRY_PATH, PAYMENT, PAYMENT_PATH, World};

#[tokio::test]
async fn the_caller_is_told_the_same_whatever_is_wrong_with_the_signature() {
    let world = World::new();
    let good = world.payment(PAYMENT).await;
    let mut answers = Vec::new();
    for call in [
        good.clone().with("X-SIGNATURE", "AAAA"),
        good.clone().with("X-SIGNATURE", "no base64"),
        good.clone()
            .with("X-TIMESTAMP", "2026-09-13T10:16:11+07:00"),
        Call {
            body: b"{}".to_vec(),
            ..good.clone()
        },
    ] {
        answers.push(world.notify(&call).await.body);
    }
    answers.dedup();
    assert_eq!(
        answers,
        [r#"{"responseCode":"4012500","responseMessage":"Unauthorized. Invalid Signature"}"#]
    );
}

#[tokio::test]
async fn every_refusal_has_words_for_the_merchant() {
    let world = World::new();
    let token = world.token().await;
    let good = world.signed(PAYMENT_PATH, PAYMENT.as_bytes(), &token);
    let mut words = String::new();
    for call in [
        good.clone().without("X-SIGNATURE"),
        good.clone().and("X-TIMESTAMP", "x"),
        good.clone()
            .without("Authorization")
            .with("X-SIGNATURE", "AAAA"),
        good.clone().with("Authorization", "Basic eA=="),
        good.clone().with("X-SIGNATURE", "AAAA"),
        good.clone().with("X-SIGNATURE", "0f".repeat(32)),
        world.signed(PAYMENT_PATH, PAYMENT.as_bytes(), "not.a.token"),
        world.signed(PAYMENT_PATH, b"{", &token),
        world.signed(PAYMENT_PATH, b"{\"paidAmount\":1}", &token),
        world.signed(PAYMENT_PATH, b"\xFF", &token),
        Call {
            body: vec![0; 65_537],
            ..good.clone()
        },
        Call {
            method: "GET",
            ..good.clone()
        },
    ] {
        let reply = world.notify(&call).await;
        let events = world.merchant.take_events();
        let [Event::Refused(refused)] = events.as_slice() else {
            panic!("{events:?}");
        };
        assert_eq!(refused.response_code.as_str(), reply.code());
        let said = refused
            .refusal
            .to_string()
            .replace(&format!("[token, {} chars]", token.len()), "[token]");
        words += &format!("{} {said}\n", reply.code());
    }
    insta::assert_snapshot!(words);
}

#[tokio::test]
async fn an_inquiry_that_is_not_understood_is_handed_over_too() {
    let world = World::new();
    let token = world.token().await;
    let call = world.signed(INQUIRY_PATH, b"{}", &token);
    world.ask(&call).await.is_two_members("4002402");
    let events = world.merchant.take_events();
    let [Event::Refused(refused)] = events.as_slice() else {
        panic!("{events:?}");
    };
    assert!(matches!(refused.refusal, Refusal::Field(_)));
    assert_eq!(refused.genuine.as_ref().unwrap().body(), "{}");
}

#[tokio::test]
async fn a_sink_that_panics_changes_no_answer() {
    struct Panics;
    impl EventSink for Panics {
        fn event(&self, _: Event) {
            panic!("a bug of the sink's");
        }
    }
    let world = World::with(|builder| builder.events(Panics));
    let call = world.payment(PAYMENT).await;
    world
        .notify(&call.clone().with("X-SIGNATURE", "AAAA"))
        .await
        .is_two_members("4012500");
    world.merchant.behave([crate::support::Behaviour::Fail]);
    world.notify(&call).await.is_two_members("5002500");
    world.acknowledges(&call).await;
}
