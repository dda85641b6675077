//! What a kill does: nothing that is seen afterwards.
//!
//! `doku serve` is killed with SIGKILL and started again, round after round, while an application asks for virtual accounts and
//! customers pay them, on SQLite and on PostgreSQL. DOKU is `doku sandbox`, which lives on, retries, and has its own record of
//! what it made, what was paid and what was acknowledged. It saves nobody from a second account: a create under a new external id
//! makes one, whatever its invoice number. In the end every payment that was acknowledged is in the ledger once,
//! every payment that was made is there, no order has two accounts, and all agree to the sen.
//!
//! `DOKU_KILL_ROUNDS` says how many rounds, `DOKU_KILL_SEED` where chance begins. What is drawn is the same for the same seed;
//! which request a kill meets is the machine's business. `cargo xtask kill` makes many rounds of an optimised build.
//!
//! The server's clock is the machine's. DOKU's is moved, so that its retries come due; its X-TIMESTAMP keeps to the machine's
//! clock, as the sandbox does unless told otherwise, so that a call is as fresh as DOKU's would be hours later. A resend
//! that repeats the bytes shows the first call's moment, which a notification may: by the seed it is the one or the other.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the figures are what somebody runs it for, and a test that is skipped says so"
)]

mod books;
mod draws;
mod events;
#[path = "../harness/http.rs"]
mod http;
mod moment;
mod money;
mod orders;
mod payments;
#[path = "../harness/program.rs"]
mod program;
mod verdict;
mod world;

use std::collections::BTreeSet;
use std::time::Instant;

use books::Books;
use draws::Draws;
use orders::{Known, Order};
use time::{Date, OffsetDateTime, UtcOffset};
use world::World;

/// The orders of a round: a third of each mode.
const ORDERS: usize = 24;

/// How many rounds there are before DOKU's clock is moved, which is when its day ends.
const ROUNDS_A_DAY: u64 = 5;

fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| {
        text.parse()
            .unwrap_or_else(|_| panic!("{name} is no number: {text}"))
    })
}

/// What was done, for whoever reads along.
#[derive(Default)]
struct Figures {
    rounds: u64,
    orders: usize,
    cut_off: u64,
    open: u64,
    /// The orders of creates that midnight kept from being settled.
    left: BTreeSet<String>,
}

fn prove(name: &str, postgres: Option<String>) {
    let begun = Instant::now();
    let rounds = setting("DOKU_KILL_ROUNDS", 5);
    let seed = setting("DOKU_KILL_SEED", 20_261_123);
    println!("{name}: {rounds} rounds, seed {seed}");
    let mut draws = Draws::new(seed);
    let resend = if draws.one_in(2) {
        "fresh"
    } else {
        "identical"
    };
    let world = World::open(postgres, resend);
    let mut orders: Vec<Order> = Vec::new();
    let mut books = Books::default();
    let mut figures = Figures::default();
    while figures.rounds < rounds {
        let day = days();
        for _ in 0..ROUNDS_A_DAY.min(rounds - figures.rounds) {
            let first = orders.len();
            let places = figures.orders..figures.orders + ORDERS;
            orders.extend(places.map(|place| Order::of(place, &mut draws)));
            figures.orders += ORDERS;
            let of_the_round = &mut orders[first..];
            let creates = orders::create(&world, of_the_round, &mut draws);
            figures.cut_off += creates.cut_off;
            figures.open += creates.open;
            payments::pay(&world, of_the_round, &mut books, &mut draws);
            figures.rounds += 1;
        }
        settle(&world, &mut orders, &mut figures, day);
        verdict::one_account_each(&world);
        payments::retry(&world, &mut books, &mut draws);
    }
    payments::pay_the_rest(&world, &orders, &mut books, &mut draws);
    books.check_after_a_kill(&world);
    let seen = orders::mark(&world, "THE-END");
    verdict::events_agree(&seen, &orders, &books);
    let total = verdict::payments_agree(&world, &orders, &books);
    verdict::accounts_agree(&world, &orders, &figures.left);
    tell(name, &figures, &world, &books, total);
    println!("{name}: {:.1} s", begun.elapsed().as_secs_f64());
}

/// The days by which external ids are counted.
fn days() -> [Date; 2] {
    let now = OffsetDateTime::now_utc();
    let jakarta = UtcOffset::from_hms(7, 0, 0).unwrap();
    [now.date(), now.to_offset(jakarta).date()]
}

/// Waits until the server has found out what became of the creates that it was killed over, those that were paid meanwhile
/// included: asking DOKU about them is where a second account could come from. DOKU is asked on the day of the create, so its
/// clock is not moved before.
///
/// Where midnight comes in between, the server may not ask any more. What DOKU never heard of is left to a person then.
fn settle(world: &World, orders: &mut Vec<Order>, figures: &mut Figures, day: [Date; 2]) {
    events::until_settled(world);
    let midnight = day != days();
    let at_doku = payments::numbers(world);
    orders.retain_mut(|order| {
        if order.known == Known::Asked {
            order.look(world);
        }
        let known = order.known != Known::Asked;
        let may_be_left = midnight && !at_doku.contains_key(&order.trx_id);
        assert!(known || may_be_left, "{order:?}; {}", world.log());
        if !known {
            figures.left.insert(order.trx_id.clone());
        }
        known
    });
}

fn tell(name: &str, figures: &Figures, world: &World, books: &Books, sen: u64) {
    let (mut at_once, mut retried, mut by_hand, mut repeats) = (0_u64, 0_u64, 0_u64, 0_u64);
    for told in world.notifications() {
        let attempts = told["attempts"].as_array().unwrap();
        let mut heard = attempts
            .iter()
            .filter(|attempt| attempt["acknowledged"] == true)
            .map(|attempt| attempt["trigger"].as_str().unwrap());
        match heard.next() {
            Some("payment") => at_once += 1,
            Some("resend") => by_hand += 1,
            Some(_) => retried += 1,
            None => {}
        }
        repeats += u64::try_from(heard.count()).unwrap();
    }
    println!("{name}: {} rounds, {} kills", figures.rounds, world.kills());
    if !figures.left.is_empty() {
        println!("{name}: midnight left {:?} to a person", figures.left);
    }
    println!(
        "{name}: {} creates, {} without an answer and asked for again, {} settled by the server afterwards",
        figures.orders, figures.cut_off, figures.open
    );
    println!(
        "{name}: {} payments of Rp{}: {at_once} acknowledged at once, {retried} by DOKU's retries, {by_hand} by hand; \
         {repeats} acknowledged again; {} found in the ledger after a kill though DOKU had not heard so",
        books.receipts.len(),
        money::text(sen),
        books.kept_unheard.len()
    );
}

#[test]
fn on_sqlite() {
    prove("SQLite", None);
}

#[test]
fn on_postgres() {
    match std::env::var("DOKU_TEST_POSTGRES") {
        Ok(url) => prove("PostgreSQL", Some(url)),
        Err(_) => eprintln!("skipped: DOKU_TEST_POSTGRES names no PostgreSQL to test with"),
    }
}
