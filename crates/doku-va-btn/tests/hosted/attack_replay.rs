//! The same notification again: captured and replayed by somebody, or sent again by DOKU, which is the same to us.

use std::sync::Arc;
use std::time::Duration;

use doku_sign::AccessToken;
use doku_va_btn::hosted::Event;
use doku_va_btn::{HostedDialect, TokenSlots};

use crate::support::{
    Behaviour, HOUR, INQUIRY, INQUIRY_PATH, MINUTE, PAYMENT, PAYMENT_PATH, World,
};

#[tokio::test(start_paused = true)]
async fn one_after_the_other() {
    let world = World::new();
    let call = world.payment(PAYMENT).await;
    let first = world.acknowledges(&call).await;
    for _ in 0..5 {
        world.clock.advance(MINUTE);
        let again = world.acknowledges(&call).await;
        assert_eq!(again.body, first.body);
    }
    assert_eq!(world.merchant.payments(), 1);
}

#[tokio::test(start_paused = true)]
async fn signed_anew_with_another_token() {
    let world = World::new();
    let first = world.acknowledges(&world.payment(PAYMENT).await).await;
    world.clock.advance(6 * HOUR);
    let again = world.acknowledges(&world.payment(PAYMENT).await).await;
    assert_eq!(again.body, first.body);
    assert_eq!(world.merchant.payments(), 1);
}

#[tokio::test(start_paused = true)]
async fn with_other_unsigned_headers() {
    let world = World::new();
    let call = world.payment(PAYMENT).await;
    let first = world.acknowledges(&call).await;
    for changed in [
        call.clone().with("X-EXTERNAL-ID", "999"),
        call.clone().without("X-EXTERNAL-ID"),
        call.clone().and("X-EXTERNAL-ID", "another one"),
        call.clone().with("X-EXTERNAL-ID", b"\xFF".to_vec()),
        call.clone().with("X-EXTERNAL-ID", "9".repeat(20_000)),
        call.clone().with("X-PARTNER-ID", "BRN-SOMEBODY-ELSE"),
        call.clone().without("X-PARTNER-ID"),
        call.clone().with("CHANNEL-ID", "whatever"),
        call.clone().without("CHANNEL-ID"),
        call.clone().without("Content-Type"),
    ] {
        let again = world.acknowledges(&changed).await;
        assert_eq!(again.body, first.body);
    }
    assert_eq!(world.merchant.payments(), 1);
}

#[tokio::test(start_paused = true)]
async fn with_the_number_padded_otherwise() {
    let world = World::new();
    world.acknowledges(&world.payment(PAYMENT).await).await;
    for number in ["777770000000000001", "000777770000000000001"] {
        let body = PAYMENT.replace("   777770000000000001", number);
        let reply = world.acknowledges(&world.payment(&body).await).await;
        assert_eq!(
            reply.json()["virtualAccountData"]["virtualAccountNo"],
            number
        );
    }
    assert_eq!(world.merchant.payments(), 1);
}

#[tokio::test(start_paused = true)]
async fn at_the_same_time() {
    let world = Arc::new(World::new());
    world.merchant.behave([Behaviour::Wait]);
    let call = world.payment(PAYMENT).await;
    let calls: Vec<_> = (0..50)
        .map(|number| {
            let world = Arc::clone(&world);
            let call = call.clone().with("X-EXTERNAL-ID", format!("{number}"));
            tokio::spawn(async move { world.notify(&call).await })
        })
        .collect();
    world.merchant.begun.acquire().await.unwrap().forget();
    tokio::task::yield_now().await;
    assert!(
        calls.iter().all(|call| !call.is_finished()),
        "nobody is told before it is done"
    );
    world.merchant.gate.add_permits(1);
    let mut bodies = Vec::new();
    for call in calls {
        let reply = call.await.unwrap();
        assert_eq!(reply.code(), "2002500");
        bodies.push(reply.body);
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "all hear the same");
    assert_eq!(world.merchant.payments(), 1);
}

/// One call is being handled when another arrives; both hear the outcome of that one run.
async fn second_while_first(behaviour: Behaviour, code: &str) {
    let world = Arc::new(World::new());
    world.merchant.behave([behaviour]);
    let call = world.payment(PAYMENT).await;
    let notify = || {
        let world = Arc::clone(&world);
        let call = call.clone();
        tokio::spawn(async move { world.notify(&call).await.code() })
    };
    let first = notify();
    world.merchant.begun.acquire().await.unwrap().forget();
    let second = notify();
    tokio::task::yield_now().await;
    assert!(!second.is_finished());
    world.merchant.gate.add_permits(1);
    assert_eq!(first.await.unwrap(), code);
    assert_eq!(second.await.unwrap(), code);
    assert_eq!(world.merchant.payments(), 1);
}

#[tokio::test(start_paused = true)]
async fn while_the_first_is_running() {
    second_while_first(Behaviour::Wait, "2002500").await;
}

#[tokio::test(start_paused = true)]
async fn while_the_first_is_running_and_then_fails() {
    second_while_first(Behaviour::WaitThenFail, "5002500").await;
}

#[tokio::test(start_paused = true)]
async fn while_the_first_is_running_and_then_hangs() {
    let world = Arc::new(World::new());
    world.merchant.behave([Behaviour::Hang]);
    let call = world.payment(PAYMENT).await;
    let notify = || {
        let world = Arc::clone(&world);
        let call = call.clone();
        tokio::spawn(async move { world.notify(&call).await.code() })
    };
    let (first, second) = (notify(), notify());
    assert_eq!(first.await.unwrap(), "5042500");
    assert_eq!(second.await.unwrap(), "5042500");
    assert_eq!(world.merchant.payments(), 1);
}

#[tokio::test(start_paused = true)]
async fn after_the_first_failed() {
    for (behaviour, code) in [
        (Behaviour::Fail, "5002500"),
        (Behaviour::Panic, "5002500"),
        (Behaviour::Hang, "5042500"),
    ] {
        let world = World::new();
        world.merchant.behave([behaviour]);
        let call = world.payment(PAYMENT).await;
        world.notify(&call).await.is_two_members(code);
        let events = world.merchant.take_events();
        assert!(
            matches!(events.as_slice(), [Event::NotAcknowledged { .. }]),
            "{events:?}"
        );
        world.acknowledges(&call).await;
        world.acknowledges(&call).await;
        assert_eq!(world.merchant.payments(), 2, "once in vain, once for good");
    }
}

#[tokio::test(start_paused = true)]
async fn with_other_money_it_is_no_replay() {
    let world = World::new();
    world.acknowledges(&world.payment(PAYMENT).await).await;
    let other = PAYMENT.replace("11500.00", "12500.00");
    let call = world.payment(&other).await;
    world.acknowledges(&call).await;
    let flagged = world.merchant.last_paid();
    assert_eq!(flagged.other_amounts(), ["11500.00".parse().unwrap()]);
    assert_eq!(flagged.paid_amount, "12500.00".parse().unwrap());
    let events = world.merchant.take_events();
    assert!(
        matches!(events.as_slice(), [Event::OtherMoney(_)]),
        "{events:?}"
    );

    // And repeats of either one reach nobody.
    world.acknowledges(&call).await;
    world.acknowledges(&world.payment(PAYMENT).await).await;
    assert_eq!(world.merchant.payments(), 2);
}

#[tokio::test(start_paused = true)]
async fn of_a_resend_as_late_as_its_own_bearer_allows() {
    for resends in [1, 2] {
        let world = World::new();
        world.acknowledges(&world.payment(PAYMENT).await).await;
        let mut captured = None;
        for _ in 0..resends {
            tokio::time::advance(12 * HOUR).await;
            world.clock.advance(12 * HOUR);
            let resend = world.payment(PAYMENT).await;
            // One by hand, after the last by itself, is of use only if it arrived.
            if resends == 2 {
                world.acknowledges(&resend).await;
            }
            captured = Some(resend);
        }
        let last_moment = 24 * HOUR + Duration::from_secs(899);
        tokio::time::advance(last_moment).await;
        world.clock.advance(last_moment);
        world.acknowledges(&captured.unwrap()).await;
        assert_eq!(world.merchant.payments(), 1, "{resends}");
    }
}

#[tokio::test(start_paused = true)]
async fn of_an_old_call_with_a_live_bearer_that_its_signature_does_not_cover() {
    let token_slots = TokenSlots {
        empty: true,
        ..TokenSlots::default()
    };
    let dialect = HostedDialect {
        token_slots,
        ..HostedDialect::default()
    };
    let world = World::with(|builder| {
        builder
            .dialect(dialect)
            .merchant_tokens(|| vec![AccessToken::new("the merchant's own")])
    });
    for slot in ["", "the merchant's own"] {
        let told = world.signed(PAYMENT_PATH, PAYMENT.as_bytes(), slot);
        let asked = world.signed(INQUIRY_PATH, INQUIRY.as_bytes(), slot);
        world.clock.advance(100 * HOUR);
        let live = format!("Bearer {}", world.token().await);
        let told = told.with("Authorization", live.as_str());
        let asked = asked.with("Authorization", live.as_str());
        world.refuses_genuine(&told, "4012500").await;
        world.refuses_inquiry(&asked, "4012400").await;
    }
}

#[tokio::test(start_paused = true)]
async fn of_an_inquiry_is_answered_afresh() {
    let world = World::new();
    let call = world.inquiry(INQUIRY).await;
    for asked in 1..=3 {
        assert_eq!(world.ask(&call).await.code(), "2002400");
        assert_eq!(world.merchant.inquiries(), asked);
    }
    // With the life of its bearer it ends.
    world.clock.advance(16 * MINUTE);
    world.refuses_inquiry(&call, "4012401").await;
}
