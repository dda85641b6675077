//! What shells and man are told, what help says, and where colours are.

use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::stage::*;

#[test]
fn each_shell_completes_each_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = bare(&["completions", shell], &[], "");
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
        for word in ["explain", "doctor", "non-snap", "lang"] {
            assert!(run.stdout.contains(word), "{shell}: {word}");
        }
    }
    assert_eq!(bare(&["completions", "cmd"], &[], "").code, 2);
}

#[test]
fn what_bash_is_told_is_bash() {
    let script = bare(&["completions", "bash"], &[], "").stdout;
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("doku.bash");
    std::fs::write(&path, script).unwrap();
    // A machine without bash has nothing to say about it.
    if let Ok(status) = Command::new("bash").arg("-n").arg(&path).status() {
        assert!(status.success());
    }
}

#[test]
fn there_is_a_page_for_each_command() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("man");
    let run = bare(
        &["man", path.to_str().unwrap(), "--output", "json"],
        &[],
        "",
    );
    assert_eq!(run.code, 0, "{run:?}");
    for page in [
        "doku.1",
        "doku-explain.1",
        "doku-sign-transaction.1",
        "doku-va-create.1",
    ] {
        let text = std::fs::read_to_string(path.join(page)).unwrap();
        assert!(text.contains(".TH"), "{page}");
    }
    assert_eq!(
        run.json()["pages"],
        std::fs::read_dir(&path).unwrap().count()
    );
    let run = bare(&["man", path.join("doku.1").to_str().unwrap()], &[], "");
    assert_eq!(run.code, 1, "{run:?}");
}

#[test]
fn help_of_the_toolbox() {
    for (name, arguments) in [
        ("help-explain", &["explain", "--help"][..]),
        ("help-sign-transaction", &["sign", "transaction", "--help"]),
        ("help-verify-token", &["verify", "token", "--help"]),
        ("help-code", &["code", "--help"]),
        ("help-doctor", &["doctor", "--help"]),
    ] {
        snapshot(name, &bare(arguments, &[], ""));
    }
}

/// A run on a terminal, by `script`; nothing on a machine without it. What a build server sets is not somebody's wish.
fn on_a_terminal(arguments: &str, environment: &[(&str, &str)]) -> Option<String> {
    let command = format!("{} {arguments}", env!("CARGO_BIN_EXE_doku"));
    let output = Command::new("script")
        .args(["-qec", &command, "/dev/null"])
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .env_remove("CI")
        .env("TERM", "xterm")
        .envs(environment.iter().copied())
        .stdin(Stdio::null())
        .output()
        .ok()?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn colours_are_for_terminals_and_for_those_who_want_them() {
    for arguments in [
        "doctor --offline",
        "code",
        "code 4042712",
        "code 404",
        "--help",
        "va create",
        "nonsense",
    ] {
        let words: Vec<&str> = arguments.split(' ').collect();
        for environment in [&[][..], &[("TERM", "xterm")]] {
            let run = bare(&words, environment, "");
            assert!(
                !run.stdout.contains('\x1b') && !run.stderr.contains('\x1b'),
                "{run:?}"
            );
        }
        if let Some(coloured) = on_a_terminal(arguments, &[]) {
            assert!(coloured.contains('\x1b'), "{arguments}: {coloured}");
            for environment in [("NO_COLOR", "1"), ("TERM", "dumb")] {
                let plain = on_a_terminal(arguments, &[environment]).unwrap();
                assert!(!plain.contains('\x1b'), "{arguments}: {plain:?}");
                assert!(!plain.is_empty(), "{arguments}");
            }
        }
    }
}
