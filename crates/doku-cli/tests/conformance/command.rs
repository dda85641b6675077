//! The command around the suite: what it lists, what it refuses, and what it writes.

use crate::broken::{Mistakes, NUMBER, Shop};
use crate::support::{doku, snapshot};

#[test]
fn the_cases_are_listed_without_keys() {
    let run = doku(&["conformance", "--list"]).run();
    assert_eq!(run.code, 0, "{run:?}");
    snapshot("conformance-list", &run.stdout, None);
}

#[test]
fn another_machine_takes_a_yes() {
    let run = doku(&["conformance", "--merchant", "https://shop.example"]).run();
    assert_eq!(run.code, 2);
    snapshot("conformance-not-this-machine", &run.shown(), None);
}

#[test]
fn a_case_that_is_none_is_named() {
    let run = doku(&[
        "conformance",
        "--merchant",
        "http://127.0.0.1:1",
        "--only",
        "refund",
    ])
    .run();
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("there is no case refund"), "{run:?}");
}

#[test]
fn without_a_number_the_token_endpoint_is_tried_and_the_rest_is_skipped_with_the_reason() {
    let shop = Shop::open(Mistakes::default());
    let run = shop.doku(&["conformance", "--merchant", &shop.url]).run();
    assert_eq!(run.code, 0, "{run:?}");
    snapshot("conformance-without-a-number", &run.stdout, None);
}

#[test]
fn a_failure_says_why_it_matters_and_build_servers_read_it() {
    let shop = Shop::open(Mistakes {
        no_hmac: true,
        ..Mistakes::default()
    });
    let junit = shop.folder.path().join("report.xml");
    let run = shop
        .doku(&["conformance", "--merchant", &shop.url, "--number", NUMBER])
        .arguments(&["--only", "payment/unsigned", "--only", "payment/no-bearer"])
        .arguments(&["--junit", junit.to_str().unwrap()])
        .run();
    assert_eq!(run.code, 3, "{run:?}");
    snapshot("conformance-failed", &run.stdout, None);
    snapshot(
        "conformance-failed-junit",
        &std::fs::read_to_string(junit).unwrap(),
        None,
    );
}

#[test]
fn where_nobody_listens_the_first_row_fails_and_the_others_are_skipped() {
    let shop = Shop::open(Mistakes::default());
    let run = shop
        .doku(&[
            "conformance",
            "--merchant",
            "http://127.0.0.1:1",
            "--only",
            "token",
        ])
        .arguments(&["--output", "json"])
        .run();
    assert_eq!(run.code, 3, "{run:?}");
    let told = run.json();
    assert_eq!(told["passed"], 0, "{told}");
    assert_eq!(told["rows"][0]["verdict"], "failed", "{told}");
}
