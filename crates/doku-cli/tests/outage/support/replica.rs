//! `doku serve` as a process.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::doku::{MERCHANT, Pay};
use super::http::{Answer, ask};

const API_KEY: &str = "a-key-that-nobody-guesses-4711";
const WEBHOOK_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// The BIN of the merchant's own numbers.
const OWN: &str = "8130";

/// How a server is to be started.
pub(crate) struct Starting {
    database: String,
    webhook: Option<String>,
    /// A program that starts it, with its arguments.
    before: Vec<String>,
    environment: Vec<(String, String)>,
}

/// A server that runs until it is dropped.
pub(crate) struct Replica {
    process: Process,
    _stdout: BufReader<ChildStdout>,
    ready: Value,
    files: TempDir,
    starting: Starting,
}

/// A process that does not outlive its test.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ended = self.0.kill();
        let _waited = self.0.wait();
    }
}

/// A run of `doku` that came to its end.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Starting {
    pub(crate) fn on(database: impl Into<String>) -> Self {
        Self {
            database: database.into(),
            webhook: None,
            before: Vec::new(),
            environment: Vec::new(),
        }
    }

    /// With somebody who is told of events.
    pub(crate) fn telling(mut self, url: impl Into<String>) -> Self {
        self.webhook = Some(url.into());
        self
    }

    /// Started by another program.
    pub(crate) fn by(mut self, program: &[&str]) -> Self {
        self.before = program.iter().map(|&word| word.to_owned()).collect();
        self
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// `doku` with everything that a server needs, in `files`.
    fn command(&self, files: &Path) -> Command {
        let keys = files.join("keys");
        if !keys.exists() {
            MERCHANT.write_to(&keys).unwrap();
            std::fs::write(files.join("api-keys"), format!("shop={API_KEY}\n")).unwrap();
            std::fs::write(files.join("webhook-secret"), WEBHOOK_SECRET).unwrap();
        }
        let mut settings = String::from("[bounds]\npaymentSeconds = 20\n");
        if let Some(url) = &self.webhook {
            settings.push_str(&format!(
                "[[webhooks]]\nname = \"shop\"\nurl = \"{url}\"\nsecretFile = \"webhook-secret\"\n"
            ));
        }
        std::fs::write(files.join("doku.toml"), settings).unwrap();
        let file = |name: &str| files.join(name).to_str().unwrap().to_owned();
        let mut words = self.before.clone();
        words.push(env!("CARGO_BIN_EXE_doku").to_owned());
        let mut command = Command::new(&words[0]);
        command
            .args(&words[1..])
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            // Nobody is there: the accounts of these tests are the ledger's own.
            .env("DOKU_ENVIRONMENT", "http://127.0.0.1:9")
            .env("DOKU_CLIENT_ID", MERCHANT.client_id().as_str())
            .env("DOKU_SECRET_KEY_FILE", file("keys/secret-key"))
            .env("DOKU_PRIVATE_KEY_FILE", file("keys/private.pem"))
            .env("DOKU_PUBLIC_KEY_FILE", file("keys/doku-public.pem"))
            .env("DOKU_PARTNER_SERVICE_ID", OWN)
            .env("DOKU_SERVER_API_KEYS_FILE", file("api-keys"))
            .env("DOKU_SERVER_DATABASE", &self.database)
            .env("DOKU_SERVER_LISTEN", "127.0.0.1:0")
            .env("DOKU_SERVER_API_LISTEN", "127.0.0.1:0")
            .envs(self.environment.iter().cloned())
            .current_dir(files)
            .stdin(Stdio::null());
        command
    }

    /// Starts it, and waits until it is ready.
    #[track_caller]
    pub(crate) fn start(self) -> Replica {
        let files = TempDir::new().unwrap();
        self.start_in(files)
    }

    #[track_caller]
    fn start_in(self, files: TempDir) -> Replica {
        let log = File::options()
            .create(true)
            .append(true)
            .open(files.path().join("log"))
            .unwrap();
        let mut child = self
            .command(files.path())
            .args(["serve", "--config", "doku.toml"])
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap_or_else(|error| {
            let log = std::fs::read_to_string(files.path().join("log"));
            panic!("{error}: {line:?}, {log:?}")
        });
        Replica {
            process: Process(child),
            _stdout: stdout,
            ready,
            files,
            starting: self,
        }
    }

    /// Runs `doku` with these arguments to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        let files = TempDir::new().unwrap();
        run(self.command(files.path()).args(arguments))
    }
}

fn run(command: &mut Command) -> Run {
    let output = command.output().unwrap();
    Run {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

impl Run {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.code, Some(0), "{self:?}");
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

impl Replica {
    fn address(&self, name: &str) -> &str {
        let url = self.ready[name].as_str().unwrap();
        url.trim_start_matches("http://")
    }

    /// Where DOKU calls.
    pub(crate) fn outside(&self) -> &str {
        self.address("baseUrl")
    }

    /// Where the application calls.
    pub(crate) fn inside(&self) -> &str {
        self.address("apiUrl")
    }

    /// A call of the merchant API.
    #[track_caller]
    pub(crate) fn api(&self, method: &str, path: &str, body: &Value) -> Answer {
        let head = format!("Authorization: Bearer {API_KEY}\r\n");
        let body = match body {
            Value::Null => String::new(),
            body => body.to_string(),
        };
        ask(self.inside(), method, path, &head, &body)
    }

    /// An order over Rp25.000 under a number of the merchant's own.
    pub(crate) fn order(&self, trx_id: &str) -> Answer {
        let order = json!({
            "mode": "direct_inquiry",
            "trxId": trx_id,
            "name": "Siti Aminah",
            "bill": { "type": "closed", "amount": "25000.00" },
        });
        self.api("POST", "/v1/virtual-accounts", &order)
    }

    /// The payment of a new order.
    #[track_caller]
    pub(crate) fn ordered(&self, trx_id: &str) -> Pay {
        let made = self.order(trx_id);
        assert_eq!(made.status, 201, "{made:?}");
        Pay {
            trx_id: trx_id.to_owned(),
            number: made.json()["number"].as_str().unwrap().to_owned(),
            id: format!("P-{trx_id}"),
            amount: "25000.00",
        }
    }

    /// Everything of a list.
    #[track_caller]
    pub(crate) fn all(&self, path: &str) -> Vec<Value> {
        let mut items = Vec::new();
        let mut after = String::new();
        loop {
            let page = self.api("GET", &format!("{path}?limit=1000{after}"), &Value::Null);
            assert_eq!(page.status, 200, "{page:?}");
            let page = page.json();
            let found = page["items"].as_array().unwrap();
            if found.is_empty() {
                return items;
            }
            items.extend(found.iter().cloned());
            after = format!("&after={}", page["next"].as_str().unwrap());
        }
    }

    /// The ids of payments of an order.
    #[track_caller]
    pub(crate) fn payments(&self, trx_id: &str) -> Vec<String> {
        let payments = self.all("/v1/payments");
        payments
            .iter()
            .filter(|payment| payment["trxId"] == trx_id)
            .map(|payment| payment["id"].as_str().unwrap().to_owned())
            .collect()
    }

    /// The events of an order: ids and types.
    #[track_caller]
    pub(crate) fn events(&self, trx_id: &str) -> Vec<(String, String)> {
        let shown = self
            .doku(&["ledger", "show", trx_id, "--output", "json"])
            .json();
        let word = |event: &Value, name: &str| event[name].as_str().unwrap().to_owned();
        let events = shown["events"].as_array().unwrap();
        events
            .iter()
            .map(|event| (word(event, "id"), word(event, "type")))
            .collect()
    }

    /// That an order was paid once, and told of once.
    #[track_caller]
    pub(crate) fn paid_once(&self, trx_id: &str) {
        let path = format!("/v1/virtual-accounts/{trx_id}");
        let account = self.api("GET", &path, &Value::Null).json();
        assert_eq!(account["state"], "paid", "{account}");
        assert_eq!(account["credited"], "25000.00", "{account}");
        assert_eq!(self.payments(trx_id).len(), 1, "{trx_id}");
        let events = self.events(trx_id);
        for once in ["payment.received", "account.paid"] {
            let found = events.iter().filter(|(_, kind)| kind == once).count();
            assert_eq!(found, 1, "{once} {trx_id}");
        }
    }

    pub(crate) fn readiness(&self) -> Answer {
        ask(self.inside(), "GET", "/readyz", "", "")
    }

    /// Waits until it says that it can work.
    #[track_caller]
    pub(crate) fn becomes_ready(&self) {
        super::eventually("ready", || self.readiness(), |answer| answer.status == 200);
    }

    /// That it says it cannot work, and why.
    #[track_caller]
    pub(crate) fn says_it_is_not_ready(&self, why: &str) {
        let told = super::eventually(
            "not ready",
            || self.readiness(),
            |answer| answer.status != 200,
        );
        assert_eq!(told.status, 503, "{told:?}");
        assert!(told.body.contains(why), "{told:?}");
    }

    /// That the merchant API says that nothing was done, and what to do.
    #[track_caller]
    pub(crate) fn refuses_orders(&self, trx_id: &str) {
        let told = self.order(trx_id);
        assert_eq!(told.status, 503, "{told:?}");
        assert!(told.head.contains("application/problem+json"), "{told:?}");
        let told = told.json();
        assert_eq!(told["money"], "untouched", "{told}");
        assert_eq!(told["title"], "The ledger is not available", "{told}");
        assert_eq!(
            told["advice"], "Nothing was sent to DOKU: ask again later.",
            "{told}"
        );
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.files.path().join("log")).unwrap()
    }

    /// That a line of the log at this level says all of this.
    #[track_caller]
    pub(crate) fn logged(&self, level: &str, words: &[&str]) {
        let log = self.log();
        let found = log.lines().any(|line| {
            line.contains(&format!("\"level\":\"{level}\""))
                && words.iter().all(|word| line.contains(word))
        });
        assert!(found, "{words:?}: {log}");
    }

    /// Waits until a line of the log says all of this.
    #[track_caller]
    pub(crate) fn logged_eventually(&self, words: &[&str]) {
        let said = |log: &String| {
            let mut lines = log.lines();
            lines.any(|line| words.iter().all(|word| line.contains(word)))
        };
        super::eventually("logged", || self.log(), said);
    }

    pub(crate) fn process_id(&self) -> u32 {
        self.process.0.id()
    }

    /// `doku` with the server's own settings, while it runs or not.
    pub(crate) fn doku(&self, arguments: &[&str]) -> Run {
        let mut command = self.starting.command(self.files.path());
        run(command.args(arguments))
    }

    /// Stops it in order.
    #[track_caller]
    pub(crate) fn stop(mut self) -> (Starting, TempDir) {
        let id = self.process.0.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &id])
                .status()
                .unwrap()
                .success()
        );
        let status = self.process.0.wait().unwrap();
        assert!(status.success(), "{status}: {}", self.log());
        let Self {
            process,
            files,
            starting,
            ..
        } = self;
        drop(process);
        (starting, files)
    }

    /// Stops it and starts it again.
    #[track_caller]
    pub(crate) fn restart(self) -> Self {
        let (starting, files) = self.stop();
        starting.start_in(files)
    }
}
