//! Commands are run, in the order of their page and in one folder, and what they print is compared with what it shows.
//!
//! What cannot be run here is named, with the reason; that it is a command with such options is checked all the same. What
//! `openssl` prints must be the same to the last character. What `doku` prints has ids and moments in it, so its digits may
//! be others.

use std::collections::BTreeSet;

use crate::command::commands;
use crate::page::{self, Page};
use crate::reader::Reader;

/// Blocks that are not run: page, how they begin, and why not.
const NOT_RUN: [(&str, &str, &str); 11] = [
    (
        "../README.md",
        "cargo run --release -- demo",
        "ci runs it in a clean clone",
    ),
    (
        "README.id.md",
        "cargo install",
        "it installs what is under test",
    ),
    (
        "guide/quick-start.md",
        "cargo install",
        "it installs what is under test",
    ),
    (
        "guide/going-live.md",
        "export DOKU_ENVIRONMENT=sandbox",
        "it asks DOKU itself",
    ),
    (
        "guide/local-doku.md",
        "doku sandbox --listen 0.0.0.0",
        "it lets everybody in who reaches this machine",
    ),
    (
        "operations.md",
        "doku serve --config /etc",
        "a machine's own file",
    ),
    ("operations.md", "curl --silent", "a server elsewhere"),
    (
        "operations.md",
        "umask 077\nsqlite3",
        "two databases elsewhere",
    ),
    (
        "operations.md",
        "curl -H \"Authorization",
        "a server elsewhere",
    ),
    (
        "operations.md",
        "doku ledger reconcile",
        "a machine's own file",
    ),
    (
        "operations.md",
        "doku ledger resolve",
        "a machine's own file",
    ),
];

/// Files that a page supposes its reader to have.
const KEPT_REQUEST: &str = "request.txt";

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

/// Why a block is not run.
fn not_run(page: &Page, code: &str) -> Option<(&'static str, &'static str)> {
    NOT_RUN
        .iter()
        .find(|(path, begin, _)| *path == page.path && code.starts_with(begin))
        .map(|(path, begin, _)| (*path, *begin))
}

/// Does what a page says: how many blocks were run, and how many outputs compared.
fn read(page: &Page) -> (usize, usize) {
    let mut reader = Reader::of(page);
    let blocks = page.blocks();
    let (mut run, mut compared) = (0, 0);
    for (block, next) in blocks
        .iter()
        .zip(blocks.iter().skip(1).map(Some).chain([None]))
    {
        let at = format!("{}:{}", page.path, block.line);
        if block.language() != "sh" || not_run(page, &block.code).is_some() {
            continue;
        }
        if block.code.contains(KEPT_REQUEST) {
            reader.keep_a_request(&at, KEPT_REQUEST);
        }
        let printed = reader.run(&at, &block.code);
        run += 1;
        let Some(shown) = next.filter(|next| next.follows && next.language() == "text") else {
            continue;
        };
        let is_ours = |command: &String| command.starts_with("doku ");
        if commands(&block.code).iter().any(is_ours) {
            assert_eq!(shape(&shown.code), shape(&printed), "{at}");
        } else {
            assert_eq!(shown.code, printed, "{at}");
        }
        compared += 1;
    }
    (run, compared)
}

/// A page does what it says, with so many outputs compared.
#[track_caller]
fn does(path: &str, compared: usize) {
    let page = page::everything()
        .into_iter()
        .find(|page| page.path == path)
        .unwrap();
    let due = page.blocks_in("sh");
    let due = due
        .iter()
        .filter(|(_, code)| not_run(&page, code).is_none());
    assert_eq!(read(&page), (due.count(), compared), "{path}");
}

#[test]
fn the_readme() {
    does("../README.md", 0);
}

#[test]
fn the_quick_start() {
    does("guide/quick-start.md", 3);
}

#[test]
fn the_quick_start_in_indonesian() {
    does("README.id.md", 3);
}

#[test]
fn testing() {
    does("guide/testing.md", 0);
}

#[test]
fn a_local_doku() {
    does("guide/local-doku.md", 0);
}

#[test]
fn receiving_payments() {
    does("guide/receiving-payments.md", 0);
}

#[test]
fn signatures_from_scratch() {
    does("guide/signatures.md", 6);
}

#[test]
fn other_channels() {
    does("guide/other-channels.md", 1);
}

#[test]
fn each_block_is_run_or_is_named_with_the_reason() {
    // The pages of the tests above.
    let read: BTreeSet<&str> = [
        "../README.md",
        "README.id.md",
        "guide/local-doku.md",
        "guide/other-channels.md",
        "guide/quick-start.md",
        "guide/receiving-payments.md",
        "guide/signatures.md",
        "guide/testing.md",
    ]
    .into();
    let mut named = BTreeSet::new();
    for page in page::everything() {
        for (at, code) in page.blocks_in("sh") {
            match not_run(&page, &code) {
                Some(name) => drop(named.insert(name)),
                None => assert!(read.contains(page.path.as_str()), "{at} is not run"),
            }
        }
    }
    assert_eq!(named.len(), NOT_RUN.len(), "{named:?}");
}
