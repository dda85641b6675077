//! Whether the ledger slows down as it grows: look-ups and inserts at 10 thousand and at 1 million accounts.
//!
//! Each figure at a million stands beside the same at ten thousand, in the same round and on the same core: that is its floor.
//! Process and PostgreSQL share core 0. What is looked up and paid is scattered over all accounts.

#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

#[path = "support/accounts.rs"]
mod accounts;
#[path = "growth/call.rs"]
mod call;
#[path = "support/place.rs"]
mod place;

use std::env;
use std::process::{Command, Stdio};
use std::time::Instant;

use accounts::{BIN, CLIENT_ID, customer_no, trx_id};
use call::Doku;
use doku_ledger::account::{DirectBill, PublicId};
use doku_ledger::{Ledger, Location, Settings};
use doku_model::{Bill, TrxId, VirtualAccountNo};
use doku_va_btn::hosted::{Endpoints, PaymentCode};
use place::Place;

const CORE: usize = 0;
const FEW: u64 = 10_000;
const MANY: u64 = 1_000_000;

/// Pairs of rounds that count; odd, so that there is a median.
const ROUNDS: u64 = 9;
/// Of each kind in a round.
const LOOKUPS: u64 = 400;
const INSERTS: u64 = 200;

fn main() {
    let arguments: Vec<_> = env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("measure") => measure(),
        // `cargo bench` adds `--bench`; `cargo test --benches` does not, and has nothing to measure here.
        Some("--bench") => {
            let program = env::current_exe().expect("this program has a path");
            let pinned = Command::new("taskset")
                .args(["-c", &CORE.to_string()])
                .arg(program)
                .arg("measure")
                .stdin(Stdio::null())
                .status();
            match pinned {
                Ok(status) => assert!(status.success(), "it measured"),
                Err(_) => {
                    println!("no taskset here: the figures are of processes that are not pinned");
                    measure();
                }
            }
        }
        _ => println!("run with `cargo bench -p doku-ledger --bench growth`"),
    }
}

fn measure() {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(async {
            compare(Place::sqlite()).await;
            if let Some(postgres) = Place::postgres(CORE).await {
                compare(postgres).await;
            }
        });
}

async fn compare(mut place: Place) {
    let doku = Doku::new();
    let begun = Instant::now();
    let mut few = Books::open(place.database("few").await, FEW, &doku).await;
    let mut many = Books::open(place.database("many").await, MANY, &doku).await;
    println!(
        "{}: {FEW} and {MANY} accounts, made in {:.0} s; everything on core {CORE}, {ROUNDS} pairs of rounds",
        place.name(),
        begun.elapsed().as_secs_f64()
    );
    let mut taken = Vec::new();
    for round in 0..=ROUNDS {
        let pair = (few.round(&doku).await, many.round(&doku).await);
        // The first pair warms caches and prepared statements.
        if round > 0 {
            taken.push(pair);
        }
    }
    for (kind, name) in KINDS.into_iter().enumerate() {
        let pairs: Vec<_> = taken
            .iter()
            .map(|(few, many)| (few[kind], many[kind]))
            .collect();
        tell(name, &pairs);
    }
    few.ledger.close().await;
    many.ledger.close().await;
    place.remove().await;
}

/// What is measured, in this order.
const KINDS: [&str; 5] = [
    "account by invoice number",
    "account by number",
    "account by public id",
    "bill registered",
    "payment kept",
];

/// A ledger and what has been done to it.
struct Books {
    ledger: Ledger,
    endpoints: Endpoints,
    accounts: u64,
    registered: u64,
    paid: u64,
    looked_up: u64,
}

impl Books {
    async fn open(location: String, accounts: u64, doku: &Doku) -> Self {
        let location: Location = location.parse().expect("a location");
        accounts::register(&location, accounts).await;
        let settings = Settings::new(location, CLIENT_ID.parse().expect("a client id"));
        let ledger = Ledger::open(settings).await.expect("a ledger");
        Self {
            endpoints: doku.endpoints(&ledger),
            ledger,
            accounts,
            registered: 0,
            paid: 0,
            looked_up: 0,
        }
    }

    /// Microseconds of one of each kind.
    async fn round(&mut self, doku: &Doku) -> [f64; KINDS.len()] {
        [
            self.by_trx_id().await,
            self.by_number().await,
            self.by_public_id().await,
            self.register().await,
            self.pay(doku).await,
        ]
    }

    /// Some account, another each time.
    fn any(&mut self) -> u64 {
        self.looked_up += 1;
        1 + self.looked_up * 611_953 % self.accounts
    }

    async fn by_trx_id(&mut self) -> f64 {
        let asked: Vec<TrxId> = (0..LOOKUPS)
            .map(|_| trx_id(self.any()).parse().expect("an invoice number"))
            .collect();
        let begun = Instant::now();
        for trx_id in &asked {
            let found = self.ledger.account(trx_id).await;
            assert!(found.expect("an answer").is_some(), "it is there");
        }
        each(begun, LOOKUPS)
    }

    async fn by_number(&mut self) -> f64 {
        let asked: Vec<VirtualAccountNo> = (0..LOOKUPS)
            .map(|_| format!("   {BIN}{}", customer_no(self.any())))
            .map(|number| number.parse().expect("a number"))
            .collect();
        let begun = Instant::now();
        for number in &asked {
            let found = self.ledger.account_by_number(number).await;
            assert!(found.expect("an answer").is_some(), "it is there");
        }
        each(begun, LOOKUPS)
    }

    async fn by_public_id(&mut self) -> f64 {
        let asked: Vec<PublicId> = (0..LOOKUPS)
            .map(|_| public_id(self.any()).parse().expect("a name"))
            .collect();
        let begun = Instant::now();
        for id in &asked {
            let found = self.ledger.account_by_public_id(id).await;
            assert!(found.expect("an answer").is_some(), "it is there");
        }
        each(begun, LOOKUPS)
    }

    async fn register(&mut self) -> f64 {
        let bills: Vec<_> = (0..INSERTS)
            .map(|_| {
                self.registered += 1;
                let n = self.accounts + self.registered;
                let code = PaymentCode::new(
                    BIN.parse().expect("a prefix"),
                    customer_no(n).parse().expect("a number"),
                );
                DirectBill::new(
                    &code.expect("a payment code"),
                    trx_id(n).parse().expect("an invoice number"),
                    "Toru Yamashita".parse().expect("a name"),
                    Bill::Closed("11500.00".parse().expect("an amount")),
                )
            })
            .collect();
        let begun = Instant::now();
        for bill in bills {
            self.ledger.register(bill, None).await.expect("registered");
        }
        each(begun, INSERTS)
    }

    async fn pay(&mut self, doku: &Doku) -> f64 {
        let calls: Vec<_> = (0..INSERTS)
            .map(|_| {
                self.paid += 1;
                // Every account once, in no order.
                doku.call(1 + self.paid * 7_919 % self.accounts)
            })
            .collect();
        let begun = Instant::now();
        for call in calls {
            let answer = self.endpoints.payment(call).await;
            assert_eq!(answer.status(), 200, "acknowledged");
        }
        each(begun, INSERTS)
    }
}

/// The n-th account's name for anybody.
fn public_id(n: u64) -> String {
    format!("000000000000000{}", customer_no(n))
}

/// Microseconds of one.
fn each(begun: Instant, count: u64) -> f64 {
    begun.elapsed().as_secs_f64() * 1e6 / count as f64
}

fn tell(name: &str, pairs: &[(f64, f64)]) {
    let ratios = || pairs.iter().map(|(few, many)| many / few);
    let (least, most) = ratios().fold((f64::MAX, f64::MIN), |(least, most), ratio| {
        (least.min(ratio), most.max(ratio))
    });
    println!(
        "  {name}: {:.0} µs and {:.0} µs, median ratio {:.2}, of rounds from {least:.2} to {most:.2}",
        median(pairs.iter().map(|(few, _)| *few)),
        median(pairs.iter().map(|(_, many)| *many)),
        median(ratios()),
    );
}

fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<_> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
