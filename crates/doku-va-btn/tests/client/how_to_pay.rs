//! How to pay: where the link may lead, and what comes back.

use doku_transport::TransportErrorKind;
use doku_transport::testing::Scripted;
use doku_va_btn::{Error, HowToPayError, Outcome, VirtualAccount};
use http::StatusCode;
use serde_json::{Value, json};

use crate::support::{Bench, account, config, then};

fn linked(link: impl Into<Value>) -> VirtualAccount {
    let mut stored = serde_json::to_value(account()).unwrap();
    stored["howToPayApi"] = link.into();
    serde_json::from_value(stored).unwrap()
}

fn why(error: Error) -> HowToPayError {
    assert_eq!(error.outcome(), Outcome::NotDone);
    assert_eq!(
        error.advice(),
        "Show the link of `how_to_pay_page` instead."
    );
    match error {
        Error::HowToPay(why) => why,
        other => panic!("{other}"),
    }
}

#[tokio::test(start_paused = true)]
async fn instructions_are_read_and_asked_for_without_credentials() {
    let answer = json!({
        "client": { "id": "BRN-1" },
        "payment_instruction": [
            { "channel": "ATM", "language": "ID", "step": ["Masukkan kartu", "Pilih bayar"] },
            { "channel": "ATM", "language": "EN", "step": "Insert the card" },
            {},
        ],
    });
    let bench = Bench::answering(200, &answer);
    let how = bench.client.how_to_pay(&account()).await.unwrap();
    let told: Vec<_> = how
        .instructions
        .iter()
        .map(|one| {
            (
                one.channel.as_str(),
                one.language.as_str(),
                one.steps.join("; "),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("ATM", "ID", "Masukkan kartu; Pilih bayar".to_owned()),
            ("ATM", "EN", "Insert the card".to_owned()),
            ("", "", String::new()),
        ]
    );
    assert_eq!(bench.token_requests(), 0);
    let call = bench.calls().remove(0);
    assert_eq!(call.method(), "GET");
    assert_eq!(call.uri(), "https://api.doku.com/pay-instruction/btn/1");
    let headers: Vec<_> = call.headers().keys().map(ToString::to_string).collect();
    assert_eq!(headers, ["accept"]);
    assert_eq!(call.header("accept"), Some("application/json"));
}

#[tokio::test(start_paused = true)]
async fn a_link_is_followed_to_doku_and_to_the_base_url_and_nowhere_else() {
    for link in [
        "https://api.doku.com/a",
        "https://app-sandbox.doku.com/a?b=c",
        "https://api-sandbox.doku.com/a",
    ] {
        let bench = Bench::answering(200, &json!({}));
        bench.client.how_to_pay(&linked(link)).await.unwrap();
        assert_eq!(bench.calls()[0].uri().to_string(), link);
    }
    for link in [
        "http://api.doku.com/a",
        "https://api.doku.com.evil.example/a",
        "https://evil.example/api.doku.com",
        "https://evildoku.com/a",
        "https://user@api.doku.com/a",
        "https://api.doku.com:8443/a",
        "https://169.254.169.254/latest/meta-data",
        "ftp://api.doku.com/a",
        "/pay-instruction/btn/1",
    ] {
        let bench = Bench::script(Scripted::new());
        let error = bench.client.how_to_pay(&linked(link)).await.unwrap_err();
        assert!(
            matches!(why(error), HowToPayError::Elsewhere { .. }),
            "{link}"
        );
        assert_eq!(bench.doku.count(), 0);
    }
    for link in [json!(""), Value::Null, json!("not a link at all")] {
        let bench = Bench::script(Scripted::new());
        let error = bench.client.how_to_pay(&linked(link)).await.unwrap_err();
        assert!(matches!(why(error), HowToPayError::NoLink));
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_an_xml_answer_and_a_refusal_are_told_apart() {
    let xml = "<HowToPayResponseDto><client/></HowToPayResponseDto>";
    let bench = Bench::script(Scripted::new().then_json(StatusCode::OK, xml));
    let error = bench.client.how_to_pay(&account()).await.unwrap_err();
    assert!(matches!(why(error), HowToPayError::NotUnderstood(_)));

    let bench = Bench::answering(404, &json!({}));
    let error = bench.client.how_to_pay(&account()).await.unwrap_err();
    assert!(matches!(why(error), HowToPayError::Status { status: 404 }));

    let bench = Bench::script(Scripted::new().then_fail(TransportErrorKind::Tls));
    let error = bench.client.how_to_pay(&account()).await.unwrap_err();
    assert!(matches!(why(error), HowToPayError::Transport(_)));
}

#[tokio::test(start_paused = true)]
async fn a_failing_server_is_asked_again() {
    let script = then(Scripted::new(), 503, &json!({})).then_fail(TransportErrorKind::Timeout);
    let bench = Bench::script(then(script, 200, &json!({})));
    bench.client.how_to_pay(&account()).await.unwrap();
    assert_eq!(bench.calls().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn asking_ends_with_the_deadline_of_the_client() {
    let policy = doku_va_btn::RetryPolicy {
        attempts: 100,
        deadline: std::time::Duration::from_secs(5),
        ..doku_va_btn::RetryPolicy::default()
    };
    let script = (0..100).fold(Scripted::new(), |script, _| script.then_never());
    let bench = Bench::script_with(config().with_retry(policy), script);
    let started = tokio::time::Instant::now();
    bench.client.how_to_pay(&account()).await.unwrap_err();
    assert!(started.elapsed() < std::time::Duration::from_secs(6));
}
