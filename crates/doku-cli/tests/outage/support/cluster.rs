//! A PostgreSQL of the test's own, which may be stopped and started.
//!
//! A shell makes it, and removes it when its own input ends, however this process ended. Servers refuse to run as root; then
//! the shell is the user `postgres`.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock};

use super::{program, skipped};

const SCRIPT: &str = r#"
set -eu
PATH="$1:$PATH"; folder="$2"
trap 'rm -rf "$folder"' EXIT
initdb -D "$folder/data" -U doku -A trust -E UTF8 --no-sync >/dev/null 2>"$folder/log"
start() {
    pg_ctl -D "$folder/data" -w -t 60 -l "$folder/log" \
        -o "-c listen_addresses='' -k $folder -c max_connections=200" start >/dev/null
}
start && echo done
while read -r how; do
    if [ "$how" = start ]; then start; else pg_ctl -D "$folder/data" -w -m "$how" stop >/dev/null; fi
    echo done
done
pg_ctl -D "$folder/data" -m immediate stop >/dev/null
"#;

/// A server that runs until it is dropped, or this process ends.
pub(crate) struct Cluster {
    folder: PathBuf,
    programs: PathBuf,
    shell: Mutex<(Child, BufReader<ChildStdout>)>,
}

/// A database in a cluster.
pub(crate) struct Database {
    pub(crate) cluster: Arc<Cluster>,
    pub(crate) name: String,
}

impl Cluster {
    /// The one that tests share; none, and a word about it, where PostgreSQL is not installed.
    pub(crate) fn shared() -> Option<Arc<Self>> {
        static SHARED: OnceLock<Option<Arc<Cluster>>> = OnceLock::new();
        SHARED.get_or_init(Self::start).clone()
    }

    /// One that nobody else uses.
    pub(crate) fn start() -> Option<Arc<Self>> {
        let Some(programs) = programs() else {
            skipped("PostgreSQL is not installed");
            return None;
        };
        // The shell makes it and takes it away: of what tests share, nobody else is there at the end to do so.
        let name = format!("doku-outage-{:016x}", getrandom::u64().unwrap());
        let folder = std::env::temp_dir().join(name);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--", "sh"]);
            command
        } else {
            Command::new("sh")
        };
        let mut shell = command
            .args(["-c", &format!("mkdir -m 755 \"$2\"\n{SCRIPT}"), "sh"])
            .arg(&programs)
            .arg(&folder)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()
            .unwrap();
        let output = BufReader::new(shell.stdout.take().unwrap());
        let cluster = Self {
            folder,
            programs,
            shell: Mutex::new((shell, output)),
        };
        cluster.wait();
        Some(Arc::new(cluster))
    }

    /// Stops it, `fast` or `immediate`: the one ends all connections, the other is a crash.
    pub(crate) fn stop(&self, how: &str) {
        self.say(how);
    }

    pub(crate) fn start_again(&self) {
        self.say("start");
    }

    fn say(&self, word: &str) {
        let mut shell = self.shell.lock().unwrap();
        writeln!(shell.0.stdin.as_mut().unwrap(), "{word}").unwrap();
        drop(shell);
        self.wait();
    }

    fn wait(&self) {
        let mut line = String::new();
        self.shell.lock().unwrap().1.read_line(&mut line).unwrap();
        let log = || std::fs::read_to_string(self.folder.join("log"));
        assert_eq!(line.trim(), "done", "{:?}", log());
    }

    /// Where it listens.
    pub(crate) fn socket(&self) -> PathBuf {
        self.folder.join(".s.PGSQL.5432")
    }

    /// A new database.
    pub(crate) fn database(self: &Arc<Self>) -> Database {
        let name = format!("d{:016x}", getrandom::u64().unwrap());
        self.run("postgres", &format!("CREATE DATABASE {name}"));
        Database {
            cluster: Arc::clone(self),
            name,
        }
    }

    /// Runs SQL as psql does, and gives what it prints.
    #[track_caller]
    pub(crate) fn run(&self, database: &str, sql: &str) -> String {
        self.program(
            "psql",
            &["-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", sql],
        )
    }

    /// Runs a program of PostgreSQL's against it, and gives what it prints.
    #[track_caller]
    pub(crate) fn program(&self, name: &str, arguments: &[&str]) -> String {
        let file = program(name, std::slice::from_ref(&self.programs)).unwrap();
        let output = Command::new(file)
            .args(["-h", self.folder.to_str().unwrap(), "-U", "doku"])
            .args(arguments)
            .output()
            .unwrap();
        assert!(output.status.success(), "{name} {arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }
}

impl Database {
    pub(crate) fn url(&self) -> String {
        let folder = self.cluster.folder.display();
        format!("postgres://doku@localhost/{}?host={folder}", self.name)
    }

    /// By another way.
    pub(crate) fn url_at(&self, address: std::net::SocketAddr) -> String {
        format!("postgres://doku@{address}/{}?sslmode=disable", self.name)
    }

    #[track_caller]
    pub(crate) fn run(&self, sql: &str) -> String {
        self.cluster.run(&self.name, sql)
    }

    /// Ends all connections to it.
    pub(crate) fn end_connections(&self) {
        let name = &self.name;
        let sql = format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        );
        self.cluster.run("postgres", &sql);
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let (shell, _) = self.shell.get_mut().unwrap();
        drop(shell.stdin.take());
        let _ended = shell.wait();
    }
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|id| id.stdout.starts_with(b"0"))
}

/// The folder of the server's programs; Debian keeps them out of PATH.
fn programs() -> Option<PathBuf> {
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .collect();
    versions.sort();
    versions.reverse();
    let server = program("initdb", &versions)?;
    server.parent().map(Path::to_owned)
}
