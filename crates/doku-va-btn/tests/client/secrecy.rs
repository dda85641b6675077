//! What must never be seen: secrets, tokens, and the payer's own data.

use std::cell::RefCell;
use std::error::Error as StdError;
use std::fmt::{self, Debug, Write as _};

use doku_transport::TransportErrorKind;
use doku_transport::testing::Scripted;
use doku_va_btn::{Change, CreateVa, Error};
use serde_json::{Value, json};
use tracing::field::{Field, Visit};
use tracing::span;

use crate::support::{Bench, SECRET, bare, created, granted, key, then, with};

const TOKEN: &str = "eyJplanted.token.7";
const NAME: &str = "Rahasia Tujuh";
const EMAIL: &str = "rahasia7@example.id";
const PHONE: &str = "6281200000777";

thread_local! {
    static LOGGED: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Keeps everything that a thread logs, spans and events, names and values. It is there for the whole process, because
/// a place that was first passed without a subscriber would stay silent for everybody; each test has its own thread.
struct Log;

impl Log {
    fn note(text: impl fmt::Display) {
        LOGGED.with_borrow_mut(|logged| writeln!(logged, "{text}").unwrap());
    }
}

impl Visit for Log {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        Self::note(format_args!("{field}={value:?}"));
    }
}

impl tracing::Subscriber for Log {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, attributes: &span::Attributes<'_>) -> span::Id {
        attributes.record(&mut Self);
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, values: &span::Record<'_>) {
        values.record(&mut Self);
    }

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        event.record(&mut Self);
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

fn order() -> CreateVa {
    CreateVa::doku_generated(
        "INV-2026-0001".parse().unwrap(),
        NAME.parse().unwrap(),
        crate::support::closed(),
    )
    .email(EMAIL.parse().unwrap())
    .phone(PHONE.parse().unwrap())
}

fn chain(error: &Error) -> String {
    let mut told = format!("{error}\n{error:?}\n{error:#?}\n{}\n", error.advice());
    let mut source = StdError::source(error);
    while let Some(cause) = source {
        writeln!(told, "{cause}\n{cause:?}").unwrap();
        source = cause.source();
    }
    told
}

/// Answers that DOKU might give, with the payer's data and the token in them.
fn answers() -> Vec<(u16, Value)> {
    let full = with(created(), "/virtualAccountData/virtualAccountName", NAME);
    let full = with(full, "/virtualAccountData/virtualAccountEmail", EMAIL);
    let full = with(full, "/virtualAccountData/virtualAccountPhone", PHONE);
    let full = with(full, "/accessToken", TOKEN);
    vec![
        (200, full.clone()),
        (
            200,
            with(full.clone(), "/virtualAccountData/trxId", "INV-2"),
        ),
        (
            200,
            with(
                full.clone(),
                "/virtualAccountData/trxId",
                json!({ "a": EMAIL }),
            ),
        ),
        (
            200,
            with(full.clone(), "/virtualAccountData/totalAmount/value", EMAIL),
        ),
        (
            200,
            with(full.clone(), "/virtualAccountData/customerNo", PHONE),
        ),
        (
            200,
            with(full.clone(), "/responseCode", json!({ "a": NAME })),
        ),
        (409, with(full.clone(), "/responseCode", "4092700")),
        (400, with(full.clone(), "/responseCode", "4000500")),
        (500, with(full.clone(), "/responseCode", "5002700")),
        (202, with(full, "/responseCode", "2022700")),
        (200, json!([NAME, EMAIL, PHONE, TOKEN])),
        (400, bare("4002701", "Invalid Field Format")),
    ]
}

#[tokio::test(start_paused = true)]
async fn nothing_that_is_shown_or_logged_holds_a_secret_or_personal_data() {
    tracing::subscriber::set_global_default(Log).unwrap();
    let mut shown = String::new();
    let mut show = |thing: &dyn Debug| writeln!(shown, "{thing:?}\n{thing:#?}").unwrap();
    let mut errors = Vec::new();

    for (http, answer) in answers() {
        let tokens = then(Scripted::new(), 200, &granted(TOKEN, 900));
        let bench = Bench::with_tokens(tokens, move |_| {
            Ok(crate::support::json_response(http, &answer))
        });
        let prepared = bench.client.prepare(&order()).unwrap();
        show(&bench.client);
        show(&bench.client.config());
        show(&prepared);
        show(&order());
        show(&bench.client.create(&order()));
        show(&bench.client.token().await.unwrap());
        match bench.client.send(&prepared).await {
            Ok(made) => show(&made),
            Err(error) => errors.push(error),
        }
        let mut stored = serde_json::to_value(crate::support::account()).unwrap();
        stored["name"] = NAME.into();
        let va = serde_json::from_value(stored).unwrap();
        show(&va);
        let change = Change::new()
            .name(NAME.parse().unwrap())
            .email(EMAIL.parse().unwrap())
            .phone(PHONE.parse().unwrap());
        show(&change);
        errors.extend(bench.client.update(&va, &change).await.err());
        errors.extend(bench.client.delete(&va).await.err());
        errors.extend(bench.client.status(&va).await.err());
        errors.extend(bench.client.settle(&prepared).await.err());
        errors.extend(bench.client.how_to_pay(&va).await.err());
        for request in bench.doku.requests() {
            show(&request);
        }
    }

    for (http, answer) in [
        (200, granted("two words eyJplanted.token.7", 900)),
        (200, granted(TOKEN, "soon")),
        (200, granted(TOKEN, 0)),
        (401, with(granted(TOKEN, 900), "/responseCode", "4017300")),
        (200, with(granted(TOKEN, 900), "/responseCode", Value::Null)),
        (200, json!([TOKEN])),
    ] {
        let bench = Bench::with_tokens(then(Scripted::new(), http, &answer), |_| {
            Err(TransportErrorKind::Timeout.into())
        });
        errors.push(bench.client.create(&order()).await.unwrap_err());
    }
    for kind in [TransportErrorKind::Timeout, TransportErrorKind::Tls] {
        let bench = Bench::with_tokens(Scripted::new(), move |_| Err(kind.into()));
        errors.push(bench.client.create(&order()).await.unwrap_err());
    }
    assert!(errors.len() > 40, "{}", errors.len());
    for error in &errors {
        shown.push_str(&chain(error));
    }
    let logged = LOGGED.take();
    for place in [
        "external_id=",
        "attempts=",
        "token request answered",
        "no answer",
        "answered",
    ] {
        assert!(logged.contains(place), "{place} is logged: {logged}");
    }

    let pem = key().to_pkcs8_pem().unwrap();
    let pem_line = pem.lines().nth(3).unwrap();
    for marker in [
        SECRET, TOKEN, "planted", NAME, "Rahasia", EMAIL, PHONE, pem_line, "Bearer",
    ] {
        for (place, text) in [("shown", &shown), ("logged", &logged)] {
            let found = text.lines().find(|line| line.contains(marker));
            assert_eq!(found, None, "{marker} is {place}");
        }
    }
}
