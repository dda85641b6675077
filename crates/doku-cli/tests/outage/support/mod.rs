//! What the tests share: DOKU, servers, a database that can be stopped, a way that can be cut, and who receives webhooks.

mod cluster;
mod doku;
mod http;
mod proxy;
mod receiver;
mod replica;

use std::path::PathBuf;
use std::time::{Duration, Instant};

pub(crate) use cluster::Cluster;
pub(crate) use doku::{Doku, Pay};
pub(crate) use http::{Answer, ask, send};
pub(crate) use proxy::{Proxy, Way};
pub(crate) use receiver::Receiver;
pub(crate) use replica::{Replica, Starting};

/// Longer than anything takes that comes at all: a delivery whose taker was cut off is free again after a minute.
pub(crate) const PATIENCE: Duration = Duration::from_secs(100);

/// Asks until the answer is the right one.
#[track_caller]
pub(crate) fn eventually<T: std::fmt::Debug>(
    what: &str,
    mut ask: impl FnMut() -> T,
    right: impl Fn(&T) -> bool,
) -> T {
    let begun = Instant::now();
    loop {
        let answer = ask();
        if right(&answer) {
            return answer;
        }
        assert!(begun.elapsed() < PATIENCE, "{what}: {answer:?}");
        std::thread::yield_now();
        std::thread::park_timeout(Duration::from_millis(20));
    }
}

/// A program, on PATH or in one of these folders.
pub(crate) fn program(name: &str, folders: &[PathBuf]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(folders.iter().cloned())
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// Says that a test was skipped, and why. The runner shows no output of tests that pass: `cargo xtask test` says it aloud, and
/// CI, which has everything, skips nothing.
#[track_caller]
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
pub(crate) fn skipped(why: &str) {
    assert!(
        std::env::var("CI").as_deref() != Ok("true"),
        "{why}, and CI skips nothing"
    );
    eprintln!("skipped: {why}");
}
