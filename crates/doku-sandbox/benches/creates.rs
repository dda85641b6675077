//! Creates per second of a sandbox over loopback, and its memory, when it has just started and at a million accounts.
//!
//! Sandbox and load are processes of their own, the sandbox on core 0 and the load on core 1 where `taskset` is there to pin
//! them. One sandbox is filled over HTTP; a young one stands beside it, and an axum handler that does nothing. Rounds of
//! them alternate, and the figures are medians of the ratios, so that a machine that slows down slows down all of them.

#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

#[path = "creates/caller.rs"]
mod caller;
#[path = "creates/load.rs"]
mod load;
#[expect(dead_code, reason = "shared with other benchmarks")]
#[path = "../../doku-server/benches/durable/process.rs"]
mod process;
#[path = "creates/serving.rs"]
mod serving;
#[path = "creates/vitals.rs"]
mod vitals;

use std::env;
use std::path::Path;

use process::on_core;

const SERVED_ON: usize = 0;
const LOADED_ON: usize = 1;

fn main() {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["sandbox", merchant] => serving::sandbox(Path::new(merchant)),
        ["empty"] => serving::empty(),
        ["load"] => load::run(),
        // `cargo bench` adds `--bench`; `cargo test --benches` does not, and has nothing to measure here.
        ["--bench", ..] => {
            let status = on_core(LOADED_ON, &["load"]).status();
            assert!(status.expect("the load runs").success(), "it measured");
        }
        _ => println!("run with `cargo bench -p doku-sandbox --bench creates`"),
    }
}
