//! Notifications per second through the axum router, beside a handler that does nothing with a body of the same size.
//!
//! Server and load are processes of their own, the server on core 0 and the load on core 1 where `taskset` is there to pin
//! them. Both routes are of the same server. Rounds of them alternate, and the figure is the median of the ratios, so that
//! a machine that slows down slows down both.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark prints its table"
)]

#[path = "notifications/load.rs"]
mod load;
#[path = "notifications/server.rs"]
mod server;

use std::env;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// What both processes know.
const CLIENT_ID: &str = "BRN-0211-1696919651918";
const SECRET: &str = "SK-benchmark-0123456789abcdef";

/// The notification's path is that of SNAP BI; the other one is as long.
const PATH: &str = "/v1/transfer-va/payment";
const EMPTY_PATH: &str = "/v1/transfer-va/nothing";

/// What a notification of the load is answered with, and so what the empty handler answers.
const ANSWER: &str = concat!(
    r#"{"responseCode":"2002500","responseMessage":"Successful","virtualAccountData":{"#,
    r#""customerNo":"00000000000000000001","partnerServiceId":"   95962","paymentRequestId":"12839218700000000","#,
    r#""virtualAccountName":"Toru Yamashita","virtualAccountNo":"   9596200000000000000000001"}}"#
);

fn main() {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["server"] => server::serve(),
        ["load", address, server, bearer] => load::run(address, server, bearer),
        // `cargo bench` adds `--bench`; `cargo test --benches` does not, and has nothing to measure here.
        ["--bench", ..] => compare(),
        _ => println!("run with `cargo bench -p doku-axum --bench notifications`"),
    }
}

fn compare() {
    let mut server = Server(
        on_core(0, &["server"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts"),
    );
    let output = server.0.stdout.take().expect("the server's output");
    let mut said = String::new();
    BufReader::new(output)
        .read_line(&mut said)
        .expect("the server says where it listens");
    let said: Vec<_> = ["load"]
        .into_iter()
        .chain(said.split_whitespace())
        .collect();
    let status = on_core(1, &said).status().expect("the load runs");
    assert!(status.success(), "the load measured");
}

/// Stops the server however the comparison ends.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// This program again, on one core where it can be pinned.
fn on_core(core: usize, arguments: &[&str]) -> Command {
    let program = env::current_exe().expect("this program has a path");
    let pinned = Command::new("taskset")
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .is_ok();
    let mut command = if pinned {
        let mut command = Command::new("taskset");
        command.arg("-c").arg(core.to_string()).arg(program);
        command
    } else {
        eprintln!("no taskset here: the figures are of processes that are not pinned");
        Command::new(program)
    };
    command.args(arguments);
    command
}
