//! Bad input of every kind: a typed answer that says what happened and whether an account may exist.

use std::sync::Arc;
use std::time::{Duration, Instant};

use doku_model::{Bill, FieldError, Operation, TrxId, VirtualAccountName};
use doku_sandbox::{Fault, FaultKind};
use doku_sign::{ClientSecret, MerchantPrivateKey};
use doku_transport::ReqwestTransport;
use doku_va_btn::{Client, Clock, Config, CreateVa, Error, NoToken, Outcome};
use time::OffsetDateTime;
use tokio::net::TcpListener;

use crate::shop::{Shop, closed, config_for, dgpc, merchant};

fn with_keys(config: &Config, secret: &str, key: MerchantPrivateKey) -> Config {
    Config::new(
        config.environment().clone(),
        config.client_id().clone(),
        ClientSecret::new(secret).unwrap(),
        key,
    )
    .with_partner_service_id("95962".parse().unwrap())
    .with_customer_no_prefix("6".parse().unwrap())
}

#[tokio::test]
async fn a_wrong_private_key_gets_no_token_and_creates_nothing() {
    let shop = Shop::open().await;
    let key = MerchantPrivateKey::generate(2048).unwrap();
    let client = shop.client_with(|config| with_keys(&config, merchant().client_secret(), key));
    let error = client.create(&dgpc("INV-1", closed(1))).await.unwrap_err();
    assert!(
        matches!(
            error,
            Error::NoToken {
                source: NoToken::Refused(_),
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(error.response_code().unwrap().as_str(), "4017300");
    assert_eq!(error.outcome(), Outcome::NotDone);
    assert!(error.advice().contains("private key"), "{}", error.advice());
}

#[derive(Debug)]
struct Late(Duration);

impl Clock for Late {
    fn now(&self) -> OffsetDateTime {
        OffsetDateTime::now_utc() - self.0
    }
}

#[tokio::test]
async fn a_clock_that_is_wrong_is_refused_and_creates_nothing() {
    let shop = Shop::open().await;
    let client = Client::with_clock(
        config_for(shop.running.base_url()),
        Arc::new(ReqwestTransport::new()),
        Arc::new(Late(Duration::from_secs(3_600))),
    )
    .unwrap();
    let error = client.create(&dgpc("INV-1", closed(1))).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotDone);
    assert_eq!(
        error.response_code().unwrap().http_status(),
        Some(401),
        "{error}"
    );
    assert!(error.advice().contains("clock"), "{}", error.advice());
    let entry = shop.sandbox().journal(0).pop().unwrap();
    assert!(
        entry.reason.as_ref().unwrap().contains("at most 900 s"),
        "{:?}",
        entry.reason
    );
}

#[test]
fn values_that_break_a_rule_never_become_a_request() {
    let long = "x".repeat(65);
    let errors: [(FieldError, &str); 6] = [
        (
            "Budi; drop".parse::<VirtualAccountName>().unwrap_err(),
            "virtualAccountName: may hold",
        ),
        (
            "".parse::<VirtualAccountName>().unwrap_err(),
            "is mandatory and missing",
        ),
        (
            long.parse::<TrxId>().unwrap_err(),
            "trxId: must have 1 to 64 characters, has 65",
        ),
        (
            "11.500".parse::<doku_model::Amount>().unwrap_err(),
            "totalAmount.value: must be",
        ),
        (
            "12345678901234567890x"
                .parse::<doku_model::CustomerNo>()
                .unwrap_err(),
            "has 21",
        ),
        (
            "123456789"
                .parse::<doku_model::PartnerServiceId>()
                .unwrap_err(),
            "has 9",
        ),
    ];
    for (error, text) in errors {
        assert!(error.to_string().contains(text), "{error}");
    }
    assert!(
        "0.00".parse::<doku_model::PositiveAmount>().is_err(),
        "a closed bill asks for something"
    );
}

#[tokio::test]
async fn without_a_bin_or_prefix_nothing_is_sent() {
    let shop = Shop::open().await;
    let bare = shop.client_with(|config| {
        Config::new(
            config.environment().clone(),
            config.client_id().clone(),
            ClientSecret::new(merchant().client_secret()).unwrap(),
            config.private_key().clone(),
        )
    });
    let order = dgpc("INV-1", closed(1));
    let no_bin = bare.create(&order).await.unwrap_err();
    assert!(
        no_bin.to_string().contains("DOKU_PARTNER_SERVICE_ID"),
        "{no_bin}"
    );
    let no_prefix = bare
        .create(&order.under("95962".parse().unwrap()))
        .await
        .unwrap_err();
    assert!(
        no_prefix.to_string().contains("DOKU_CUSTOMER_NO_PREFIX"),
        "{no_prefix}"
    );
    assert!(shop.sandbox().journal(0).is_empty());
}

/// A client of a server that is not the sandbox.
fn elsewhere(address: std::net::SocketAddr) -> Client {
    let config = config_for(&format!("http://{address}"));
    Client::new(config, Arc::new(ReqwestTransport::new())).unwrap()
}

fn order() -> CreateVa {
    dgpc("INV-1", Bill::Open(None))
}

#[tokio::test]
async fn a_closed_port_is_certainly_not_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let error = elsewhere(address).create(&order()).await.unwrap_err();
    assert!(
        matches!(
            error,
            Error::NoToken {
                source: NoToken::Transport(_),
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(error.outcome(), Outcome::NotDone);
    assert!(error.to_string().contains("could not connect"), "{error}");
}

#[tokio::test]
async fn a_server_that_goes_away_after_the_token_is_certainly_not_sent() {
    let shop = Shop::open().await;
    shop.client.token().await.unwrap();
    let Shop { running, client } = shop;
    running.shutdown().await;
    let error = client.create(&order()).await.unwrap_err();
    // The pooled connection may have been closed while in use, which is the one thing that cannot be told apart.
    match &error {
        Error::NotSent { .. } => assert_eq!(error.outcome(), Outcome::NotDone),
        Error::MaybeSent { .. } => assert_eq!(error.outcome(), Outcome::Unknown),
        other => panic!("{other}"),
    }
    assert!(error.external_id().is_some());
}

#[tokio::test]
async fn a_server_that_never_answers_ends_at_the_deadline() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = elsewhere(listener.local_addr().unwrap());
    let started = Instant::now();
    let error = client
        .create(&order())
        .deadline(Duration::from_millis(300))
        .await
        .unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(10));
    assert_eq!(
        error.outcome(),
        Outcome::NotDone,
        "there never was a token: {error}"
    );
    drop(listener);
}

#[tokio::test]
async fn every_way_to_lose_an_answer_is_told_apart_in_words() {
    let shop = Shop::open().await;
    shop.client.token().await.unwrap();
    let table = [
        (FaultKind::Hang, "no answer in time"),
        (FaultKind::DropAfter, "the connection broke"),
        (FaultKind::CutBody, "the connection broke"),
        (FaultKind::Html { status: 502 }, "the body is not JSON"),
        (
            FaultKind::Status {
                status: 500,
                after_work: true,
            },
            "may have been done",
        ),
        (FaultKind::Conflict, "4092700"),
    ];
    for (position, (kind, words)) in table.into_iter().enumerate() {
        shop.sandbox()
            .fault(Fault::once(kind.clone()).on(Operation::CreateVa))
            .unwrap();
        let order = dgpc(&format!("INV-{position}"), closed(1));
        let error = shop
            .client
            .create(&order)
            .deadline(Duration::from_millis(400))
            .await
            .unwrap_err();
        let text = error.to_string();
        assert!(text.contains(words), "{kind:?}: {text}");
        assert!(
            text.contains(error.external_id().unwrap().as_str()),
            "{kind:?}: {text}"
        );
        assert!(!text.contains('\n'), "{text}");
        assert_eq!(error.outcome(), Outcome::Unknown, "{kind:?}: {text}");
        assert!(error.advice().contains("unknown"), "{}", error.advice());
    }
}

#[tokio::test]
async fn a_question_that_gets_no_answer_is_asked_again() {
    let shop = Shop::open().await;
    let va = shop
        .client
        .create(&dgpc("INV-1", closed(1)))
        .await
        .unwrap()
        .value;
    for kind in [
        FaultKind::DropAfter,
        FaultKind::CutBody,
        FaultKind::Status {
            status: 503,
            after_work: true,
        },
    ] {
        shop.sandbox()
            .fault(Fault::once(kind.clone()).on(Operation::CheckStatus))
            .unwrap();
        let asked = shop.client.status(&va).await.unwrap();
        assert_eq!(asked.answer.attempts(), 2, "{kind:?}");
    }
    // Three times is enough: then it is said that nobody knows, and that nothing was changed by asking.
    let always = Fault::once(FaultKind::DropAfter)
        .on(Operation::CheckStatus)
        .times(3);
    shop.sandbox().fault(always).unwrap();
    let error = shop.client.status(&va).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotDone);
}
