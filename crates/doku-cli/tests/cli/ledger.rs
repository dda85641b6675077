//! `doku ledger`: what is in it, taken out whole, and reconciled with a local DOKU.

use std::sync::Arc;

use doku::{Bill, Client, Clock, Config, CreateVa, ReqwestTransport};
use doku_ledger::{Ledger, Settings};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use crate::server::Server;
use crate::support::{Run, Sandbox, doku};

/// A clock of the past.
#[derive(Debug)]
struct Ago(Duration);

impl Clock for Ago {
    fn now(&self) -> OffsetDateTime {
        OffsetDateTime::now_utc() - self.0
    }
}

/// A ledger with an order of an hour ago, which DOKU should have been asked about. Gives the number.
fn an_hour_ago(sandbox: &Sandbox, trx_id: &str) -> String {
    let environment = sandbox.ready["environment"].as_object().unwrap();
    let variable = |name: &str| Some(environment.get(name)?.as_str()?.to_owned());
    let config = Config::from_variables(variable).unwrap();
    let settings = Settings::new(
        sandbox.path("doku.sqlite").parse().unwrap(),
        config.client_id().clone(),
    )
    .clock(Arc::new(Ago(Duration::hours(1))));
    let order = CreateVa::doku_generated(
        trx_id.parse().unwrap(),
        "Budi Santoso".parse().unwrap(),
        Bill::Closed("11500.00".parse().unwrap()),
    );
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let client = Client::new(config, Arc::new(ReqwestTransport::new())).unwrap();
        let ledger = Ledger::open(settings).await.unwrap();
        ledger.create(&client, &order, None).await.unwrap();
        let account = ledger.account(order.trx_id()).await.unwrap().unwrap();
        ledger.close().await;
        account.number.unwrap()
    })
}

fn ledger(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    sandbox
        .doku(&["ledger"])
        .arguments(arguments)
        .arguments(&["--database", &sandbox.path("doku.sqlite")])
        .run()
}

#[test]
fn a_payment_that_nobody_told_of_is_found_by_hand() {
    let sandbox = Sandbox::start();
    let number = an_hour_ago(&sandbox, "INV-1");
    let order = json!({ "virtualAccountNo": number, "amount": "11500.00" });
    sandbox.control("POST", "pay", &order.to_string());

    let round = ledger(&sandbox, &["reconcile", "--output", "json"]);
    assert_eq!(round.code, 0, "{round:?}");
    let told = round.json();
    assert_eq!(
        (&told["checked"], &told["payments"]),
        (&json!(1), &json!(1)),
        "{told}"
    );
    let shown = ledger(&sandbox, &["show", "INV-1"]);
    assert!(shown.stdout.starts_with("INV-1 is paid.\n"), "{shown:?}");
    assert!(shown.stdout.contains("reconciliation"), "{shown:?}");

    let round = ledger(&sandbox, &["reconcile"]);
    assert_eq!(round.code, 0, "{round:?}");
    assert!(round.stdout.contains("asked about  0\n"), "{round:?}");
    assert_eq!(round.stderr, "", "a bar is for terminals only");
}

#[test]
fn questions_without_an_answer_are_told() {
    let sandbox = Sandbox::start();
    an_hour_ago(&sandbox, "INV-1");
    let arguments = [
        "ledger",
        "reconcile",
        "--database",
        &sandbox.path("doku.sqlite"),
    ];
    let round = sandbox
        .doku(&arguments)
        .env("DOKU_ENVIRONMENT", "http://127.0.0.1:1")
        .run();
    assert_eq!(round.code, 4, "{round:?}");
    assert!(round.stdout.contains("no answer    1\n"), "{round:?}");
}

#[test]
fn what_is_taken_out_is_what_is_in_it() {
    let server = Server::start();
    for trx_id in ["INV-1", "INV-2", "INV-3"] {
        let made = server.order(trx_id);
        if trx_id != "INV-3" {
            let told = server.pay(made["number"].as_str().unwrap(), "11500.00");
            assert_eq!(told["notification"]["acknowledged"], true, "{told}");
        }
    }
    for (what, count) in [("payments", 2), ("accounts", 3)] {
        let run = server.ledger(&["export", what, "--format", "json"]);
        assert_eq!(run.code, 0, "{run:?}");
        let lines: Vec<Value> = run
            .stdout
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(lines.len(), count, "{run:?}");
        let known = server.api("GET", &format!("/v1/{}", path(what)), None).1;
        for (line, known) in lines.iter().zip(known["items"].as_array().unwrap()) {
            for (member, value) in line.as_object().unwrap() {
                if let Some(known) = known.get(member) {
                    assert_eq!(value, known, "{member} of {line}");
                }
            }
        }

        let file = server.path(&format!("{what}.csv"));
        let run = server.ledger(&["export", what, "--out", &file]);
        assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{run:?}");
        assert_eq!(run.stderr, format!("{count} exported.\n"));
        let mut reader = csv::Reader::from_path(&file).unwrap();
        let head = reader.headers().unwrap().clone();
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), count);
        for (row, line) in rows.iter().zip(&lines) {
            for (name, cell) in head.iter().zip(row) {
                let value = match &line[name] {
                    Value::Null => String::new(),
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                };
                assert_eq!(cell, value, "{name}");
            }
            assert!(
                line.as_object()
                    .unwrap()
                    .keys()
                    .all(|name| head.iter().any(|known| known == name))
            );
        }
        let again = server.ledger(&["export", what, "--out", &file]);
        assert_eq!(again.code, 2, "nothing is overwritten: {again:?}");
    }
    let all = server.ledger(&["export", "accounts"]);
    assert!(!all.stdout.contains("Budi"), "{all:?}");
}

fn path(what: &str) -> &str {
    if what == "accounts" {
        "virtual-accounts"
    } else {
        what
    }
}

#[test]
fn accounts_are_listed_in_pages() {
    let server = Server::start();
    for trx_id in ["INV-1", "INV-2", "INV-3"] {
        server.order(trx_id);
    }
    let list = |arguments: &[&str]| {
        let run = server.ledger(&[&["list", "--output", "json"], arguments].concat());
        assert_eq!(run.code, 0, "{run:?}");
        let told = run.json();
        let ids: Vec<String> = told["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["trxId"].as_str().unwrap().to_owned())
            .collect();
        (ids, told["next"].as_str().unwrap().to_owned())
    };
    let (first, next) = list(&["--limit", "2"]);
    assert_eq!(first, ["INV-3", "INV-2"]);
    assert_eq!(list(&["--limit", "2", "--after", &next]).0, ["INV-1"]);
    assert_eq!(list(&["--oldest-first"]).0, ["INV-1", "INV-2", "INV-3"]);
    assert_eq!(list(&["--state", "paid"]).0, Vec::<String>::new());
    let run = server.ledger(&["list", "--limit", "2"]);
    assert!(run.stderr.contains(&format!("--after {next}")), "{run:?}");
    assert_eq!(server.ledger(&["list", "--state", "gone"]).code, 2);
    assert_eq!(server.ledger(&["list", "--after", "x"]).code, 2);
}

#[test]
fn what_is_not_there_is_not_made() {
    let sandbox = Sandbox::start();
    for arguments in [
        &["list"][..],
        &["show", "INV-1"],
        &["export"],
        &["reconcile"],
    ] {
        let run = ledger(&sandbox, arguments);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
        assert!(run.stderr.contains("there is no ledger at"), "{run:?}");
    }
    assert!(!sandbox.file("doku.sqlite").exists());
    an_hour_ago(&sandbox, "INV-1");
    let run = ledger(&sandbox, &["show", "INV-2"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
    assert!(run.stderr.contains("no account for INV-2"), "{run:?}");
    let nobody = doku(&["ledger", "list"])
        .env("DOKU_SERVER_DATABASE", &sandbox.path("doku.sqlite"))
        .run();
    assert_eq!(nobody.code, 6, "{nobody:?}");
    assert!(nobody.stderr.contains("DOKU_CLIENT_ID"), "{nobody:?}");
}

#[test]
fn the_settings_of_the_server_say_which_ledger_it_is() {
    let sandbox = Sandbox::start();
    an_hour_ago(&sandbox, "INV-1");
    let client_id = sandbox.ready["clientId"].as_str().unwrap();
    let settings = sandbox.path("doku.toml");
    let text = format!(
        "database = {:?}\nlisten = \"127.0.0.1:1\"\n[doku]\nclientId = \"{client_id}\"\n",
        sandbox.path("doku.sqlite")
    );
    std::fs::write(&settings, text).unwrap();
    let run = doku(&["ledger", "list", "--config", &settings]).run();
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("INV-1   active  "), "{run:?}");
}
