//! DOKU, which lives on, and a server that is killed and comes back to the same database and the same addresses.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::http::{Reply, call, send};
use crate::program::{Program, lasting_address};

const API_KEY: &str = "a-key-that-nobody-guesses-4711";

/// How long one call to DOKU may take here. What a kill leaves open is settled half a minute later than that, which at the
/// usual 45 seconds would be most of the test's time.
const SETTINGS: &str = "[doku]\ndeadlineSeconds = 4\n";

pub(crate) struct World {
    doku: Program,
    doku_address: String,
    server: Mutex<Option<Program>>,
    outside: String,
    inside: String,
    database: String,
    kills: AtomicU64,
    folder: TempDir,
}

impl World {
    /// With this PostgreSQL, or a file. The merchant is made up, so that several ledgers may share one database.
    pub(crate) fn open(postgres: Option<String>, resend: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        let [outside, inside] = [(); 2].map(|()| lasting_address());
        let at = |path: &str| format!("http://{outside}{path}");
        let doku = Program::start(
            &[
                "sandbox",
                "--listen",
                "127.0.0.1:0",
                "--quiet",
                "--keys",
                &file("keys"),
                "--bin",
                "8130:dipc",
                "--token-url",
                &at("/authorization/v1/access-token/b2b"),
                "--inquiry-url",
                &at("/v1.1/transfer-va/inquiry"),
                "--notification-url",
                &at("/v1/transfer-va/payment"),
                "--resend",
                resend,
                // Nobody saves the server from a second account but itself.
                "--repeated-trx-id",
                "madeAgain",
            ],
            &[],
            Path::new(&file("sandbox.log")),
        );
        std::fs::write(file("api-keys"), format!("shop={API_KEY}\n")).unwrap();
        std::fs::write(file("doku.toml"), SETTINGS).unwrap();
        let doku_address = doku
            .told("baseUrl")
            .trim_start_matches("http://")
            .to_owned();
        let world = Self {
            doku,
            doku_address,
            server: Mutex::new(None),
            outside,
            inside,
            database: postgres.unwrap_or_else(|| file("doku.sqlite")),
            kills: AtomicU64::new(0),
            folder,
        };
        world.start();
        world
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn server(&self) -> MutexGuard<'_, Option<Program>> {
        self.server.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts the server where it is dead.
    pub(crate) fn start(&self) {
        let mut server = self.server();
        if server.is_some() {
            return;
        }
        let told = self.doku.ready["environment"].as_object().unwrap();
        let mut variables: Vec<(String, String)> = told
            .iter()
            .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
            .collect();
        let keys = self.file("api-keys").to_str().unwrap().to_owned();
        for (name, value) in [
            ("DOKU_SERVER_LISTEN", &self.outside),
            ("DOKU_SERVER_API_LISTEN", &self.inside),
            ("DOKU_SERVER_API_KEYS_FILE", &keys),
            ("DOKU_SERVER_DATABASE", &self.database),
            // What a failure is explained with.
            ("RUST_LOG", &"warn".to_owned()),
        ] {
            variables.push((name.to_owned(), value.clone()));
        }
        let settings = self.file("doku.toml").to_str().unwrap().to_owned();
        let arguments = ["serve", "--config", &settings];
        *server = Some(Program::start(
            &arguments,
            &variables,
            &self.file("server.log"),
        ));
    }

    /// SIGKILL, where it lives.
    pub(crate) fn kill(&self) {
        if let Some(server) = self.server().take() {
            server.kill();
            self.kills.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(crate) fn kills(&self) -> u64 {
        self.kills.load(Ordering::Relaxed)
    }

    /// A call of the merchant's application; none where no whole answer came.
    pub(crate) fn api(
        &self,
        method: &str,
        path: &str,
        key: Option<&str>,
        body: &str,
    ) -> Option<Reply> {
        let authorization = format!("Bearer {API_KEY}");
        let mut headers = vec![("Authorization", authorization.as_str())];
        headers.extend(key.map(|key| ("Idempotency-Key", key)));
        call(&self.inside, method, path, &headers, body).ok()
    }

    /// What a server that lives answers to a question.
    #[track_caller]
    pub(crate) fn ask(&self, path: &str) -> Value {
        let reply = self.api("GET", path, None, "").unwrap();
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.json()
    }

    /// What the server wrote last.
    pub(crate) fn log(&self) -> String {
        const LINES: usize = 30;
        let log = std::fs::read_to_string(self.file("server.log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        let from = lines.len().saturating_sub(LINES);
        lines.get(from..).unwrap_or_default().join("\n")
    }

    /// A figure of `/metrics` that has no labels.
    #[track_caller]
    pub(crate) fn figure(&self, name: &str) -> String {
        let reply = self.api("GET", "/metrics", None, "").unwrap();
        let mut lines = reply.body.lines();
        let value = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        value
            .unwrap_or_else(|| panic!("no {name}: {reply:?}"))
            .to_owned()
    }

    /// The stream of events from the beginning, to be read line by line.
    pub(crate) fn events(&self) -> std::net::TcpStream {
        let authorization = format!("Bearer {API_KEY}");
        let headers = [("Authorization", authorization.as_str())];
        send(&self.inside, "GET", "/v1/events", &headers, "").unwrap()
    }

    /// A request to DOKU's control plane, which lives.
    #[track_caller]
    pub(crate) fn control(&self, method: &str, path: &str, body: &Value) -> Reply {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let path = format!("/_sandbox/{path}");
        call(&self.doku_address, method, &path, &[], &body).unwrap()
    }

    #[track_caller]
    pub(crate) fn look(&self, path: &str) -> Value {
        self.control("GET", path, &Value::Null).json()
    }

    /// Moves DOKU's clock, and comes back when everything that became due was tried.
    pub(crate) fn advance(&self, seconds: u64) {
        let reply = self.control("POST", "clock", &json!({ "advanceSeconds": seconds }));
        assert_eq!(reply.status, 200, "{reply:?}");
    }

    pub(crate) fn fault(&self, fault: &Value) {
        let reply = self.control("POST", "faults", fault);
        assert_eq!(reply.status, 200, "{reply:?}");
    }

    pub(crate) fn no_more_faults(&self) {
        self.control("DELETE", "faults", &Value::Null);
    }

    /// The accounts at DOKU from the `skip`th on, in the order of creation.
    pub(crate) fn accounts_at_doku(&self, skip: usize) -> Vec<Value> {
        let mut all = Vec::new();
        loop {
            let path = format!("virtual-accounts?after={}", skip + all.len());
            match self.look(&path)["virtualAccounts"].take() {
                Value::Array(page) if !page.is_empty() => all.extend(page),
                _ => return all,
            }
        }
    }

    /// What DOKU told the merchant, with its attempts.
    pub(crate) fn notifications(&self) -> Vec<Value> {
        match self.look("notifications")["notifications"].take() {
            Value::Array(all) => all,
            other => panic!("{other}"),
        }
    }

    /// `doku ledger export` of payments or accounts.
    pub(crate) fn export(&self, what: &str) -> Vec<Value> {
        let output = Command::new(env!("CARGO_BIN_EXE_doku"))
            .args(["ledger", "export", what, "--format", "json"])
            .env_clear()
            .env("DOKU_CLIENT_ID", self.doku.told("clientId"))
            .env("DOKU_SERVER_DATABASE", &self.database)
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// Every item of a list of the merchant API after a cursor, and where to go on.
    pub(crate) fn list(&self, what: &str, after: &str) -> (Vec<Value>, String) {
        let mut all = Vec::new();
        let mut cursors = HashSet::new();
        let mut cursor = after.to_owned();
        loop {
            let mut page = self.ask(&format!("/v1/{what}?limit=1000&after={cursor}"));
            let Value::Array(items) = page["items"].take() else {
                panic!("{page}");
            };
            if items.is_empty() {
                return (all, cursor);
            }
            all.extend(items);
            cursor = page["next"].as_str().unwrap().to_owned();
            assert!(cursors.insert(cursor.clone()), "{cursor} leads back");
        }
    }
}
