//! Customers who pay while the server is killed, and DOKU, which tells until it is heard.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::books::Books;
use crate::draws::Draws;
use crate::moment::{Moment, When, advance_under_kill, advance_unheard, under_kill};
use crate::money;
use crate::orders::{Known, Mode, Order};
use crate::world::World;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

enum Job {
    Pay {
        trx_id: String,
        number: String,
        sen: u64,
    },
    /// DOKU tells again of what was acknowledged.
    Again(u64),
}

/// What came of a job.
enum Outcome {
    Paid {
        payment: String,
        trx_id: String,
        sen: u64,
    },
    /// The bank took no money.
    Refused,
    Told,
}

/// The numbers that DOKU has, by the order.
pub(crate) fn numbers(world: &World) -> HashMap<String, String> {
    let accounts = world.accounts_at_doku(0);
    let of = |account: &Value, member: &str| account[member].as_str().unwrap().trim().to_owned();
    accounts
        .iter()
        .map(|account| (of(account, "trxId"), of(account, "virtualAccountNo")))
        .collect()
}

/// One payment of each order that may be paid once, up to three of the others, wherever DOKU knows the number.
fn payable(world: &World, orders: &[Order], draws: &mut Draws) -> Vec<Job> {
    let at_doku = numbers(world);
    let mut jobs = Vec::new();
    for order in orders {
        let number = match (&order.known, order.mode) {
            (Known::Number(number), Mode::DirectInquiry) => Some(number),
            // Whether the application knows it or not: a customer may have it from elsewhere.
            _ => at_doku.get(&order.trx_id),
        };
        let Some(number) = number else { continue };
        let times = if order.reusable {
            1 + draws.below(3)
        } else {
            1
        };
        for _ in 0..times {
            jobs.push(Job::Pay {
                trx_id: order.trx_id.clone(),
                number: number.clone(),
                sen: order.amount(draws),
            });
        }
    }
    jobs
}

fn work(world: &World, job: &Job) -> (Outcome, bool) {
    match job {
        Job::Pay {
            trx_id,
            number,
            sen,
        } => {
            let order = json!({ "virtualAccountNo": number, "amount": money::text(*sen) });
            let reply = world.control("POST", "pay", &order);
            let told = reply.json();
            if reply.status != 200 {
                // A number of the merchant's own, and nobody there to ask about it.
                let unheard = ["noAnswer", "notAsked", "refused", "unusable"];
                let error = told["error"].as_str().unwrap();
                assert!(unheard.contains(&error), "{trx_id}: {told}");
                return (Outcome::Refused, false);
            }
            assert_eq!(money::sen(&told["paidAmount"]), *sen, "{told}");
            let paid = Outcome::Paid {
                payment: told["paymentRequestId"].as_str().unwrap().to_owned(),
                trx_id: trx_id.clone(),
                sen: *sen,
            };
            (paid, told["notification"]["acknowledged"] == true)
        }
        Job::Again(id) => (Outcome::Told, resend(world, *id)),
    }
}

/// Has DOKU tell of a payment by hand, and says whether it was heard this time.
fn resend(world: &World, id: u64) -> bool {
    let path = format!("notifications/{id}/resend");
    let told = world.control("POST", &path, &Value::Null).json();
    let last = told["attempts"].as_array().unwrap().last().unwrap();
    last["acknowledged"] == true
}

/// Customers pay the orders, and the server is killed while they do. Afterwards it lives, and has whatever was acknowledged.
pub(crate) fn pay(world: &World, orders: &[Order], books: &mut Books, draws: &mut Draws) {
    let mut jobs = payable(world, orders, draws);
    let known: Vec<u64> = world
        .notifications()
        .iter()
        .filter(|notification| notification["acknowledged"] == true)
        .map(|notification| notification["id"].as_u64().unwrap())
        .collect();
    for _ in 0..jobs.len() / 6 {
        if !known.is_empty() {
            jobs.push(Job::Again(known[draws.place(known.len())]));
        }
    }
    draws.shuffle(&mut jobs);
    for (kind, percent) in [("dropAfter", 15), ("duplicate", 15)] {
        world.fault(&json!({ "operation": "payment", "kind": kind, "percent": percent, "seed": draws.below(1000) }));
    }
    let when = if draws.one_in(3) {
        When::Begun(1 + draws.place(jobs.len()))
    } else {
        When::Answered(1 + draws.place(jobs.len() / 2))
    };
    let moment = Moment::of(when, draws);
    for outcome in under_kill(world, &jobs, &moment, |job| work(world, job)) {
        if let Outcome::Paid {
            payment,
            trx_id,
            sen,
        } = outcome
        {
            books.paid(payment, trx_id, sen);
        }
    }
    world.no_more_faults();
    world.start();
    books.check_after_a_kill(world);
}

/// DOKU tries again as its schedule has it, 30 minutes, 6 hours and 12 hours later, and the server is killed each time, once
/// before anything is told. What nobody heard by then is told by hand.
pub(crate) fn retry(world: &World, books: &mut Books, draws: &mut Draws) {
    let pauses = [HOUR / 2 + MINUTE, 6 * HOUR, 6 * HOUR];
    let unheard = draws.place(pauses.len());
    for (place, pause) in pauses.into_iter().enumerate() {
        if place == unheard {
            advance_unheard(world, pause);
        } else {
            advance_under_kill(world, pause, draws);
        }
        books.check_after_a_kill(world);
    }
    for notification in world.notifications() {
        if notification["acknowledged"] == true {
            continue;
        }
        // It was tried four times, and nobody will try again by himself.
        assert!(notification["nextAttempt"].is_null(), "{notification}");
        let id = notification["id"].as_u64().unwrap();
        assert!(resend(world, id), "{notification}");
    }
    books.check_after_a_kill(world);
}

/// Pays what was never paid, with nobody killed.
pub(crate) fn pay_the_rest(world: &World, orders: &[Order], books: &mut Books, draws: &mut Draws) {
    let paid = books.paid_orders();
    for job in payable(world, orders, draws) {
        let Job::Pay { trx_id, .. } = &job else {
            continue;
        };
        if paid.contains(trx_id) {
            continue;
        }
        match work(world, &job) {
            (
                Outcome::Paid {
                    payment,
                    trx_id,
                    sen,
                },
                _,
            ) => books.paid(payment, trx_id, sen),
            _ => panic!("{trx_id} cannot be paid by anybody"),
        }
    }
}
