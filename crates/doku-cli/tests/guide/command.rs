//! Blocks of commands: each is one that there is, with its options, and sends what its receiver takes.

use std::fs;
use std::sync::LazyLock;

use serde_json::Value;

use crate::page;
use crate::support::doku;

/// Programs that are everybody's; what they do is not checked, unless their block is run.
const OTHERS: [&str; 8] = [
    "cat", "echo", "openssl", "pg_dump", "printf", "sqlite3", "umask", "END",
];

/// Everything that the help says of variables.
static VARIABLES: LazyLock<String> = LazyLock::new(|| {
    doku(&["serve", "--help"]).run().stdout + &doku(&["va", "--help"]).run().stdout
});

/// The paths of the merchant API.
static PATHS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let file = page::repository().join("crates/doku-server/src/api/openapi.json");
    let document: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    document["paths"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect()
});

/// What the local DOKU says of its control plane, which its own tests hold true.
static CONTROL: LazyLock<String> = LazyLock::new(|| {
    let file = page::repository().join("crates/doku-sandbox/README.md");
    fs::read_to_string(file).unwrap()
});

/// The commands of a block, a line each; what stands in a document of its own is none.
pub(crate) fn commands(code: &str) -> Vec<String> {
    let joined = code.replace("\\\n", " ");
    let mut inside = false;
    let mut commands = Vec::new();
    for line in joined.lines().map(str::trim) {
        if line == "END" {
            inside = false;
        } else if !inside && !line.is_empty() && !line.starts_with('#') {
            commands.push(line.to_owned());
            inside = line.contains("<<'END'");
        }
    }
    commands
}

/// `doku ledger list --state unknown` is a command, and has this option.
pub(crate) fn is_of_ours(at: &str, command: &str) {
    let words: Vec<&str> = command
        .split_whitespace()
        .skip(1)
        .take_while(|word| !matches!(*word, "|" | ">" | "#"))
        .collect();
    let mut call: Vec<&str> = words
        .iter()
        .copied()
        .take_while(|word| !word.starts_with('-') && !word.contains('.'))
        .collect();
    call.push("--help");
    let help = doku(&call).run();
    assert_eq!(help.code, 0, "{at}: {command}: {help:?}");
    for option in words.iter().filter(|word| word.starts_with("--")) {
        let listed = help
            .stdout
            .split([' ', '\n', ',', '='])
            .any(|word| word == *option);
        assert!(listed, "{at}: `{command}` has no {option}");
    }
}

/// A variable of ours is one that the help speaks of.
pub(crate) fn is_a_variable(at: &str, name: &str) {
    if name.starts_with("DOKU_") {
        assert!(VARIABLES.contains(name), "{at}: nobody reads {name}");
    }
}

/// What `curl` calls is there, and what it sends is JSON.
fn is_a_call(at: &str, command: &str) {
    if let Some((_, body)) = command.split_once("-d '") {
        let (body, _) = body.split_once('\'').unwrap();
        let sent: Result<Value, _> = serde_json::from_str(body);
        assert!(sent.is_ok(), "{at}: {body}");
    }
    let url = command
        .split([' ', '\'', '"'])
        .find(|word| word.starts_with("http://") || word.starts_with("$DOKU_ENVIRONMENT/"))
        .unwrap_or_else(|| panic!("{at}: {command}"));
    if url.starts_with('$') {
        let path = url.trim_start_matches("$DOKU_ENVIRONMENT");
        let path = path.split('?').next().unwrap();
        let listed = CONTROL.contains(&format!("{path} "))
            || CONTROL.contains(&format!("{path}?"))
            || CONTROL.contains(&format!("{path}`"));
        assert!(path.starts_with("/_sandbox/") && listed, "{at}: {url}");
        return;
    }
    let (_, path) = url.trim_start_matches("http://").split_once('/').unwrap();
    let path = path.split('?').next().unwrap();
    let fits = |known: &String| {
        let (known, given) = (known.trim_start_matches('/').split('/'), path.split('/'));
        known.clone().count() == given.clone().count()
            && known
                .zip(given)
                .all(|(known, given)| known.starts_with('{') || known == given)
    };
    assert!(PATHS.iter().any(fits), "{at}: the API has no /{path}");
}

#[test]
fn each_is_one_that_there_is() {
    let blocks: Vec<(String, String)> = page::everything()
        .iter()
        .flat_map(|page| page.blocks_in("sh"))
        .collect();
    assert!(blocks.len() > 25, "{}", blocks.len());
    for (at, code) in blocks {
        for command in commands(&code) {
            let first = command.split_whitespace().next().unwrap();
            match first {
                "doku" => is_of_ours(&at, &command),
                "curl" => is_a_call(&at, &command),
                "export" => {
                    let (name, _) = command["export ".len()..].split_once('=').unwrap();
                    is_a_variable(&at, name);
                }
                "cargo" if command.starts_with("cargo run --release -- ") => {
                    is_of_ours(&at, &command["cargo run --release -".len()..]);
                }
                "cargo" if command.starts_with("cargo xtask ") => {
                    let step = command.split(' ').nth(2).unwrap();
                    let steps = page::repository().join("xtask/src/ci.rs");
                    let steps = fs::read_to_string(steps).unwrap();
                    assert!(steps.contains(&format!("\"{step}\"")), "{at}: {command}");
                }
                "cargo" => {
                    let (_, path) = command.split_once("--path ").unwrap();
                    assert!(
                        page::repository().join(path).join("Cargo.toml").exists(),
                        "{at}: {command}"
                    );
                }
                _ => {
                    let assigns = first.split_once("=$(").map(|(_, program)| program);
                    let program = assigns.unwrap_or(first);
                    assert!(OTHERS.contains(&program), "{at}: nobody checks `{command}`");
                }
            }
        }
    }
}

#[test]
fn so_is_each_in_a_sentence() {
    let mut checked = 0;
    for page in page::pages() {
        let mut fenced = false;
        for (number, line) in page.text.lines().enumerate() {
            fenced ^= line.trim_start().starts_with("```");
            if fenced {
                continue;
            }
            for code in line.split('`').skip(1).step_by(2) {
                // A name alone is the name of a thing; with arguments it is to be typed.
                if code.starts_with("doku ") && code.split(' ').count() > 2 {
                    is_of_ours(&format!("{}:{}", page.path, number + 1), code);
                    checked += 1;
                }
            }
        }
    }
    assert!(checked > 3, "{checked}");
}
