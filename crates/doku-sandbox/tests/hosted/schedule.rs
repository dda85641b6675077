//! DOKU's schedule: 30 minutes, 6 hours and 12 hours after the first attempt, and by hand; against a merchant that is
//! down, fails, panics or hangs until it does not.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use doku_sandbox::{HeaderClock, Notification, Resend, Trigger};
use doku_va_btn::hosted::{Bounds, Event, Failure, Freshness, Refusal};
use doku_va_btn::{PaymentStatus, SystemClock};

use crate::merchant::Mood;
use crate::world::{Plan, World, closed, hours, minutes, rupiah};

/// When DOKU tries again, from the first attempt, as steps of the clock.
const STEPS: [Duration; 3] = [minutes(30), minutes(5 * 60 + 30), hours(6)];

fn plan(resend: Resend) -> Plan {
    Plan::new()
        .sandbox(move |config| config.resend(resend))
        .endpoints(|builder| {
            builder.bounds(Bounds {
                payment: Duration::from_millis(100),
                ..Bounds::default()
            })
        })
}

fn statuses(told: &Notification) -> Vec<u16> {
    told.attempts.iter().map(|attempt| attempt.status).collect()
}

fn triggers(told: &Notification) -> Vec<Trigger> {
    told.attempts
        .iter()
        .map(|attempt| attempt.trigger)
        .collect()
}

/// The bearer of the first attempt has expired for good by the last one.
fn assert_fresh_by(resend: Resend, freshness: Freshness) {
    match (resend, freshness) {
        (Resend::Identical, Freshness::LateBearer { by }) => {
            assert!(by > hours(11) && by < hours(12), "{by:?}");
        }
        (_, Freshness::LiveBearer) => assert_eq!(resend, Resend::Fresh),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_handler_that_does_badly_is_told_until_it_does_well() {
    for resend in [Resend::Fresh, Resend::Identical] {
        for (moods, told_statuses) in [
            (
                [Mood::Fails, Mood::Fails, Mood::Fails],
                [500, 500, 500, 200],
            ),
            (
                [Mood::Panics, Mood::Panics, Mood::Panics],
                [500, 500, 500, 200],
            ),
            (
                [Mood::Hangs, Mood::Hangs, Mood::Hangs],
                [504, 504, 504, 200],
            ),
            (
                [Mood::Fails, Mood::Hangs, Mood::Panics],
                [500, 504, 500, 200],
            ),
        ] {
            let world = plan(resend).start().await;
            world.books.be(moods);
            let first = world.paid("INV-1").await;
            assert!(!first.acknowledged);
            for step in STEPS {
                let before = world.notification(first.id);
                assert!(before.next_attempt.is_some());
                world.advance(step - minutes(1)).await;
                assert_eq!(world.notification(first.id), before, "not before its time");
                world.advance(minutes(1)).await;
            }
            let told = world.notification(first.id);
            assert_eq!(statuses(&told), told_statuses, "{moods:?}");
            let retry = Trigger::Retry;
            assert_eq!(triggers(&told), [Trigger::Payment, retry, retry, retry]);
            assert_eq!(told.next_attempt, None);
            assert_eq!(world.books.runs(), 4, "once for each attempt");
            world.assert_settled();
            assert_fresh_by(resend, world.books.kept()[0].freshness);

            let events = world.books.take_events();
            assert_eq!(events.len(), 3, "{events:?}");
            for (event, mood) in events.iter().zip(moods) {
                let Event::NotAcknowledged { failure, .. } = event else {
                    panic!("{event:?}")
                };
                match mood {
                    Mood::Panics => assert!(matches!(failure, Failure::Panicked)),
                    Mood::Hangs => assert!(matches!(failure, Failure::TimedOut)),
                    _ => assert!(matches!(failure, Failure::Handler(_))),
                }
            }

            // Acknowledged is acknowledged; and by hand it does not reach the handler again.
            world.advance(hours(2)).await;
            assert_eq!(world.notification(first.id).attempts.len(), 4);
            let again = world.sandbox().resend(first.id).await.unwrap();
            assert_eq!(statuses(&again).last(), Some(&200));
            assert_eq!(world.books.runs(), 4);
            world.assert_settled();
        }
    }
}

#[tokio::test]
async fn a_merchant_that_was_down_for_half_a_day_is_told_when_it_is_back() {
    for resend in [Resend::Fresh, Resend::Identical] {
        // With a token from before, the notification is made and finds nobody; without, it cannot even be made.
        for has_token in [true, false] {
            let mut world = plan(resend).start().await;
            if has_token {
                assert!(world.paid("INV-0").await.acknowledged);
            }
            world.server.close().await;
            let va = world.created("INV-1", closed(20_000)).await;
            let paid = world.pay(&va.number(), rupiah(20_000)).await.unwrap();
            let id = paid.notification.unwrap().id;
            world.advance(STEPS[0]).await;
            world.advance(STEPS[1]).await;
            let told = world.notification(id);
            assert_eq!(statuses(&told), [0, 0, 0]);
            assert!(told.attempts.iter().all(|attempt| attempt.reason.is_some()));
            let status = world.client.status(&va).await.unwrap().value;
            assert!(
                status.is_paid(),
                "the money is there, told or not: {status:?}"
            );
            assert_eq!(world.books.runs(), usize::from(has_token));

            world.open();
            world.advance(STEPS[2]).await;
            assert_eq!(statuses(&world.notification(id)), [0, 0, 0, 200]);
            assert_eq!(world.books.runs(), usize::from(has_token) + 1);
            world.assert_settled();
            let kept = world.books.kept().pop().unwrap();
            let made_at_first = if has_token { resend } else { Resend::Fresh };
            assert_fresh_by(made_at_first, kept.freshness);
        }
    }
}

#[tokio::test]
async fn after_the_last_attempt_somebody_has_to_ask_for_another() {
    for resend in [Resend::Fresh, Resend::Identical] {
        let world = plan(resend).start().await;
        world.books.be([Mood::Fails; 4]);
        let id = world.paid("INV-1").await.id;
        for step in STEPS {
            world.advance(step).await;
        }
        let told = world.notification(id);
        assert_eq!((statuses(&told).len(), told.next_attempt), (4, None));
        assert!(!told.acknowledged);

        // A day and an hour after the payment no bearer of that day is good any more.
        world.advance(hours(13)).await;
        world.books.take_events();
        let late = world.sandbox().resend(id).await.unwrap();
        let last = late.attempts.last().unwrap();
        assert_eq!(last.trigger, Trigger::Resend);
        if resend == Resend::Fresh {
            assert!(late.acknowledged);
            world.assert_settled();
        } else {
            assert_eq!(last.response_code.as_deref(), Some("4012501"));
            // Nothing is lost: the merchant has it as it came, to look at.
            let events = world.books.take_events();
            let [Event::Refused(refused)] = &events[..] else {
                panic!("{events:?}")
            };
            assert!(matches!(refused.refusal, Refusal::Bearer(_)));
            let body = refused.genuine.as_ref().unwrap().body();
            let body = String::from_utf8(body.to_vec()).unwrap();
            assert!(body.contains(&late.payment_request_id), "{body}");
            assert_eq!(world.books.kept().len(), 0);
        }
    }
}

#[tokio::test]
async fn a_handler_goes_on_when_doku_has_hung_up() {
    let plan = Plan::new().sandbox(|config| config.merchant_timeout(Duration::from_secs(1)));
    let world = plan.start().await;
    world.books.be([Mood::Waits]);
    let first = world.paid("INV-1").await;
    assert_eq!(statuses(&first), [0], "DOKU did not wait");
    assert_eq!(world.books.kept().len(), 0);

    // The repeat waits for the run that began, or comes when it is over: it starts none of its own.
    let repeat = tokio::spawn({
        let sandbox = world.sandbox().clone();
        async move { sandbox.resend(first.id).await.unwrap() }
    });
    world.books.has_begun().await;
    world.books.let_go();
    assert!(repeat.await.unwrap().acknowledged);
    assert_eq!(world.books.runs(), 1);
    world.assert_settled();
}

#[tokio::test]
async fn waiting_for_what_is_due_waits_for_what_has_begun() {
    let world = World::start().await;
    world.books.be([Mood::Fails, Mood::Waits]);
    let id = world.paid("INV-1").await.id;
    world.books.has_begun().await;
    world.sandbox().advance(STEPS[0]);
    // The sandbox sends it by itself, and the merchant takes its time.
    world.books.has_begun().await;
    let mut delivered = pin!(world.sandbox().deliver_due());
    tokio::select! {
        biased;
        () = &mut delivered => panic!("the attempt is not over"),
        () = std::future::ready(()) => world.books.let_go(),
    }
    delivered.await;
    assert!(world.notification(id).acknowledged);
    world.assert_settled();
}

#[tokio::test]
async fn the_status_of_what_could_not_be_told_is_paid() {
    let world = plan(Resend::Fresh).start().await;
    world.books.be([Mood::Fails]);
    let va = world.created("INV-1", closed(11_500)).await;
    let paid = world.pay(&va.number(), rupiah(11_500)).await.unwrap();
    assert!(!paid.notification.unwrap().acknowledged);
    let status = world.client.status(&va).await.unwrap().value;
    let PaymentStatus::Paid {
        payment_request_id, ..
    } = status
    else {
        panic!("{status:?}")
    };
    let id = paid.payment.payment_request_id;
    assert_eq!(payment_request_id.unwrap().as_str(), id);
    world.advance(STEPS[0]).await;
    world.assert_settled();
}

#[tokio::test]
async fn a_merchant_on_the_machines_clock_lives_through_a_moved_day() {
    for resend in [Resend::Fresh, Resend::Identical] {
        let world = Plan::new()
            .sandbox(move |config| config.resend(resend).header_clock(HeaderClock::Machine))
            .endpoints(|builder| builder.clock(Arc::new(SystemClock)))
            .start()
            .await;
        world.books.be([Mood::Fails; 3]);
        let id = world.paid("INV-1").await.id;
        for step in STEPS {
            world.advance(step).await;
        }
        assert_eq!(statuses(&world.notification(id)), [500, 500, 500, 200]);
        let number = world.offered("OWN-1", closed(10_000)).await;
        world.pay(&number, rupiah(10_000)).await.unwrap();
        world.assert_settled();
    }
}
