//! Many payers at once: two hundred of every mode on a bad day, and everything told twice.

use std::sync::Arc;

use doku_model::{Operation, PositiveAmount, VirtualAccountNo};
use doku_sandbox::{Fault, FaultKind};
use doku_va_btn::CreateVa;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::world::{MGPC, World, closed, name, rupiah};

const CROWD: usize = 200;
/// Payments at a time.
const ABREAST: usize = 24;
/// More rounds of repeating than this, and something is never acknowledged.
const ROUNDS: usize = 12;

/// A number for the `position`th payer, and what is to be paid: each another sum.
async fn number(world: &World, position: usize) -> (VirtualAccountNo, PositiveAmount) {
    let sum = 10_000 + position as u64;
    let trx_id = format!("INV-{position}");
    let number = match position % 3 {
        0 => world.created(&trx_id, closed(sum)).await.number(),
        1 => {
            let customer_no = format!("7{position:06}").parse().unwrap();
            let order = CreateVa::merchant_generated(
                customer_no,
                trx_id.parse().unwrap(),
                name(),
                closed(sum),
            );
            let order = order.under(MGPC.parse().unwrap());
            world.client.create(&order).await.unwrap().value.number()
        }
        _ => world.offered(&trx_id, closed(sum)).await,
    };
    (number, rupiah(sum))
}

/// Runs `work` for each of `items`, so many at a time.
async fn abreast<T, F>(items: Vec<T>, work: impl Fn(T) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let seats = Arc::new(Semaphore::new(ABREAST));
    let mut running = JoinSet::new();
    for item in items {
        let seat = Arc::clone(&seats).acquire_owned().await.unwrap();
        let work = work(item);
        running.spawn(async move {
            work.await;
            drop(seat);
        });
    }
    while let Some(ended) = running.join_next().await {
        ended.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_payments_on_a_bad_day_are_two_hundred_payments() {
    let world = Arc::new(World::start().await);
    let mut payers = Vec::new();
    for position in 0..CROWD {
        payers.push(number(&world, position).await);
    }
    // Three calls in ten or so meet one of these.
    for (seed, kind) in [
        FaultKind::DropBefore,
        FaultKind::DropAfter,
        FaultKind::Status {
            status: 503,
            after_work: true,
        },
        FaultKind::CutBody,
        FaultKind::BrokenSignature,
        FaultKind::Duplicate,
        FaultKind::OutOfOrder,
    ]
    .into_iter()
    .enumerate()
    {
        let fault = Fault::once(kind)
            .on(Operation::Payment)
            .by_chance(5, seed as u64);
        world.sandbox().fault(fault).unwrap();
    }

    abreast(payers, |(number, sum)| {
        let world = Arc::clone(&world);
        async move {
            world.pay(&number, sum).await.unwrap();
        }
    })
    .await;
    let failed = world.unacknowledged().len();
    assert!((CROWD / 10..CROWD / 2).contains(&failed), "{failed}");

    let mut rounds = 0;
    while !world.unacknowledged().is_empty() {
        rounds += 1;
        assert!(rounds <= ROUNDS, "{:?}", world.unacknowledged());
        abreast(world.unacknowledged(), |told| {
            let sandbox = world.sandbox().clone();
            async move {
                sandbox.resend(told.id).await.unwrap();
            }
        })
        .await;
    }
    assert_eq!(world.sandbox().notifications().len(), CROWD);
    assert_eq!(world.books.runs(), CROWD, "once for each payment");
    world.assert_settled();
    let total: u64 = world.books.lines().iter().map(|(.., sen)| sen).sum();
    let bank: u64 = (0..CROWD as u64)
        .map(|position| (10_000 + position) * 100)
        .sum();
    assert_eq!(total, bank);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_told_twice_at_once_and_again_at_once_is_handled_once() {
    const FEW: usize = 60;
    let world = Arc::new(World::start().await);
    let mut payers = Vec::new();
    for position in 0..FEW {
        payers.push(number(&world, position).await);
    }
    let twice = Fault::once(FaultKind::Duplicate).on(Operation::Payment);
    world.sandbox().fault(twice.times(3 * FEW as u32)).unwrap();
    abreast(payers, |(number, sum)| {
        let world = Arc::clone(&world);
        async move {
            let paid = world.pay(&number, sum).await.unwrap();
            let told = paid.notification.unwrap();
            let (one, other) = tokio::join!(
                world.sandbox().resend(told.id),
                world.sandbox().resend(told.id),
            );
            assert!(one.unwrap().acknowledged && other.unwrap().acknowledged);
        }
    })
    .await;
    assert_eq!(world.calls("payment").len(), 6 * FEW);
    assert_eq!(world.books.runs(), FEW);
    assert!(world.books.take_events().is_empty());
    world.assert_settled();
}
