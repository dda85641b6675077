//! Runs the command, keeps a sandbox running beside it, and takes out of the output what differs each time.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// How a run ended, and what it printed.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// The one line of JSON on stdout.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.stdout.lines().count(), 1, "{self:?}");
        serde_json::from_str(&self.stdout).unwrap()
    }

    /// The one line of JSON on stderr.
    #[track_caller]
    pub(crate) fn error(&self) -> Value {
        assert_eq!(self.stderr.lines().count(), 1, "{self:?}");
        let value: Value = serde_json::from_str(&self.stderr).unwrap();
        value["error"].clone()
    }

    /// Everything that was printed, for a snapshot.
    pub(crate) fn shown(&self) -> String {
        format!(
            "exit code: {}\n----- stdout -----\n{}----- stderr -----\n{}",
            self.code, self.stdout, self.stderr
        )
    }
}

/// A run of the command with an environment of its own.
pub(crate) struct Doku {
    command: Command,
    stdin: String,
}

/// `doku` with these arguments and an empty environment.
pub(crate) fn doku(arguments: &[&str]) -> Doku {
    let mut command = Command::new(env!("CARGO_BIN_EXE_doku"));
    command.args(arguments).env_clear();
    Doku {
        command,
        stdin: String::new(),
    }
}

impl Doku {
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// With more of them at the end.
    pub(crate) fn arguments(mut self, more: &[&str]) -> Self {
        self.command.args(more);
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    pub(crate) fn stdin(mut self, text: &str) -> Self {
        text.clone_into(&mut self.stdin);
        self
    }

    pub(crate) fn run(mut self) -> Run {
        let mut child = self
            .command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A command that does not read its input may be gone before it is written.
        let _unread = child.stdin.take().unwrap().write_all(self.stdin.as_bytes());
        let output = child.wait_with_output().unwrap();
        Run {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// A sandbox that runs until it is dropped, and a folder for the test's files.
pub(crate) struct Sandbox {
    child: Child,
    stdout: BufReader<ChildStdout>,
    pub(crate) ready: Value,
    pub(crate) folder: TempDir,
}

impl Sandbox {
    /// With a made-up merchant.
    pub(crate) fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let keys = folder.path().join("keys");
        let keys = keys.to_str().unwrap().to_owned();
        Self::start_with(folder, &["--keys", &keys])
    }

    /// With these arguments besides the address.
    pub(crate) fn start_with(folder: TempDir, arguments: &[&str]) -> Self {
        let stderr = File::create(folder.path().join("sandbox.log")).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_doku"))
            .args(["sandbox", "--listen", "127.0.0.1:0"])
            .args(arguments)
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(stderr)
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let ready = serde_json::from_str(&line).unwrap_or_else(|error| {
            let log = std::fs::read_to_string(folder.path().join("sandbox.log"));
            panic!("{error}: {line:?}, {log:?}")
        });
        Self {
            child,
            stdout,
            ready,
            folder,
        }
    }

    pub(crate) fn base_url(&self) -> &str {
        self.ready["baseUrl"].as_str().unwrap()
    }

    /// A file of the test.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.file(name).to_str().unwrap().to_owned()
    }

    /// `doku` with the environment that the sandbox told.
    pub(crate) fn doku(&self, arguments: &[&str]) -> Doku {
        let environment = self.ready["environment"].as_object().unwrap();
        environment
            .iter()
            .fold(doku(arguments), |doku, (name, value)| {
                doku.env(name, value.as_str().unwrap())
            })
    }

    /// `doku va create` of a closed bill, saved under `name`.
    #[track_caller]
    pub(crate) fn created(&self, trx_id: &str, name: &str) {
        let path = self.path(name);
        let arguments = [
            "va",
            "create",
            "--trx-id",
            trx_id,
            "--name",
            "Budi Santoso",
            "--amount",
            "11500",
            "--save",
            &path,
        ];
        let run = self.doku(&arguments).run();
        assert_eq!(run.code, 0, "{run:?}");
    }

    /// A request to the control plane.
    pub(crate) fn control(&self, method: &str, path: &str, body: &str) -> Value {
        let address = self.base_url().trim_start_matches("http://");
        let mut stream = TcpStream::connect(address).unwrap();
        let length = body.len();
        write!(
            stream,
            "{method} /_sandbox/{path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 200"), "{answer}");
        serde_json::from_str(body).unwrap()
    }

    /// Sends a signal by name and gives the exit code, the rest of stdout, and the log.
    #[cfg(unix)]
    pub(crate) fn stop(mut self, signal: &str) -> Run {
        let kill = format!("kill -{signal} {}", self.child.id());
        assert!(
            Command::new("sh")
                .args(["-c", &kill])
                .status()
                .unwrap()
                .success()
        );
        let status = self.child.wait().unwrap();
        let mut stdout = String::new();
        self.stdout.read_to_string(&mut stdout).unwrap();
        Run {
            code: status.code().unwrap(),
            stdout,
            stderr: self.log(),
        }
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.file("sandbox.log")).unwrap()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // It may have ended already.
        let _ended = self.child.kill();
        let _waited = self.child.wait();
    }
}

/// Checks a snapshot, with what differs each time taken out. `folder` is where the test's files are.
pub(crate) fn snapshot(name: &str, text: &str, folder: Option<&Path>) {
    let text = match folder {
        Some(folder) => text.replace(folder.to_str().unwrap(), "[FOLDER]"),
        None => text.to_owned(),
    };
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for (pattern, placeholder) in [
        (r"\b\d{36}\b", "[EXTERNAL-ID]"),
        (r"\bid \d{12}\b", "id [DOKU'S ID]"),
        (r"MCH-0000-\d{13}", "[CLIENT-ID]"),
        (r"127\.0\.0\.1:\d+", "127.0.0.1:[PORT]"),
        (
            r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(\+07:00|Z)",
            "[MOMENT]",
        ),
        (r"\b[0-9a-f]{64}\b", "[BODY HASH]"),
        (r#""[0-9a-f]{32}…""#, "\"[BODY HASH]…\""),
        (r"\[token, \d+ chars\]", "[token]"),
        (r"\bPAY\d+", "[PAYMENT]"),
        (r"\b9596260\d{9}\b", "[NUMBER]"),
        (r"\b9596 260\d \d{4} \d{4}\b", "[NUMBER IN GROUPS]"),
        (r"\b8130\d{12}\b", "[OWN NUMBER]"),
        (r"\b60\d{9}\b", "[CUSTOMER NO]"),
        (r"\d+ signatures compared", "[N] signatures compared"),
        (r"fingerprint  [0-9a-f]{16}\b", "fingerprint  [FINGERPRINT]"),
        (r"\(os error \d+\)", "(os error [N])"),
        (r"1[45] min \d+ s", "[LIFE]"),
        (r#""usableForSeconds":8\d\d"#, "\"usableForSeconds\":[LIFE]"),
    ] {
        settings.add_filter(pattern, placeholder);
    }
    settings.bind(|| insta::assert_snapshot!(name, text));
}
