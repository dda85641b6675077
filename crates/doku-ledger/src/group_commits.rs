//! How notifications shared their commits: counted by the task that writes, told by the ledger.

use std::sync::atomic::{AtomicU64, Ordering};

/// How the calls of DOKU's that this process recorded shared their commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct GroupCommits {
    /// How many commits there were.
    pub commits: u64,
    /// How many calls they recorded.
    pub calls: u64,
}

/// The same while it is counted.
#[derive(Debug, Default)]
pub(crate) struct Counted {
    commits: AtomicU64,
    calls: AtomicU64,
}

impl Counted {
    pub(crate) fn count(&self, calls: usize) {
        let calls = u64::try_from(calls).unwrap_or(u64::MAX);
        self.commits.fetch_add(1, Ordering::Relaxed);
        self.calls.fetch_add(calls, Ordering::Relaxed);
    }

    pub(crate) fn so_far(&self) -> GroupCommits {
        GroupCommits {
            commits: self.commits.load(Ordering::Relaxed),
            calls: self.calls.load(Ordering::Relaxed),
        }
    }
}
