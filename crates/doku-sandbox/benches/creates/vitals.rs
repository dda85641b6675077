//! What Linux tells of a process: its memory, and how long its threads have worked.

use std::fs;
use std::time::Duration;

const MIB: f64 = 1024.0 * 1024.0;

/// In bytes.
pub(crate) struct Memory {
    /// Resident now: code, data, and what is mapped of files.
    pub(crate) resident: f64,
    /// The most that was resident so far.
    most: f64,
}

impl Memory {
    pub(crate) fn of(process: u32) -> Self {
        let status = fs::read_to_string(format!("/proc/{process}/status")).expect("Linux tells");
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let kilobytes = line.and_then(|line| line.split_whitespace().next());
            let kilobytes: f64 = kilobytes
                .expect("a field")
                .parse()
                .expect("a number of KiB");
            kilobytes * 1024.0
        };
        Self {
            resident: field("VmRSS:"),
            most: field("VmHWM:"),
        }
    }
}

impl std::fmt::Display for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:.1} MiB resident, {:.1} at most so far",
            self.resident / MIB,
            self.most / MIB
        )
    }
}

/// How long all threads of a process have worked so far.
pub(crate) fn worked(process: u32) -> Duration {
    let threads = fs::read_dir(format!("/proc/{process}/task")).expect("Linux tells");
    threads
        .filter_map(|thread| {
            let path = thread.ok()?.path().join("schedstat");
            // A thread may end between the two.
            let told = fs::read_to_string(path).ok()?;
            told.split_whitespace().next()?.parse().ok()
        })
        .map(Duration::from_nanos)
        .sum()
}
