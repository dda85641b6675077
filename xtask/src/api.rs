//! The merchant API against the document that describes it: Schemathesis makes requests up from `/openapi.json`, valid and
//! invalid ones, sends them to a server of its own beside a local DOKU, and compares each answer with what is promised.
//!
//! Schemathesis is Python. It is installed into the target folder, in the versions that `xtask/api/requirements.txt` names.

use std::fs;
use std::io::{self, BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::options::Options;
use crate::shell::Program;
use crate::workspace::Workspace;

/// Where versions, settings and rules stand.
const FOLDER: &str = "xtask/api";

/// Where Schemathesis, and what it is made of, keep what earlier runs found, beside its settings.
const REMEMBERED: [&str; 2] = [".schemathesis", ".hypothesis"];

const KEY: &str = "made-up-for-one-run-of-this-check";

/// What both rounds say.
const USUAL: &[&str] = &["--no-color", "--config-file", "schemathesis.toml", "run"];

/// Compares them.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let Some(python) = Python::find(workspace, options)? else {
        return Ok(());
    };
    Program::cargo(&workspace.root)
        .args(["build", "--package", "doku-cli"])
        .args(options.cargo_flags())
        .run()?;
    let served = Served::start(&beside_this_one("doku")?)?;
    let document = format!("{}/openapi.json", served.api_url);
    let header = format!("Authorization: Bearer {KEY}");
    let shared = [document.as_str(), "--header", header.as_str()];
    let schemathesis = || {
        python
            .program(workspace, "schemathesis")
            .args(USUAL)
            .args(shared)
    };
    // The stream of events has no end, so only what it refuses can be compared.
    let compared = schemathesis()
        .args(["--exclude-operation-id", "streamEvents", "--checks", "all"])
        .run()
        .and_then(|()| {
            schemathesis()
                .args([
                    "--include-operation-id",
                    "streamEvents",
                    "--mode",
                    "negative",
                ])
                .args(["--phases", "coverage,fuzzing", "--checks", "all"])
                .args(["--exclude-checks", "ignored_auth"])
                .run()
        })
        .with_context(|| served.log());
    for left in REMEMBERED {
        forget(&workspace.root.join(FOLDER).join(left))?;
    }
    compared
}

/// Takes away what a run left beside the sources: a tree with it is no clean clone, and the README's step would run the
/// whole suite again.
fn forget(left: &Path) -> Result<()> {
    match fs::remove_dir_all(left) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).with_context(|| left.display().to_string())
        }
        _ => Ok(()),
    }
}

/// A Python with Schemathesis.
struct Python {
    folder: PathBuf,
}

impl Python {
    /// The one in the target folder, made where it is not there; nothing where there is no Python to make it with, which is
    /// told, and no excuse in CI.
    fn find(workspace: &Workspace, options: &Options) -> Result<Option<Self>> {
        let folder = workspace.root.join("target/api");
        let wanted = workspace.read(&format!("{FOLDER}/requirements.txt"))?;
        let stamp = folder.join("installed");
        if fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
            return Ok(Some(Self { folder }));
        }
        let with_venv = Program::new("python3", &workspace.root)
            .args(["-c", "import venv, ensurepip"])
            .succeeds();
        let missing = if options.offline {
            "Schemathesis is not installed yet, and this run is offline"
        } else if with_venv {
            ""
        } else {
            "there is no Python with venv (apt-get install python3 python3-venv)"
        };
        if !missing.is_empty() {
            if std::env::var("CI").as_deref() == Ok("true") {
                bail!("{missing}");
            }
            println!("SKIPPED: {missing}");
            return Ok(None);
        }
        let python = Self { folder };
        let place = python.folder.join("venv").display().to_string();
        Program::new("python3", &workspace.root)
            .args(["-m", "venv", "--clear", &place])
            .run()?;
        python
            .program(workspace, "python")
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
            ])
            .args(["--no-deps", "--requirement", "requirements.txt"])
            .run()?;
        fs::write(&stamp, wanted).with_context(|| stamp.display().to_string())?;
        Ok(Some(python))
    }

    /// A program of it, in the folder where its settings are.
    fn program(&self, workspace: &Workspace, name: &str) -> Program {
        let program = self.folder.join("venv/bin").join(name);
        Program::new(&program.display().to_string(), &workspace.root.join(FOLDER))
            // What it remembers would make the next run another one, and none of it belongs beside the sources.
            .quiet_env("PYTHONDONTWRITEBYTECODE", "1")
    }
}

/// A program that was built into the folder of this one.
fn beside_this_one(name: &str) -> Result<PathBuf> {
    let this = std::env::current_exe().context("this program does not know where it is")?;
    let folder = this.parent().context("this program is nowhere")?;
    Ok(folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
}

/// A server and a local DOKU, until it is dropped.
struct Served {
    api_url: String,
    folder: PathBuf,
    // The server before the DOKU that it calls.
    _processes: [Process; 2],
}

impl Served {
    fn start(doku: &Path) -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("doku-api-{}", std::process::id()));
        fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        // Free a moment ago: DOKU must know the address before the server can have it.
        let outside = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
        let keys = folder.join("keys").display().to_string();
        let at = |path: &str| format!("http://{outside}{path}");
        let token = at("/authorization/v1/access-token/b2b");
        let payment = at("/v1/transfer-va/payment");
        let mut sandbox = Command::new(doku);
        sandbox
            .args([
                "sandbox",
                "--quiet",
                "--listen",
                "127.0.0.1:0",
                "--keys",
                &keys,
            ])
            .args(["--token-url", &token, "--notification-url", &payment])
            .env_clear();
        let (sandbox, told) = Process::start(sandbox, &folder, "sandbox.log")?;
        let mut serve = Command::new(doku);
        serve
            .arg("serve")
            .env_clear()
            .envs(variables(&told))
            .env("DOKU_SERVER_LISTEN", &outside)
            .env("DOKU_SERVER_API_LISTEN", "127.0.0.1:0")
            .env("DOKU_SERVER_API_KEYS", format!("check={KEY}"));
        let (serve, told) = Process::start(serve, &folder, "server.log")?;
        let api_url = member(&told, "apiUrl").context("the server did not say where it is")?;
        Ok(Self {
            api_url: api_url.to_owned(),
            folder,
            _processes: [serve, sandbox],
        })
    }

    /// The end of what the server wrote.
    fn log(&self) -> String {
        let text = fs::read_to_string(self.folder.join("server.log")).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let last = lines.len().saturating_sub(10);
        let end = lines.get(last..).unwrap_or_default().join("\n");
        format!("the API is not as its document says; the server's last words:\n{end}")
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // A folder that stays in the temporary one is a nuisance and no more.
        let _left = fs::remove_dir_all(&self.folder);
    }
}

/// A process that is ended when it is dropped.
struct Process(Child);

impl Process {
    /// Starts it in `folder` and waits for its line that says it is ready.
    fn start(mut command: Command, folder: &Path, log: &str) -> Result<(Self, String)> {
        let log = folder.join(log);
        let mut child = command
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(fs::File::create(&log).with_context(|| log.display().to_string())?)
            .spawn()
            .context("doku could not be started")?;
        let output = child.stdout.take().context("it has no output")?;
        let process = Self(child);
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        if member(&line, "event") != Some("ready") {
            let said = fs::read_to_string(&log).unwrap_or_default();
            bail!("doku did not start: {}", said.trim());
        }
        Ok((process, line))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ended = self.0.kill();
        let _waited = self.0.wait();
    }
}

/// A member of a line of JSON whose values are texts that need no escapes.
fn member<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    let (_, rest) = line.split_once(&format!("\"{name}\":\""))?;
    rest.split('"').next()
}

/// The variables that a sandbox tells whoever is to call it.
fn variables(line: &str) -> Vec<(&str, &str)> {
    line.match_indices("\"DOKU_")
        .filter_map(|(quote, _)| {
            let name = line.get(quote + 1..)?.split('"').next()?;
            Some((name, member(line, name)?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_sandbox_tells_is_read() {
        let line = r#"{"event":"ready","baseUrl":"http://127.0.0.1:1","bins":["8129:mgpc"],"environment":{"DOKU_CLIENT_ID":"MCH-1","DOKU_SECRET_KEY_FILE":"/tmp/keys/secret"}}"#;
        assert_eq!(member(line, "event"), Some("ready"));
        assert_eq!(member(line, "apiUrl"), None);
        assert_eq!(
            variables(line),
            [
                ("DOKU_CLIENT_ID", "MCH-1"),
                ("DOKU_SECRET_KEY_FILE", "/tmp/keys/secret")
            ]
        );
    }

    #[test]
    fn what_does_not_start_is_told_with_its_reason() {
        let folder = std::env::temp_dir().join(format!("doku-api-test-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", "echo no such luck >&2"]);
        let error = Process::start(command, &folder, "log")
            .map(drop)
            .unwrap_err();
        assert!(error.to_string().contains("no such luck"), "{error}");
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn every_version_is_named() {
        let requirements = include_str!("../api/requirements.txt");
        let packages: Vec<&str> = requirements
            .lines()
            .filter(|line| !line.starts_with('#'))
            .collect();
        assert!(
            packages.iter().all(|line| line.contains("==")),
            "{packages:?}"
        );
        assert!(
            packages
                .iter()
                .any(|line| line.starts_with("schemathesis==4."))
        );
    }
}
