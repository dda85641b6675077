//! Help, and command lines that make no sense.

use crate::support::{doku, snapshot};

#[test]
fn help_texts() {
    for (name, arguments) in [
        ("help", &["--help"][..]),
        ("help-demo", &["demo", "--help"]),
        ("help-sandbox", &["sandbox", "--help"]),
        ("help-serve", &["serve", "--help"]),
        ("help-ledger", &["ledger", "--help"]),
        ("help-ledger-list", &["ledger", "list", "--help"]),
        ("help-ledger-show", &["ledger", "show", "--help"]),
        ("help-ledger-export", &["ledger", "export", "--help"]),
        ("help-ledger-reconcile", &["ledger", "reconcile", "--help"]),
        ("help-ledger-resolve", &["ledger", "resolve", "--help"]),
        ("help-ledger-evidence", &["ledger", "evidence", "--help"]),
        ("help-ledger-webhooks", &["ledger", "webhooks", "--help"]),
        ("help-ledger-restored", &["ledger", "restored", "--help"]),
        ("help-va", &["va", "--help"]),
        ("help-va-create", &["va", "create", "--help"]),
        ("help-va-update", &["va", "update", "--help"]),
        ("help-va-status", &["va", "status", "--help"]),
        ("help-va-delete", &["va", "delete", "--help"]),
        ("help-va-settle", &["va", "settle", "--help"]),
        ("help-va-how-to-pay", &["va", "how-to-pay", "--help"]),
        ("help-trigger", &["trigger", "--help"]),
        ("help-conformance", &["conformance", "--help"]),
        ("help-listen", &["listen", "--help"]),
        ("help-token", &["token", "--help"]),
        ("help-keygen", &["keygen", "--help"]),
    ] {
        let run = doku(arguments).run();
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
        snapshot(name, &run.stdout, None);
    }
}

#[test]
fn the_version_is_told() {
    let run = doku(&["--version"]).run();
    assert_eq!(run.code, 0);
    assert_eq!(
        run.stdout,
        concat!("doku ", env!("CARGO_PKG_VERSION"), "\n")
    );
}

#[test]
fn command_lines_that_make_no_sense() {
    for (name, arguments) in [
        ("no-command", &[][..]),
        ("unknown-command", &["pay"]),
        ("unknown-flag", &["va", "create", "--secret-key", "SK-1"]),
        ("half-a-merchant", &["sandbox", "--client-id", "MCH-1"]),
        ("not-a-bin", &["sandbox", "--bin", "95962"]),
        ("small-key", &["keygen", "--out", "x", "--bits", "1024"]),
        (
            "closed-and-open",
            &["va", "create", "--trx-id", "A", "--open", "--closed"],
        ),
        (
            "open-and-amount",
            &["va", "create", "--trx-id", "A", "--open", "--amount", "1"],
        ),
        (
            "resume-and-more",
            &["va", "create", "--resume", "p.json", "--trx-id", "A"],
        ),
        (
            "resolve-two-ways",
            &[
                "ledger",
                "resolve",
                "A",
                "--number",
                "1",
                "--never-made",
                "B",
            ],
        ),
        ("resolve-no-way", &["ledger", "resolve", "A", "--yes"]),
        (
            "resolve-no-reason",
            &["ledger", "resolve", "A", "--give-up", " "],
        ),
        (
            "mgpc-without-number",
            &["va", "create", "--trx-id", "A", "--mode", "mgpc"],
        ),
    ] {
        let run = doku(arguments).run();
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
        snapshot(&format!("nonsense-{name}"), &run.stderr, None);
    }
}

#[test]
fn machines_are_told_in_json() {
    for arguments in [
        &["--output", "json", "va", "create", "--nonsense"][..],
        &["va", "create", "--nonsense", "--output=json"],
    ] {
        let run = doku(arguments).run();
        assert_eq!(run.code, 2);
        let error = run.error();
        assert_eq!(error["kind"], "usage");
        assert_eq!(error["exitCode"], 2);
        assert!(error["message"].as_str().unwrap().contains("--nonsense"));
    }
}
