//! How soon the command is there: `doku --help` from start to end, and `doku sandbox` from its start to the line that says
//! where it listens, and to the answer of a token request.
//!
//! The floor is a process that does nothing. All take turns, and the figures are medians of many.

#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

use std::env;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use doku_model::{Operation, Timestamp};
use doku_sign::{Backend, MerchantPrivateKey, StringToSign};
use tempfile::TempDir;

/// Starts of each kind; odd, so that there is a median.
const TURNS: usize = 41;

/// The program.
const DOKU: &str = env!("CARGO_BIN_EXE_doku");

fn main() {
    // `cargo bench` adds `--bench`; `cargo test --benches` does not, and has nothing to measure here.
    if env::args().nth(1).as_deref() != Some("--bench") {
        println!("run with `cargo bench -p doku-cli --bench startup`");
        return;
    }
    let kept = TempDir::new().expect("a folder");
    // The first start makes the keys that the others find.
    Start::of(Some(kept.path()));
    let (mut nothing, mut help) = (Vec::new(), Vec::new());
    let (mut made_up, mut again) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        nothing.push(ended(&mut Command::new("/bin/true")));
        help.push(ended(Command::new(DOKU).arg("--help")));
        made_up.push(Start::of(None));
        again.push(Start::of(Some(kept.path())));
    }
    println!("medians and ninth deciles of {TURNS} starts, in ms");
    println!("| | median | nine of ten within |");
    println!("|---|---|---|");
    row("a process that does nothing", nothing);
    row("doku --help", help);
    for (name, starts) in [("merchant made up", made_up), ("keys from a folder", again)] {
        let listens = starts.iter().map(|start| start.listens).collect();
        row(&format!("doku sandbox, {name}: it listens"), listens);
        let answers = starts.iter().map(|start| start.answers).collect();
        row(
            &format!("doku sandbox, {name}: a token is answered"),
            answers,
        );
    }
}

/// How long a process lives that ends by itself.
fn ended(command: &mut Command) -> Duration {
    let began = Instant::now();
    let status = command.stdout(Stdio::null()).status().expect("it starts");
    assert!(status.success(), "it succeeds");
    began.elapsed()
}

/// What passed since a sandbox was started.
struct Start {
    listens: Duration,
    answers: Duration,
}

impl Start {
    /// Starts one, with the keys that are kept in this folder, or with a merchant that is made up.
    fn of(kept: Option<&Path>) -> Self {
        let mut command = Command::new(DOKU);
        command
            .args(["sandbox", "--listen", "127.0.0.1:0", "--quiet"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        if let Some(folder) = kept {
            command.arg("--data-dir").arg(folder);
        }
        let began = Instant::now();
        let mut sandbox = Sandbox(command.spawn().expect("it starts"));
        let output = sandbox.0.stdout.take().expect("its output");
        let mut line = String::new();
        let read = BufReader::new(output).read_line(&mut line);
        assert!(read.expect("it says something") > 0, "it ended early");
        let listens = began.elapsed();

        let ready: serde_json::Value = serde_json::from_str(&line).expect("a line of JSON");
        let setting = |name: &str| ready["environment"][name].as_str().expect("a setting");
        let key = std::fs::read_to_string(setting("DOKU_PRIVATE_KEY_FILE")).expect("a key file");
        let key = MerchantPrivateKey::from_pem(&key)
            .and_then(|key| key.on(Backend::AwsLcRs))
            .expect("a key");
        let address = setting("DOKU_ENVIRONMENT").trim_start_matches("http://");
        let answer = token(address, setting("DOKU_CLIENT_ID"), &key);
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        let answers = began.elapsed();
        Self { listens, answers }
    }
}

/// What a token request is answered with.
fn token(address: &str, client_id: &str, key: &MerchantPrivateKey) -> String {
    let timestamp = Timestamp::wib(SystemTime::now().into()).to_string();
    let to_sign = StringToSign::snap_token(client_id, &timestamp);
    let signature = key.sign(&to_sign).expect("a signature").to_base64();
    let body = r#"{"grantType":"client_credentials"}"#;
    let mut connection = TcpStream::connect(address).expect("it listens");
    write!(
        connection,
        "POST {} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-type: application/json\r\n\
         x-client-key: {client_id}\r\nx-timestamp: {timestamp}\r\nx-signature: {signature}\r\ncontent-length: {}\r\n\r\n{body}",
        Operation::Token.path(),
        body.len()
    )
    .expect("it is sent");
    let mut answer = String::new();
    connection
        .read_to_string(&mut answer)
        .expect("it is answered");
    answer
}

/// Told to stop as a person would, so that it takes its temporary keys away.
struct Sandbox(Child);

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}

fn row(name: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let milliseconds = |time: Duration| time.as_secs_f64() * 1000.0;
    println!(
        "| {name} | {:.1} | {:.1} |",
        milliseconds(times[times.len() / 2]),
        milliseconds(times[times.len() * 9 / 10])
    );
}
