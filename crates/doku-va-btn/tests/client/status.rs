//! Check status: was it paid? Never answered with what another account did.

use doku_model::PaymentFlag;
use doku_transport::TransportErrorKind;
use doku_transport::testing::Scripted;
use doku_va_btn::{
    Dialect, Error, Outcome, PaymentStatus, StatusNumbers, UnknownStatus, VirtualAccount,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{
    Bench, account, at_once, bare, cases, config, json_of, json_response, paid, pending,
    registered, status, then, with,
};

const NOT_IDENTIFIED: PaymentStatus = PaymentStatus::Unknown(UnknownStatus::NotIdentified);
const NOT_FOUND: PaymentStatus = PaymentStatus::Unknown(UnknownStatus::NotFound);
const UNKNOWN_WORD: PaymentStatus = PaymentStatus::Unknown(UnknownStatus::UnknownWord);

fn fully_paid() -> PaymentStatus {
    PaymentStatus::Paid {
        amount: Some("11500.00".parse().unwrap()),
        payment_request_id: Some("PAY-1".parse().unwrap()),
    }
}

/// What is said of `va` where DOKU answers every question so.
async fn said(va: &VirtualAccount, http: u16, answer: Value) -> PaymentStatus {
    let bench = Bench::rule(config().with_retry(at_once()), move |_| {
        Ok(json_response(http, &answer))
    });
    bench.client.status(va).await.unwrap().value
}

fn member(answer: Value, name: &str, value: impl Into<Value>) -> Value {
    with(answer, &format!("/virtualAccountData/{name}"), value)
}

/// Without any trxId.
fn unnamed(answer: Value) -> Value {
    with(member(answer, "trxId", Value::Null), "/additionalInfo", "")
}

#[tokio::test(start_paused = true)]
async fn the_words_decide_and_nothing_else() {
    for (english, indonesia, expected) in [
        ("Paid", "Terbayar", fully_paid()),
        ("Paid", "", fully_paid()),
        ("", "Terbayar", fully_paid()),
        ("Pending", "Belum Terbayar", PaymentStatus::Pending),
        ("Expired", "Kadaluarsa", PaymentStatus::Expired),
        ("Paid", "Belum Terbayar", UNKNOWN_WORD),
        ("Pending", "Terbayar", UNKNOWN_WORD),
        ("Not Paid", "", UNKNOWN_WORD),
        ("Unpaid", "Terbayar", UNKNOWN_WORD),
        ("", "", UNKNOWN_WORD),
    ] {
        let answer = status(english, indonesia);
        assert_eq!(
            said(&registered(), 200, answer).await,
            expected,
            "{english}/{indonesia}"
        );
    }
    let wordless = member(paid(), "paymentFlagReason", Value::Null);
    assert_eq!(said(&registered(), 200, wordless).await, UNKNOWN_WORD);
    let worded = member(paid(), "paymentFlagReason", "Paid");
    assert_eq!(said(&registered(), 200, worded).await, UNKNOWN_WORD);
    assert_eq!(PaymentFlag::from_reason(None, None), PaymentFlag::Unknown);
}

#[tokio::test(start_paused = true)]
async fn what_stands_beside_the_words_may_be_missing_or_odd() {
    let answer = member(paid(), "paidAmount", Value::Null);
    let answer = member(answer, "paymentRequestId", "");
    let nothing = PaymentStatus::Paid {
        amount: None,
        payment_request_id: None,
    };
    assert_eq!(said(&registered(), 200, answer).await, nothing);
    let odd = member(paid(), "paidAmount", json!({ "value": "much" }));
    assert!(said(&registered(), 200, odd).await.is_paid());
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_recognised_by_its_trx_id_or_without_one_by_its_full_number() {
    let trx_ids = |inside: &str, beside: &str| {
        let answer = member(paid(), "trxId", inside);
        with(answer, "/additionalInfo/trxId", beside)
    };
    let ours = "INV-2026-0001";
    for va in [account(), registered()] {
        for (answer, identified) in [
            (trx_ids(ours, ours), true),
            (trx_ids(ours, ""), true),
            (trx_ids("", ours), true),
            (trx_ids(ours, "INV-2"), false),
            (trx_ids("INV-2", ours), false),
            (trx_ids("INV-2", ""), false),
            (unnamed(paid()), true),
            (
                member(unnamed(paid()), "virtualAccountNo", "9596260000161862"),
                true,
            ),
            (
                member(unnamed(paid()), "virtualAccountNo", "   959626"),
                false,
            ),
            (member(unnamed(paid()), "virtualAccountNo", ""), false),
            (member(unnamed(paid()), "virtualAccountNo", "none"), false),
            // The other account of the same number range: named, so the number does not help.
            (
                member(
                    trx_ids("INV-2", ""),
                    "virtualAccountNo",
                    "   9596260000161862",
                ),
                false,
            ),
        ] {
            let expected = if identified {
                fully_paid()
            } else {
                NOT_IDENTIFIED
            };
            assert_eq!(said(&va, 200, answer.clone()).await, expected, "{answer}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_array_is_searched_for_the_account() {
    let entry = |answer: Value| answer["virtualAccountData"].clone();
    let other = || entry(member(paid(), "trxId", "INV-2"));
    let array = |entries: Vec<Value>| with(paid(), "/virtualAccountData", entries);
    for (entries, expected) in [
        (vec![], NOT_IDENTIFIED),
        (vec![other(), other()], NOT_IDENTIFIED),
        (vec![other(), entry(pending())], PaymentStatus::Pending),
        (vec![entry(pending()), other()], PaymentStatus::Pending),
        (vec![entry(paid()), entry(pending())], fully_paid()),
        (vec![entry(pending()), entry(paid())], fully_paid()),
        (vec![entry(paid())], fully_paid()),
        // A trxId beside several entries says not which one it means.
        (
            vec![
                entry(member(unnamed(paid()), "virtualAccountNo", "   959626")),
                other(),
            ],
            NOT_IDENTIFIED,
        ),
    ] {
        let answer = array(entries);
        assert_eq!(
            said(&registered(), 200, answer.clone()).await,
            expected,
            "{answer}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn the_short_number_is_asked_first_and_the_full_one_where_that_says_nothing() {
    let bench = Bench::answering(200, &paid());
    bench.client.status(&account()).await.unwrap();
    let calls = bench.calls();
    assert_eq!(calls.len(), 1);
    assert_eq!(
        json_of(&calls[0]),
        json!({
            "customerNo": "6",
            "partnerServiceId": "   95962",
            "virtualAccountNo": "   959626",
        })
    );

    for first in [
        member(paid(), "trxId", "INV-2"),
        bare("2002600", "Successful"),
        status("Perhaps", ""),
        bare("4042601", "Transaction Not Found"),
        bare("4032600", "Transaction Expired"),
        bare("4002601", "Invalid Field Format"),
    ] {
        let bench = Bench::script(then(then(Scripted::new(), 200, &first), 200, &pending()));
        let said = bench.client.status(&account()).await.unwrap();
        assert_eq!(said.value, PaymentStatus::Pending, "{first}");
        let calls = bench.calls();
        assert_eq!(json_of(&calls[1])["customerNo"], "60000161862");
        assert_eq!(
            json_of(&calls[1])["virtualAccountNo"],
            "   9596260000161862"
        );
        assert_ne!(
            calls[0].header("x-external-id"),
            calls[1].header("x-external-id")
        );
    }
}

#[tokio::test(start_paused = true)]
async fn the_dialect_decides_which_number_is_asked_first() {
    let dialect = Dialect {
        status_numbers: StatusNumbers::AsReturned,
        ..Dialect::default()
    };
    let script = then(Scripted::new(), 200, &bare("2002600", "Successful"));
    let bench = Bench::script_with(config().with_dialect(dialect), then(script, 200, &paid()));
    bench.client.status(&account()).await.unwrap();
    let asked: Vec<_> = bench
        .calls()
        .iter()
        .map(|call| json_of(call)["customerNo"].clone())
        .collect();
    assert_eq!(asked, ["60000161862", "6"]);
}

#[tokio::test(start_paused = true)]
async fn one_number_is_asked_once() {
    let bench = Bench::answering(200, &bare("2002600", "Successful"));
    let said = bench.client.status(&registered()).await.unwrap();
    assert_eq!(said.value, NOT_IDENTIFIED);
    assert_eq!(bench.calls().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_direct_inquiry_number_can_be_asked_about() {
    let va = VirtualAccount::direct_inquiry(
        "95962".parse().unwrap(),
        "60000161862".parse().unwrap(),
        "INV-2026-0001".parse().unwrap(),
        "Budi Santoso".parse().unwrap(),
        crate::support::closed(),
    );
    assert_eq!(said(&va, 200, paid()).await, fully_paid());
}

#[tokio::test(start_paused = true)]
async fn expired_is_believed_of_the_full_number_only() {
    let expired = bare("4032600", "Transaction Expired");
    assert_eq!(
        said(&registered(), 403, expired.clone()).await,
        PaymentStatus::Expired
    );

    // Both numbers: the full one answers for itself.
    assert_eq!(
        said(&account(), 403, expired.clone()).await,
        PaymentStatus::Expired
    );

    let script = then(Scripted::new(), 403, &expired);
    let bench = Bench::script(then(script, 404, &bare("4042601", "Not Found")));
    let said = bench.client.status(&account()).await.unwrap();
    assert_eq!(said.value, NOT_FOUND, "the short number is everybody's");
}

#[tokio::test(start_paused = true)]
async fn a_refusal_of_the_second_number_leaves_the_first_answer() {
    let script = then(Scripted::new(), 200, &bare("2002600", "Successful"));
    let bench = Bench::script(then(script, 400, &bare("4002601", "Invalid Field Format")));
    let said = bench.client.status(&account()).await.unwrap();
    assert_eq!(said.value, NOT_IDENTIFIED);
}

#[tokio::test(start_paused = true)]
async fn other_codes_are_errors_that_change_nothing() {
    for (http, code) in [
        (400, "4002601"),
        (202, "2022600"),
        (409, "4092600"),
        (200, "2002700"),
    ] {
        let bench = Bench::rule(config(), move |_| Ok(json_response(http, &bare(code, ""))));
        let error = bench.client.status(&registered()).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::NotDone, "{error}");
        assert!(!error.to_string().contains("may have been done"), "{error}");
    }
    let bench = Bench::rule(config().with_retry(at_once()), |_| {
        Err(TransportErrorKind::Timeout.into())
    });
    let error = bench.client.status(&account()).await.unwrap_err();
    assert!(matches!(&error, Error::MaybeSent { .. }), "{error}");
    assert_eq!(error.outcome(), Outcome::NotDone);
    assert_eq!(bench.calls().len(), 3, "the other number is not asked");
}

/// A member that speaks of this account, of the neighbour of the same prefix, of nobody, or nonsense.
fn trx_id() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!("INV-2026-0001")),
        Just(json!("INV-2026-0002")),
        Just(json!("")),
        Just(Value::Null),
        Just(json!(20_260_001)),
        "[ -~]{0,12}".prop_map(Value::from),
    ]
}

fn number() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!("   9596260000161862")),
        Just(json!("9596260000161862")),
        Just(json!("   9596260000161863")),
        Just(json!("   959626")),
        Just(json!("")),
        Just(Value::Null),
        "[0-9 ]{0,20}".prop_map(Value::from),
    ]
}

fn word() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => Just(json!("Paid")),
        4 => Just(json!("Terbayar")),
        1 => Just(json!("Pending")),
        1 => Just(json!("paid ")),
        1 => Just(json!("")),
        1 => Just(Value::Null),
    ]
}

fn entry() -> impl Strategy<Value = Value> {
    (trx_id(), number(), word(), word()).prop_map(|(trx_id, number, english, indonesia)| {
        json!({
            "partnerServiceId": "   95962",
            "virtualAccountNo": number,
            "trxId": trx_id,
            "paymentFlagReason": { "english": english, "indonesia": indonesia },
            "paidAmount": { "value": "11500.00", "currency": "IDR" },
        })
    })
}

fn answer() -> impl Strategy<Value = Value> {
    let data = prop_oneof![
        3 => entry(),
        1 => prop::collection::vec(entry(), 0..4).prop_map(Value::from),
        1 => Just(Value::Null),
        1 => Just(json!("none")),
    ];
    let code = prop_oneof![
        8 => Just("2002600"),
        1 => Just("2022600"),
        1 => Just("4042614"),
        1 => Just("5002600"),
    ];
    (code, data, trx_id()).prop_map(|(code, data, trx_id)| {
        json!({
            "responseCode": code,
            "virtualAccountData": data,
            "additionalInfo": { "trxId": trx_id },
        })
    })
}

/// What may be read as *paid*, told in another way than the client does: some entry says so, and either somebody names
/// the trxId and nobody another one, or nobody names one and the number is the whole number.
fn shows_our_payment(answer: &Value) -> bool {
    let text = |value: &Value| match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    };
    let entries = match &answer["virtualAccountData"] {
        Value::Array(entries) => entries.clone(),
        one => vec![one.clone()],
    };
    let beside = match entries.len() {
        1 => text(&answer["additionalInfo"]["trxId"]),
        _ => String::new(),
    };
    answer["responseCode"] == "2002600"
        && entries.iter().any(|entry| {
            let named: Vec<_> = [text(&entry["trxId"]), beside.clone()]
                .into_iter()
                .filter(|name| !name.is_empty())
                .collect();
            let ours = if named.is_empty() {
                text(&entry["virtualAccountNo"]) == "9596260000161862"
            } else {
                named.iter().all(|name| name == "INV-2026-0001")
            };
            let words = &entry["paymentFlagReason"];
            ours && [&words["english"], &words["indonesia"]]
                .iter()
                .any(|word| ["Paid", "Terbayar", "paid"].contains(&text(word).as_str()))
        })
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn an_account_never_reads_paid_unless_the_answer_is_about_it(
        short in answer(),
        full in answer(),
    ) {
        let evidence = shows_our_payment(&short) || shows_our_payment(&full);
        let bench = Bench::rule(config().with_retry(at_once()), move |request| {
            let short_asked = request.body().windows(16).any(|part| part == b"\"customerNo\":\"6\",");
            Ok(json_response(200, if short_asked { &short } else { &full }))
        });
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        let said = runtime.block_on(async { bench.client.status(&account()).await });
        if said.is_ok_and(|said| said.value.is_paid()) {
            prop_assert!(evidence);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn of_two_accounts_of_one_prefix_the_paid_one_alone_reads_paid() {
    let mut stored = serde_json::to_value(account()).unwrap();
    stored["customerNo"] = "60000161863".into();
    stored["trxId"] = "INV-2026-0002".into();
    let neighbour: VirtualAccount = serde_json::from_value(stored).unwrap();
    // The short number answers for the one that was paid; the full number of the other is not known yet.
    let bench = Bench::rule(config(), |request| {
        let text = std::str::from_utf8(request.body()).unwrap();
        Ok(if text.contains("60000161863") {
            json_response(404, &bare("4042601", "Transaction Not Found"))
        } else {
            json_response(200, &paid())
        })
    });
    let ours = bench.client.status(&account()).await.unwrap();
    assert!(ours.value.is_paid());
    let theirs = bench.client.status(&neighbour).await.unwrap();
    assert_eq!(theirs.value, NOT_FOUND);
}
