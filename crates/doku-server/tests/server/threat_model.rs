//! What the threat model says of the server is a test of this suite.

const DOCUMENT: &str = include_str!("../../../../docs/threat-model.md");

const SUITES: [(&str, &str); 7] = [
    ("configuring", include_str!("configuring.rs")),
    ("creating", include_str!("creating.rs")),
    ("following", include_str!("following.rs")),
    ("guarding", include_str!("guarding.rs")),
    ("replicas", include_str!("replicas.rs")),
    ("telling", include_str!("telling.rs")),
    ("viewing", include_str!("viewing.rs")),
];

#[test]
fn every_line_is_a_test() {
    let (_, section) = DOCUMENT.split_once("## The server").unwrap();
    let lines: Vec<_> = section
        .lines()
        .filter(|line| line.starts_with('|'))
        .filter_map(|line| line.split('`').rev().nth(1)?.split_once("::"))
        .collect();
    for (suite, name) in &lines {
        let (_, source) = SUITES.iter().find(|(known, _)| known == suite).unwrap();
        assert!(source.contains(&format!("fn {name}(")), "{suite}::{name}");
    }
    assert!(lines.len() > 10);
}
