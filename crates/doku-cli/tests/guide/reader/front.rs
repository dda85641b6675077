//! Commands that stay in front until they are stopped.

use std::io::{BufRead as _, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::thread;

use serde_json::Value;

/// Whether a command stays in front.
pub(super) fn stays(command: &str) -> bool {
    let words: Vec<&str> = command.split_whitespace().collect();
    matches!(words[..], ["doku", "sandbox" | "listen" | "serve", ..]) && !words.contains(&"--check")
}

/// One that said that it is ready, and runs until it is dropped.
pub(super) struct Front {
    child: Child,
    /// What it said; nothing where it speaks to people alone.
    ready: Value,
}

impl Front {
    /// Does what a block says, whose last command stays.
    pub(super) fn start(at: &str, code: &str, mut shell: Command) -> Self {
        let (before, last) = code
            .trim_end()
            .rsplit_once('\n')
            .unwrap_or(("", code.trim_end()));
        // Two readers of this page may be at it at the same time, so each takes a port that is free.
        let anywhere = if last.starts_with("doku serve") {
            ""
        } else {
            " --listen 127.0.0.1:0"
        };
        let mut child = shell
            .args(["-eu", "-c", &format!("{before}\nexec {last}{anywhere}")])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (stdout, stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let ready = if last.starts_with("doku listen") {
            first_line(stderr, |line| {
                line.contains("http://").then_some(Value::Null)
            });
            drained(stdout);
            Some(Value::Null)
        } else {
            let told = drained(stderr);
            let ready = first_line(stdout, |line| {
                let told: Value = serde_json::from_str(line).ok()?;
                (told["event"] == "ready").then_some(told)
            });
            ready.or_else(|| panic!("{at}: {}", told.join().unwrap()))
        };
        Self {
            child,
            ready: ready.unwrap(),
        }
    }

    pub(super) fn told(&self, member: &str) -> &str {
        self.ready[member].as_str().unwrap()
    }

    /// What it says is to be pasted into a terminal.
    pub(super) fn environment(&self) -> impl Iterator<Item = (&str, &str)> {
        let told = self.ready["environment"].as_object().unwrap();
        told.iter()
            .map(|(name, value)| (name.as_str(), value.as_str().unwrap()))
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        // It may have ended already.
        let _ended = self.child.kill();
        let _waited = self.child.wait();
    }
}

/// The first line that fits; none where what is read ends before. What comes after it is read and dropped: whoever writes
/// to a pipe that nobody reads dies of it.
fn first_line(
    from: impl Read + Send + 'static,
    fits: impl Fn(&str) -> Option<Value>,
) -> Option<Value> {
    let mut from = BufReader::new(from);
    let mut line = String::new();
    loop {
        line.clear();
        if from.read_line(&mut line).unwrap() == 0 {
            return None;
        }
        if let Some(found) = fits(&line) {
            drained(from);
            return Some(found);
        }
    }
}

/// Reads to the end beside everything else.
fn drained(mut from: impl Read + Send + 'static) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut text = String::new();
        // What it said last is of use, however it ended.
        let _ended = from.read_to_string(&mut text);
        text
    })
}
