//! Every error as a person reads it: what happened, what became of the money, what to do.

use std::fmt::Write as _;
use std::time::Duration;

use doku_transport::TransportErrorKind;
use doku_transport::testing::Scripted;
use doku_va_btn::{BuildError, Change, Error, NoToken, VirtualAccount};
use serde_json::{Value, json};
use time::macros::datetime;

use crate::support::{
    Bench, account, bare, config, created, dgpc, json_response, mgpc, registered, then, with,
};

const ID: &str = "20260131000000000042";

struct Told(String);

impl Told {
    fn tell(&mut self, what: &str, error: &Error) {
        let told = error.to_string();
        assert!(!told.contains('\n'), "one line: {told}");
        assert!(!told.is_empty() && !error.advice().is_empty());
        writeln!(
            self.0,
            "{what}\n  {told}\n  {:?}. {}\n",
            error.outcome(),
            error.advice()
        )
        .unwrap();
    }
}

async fn create(http: u16, answer: &Value) -> Error {
    let bench = Bench::script((0..3).fold(Scripted::new(), |script, _| then(script, http, answer)));
    let id = ID.parse().unwrap();
    let order = dgpc();
    bench
        .client
        .create(&order)
        .external_id(id)
        .await
        .unwrap_err()
}

async fn failing(kind: TransportErrorKind) -> Error {
    let bench = Bench::rule(config(), move |_| Err(kind.into()));
    let id = ID.parse().unwrap();
    let order = dgpc();
    bench
        .client
        .create(&order)
        .external_id(id)
        .await
        .unwrap_err()
}

async fn asked(http: u16, answer: Value) -> Error {
    let bench = Bench::rule(config(), move |_| Ok(json_response(http, &answer)));
    let va = registered();
    let call = bench.client.status(&va).external_id(ID.parse().unwrap());
    call.await.unwrap_err()
}

#[tokio::test(start_paused = true)]
async fn every_error_as_it_is_told() {
    let mut told = Told(String::new());

    let bench = Bench::script(Scripted::new());
    let direct = VirtualAccount::direct_inquiry(
        "95962".parse().unwrap(),
        "60000161862".parse().unwrap(),
        "INV-1".parse().unwrap(),
        "Budi".parse().unwrap(),
        crate::support::closed(),
    );
    let error = bench
        .client
        .update(&direct, &Change::new())
        .await
        .unwrap_err();
    told.tell("Build, direct inquiry", &error);
    told.tell("Build, no BIN", &BuildError::NoPartnerServiceId.into());
    told.tell("Build, no prefix", &BuildError::NoPrefix.into());
    let mut stored = serde_json::to_value(bench.client.prepare(&dgpc()).unwrap()).unwrap();
    stored["externalId"] = ID.into();
    let prepared = serde_json::from_value(stored.clone()).unwrap();
    bench.clock.set(datetime!(2026-02-01 08:00 +07:00));
    let error = bench.client.send(&prepared).await.unwrap_err();
    told.tell("Build, another day", &error);
    let error = bench.client.settle(&prepared).await.unwrap_err();
    told.tell("Unsettled", &error);

    let order = dgpc();
    let call = bench.client.create(&order).deadline(Duration::ZERO);
    told.tell("NoToken, out of time", &call.await.unwrap_err());
    let tokens = then(
        Scripted::new(),
        401,
        &bare("4017300", "Unauthorized. Signature"),
    );
    let bench = Bench::tokens(config(), tokens);
    let error = bench.client.create(&dgpc()).await.unwrap_err();
    told.tell("NoToken, refused", &error);
    let tokens = Scripted::new().then_fail(TransportErrorKind::Tls);
    let bench = Bench::tokens(config(), tokens);
    let error = bench.client.create(&dgpc()).await.unwrap_err();
    assert!(matches!(
        &error,
        Error::NoToken {
            source: NoToken::Transport(_),
            ..
        }
    ));
    told.tell("NoToken, no answer", &error);

    told.tell(
        "NotSent, no connection",
        &failing(TransportErrorKind::Connect).await,
    );
    told.tell(
        "NotSent, no roots",
        &failing(TransportErrorKind::MissingRoots).await,
    );
    let error = Error::OutOfTime {
        operation: doku_model::Operation::CreateVa,
        external_id: ID.parse().unwrap(),
        attempts: 1,
    };
    told.tell("OutOfTime", &error);
    told.tell("MaybeSent", &failing(TransportErrorKind::Timeout).await);

    let bin = "Feature Not Allowed [Identifier for BIN 95962 not configured properly]";
    for (what, http, answer) in [
        (
            "Refused, member",
            400,
            bare("4002702", "Invalid Mandatory Field {trxId}"),
        ),
        (
            "Refused, signature",
            401,
            bare("4012700", "Unauthorized. Signature Not Match"),
        ),
        ("Refused, BIN", 403, bare("4032701", bin)),
        (
            "Refused, too many",
            429,
            bare("4292700", "Too Many Requests"),
        ),
        (
            "Refused, unknown code",
            418,
            bare("4182777", "I am a teapot"),
        ),
        ("Failed", 500, bare("5002700", "General Error")),
        ("NotDecided", 202, bare("2022700", "Request In Progress")),
        ("Conflict, bare", 409, bare("4092700", "Conflict")),
        (
            "Conflict, other data",
            409,
            with(created(), "/virtualAccountData/trxId", "INV-2"),
        ),
        (
            "NotUnderstood, no code",
            404,
            json!({ "error": "Not Found" }),
        ),
        ("NotUnderstood, not an object", 200, json!([])),
        (
            "NotUnderstood, member",
            200,
            with(created(), "/virtualAccountData/trxId", json!({})),
        ),
        (
            "Integrity, other amount",
            200,
            with(created(), "/virtualAccountData/totalAmount/value", "1.00"),
        ),
        (
            "Integrity, no amount at all",
            200,
            with(created(), "/virtualAccountData/totalAmount/value", "much"),
        ),
        ("Integrity, no account", 200, bare("2002700", "Successful")),
        (
            "A message that would move the cursor",
            400,
            bare("4002700", "line\r\nline\u{1b}[2J\"quoted\""),
        ),
        (
            "A code that would move the cursor",
            400,
            bare("4002700\r\n\u{1b}[2J", "Bad Request"),
        ),
    ] {
        told.tell(what, &create(http, &answer).await);
    }
    let html = "<html><body>502 Bad Gateway</body></html>";
    let bench = Bench::script(Scripted::new().then_json(http::StatusCode::BAD_GATEWAY, html));
    let order = mgpc();
    let call = bench.client.create(&order).external_id(ID.parse().unwrap());
    told.tell("NotUnderstood, a page", &call.await.unwrap_err());

    told.tell(
        "Check status, refused",
        &asked(400, bare("4002601", "Invalid Field Format")).await,
    );
    told.tell(
        "Check status, failed",
        &asked(500, bare("5002600", "General Error")).await,
    );
    told.tell(
        "Check status, not decided",
        &asked(202, bare("2022600", "In Progress")).await,
    );
    told.tell(
        "Check status, met before",
        &asked(409, bare("4092600", "Conflict")).await,
    );
    let bench = Bench::rule(config(), |_| Err(TransportErrorKind::Timeout.into()));
    let va = registered();
    let call = bench.client.status(&va).external_id(ID.parse().unwrap());
    told.tell("Check status, no answer", &call.await.unwrap_err());

    let id = || ID.parse().unwrap();
    let bench = Bench::answering(409, &bare("4092800", "Conflict"));
    let change = Change::new();
    let error = bench
        .client
        .update(&va, &change)
        .external_id(id())
        .await
        .unwrap_err();
    told.tell("Update, met before", &error);
    let bench = Bench::answering(404, &bare("4043119", "Invalid Bill/Virtual Account"));
    let error = bench
        .client
        .delete(&va)
        .external_id(id())
        .await
        .unwrap_err();
    told.tell("Delete, refused", &error);

    let bench = Bench::answering(404, &json!({}));
    let error = bench.client.how_to_pay(&account()).await.unwrap_err();
    told.tell("HowToPay, not found", &error);
    let mut stored = serde_json::to_value(account()).unwrap();
    stored["howToPayApi"] = "https://evil.example/a".into();
    let elsewhere = serde_json::from_value(stored).unwrap();
    let error = bench.client.how_to_pay(&elsewhere).await.unwrap_err();
    told.tell("HowToPay, elsewhere", &error);
    let error = bench.client.how_to_pay(&direct).await.unwrap_err();
    told.tell("HowToPay, no link", &error);

    insta::assert_snapshot!(told.0.trim_end());
}
