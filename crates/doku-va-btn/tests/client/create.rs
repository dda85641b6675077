//! Create: what is sent, and what each answer means.

use std::fmt::Write as _;

use doku_model::{Amount, Bill, FreeText, Limits};
use doku_sign::{AccessToken, ClientSecret, MinifiedBody, Signature, StringToSign};
use doku_transport::testing::{Recorded, Scripted};
use doku_va_btn::{
    BuildError, ChannelId, CreateVa, Dialect, Error, Mismatch, Offset, OpenAmount, Outcome,
    Timestamps, VirtualAccount,
};
use http::StatusCode;
use serde_json::{Value, json};

use crate::support::{
    Bench, SECRET, bare, config, created, dgpc, everything, mgpc, text_of, then, with,
};

async fn body_with(dialect: Dialect, order: &CreateVa) -> String {
    let script = then(Scripted::new(), 200, &bare("4002700", "Bad Request"));
    let bench = Bench::script_with(config().with_dialect(dialect), script);
    bench.client.create(order).await.unwrap_err();
    text_of(&bench.calls()[0]).to_owned()
}

async fn body(order: &CreateVa) -> String {
    body_with(Dialect::default(), order).await
}

fn of(bill: Bill) -> CreateVa {
    CreateVa::doku_generated(
        "INV-2026-0001".parse().unwrap(),
        "Budi Santoso".parse().unwrap(),
        bill,
    )
}

fn amount(text: &str) -> Amount {
    text.parse().unwrap()
}

#[tokio::test(start_paused = true)]
async fn bodies() {
    let limits = Limits::between(amount("10000.00"), amount("5000000.00")).unwrap();
    let with_decimals = Dialect {
        open_amount: OpenAmount::ZeroWithDecimals,
        ..Dialect::default()
    };
    let variable = Bill::Variable {
        amount: Amount::ZERO,
        limits: Some(Limits::at_least(amount("10000.00"))),
    };
    let under = dgpc()
        .under("19008".parse().unwrap())
        .with_prefix("98".parse().unwrap());
    let bodies = [
        ("DGPC, closed", body(&dgpc()).await),
        ("MGPC, closed", body(&mgpc()).await),
        ("MGPC, everything", body(&everything()).await),
        ("open", body(&of(Bill::Open(None))).await),
        (
            "open, with decimals and limits",
            body_with(with_decimals, &of(Bill::Open(Some(limits)))).await,
        ),
        ("variable, from zero", body(&of(variable)).await),
        ("under another BIN and prefix", body(&under).await),
    ];
    let mut told = String::new();
    for (name, body) in bodies {
        writeln!(told, "{name}\n{body}\n").unwrap();
    }
    insta::assert_snapshot!(told.trim_end());
}

fn headers(call: &Recorded) -> String {
    let mut lines = vec![format!("{} {}", call.method(), call.uri())];
    let mut names: Vec<_> = call
        .headers()
        .keys()
        .map(http::HeaderName::as_str)
        .collect();
    names.sort_unstable();
    for name in names {
        let value = &call.headers()[name];
        let shown = match name {
            "x-external-id" => format!("[{} digits]", value.len()),
            _ if value.is_sensitive() => format!("[secret, {} bytes]", value.len()),
            _ => value.to_str().unwrap().to_owned(),
        };
        lines.push(format!("{name}: {shown}"));
    }
    lines.join("\n")
}

#[tokio::test(start_paused = true)]
async fn the_headers_of_a_create() {
    let bench = Bench::answering(200, &created());
    bench.client.create(&dgpc()).await.unwrap();
    insta::assert_snapshot!(headers(&bench.calls()[0]));
}

#[tokio::test(start_paused = true)]
async fn the_dialect_changes_channel_id_and_offset() {
    let dialect = Dialect {
        channel_id: ChannelId {
            create: Some("SDK".to_owned()),
            status: None,
            ..ChannelId::default()
        },
        timestamps: Timestamps {
            token: Offset::Wib,
            transaction: Offset::Utc,
        },
        ..Dialect::default()
    };
    let script = then(Scripted::new(), 200, &created());
    let bench = Bench::script_with(
        config().with_dialect(dialect),
        then(script, 200, &crate::support::paid()),
    );
    bench.client.create(&mgpc()).await.unwrap();
    bench
        .client
        .status(&crate::support::registered())
        .await
        .unwrap();
    let calls = bench.calls();
    assert_eq!(calls[0].header("channel-id"), Some("SDK"));
    assert_eq!(calls[1].header("channel-id"), None);
    assert!(calls[0].header("x-timestamp").unwrap().ends_with('Z'));
    let token = bench.doku.requests().remove(0);
    assert!(token.header("x-timestamp").unwrap().ends_with("+07:00"));
}

#[tokio::test(start_paused = true)]
async fn a_channel_id_that_cannot_stand_in_a_header_is_an_error() {
    let dialect = Dialect {
        channel_id: ChannelId {
            create: Some("H2H\r\nx-evil: 1".to_owned()),
            ..ChannelId::default()
        },
        ..Dialect::default()
    };
    let bench = Bench::script_with(config().with_dialect(dialect), Scripted::new());
    let error = bench.client.create(&dgpc()).await.unwrap_err();
    assert!(matches!(&error, Error::NotSent { .. }), "{error}");
    assert!(bench.calls().is_empty());
}

/// The signature, computed anew from what was sent.
fn verify(call: &Recorded) {
    let token = AccessToken::from_authorization(call.header("authorization").unwrap()).unwrap();
    let to_sign = StringToSign::snap_transaction(
        call.method().as_str(),
        call.uri().path(),
        &token,
        &MinifiedBody::of(call.body()),
        call.header("x-timestamp").unwrap(),
    );
    let signature = Signature::from_base64(call.header("x-signature").unwrap()).unwrap();
    let secret = ClientSecret::new(SECRET).unwrap();
    secret.verify(&to_sign, &signature).unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_is_sent_is_what_was_signed() {
    let bench = Bench::rule(config(), |_| {
        Ok(crate::support::json_response(200, &json!({})))
    });
    let va = crate::support::account();
    bench.client.create(&everything()).await.unwrap_err();
    bench
        .client
        .update(&va, &doku_va_btn::Change::new().deactivate())
        .await
        .unwrap_err();
    bench.client.delete(&va).await.unwrap_err();
    bench.client.status(&va).await.unwrap_err();
    let calls = bench.calls();
    assert_eq!(calls.len(), 4);
    for call in &calls {
        verify(call);
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_bin_or_a_prefix_nothing_is_sent() {
    let bare_config = || {
        doku_va_btn::Config::new(
            "sandbox".parse().unwrap(),
            "BRN-1".parse().unwrap(),
            ClientSecret::new(SECRET).unwrap(),
            crate::support::key(),
        )
    };
    let bench = Bench::script_with(bare_config(), Scripted::new());
    let error = bench.client.create(&dgpc()).await.unwrap_err();
    assert!(matches!(
        &error,
        Error::Build(BuildError::NoPartnerServiceId)
    ));
    let order = dgpc().under("95962".parse().unwrap());
    let error = bench.client.create(&order).await.unwrap_err();
    assert!(matches!(&error, Error::Build(BuildError::NoPrefix)));
    assert_eq!(error.outcome(), Outcome::NotDone);
    bench
        .client
        .prepare(&order.with_prefix("6".parse().unwrap()))
        .unwrap();
    bench
        .client
        .prepare(&mgpc().under("95962".parse().unwrap()))
        .unwrap();
    assert_eq!(bench.doku.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_prefix_does_not_replace_a_number_that_the_merchant_makes() {
    let order = mgpc().with_prefix("7".parse().unwrap());
    assert_eq!(body(&order).await, body(&mgpc()).await);
}

async fn create(order: &CreateVa, status: u16, answer: &Value) -> Result<VirtualAccount, Error> {
    let bench = Bench::answering(status, answer);
    bench.client.create(order).await.map(|made| made.value)
}

#[tokio::test(start_paused = true)]
async fn a_created_account_remembers_both_of_its_numbers() {
    let va = create(&dgpc(), 200, &created()).await.unwrap();
    assert_eq!(va, crate::support::account());
    assert_eq!(va.sent_customer_no().as_str(), "6");
    assert_eq!(va.customer_no().as_str(), "60000161862");
    assert_eq!(va.number().as_str(), "   9596260000161862");
    assert_eq!(va.number_as_typed(), "9596260000161862");
    assert_eq!(va.number_grouped(), "9596 2600 0016 1862");
    assert_eq!(va.amount_as_rupiah().as_deref(), Some("Rp11.500"));
    assert_eq!(
        va.how_to_pay_page(),
        Some("https://app.doku.com/how-to-pay/btn/1")
    );
}

#[tokio::test(start_paused = true)]
async fn a_success_is_read_in_every_shape_it_was_seen_in() {
    let data = "/virtualAccountData";
    let member = |name: &str| format!("{data}/{name}");
    let links = created()["virtualAccountData"]["additionalInfo"].clone();
    let answers = [
        with(created(), "/responseCode", 2_002_700),
        with(created(), &member("trxId"), Value::Null),
        with(created(), &member("totalAmount"), Value::Null),
        with(created(), &member("totalAmount/value"), json!(11_500)),
        with(created(), &member("virtualAccountTrxType"), Value::Null),
        with(created(), &member("customerNo"), Value::Null),
        with(created(), &member("virtualAccountNo"), Value::Null),
        with(created(), &member("virtualAccountNo"), "9596260000161862"),
        with(created(), &member("partnerServiceId"), "00095962"),
        with(
            with(created(), &member("additionalInfo"), Value::Null),
            "/additionalInfo",
            links,
        ),
        // Limits beside a closed amount mean nothing; DOKU's samples have them.
        with(
            created(),
            &member("additionalInfo/virtualAccountConfig"),
            json!({ "minAmount": "10000.00", "maxAmount": "5000000.00" }),
        ),
    ];
    for answer in &answers {
        let va = create(&dgpc(), 200, answer).await;
        assert_eq!(va.unwrap(), crate::support::account(), "{answer}");
    }
    for status in [201, 400, 500] {
        create(&dgpc(), status, &created()).await.unwrap();
    }
}

fn integrity(error: Error) -> Mismatch {
    assert_eq!(error.outcome(), Outcome::Unknown);
    match error {
        Error::Integrity { mismatch, .. } => mismatch,
        other => panic!("{other}"),
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_speaks_of_something_else_is_no_success() {
    for (member, value, named) in [
        ("trxId", json!("INV-2026-0002"), "trxId"),
        ("totalAmount/value", json!("11500.01"), "totalAmount.value"),
        ("totalAmount/value", json!("115,00"), "totalAmount.value"),
        ("totalAmount/currency", json!("USD"), "totalAmount.currency"),
        ("virtualAccountTrxType", json!("O"), "virtualAccountTrxType"),
        ("virtualAccountTrxType", json!("X"), "virtualAccountTrxType"),
        ("partnerServiceId", json!("   19008"), "partnerServiceId"),
        ("partnerServiceId", json!("BTN"), "partnerServiceId"),
        ("customerNo", json!("70000161862"), "virtualAccountNo"),
        ("customerNo", json!("6-1"), "customerNo"),
        (
            "virtualAccountNo",
            json!("   9596260000161863"),
            "virtualAccountNo",
        ),
    ] {
        let answer = with(created(), &format!("/virtualAccountData/{member}"), value);
        let mismatch = integrity(create(&dgpc(), 200, &answer).await.unwrap_err());
        assert!(mismatch.to_string().starts_with(named), "{mismatch}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_number_must_begin_with_the_prefix_or_be_the_one_that_was_sent() {
    let elsewhere = with(created(), "/virtualAccountData/customerNo", "70000161862");
    let elsewhere = with(
        elsewhere,
        "/virtualAccountData/virtualAccountNo",
        "   9596270000161862",
    );
    let longer = with(created(), "/virtualAccountData/customerNo", "600001618620");
    let longer = with(
        longer,
        "/virtualAccountData/virtualAccountNo",
        "   95962600001618620",
    );
    for (order, answer) in [
        (dgpc(), &elsewhere),
        (mgpc(), &elsewhere),
        (mgpc(), &longer),
    ] {
        let mismatch = integrity(create(&order, 200, answer).await.unwrap_err());
        assert_eq!(
            mismatch,
            Mismatch::Differs {
                member: "customerNo"
            }
        );
    }
    create(&dgpc(), 200, &longer).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_success_without_an_account_or_its_number_is_kept_and_unknown() {
    let nothing = bare("2002700", "Successful");
    let mismatch = integrity(create(&dgpc(), 200, &nothing).await.unwrap_err());
    assert_eq!(
        mismatch,
        Mismatch::Missing {
            member: "virtualAccountData"
        }
    );
    let nameless = with(created(), "/virtualAccountData/customerNo", Value::Null);
    let nameless = with(
        nameless,
        "/virtualAccountData/virtualAccountNo",
        Value::Null,
    );
    let error = create(&dgpc(), 200, &nameless).await.unwrap_err();
    assert_eq!(
        error.answer().unwrap().raw(),
        nameless.to_string().as_bytes()
    );
    assert_eq!(
        integrity(error),
        Mismatch::Missing {
            member: "virtualAccountNo"
        }
    );
}

#[tokio::test(start_paused = true)]
async fn limits_that_are_repeated_must_be_those_that_were_asked_for() {
    let limits = Limits::between(amount("10000.00"), amount("50000.00")).unwrap();
    let open = of(Bill::Open(Some(limits)));
    let answer = |config: Value| {
        let answer = with(created(), "/virtualAccountData/virtualAccountTrxType", "O");
        let answer = with(answer, "/virtualAccountData/totalAmount/value", "0");
        with(
            answer,
            "/virtualAccountData/additionalInfo/virtualAccountConfig",
            config,
        )
    };
    for config in [
        json!({}),
        json!("none"),
        json!({ "minAmount": "10000.00" }),
        json!({ "minAmount": 10000, "maxAmount": "50000.00" }),
    ] {
        create(&open, 200, &answer(config)).await.unwrap();
    }
    for config in [
        json!({ "minAmount": "9999.99" }),
        json!({ "minAmount": "0.00" }),
        json!({ "maxAmount": "50000.01" }),
        json!({ "maxAmount": "much" }),
    ] {
        integrity(create(&open, 200, &answer(config)).await.unwrap_err());
    }
    let unlimited = of(Bill::Open(None));
    let zero = json!({ "minAmount": "0.00", "maxAmount": "0.00" });
    create(&unlimited, 200, &answer(zero)).await.unwrap();
    let some = json!({ "maxAmount": "50000.00" });
    integrity(create(&unlimited, 200, &answer(some)).await.unwrap_err());
}

#[tokio::test(start_paused = true)]
async fn another_code_of_success_is_not_decided_yet() {
    for (status, code) in [
        (202, "2022700"),
        (200, "2022700"),
        (200, "2002800"),
        (200, "2000000"),
    ] {
        let answer = with(created(), "/responseCode", code);
        let error = create(&dgpc(), status, &answer).await.unwrap_err();
        assert!(matches!(&error, Error::NotDecided(_)), "{error}");
        assert_eq!(error.outcome(), Outcome::Unknown);
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_a_refusal_under_any_http_status() {
    for status in [200, 400, 403, 500] {
        let answer = bare(
            "4032701",
            "Feature Not Allowed [Identifier for BIN 95962 not configured properly]",
        );
        let error = create(&dgpc(), status, &answer).await.unwrap_err();
        assert!(matches!(&error, Error::Refused(_)), "{error}");
        assert_eq!(error.outcome(), Outcome::NotDone);
        assert_eq!(error.response_code().unwrap().as_str(), "4032701");
        assert!(error.external_id().is_some());
    }
}

fn conflict(error: Error) -> Mismatch {
    assert_eq!(error.outcome(), Outcome::Unknown);
    match error {
        Error::Conflict { mismatch, .. } => mismatch,
        other => panic!("{other}"),
    }
}

#[tokio::test(start_paused = true)]
async fn an_earlier_answer_counts_if_it_shows_what_was_asked_for() {
    let order = dgpc().expires("2026-12-31T23:59:59+07:00".parse().unwrap());
    let dated = |answer: Value, date: &str| with(answer, "/virtualAccountData/expiredDate", date);
    let same = dated(created(), "2026-12-31T16:59:59Z");
    let codes = [
        (409, "2002700"),
        (409, "4092700"),
        (409, "4092701"),
        (200, "4092700"),
        (400, "4000500"),
        (500, "4000500"),
        (400, "4002703"),
    ];
    for (status, code) in codes {
        let answer = with(same.clone(), "/responseCode", code);
        let va = create(&order, status, &answer).await;
        assert_eq!(va.unwrap().customer_no().as_str(), "60000161862", "{code}");

        let missing = Mismatch::Missing {
            member: "virtualAccountData",
        };
        let nothing = bare(code, "Conflict");
        let error = create(&order, status, &nothing).await.unwrap_err();
        assert_eq!(conflict(error), missing, "{code}");

        for member in [
            "trxId",
            "totalAmount",
            "virtualAccountTrxType",
            "expiredDate",
        ] {
            let pointer = format!("/virtualAccountData/{member}");
            let less = with(answer.clone(), &pointer, Value::Null);
            let mismatch = conflict(create(&order, status, &less).await.unwrap_err());
            let told = mismatch.to_string();
            assert!(
                told.starts_with(member) && told.ends_with("is missing"),
                "{told}"
            );
        }
        let others = [
            with(answer.clone(), "/virtualAccountData/trxId", "INV-2"),
            with(
                answer.clone(),
                "/virtualAccountData/totalAmount/value",
                "1.00",
            ),
            with(
                answer.clone(),
                "/virtualAccountData/virtualAccountTrxType",
                "V",
            ),
            dated(answer.clone(), "2026-12-31T23:59:58+07:00"),
            with(answer, "/virtualAccountData/partnerServiceId", "   19008"),
        ];
        for other in others {
            let mismatch = conflict(create(&order, status, &other).await.unwrap_err());
            assert!(matches!(mismatch, Mismatch::Differs { .. }), "{mismatch}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_failing_server_leaves_the_outcome_open() {
    for (status, code) in [(500, "5002700"), (504, "5042700"), (200, "5002701")] {
        let error = create(&dgpc(), status, &bare(code, "")).await.unwrap_err();
        assert!(matches!(&error, Error::Failed(_)), "{error}");
        assert_eq!(error.outcome(), Outcome::Unknown);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_not_understood_leaves_the_outcome_open_and_is_kept() {
    let html = "<html><body>Bad Gateway</body></html>";
    for (status, body) in [
        (502, html),
        (403, html),
        (200, html),
        (200, ""),
        (500, ""),
        (200, "[]"),
        (200, "{}"),
        (404, r#"{"error":"Not Found"}"#),
        (200, r#"{"responseCode":null}"#),
        (200, r#"{"responseCode":"SUCCESS"}"#),
        (302, r#"{"responseCode":"3022700"}"#),
        (200, r#"{"responseCode":{"code":"2002700"}}"#),
        (
            200,
            r#"{"responseCode":"2002700","virtualAccountData":{"trxId":{}}}"#,
        ),
    ] {
        let status = StatusCode::from_u16(status).unwrap();
        let bench = Bench::script(Scripted::new().then_json(status, body));
        let error = bench.client.create(&dgpc()).await.unwrap_err();
        assert!(
            matches!(&error, Error::NotUnderstood { .. }),
            "{body}: {error}"
        );
        assert_eq!(error.outcome(), Outcome::Unknown, "{body}");
        assert_eq!(error.answer().unwrap().raw(), body.as_bytes());
    }
}

#[tokio::test(start_paused = true)]
async fn a_prepared_create_is_sent_as_it_was_prepared() {
    let script = then(Scripted::new(), 500, &bare("5002700", ""));
    let bench = Bench::script(then(script, 200, &created()));
    let line = FreeText::new("Thanks", "Terima kasih").unwrap();
    let prepared = bench.client.prepare(&dgpc().free_text(line)).unwrap();
    assert_eq!(bench.doku.count(), 0);
    bench.client.send(&prepared).await.unwrap_err();
    let other = "1".parse().unwrap();
    let made = bench
        .client
        .send(&prepared)
        .external_id(other)
        .await
        .unwrap();
    assert_eq!(made.answer.external_id(), Some(prepared.external_id()));
    let calls = bench.calls();
    for call in &calls {
        assert_eq!(text_of(call), prepared.body());
        assert_eq!(
            call.header("x-external-id"),
            Some(prepared.external_id().as_str())
        );
    }
    assert_ne!(
        calls[0].header("x-signature"),
        calls[1].header("x-signature")
    );
}
