//! The command around the suite: what it lists, what it refuses, and what it writes.

use crate::broken::{Limiter, Mistakes, NUMBER, Shop};
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
fn a_second_run_replaces_the_report_of_the_first() {
    let shop = Shop::open(Mistakes::default());
    let junit = shop.folder.path().join("report.xml");
    let report = |only: &str| {
        let run = shop
            .doku(&["conformance", "--merchant", &shop.url, "--only", only])
            .arguments(&["--junit", junit.to_str().unwrap()])
            .run();
        assert_eq!(run.code, 0, "{run:?}");
        std::fs::read_to_string(&junit).unwrap()
    };
    assert!(report("token/genuine").contains("name=\"genuine\""));
    let second = report("token/utc");
    assert!(second.contains("name=\"utc\""), "{second}");
    assert!(!second.contains("name=\"genuine\""), "{second}");
    let names = std::fs::read_dir(shop.folder.path()).unwrap();
    let names: Vec<_> = names.map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
}

#[test]
fn a_report_that_cannot_be_written_is_said_before_anything_is_sent() {
    let shop = Shop::open(Mistakes::default());
    let folder = shop.folder.path().join("reports");
    std::fs::create_dir(&folder).unwrap();
    for path in [folder.clone(), folder.join("gone").join("report.xml")] {
        let run = shop
            .doku(&["conformance", "--merchant", "http://127.0.0.1:1"])
            .arguments(&["--junit", path.to_str().unwrap()])
            .run();
        assert!(run.code == 1 || run.code == 2, "{run:?}");
        assert!(run.stdout.is_empty(), "{run:?}");
    }
}

#[test]
fn build_servers_read_stdout_as_well() {
    let shop = Shop::open(Mistakes::default());
    let printed = |arguments: &[&str]| {
        let run = shop
            .doku(&["conformance", "--merchant", &shop.url])
            .arguments(&["--only", "token/genuine"])
            .arguments(arguments)
            .run();
        assert_eq!(run.code, 0, "{run:?}");
        run.stdout
    };
    let report = printed(&["--output", "junit"]);
    assert!(report.starts_with("<?xml "), "{report}");
    assert!(report.contains("tests=\"1\" failures=\"0\""), "{report}");
    assert_eq!(report, printed(&["--output=junit"]));
    assert_eq!(report, printed(&["--junit", "-"]));
    let list = doku(&["conformance", "--list", "--output", "junit"]).run();
    assert_eq!(list.code, 2, "{list:?}");
    // No other command has rows to tell build servers of.
    assert_eq!(
        doku(&["code", "2002500", "--output", "junit"]).run().code,
        2
    );
}

#[test]
fn what_is_undecided_is_told_and_is_no_success() {
    let shop = Shop::behind(Some(Limiter::After(1)), Mistakes::default());
    let run = shop
        .doku(&["conformance", "--merchant", &shop.url])
        .arguments(&["--only", "token/genuine", "--only", "token/unsigned"])
        .run();
    assert_eq!(run.code, 3, "{run:?}");
    snapshot("conformance-undecided", &run.stdout, None);
}

#[test]
fn where_nobody_listens_it_is_said_in_one_line() {
    let shop = Shop::open(Mistakes::default());
    let junit = shop.folder.path().join("report.xml");
    let away = |arguments: &[&str]| {
        let run = shop
            .doku(&["conformance", "--merchant", "http://127.0.0.1:1"])
            .arguments(&["--number", NUMBER])
            .arguments(arguments)
            .run();
        assert_eq!(run.code, 4, "{run:?}");
        run
    };
    let told = away(&["--junit", junit.to_str().unwrap()]);
    assert_eq!(told.stdout, "");
    assert!(
        told.stderr
            .starts_with("error: nobody answers at http://127.0.0.1:1/: "),
        "{told:?}"
    );
    assert!(told.stderr.lines().count() <= 3, "{told:?}");
    // A build server is told of the rows all the same, and none of them passed.
    let report = std::fs::read_to_string(junit).unwrap();
    assert!(!report.contains("\"/>\n"), "{report}");
    let told = away(&["--output", "json"]).json();
    assert_eq!(told["passed"], 0, "{told}");
    assert_eq!(told["rows"][0]["verdict"], "failed", "{told}");
    assert!(told["away"].is_string(), "{told}");
}

#[test]
fn what_is_mended_alike_is_said_once() {
    let shop = Shop::open(Mistakes {
        no_hmac: true,
        ..Mistakes::default()
    });
    let run = shop
        .doku(&["conformance", "--merchant", &shop.url, "--number", NUMBER])
        .arguments(&[
            "--only",
            "payment/unsigned",
            "--only",
            "payment/other-secret",
        ])
        .run();
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.stdout.contains("2 failed"), "{run:?}");
    assert_eq!(run.stdout.matches("  why   ").count(), 1, "{run:?}");
    assert!(
        run.stdout
            .contains("\npayment/other-secret\npayment/unsigned\n  why")
            || run
                .stdout
                .contains("\npayment/unsigned\npayment/other-secret\n  why"),
        "{run:?}"
    );
}
