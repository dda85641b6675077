//! Durable notifications: how many a second with 64 in flight, and how long a lone one takes, on SQLite and on PostgreSQL.
//!
//! The figure is of the whole server, as `doku serve` runs it. Its floor is a process that issues the same statements bare:
//! prepared, with values of the same sizes, as many payments to a commit as the server's commits had in the same round, on a
//! database of the same content and durability. A lone notification's floor is one such commit of its own and the round
//! trip to an empty axum handler.
//!
//! Server, floor, and PostgreSQL with both, are on core 0; the load is on core 1. Rounds of figure and floor alternate, and
//! what counts is the median of their ratios.

#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

#[path = "../../doku-ledger/benches/support/accounts.rs"]
mod accounts;
#[path = "durable/bare.rs"]
mod bare;
#[path = "durable/compare.rs"]
mod compare;
#[path = "durable/floor.rs"]
mod floor;
#[path = "durable/notification.rs"]
mod notification;
#[path = "../../doku-ledger/benches/support/place.rs"]
mod place;
#[path = "durable/process.rs"]
mod process;
#[path = "durable/server.rs"]
mod server;

use std::env;

/// Where the server, the floor and PostgreSQL run.
const SERVED_ON: usize = 0;
/// Where the load runs.
const LOADED_ON: usize = 1;

fn main() {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["server", location, accounts] => server::serve(location, number(accounts)),
        ["floor", location, accounts] => floor::serve(location, number(accounts)),
        ["load"] => compare::run(),
        // `cargo bench` adds `--bench`; `cargo test --benches` does not, and has nothing to measure here.
        ["--bench", ..] => {
            let status = process::on_core(LOADED_ON, &["load"]).status();
            assert!(
                status.expect("the load runs").success(),
                "the load measured"
            );
        }
        _ => println!("run with `cargo bench -p doku-server --bench durable`"),
    }
}

fn number(text: &str) -> u64 {
    text.parse().expect("a number")
}
