//! The load, the rounds, and the table.

use std::time::Duration;

use doku_sandbox::Merchant;
use doku_sign::Backend;
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::task::LocalSet;

use super::SERVED_ON;
use super::caller::{Caller, Maker, connect, flood};
use super::process::{Process, on_core};
use super::vitals::{Memory, worked};

const CONNECTIONS: u64 = 64;
/// When memory is told. The journal is full from the second on.
const TOLD: [u64; 4] = [0, 10_000, 100_000, 1_000_000];
/// Creates that are written and signed, and then sent, at a time.
const AT_A_TIME: u64 = 10_000;
/// Rounds of each kind that count; odd, so that there is a median.
const ROUNDS: usize = 9;
/// Creates of one round.
const EACH: u64 = 50 * CONNECTIONS;

pub(crate) fn run() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    LocalSet::new().block_on(&runtime, measure());
}

async fn measure() {
    let folder = TempDir::new().expect("a folder");
    let keys = folder.path().join("merchant");
    let (merchant, _) = Merchant::kept_in(&keys, Backend::default()).expect("a merchant");
    let keys = keys.to_str().expect("a path");

    let mut old = Server::start(&["sandbox", keys]).await;
    let caller = Caller::of(&merchant, &old.address).await;
    let mut before = Memory::of(old.id());
    println!("{} accounts: {before}", TOLD[0]);
    let mut took = Duration::ZERO;
    for (from, to) in TOLD.into_iter().zip(TOLD.into_iter().skip(1)) {
        while old.created < to {
            let count = AT_A_TIME.min(to - old.created);
            // One after the other, as accounts come.
            let maker = if (old.created / AT_A_TIME).is_multiple_of(2) {
                Maker::Doku
            } else {
                Maker::Merchant
            };
            took += old.round(&caller, maker, count).await.took;
        }
        let after = Memory::of(old.id());
        println!(
            "{to} accounts: {after}; {:.0} bytes for each since {from}; {:.0} creates a second so far",
            (after.resident - before.resident) / (to - from) as f64,
            to as f64 / took.as_secs_f64()
        );
        before = after;
    }

    // The same number of accounts as the other had when its journal was full.
    let mut young = Server::start(&["sandbox", keys]).await;
    let young_caller = Caller::of(&merchant, &young.address).await;
    young.round(&young_caller, Maker::Doku, TOLD[1]).await;
    let mut empty = Server::start(&["empty"]).await;
    empty.round(&caller, Maker::Doku, EACH).await;

    let mut rounds = Rounds::default();
    for _ in 0..ROUNDS {
        rounds
            .empty
            .push(empty.round(&caller, Maker::Doku, EACH).await);
        for (maker, young_ones, old_ones) in [
            (Maker::Doku, &mut rounds.young_doku, &mut rounds.old_doku),
            (
                Maker::Merchant,
                &mut rounds.young_merchant,
                &mut rounds.old_merchant,
            ),
        ] {
            young_ones.push(young.round(&young_caller, maker, EACH).await);
            old_ones.push(old.round(&caller, maker, EACH).await);
        }
    }
    println!(
        "\ncreates over loopback, sandbox on core 0, load on core 1, {CONNECTIONS} connections, {ROUNDS} alternating rounds of \
         {EACH}; sandboxes of {} to {} and of {} to {} accounts",
        TOLD[1], young.created, TOLD[3], old.created
    );
    rounds.print();
}

/// A process that serves, and the load's connections to it.
struct Server {
    process: Process,
    address: String,
    connections: Vec<TcpStream>,
    created: u64,
}

/// What a round took.
struct Round {
    count: u64,
    took: Duration,
    /// How long the server's core worked.
    worked: Duration,
}

impl Server {
    async fn start(arguments: &[&str]) -> Self {
        let mut process = Process::start(on_core(SERVED_ON, arguments));
        let address = process.line();
        let mut connections = Vec::new();
        for _ in 0..CONNECTIONS {
            connections.push(connect(&address).await);
        }
        Self {
            process,
            address,
            connections,
            created: 0,
        }
    }

    fn id(&self) -> u32 {
        self.process.child.id()
    }

    /// Creates so many accounts, which are prepared first.
    async fn round(&mut self, caller: &Caller, maker: Maker, count: u64) -> Round {
        let mut requests: Vec<_> = (0..CONNECTIONS).map(|_| Vec::new()).collect();
        for (n, connection) in (self.created..self.created + count).zip((0..requests.len()).cycle())
        {
            requests[connection].push(caller.create(maker, n));
        }
        let before = worked(self.id());
        let took = flood(&mut self.connections, requests).await;
        self.created += count;
        Round {
            count,
            took,
            worked: worked(self.id()).saturating_sub(before),
        }
    }
}

impl Round {
    fn per_second(&self) -> f64 {
        self.count as f64 / self.took.as_secs_f64()
    }

    /// Microseconds of the server's core for one create.
    fn cost(&self) -> f64 {
        self.worked.as_secs_f64() / self.count as f64 * 1e6
    }

    fn busy(&self) -> f64 {
        self.worked.as_secs_f64() / self.took.as_secs_f64()
    }
}

#[derive(Default)]
struct Rounds {
    empty: Vec<Round>,
    young_doku: Vec<Round>,
    old_doku: Vec<Round>,
    young_merchant: Vec<Round>,
    old_merchant: Vec<Round>,
}

impl Rounds {
    fn print(&self) {
        println!(
            "| | a second | core busy | µs of the core each | times as long as young, core's time |"
        );
        println!("|---|---|---|---|---|");
        for (name, young, rounds) in [
            ("empty handler", None, &self.empty),
            ("DGPC, young", None, &self.young_doku),
            ("DGPC, old", Some(&self.young_doku), &self.old_doku),
            ("MGPC, young", None, &self.young_merchant),
            ("MGPC, old", Some(&self.young_merchant), &self.old_merchant),
        ] {
            let growth = young.map_or(String::new(), |young| {
                let pairs = || young.iter().zip(rounds);
                format!(
                    "{:.2}, {:.2}",
                    median(pairs().map(|(young, old)| young.per_second() / old.per_second())),
                    median(pairs().map(|(young, old)| old.cost() / young.cost()))
                )
            });
            println!(
                "| {name} | {:.0} | {:.0} % | {:.1} | {growth} |",
                median(rounds.iter().map(Round::per_second)),
                median(rounds.iter().map(Round::busy)) * 100.0,
                median(rounds.iter().map(Round::cost)),
            );
        }
        for (name, young) in [("DGPC", &self.young_doku), ("MGPC", &self.young_merchant)] {
            let ratios = || {
                let pairs = young.iter().zip(&self.empty);
                pairs.map(|(ours, floor)| ours.per_second() / floor.per_second())
            };
            let (least, most) = ratios().fold((f64::MAX, f64::MIN), |(least, most), ratio| {
                (least.min(ratio), most.max(ratio))
            });
            println!(
                "{name}: {:.2} of the empty handler, of rounds from {least:.2} to {most:.2}",
                median(ratios())
            );
        }
    }
}

fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<_> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
