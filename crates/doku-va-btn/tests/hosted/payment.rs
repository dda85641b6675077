//! Payment notifications: acknowledged when, and only when, the merchant has them.

use std::sync::Arc;
use std::time::Duration;

use doku_model::Operation;
use doku_va_btn::hosted::{Bounds, Event, Failure, Freshness};

use crate::support::{Behaviour, CLIENT_ID, HOUR, MERCHANT, PAYMENT, PAYMENT_PATH, Reply, World};

#[tokio::test]
async fn the_acknowledgement_echoes_what_was_told() {
    let world = World::new();
    let reply = world.acknowledges(&world.payment(PAYMENT).await).await;
    insta::assert_snapshot!(reply.shown());
    assert!(world.merchant.take_events().is_empty());
}

#[tokio::test]
async fn the_handler_gets_the_payment_and_the_proof() {
    let world = World::new();
    let call = world.payment(PAYMENT).await;
    world.acknowledges(&call).await;
    let paid = world.merchant.last_paid();
    assert_eq!(paid.paid_amount, "11500.00".parse().unwrap());
    assert_eq!(paid.trx_id.as_ref().unwrap().as_str(), "23219829713");
    assert_eq!(paid.virtual_account_no.digits(), "777770000000000001");
    assert_eq!(paid.key().number(), "777770000000000001");
    assert_eq!(paid.key().client_id().as_str(), CLIENT_ID);
    assert_eq!(paid.freshness(), Freshness::LiveBearer);
    assert!(paid.other_amounts().is_empty());
    let raw = paid.call();
    assert_eq!(raw.operation(), Operation::Payment);
    assert_eq!(raw.path(), PAYMENT_PATH);
    assert_eq!(raw.body(), PAYMENT);
    assert_eq!(raw.timestamp(), call.header("X-TIMESTAMP"));
    assert_eq!(raw.signature(), call.header("X-SIGNATURE"));
    assert_eq!(raw.unsigned_external_id(), Some("418075533589"));
    assert_eq!(raw.received_at(), crate::support::NOW);
}

#[tokio::test]
async fn two_payments_are_two_payments() {
    let world = World::new();
    for (from, to) in [
        ("x", "x"),
        ("12839218738127830", "12839218738127831"),
        ("23219829713", "23219829714"),
        ("777770000000000001", "777770000000000002"),
    ] {
        let body = PAYMENT.replace(from, to);
        world.acknowledges(&world.payment(&body).await).await;
        assert!(world.merchant.last_paid().other_amounts().is_empty());
    }
    assert_eq!(world.merchant.payments(), 4);
}

#[tokio::test]
async fn without_a_trx_id_it_is_known_by_its_number() {
    let world = World::new();
    let body = PAYMENT.replace(r#""trxId":"23219829713","#, "");
    for _ in 0..2 {
        world.acknowledges(&world.payment(&body).await).await;
    }
    let with_empty = PAYMENT.replace("23219829713", "");
    world.acknowledges(&world.payment(&with_empty).await).await;
    assert_eq!(world.merchant.payments(), 1);
    let paid = world.merchant.last_paid();
    assert_eq!(paid.trx_id, None);
    assert_eq!(paid.key().trx_id(), None);
    assert_eq!(paid.key().number(), "777770000000000001");
}

#[tokio::test(start_paused = true)]
async fn the_handler_goes_on_when_doku_hangs_up() {
    let world = World::new();
    world.merchant.behave([Behaviour::Wait]);
    let call = world.payment(PAYMENT).await;
    {
        let request = world.endpoints.payment(call.request());
        tokio::pin!(request);
        tokio::select! {
            _ = &mut request => panic!("answered before it was handled"),
            begun = world.merchant.begun.acquire() => begun.unwrap().forget(),
        }
        // Dropped here: the connection is gone.
    }
    world.merchant.gate.add_permits(1);
    world.merchant.finished.acquire().await.unwrap().forget();
    world.acknowledges(&call).await;
    assert_eq!(world.merchant.payments(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_repeat_after_hanging_up_waits_for_the_first() {
    let world = World::new();
    world.merchant.behave([Behaviour::Wait]);
    let call = world.payment(PAYMENT).await;
    {
        let request = world.endpoints.payment(call.request());
        tokio::pin!(request);
        tokio::select! {
            _ = &mut request => panic!("answered before it was handled"),
            begun = world.merchant.begun.acquire() => begun.unwrap().forget(),
        }
    }
    let repeat = world.endpoints.payment(call.request());
    tokio::pin!(repeat);
    tokio::select! {
        biased;
        _ = &mut repeat => panic!("answered before it was handled"),
        () = tokio::task::yield_now() => {}
    }
    world.merchant.gate.add_permits(1);
    assert_eq!(Reply::of(repeat.await).code(), "2002500");
    assert_eq!(world.merchant.payments(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_hangs_is_given_up_after_its_time() {
    let bounds = Bounds {
        payment: Duration::from_secs(7),
        ..Bounds::default()
    };
    let world = World::with(|builder| builder.bounds(bounds));
    world.merchant.behave([Behaviour::Hang]);
    let call = world.payment(PAYMENT).await;
    let begun = tokio::time::Instant::now();
    world.notify(&call).await.is_two_members("5042500");
    assert_eq!(begun.elapsed(), Duration::from_secs(7));
    let events = world.merchant.take_events();
    let [
        Event::NotAcknowledged {
            failure,
            notification,
        },
    ] = events.as_slice()
    else {
        panic!("{events:?}");
    };
    assert!(matches!(failure, Failure::TimedOut));
    assert_eq!(
        notification.key().payment_request_id().as_str(),
        "12839218738127830"
    );
}

#[tokio::test(start_paused = true)]
async fn what_failed_is_told_to_the_merchant_and_not_to_the_caller() {
    let world = World::new();
    world.merchant.behave([Behaviour::Fail]);
    let reply = world.notify(&world.payment(PAYMENT).await).await;
    reply.is_two_members("5002500");
    assert!(!reply.body.contains("database"));
    let events = world.merchant.take_events();
    let [Event::NotAcknowledged { failure, .. }] = events.as_slice() else {
        panic!("{events:?}");
    };
    assert_eq!(
        failure.to_string(),
        "the handler failed: the database is down"
    );
}

#[tokio::test]
async fn a_notification_is_accepted_with_our_bearer_up_to_a_day_late() {
    for (age, late) in [
        (Duration::from_secs(899), None),
        (Duration::from_secs(959), None),
        (Duration::from_secs(960), Some(60)),
        (12 * HOUR, Some(12 * 3600 - 900)),
        (24 * HOUR + Duration::from_secs(899), Some(24 * 3600 - 1)),
    ] {
        let world = World::new();
        let token = world.issued(&MERCHANT, Duration::from_secs(900));
        let call = world.signed(PAYMENT_PATH, PAYMENT.as_bytes(), &token);
        world.clock.advance(age);
        world.acknowledges(&call).await;
        let expected = late.map_or(Freshness::LiveBearer, |by| Freshness::LateBearer {
            by: Duration::from_secs(by),
        });
        assert_eq!(world.merchant.last_paid().freshness(), expected);
    }
}

#[tokio::test]
async fn a_bearer_that_is_remembered_grows_old_all_the_same() {
    let world = World::new();
    let token = world.issued(&MERCHANT, Duration::from_secs(900));
    let call = world.signed(PAYMENT_PATH, PAYMENT.as_bytes(), &token);
    world.acknowledges(&call).await;
    world.clock.advance(25 * HOUR);
    world.refuses_genuine(&call, "4012501").await;
}

#[test]
fn without_a_runtime_nothing_panics_and_nothing_is_lost() {
    use std::future::Future as _;
    let world = World::new();
    let token = world.issued(&MERCHANT, Duration::from_secs(900));
    let call = world.signed(PAYMENT_PATH, PAYMENT.as_bytes(), &token);
    let mut answer = Box::pin(world.endpoints.payment(call.request()));
    let waker = std::task::Waker::noop();
    let std::task::Poll::Ready(response) = answer
        .as_mut()
        .poll(&mut std::task::Context::from_waker(waker))
    else {
        panic!("it waits for a runtime that is not there");
    };
    Reply::of(response).is_two_members("5002500");
    drop(answer);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    runtime.block_on(world.acknowledges(&call));
}

#[test]
fn a_runtime_that_goes_away_does_not_hold_a_payment_for_ever() {
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap()
    };
    // A store that forgets claims: only the endpoints' own memory of flights is at stake here.
    let world = Arc::new(World::with(|builder| {
        builder.handled(crate::store::Forgetful)
    }));
    world.merchant.behave([Behaviour::Hang]);
    let token = world.issued(&MERCHANT, Duration::from_secs(900));
    let call = world.signed(PAYMENT_PATH, PAYMENT.as_bytes(), &token);
    let first = runtime();
    first.block_on(async {
        let world = Arc::clone(&world);
        let call = call.clone();
        tokio::spawn(async move { world.notify(&call).await });
        tokio::task::yield_now().await;
        tokio::task::yield_now().await;
    });
    drop(first);
    assert_eq!(world.merchant.payments(), 1);
    runtime().block_on(world.acknowledges(&call));
    assert_eq!(world.merchant.payments(), 2);
}

#[test]
fn the_endpoints_may_be_shared_between_threads() {
    fn is_shared<T: Send + Sync + Clone + 'static>(_: &T) {}
    fn is_sent<T: Send>(_: &T) {}
    let world = World::new();
    is_shared(&world.endpoints);
    let request = http::Request::new(bytes::Bytes::new());
    is_sent(&world.endpoints.answer(Operation::Payment, request));
}
