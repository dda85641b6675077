//! Calls that are worked on twice, or after the one behind them.

use std::time::Duration;

use doku_model::Operation;
use doku_sandbox::{Fault, FaultKind, Verdict};

use crate::support::{Call, World, create, create_own};

const CREATE: Operation = Operation::CreateVa;

/// How long a call is held where no other one comes.
const HELD: Duration = Duration::from_secs(2);

/// A create of its own.
async fn order(world: &World, trx_id: &str) -> Call {
    let token = world.token().await;
    let customer_no = trx_id.trim_start_matches("INV-");
    let body = create_own(trx_id, customer_no).to_string();
    world.signed(CREATE, body.as_bytes(), &token)
}

fn meets(world: &World, kind: FaultKind, count: u32) {
    let fault = Fault::once(kind).on(CREATE).times(count);
    world.sandbox().fault(fault).unwrap();
}

fn trx_ids(world: &World) -> Vec<String> {
    let accounts = world.sandbox().virtual_accounts();
    accounts.into_iter().map(|account| account.trx_id).collect()
}

/// Lets the timer run on at once, instead of waiting for it.
async fn let_pass(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

#[tokio::test]
async fn a_call_that_arrives_twice_makes_one_account_and_is_answered_as_a_repetition() {
    let world = World::start().await;
    let call = order(&world, "INV-1").await;
    meets(&world, FaultKind::Duplicate, 1);
    let reply = world.send(&call).await.unwrap();
    assert_eq!((reply.status, reply.code().as_str()), (409, "2002700"));
    assert_eq!(trx_ids(&world), ["INV-1"]);
    let [first, second] = &world.faulted_entries()[..] else {
        panic!("worked on twice, written down twice");
    };
    assert_eq!(
        (first.verdict, first.status, first.fault),
        (Verdict::Faulted, 0, Some("duplicate"))
    );
    assert!(first.reason.as_ref().unwrap().contains("went nowhere"));
    assert_eq!(
        (second.verdict, second.status, second.fault),
        (Verdict::Repeated, 409, Some("duplicate"))
    );
}

#[tokio::test]
async fn a_token_request_that_arrives_twice_brings_a_token_that_lives() {
    let world = World::start().await;
    let fault = Fault::once(FaultKind::Duplicate).on(Operation::Token);
    world.sandbox().fault(fault).unwrap();
    assert_eq!(world.call(CREATE, &create("INV-1")).await.code(), "2002700");
    assert_eq!(world.faulted_entries().len(), 2);
}

#[tokio::test]
async fn held_calls_are_worked_on_and_answered_after_the_next_one_in_reverse() {
    let world = World::start().await;
    let calls = [
        order(&world, "INV-1").await,
        order(&world, "INV-2").await,
        order(&world, "INV-3").await,
    ];
    meets(&world, FaultKind::OutOfOrder, 1);
    let sent = async |position: usize| {
        let reply = world.send(&calls[position]).await.unwrap();
        assert_eq!((reply.status, reply.code().as_str()), (200, "2002700"));
    };
    let behind = async {
        world.faults_are_met().await;
        meets(&world, FaultKind::OutOfOrder, 1);
        let next = async {
            world.faults_are_met().await;
            sent(2).await;
        };
        tokio::join!(sent(1), next);
    };
    tokio::join!(sent(0), behind);
    assert_eq!(trx_ids(&world), ["INV-3", "INV-2", "INV-1"]);
    // The journal is written as answers are sent, so that they are sent in the same order.
    let entries = world.faulted_entries();
    assert!(entries[0].body.contains("INV-2") && entries[1].body.contains("INV-1"));
    for entry in entries {
        assert_eq!(
            (entry.verdict, entry.status, entry.fault),
            (Verdict::Faulted, 200, Some("outOfOrder"))
        );
        let reason = entry.reason.unwrap();
        assert!(reason.contains("a later call was worked on"), "{reason}");
    }
}

#[tokio::test]
async fn any_call_lets_a_held_one_go() {
    let world = World::start().await;
    let call = order(&world, "INV-1").await;
    meets(&world, FaultKind::OutOfOrder, 1);
    let another = async {
        world.faults_are_met().await;
        world.token().await
    };
    let (reply, _) = tokio::join!(world.send(&call), another);
    assert_eq!(reply.unwrap().code(), "2002700");
}

#[tokio::test]
async fn without_a_next_call_a_held_one_goes_after_two_seconds() {
    let world = World::start().await;
    let call = order(&world, "INV-1").await;
    meets(&world, FaultKind::OutOfOrder, 1);
    let time = async {
        world.faults_are_met().await;
        let_pass(HELD - Duration::from_millis(100)).await;
        assert!(world.faulted_entries().is_empty(), "it is still held");
        let_pass(Duration::from_millis(100)).await;
    };
    let (reply, ()) = tokio::join!(world.send(&call), time);
    assert_eq!(reply.unwrap().code(), "2002700");
    let reason = world.last_entry().reason.unwrap();
    assert!(reason.contains("no later call came"), "{reason}");
}

#[tokio::test]
async fn a_held_call_is_worked_on_although_its_caller_has_gone() {
    let world = World::start().await;
    let call = order(&world, "INV-1").await;
    meets(&world, FaultKind::OutOfOrder, 1);
    tokio::select! {
        answer = world.send(&call) => panic!("it is held: {answer:?}"),
        () = world.faults_are_met() => {}
    }
    assert!(trx_ids(&world).is_empty());
    // The same call again is the next one: it is done, and the one before it repeats it.
    let reply = world.send(&call).await.unwrap();
    assert_eq!((reply.status, reply.code().as_str()), (200, "2002700"));
    while world.faulted_entries().is_empty() {
        tokio::task::yield_now().await;
    }
    let late = world.last_entry();
    assert_eq!((late.status, late.fault), (409, Some("outOfOrder")));
    assert_eq!(trx_ids(&world), ["INV-1"]);
}

#[tokio::test]
async fn a_reset_forgets_who_is_held() {
    let world = World::start().await;
    let call = order(&world, "INV-1").await;
    meets(&world, FaultKind::OutOfOrder, 1);
    let reset = async {
        world.faults_are_met().await;
        world.sandbox().reset();
    };
    let (reply, ()) = tokio::join!(world.send(&call), reset);
    assert!(reply.unwrap_err().received.is_empty());
    assert!(trx_ids(&world).is_empty());
    assert!(world.sandbox().journal(0).is_empty());
}
