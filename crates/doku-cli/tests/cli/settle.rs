//! Answers that are lost, and the way out.

use crate::support::{Run, Sandbox, snapshot};

const LOST: &str = r#"{"operation":"createVa","kind":"dropAfter"}"#;

fn create(sandbox: &Sandbox, more: &[&str]) -> Run {
    let mut all = vec![
        "va",
        "create",
        "--trx-id",
        "INV-1",
        "--name",
        "Budi Santoso",
        "--amount",
        "11500",
    ];
    all.extend(more);
    sandbox.doku(&all).run()
}

#[test]
fn a_lost_answer_is_unknown_and_settling_finds_the_one_account() {
    let sandbox = Sandbox::start();
    let prepared = sandbox.path("prepared.json");
    sandbox.control("POST", "faults", LOST);
    let lost = create(&sandbox, &["--prepare", &prepared]);
    assert_eq!(lost.code, 5, "{lost:?}");
    snapshot("lost-answer", &lost.shown(), Some(sandbox.folder.path()));

    let va = sandbox.path("va.json");
    let settled = sandbox
        .doku(&["va", "settle", &prepared, "--save", &va])
        .run();
    assert_eq!(settled.code, 0, "{settled:?}");
    snapshot("settled", &settled.shown(), Some(sandbox.folder.path()));
    let there = sandbox.control("GET", "virtual-accounts", "");
    assert_eq!(there["virtualAccounts"].as_array().unwrap().len(), 1);
    let status = sandbox.doku(&["va", "status", "--va", &va]).run();
    assert!(status.stdout.starts_with("Pending"), "{status:?}");
}

#[test]
fn machines_are_told_that_it_may_have_been_done() {
    let sandbox = Sandbox::start();
    sandbox.control("POST", "faults", LOST);
    let lost = create(&sandbox, &["--output", "json"]);
    assert_eq!(lost.code, 5, "{lost:?}");
    let error = lost.error();
    assert_eq!(error["kind"], "unknown");
    assert_eq!(error["outcome"], "unknown");
    assert_eq!(error["externalId"].as_str().unwrap().len(), 36);
}

#[test]
fn sending_again_is_the_same_create_from_a_file_and_from_stdin() {
    let sandbox = Sandbox::start();
    let path = sandbox.path("prepared.json");
    assert_eq!(create(&sandbox, &["--prepare", &path]).code, 0);
    let text = std::fs::read_to_string(&path).unwrap();
    let prepared: serde_json::Value = serde_json::from_str(&text).unwrap();
    for (from, stdin) in [(path.as_str(), ""), ("-", text.as_str())] {
        let run = sandbox
            .doku(&["va", "create", "--resume", from, "--output", "json"])
            .stdin(stdin)
            .run();
        assert_eq!(run.code, 0, "{run:?}");
        assert_eq!(run.json()["externalId"], prepared["externalId"]);
        assert_eq!(run.json()["existed"], true);
    }
    let there = sandbox.control("GET", "virtual-accounts", "");
    assert_eq!(there["virtualAccounts"].as_array().unwrap().len(), 1);
}

#[test]
fn as_long_as_nobody_answers_it_stays_unknown() {
    let sandbox = Sandbox::start();
    let path = sandbox.path("prepared.json");
    sandbox.control("POST", "faults", LOST);
    assert_eq!(create(&sandbox, &["--prepare", &path]).code, 5);
    // This time certainly nothing was sent, which says nothing of the first time.
    for arguments in [
        &["va", "settle", &path][..],
        &["va", "create", "--resume", &path],
    ] {
        let mut all = arguments.to_vec();
        all.extend(["--output", "json"]);
        let run = sandbox
            .doku(&all)
            .env("DOKU_ENVIRONMENT", "http://127.0.0.1:1")
            .run();
        assert_eq!(run.code, 5, "{run:?}");
        assert_eq!(run.error()["outcome"], "unknown");
    }
}

#[test]
fn a_create_of_another_day_is_not_sent_again() {
    let sandbox = Sandbox::start();
    let path = sandbox.path("prepared.json");
    assert_eq!(create(&sandbox, &["--prepare", &path]).code, 0);
    let mut prepared: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    prepared["preparedAt"] = "2026-01-31T12:00:00+07:00".into();
    let run = sandbox
        .doku(&["va", "settle", "-", "--output", "json"])
        .stdin(&prepared.to_string())
        .run();
    assert_eq!(run.code, 5, "{run:?}");
    assert_eq!(run.error()["outcome"], "unknown");
    let journal = sandbox.control("GET", "journal", "");
    let creates = journal["entries"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| entry["operation"] == "createVa")
        .count();
    assert_eq!(creates, 1);
}

#[test]
fn nothing_is_sent_before_it_is_written_down() {
    let sandbox = Sandbox::start();
    let run = create(
        &sandbox,
        &["--prepare", &sandbox.path("no/such/folder/p.json")],
    );
    assert_eq!(run.code, 1, "{run:?}");
    let journal = sandbox.control("GET", "journal", "");
    assert_eq!(journal["entries"].as_array().unwrap().len(), 0);
}
