//! The load, the rounds, and the tables.

use std::time::Instant;

use tokio::net::TcpStream;
use tokio::task::LocalSet;

use super::SERVED_ON;
use super::accounts::{PATH, SECRET};
use super::notification::{Awake, EMPTY_PATH, Signer, connect, flood, send};
use super::place::Place;
use super::process::{Process, on_core};

/// Pairs of rounds that count; odd, so that there is a median.
const ROUNDS: u64 = 9;
const CONNECTIONS: u64 = 64;
/// Notifications of one connection in one round.
const EACH: u64 = 50;
/// Lone notifications in one round.
const ALONE: u64 = 200;

pub(crate) fn run() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    LocalSet::new().block_on(&runtime, async {
        compare(Place::sqlite()).await;
        if let Some(postgres) = Place::postgres(SERVED_ON).await {
            compare(postgres).await;
        }
    });
}

/// What is measured with 64 in flight.
struct Together {
    per_second: f64,
    batch: f64,
    busy: f64,
    floor: f64,
}

/// What is measured one by one, in seconds.
struct Alone {
    took: f64,
    commit: f64,
    empty: f64,
}

async fn compare(mut place: Place) {
    let accounts = ((ROUNDS + 1) * (CONNECTIONS * EACH + ALONE)).to_string();
    let name = place.name();
    let start = |role: &str, location: String| {
        Process::start(on_core(SERVED_ON, &[role, &location, &accounts]))
    };
    let mut server = start("server", place.database("served").await);
    let mut floor = start("floor", place.database("bare").await);
    let said = server.line();
    let (address, bearer) = said.split_once(' ').expect("an address and a bearer");
    let mut rounds = Rounds {
        signer: Signer::new(bearer, SECRET),
        connections: Vec::new(),
        lone: connect(address).await,
        empty: connect(&floor.line()).await,
        paid: 0,
    };
    for _ in 0..CONNECTIONS {
        rounds.connections.push(connect(address).await);
    }
    let (mut together, mut alone) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let (first, second) = (
            rounds.together(&mut server, &mut floor).await,
            rounds.alone(&mut floor).await,
        );
        // The first pair warms connections, caches, prepared statements and the bearer.
        if round > 0 {
            together.push(first);
            alone.push(second);
        }
    }
    drop((server, floor));
    place.remove().await;
    tell(name, &together, &alone);
}

struct Rounds {
    signer: Signer,
    connections: Vec<TcpStream>,
    lone: TcpStream,
    empty: TcpStream,
    paid: u64,
}

impl Rounds {
    /// Requests about accounts that are not paid yet.
    fn requests(&mut self, count: u64) -> Vec<Vec<u8>> {
        let first = self.paid + 1;
        self.paid += count;
        let request = |n| self.signer.request(PATH, n);
        (first..=self.paid).map(request).collect()
    }

    async fn together(&mut self, server: &mut Process, floor: &mut Process) -> Together {
        let requests: Vec<_> = (0..CONNECTIONS).map(|_| self.requests(EACH)).collect();
        let (commits, calls) = committed(server);
        let before = Core::now();
        let took = flood(&mut self.connections, requests).await;
        let busy = before.busy_since();
        let (commits, calls) = {
            let after = committed(server);
            (after.0 - commits, after.1 - calls)
        };
        assert_eq!(calls, CONNECTIONS * EACH, "every one is recorded once");
        let batch = calls as f64 / commits as f64;
        let size = batch.round().max(1.0);
        let floor = floor.ask(&format!("together {size} {}", CONNECTIONS * EACH));
        Together {
            per_second: (CONNECTIONS * EACH) as f64 / took,
            batch,
            busy,
            floor: floor.parse().expect("a figure"),
        }
    }

    async fn alone(&mut self, floor: &mut Process) -> Alone {
        let requests = self.requests(ALONE);
        let took = one_by_one(&mut self.lone, requests).await;
        let empty = self.signer.request(EMPTY_PATH, 1);
        let requests = vec![empty; usize::try_from(ALONE).expect("a number")];
        Alone {
            took,
            commit: floor
                .ask(&format!("alone {ALONE}"))
                .parse()
                .expect("a figure"),
            empty: one_by_one(&mut self.empty, requests).await,
        }
    }
}

/// Sends each when the one before was answered, and says how long the one in the middle took.
async fn one_by_one(connection: &mut TcpStream, requests: Vec<Vec<u8>>) -> f64 {
    let _awake = Awake::keep();
    let mut took = Vec::new();
    for request in requests {
        let begun = Instant::now();
        send(connection, &request).await;
        took.push(begun.elapsed().as_secs_f64());
    }
    median(took.into_iter())
}

/// Commits so far, and the notifications that they recorded.
fn committed(server: &mut Process) -> (u64, u64) {
    let said = server.ask("commits");
    let (commits, calls) = said.split_once(' ').expect("two numbers");
    (
        commits.parse().expect("a number"),
        calls.parse().expect("a number"),
    )
}

/// How much the core that serves has worked, whoever it worked for.
struct Core {
    since: Instant,
    idle: Option<f64>,
}

impl Core {
    fn now() -> Self {
        Self {
            since: Instant::now(),
            idle: idle(),
        }
    }

    /// The part of the time since then; not a number where the system does not tell.
    fn busy_since(&self) -> f64 {
        let idle = self.idle.zip(idle());
        idle.map_or(f64::NAN, |(before, after)| {
            1.0 - (after - before) / self.since.elapsed().as_secs_f64()
        })
    }
}

/// How many seconds the core has had nothing to do or waited for a disk.
fn idle() -> Option<f64> {
    let all = std::fs::read_to_string("/proc/stat").ok()?;
    let core = format!("cpu{SERVED_ON} ");
    let line = all.lines().find(|line| line.starts_with(&core))?;
    let ticks = |place| line.split_whitespace().nth(place)?.parse::<f64>().ok();
    // Of 100 to a second, as Linux tells it everywhere.
    Some((ticks(4)? + ticks(5)?) / 100.0)
}

fn tell(name: &str, together: &[Together], alone: &[Alone]) {
    println!(
        "{name}: server and database on core {SERVED_ON}, load on core {}; {ROUNDS} pairs of rounds",
        super::LOADED_ON
    );
    let of = |figure: fn(&Together) -> f64| median(together.iter().map(figure));
    println!(
        "  {CONNECTIONS} in flight, {} a round: {:.0} a second beside {:.0} bare, {:.1} to a commit, core busy {:.0} %",
        CONNECTIONS * EACH,
        of(|round| round.per_second),
        of(|round| round.floor),
        of(|round| round.batch),
        of(|round| round.busy * 100.0),
    );
    ratios(together.iter().map(|round| round.per_second / round.floor));
    let of = |figure: fn(&Alone) -> f64| median(alone.iter().map(figure)) * 1e6;
    println!(
        "  alone, {ALONE} a round: {:.0} µs beside {:.0} µs bare and {:.0} µs for the empty round trip",
        of(|round| round.took),
        of(|round| round.commit),
        of(|round| round.empty),
    );
    ratios(
        alone
            .iter()
            .map(|round| round.took / (round.commit + round.empty)),
    );
}

fn ratios(ratios: impl Iterator<Item = f64> + Clone) {
    let (least, most) = ratios
        .clone()
        .fold((f64::MAX, f64::MIN), |(least, most), ratio| {
            (least.min(ratio), most.max(ratio))
        });
    println!(
        "    median ratio {:.2}, of rounds from {least:.2} to {most:.2}",
        median(ratios)
    );
}

fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<_> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
