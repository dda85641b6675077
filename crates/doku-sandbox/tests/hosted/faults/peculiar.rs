//! What single faults do beyond delaying: other money, late bearers, another order, the same bytes twice.

use std::sync::Arc;

use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use doku_model::Operation;
use doku_sandbox::{FaultKind, JournalEntry, TellerError, Trigger};
use doku_va_btn::hosted::{Event, Freshness};
use tokio::sync::Semaphore;

use super::{order, warm};
use crate::merchant::Mood;
use crate::world::{Plan, closed, hours, minutes, rupiah};

#[tokio::test]
async fn other_money_is_kept_and_flagged() {
    let world = warm(false).await;
    order(&world, &FaultKind::WrongAmount, Operation::Payment);
    let told = world.paid("INV-1").await;
    assert_eq!(told.paid_amount, "11500.00");
    let wrong = world.books.kept().pop().unwrap();
    assert_eq!(
        wrong.amount,
        rupiah(11_501),
        "who signs properly is believed"
    );
    assert!(world.books.take_events().is_empty(), "nothing is known yet");

    let again = world.sandbox().resend(told.id).await.unwrap();
    assert_eq!(again.attempts.last().unwrap().status, 200);
    let right = world.books.kept().pop().unwrap();
    assert_eq!((right.amount, &right.key), (rupiah(11_500), &wrong.key));
    assert_eq!(right.other_amounts, [wrong.amount]);
    let events = world.books.take_events();
    let [Event::OtherMoney(flagged)] = &events[..] else {
        panic!("{events:?}")
    };
    assert_eq!(flagged.other_amounts(), [wrong.amount]);

    // Each of the two was handled once, and is not handled again.
    let runs = world.books.runs();
    world.sandbox().resend(told.id).await.unwrap();
    order(&world, &FaultKind::WrongAmount, Operation::Payment);
    world.sandbox().resend(told.id).await.unwrap();
    assert_eq!(world.books.runs(), runs);
    assert!(world.books.take_events().is_empty());
    assert_eq!(world.unacknowledged(), []);
}

#[tokio::test]
async fn an_expired_bearer_is_taken_late_with_a_payment_and_not_at_all_with_an_inquiry() {
    let world = warm(true).await;
    order(&world, &FaultKind::ExpiredToken, Operation::Payment);
    assert!(world.paid("INV-1").await.acknowledged);
    let kept = world.books.kept().pop().unwrap();
    let Freshness::LateBearer { by } = kept.freshness else {
        panic!("{kept:?}")
    };
    assert!(by >= minutes(5) && by < minutes(6), "{by:?}");

    let number = world.offered("OWN-1", closed(10_000)).await;
    order(&world, &FaultKind::ExpiredToken, Operation::Inquiry);
    let refused = world.pay(&number, rupiah(10_000)).await.unwrap_err();
    let TellerError::Refused { response_code, .. } = refused else {
        panic!("{refused}")
    };
    assert_eq!(response_code.as_deref(), Some("4012401"));
    world.pay(&number, rupiah(10_000)).await.unwrap();
    world.assert_settled();
}

#[tokio::test]
async fn a_notification_that_was_held_back_comes_after_the_next() {
    let world = warm(false).await;
    order(&world, &FaultKind::OutOfOrder, Operation::Payment);
    let first = world.paid("INV-1").await;
    let second = world.paid("INV-2").await;
    assert!(second.acknowledged);
    world.assert_settled();
    let kept = world.books.kept();
    let order: Vec<_> = kept[1..]
        .iter()
        .map(|kept| kept.key.payment_request_id().as_str())
        .collect();
    assert_eq!(
        order,
        [&second.payment_request_id, &first.payment_request_id]
    );
}

#[tokio::test]
async fn what_was_held_back_and_sent_since_does_not_come_once_more() {
    let world = warm(false).await;
    order(&world, &FaultKind::OutOfOrder, Operation::Payment);
    let first = world.paid("INV-1").await;
    world.books.be([Mood::Fails]);
    world.advance(minutes(30)).await;
    let triggers = || {
        let attempts = world.notification(first.id).attempts.into_iter();
        attempts.map(|attempt| attempt.trigger).collect::<Vec<_>>()
    };
    assert_eq!(triggers(), [Trigger::Retry]);
    assert!(world.paid("INV-2").await.acknowledged);
    assert_eq!(triggers(), [Trigger::Retry], "it waits for its time");
    world.advance(minutes(5 * 60 + 30)).await;
    assert_eq!(triggers(), [Trigger::Retry, Trigger::Retry]);
    world.assert_settled();
}

#[tokio::test]
async fn the_same_bytes_at_the_same_time_are_handled_once_and_acknowledged_twice() {
    let arrived = Arc::new(Semaphore::new(0));
    let counted = Arc::clone(&arrived);
    let count = move |request: Request, next: Next| {
        if request.uri().path() == Operation::Payment.path() {
            counted.add_permits(1);
        }
        next.run(request)
    };
    let plan = Plan::new().mounted(|doku| doku.layer(from_fn(count)));
    let world = plan.start().await;
    world.books.be([Mood::Waits]);
    order(&world, &FaultKind::Duplicate, Operation::Payment);
    let (told, ()) = tokio::join!(world.paid("INV-1"), async {
        arrived.acquire_many(2).await.unwrap().forget();
        world.books.let_go();
    });
    assert!(told.acknowledged);
    assert_eq!(told.attempts.len(), 1);
    let calls = world.calls("payment");
    let code = |call: &Arc<JournalEntry>| call.response_code.clone();
    let acknowledged = Some("2002500".to_owned());
    assert_eq!(
        calls.iter().map(code).collect::<Vec<_>>(),
        [acknowledged.clone(), acknowledged]
    );
    assert_eq!(calls[0].body, calls[1].body);
    assert!(world.books.take_events().is_empty());
    assert_eq!(world.books.runs(), 1);
    world.assert_settled();
}

#[tokio::test]
async fn a_token_request_that_is_replayed_in_time_gets_what_was_got_before() {
    // Nothing but the client id and the time is signed, so within the window it is the same request.
    let world = warm(false).await;
    order(&world, &FaultKind::BrokenSignature, Operation::Payment);
    let told = world.paid("INV-1").await;
    assert_eq!(told.attempts[0].status, 401, "DOKU gives its token up");
    order(&world, &FaultKind::ReplayedSignature, Operation::Token);
    let told = world.sandbox().resend(told.id).await.unwrap();
    assert!(told.acknowledged);
    let tokens = world.calls("merchantToken");
    assert_eq!(tokens.last().unwrap().fault, Some("replayedSignature"));
    assert_eq!(tokens.len(), 2);
    world.assert_settled();
}

#[tokio::test]
async fn a_bad_day_ends_by_the_last_of_the_schedule() {
    // Every attempt meets another fault, and only the last one meets none.
    let world = warm(false).await;
    for kind in [
        FaultKind::DropBefore,
        FaultKind::DropAfter,
        FaultKind::CutBody,
    ] {
        order(&world, &kind, Operation::Payment);
    }
    let told = world.paid("INV-1").await;
    for step in [minutes(30), minutes(5 * 60 + 30), hours(6)] {
        assert!(!world.notification(told.id).acknowledged);
        world.advance(step).await;
    }
    assert_eq!(world.notification(told.id).attempts.len(), 4);
    assert_eq!(world.books.runs(), 2, "the warm one and this one");
    world.assert_settled();
}
