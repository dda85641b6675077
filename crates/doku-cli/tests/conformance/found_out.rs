//! Each mistake is found by the rows that are there for it, and by no other.

use serde_json::Value;

use crate::broken::{Limiter, Mistakes, NUMBER, Shop};
use crate::support::Run;

fn tried(mistakes: Mistakes) -> Run {
    tried_at(&Shop::open(mistakes))
}

fn tried_at(shop: &Shop) -> Run {
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
        "other-case",
        "body-changed",
        "member-twice",
        "other-path",
        "other-method",
        "other-timestamp",
        "timestamp-rewritten",
        "other-token",
        "token-with-word",
        "other-secret",
        "hex",
        "cut-short",
        "longer-signature",
        "without-signature",
        "without-timestamp",
        "empty-signature",
        "empty-timestamp",
        "timestamp-not-ascii",
        "long-signature",
        "two-signatures",
        "second-signature",
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
    let expected = [
        "alg-none",
        "alg-none-in-capitals",
        "alg-none-signed",
        "hs256",
        "another-key",
        "jwk",
        "jku",
        "kid",
        "altered-claims",
        "another-issuer",
        "another-type",
        "crit",
        "longer-bearer",
    ];
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
    let expected = ["code", "members", "blanks", "zeros", "repeated-padded"];
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

#[test]
fn one_that_compares_signatures_without_regard_to_case() {
    let run = tried(Mistakes {
        other_case: true,
        ..Mistakes::default()
    });
    assert_eq!(run.code, 3);
    assert_eq!(rows(&run, "failed"), ["payment/other-case"]);
}

#[test]
fn one_that_takes_a_bearer_that_expired_long_ago() {
    let run = tried(Mistakes {
        takes_expired: true,
        ..Mistakes::default()
    });
    assert_eq!(run.code, 3);
    assert_eq!(rows(&run, "failed"), ["payment/expired"]);
}

#[test]
fn behind_a_limiter_that_lets_nothing_more_through_no_row_is_decided() {
    // The server behind it believes what nobody signed, which nobody finds out: neither that nor the contrary may be said.
    let shop = Shop::behind(
        Some(Limiter::After(60)),
        Mistakes {
            no_hmac: true,
            ..Mistakes::default()
        },
    );
    let run = tried_at(&shop);
    assert_eq!(run.code, 3, "{run:?}");
    assert_eq!(rows(&run, "failed"), Vec::<String>::new());
    let told = run.json();
    assert_eq!(told["ok"], false);
    let all = told["rows"].as_array().unwrap();
    let of_payment = all
        .iter()
        .filter(|row| row["name"].as_str().unwrap().starts_with("payment/"));
    for row in of_payment {
        let refuses = row["must"].as_str().unwrap().starts_with("refuse");
        let open = row["undecided"] == true;
        assert!(open || (!refuses && row["verdict"] == "passed"), "{row}");
        let put_off = row["happened"].as_str().unwrap().contains("429");
        assert_eq!(put_off, open, "{row}");
    }
    let open = rows(&run, "skipped");
    for name in ["payment/unsigned", "payment/afterwards"] {
        assert!(open.iter().any(|row| row == name), "{open:?}");
    }
}

#[test]
fn behind_a_limiter_that_puts_calls_off_each_is_made_again() {
    let run = tried_at(&Shop::behind(Some(Limiter::Every(3)), Mistakes::default()));
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(run.json()["undecided"], 0);
    let found = tried_at(&Shop::behind(
        Some(Limiter::Every(3)),
        Mistakes {
            other_case: true,
            ..Mistakes::default()
        },
    ));
    assert_eq!(rows(&found, "failed"), ["payment/other-case"]);
}
