//! A PostgreSQL cluster that lives as long as a command, for tests.
//!
//! One shell makes it, starts it, waits for its standard input to end, stops it and removes it. Its input ends when this
//! process does, however that comes about, so nothing is left behind. Servers refuse to run as root; then the shell
//! runs as the user `postgres`, in a folder that this user owns.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::shell::Program;

/// The variable that names a cluster to test with.
pub(crate) const VARIABLE: &str = "DOKU_TEST_POSTGRES";

/// Where Debian keeps the servers, one folder for each version.
const DEBIAN: &str = "/usr/lib/postgresql";

/// `$1` is the folder of the programs, empty where they are on PATH; `$2` the folder of the cluster.
const SCRIPT: &str = r#"
set -eu
bin="$1"; folder="$2"
[ -z "$bin" ] || PATH="$bin:$PATH"
mkdir -m 700 "$folder"
trap 'rm -rf "$folder"' EXIT
initdb -D "$folder/data" -U doku -A trust -E UTF8 --no-sync >"$folder/initdb.log" 2>&1 || { cat "$folder/initdb.log" >&2; exit 1; }
pg_ctl -D "$folder/data" -w -t 60 -l "$folder/log" -o "-c listen_addresses='' -k $folder -c max_connections=200" start >/dev/null \
    || { cat "$folder/log" >&2; exit 1; }
echo ready
cat >/dev/null
pg_ctl -D "$folder/data" -m immediate stop >/dev/null
"#;

/// What the tests on PostgreSQL run against.
#[derive(Debug)]
pub(crate) enum Postgres {
    /// The one that the caller's environment names.
    Given,
    /// One of our own, until the tests are done.
    Started(Cluster),
    /// None is installed.
    Missing,
}

impl Postgres {
    /// The one that is named, or one that is started for as long as this lives.
    pub(crate) fn find() -> Result<Self> {
        let found = if std::env::var_os(VARIABLE).is_some() {
            Self::Given
        } else {
            Cluster::start()?.map_or(Self::Missing, Self::Started)
        };
        found.tell();
        Ok(found)
    }

    /// Says which.
    pub(crate) fn tell(&self) {
        match self {
            Self::Given => println!("tests on PostgreSQL run against what {VARIABLE} names"),
            Self::Started(_) => {
                println!("tests on PostgreSQL run against a throw-away cluster");
            }
            Self::Missing => println!(
                "SKIPPED: tests on PostgreSQL, because none is installed (apt-get install postgresql)"
            ),
        }
    }

    /// Tells a program where it is.
    pub(crate) fn name_for(&self, program: Program) -> Program {
        match self {
            Self::Started(cluster) => program.quiet_env(VARIABLE, cluster.url()),
            Self::Given | Self::Missing => program,
        }
    }
}

/// A cluster that runs. Dropped, it is stopped and removed.
#[derive(Debug)]
pub(crate) struct Cluster {
    shell: Child,
    folder: PathBuf,
}

impl Cluster {
    /// Starts one; none where no server is installed.
    pub(crate) fn start() -> Result<Option<Self>> {
        let Some(programs) = installed() else {
            return Ok(None);
        };
        let folder = std::env::temp_dir().join(format!("doku-postgres-{}", std::process::id()));
        let shell = shell(&programs, &folder)
            .spawn()
            .context("the shell that starts PostgreSQL could not be started")?;
        let mut cluster = Self { shell, folder };
        cluster.wait()?;
        Ok(Some(cluster))
    }

    /// Until it takes connections.
    fn wait(&mut self) -> Result<()> {
        let output = self.shell.stdout.take().context("it has no output")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        if line.trim() != "ready" {
            bail!("PostgreSQL is installed and did not start; what it said stands above");
        }
        Ok(())
    }

    /// What a client connects to.
    pub(crate) fn url(&self) -> String {
        format!(
            "postgres://doku@localhost/postgres?host={}",
            self.folder.display()
        )
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // The end of its input is its sign to stop.
        drop(self.shell.stdin.take());
        if self.shell.wait().is_err() {
            eprintln!(
                "PostgreSQL in {} may still be running",
                self.folder.display()
            );
        }
    }
}

fn shell(programs: &Path, folder: &Path) -> Command {
    let mut command = if is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--", "sh"]);
        command
    } else {
        Command::new("sh")
    };
    command
        .args(["-c", SCRIPT, "sh"])
        .arg(programs)
        .arg(folder)
        // Somewhere that another user may stand, too.
        .current_dir(std::env::temp_dir())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    in_a_group_of_its_own(&mut command);
    command
}

/// What is typed at the terminal to end this process must not end the shell that cleans up after it.
#[cfg(unix)]
fn in_a_group_of_its_own(command: &mut Command) {
    use std::os::unix::process::CommandExt as _;
    command.process_group(0);
}

#[cfg(not(unix))]
fn in_a_group_of_its_own(_: &mut Command) {}

fn is_root() -> bool {
    Program::new("id", Path::new("."))
        .args(["-u"])
        .read()
        .is_ok_and(|id| id.trim() == "0")
}

/// The folder of the server's programs: an empty path where they are on PATH, else Debian's newest.
fn installed() -> Option<PathBuf> {
    let on_path = |name| {
        Program::new(name, Path::new("."))
            .args(["--version"])
            .succeeds()
    };
    if on_path("postgres") && on_path("initdb") && on_path("pg_ctl") {
        return Some(PathBuf::new());
    }
    let versions = std::fs::read_dir(DEBIAN).ok()?;
    newest(versions.flatten().map(|entry| entry.path()))
}

fn newest(versions: impl Iterator<Item = PathBuf>) -> Option<PathBuf> {
    versions
        .filter_map(|folder| {
            let version: u32 = folder.file_name()?.to_str()?.parse().ok()?;
            let programs = folder.join("bin");
            programs
                .join("initdb")
                .exists()
                .then_some((version, programs))
        })
        .max()
        .map(|(_, programs)| programs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_debians_versions_the_newest_that_has_a_server_is_taken() {
        let root = std::env::temp_dir().join(format!("doku-versions-{}", std::process::id()));
        for (version, server) in [("9", true), ("15", true), ("17", false), ("notes", true)] {
            let programs = root.join(version).join("bin");
            std::fs::create_dir_all(&programs).unwrap();
            if server {
                std::fs::write(programs.join("initdb"), "").unwrap();
            }
        }
        let versions = std::fs::read_dir(&root).unwrap();
        let found = newest(versions.flatten().map(|entry| entry.path()));
        assert_eq!(found, Some(root.join("15/bin")));
        std::fs::remove_dir_all(&root).unwrap();
    }

    #[test]
    fn a_cluster_runs_until_it_is_dropped_and_leaves_nothing() {
        let Some(cluster) = Cluster::start().unwrap() else {
            println!("skipped: no PostgreSQL is installed");
            return;
        };
        let folder = cluster.folder.clone();
        assert!(folder.exists());
        assert!(cluster.url().ends_with(&*folder.to_string_lossy()));
        drop(cluster);
        assert!(!folder.exists());
    }
}
