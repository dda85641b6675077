//! Each mistake is found by the rows that are there for it, and by no other.

use serde_json::Value;

use crate::broken::{Mistakes, NUMBER, Shop};
use crate::support::Run;

fn tried(mistakes: Mistakes) -> Run {
    let shop = Shop::open(mistakes);
    let key = shop.files.private_key.to_str().unwrap();
    shop.doku(&["conformance", "--merchant", &shop.url, "--output", "json"])
        .arguments(&["--number", NUMBER, "--trx-id", "INV-1"])
        .arguments(&["--merchant-private-key", key])
        .run()
}

fn rows(run: &Run, verdict: &str) -> Vec<String> {
    let told = run.json();
    let rows = told["rows"].as_array().unwrap();
    let name = |row: &Value| row["name"].as_str().unwrap().to_owned();
    rows.iter()
        .filter(|row| row["verdict"] == verdict)
        .map(name)
        .collect()
}

#[test]
fn without_mistakes_nothing_is_found() {
    // Without this, the tests below would prove nothing.
    let run = tried(Mistakes::default());
    assert_eq!(rows(&run, "failed"), Vec::<String>::new(), "{run:?}");
    assert_eq!(run.code, 0);
    // It hosts no inquiries, which is no mistake.
    let skipped = rows(&run, "skipped");
    assert!(
        skipped.iter().all(|name| name.starts_with("inquiry/")),
        "{skipped:?}"
    );
}

#[test]
fn one_that_looks_at_the_bearer_and_not_at_the_signature() {
    let run = tried(Mistakes {
        no_hmac: true,
        ..Mistakes::default()
    });
    assert_eq!(run.code, 3);
    let expected = [
        "unsigned",
        "body-changed",
        "other-path",
        "other-method",
        "other-timestamp",
        "other-token",
        "token-with-word",
        "other-secret",
        "hex",
        "cut-short",
        "without-signature",
        "without-timestamp",
        "two-signatures",
        "two-timestamps",
    ];
    assert_eq!(
        rows(&run, "failed"),
        expected.map(|name| format!("payment/{name}"))
    );
}

#[test]
fn one_that_believes_what_a_bearer_says_of_itself() {
    let run = tried(Mistakes {
        believes_claims: true,
        ..Mistakes::default()
    });
    assert_eq!(run.code, 3);
    let expected = ["alg-none", "hs256", "another-key", "altered-claims"];
    assert_eq!(
        rows(&run, "failed"),
        expected.map(|name| format!("payment/{name}"))
    );
}

#[test]
fn one_that_answers_in_another_shape_and_takes_one_writing_of_a_number() {
    let run = tried(Mistakes {
        flat: true,
        literal_numbers: true,
        ..Mistakes::default()
    });
    assert_eq!(run.code, 3);
    let expected = ["code", "members", "blanks", "zeros"];
    assert_eq!(
        rows(&run, "failed"),
        expected.map(|name| format!("payment/{name}"))
    );
    let told = run.json();
    let row = |name: &str| {
        let rows = told["rows"].as_array().unwrap();
        rows.iter().find(|row| row["name"] == name).unwrap().clone()
    };
    let code = row("payment/code");
    let happened = code["happened"].as_str().unwrap();
    assert!(happened.ends_with("responseCode is 2002700"), "{happened}");
    let zeros = row("payment/zeros");
    assert_eq!(zeros["happened"], "HTTP 404 4042512 Refused");
    assert!(zeros["mend"].as_str().unwrap().contains("zeros in front"));
}
