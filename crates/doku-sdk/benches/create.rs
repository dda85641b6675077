//! Creates per second over loopback, beside bare reqwest that sends the same bytes to the same stub.
//!
//! Client and stub are processes of their own, the client on core 0 and the stub on core 1 where `taskset` is there to pin
//! them. Rounds of client and floor alternate, and the figure is the median of the ratios, so that a machine that
//! slows down slows down both.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark prints its table"
)]

#[path = "create/client.rs"]
mod client;
#[path = "create/stub.rs"]
mod stub;

use std::env;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// Pairs of rounds; odd, so that there is a median.
const ROUNDS: usize = 9;

fn main() {
    let mut arguments = env::args().skip(1);
    match (arguments.next().as_deref(), arguments.next()) {
        (Some("stub"), _) => stub::serve(),
        (Some("client"), Some(base_url)) => client::run(&base_url, ROUNDS),
        // `cargo bench` adds `--bench`; `cargo test --benches` does not, and has nothing to measure here.
        (Some("--bench"), _) => compare(),
        _ => println!("run with `cargo bench -p doku-sdk --bench create`"),
    }
}

fn compare() {
    let mut stub = Stub(
        on_core(1, &["stub"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the stub starts"),
    );
    let output = stub.0.stdout.take().expect("the stub's output");
    let mut base_url = String::new();
    BufReader::new(output)
        .read_line(&mut base_url)
        .expect("the stub says where it listens");
    let status = on_core(0, &["client", base_url.trim()])
        .status()
        .expect("the client runs");
    assert!(status.success(), "the client measured");
}

/// Stops the stub however the comparison ends.
struct Stub(Child);

impl Drop for Stub {
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
