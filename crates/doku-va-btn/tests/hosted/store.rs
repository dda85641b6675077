//! The store of handled notifications: its memory, its end, and what happens when it breaks.

use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use doku_model::PositiveAmount;
use doku_model::request::Payment;
use doku_model::wire::{self, PaymentRequest};
use doku_va_btn::hosted::{
    Claim, Event, Failure, HandledInMemory, HandledStore, PaymentKey, REMEMBERED, StoreError,
};

use crate::support::{HOUR, PAYMENT, World};

/// Lets everybody claim, and keeps nothing.
pub(crate) struct Forgetful;

#[async_trait]
impl HandledStore for Forgetful {
    async fn claim(&self, _: &PaymentKey, _: PositiveAmount) -> Result<Claim, StoreError> {
        Ok(Claim::New {
            other_amounts: Vec::new(),
        })
    }

    async fn complete(&self, _: &PaymentKey, _: PositiveAmount) -> Result<(), StoreError> {
        Ok(())
    }

    async fn release(&self, _: &PaymentKey, _: PositiveAmount) -> Result<(), StoreError> {
        Ok(())
    }
}

/// Breaks where it is told to, and notes what it is asked.
struct Broken {
    at: &'static str,
    how: How,
    asked: std::sync::Arc<Mutex<Vec<&'static str>>>,
}

#[derive(Clone, Copy)]
enum How {
    Fails,
    Panics,
    Hangs,
    Busy,
}

impl Broken {
    async fn step(&self, name: &'static str) -> Result<(), StoreError> {
        self.asked.lock().unwrap().push(name);
        if self.at != name {
            return Ok(());
        }
        match self.how {
            How::Fails => Err(StoreError::Failed("the disk is gone".into())),
            How::Panics => panic!("a bug of the store's"),
            How::Hangs => std::future::pending().await,
            How::Busy => Ok(()),
        }
    }
}

#[async_trait]
impl HandledStore for Broken {
    async fn claim(&self, _: &PaymentKey, _: PositiveAmount) -> Result<Claim, StoreError> {
        self.step("claim").await?;
        Ok(match self.how {
            How::Busy => Claim::Busy,
            _ => Claim::New {
                other_amounts: Vec::new(),
            },
        })
    }

    async fn complete(&self, _: &PaymentKey, _: PositiveAmount) -> Result<(), StoreError> {
        self.step("complete").await
    }

    async fn release(&self, _: &PaymentKey, _: PositiveAmount) -> Result<(), StoreError> {
        self.step("release").await
    }
}

fn key(number: u64) -> PaymentKey {
    let body = format!(
        r#"{{"virtualAccountNo":"777770001","paymentRequestId":"P{number}","paidAmount":{{"value":"1.00"}}}}"#
    );
    let wire: PaymentRequest<'_> = wire::decode(body.as_bytes()).unwrap();
    let payment = Payment::try_from(&wire).unwrap();
    PaymentKey::of(&"BRN-1".parse().unwrap(), &payment)
}

fn amount(rupiah: u64) -> PositiveAmount {
    PositiveAmount::rupiah(rupiah).unwrap()
}

fn new() -> Claim {
    Claim::New {
        other_amounts: Vec::new(),
    }
}

#[tokio::test(start_paused = true)]
async fn a_claim_is_held_until_it_is_released() {
    let store = HandledInMemory::new();
    assert_eq!(store.claim(&key(1), amount(1)).await.unwrap(), new());
    assert_eq!(store.claim(&key(1), amount(1)).await.unwrap(), Claim::Busy);
    store.release(&key(1), amount(1)).await.unwrap();
    assert_eq!(store.claim(&key(1), amount(1)).await.unwrap(), new());
    store.complete(&key(1), amount(1)).await.unwrap();
    assert_eq!(
        store.claim(&key(1), amount(1)).await.unwrap(),
        Claim::Handled
    );
    // Too late for that.
    store.release(&key(1), amount(1)).await.unwrap();
    assert_eq!(
        store.claim(&key(1), amount(1)).await.unwrap(),
        Claim::Handled
    );
}

#[tokio::test(start_paused = true)]
async fn it_remembers_for_37_hours_and_not_a_second_less() {
    assert_eq!(REMEMBERED, 37 * HOUR);
    let store = HandledInMemory::with_capacity(1);
    store.claim(&key(1), amount(1)).await.unwrap();
    store.complete(&key(1), amount(1)).await.unwrap();
    tokio::time::advance(REMEMBERED - Duration::from_secs(1)).await;
    assert!(matches!(
        store.claim(&key(2), amount(1)).await,
        Err(StoreError::Full { capacity: 1 })
    ));
    tokio::time::advance(Duration::from_secs(1)).await;
    assert_eq!(store.claim(&key(2), amount(1)).await.unwrap(), new());
}

#[tokio::test(start_paused = true)]
async fn it_remembers_for_as_long_after_each_repeat() {
    let store = HandledInMemory::with_capacity(2);
    for number in [1, 2] {
        store.claim(&key(number), amount(1)).await.unwrap();
        store.complete(&key(number), amount(1)).await.unwrap();
    }
    for _ in 0..3 {
        tokio::time::advance(REMEMBERED - Duration::from_secs(1)).await;
        let again = store.claim(&key(1), amount(1)).await.unwrap();
        assert_eq!(again, Claim::Handled);
    }
    // The other one was told once, and has made room.
    assert_eq!(store.claim(&key(3), amount(1)).await.unwrap(), new());
    tokio::time::advance(REMEMBERED).await;
    assert_eq!(store.claim(&key(1), amount(1)).await.unwrap(), new());
}

#[tokio::test(start_paused = true)]
async fn what_is_being_handled_is_never_forgotten() {
    let store = HandledInMemory::with_capacity(1);
    store.claim(&key(1), amount(1)).await.unwrap();
    tokio::time::advance(1_000 * HOUR).await;
    assert_eq!(store.claim(&key(1), amount(1)).await.unwrap(), Claim::Busy);
    assert!(store.claim(&key(2), amount(1)).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn the_same_key_with_other_money_is_another_claim_and_is_told_so() {
    let store = HandledInMemory::new();
    store.claim(&key(1), amount(1)).await.unwrap();
    store.complete(&key(1), amount(1)).await.unwrap();
    store.claim(&key(1), amount(2)).await.unwrap();
    let Claim::New { other_amounts } = store.claim(&key(1), amount(3)).await.unwrap() else {
        panic!("it is new");
    };
    assert_eq!(other_amounts, [amount(1), amount(2)]);
    store.release(&key(1), amount(2)).await.unwrap();
    let Claim::New { other_amounts } = store.claim(&key(1), amount(2)).await.unwrap() else {
        panic!("it is new again");
    };
    assert_eq!(other_amounts, [amount(1), amount(3)]);
}

#[tokio::test(start_paused = true)]
async fn a_full_store_answers_5xx_and_still_knows_what_it_knew() {
    let world = World::with(|builder| builder.handled(HandledInMemory::with_capacity(2)));
    let payment = |number: u32| PAYMENT.replace("23219829713", &format!("INV-{number}"));
    for number in [1, 2] {
        let call = world.payment(&payment(number)).await;
        world.acknowledges(&call).await;
    }
    let third = world.payment(&payment(3)).await;
    world.notify(&third).await.is_two_members("5002500");
    let events = world.merchant.take_events();
    let [Event::NotAcknowledged { failure, .. }] = events.as_slice() else {
        panic!("{events:?}");
    };
    assert!(matches!(
        failure,
        Failure::Store(StoreError::Full { capacity: 2 })
    ));
    assert_eq!(world.merchant.payments(), 2);

    let first = world.payment(&payment(1)).await;
    world.acknowledges(&first).await;
    assert_eq!(world.merchant.payments(), 2);

    tokio::time::advance(REMEMBERED).await;
    world.acknowledges(&third).await;
    assert_eq!(world.merchant.payments(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_notification_is_remembered_for_as_long_as_it_could_be_replayed() {
    // Captured when its bearer was new, handled at once, replayed as late as its bearer lets it.
    let last_moment = 24 * HOUR + Duration::from_secs(899);
    let world = World::new();
    let call = world.payment(PAYMENT).await;
    world.acknowledges(&call).await;
    tokio::time::advance(last_moment).await;
    world.clock.advance(last_moment);
    world.acknowledges(&call).await;
    assert_eq!(world.merchant.payments(), 1);
    world.clock.advance(Duration::from_secs(1));
    world.refuses_genuine(&call, "4012501").await;
}

/// What is answered, how often the handler ran, what the store was asked, and the events.
async fn with_broken(at: &'static str, how: How) -> (String, usize, Vec<&'static str>, Vec<Event>) {
    let asked = std::sync::Arc::default();
    let store = Broken {
        at,
        how,
        asked: std::sync::Arc::clone(&asked),
    };
    let world = World::with(|builder| builder.handled(store));
    let code = world.notify(&world.payment(PAYMENT).await).await.code();
    let asked = asked.lock().unwrap().clone();
    (
        code,
        world.merchant.payments(),
        asked,
        world.merchant.take_events(),
    )
}

#[tokio::test(start_paused = true)]
async fn a_store_that_cannot_say_keeps_the_handler_from_running() {
    for (how, code, expected) in [
        (How::Fails, "5002500", &["claim"][..]),
        (How::Busy, "5002500", &["claim"]),
        // It may have claimed before it broke.
        (How::Panics, "5002500", &["claim", "release"]),
        (How::Hangs, "5042500", &["claim", "release"]),
    ] {
        let (answered, payments, asked, events) = with_broken("claim", how).await;
        assert_eq!(answered, code);
        assert_eq!(payments, 0);
        assert_eq!(asked, expected);
        assert!(
            matches!(events.as_slice(), [Event::NotAcknowledged { .. }]),
            "{events:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_merchant_has_is_acknowledged_even_if_the_store_does_not_note_it() {
    for how in [How::Fails, How::Panics, How::Hangs] {
        let (answered, payments, asked, events) = with_broken("complete", how).await;
        assert_eq!(answered, "2002500");
        assert_eq!(payments, 1);
        assert_eq!(asked, ["claim", "complete"]);
        assert!(
            matches!(events.as_slice(), [Event::NotRecorded { .. }]),
            "{events:?}"
        );
    }
}
