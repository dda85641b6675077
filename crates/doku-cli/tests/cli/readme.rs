//! The README of the repository: its Rust is compiled as an example, and its commands are those of this binary.

use crate::demo::TEXT;
use crate::support::{Sandbox, doku};

const README: &str = include_str!("../../../../README.md");

/// Compiled with every test run.
const EXAMPLE: &str = include_str!("../../examples/first_va.rs");

/// The text of the first block in this language.
fn block(language: &str) -> &'static str {
    let fence = format!("```{language}\n");
    let (_, rest) = README.split_once(&fence).unwrap();
    rest.split_once("```\n").unwrap().0
}

#[test]
fn its_rust_is_the_example_that_is_compiled() {
    let code = EXAMPLE
        .lines()
        .skip_while(|line| line.starts_with("//!") || line.starts_with("#![") || line.is_empty());
    let code: String = code.map(|line| format!("{line}\n")).collect();
    assert_eq!(block("rust,no_run"), code);
}

#[test]
fn its_first_commands_are_the_two_that_set_everything_up() {
    assert_eq!(
        block("sh"),
        "cargo run --release -- demo\ncargo xtask test\n"
    );
}

#[test]
fn its_excerpt_is_what_the_demonstration_prints() {
    // Numbers and ids differ each time, and are as long each time.
    let shape = |text: &str| -> String {
        text.chars()
            .map(|c| if c.is_ascii_digit() { '0' } else { c })
            .collect()
    };
    let excerpt = block("text");
    assert!(excerpt.lines().count() > 10, "{excerpt}");
    assert!(
        shape(&TEXT.stdout).contains(&shape(excerpt)),
        "the README shows something else than\n{}",
        TEXT.stdout
    );
}

#[test]
fn its_payment_pays_the_first_account_of_a_fresh_sandbox() {
    let line = README
        .lines()
        .find(|line| line.starts_with("curl "))
        .unwrap();
    assert!(
        line.ends_with(r#""$DOKU_ENVIRONMENT/_sandbox/pay""#),
        "{line}"
    );
    assert!(
        line.contains("-H 'content-type: application/json'"),
        "{line}"
    );
    let (_, body) = line.split_once("-d '").unwrap();
    let (body, _) = body.split_once('\'').unwrap();
    let sandbox = Sandbox::start();
    sandbox.created("INV-1", "va.json");
    assert_eq!(
        sandbox.control("POST", "pay", body)["paidAmount"],
        "11500.00"
    );
}

#[test]
fn each_command_it_names_is_one_that_there_is() {
    let commands: Vec<Vec<&str>> = README
        .lines()
        .filter_map(|line| line.strip_prefix("doku "))
        .map(|line| {
            line.split_whitespace()
                .take_while(|word| !word.starts_with('-'))
                .collect()
        })
        .collect();
    assert!(commands.len() >= 3, "{commands:?}");
    for mut command in commands {
        command.push("--help");
        assert_eq!(doku(&command).run().code, 0, "{command:?}");
    }
}
