//! What the sources promise: who prints, what a library denies itself, and why a lint is quiet.

use crate::finding::Finding;
use crate::rust::{Source, attributes, closing, words};

/// What every library denies itself outside tests.
const DENIED: &[&str] = &[
    "clippy::unwrap_used",
    "clippy::expect_used",
    "clippy::panic",
    "clippy::indexing_slicing",
    "clippy::string_slice",
];

const PRINTING: &[&str] = &["println", "print", "eprintln", "eprint", "dbg"];

/// Nothing prints but the command, this program, and what is run by hand.
pub(crate) fn check_printing(source: &Source) -> Vec<Finding> {
    if may_print(&source.path) {
        return Vec::new();
    }
    let code = &source.shipped;
    words(code)
        .filter(|&(at, word)| {
            let before = code[..at].trim_end();
            let after = code[at + word.len()..].trim_start();
            (PRINTING.contains(&word) && after.starts_with('!') && !after.starts_with("!="))
                || (matches!(word, "stdout" | "stderr")
                    && before.ends_with("io::")
                    && after.starts_with('('))
        })
        .map(|(at, word)| {
            Finding::at(
                &source.path,
                source.line(at),
                format!("`{word}`: a library does not print; use `tracing`"),
            )
        })
        .collect()
}

fn may_print(path: &str) -> bool {
    path.starts_with("crates/doku-cli/")
        || path.starts_with("xtask/")
        || path
            .split('/')
            .any(|folder| matches!(folder, "tests" | "benches" | "examples"))
        || path.ends_with("/tests.rs")
}

/// A library's root denies what would panic.
pub(crate) fn check_deny_list(source: &Source) -> Vec<Finding> {
    let mut denied = Vec::new();
    for attribute in attributes(&source.code)
        .into_iter()
        .filter(|attribute| attribute.inner)
    {
        let text: String = source.code[attribute.body].split_whitespace().collect();
        if let Some(list) = text.strip_prefix("cfg_attr(not(test),deny(") {
            denied.extend(list.trim_end_matches(')').split(',').map(str::to_owned));
        }
    }
    let missing: Vec<&str> = DENIED
        .iter()
        .copied()
        .filter(|lint| !denied.iter().any(|denied| denied == lint))
        .collect();
    if missing.is_empty() {
        Vec::new()
    } else {
        let what = format!(
            "#![cfg_attr(not(test), deny(..))] does not hold {}",
            missing.join(", ")
        );
        vec![Finding::of(&source.path, what)]
    }
}

/// Whoever quiets a lint says why.
pub(crate) fn check_reasons(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    for attribute in attributes(&source.code) {
        let text = &source.code[attribute.body.clone()];
        for (at, word) in words(text).filter(|(_, word)| matches!(*word, "allow" | "expect")) {
            let after = at + word.len();
            let Some(open) = text[after..]
                .find(|c: char| !c.is_whitespace())
                .map(|skipped| after + skipped)
            else {
                continue;
            };
            if !text[open..].starts_with('(') {
                continue;
            }
            let list = &text[open..closing(text, open).unwrap_or(text.len())];
            if !words(list).any(|(_, word)| word == "reason") {
                let what = format!("#[{word}(..)] without a reason");
                findings.push(Finding::at(
                    &source.path,
                    source.line(attribute.start),
                    what,
                ));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, text: &str) -> Source {
        Source::parse(path, text)
    }

    #[test]
    fn printing_is_found_in_libraries() {
        for text in [
            "fn f() { println!(\"a\"); }",
            "fn f() { eprintln! {\"a\"} }",
            "fn f() -> u8 { dbg!(1) }",
            "fn f() { std::io::stdout().write(b\"a\"); }",
        ] {
            assert_eq!(
                check_printing(&source("crates/doku-sign/src/a.rs", text)).len(),
                1,
                "{text}"
            );
            for free in [
                "crates/doku-cli/src/main.rs",
                "xtask/src/a.rs",
                "crates/doku-sign/examples/a.rs",
            ] {
                assert!(check_printing(&source(free, text)).is_empty(), "{free}");
            }
        }
    }

    #[test]
    fn speaking_of_printing_is_not_printing() {
        for text in [
            "// println!(\"a\")\nfn f() {}",
            "fn f() -> &'static str { \"println!\" }",
            "#[cfg(test)]\nmod tests { fn f() { println!(\"a\"); } }",
            "fn f(print: bool) -> bool { print != true }",
        ] {
            assert_eq!(
                check_printing(&source("crates/doku-sign/src/a.rs", text)),
                [],
                "{text}"
            );
        }
    }

    #[test]
    fn the_deny_list_must_be_whole() {
        let whole = "//! Docs.\n#![cfg_attr(\n    not(test),\n    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, \
                     clippy::indexing_slicing, clippy::string_slice)\n)]\n";
        assert!(check_deny_list(&source("lib.rs", whole)).is_empty());
        let without_one = whole.replace("clippy::panic, ", "");
        assert_eq!(check_deny_list(&source("lib.rs", &without_one)).len(), 1);
        let commented = whole.replace("#![", "// #![");
        assert_eq!(check_deny_list(&source("lib.rs", &commented)).len(), 1);
        assert_eq!(check_deny_list(&source("lib.rs", "//! Docs.\n")).len(), 1);
    }

    #[test]
    fn a_quiet_lint_wants_a_reason() {
        for text in [
            "#[allow(dead_code)]\nfn f() {}",
            "#![expect(clippy::panic)]",
            "#[cfg_attr(test, allow(dead_code))]\nfn f() {}",
            "// reason\n#[allow(dead_code)]\nfn f() {}",
        ] {
            assert_eq!(check_reasons(&source("a.rs", text)).len(), 1, "{text}");
        }
        for text in [
            "#[allow(dead_code, reason = \"kept for its drop\")]\nfn f() {}",
            "#[cfg_attr(test, expect(dead_code, reason = \"a\"))]\nfn f() {}",
            "fn f() { x.expect(\"a\"); }",
            "#![cfg_attr(not(test), deny(clippy::expect_used))]",
        ] {
            assert!(check_reasons(&source("a.rs", text)).is_empty(), "{text}");
        }
    }
}
