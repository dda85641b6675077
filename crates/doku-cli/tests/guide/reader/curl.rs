//! In place of `curl`, which not every machine has: a program of that name, which hands what it was called with to the test
//! and prints what the test was answered.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;

use crate::http;

/// Calls one after the other: `request` and `answer` are pipes in the folder of the program.
const PROGRAM: &str = "#!/bin/sh
folder=$(dirname \"$0\")
for word in \"$@\"; do printf '%s\\0' \"$word\"; done > \"$folder/request\"
cat \"$folder/answer\"
";

/// The program, and whoever makes its calls.
pub(super) struct Curl {
    calls: Arc<Mutex<Vec<Call>>>,
}

/// A call that was made.
#[derive(Debug)]
#[expect(dead_code, reason = "it is shown where a call went wrong")]
struct Call {
    words: Vec<String>,
    status: Option<u16>,
    answer: String,
}

impl Curl {
    pub(super) fn install(folder: &Path) -> Self {
        let program = folder.join("curl");
        fs::write(&program, PROGRAM).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let pipes = ["request", "answer"].map(|name| folder.join(name));
        let made = Command::new("mkfifo").args(&pipes).status().unwrap();
        assert!(made.success());
        let calls = Arc::default();
        let curl = Self {
            calls: Arc::clone(&calls),
        };
        let [request, answer] = pipes;
        // It waits for the next call until the test ends, and with it the process.
        thread::spawn(move || {
            loop {
                let text = fs::read_to_string(&request).unwrap();
                let call = call(text.trim_end_matches('\0').split('\0'));
                // Noted before the program ends, and the block with it.
                let printed = call.answer.clone();
                calls.lock().unwrap().push(call);
                fs::write(&answer, printed).unwrap();
            }
        });
        curl
    }

    /// Each call since the last time was answered, and well.
    #[track_caller]
    pub(super) fn all_went_well(&self, at: &str) {
        for call in self.calls.lock().unwrap().drain(..) {
            let well = call
                .status
                .is_some_and(|status| (200..300).contains(&status));
            assert!(well, "{at}: {call:?}");
        }
    }
}

/// Makes the call that `curl` would have made with these words. It fails and does not panic: somebody waits for an answer.
fn call<'w>(words: impl Iterator<Item = &'w str>) -> Call {
    let words: Vec<&str> = words.collect();
    let (status, answer) = match answered(&words) {
        Ok((status, answer)) => (Some(status), answer),
        Err(why) => (None, why),
    };
    Call {
        words: words.iter().map(|word| (*word).to_owned()).collect(),
        status,
        answer,
    }
}

fn answered(words: &[&str]) -> Result<(u16, String), String> {
    let (mut method, mut url, mut body) = (None, None, None);
    let mut headers: Vec<(&str, &str)> = Vec::new();
    let mut follows = false;
    let mut words = words.iter().copied();
    while let Some(word) = words.next() {
        match word {
            "-N" => follows = true,
            "-X" => method = words.next(),
            "-d" => body = words.next(),
            "-H" => headers.extend(words.next().and_then(|header| header.split_once(": "))),
            _ => match word.strip_prefix("http://") {
                Some(rest) => url = rest.split_once('/'),
                None => return Err(format!("what is {word} to curl?")),
            },
        }
    }
    let (address, path) = url.ok_or("there is no URL with a path")?;
    let is_json = |(name, value): &(&str, &str)| {
        name.eq_ignore_ascii_case("content-type") && *value == "application/json"
    };
    if body.is_some() && !headers.iter().any(is_json) {
        return Err("curl would call it a form, and nobody here takes one".to_owned());
    }
    headers.retain(|header| !is_json(header));
    let method = method.unwrap_or(if body.is_some() { "POST" } else { "GET" });
    let (path, body) = (format!("/{path}"), body.unwrap_or_default());
    if follows {
        return first_event(address, method, &path, &headers);
    }
    http::call(address, method, &path, &headers, body)
        .map(|reply| (reply.status, reply.body))
        .map_err(|error| error.to_string())
}

/// What a stream tells first; it does not end by itself, and its reader does not wait for more.
fn first_event(
    address: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
) -> Result<(u16, String), String> {
    let stream =
        http::send(address, method, path, headers, "").map_err(|error| error.to_string())?;
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let head = lines.next().unwrap_or_default();
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    let event = lines.find(|line| line.starts_with("data:"));
    match (status, event) {
        (Some(status), Some(event)) => Ok((status, event)),
        _ => Err(head),
    }
}
