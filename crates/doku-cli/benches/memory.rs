//! Resident memory of `doku serve` on SQLite: idle, and after a million payments of a million accounts.
//!
//! The program is the real one, on core 0, with the settings it comes with. What it is told is notified over 64 connections
//! from core 1, as fast as it acknowledges. Memory is what Linux calls resident: code, data, and what is mapped of files.

#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

#[path = "../../doku-ledger/benches/support/accounts.rs"]
mod accounts;
#[expect(dead_code, reason = "shared with other benchmarks")]
#[path = "../../doku-server/benches/durable/notification.rs"]
mod notification;
#[expect(dead_code, reason = "shared with other benchmarks")]
#[path = "../../doku-ledger/benches/support/place.rs"]
mod place;
#[expect(dead_code, reason = "shared with other benchmarks")]
#[path = "../../doku-server/benches/durable/process.rs"]
mod process;

use std::env;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use accounts::{CLIENT_ID, PATH, SECRET};
use doku_sign::{DokuPrivateKey, MerchantPrivateKey, MerchantToken, TokenParties};
use notification::{Signer, connect, flood};
use place::Place;
use process::{Process, on_core, pinned};
use tempfile::TempDir;
use tokio::task::LocalSet;

const SERVED_ON: usize = 0;
const LOADED_ON: usize = 1;

/// How many are paid.
const PAYMENTS: u64 = 1_000_000;
const CONNECTIONS: u64 = 64;
/// Notifications that are signed, and then sent, at a time.
const SENT: u64 = 20_000;
/// After so many the memory is told.
const TOLD: u64 = 200_000;
/// How long a server that has just started is left alone before it counts as idle.
const SETTLES: Duration = Duration::from_secs(5);

fn main() {
    let arguments: Vec<_> = env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("load") => {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            LocalSet::new().block_on(&runtime, measure());
        }
        // `cargo bench` adds `--bench`; `cargo test --benches` does not, and has nothing to measure here.
        Some("--bench") => {
            let status = on_core(LOADED_ON, &["load"]).status();
            assert!(status.expect("the load runs").success(), "it measured");
        }
        _ => println!("run with `cargo bench -p doku-cli --bench memory`"),
    }
}

async fn measure() {
    let mut place = Place::sqlite();
    let begun = Instant::now();
    let database = place.database("memory").await;
    let location = database.parse().expect("a location");
    accounts::register(&location, PAYMENTS).await;
    let (size, took) = (megabytes(&database), begun.elapsed().as_secs_f64());
    println!("{PAYMENTS} accounts, made in {took:.0} s: a file of {size} MB");

    let keys = TempDir::new().expect("a folder");
    let key = MerchantPrivateKey::generate(2048).expect("a key");
    let mut server = serve(&keys, &key, &database);
    let ready = server.line();
    tokio::time::sleep(SETTLES).await;
    println!("idle: {}", Memory::of(&server));

    let signer = Signer::new(&bearer(&key), SECRET);
    let mut connections = Vec::new();
    for _ in 0..CONNECTIONS {
        connections.push(connect(&address(&ready)).await);
    }
    let mut paid = 0;
    let mut took = 0.0;
    while paid < PAYMENTS {
        let mut requests: Vec<_> = (0..CONNECTIONS).map(|_| Vec::new()).collect();
        for (n, connection) in (paid + 1..=paid + SENT).zip((0..requests.len()).cycle()) {
            requests[connection].push(signer.request(PATH, n));
        }
        took += flood(&mut connections, requests).await;
        paid += SENT;
        if paid % TOLD == 0 {
            let per_second = paid as f64 / took;
            println!(
                "after {paid} payments: {}; {per_second:.0} a second",
                Memory::of(&server)
            );
        }
    }
    println!("a file of {} MB", megabytes(&database));
    drop(server);
    place.remove().await;
}

/// `doku serve` with keys of its own.
fn serve(keys: &TempDir, key: &MerchantPrivateKey, database: &str) -> Process {
    let file = |name: &str, text: &str| {
        let path = keys.path().join(name);
        fs::write(&path, text).expect("a file");
        path
    };
    let doku = DokuPrivateKey::generate(2048).expect("DOKU's key");
    let public = doku.public_key().to_pem().expect("a public key");
    let mut command = pinned(SERVED_ON, Path::new(env!("CARGO_BIN_EXE_doku")));
    command
        .arg("serve")
        .env_clear()
        .env("PATH", env::var_os("PATH").unwrap_or_default())
        .env("DOKU_ENVIRONMENT", "http://127.0.0.1:9")
        .env("DOKU_CLIENT_ID", CLIENT_ID)
        .env("DOKU_SECRET_KEY_FILE", file("secret-key", SECRET))
        .env(
            "DOKU_PRIVATE_KEY_FILE",
            file("private.pem", &key.to_pkcs8_pem().expect("a key")),
        )
        .env("DOKU_PUBLIC_KEY_FILE", file("doku-public.pem", &public))
        .env("DOKU_SERVER_DATABASE", database)
        .env("DOKU_SERVER_LISTEN", "127.0.0.1:0")
        .env("DOKU_SERVER_API_LISTEN", "127.0.0.1:0")
        .current_dir(keys.path());
    Process::start(command)
}

fn bearer(key: &MerchantPrivateKey) -> String {
    let parties = TokenParties {
        issuer: CLIENT_ID,
        client_id: CLIENT_ID,
    };
    let life = Duration::from_secs(60 * 60);
    let bearer = MerchantToken::issue(key, parties, SystemTime::now(), life);
    bearer.expect("a bearer").expose().to_owned()
}

/// Where it listens, by the line that it prints.
fn address(ready: &str) -> String {
    let ready: serde_json::Value = serde_json::from_str(ready).expect("a line of JSON");
    let url = ready["baseUrl"].as_str().expect("a URL");
    url.trim_start_matches("http://").to_owned()
}

fn megabytes(file: &str) -> u64 {
    fs::metadata(file).expect("the file").len() / 1_000_000
}

/// In MiB.
struct Memory {
    resident: f64,
    of_files: f64,
    most: f64,
}

impl Memory {
    fn of(process: &Process) -> Self {
        let status = fs::read_to_string(format!("/proc/{}/status", process.child.id()));
        let status = status.expect("Linux tells");
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let kilobytes = line.and_then(|line| line.split_whitespace().next());
            kilobytes
                .expect("a field")
                .parse::<f64>()
                .expect("a number")
                / 1024.0
        };
        Self {
            resident: field("VmRSS:"),
            of_files: field("RssFile:"),
            most: field("VmHWM:"),
        }
    }
}

impl std::fmt::Display for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:.1} MiB resident, {:.1} of them mapped files; {:.1} at most so far",
            self.resident, self.of_files, self.most
        )
    }
}
