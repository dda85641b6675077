//! Create: what each answer means.

use doku_model::{Amount, Bill, Limits};
use doku_transport::testing::Scripted;
use doku_va_btn::{CreateVa, Error, Mismatch, Outcome, VirtualAccount};
use http::StatusCode;
use serde_json::{Value, json};

use crate::support::{Bench, bare, created, dgpc, mgpc, with};

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
async fn what_another_call_made_must_be_shown_to_be_what_was_asked_for() {
    const CONFIG: &str = "/virtualAccountData/additionalInfo/virtualAccountConfig";
    let limits = Limits::between("10000.00".parse().unwrap(), "50000.00".parse().unwrap());
    let order = of(Bill::Open(Some(limits.unwrap()))).reusable();
    let open = with(created(), "/virtualAccountData/virtualAccountTrxType", "O");
    let open = with(open, "/virtualAccountData/totalAmount/value", "0");
    let shown = json!({"minAmount": "10000.00", "maxAmount": "50000.00", "reusableStatus": true});
    let whole = with(open.clone(), CONFIG, shown);

    // DOKU's own earlier answer to this external id need not repeat the settings; that of another call must.
    for (status, code, silent_counts) in [
        (409, "2002700", true),
        (409, "4092700", true),
        (400, "4000500", false),
        (409, "4092701", false),
    ] {
        let whole = with(whole.clone(), "/responseCode", code);
        let found = create(&order, status, &whole).await.unwrap();
        assert!(found.reusable(), "{code}");
        let silent = with(open.clone(), "/responseCode", code);
        assert_eq!(
            create(&order, status, &silent).await.is_ok(),
            silent_counts,
            "{code}"
        );
        // Somebody else's account never counts.
        let other = with(whole, "/virtualAccountData/virtualAccountName", "Siti");
        let mismatch = conflict(create(&order, status, &other).await.unwrap_err());
        assert!(matches!(mismatch, Mismatch::Differs { .. }), "{mismatch}");
    }
    for (member, value) in [
        ("minAmount", Value::Null),
        ("maxAmount", json!("60000.00")),
        ("reusableStatus", json!(false)),
    ] {
        let other = with(whole.clone(), &format!("{CONFIG}/{member}"), value);
        let other = with(other, "/responseCode", "4000500");
        conflict(create(&order, 400, &other).await.unwrap_err());
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
