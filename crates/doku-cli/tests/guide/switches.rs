//! The page of what is open lists every switch, with its default.

use std::collections::BTreeSet;
use std::fmt::Debug;

use doku::{Dialect, HostedDialect};

use crate::page;

/// The members of a value, as `Debug` prints them: `channel_id.create`, `Some("H2H")`.
fn members(value: &impl Debug) -> Vec<(String, String)> {
    let text = format!("{value:?}");
    let mut found = Vec::new();
    walk("", &text, &mut found);
    found
}

fn walk(prefix: &str, text: &str, found: &mut Vec<(String, String)>) {
    let (_, inner) = text.split_once(" { ").unwrap();
    let inner = inner.strip_suffix(" }").unwrap();
    let mut depth = 0;
    let mut start = 0;
    let mut parts = Vec::new();
    for (at, c) in inner.char_indices() {
        match c {
            '{' | '(' => depth += 1,
            '}' | ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&inner[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&inner[start..]);
    for part in parts {
        let (name, value) = part.trim().split_once(": ").unwrap();
        let name = format!("{prefix}{name}");
        if value.contains(" { ") {
            walk(&format!("{name}."), value, found);
        } else {
            found.push((name, value.to_owned()));
        }
    }
}

/// The rows below a heading, without the marks of code.
fn rows_below(heading: &str) -> Vec<Vec<String>> {
    let mut page = page::page("guide/open-questions.md");
    let (_, below) = page.text.split_once(heading).unwrap();
    page.text = below.split("\n## ").next().unwrap().to_owned();
    let plain = |cell: String| cell.trim_matches('`').to_owned();
    let rows = page
        .rows()
        .into_iter()
        .filter(|row| row[0].starts_with('`'));
    rows.map(|row| row.into_iter().map(plain).collect())
        .collect()
}

/// Name and default of those rows.
fn listed(heading: &str) -> Vec<(String, String)> {
    let rows = rows_below(heading).into_iter();
    rows.map(|row| (row[0].clone(), row[1].clone())).collect()
}

#[test]
fn those_of_the_client_are_listed() {
    assert_eq!(listed("\n## Our calls"), members(&Dialect::default()));
}

#[test]
fn those_of_the_endpoints_are_listed() {
    assert_eq!(
        listed("\n## DOKU's calls to you"),
        members(&HostedDialect::default())
    );
}

#[test]
fn those_of_the_sandbox_are_listed() {
    let default = doku_sandbox::Dialect::default().to_string();
    let settings: Vec<(String, String)> = default
        .split(',')
        .map(|setting| setting.split_once('=').unwrap())
        .map(|(name, word)| (name.to_owned(), word.to_owned()))
        .collect();
    assert_eq!(listed("\n## How the local DOKU writes"), settings);
}

#[test]
fn each_other_word_of_the_sandbox_is_one_that_it_takes() {
    let mut words = 0;
    for row in rows_below("\n## How the local DOKU writes") {
        for word in row[2].split("`, `") {
            let setting = format!("{}={word}", row[0]);
            assert!(
                setting.parse::<doku_sandbox::Dialect>().is_ok(),
                "{setting}"
            );
            words += 1;
        }
    }
    assert_eq!(words, 14, "as many as there are besides the defaults");
}

#[test]
fn each_has_its_key_in_the_settings_of_the_server() {
    let blocks = page::page("guide/open-questions.md").blocks_in("toml");
    let settings: toml::Table = toml::from_str(&blocks[0].1).unwrap();
    for (heading, table) in [
        ("\n## Our calls", "dialect"),
        ("\n## DOKU's calls to you", "hosted"),
    ] {
        let named: BTreeSet<String> = rows_below(heading)
            .into_iter()
            .map(|row| row[2].clone())
            .collect();
        let there: BTreeSet<String> = settings[table]
            .as_table()
            .unwrap()
            .keys()
            .cloned()
            .collect();
        assert_eq!(named, there, "{table}");
    }
}
