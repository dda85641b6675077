//! `doku sandbox` and `doku serve` as processes that do not outlive their test.

use std::fs::OpenOptions;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};

use serde_json::Value;

/// A program that has said that it is ready.
pub(crate) struct Program {
    child: Child,
    // Whoever writes to a pipe that nobody holds dies of it.
    _stdout: BufReader<ChildStdout>,
    /// The line of JSON with which it says so.
    pub(crate) ready: Value,
}

impl Program {
    /// Starts `doku` with these arguments and variables and no others, and waits for its line. What it logs is added to `log`.
    pub(crate) fn start(arguments: &[&str], variables: &[(String, String)], log: &Path) -> Self {
        let stderr = OpenOptions::new().create(true).append(true).open(log);
        let mut child = Command::new(env!("CARGO_BIN_EXE_doku"))
            .args(arguments)
            .env_clear()
            .envs(
                variables
                    .iter()
                    .map(|(name, value)| (name.as_str(), value.as_str())),
            )
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(stderr.unwrap())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        // It comes, or the program ends and with it the line.
        stdout.read_line(&mut line).unwrap();
        let ready = serde_json::from_str(&line).unwrap_or_else(|error| {
            let log = std::fs::read_to_string(log).unwrap_or_default();
            let end = log.len().saturating_sub(4000);
            let said = log.get(end..).unwrap_or(&log);
            panic!("{arguments:?} is not ready: {error}: {line:?}, {said}")
        });
        Self {
            child,
            _stdout: stdout,
            ready,
        }
    }

    /// A member of its line.
    pub(crate) fn told(&self, member: &str) -> &str {
        self.ready[member].as_str().unwrap()
    }

    /// SIGKILL: nothing is told to it, and it does nothing more.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already.
        let _ended = self.child.kill();
        let _waited = self.child.wait();
    }
}

/// An address for a server that comes back to it.
///
/// It lies below the ports that a machine gives to connections. Among those, somebody else's connection could take the port
/// while the server is away, and a client that knocks there long enough ends up connected to itself.
pub(crate) fn lasting_address() -> String {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    const FIRST: u16 = 20_000;
    const PORTS: u32 = 12_000;
    const APART: u32 = 16;
    // Processes that run beside each other begin at different ones.
    let begin = std::process::id().wrapping_mul(APART);
    for _ in 0..PORTS {
        let offset = begin.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed).into()) % PORTS;
        let address = format!("127.0.0.1:{}", FIRST + u16::try_from(offset).unwrap());
        if TcpListener::bind(&address).is_ok() {
            return address;
        }
    }
    panic!("no port is free below those for connections");
}
