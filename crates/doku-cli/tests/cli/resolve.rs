//! `doku ledger resolve` and `doku ledger evidence`: what a person looks at, and what a person decides.

use std::sync::Arc;

use doku::{Bill, Change, Client, Clock, Config, CreateVa, ReqwestTransport};
use doku_ledger::{Ledger, Settings};
use serde_json::json;
use time::{Duration, OffsetDateTime};

use crate::server::Server;
use crate::support::{Run, Sandbox, snapshot};

/// A clock of the past.
#[derive(Debug)]
struct Ago(Duration);

impl Clock for Ago {
    fn now(&self) -> OffsetDateTime {
        OffsetDateTime::now_utc() - self.0
    }
}

/// A ledger before anybody looks at it, and the client of its merchant.
struct Book {
    ledger: Ledger,
    client: Client,
}

impl Book {
    /// Does something in the ledger of so long ago.
    fn written<T>(sandbox: &Sandbox, ago: Duration, work: impl AsyncFnOnce(&Self) -> T) -> T {
        let environment = sandbox.ready["environment"].as_object().unwrap();
        let variable = |name: &str| Some(environment.get(name)?.as_str()?.to_owned());
        let config = Config::from_variables(variable).unwrap();
        let settings = Settings::new(
            sandbox.path("doku.sqlite").parse().unwrap(),
            config.client_id().clone(),
        )
        .clock(Arc::new(Ago(ago)));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let book = Self {
                client: Client::new(config, Arc::new(ReqwestTransport::new())).unwrap(),
                ledger: Ledger::open(settings).await.unwrap(),
            };
            let done = work(&book).await;
            book.ledger.close().await;
            done
        })
    }

    /// A create whose sender died before it was told of the answer. Gives the number.
    async fn cut_off(&self, trx_id: &str) -> String {
        let prepared = self.client.prepare(&order(trx_id)).unwrap();
        let _never_finished = self
            .ledger
            .begin_create(prepared.clone(), None)
            .await
            .unwrap();
        let made = self.client.send(&prepared).await.unwrap().value;
        made.number_as_typed()
    }
}

fn order(trx_id: &str) -> CreateVa {
    CreateVa::doku_generated(
        trx_id.parse().unwrap(),
        "Budi Santoso".parse().unwrap(),
        Bill::Closed("11500.00".parse().unwrap()),
    )
}

fn ledger(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    sandbox
        .doku(&["ledger"])
        .arguments(arguments)
        .arguments(&["--database", &sandbox.path("doku.sqlite")])
        .run()
}

fn state(sandbox: &Sandbox, trx_id: &str) -> String {
    let shown = ledger(sandbox, &["show", trx_id, "--output", "json"]);
    shown.json()["account"]["state"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn a_create_that_nobody_knows_of_is_settled_by_its_number() {
    let sandbox = Sandbox::start();
    let number = Book::written(&sandbox, Duration::hours(1), async |book| {
        book.cut_off("INV-1").await
    });
    let told = ledger(&sandbox, &["resolve", "INV-1"]);
    assert_eq!(told.code, 0, "{told:?}");
    snapshot("resolve-told", &told.shown(), None);

    let resolve = ["resolve", "INV-1", "--number", &number];
    let only_said = ledger(&sandbox, &resolve);
    assert_eq!(only_said.code, 0, "{only_said:?}");
    snapshot("resolve-said-of-a-number", &only_said.shown(), None);
    assert_eq!(state(&sandbox, "INV-1"), "creating");

    let other = ledger(
        &sandbox,
        &["resolve", "INV-1", "--number", "1234567", "--yes"],
    );
    assert_eq!(other.code, 2, "{other:?}");
    snapshot("resolve-another-number", &other.shown(), None);
    assert_eq!(state(&sandbox, "INV-1"), "creating");

    let done = ledger(
        &sandbox,
        &[&resolve[..], &["--yes", "--output", "json"]].concat(),
    );
    assert_eq!(done.code, 0, "{done:?}");
    let told = done.json();
    assert_eq!(
        (&told["done"], &told["resolution"]),
        (&json!(true), &json!("made"))
    );
    assert_eq!(told["account"]["state"], "active");
    assert_eq!(told["account"]["number"], number);

    let again = ledger(&sandbox, &[&resolve[..], &["--yes"]].concat());
    assert_eq!(again.code, 2, "{again:?}");
    snapshot("resolve-settled", &again.shown(), None);
    let told = ledger(&sandbox, &["resolve", "INV-1"]);
    assert_eq!(
        told.stdout,
        "INV-1 is active, and nothing about it is unsettled.\n"
    );
    assert_eq!(ledger(&sandbox, &["resolve", "INV-2"]).code, 2);
}

#[test]
fn a_saved_account_settles_its_create() {
    let sandbox = Sandbox::start();
    sandbox.created("INV-1", "saved.json");
    Book::written(&sandbox, Duration::hours(1), async |book| {
        let prepared = book.client.prepare(&order("INV-1")).unwrap();
        let _never_sent = book.ledger.begin_create(prepared, None).await.unwrap();
    });
    let saved = sandbox.path("saved.json");
    let done = ledger(
        &sandbox,
        &["resolve", "INV-1", "--account", &saved, "--yes"],
    );
    assert_eq!(done.code, 0, "{done:?}");
    assert_eq!(state(&sandbox, "INV-1"), "active");
}

#[test]
fn a_create_that_never_came_into_being_leaves_its_invoice_number_free() {
    let sandbox = Sandbox::start();
    Book::written(&sandbox, Duration::hours(1), async |book| {
        let prepared = book.client.prepare(&order("INV-1")).unwrap();
        let _never_sent = book.ledger.begin_create(prepared, None).await.unwrap();
    });
    let resolve = ["resolve", "INV-1", "--never-made", "not in the back office"];
    let only_said = ledger(&sandbox, &resolve);
    assert_eq!(only_said.code, 0, "{only_said:?}");
    snapshot("resolve-said-of-nothing", &only_said.shown(), None);
    let wrong = ledger(
        &sandbox,
        &["resolve", "INV-1", "--give-up", "why not", "--yes"],
    );
    assert_eq!(wrong.code, 2, "{wrong:?}");
    snapshot("resolve-no-change", &wrong.shown(), None);
    assert_eq!(state(&sandbox, "INV-1"), "creating");
    let done = ledger(&sandbox, &[&resolve[..], &["--yes"]].concat());
    assert_eq!(
        (done.code, done.stdout.as_str()),
        (0, "INV-1 is refused.\n")
    );
    let told = ledger(&sandbox, &["resolve", "INV-1"]);
    assert_eq!(
        told.stdout,
        "INV-1 is refused, and nothing about it is unsettled.\n"
    );
    Book::written(&sandbox, Duration::ZERO, async |book| {
        let done = book
            .ledger
            .create(&book.client, &order("INV-1"), None)
            .await;
        assert!(done.unwrap().failure.is_none());
    });
}

#[test]
fn nothing_is_decided_while_it_is_being_sent() {
    let sandbox = Sandbox::start();
    let number = Book::written(&sandbox, Duration::ZERO, async |book| {
        book.cut_off("INV-1").await
    });
    let resolve = ["resolve", "INV-1", "--number", &number, "--yes"];
    let refused = ledger(&sandbox, &resolve);
    assert_eq!(refused.code, 4, "{refused:?}");
    snapshot("resolve-being-sent", &refused.shown(), None);
    assert_eq!(state(&sandbox, "INV-1"), "creating");
}

#[test]
fn a_change_without_an_end_is_given_up() {
    let sandbox = Sandbox::start();
    let lost = r#"{"operation":"updateVa","kind":"dropAfter"}"#;
    Book::written(&sandbox, Duration::hours(1), async |book| {
        let made = book
            .ledger
            .create(&book.client, &order("INV-1"), None)
            .await;
        let trx_id = made.unwrap().account.trx_id;
        sandbox.control("POST", "faults", lost);
        let dearer = Change::new().bill(Bill::Closed("12000.00".parse().unwrap()));
        let done = book
            .ledger
            .update(&book.client, &trx_id, &dearer)
            .await
            .unwrap();
        assert!(done.failure.is_some());
    });
    let resolve = ["resolve", "INV-1", "--give-up", "made by hand"];
    let only_said = ledger(&sandbox, &resolve);
    assert_eq!(only_said.code, 0, "{only_said:?}");
    assert!(
        only_said
            .stdout
            .starts_with("Nothing was changed. With --yes the change of INV-1")
    );
    assert!(
        only_said.stdout.contains("asked        update\n"),
        "{only_said:?}"
    );
    let wrong = ledger(
        &sandbox,
        &["resolve", "INV-1", "--never-made", "x", "--yes"],
    );
    assert_eq!(wrong.code, 2, "{wrong:?}");
    let done = ledger(&sandbox, &[&resolve[..], &["--yes"]].concat());
    assert_eq!(done.code, 0, "{done:?}");
    let shown = ledger(&sandbox, &["show", "INV-1", "--output", "json"]).json();
    assert_eq!(shown["account"]["amount"], "11500.00");
    assert_eq!(shown["events"][2]["type"], "account.change_unknown");
    assert_eq!(shown["events"][3]["type"], "account.change_refused");
}

#[test]
fn what_doku_sent_is_shown_as_it_came() {
    let server = Server::start();
    let made = server.order("INV-1");
    server.pay(made["number"].as_str().unwrap(), "11500.00");
    let run = server.ledger(&["evidence", "INV-1", "--output", "json"]);
    assert_eq!(run.code, 0, "{run:?}");
    let told = run.json();
    let call = &told["items"][0];
    let payment = call["payment"].as_str().unwrap();
    let body: serde_json::Value = serde_json::from_str(call["body"].as_str().unwrap()).unwrap();
    assert_eq!(body["trxId"], "INV-1");
    assert_eq!(body["paidAmount"]["value"], "11500.00");

    // The same for people.
    let shown = server.ledger(&["evidence", "--payment", payment]);
    assert_eq!(shown.code, 0, "{shown:?}");
    let (title, request) = shown.stdout.split_once('\n').unwrap();
    assert!(
        title.starts_with(&format!("# {payment}, received ")),
        "{title}"
    );
    assert!(
        request.starts_with("POST /v1/transfer-va/payment HTTP/1.1\nX-"),
        "{request}"
    );
    let headers = call["headers"].as_object().unwrap();
    for name in ["X-SIGNATURE", "X-TIMESTAMP"] {
        let value = headers[name].as_str().unwrap();
        assert!(request.contains(&format!("{name}: {value}\n")), "{request}");
    }
    assert!(
        request.ends_with(&format!("\n\n{}\n", call["body"].as_str().unwrap())),
        "{request}"
    );

    let refused = server.ledger(&["evidence"]);
    assert_eq!(
        (refused.code, refused.stdout.as_str()),
        (0, ""),
        "{refused:?}"
    );
    assert_eq!(refused.stderr, "There is none.\n");
    assert_eq!(server.ledger(&["evidence", "INV-2"]).code, 2);
}
