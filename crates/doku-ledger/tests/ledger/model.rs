//! Anything, in any order: what must hold of a ledger whatever happens to it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use doku_ledger::account::{Account, State};
use doku_ledger::intent::{Done, Resolution};
use doku_ledger::outbox::{Event, EventKind};
use doku_ledger::payment::{Payment, Source, Verdict};
use doku_ledger::{Cursor, Error};
use doku_model::{Bill, Limits};
use doku_va_btn::{Change, CreateVa};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::support::{Mishap, Pay, Site, World};

const ORDERS: usize = 3;
const AMOUNTS: [&str; 3] = ["11500.00", "12000.00", "12500.50"];

/// Something that happens.
#[derive(Debug, Clone)]
enum Step {
    Create(usize, usize, Option<Mishap>),
    /// DOKU tells of a payment: order, id, amount, whether it names the order.
    Pay(usize, usize, usize, bool),
    /// DOKU tells again what it told before.
    Repeat(usize),
    Update(usize, usize, Option<Mishap>),
    Delete(usize, Option<Mishap>),
    /// Check status finds the order paid.
    Found(usize, usize),
    Check(usize),
    /// A create is recorded, perhaps sent, and its process dies.
    Die(usize, usize, bool),
    Restart,
    Later(u64),
    Recover,
    /// A person looks into the back office, and says what is there.
    Resolve(usize),
    GiveUp(usize),
}

fn mishap() -> impl Strategy<Value = Option<Mishap>> {
    prop_oneof![
        4 => Just(None),
        1 => Just(Some(Mishap::LosesRequest)),
        1 => Just(Some(Mishap::LosesAnswer)),
        1 => Just(Some(Mishap::Refuses)),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let order = 0..ORDERS;
    let amount = 0..AMOUNTS.len();
    prop_oneof![
        4 => (order.clone(), amount.clone(), mishap()).prop_map(|(order, amount, mishap)| Step::Create(order, amount, mishap)),
        6 => (order.clone(), 0_usize..4, amount.clone(), prop::bool::weighted(0.8))
            .prop_map(|(order, id, amount, named)| Step::Pay(order, id, amount, named)),
        3 => any::<prop::sample::Index>().prop_map(|index| Step::Repeat(index.index(1000))),
        2 => (order.clone(), amount.clone(), mishap()).prop_map(|(order, amount, mishap)| Step::Update(order, amount, mishap)),
        1 => (order.clone(), mishap()).prop_map(|(order, mishap)| Step::Delete(order, mishap)),
        1 => (order.clone(), amount.clone()).prop_map(|(order, amount)| Step::Found(order, amount)),
        2 => order.clone().prop_map(Step::Check),
        1 => (order.clone(), amount, any::<bool>()).prop_map(|(order, amount, sent)| Step::Die(order, amount, sent)),
        1 => Just(Step::Restart),
        2 => prop_oneof![3 => 1_u64..40_000, 1 => Just(86_400)].prop_map(Step::Later),
        2 => Just(Step::Recover),
        1 => order.clone().prop_map(Step::Resolve),
        1 => order.prop_map(Step::GiveUp),
    ]
}

/// What a test remembers: no more than what was told and asked for.
#[derive(Default)]
struct Memory {
    told: Vec<Pay>,
    /// Everything that was ever asked for, by order.
    asked: BTreeMap<String, BTreeSet<String>>,
}

/// The last order is a top-up: open, and payable any number of times.
const TOP_UP: usize = ORDERS - 1;

fn order(place: usize, amount: usize) -> CreateVa {
    if place == TOP_UP {
        World::top_up(&name(place))
    } else {
        World::order(&name(place), AMOUNTS[amount])
    }
}

fn name(order: usize) -> String {
    format!("INV-{order}")
}

impl Memory {
    async fn run(&mut self, world: &mut World, step: &Step) {
        match step {
            Step::Create(place, amount, mishap) => {
                let trx_id = name(*place);
                let order = order(*place, *amount);
                if world
                    .ledger
                    .account(&trx_id.parse().unwrap())
                    .await
                    .unwrap()
                    .is_none_or(|known| known.state == State::Refused)
                {
                    self.asks(&trx_id, *amount);
                    world.doku_will(*mishap);
                }
                match world.ledger.create(&world.client, &order, None).await {
                    Ok(_) | Err(Error::TrxIdTaken { .. }) => {}
                    Err(error) => panic!("{error}"),
                }
            }
            Step::Pay(order, id, amount, named) => {
                let trx_id = name(*order);
                let number = world
                    .doku
                    .number(&trx_id)
                    .unwrap_or("95962699999999".to_owned());
                let mut pay = Pay::new(&number, &trx_id, &format!("P-{id}"), AMOUNTS[*amount]);
                if !named {
                    pay = pay.without_trx_id();
                }
                self.tells(world, pay).await;
            }
            Step::Repeat(index) => {
                if let Some(pay) = self.told.get(index % self.told.len().max(1)).cloned() {
                    let before = world.payments().await.len();
                    world.acknowledges(&pay).await;
                    assert_eq!(
                        world.payments().await.len(),
                        before,
                        "a repeat is no payment"
                    );
                }
            }
            Step::Update(order, amount, mishap) => {
                let trx_id = name(*order);
                let bill = if *order == TOP_UP {
                    Bill::Open(Some(Limits::at_least(AMOUNTS[*amount].parse().unwrap())))
                } else {
                    Bill::Closed(AMOUNTS[*amount].parse().unwrap())
                };
                let known = world
                    .ledger
                    .account(&trx_id.parse().unwrap())
                    .await
                    .unwrap();
                let refused = *mishap == Some(Mishap::Refuses);
                if !refused && known.is_some_and(|known| known.state.is_changeable()) {
                    self.asks(&trx_id, *amount);
                }
                world.doku_will(*mishap);
                let update = Change::new().bill(bill);
                let updated = world
                    .ledger
                    .update(&world.client, &trx_id.parse().unwrap(), &update)
                    .await;
                not_after_it_was_begun(updated);
                world.doku.forgives();
            }
            Step::Delete(order, mishap) => {
                world.doku_will(*mishap);
                let deleted = world
                    .ledger
                    .delete(&world.client, &name(*order).parse().unwrap())
                    .await;
                not_after_it_was_begun(deleted);
                world.doku.forgives();
            }
            Step::Found(order, amount) => {
                world
                    .doku
                    .says(&name(*order), "Paid", Some(AMOUNTS[*amount]), None);
            }
            Step::Check(order) => {
                let _ = world.worker().check(&name(*order).parse().unwrap()).await;
            }
            Step::Die(place, amount, sent) => {
                let trx_id = name(*place);
                let prepared = world.client.prepare(&order(*place, *amount)).unwrap();
                if world
                    .ledger
                    .begin_create(prepared.clone(), None)
                    .await
                    .is_ok()
                {
                    self.asks(&trx_id, *amount);
                    if *sent {
                        world.client.send(&prepared).await.unwrap();
                    }
                    world.restart().await;
                }
            }
            Step::Restart => world.restart().await,
            Step::Later(seconds) => world.clock.advance(Duration::from_secs(*seconds)),
            Step::Recover => {
                for recovered in world.ledger.recover(&world.client, 10).await.unwrap() {
                    recovered.done.unwrap();
                }
            }
            Step::Resolve(order) => {
                let trx_id = name(*order);
                let resolution = match world.doku.number(&trx_id) {
                    Some(number) => Resolution::MadeAs(number.parse().unwrap()),
                    None => Resolution::NeverMade("it is not there".to_owned()),
                };
                let resolved = world
                    .ledger
                    .resolve_create(&trx_id.parse().unwrap(), resolution)
                    .await;
                if let Err(error) = resolved {
                    assert!(may_be_refused(&error), "{error}");
                }
            }
            Step::GiveUp(order) => {
                let trx_id = name(*order).parse().unwrap();
                let given_up = world.ledger.give_up_change(&trx_id, String::new()).await;
                if let Err(error) = given_up {
                    assert!(may_be_refused(&error), "{error}");
                }
            }
        }
    }

    fn asks(&mut self, trx_id: &str, amount: usize) {
        let asked = self.asked.entry(trx_id.to_owned()).or_default();
        asked.insert(AMOUNTS[amount].to_owned());
    }

    /// A payment of what is asked for now makes the account paid, whatever state it is in.
    async fn tells(&mut self, world: &World, pay: Pay) {
        let known = match &pay.trx_id {
            Some(trx_id) => world
                .ledger
                .account(&trx_id.parse().unwrap())
                .await
                .unwrap(),
            None => None,
        };
        let fresh = !self.told.iter().any(|told| {
            (&told.number, &told.trx_id, &told.id) == (&pay.number, &pay.trx_id, &pay.id)
        });
        world.acknowledges(&pay).await;
        self.told.push(pay.clone());
        let Some(known) = known else { return };
        let satisfies = known.bill.accepts(pay.amount.parse().unwrap());
        let right_number = known
            .number
            .as_deref()
            .is_none_or(|number| number == pay.number);
        if fresh && satisfies && right_number {
            let after = world.known(known.trx_id.as_str()).await;
            if known.reusable {
                assert_eq!(after.payments, known.payments + 1, "{pay:?}");
            } else {
                assert_eq!(after.state, State::Paid, "{pay:?}");
            }
        }
    }

    async fn holds(&self, world: &World) {
        let payments = world.payments().await;
        let events = world.events().await;
        self.every_payment_is_kept_once(&payments);
        for order in 0..ORDERS {
            let trx_id = name(order);
            assert!(
                world.doku.accounts(&trx_id) <= 1,
                "{trx_id} has two accounts"
            );
            if let Some(account) = world
                .ledger
                .account(&trx_id.parse().unwrap())
                .await
                .unwrap()
            {
                self.money_is_right(&account, &payments);
                events_tell_the_state(&account, &events);
            }
        }
        events_tell_every_payment(&payments, &events);
        pages_show_it_all(world, &events).await;
    }

    fn every_payment_is_kept_once(&self, payments: &[Payment]) {
        let key = |number: &str, trx_id: Option<&str>, id: &str, amount: &str| {
            (
                number.to_owned(),
                trx_id.unwrap_or_default().to_owned(),
                id.to_owned(),
                amount.to_owned(),
            )
        };
        let told: BTreeSet<_> = self
            .told
            .iter()
            .map(|pay| key(&pay.number, pay.trx_id.as_deref(), &pay.id, &pay.amount))
            .collect();
        let kept: Vec<_> = payments
            .iter()
            .filter(|payment| payment.notified)
            .map(|payment| {
                let id = payment.payment_request_id.as_ref().unwrap();
                let trx_id = payment.told_trx_id.as_ref().map(doku_model::TrxId::as_str);
                key(
                    &payment.number,
                    trx_id,
                    id.as_str(),
                    &payment.amount.to_string(),
                )
            })
            .collect();
        assert_eq!(kept.len(), told.len());
        assert_eq!(kept.into_iter().collect::<BTreeSet<_>>(), told);
        assert!(
            payments
                .iter()
                .all(|payment| payment.notified || payment.source == Source::Reconciliation)
        );
    }

    fn money_is_right(&self, account: &Account, payments: &[Payment]) {
        let credited: Vec<&Payment> = payments
            .iter()
            .filter(|payment| {
                payment.trx_id.as_ref() == Some(&account.trx_id)
                    && payment.verdict == Verdict::Satisfied
            })
            .collect();
        if account.reusable {
            assert_ne!(account.state, State::Paid);
            let keys: BTreeSet<_> = credited
                .iter()
                .map(|payment| {
                    (
                        &payment.number,
                        &payment.told_trx_id,
                        &payment.payment_request_id,
                    )
                })
                .collect();
            assert_eq!(keys.len(), credited.len(), "one payment is credited twice");
        } else {
            assert!(credited.len() <= 1, "{account:?}");
            assert_eq!(
                account.state == State::Paid,
                credited.len() == 1,
                "{account:?}"
            );
        }
        let sum: u64 = credited
            .iter()
            .map(|payment| payment.amount.amount().sen())
            .sum();
        assert_eq!(account.credited.sen(), sum);
        assert_eq!(account.payments as usize, credited.len());
        if account.reusable {
            return;
        }
        let asked = &self.asked[account.trx_id.as_str()];
        for payment in credited {
            assert!(
                asked.contains(&payment.amount.to_string()),
                "nobody asked for {payment:?}"
            );
        }
    }
}

fn events_tell_the_state(account: &Account, events: &[Event]) {
    let own = events
        .iter()
        .filter(|event| event.trx_id.as_ref() == Some(&account.trx_id));
    let states: Vec<State> = own.filter_map(|event| event.kind.state()).collect();
    assert_eq!(states.last(), Some(&account.state), "{states:?}");
    assert!(
        states.windows(2).all(|pair| pair[0] != pair[1]),
        "{states:?}"
    );
    assert!(states.iter().filter(|state| **state == State::Paid).count() <= 1);
}

fn events_tell_every_payment(payments: &[Payment], events: &[Event]) {
    let (mut received, mut flagged) = (BTreeMap::new(), BTreeMap::new());
    for event in events {
        match &event.kind {
            EventKind::PaymentReceived { payment, .. } => {
                *received.entry(*payment).or_insert(0) += 1;
            }
            EventKind::PaymentFlagged { payment, .. } => *flagged.entry(*payment).or_insert(0) += 1,
            _ => {}
        }
    }
    for payment in payments {
        let satisfied = i32::from(payment.verdict == Verdict::Satisfied);
        let odd = i32::from(payment.verdict != Verdict::Satisfied || payment.late.is_some());
        assert_eq!(
            received.get(&payment.id).copied().unwrap_or(0),
            satisfied,
            "{payment:?}"
        );
        assert_eq!(
            flagged.get(&payment.id).copied().unwrap_or(0),
            odd,
            "{payment:?}"
        );
    }
}

async fn pages_show_it_all(world: &World, events: &[Event]) {
    let mut seen = Vec::new();
    let mut cursor = Cursor::START;
    loop {
        let page = world.ledger.events_after(cursor, 7).await.unwrap();
        if page.items.is_empty() {
            break;
        }
        seen.extend(page.items);
        cursor = page.next;
    }
    assert_eq!(seen, events);
    assert!(
        events
            .windows(2)
            .all(|pair| pair[0].cursor < pair[1].cursor)
    );
}

/// Whoever asks for a change is told before it is begun that it cannot be made.
fn not_after_it_was_begun(done: Result<Done, Error>) {
    if let Err(error) = done {
        assert!(may_be_refused(&error), "{error}");
    }
}

fn may_be_refused(error: &Error) -> bool {
    matches!(
        error,
        Error::NoSuchAccount { .. }
            | Error::NotNow { .. }
            | Error::Underway { .. }
            | Error::NumbersUnknown { .. }
            | Error::Field(_)
    )
}

impl World {
    fn doku_will(&self, mishap: Option<Mishap>) {
        if let Some(mishap) = mishap {
            self.doku.will(mishap);
        }
    }
}

fn runs(cases: u32, site: impl AsyncFn() -> Option<Site>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 60,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(
        config,
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    );
    let steps = prop::collection::vec(step(), 1..30);
    runner
        .run(&steps, |steps| {
            runtime.block_on(async {
                if let Some(site) = site().await {
                    let mut world = World::on(site).await;
                    let mut memory = Memory::default();
                    for step in &steps {
                        memory.run(&mut world, step).await;
                    }
                    memory.holds(&world).await;
                }
            });
            Ok(())
        })
        .unwrap();
}

#[test]
fn whatever_happens_on_sqlite() {
    runs(24, async || Some(Site::sqlite()));
}

#[test]
fn whatever_happens_on_postgres() {
    runs(8, async || Site::postgres().await);
}
