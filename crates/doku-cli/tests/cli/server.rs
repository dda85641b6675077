//! A server of ours beside a local DOKU that calls it, in an empty folder.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Doku, Run, Sandbox};

pub(crate) const API_KEY: &str = "a-key-that-nobody-guesses-4711";

/// A server that runs until it is dropped.
pub(crate) struct Server {
    process: Process,
    stdout: BufReader<ChildStdout>,
    /// What it said when it listened.
    pub(crate) ready: Value,
    sandbox: Sandbox,
    /// Where DOKU calls: it was told before there was anybody.
    pub(crate) outside: String,
    how: How,
    pub(crate) home: TempDir,
}

/// How a server is started.
#[derive(Default)]
struct How {
    arguments: Vec<String>,
    /// With the loudest log there is.
    loud: bool,
    /// With nobody who may call the merchant API.
    keyless: bool,
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// With the loudest log there is.
    pub(crate) fn start_loud() -> Self {
        Self::start_how(How {
            loud: true,
            ..How::default()
        })
    }

    /// With nobody who may call the merchant API.
    pub(crate) fn start_without_keys() -> Self {
        Self::start_how(How {
            keyless: true,
            ..How::default()
        })
    }

    pub(crate) fn start_with(arguments: &[&str]) -> Self {
        Self::start_how(How {
            arguments: arguments.iter().map(|text| (*text).to_owned()).collect(),
            ..How::default()
        })
    }

    fn start_how(how: How) -> Self {
        // Free a moment ago, which is as good as it gets: DOKU must know the address before the server can have it.
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let outside = free.local_addr().unwrap().to_string();
        drop(free);
        let folder = TempDir::new().unwrap();
        let keys = folder.path().join("keys").to_str().unwrap().to_owned();
        let sandbox = Sandbox::start_with(
            folder,
            &[
                "--keys",
                &keys,
                "--token-url",
                &format!("http://{outside}/authorization/v1/access-token/b2b"),
                "--notification-url",
                &format!("http://{outside}/v1/transfer-va/payment"),
            ],
        );
        std::fs::write(sandbox.file("api-keys"), format!("shop={API_KEY}\n")).unwrap();
        Self::run(sandbox, outside, TempDir::new().unwrap(), how)
    }

    fn run(sandbox: Sandbox, outside: String, home: TempDir, how: How) -> Self {
        let stderr = File::create(sandbox.file("server.log")).unwrap();
        let keys = if how.keyless {
            String::new()
        } else {
            sandbox.path("api-keys")
        };
        let mut child = Command::new(env!("CARGO_BIN_EXE_doku"))
            .arg("serve")
            .args(&how.arguments)
            .env_clear()
            .envs(variables(&sandbox, &outside, &home))
            .env("DOKU_SERVER_DATABASE", "")
            .env("DOKU_SERVER_API_KEYS_FILE", keys)
            .env("RUST_LOG", if how.loud { "trace" } else { "" })
            .env("DOKU_SERVER_API_LISTEN", "127.0.0.1:0")
            .current_dir(home.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(stderr)
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap_or_else(|error| {
            let log = std::fs::read_to_string(sandbox.file("server.log"));
            panic!("{error}: {line:?}, {log:?}")
        });
        assert_eq!(ready["event"], "ready");
        Self {
            process: Process(child),
            stdout,
            ready,
            sandbox,
            outside,
            how,
            home,
        }
    }

    /// Stopped, and started again over the same database.
    pub(crate) fn restart(mut self) -> Self {
        let run = self.end("TERM");
        assert_eq!(run.code, 0, "{run:?}");
        let Self {
            sandbox,
            outside,
            how,
            home,
            ..
        } = self;
        Self::run(sandbox, outside, home, how)
    }

    /// Sends a signal by name and waits for the end.
    pub(crate) fn stop(mut self, signal: &str) -> Run {
        self.end(signal)
    }

    fn end(&mut self, signal: &str) -> Run {
        let kill = format!("kill -{signal} {}", self.process.0.id());
        let sent = Command::new("sh").args(["-c", &kill]).status().unwrap();
        assert!(sent.success());
        let status = self.process.0.wait().unwrap();
        let mut stdout = String::new();
        self.stdout.read_to_string(&mut stdout).unwrap();
        Run {
            code: status.code().unwrap(),
            stdout,
            stderr: self.log(),
        }
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.sandbox.file("server.log")).unwrap()
    }

    /// A file of the test.
    pub(crate) fn path(&self, name: &str) -> String {
        self.sandbox.path(name)
    }

    /// The merchant's secret key and its private key.
    pub(crate) fn secrets(&self) -> [String; 2] {
        ["DOKU_SECRET_KEY_FILE", "DOKU_PRIVATE_KEY_FILE"].map(|name| {
            let file = self.sandbox.ready["environment"][name].as_str().unwrap();
            std::fs::read_to_string(file).unwrap()
        })
    }

    /// `doku` with the server's own environment.
    pub(crate) fn doku(&self, arguments: &[&str]) -> Doku {
        let api = self.ready["apiUrl"].as_str().unwrap();
        variables(&self.sandbox, &self.outside, &self.home)
            .into_iter()
            .fold(crate::support::doku(arguments), |doku, (name, value)| {
                doku.env(&name, &value)
            })
            .env("DOKU_SERVER_API_LISTEN", api.trim_start_matches("http://"))
    }

    /// `doku ledger …` for whoever has no keys: the database and the client id are enough.
    pub(crate) fn ledger(&self, arguments: &[&str]) -> Run {
        let client_id = self.sandbox.ready["clientId"].as_str().unwrap();
        crate::support::doku(&["ledger"])
            .arguments(arguments)
            .env("DOKU_CLIENT_ID", client_id)
            .env("DOKU_SERVER_DATABASE", &database(&self.home))
            .run()
    }

    /// A call of the merchant API.
    pub(crate) fn api(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        let address = self.ready["apiUrl"].as_str().unwrap();
        let address = address.trim_start_matches("http://");
        let body = body.map(Value::to_string).unwrap_or_default();
        let mut stream = TcpStream::connect(address).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nAuthorization: Bearer {API_KEY}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, serde_json::from_str(body).unwrap())
    }

    /// An order over Rp11.500.
    pub(crate) fn order(&self, trx_id: &str) -> Value {
        let order = json!({
            "trxId": trx_id,
            "mode": "doku_generated",
            "name": "Budi Santoso",
            "bill": { "type": "closed", "amount": "11500.00" },
        });
        let (status, made) = self.api("POST", "/v1/virtual-accounts", Some(&order));
        assert_eq!(status, 201, "{made}");
        made
    }

    /// Somebody pays at BTN, and DOKU tells.
    pub(crate) fn pay(&self, number: &str, amount: &str) -> Value {
        let order = json!({ "virtualAccountNo": number, "amount": amount });
        self.sandbox.control("POST", "pay", &order.to_string())
    }

    /// DOKU tells of a payment again.
    pub(crate) fn resend(&self, id: &str) -> Value {
        let path = format!("notifications/{id}/resend");
        self.sandbox.control("POST", &path, "")
    }
}

/// A process that does not outlive its test.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ended = self.0.kill();
        let _waited = self.0.wait();
    }
}

/// What a server finds in its environment.
fn variables(sandbox: &Sandbox, outside: &str, home: &TempDir) -> Vec<(String, String)> {
    let told = sandbox.ready["environment"].as_object().unwrap();
    let mut variables: Vec<(String, String)> = told
        .iter()
        .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
        .collect();
    for (name, value) in [
        ("DOKU_SERVER_LISTEN", outside.to_owned()),
        ("DOKU_SERVER_API_KEYS_FILE", sandbox.path("api-keys")),
        ("DOKU_SERVER_DATABASE", database(home)),
    ] {
        variables.push((name.to_owned(), value));
    }
    variables
}

fn database(home: &TempDir) -> String {
    let file = home.path().join("doku.sqlite");
    file.to_str().unwrap().to_owned()
}
