//! Commands whose output the page shows are run, in the order of the page and in one folder, and compared with it.
//!
//! Two kinds of block are not run, because they stand for what the test has done: one that installs the command, and one
//! that starts a local DOKU. What `openssl` prints must be the same to the last character. What `doku` prints has ids and
//! moments in it, so its digits may be others.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::command::commands;
use crate::page::{self, Page};
use crate::support::Sandbox;

/// In place of `curl`, which not every machine has: writes down what it was called with.
const CURL: &str =
    "#!/bin/sh\nfor word in \"$@\"; do printf '%s\\0' \"$word\"; done >> \"$CURL_CALLS\"\n";

/// Text with each run of digits as long as any other.
fn shape(text: &str) -> String {
    let mut shape = String::new();
    for c in text.chars() {
        let c = if c.is_ascii_digit() { '0' } else { c };
        if c != '0' || !shape.ends_with('0') {
            shape.push(c);
        }
    }
    shape
}

/// A page that is being read, in a folder of its own.
struct Reader {
    folder: TempDir,
    sandbox: Option<Sandbox>,
}

impl Reader {
    fn of(page: &Page) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let programs = folder.path().join("programs");
        fs::create_dir(&programs).unwrap();
        write_program(&programs.join("curl"), CURL);
        let starts_one = page
            .blocks_in("sh")
            .iter()
            .any(|(_, code)| code.starts_with("doku sandbox"));
        Self {
            folder,
            sandbox: starts_one.then(Sandbox::start),
        }
    }

    /// What a block prints.
    fn run(&self, at: &str, code: &str) -> String {
        let calls = self.folder.path().join("calls");
        let binary = Path::new(env!("CARGO_BIN_EXE_doku")).parent().unwrap();
        let programs = self.folder.path().join("programs");
        let path = format!(
            "{}:{}:{}",
            programs.display(),
            binary.display(),
            std::env::var("PATH").unwrap()
        );
        let work = self.folder.path().join("work");
        fs::create_dir_all(&work).unwrap();
        let mut shell = Command::new("/bin/sh");
        shell
            .args(["-eu", "-c", code])
            .env_clear()
            .env("PATH", path)
            .env("CURL_CALLS", &calls)
            .current_dir(work);
        if let Some(sandbox) = &self.sandbox {
            let environment = sandbox.ready["environment"].as_object().unwrap();
            shell.envs(
                environment
                    .iter()
                    .map(|(name, value)| (name, value.as_str().unwrap())),
            );
        }
        let output = shell.output().unwrap();
        assert!(output.status.success(), "{at}: {output:?}");
        if calls.exists() {
            self.call(at, &fs::read_to_string(&calls).unwrap());
            fs::remove_file(calls).unwrap();
        }
        String::from_utf8(output.stdout).unwrap()
    }

    /// Makes the call that `curl` would have made.
    fn call(&self, at: &str, words: &str) {
        let words: Vec<&str> = words.trim_end_matches('\0').split('\0').collect();
        let sandbox = self
            .sandbox
            .as_ref()
            .unwrap_or_else(|| panic!("{at}: whom does it call?"));
        let ["-H", "content-type: application/json", "-d", body, url] = words[..] else {
            panic!("{at}: {words:?}")
        };
        let path = url
            .strip_prefix(&format!("{}/_sandbox/", sandbox.base_url()))
            .unwrap();
        sandbox.control("POST", path, body);
    }
}

fn write_program(path: &Path, text: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// Runs a page and gives how many outputs were compared.
fn read(page: &Page) -> usize {
    let reader = Reader::of(page);
    let blocks = page.blocks();
    let mut compared = 0;
    for (block, next) in blocks
        .iter()
        .zip(blocks.iter().skip(1).map(Some).chain([None]))
    {
        let at = format!("{}:{}", page.path, block.line);
        let stands_for_set_up =
            block.code.starts_with("cargo ") || block.code.starts_with("doku sandbox");
        if block.language() != "sh" || stands_for_set_up {
            continue;
        }
        let printed = reader.run(&at, &block.code);
        let Some(shown) = next.filter(|next| next.follows && next.language() == "text") else {
            continue;
        };
        if commands(&block.code)
            .iter()
            .any(|command| command.starts_with("doku "))
        {
            assert_eq!(shape(&shown.code), shape(&printed), "{at}");
        } else {
            assert_eq!(shown.code, printed, "{at}");
        }
        compared += 1;
    }
    compared
}

#[test]
fn what_pages_show_is_what_is_printed() {
    let pages = page::pages();
    let shows = |page: &&Page| {
        let blocks = page.blocks();
        blocks.windows(2).any(|pair| {
            pair[0].language() == "sh" && pair[1].language() == "text" && pair[1].follows
        })
    };
    let compared: Vec<(&str, usize)> = pages
        .iter()
        .filter(shows)
        .map(|page| (page.path.as_str(), read(page)))
        .collect();
    assert_eq!(
        compared,
        [
            ("README.id.md", 3),
            ("guide/other-channels.md", 1),
            ("guide/quick-start.md", 3),
            ("guide/signatures.md", 6),
        ]
    );
}
