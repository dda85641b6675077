//! Running other programs: said aloud first, without standard input, and in a clean environment.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

/// A program about to be run in a folder.
#[derive(Debug)]
pub(crate) struct Program {
    command: Command,
    shown: String,
}

impl Program {
    /// `name`, to be run in `folder`.
    pub(crate) fn new(name: &str, folder: &Path) -> Self {
        let mut command = Command::new(name);
        command.current_dir(folder).stdin(Stdio::null());
        for (key, _) in std::env::vars_os() {
            if is_of_the_outer_cargo(&key) {
                command.env_remove(key);
            }
        }
        Self {
            command,
            shown: name.to_owned(),
        }
    }

    /// Cargo, as the caller's toolchain has it.
    pub(crate) fn cargo(folder: &Path) -> Self {
        Self::new("cargo", folder)
    }

    /// Adds arguments.
    pub(crate) fn args(mut self, arguments: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        for argument in arguments {
            let argument = argument.as_ref();
            self.shown.push(' ');
            if argument.contains(|c: char| c.is_whitespace() || c == '*') {
                self.shown.push_str(&format!("'{argument}'"));
            } else {
                self.shown.push_str(argument);
            }
            self.command.arg(argument);
        }
        self
    }

    /// Sets an environment variable, and shows it.
    pub(crate) fn env(mut self, key: &str, value: impl AsRef<OsStr>) -> Self {
        self.shown = format!(
            "{key}='{}' {}",
            value.as_ref().to_string_lossy(),
            self.shown
        );
        self.command.env(key, value);
        self
    }

    /// Sets an environment variable that is of no interest to a reader.
    pub(crate) fn quiet_env(mut self, key: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(key, value);
        self
    }

    /// Says the command, runs it with its output going where ours goes, and fails unless it succeeds.
    pub(crate) fn run(mut self) -> Result<()> {
        println!("+ {}", self.shown);
        let status = self
            .command
            .status()
            .with_context(|| format!("`{}` could not be started", self.shown))?;
        if !status.success() {
            bail!("`{}` failed ({status})", self.shown);
        }
        Ok(())
    }

    /// Runs the command and returns what it wrote to standard output.
    pub(crate) fn read(mut self) -> Result<String> {
        let Output {
            status,
            stdout,
            stderr,
        } = self
            .command
            .output()
            .with_context(|| format!("`{}` could not be started", self.shown))?;
        if !status.success() {
            bail!(
                "`{}` failed ({status}): {}",
                self.shown,
                String::from_utf8_lossy(&stderr).trim()
            );
        }
        String::from_utf8(stdout).with_context(|| format!("`{}` did not write UTF-8", self.shown))
    }

    /// Whether the command starts and succeeds, in silence.
    pub(crate) fn succeeds(mut self) -> bool {
        self.command.stdout(Stdio::null()).stderr(Stdio::null());
        self.command.status().is_ok_and(|status| status.success())
    }

    /// As [`Self::succeeds`], but what has not ended after `patience` is ended and counts as a failure.
    pub(crate) fn succeeds_within(mut self, patience: Duration) -> bool {
        self.command.stdout(Stdio::null()).stderr(Stdio::null());
        let Ok(mut child) = self.command.spawn() else {
            return false;
        };
        let start = Instant::now();
        while start.elapsed() < patience {
            match child.try_wait() {
                Ok(Some(status)) => return status.success(),
                Ok(None) => thread::sleep(Duration::from_millis(50)),
                Err(_) => break,
            }
        }
        // Neither call can tell us anything that would change the answer.
        let _ = child.kill();
        let _ = child.wait();
        false
    }
}

/// `cargo run` tells its child which package is running. A cargo below must not inherit that: build scripts watch
/// such variables, and `cargo xtask test` would rebuild what `cargo test` has just built.
fn is_of_the_outer_cargo(key: &OsStr) -> bool {
    let key = key.to_string_lossy();
    key.starts_with("CARGO_PKG_")
        || matches!(
            key.as_ref(),
            "CARGO_MANIFEST_DIR"
                | "CARGO_MANIFEST_PATH"
                | "CARGO_BIN_NAME"
                | "CARGO_CRATE_NAME"
                | "OUT_DIR"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn here() -> &'static Path {
        Path::new(".")
    }

    #[test]
    fn shows_what_can_be_pasted_into_a_shell() {
        let program = Program::cargo(here())
            .args(["bench", "--bench", "*"])
            .env("A", "b");
        assert_eq!(program.shown, "A='b' cargo bench --bench '*'");
    }

    #[test]
    fn the_outer_package_is_not_inherited() {
        assert!(is_of_the_outer_cargo(OsStr::new("CARGO_PKG_NAME")));
        assert!(is_of_the_outer_cargo(OsStr::new("CARGO_MANIFEST_DIR")));
        assert!(!is_of_the_outer_cargo(OsStr::new("CARGO_TARGET_DIR")));
        assert!(!is_of_the_outer_cargo(OsStr::new("CARGO_HOME")));
    }

    #[test]
    fn a_failure_is_told_with_its_reason() {
        let error = Program::cargo(here())
            .args(["no-such-subcommand"])
            .read()
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("cargo no-such-subcommand") && error.contains("no such command"),
            "{error}"
        );
        assert!(
            Program::cargo(here())
                .args(["--version"])
                .read()
                .unwrap()
                .starts_with("cargo ")
        );
    }

    #[test]
    fn what_is_not_there_does_not_succeed() {
        let patience = Duration::from_secs(60);
        assert!(!Program::new("no-such-program-at-all", here()).succeeds());
        assert!(!Program::new("no-such-program-at-all", here()).succeeds_within(patience));
        assert!(
            Program::cargo(here())
                .args(["--version"])
                .succeeds_within(patience)
        );
    }

    #[test]
    fn patience_ends() {
        assert!(
            !Program::cargo(here())
                .args(["--version"])
                .succeeds_within(Duration::ZERO)
        );
    }
}
