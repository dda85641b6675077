//! Whatever faults come in whatever order: the money is right, no payment reaches the handler twice, and in the end DOKU has
//! nothing left to tell.

use doku_sandbox::{Fault, FaultKind, Resend};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::merchant::Mood;
use crate::world::{Plan, World, closed, minutes, rupiah};

fn kinds() -> impl Strategy<Value = FaultKind> {
    prop_oneof![
        Just(FaultKind::DropBefore),
        Just(FaultKind::DropAfter),
        Just(FaultKind::Delay { milliseconds: 1 }),
        (500_u16..=599, any::<bool>())
            .prop_map(|(status, after_work)| FaultKind::Status { status, after_work }),
        (200_u16..=599).prop_map(|status| FaultKind::Html { status }),
        Just(FaultKind::Conflict),
        Just(FaultKind::CutBody),
        Just(FaultKind::InvalidToken),
        Just(FaultKind::ExpiredToken),
        Just(FaultKind::Duplicate),
        Just(FaultKind::OutOfOrder),
        Just(FaultKind::BrokenSignature),
        Just(FaultKind::ReplayedSignature),
    ]
}

/// What happens at the counter, one after the other.
#[derive(Debug, Clone)]
enum Step {
    /// The next call to the merchant that can meet it meets this.
    Fault(FaultKind),
    /// The next time the merchant's handler runs, it fails.
    Failure,
    /// Somebody pays an account of DOKU's record.
    PayRecord,
    /// Somebody tries to pay a number of the merchant's own.
    PayDirect,
    /// Time passes.
    Wait(u64),
    /// Somebody asks for every notification again.
    ResendAll,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => kinds().prop_map(Step::Fault),
        1 => Just(Step::Failure),
        3 => Just(Step::PayRecord),
        2 => Just(Step::PayDirect),
        2 => (1_u64..8 * 60).prop_map(Step::Wait),
        1 => Just(Step::ResendAll),
    ];
    proptest::collection::vec(step, 4..14)
}

fn resends() -> impl Strategy<Value = Resend> {
    prop_oneof![Just(Resend::Fresh), Just(Resend::Identical)]
}

/// No payment was kept twice, and none that nobody made.
fn assert_once_each(world: &World, paid: usize) {
    let mut lines = world.books.lines();
    lines.dedup();
    assert_eq!(lines.len(), world.books.kept().len());
    assert!(lines.len() <= paid, "{lines:?}");
}

async fn live_through(steps: Vec<Step>, resend: Resend) {
    let world = Plan::new()
        .sandbox(move |config| config.resend(resend))
        .start()
        .await;
    let mut orders = 0;
    let mut paid = 0;
    for step in steps {
        orders += 1;
        match step {
            Step::Fault(kind) => {
                let fault = Fault::once(kind).to_merchant();
                world.sandbox().fault(fault).unwrap();
            }
            Step::Failure => world.books.be([Mood::Fails]),
            Step::PayRecord => {
                world.paid(&format!("INV-{orders}")).await;
                paid += 1;
            }
            Step::PayDirect => {
                let number = world.offered(&format!("OWN-{orders}"), closed(9_000)).await;
                // What is refused here is not paid; the merchant must not hear of it.
                paid += usize::from(world.pay(&number, rupiah(9_000)).await.is_ok());
            }
            Step::Wait(some) => world.advance(minutes(some)).await,
            Step::ResendAll => {
                for told in world.sandbox().notifications() {
                    world.sandbox().resend(told.id).await.unwrap();
                }
            }
        }
        assert_once_each(&world, paid);
    }
    world.sandbox().clear_faults();
    world.books.be_well();
    for told in world.unacknowledged() {
        world.sandbox().resend(told.id).await.unwrap();
    }
    // Byte for byte, what is older than a day is refused; that needs a fresh one, which this DOKU does not send.
    let too_old = |told: &doku_sandbox::Notification| {
        resend == Resend::Identical
            && told
                .attempts
                .last()
                .and_then(|last| last.response_code.as_deref())
                == Some("4012501")
    };
    let left = world.unacknowledged();
    assert!(left.iter().all(too_old), "{left:?}");
    assert_eq!(world.sandbox().notifications().len(), paid);
    assert_once_each(&world, paid);
    if left.is_empty() {
        world.assert_settled();
    }
}

fn cases() -> ProptestConfig {
    ProptestConfig {
        cases: 24,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(0x00D0_1C0B),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn whatever_goes_wrong_every_payment_is_told_once(steps in steps(), resend in resends()) {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
            .block_on(live_through(steps, resend));
    }
}
