//! The clock of the machine is set: two hours ahead, and two hours back.
//!
//! A process is given another clock by libfaketime, which looks into a file. What is measured and not read off a clock goes on
//! as it did: leases of the runtime, pauses, deadlines.

use std::path::PathBuf;

use tempfile::TempDir;
use time::OffsetDateTime;

use crate::support::{Doku, Receiver, Replica, Starting, eventually, skipped};

/// A clock that a process has instead of the machine's.
struct Clock {
    folder: TempDir,
    library: PathBuf,
}

impl Clock {
    fn new() -> Option<Self> {
        let libraries = std::fs::read_dir("/usr/lib")
            .into_iter()
            .flatten()
            .flatten();
        let library = libraries
            .map(|folder| folder.path().join("faketime/libfaketimeMT.so.1"))
            .find(|library| library.is_file());
        let Some(library) = library else {
            skipped("libfaketime is not installed");
            return None;
        };
        let clock = Self {
            folder: TempDir::new().unwrap(),
            library,
        };
        clock.set("+0");
        Some(clock)
    }

    /// By so much beside the machine's.
    fn set(&self, by: &str) {
        let next = self.folder.path().join("next");
        std::fs::write(&next, format!("{by}\n")).unwrap();
        // At once: a file that is half written is no clock.
        std::fs::rename(next, self.file()).unwrap();
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("clock")
    }

    fn give(&self, starting: Starting) -> Starting {
        starting
            .env("LD_PRELOAD", self.library.to_str().unwrap())
            .env("FAKETIME_TIMESTAMP_FILE", self.file().to_str().unwrap())
            .env("FAKETIME_NO_CACHE", "1")
            .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
            .env("FAKETIME_DONT_RESET", "1")
    }
}

/// What of a processor the server has used until now, in hundredths of a second.
fn used(server: &Replica) -> u64 {
    let line = std::fs::read_to_string(format!("/proc/{}/stat", server.process_id())).unwrap();
    let (_, fields) = line.rsplit_once(')').unwrap();
    let fields: Vec<&str> = fields.split_whitespace().collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

/// That everything goes on: an order is made and told of, and nobody runs in circles.
fn goes_on(server: &Replica, receiver: &Receiver, trx_id: &str) {
    assert_eq!(server.readiness().status, 200);
    server.ordered(trx_id);
    let told = || receiver.said("account.activated", trx_id);
    eventually("a webhook", told, |count| *count == 1);
    // As long as a worker pauses where there is nothing to do, and then some.
    let (begun, before) = (std::time::Instant::now(), used(server));
    let waited = || begun.elapsed();
    let waited = eventually("time", waited, |waited| {
        *waited > std::time::Duration::from_millis(1500)
    });
    let share = (used(server) - before) as f64 / (waited.as_secs_f64() * 100.0);
    assert!(share < 0.7, "{share} of a processor");
}

#[test]
fn two_hours_ahead_and_two_hours_back_lose_nothing() {
    let Some(clock) = Clock::new() else { return };
    let folder = TempDir::new().unwrap();
    let receiver = Receiver::start();
    let database = folder.path().join("doku.sqlite");
    let starting = Starting::on(database.to_str().unwrap()).telling(receiver.url());
    let server = clock.give(starting).start();
    let doku = Doku::at(server.outside());
    let [usual, ahead, back, early] =
        ["INV-USUAL", "INV-AHEAD", "INV-BACK", "INV-EARLY"].map(|id| server.ordered(id));
    assert!(doku.tell(server.outside(), &usual).is_acknowledged());

    // Two hours ahead: what DOKU sends looks late, as its repeats may be, and is taken. No token is given, because what asks
    // for one is old; the log says by how much.
    clock.set("+2h");
    assert!(doku.tell(server.outside(), &ahead).is_acknowledged());
    let answer = Doku::ask_for_token(server.outside(), OffsetDateTime::now_utc());
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (401, "4017300"),
        "{answer:?}"
    );
    server.logged("WARN", &["X-TIMESTAMP is 72", "s old; check the clocks"]);
    goes_on(&server, &receiver, "INV-WHILE-AHEAD");

    // Two hours back: the token is one of the future.
    clock.set("-2h");
    assert!(doku.tell(server.outside(), &back).is_acknowledged());
    let answer = Doku::ask_for_token(server.outside(), OffsetDateTime::now_utc());
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (401, "4017300"),
        "{answer:?}"
    );
    server.logged("WARN", &["X-TIMESTAMP is 7", "s ahead; check the clocks"]);
    goes_on(&server, &receiver, "INV-WHILE-BACK");

    // A server that starts now sees it for the first time, and takes it: it is ours, and a day either way is forgiven.
    let server = server.restart();
    assert!(doku.tell(server.outside(), &early).is_acknowledged());

    // Right again: DOKU's repeats are known, with the token of before and with a new one.
    clock.set("+0");
    assert!(doku.tell(server.outside(), &early).is_acknowledged());
    let doku = Doku::at(server.outside());
    for pay in [&usual, &ahead, &back, &early] {
        assert!(doku.tell(server.outside(), pay).is_acknowledged());
        server.paid_once(&pay.trx_id);
        let told = || receiver.said("account.paid", &pay.trx_id);
        eventually("a webhook", told, |count| *count == 1);
    }
    goes_on(&server, &receiver, "INV-AFTER");
}
