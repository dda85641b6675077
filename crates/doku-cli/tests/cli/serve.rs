//! `doku serve` with a local DOKU: from an order to a payment in the ledger, and what keeps it from starting.

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::server::{API_KEY, Server};
use crate::support::{Sandbox, doku};

#[test]
fn an_order_is_made_paid_and_remembered() {
    let server = Server::start();
    let made = server.order("INV-1");
    assert_eq!(made["state"], "active", "{made}");
    let number = made["number"].as_str().unwrap().to_owned();
    let told = server.pay(&number, "11500.00");
    assert_eq!(told["notification"]["acknowledged"], true, "{told}");

    // A running server is no hindrance to whoever looks.
    let shown = server.ledger(&["show", "INV-1", "--output", "json"]).json();
    assert_eq!(shown["account"]["state"], "paid", "{shown}");
    assert_eq!(shown["account"]["credited"], "11500.00");
    assert_eq!(shown["payments"][0]["verdict"], "satisfied");
    let types: Vec<&str> = shown["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["type"].as_str().unwrap())
        .collect();
    for expected in ["account.requested", "account.activated", "account.paid"] {
        assert!(types.contains(&expected), "{types:?}");
    }

    let server = server.restart();
    let (status, found) = server.api("GET", "/v1/virtual-accounts/INV-1", None);
    assert_eq!((status, &found["state"]), (200, &json!("paid")), "{found}");
    // Told again, it is thanked for again and counted once.
    let id = told["notification"]["id"].to_string();
    let again = server.resend(&id);
    assert_eq!(again["acknowledged"], true, "{again}");
    let shown = server.ledger(&["show", "INV-1", "--output", "json"]).json();
    assert_eq!(shown["payments"].as_array().unwrap().len(), 1, "{shown}");
    let list = server.ledger(&["list", "--state", "paid"]);
    assert_eq!(list.code, 0, "{list:?}");
    assert!(list.stdout.contains("INV-1   paid   9596"), "{list:?}");
}

#[cfg(unix)]
#[test]
fn it_stops_in_order_and_tells_nothing_but_that_it_is_ready_on_stdout() {
    for signal in ["TERM", "INT"] {
        let run = Server::start().stop(signal);
        assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{run:?}");
        let lines: Vec<Value> = run
            .stderr
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let last = lines.last().unwrap();
        assert_eq!(
            (&last["level"], &last["message"]),
            (&json!("INFO"), &json!("stopped"))
        );
    }
}

#[test]
fn logs_are_written_for_people_where_they_are_asked_for() {
    let server = Server::start_with(&["--log-format", "text"]);
    let log = server.log();
    assert!(
        log.contains(" INFO doku_server::server: listening"),
        "{log}"
    );
}

#[test]
fn a_log_for_machines_names_each_span_once() {
    let server = Server::start_loud();
    server.order("INV-1");
    let lines: Vec<Value> = server
        .log()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let within = |line: &&Value| {
        let spans = line["spans"].as_array();
        spans.is_some_and(|spans| spans.iter().any(|span| span["name"] == "merchant_calls"))
    };
    assert!(lines.iter().any(|line| within(&line)), "{lines:?}");
    assert!(lines.iter().all(|line| line.get("span").is_none()));
}

#[test]
fn a_server_that_lets_nobody_in_says_so() {
    let server = Server::start_without_keys();
    let told = server.log();
    let warned = told
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .find(|line| line["level"] == "WARN")
        .unwrap();
    let message = warned["message"].as_str().unwrap();
    for said in [
        "no API keys",
        "/v1",
        "401",
        "/openapi.json",
        "DOKU_SERVER_API_KEYS",
    ] {
        assert!(message.contains(said), "{message}");
    }
    let (status, _) = server.api("GET", "/v1/payments", None);
    assert_eq!(status, 401);
}

#[test]
fn a_check_that_finds_nothing_wrong_and_one_that_does() {
    let server = Server::start();
    let fine = server.doku(&["serve", "--check"]);
    let check = fine.run();
    assert_eq!(
        check.code, 6,
        "the server holds its own addresses: {check:?}"
    );
    assert!(check.stdout.contains("problem  listen "), "{check:?}");
    assert!(check.stdout.contains("ok       doku "), "{check:?}");
    assert!(check.stderr.contains("2 problems"), "{check:?}");
    assert!(check.stderr.contains("next"), "{check:?}");

    let free = |doku: crate::support::Doku| {
        doku.env("DOKU_SERVER_LISTEN", "127.0.0.1:0")
            .env("DOKU_SERVER_API_LISTEN", "127.0.0.1:0")
    };
    let check = free(server.doku(&["serve", "--check", "--output", "json"])).run();
    assert_eq!(check.code, 0, "{check:?}");
    let told = check.json();
    assert_eq!(told["ok"], true, "{told}");
    let database = told["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|finding| finding["subject"] == "database")
        .unwrap();
    assert_eq!(database["severity"], "ok", "{database}");

    let check = free(server.doku(&["serve", "--check"]))
        .env("DOKU_ENVIRONMENT", "http://127.0.0.1:1")
        .run();
    assert_eq!(check.code, 6, "{check:?}");
    assert!(check.stdout.contains("problem  doku "), "{check:?}");
    assert!(check.stderr.contains("one problem"), "{check:?}");
}

#[test]
fn a_check_makes_no_database() {
    let sandbox = Sandbox::start();
    let database = sandbox.path("none.sqlite");
    let check = sandbox
        .doku(&["serve", "--check", "--database", &database])
        .env("DOKU_SERVER_LISTEN", "127.0.0.1:0")
        .env("DOKU_SERVER_API_LISTEN", "127.0.0.1:0")
        .run();
    assert_eq!(check.code, 0, "{check:?}");
    assert!(check.stdout.contains("is empty"), "{check:?}");
    assert!(!sandbox.file("none.sqlite").exists());
}

#[test]
fn settings_that_make_no_sense_are_named() {
    let sandbox = Sandbox::start();
    let settings = sandbox.path("doku.toml");
    for (text, said) in [
        ("listne = \"127.0.0.1:0\"", "listne"),
        ("secret = \"hunter2", "line 1"),
        ("listen = \"8080\"", "listen"),
        ("database = \"mysql://db/doku\"", "database"),
        ("[[webhooks]]\nname = \"shop\"", "webhooks[0].url"),
        (
            "[[apiKeys]]\nname = \"shop\"\nkeyFile = \"gone\"",
            "apiKeys[0].keyFile",
        ),
    ] {
        std::fs::write(&settings, text).unwrap();
        let run = sandbox.doku(&["serve", "--config", &settings]).run();
        assert_eq!((run.code, run.stdout.as_str()), (6, ""), "{text}: {run:?}");
        assert!(run.stderr.contains(said), "{text}: {run:?}");
        assert!(run.stderr.contains("  next "), "{text}: {run:?}");
        assert!(!run.stderr.contains("hunter2"), "{text}: {run:?}");
    }
    let run = doku(&["serve"]).run();
    assert_eq!(run.code, 6, "{run:?}");
    assert!(run.stderr.contains("DOKU_ENVIRONMENT"), "{run:?}");
    let run = sandbox
        .doku(&["serve"])
        .without("DOKU_PUBLIC_KEY_FILE")
        .run();
    assert_eq!(run.code, 6, "{run:?}");
    assert!(run.stderr.contains("DOKU_PUBLIC_KEY"), "{run:?}");
}

#[test]
fn what_cannot_be_started_says_what_to_do() {
    let sandbox = Sandbox::start();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let database = sandbox.path("doku.sqlite");
    let run = sandbox
        .doku(&["serve", "--database", &database])
        .env(
            "DOKU_SERVER_LISTEN",
            &taken.local_addr().unwrap().to_string(),
        )
        .env("DOKU_SERVER_API_LISTEN", "127.0.0.1:0")
        .run();
    assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{run:?}");
    assert!(run.stderr.contains("DOKU_SERVER_LISTEN"), "{run:?}");
    assert!(!sandbox.file("doku.sqlite").exists());

    std::fs::write(
        sandbox.file("no.sqlite"),
        "this is no database, whatever its name says\n",
    )
    .unwrap();
    let run = sandbox
        .doku(&["serve", "--database", &sandbox.path("no.sqlite")])
        .env("DOKU_SERVER_LISTEN", "127.0.0.1:0")
        .env("DOKU_SERVER_API_LISTEN", "127.0.0.1:0")
        .run();
    assert_eq!((run.code, run.stdout.as_str()), (6, ""), "{run:?}");
    assert!(
        run.stderr
            .contains("no.sqlite is no ledger, and no database of SQLite at all"),
        "{run:?}"
    );
}

#[test]
fn a_password_is_not_taken_from_the_command_line() {
    let sandbox = Sandbox::start();
    let url = "postgres://doku:hunter2@127.0.0.1:1/doku";
    for arguments in [
        &["serve"][..],
        &["ledger", "list"],
        &["ledger", "reconcile"],
    ] {
        let run = sandbox
            .doku(arguments)
            .arguments(&["--database", url])
            .run();
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
        assert!(run.stderr.contains("DOKU_SERVER_DATABASE"), "{run:?}");
        assert!(!run.stderr.contains("hunter2"), "{run:?}");
    }
}

#[test]
fn an_empty_folder_and_the_variables_are_enough() {
    let server = Server::start();
    let made: Vec<_> = TempDir::path(&server.home)
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert!(made.iter().any(|name| name == "doku.sqlite"), "{made:?}");
}

#[cfg(unix)]
#[test]
fn no_secret_and_no_payer_is_in_the_loudest_log() {
    let server = Server::start_loud();
    let [secret, private] = server.secrets();
    let made = server.order("INV-1");
    let told = server.pay(made["number"].as_str().unwrap(), "11500.00");
    assert_eq!(told["notification"]["acknowledged"], true, "{told}");
    let check = server
        .doku(&["serve", "--check"])
        .env("RUST_LOG", "trace")
        .run();
    let log = server.stop("TERM").stderr;
    for printed in [log, check.stdout + &check.stderr] {
        assert!(printed.contains("TRACE"), "no log: {printed}");
        assert!(!printed.contains(secret.trim()), "{printed}");
        assert!(!printed.contains(API_KEY), "{printed}");
        assert!(!printed.contains("eyJ"), "{printed}");
        assert!(!printed.contains("Budi"), "{printed}");
        let mut key_lines = private.lines().filter(|line| !line.starts_with("-----"));
        assert!(!key_lines.any(|line| printed.contains(line)), "{printed}");
    }
}
