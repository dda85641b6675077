//! What the merchant learns and the caller does not.

use doku_model::{Operation, ResponseCode};
use doku_sign::diagnose::Cause;
use doku_va_btn::hosted::{BodyFault, Bounds, Event, EventSink, Refusal, Refused};

use crate::support::{Call, INQUIRY_PATH, MINUTE, PAYMENT, PAYMENT_PATH, Reply, World};

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

fn refused(world: &World) -> Refused {
    let mut events = world.merchant.take_events();
    match (events.pop(), events.as_slice()) {
        (Some(Event::Refused(refused)), []) => refused,
        (last, others) => panic!("{others:?} {last:?}"),
    }
}

#[tokio::test]
async fn a_signature_that_does_not_match_is_explained_to_the_merchant_alone() {
    let world = World::new();
    let token = world.token().await;
    let elsewhere = world.signed("/v1/transfer-va/payment/", PAYMENT.as_bytes(), &token);
    let call = Call {
        path: PAYMENT_PATH.to_owned(),
        ..elsewhere
    };
    let reply = world.notify(&call).await;
    assert_eq!(
        reply.body,
        r#"{"responseCode":"4012500","responseMessage":"Unauthorized. Invalid Signature"}"#
    );
    let diagnosis = refused(&world).diagnosis.unwrap();
    assert_eq!(diagnosis.cause(), Some(Cause::TrailingSlash));
    assert!(diagnosis.findings[0].proven);

    let good = world.token_request();
    let other_formula = good
        .clone()
        .with("X-SIGNATURE", call.header("X-SIGNATURE").to_owned());
    let answer = world.endpoints.token(other_formula.request()).await;
    Reply::of(answer).is_two_members("4017300");
    let diagnosis = refused(&world).diagnosis.unwrap();
    assert_eq!(diagnosis.cause(), Some(Cause::HmacInsteadOfRsa));

    world.notify(&call.clone().without("X-TIMESTAMP")).await;
    assert!(refused(&world).diagnosis.is_none(), "nothing to diagnose");
}

#[tokio::test]
async fn so_many_diagnoses_a_minute_and_the_refusals_go_on() {
    let bounds = Bounds {
        diagnoses: 2,
        ..Bounds::default()
    };
    let world = World::with(|builder| builder.bounds(bounds));
    let call = world.payment(PAYMENT).await.with("X-SIGNATURE", "AAAA");
    for diagnosed in [true, true, false] {
        world.notify(&call).await.is_two_members("4012500");
        assert_eq!(refused(&world).diagnosis.is_some(), diagnosed);
    }
    world.clock.advance(MINUTE);
    world.notify(&call).await;
    assert!(refused(&world).diagnosis.is_some());
}

#[tokio::test]
async fn a_call_can_be_verified_without_being_answered() {
    let world = World::new();
    let call = world.payment("{}").await;
    let request = call.request();
    let verified = world
        .endpoints
        .verify(Operation::Payment, &request)
        .unwrap();
    assert_eq!(verified.body(), "{}", "its body is not read");
    assert_eq!(verified.path(), PAYMENT_PATH);

    let forged = call.with("X-SIGNATURE", "AAAA").request();
    let refused = world
        .endpoints
        .verify(Operation::Payment, &forged)
        .unwrap_err();
    assert!(refused.diagnosis.is_some());
    assert_eq!(refused.answer().status(), 401);
    let answer = refused.answer();
    assert_eq!(
        answer.extensions().get::<ResponseCode>().unwrap().as_str(),
        "4012500"
    );

    let token_request = world.token_request().request();
    let refused = world
        .endpoints
        .verify(Operation::Token, &token_request)
        .unwrap_err();
    assert!(matches!(refused.refusal, Refusal::NotHosted));
    assert_eq!(world.merchant.payments(), 0);
    assert!(
        world.merchant.take_events().is_empty(),
        "nothing is reported"
    );
}

#[tokio::test]
async fn a_body_that_did_not_arrive_is_answered_and_reported() {
    let world = World::new();
    for (fault, operation, code) in [
        (
            BodyFault::TooLarge { found: 70_000 },
            Operation::Payment,
            "4002500",
        ),
        (BodyFault::TooSlow, Operation::Payment, "5042500"),
        (BodyFault::TooSlow, Operation::Inquiry, "5042400"),
        (BodyFault::BrokenOff, Operation::Token, "4007300"),
    ] {
        let answer = world.endpoints.unread(operation, fault);
        let told = answer.extensions().get::<ResponseCode>().unwrap();
        assert_eq!(told.as_str(), code, "{fault:?}");
        assert_eq!(refused(&world).response_code.as_str(), code);
    }
}
