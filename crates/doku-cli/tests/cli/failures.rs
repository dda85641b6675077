//! What goes wrong, how it is told, and the exit code that stands for it.

use crate::support::{Sandbox, doku, snapshot};

const CREATE: [&str; 8] = [
    "va",
    "create",
    "--trx-id",
    "INV-1",
    "--name",
    "Budi Santoso",
    "--amount",
    "11500",
];

#[test]
fn a_configuration_that_is_missing_or_wrong() {
    let sandbox = Sandbox::start();
    let run = doku(&CREATE).run();
    assert_eq!(run.code, 6);
    snapshot("no-environment", &run.shown(), None);
    for (name, run) in [
        (
            "no-client-id",
            sandbox.doku(&CREATE).without("DOKU_CLIENT_ID"),
        ),
        (
            "no-secret",
            sandbox.doku(&CREATE).without("DOKU_SECRET_KEY_FILE"),
        ),
        (
            "no-bin",
            sandbox.doku(&CREATE).without("DOKU_PARTNER_SERVICE_ID"),
        ),
        (
            "no-prefix",
            sandbox.doku(&CREATE).without("DOKU_CUSTOMER_NO_PREFIX"),
        ),
        (
            "both-secrets",
            sandbox.doku(&CREATE).env("DOKU_SECRET_KEY", "SK-1"),
        ),
        (
            "plain-http",
            sandbox
                .doku(&CREATE)
                .env("DOKU_ENVIRONMENT", "http://example.com"),
        ),
        (
            "no-such-file",
            sandbox
                .doku(&CREATE)
                .env("DOKU_PRIVATE_KEY_FILE", "/no/such/file"),
        ),
        (
            "secret-for-a-key",
            sandbox
                .doku(&CREATE)
                .env("DOKU_PRIVATE_KEY_FILE", &sandbox.path("keys/secret-key")),
        ),
    ] {
        let run = run.run();
        assert_eq!(run.code, 6, "{name}: {run:?}");
        snapshot(
            &format!("configuration-{name}"),
            &run.shown(),
            Some(sandbox.folder.path()),
        );
    }
    let journal = sandbox.control("GET", "journal", "");
    assert_eq!(journal["last"], 0, "something was sent");
}

#[test]
fn what_is_refused_and_what_never_arrives() {
    let sandbox = Sandbox::start();
    let wrong = sandbox.path("wrong");
    std::fs::write(&wrong, "SK-wrong").unwrap();
    assert_eq!(
        doku(&["keygen", "--out", &sandbox.path("other")])
            .run()
            .code,
        0
    );
    let other = sandbox.path("other/private.pem");
    sandbox.created("INV-0", "va.json");
    let va = sandbox.path("va.json");
    for (name, code, run) in [
        (
            "wrong-secret",
            3,
            sandbox.doku(&CREATE).env("DOKU_SECRET_KEY_FILE", &wrong),
        ),
        (
            "wrong-key",
            3,
            sandbox.doku(&CREATE).env("DOKU_PRIVATE_KEY_FILE", &other),
        ),
        (
            "unknown-bin",
            3,
            sandbox
                .doku(&CREATE)
                .env("DOKU_PARTNER_SERVICE_ID", "11111"),
        ),
        (
            "closed-port",
            4,
            sandbox
                .doku(&CREATE)
                .env("DOKU_ENVIRONMENT", "http://127.0.0.1:1"),
        ),
        (
            "token-closed-port",
            4,
            sandbox
                .doku(&["token"])
                .env("DOKU_ENVIRONMENT", "http://127.0.0.1:1"),
        ),
        (
            "question-closed-port",
            4,
            sandbox
                .doku(&["va", "status", "--va", &va])
                .env("DOKU_ENVIRONMENT", "http://127.0.0.1:1"),
        ),
        (
            "no-folder-to-save-in",
            1,
            sandbox
                .doku(&CREATE)
                .arguments(&["--save", &sandbox.path("no/such/va.json")]),
        ),
    ] {
        let run = run.run();
        assert_eq!(run.code, code, "{name}: {run:?}");
        snapshot(
            &format!("failure-{name}"),
            &run.shown(),
            Some(sandbox.folder.path()),
        );
    }
}

#[test]
fn a_failure_for_machines() {
    let sandbox = Sandbox::start();
    let wrong = sandbox.path("wrong");
    std::fs::write(&wrong, "SK-wrong").unwrap();
    let mut arguments = CREATE.to_vec();
    arguments.extend(["--output", "json"]);
    let run = sandbox
        .doku(&arguments)
        .env("DOKU_SECRET_KEY_FILE", &wrong)
        .run();
    assert_eq!((run.code, run.stdout.as_str()), (3, ""));
    snapshot("failure-json", &run.stderr, None);
    let error = run.error();
    assert_eq!(error["responseCode"], "4012700");
    assert_eq!(error["outcome"], "notDone");
}

#[test]
fn orders_that_make_no_sense_are_not_sent() {
    let sandbox = Sandbox::start();
    let create = ["va", "create", "--trx-id", "A-1"];
    let named = ["--name", "Budi"];
    for (name, more) in [
        ("no-name", &["--amount", "5000"][..]),
        (
            "bad-name",
            &["--name", "Budi <budi@secret>", "--amount", "5000"],
        ),
        (
            "bad-email",
            &[
                "--name",
                "Budi",
                "--email",
                "not-an-address",
                "--amount",
                "5000",
            ],
        ),
        ("no-amount", &named),
        ("zero", &["--name", "Budi", "--amount", "0"]),
        ("comma", &["--name", "Budi", "--amount", "11.500,00"]),
        ("thousands", &["--name", "Budi", "--amount", "11.500"]),
        ("leading-zero", &["--name", "Budi", "--amount", "011500"]),
        ("negative", &["--name", "Budi", "--amount", "-5"]),
        ("max-zero", &["--name", "Budi", "--open", "--max", "0"]),
        (
            "direct-inquiry",
            &["--name", "Budi", "--amount", "5000", "--mode", "DIPC"],
        ),
        (
            "limits-of-a-closed-bill",
            &["--name", "Budi", "--amount", "5", "--min", "1"],
        ),
        (
            "limits-crossed",
            &["--name", "Budi", "--open", "--min", "9", "--max", "1"],
        ),
        (
            "free-text",
            &["--name", "Budi", "--open", "--free-text", "Thank you"],
        ),
        (
            "expires",
            &["--name", "Budi", "--open", "--expires", "tomorrow"],
        ),
        (
            "expired",
            &[
                "--name",
                "Budi",
                "--open",
                "--expires",
                "2026-01-01T00:00:00+07:00",
            ],
        ),
    ] {
        let mut all = create.to_vec();
        all.extend(more);
        let run = sandbox.doku(&all).run();
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{name}: {run:?}");
        snapshot(&format!("order-{name}"), &run.stderr, None);
    }
    assert_eq!(
        sandbox.control("GET", "journal", "")["last"],
        0,
        "something was sent"
    );
}

#[test]
fn files_that_hold_something_else() {
    let sandbox = Sandbox::start();
    sandbox.created("INV-0", "va.json");
    let va = sandbox.path("va.json");
    let prepared = sandbox.path("prepared.json");
    let made = sandbox
        .doku(&CREATE)
        .arguments(&["--prepare", &prepared])
        .run();
    assert_eq!(made.code, 0, "{made:?}");
    let stored = std::fs::read_to_string(&va).unwrap();
    let broken = stored.replace("Budi Santoso", "Budi <personal>");
    for (name, arguments, stdin) in [
        (
            "gone",
            &["va", "status", "--va", &sandbox.path("gone.json")][..],
            "",
        ),
        ("empty", &["va", "status", "--va", "-"], ""),
        (
            "not-json",
            &["va", "status", "--va", &sandbox.path("keys/private.pem")],
            "",
        ),
        ("a-text", &["va", "delete", "--va", "-"], "\"SK-personal\""),
        ("a-va-for-a-prepared-create", &["va", "settle", &va], ""),
        (
            "a-prepared-create-for-a-va",
            &["va", "status", "--va", &prepared],
            "",
        ),
        (
            "broken",
            &["va", "update", "--va", "-", "--amount", "1"],
            &broken,
        ),
        ("nothing-to-change", &["va", "update", "--va", &va], ""),
    ] {
        let run = sandbox.doku(arguments).stdin(stdin).run();
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{name}: {run:?}");
        assert!(!run.stderr.contains("personal"), "{run:?}");
        snapshot(
            &format!("file-{name}"),
            &run.stderr,
            Some(sandbox.folder.path()),
        );
    }
}

#[test]
fn a_status_that_the_answers_do_not_tell_is_unknown() {
    let sandbox = Sandbox::start();
    sandbox.created("INV-1", "va.json");
    let va = sandbox.path("va.json");
    assert_eq!(sandbox.doku(&["va", "delete", "--va", &va]).run().code, 0);
    let gone = sandbox
        .doku(&["va", "status", "--va", &va, "--output", "json"])
        .run();
    assert_eq!(gone.code, 5, "{gone:?}");
    assert_eq!(gone.json()["status"], "unknown");
    assert_eq!(gone.json()["why"], "notFound");

    sandbox.control(
        "POST",
        "faults",
        r#"{"operation":"checkStatus","kind":"html","status":200}"#,
    );
    let page = sandbox
        .doku(&["va", "status", "--va", &va, "--output", "json"])
        .run();
    assert_eq!(page.code, 5, "{page:?}");
    assert_eq!(page.error()["outcome"], "notDone");
}

#[test]
fn a_page_instead_of_an_answer_to_a_create_is_unknown() {
    let sandbox = Sandbox::start();
    for kind in ["html", "conflict", "cutBody"] {
        sandbox.control(
            "POST",
            "faults",
            &format!(r#"{{"operation":"createVa","kind":"{kind}"}}"#),
        );
        let run = sandbox
            .doku(&[
                "va", "create", "--trx-id", kind, "--name", "Budi", "--amount", "5000", "--output",
                "json",
            ])
            .run();
        assert_eq!(run.code, 5, "{kind}: {run:?}");
        assert_eq!(run.error()["outcome"], "unknown");
    }
}
