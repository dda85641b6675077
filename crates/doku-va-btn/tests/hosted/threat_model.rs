//! The tables of `docs/threat-model.md` and the attack tests are the same list.

use std::collections::BTreeSet;

const DOCUMENT: &str = include_str!("../../../../docs/threat-model.md");

const SUITES: [(&str, &str); 6] = [
    ("attack_bearer", include_str!("attack_bearer.rs")),
    ("attack_body", include_str!("attack_body.rs")),
    ("attack_header", include_str!("attack_header.rs")),
    ("attack_replay", include_str!("attack_replay.rs")),
    ("attack_signature", include_str!("attack_signature.rs")),
    ("attack_token", include_str!("attack_token.rs")),
];

/// Tests that are there to show that the attacks are aimed well.
const NO_ATTACKS: [&str; 3] = [
    "attack_bearer::a_token_made_as_ours_is_accepted",
    "attack_signature::the_right_one_is_accepted",
    "attack_signature::the_merchant_learns_what_was_expected_and_no_token",
];

#[test]
fn every_line_is_a_test_and_every_test_is_a_line() {
    let lines: BTreeSet<String> = DOCUMENT
        .lines()
        .filter(|line| line.starts_with('|'))
        .filter_map(|line| line.split('`').rev().nth(1))
        .filter(|name| name.starts_with("attack_"))
        .map(str::to_owned)
        .collect();
    let tests: BTreeSet<String> = SUITES
        .iter()
        .flat_map(|(suite, source)| {
            source
                .split("#[tokio::test")
                .skip(1)
                .filter_map(|test| test.split("async fn ").nth(1)?.split('(').next())
                .map(move |name| format!("{suite}::{name}"))
        })
        .filter(|name| !NO_ATTACKS.contains(&name.as_str()))
        .collect();
    assert_eq!(lines, tests);
    assert!(lines.len() > 50);
}
