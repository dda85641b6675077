//! Update: every change, and answers that speak of something else.

use std::fmt::Write as _;

use doku_model::{Amount, Bill, Limits};
use doku_transport::testing::Scripted;
use doku_va_btn::{BuildError, Change, Error, Mismatch, Outcome, VirtualAccount};
use serde_json::{Value, json};

use crate::support::{Bench, account, bare, created, json_of, text_of, then, with};

fn updated() -> Value {
    with(created(), "/responseCode", "2002800")
}

async fn update(http: u16, answer: &Value, change: &Change) -> Result<VirtualAccount, Error> {
    let bench = Bench::answering(http, answer);
    let va = account();
    let changed = bench.client.update(&va, change).await;
    changed.map(|changed| changed.value)
}

#[tokio::test(start_paused = true)]
async fn every_change_as_it_is_sent() {
    let limits = Limits::between("10000.00".parse().unwrap(), "50000.00".parse().unwrap()).unwrap();
    let variable = Bill::Variable {
        amount: Amount::ZERO,
        limits: Some(limits),
    };
    let changes = [
        ("nothing", Change::new()),
        ("name", Change::new().name("Siti".parse().unwrap())),
        (
            "email",
            Change::new().email("siti@example.id".parse().unwrap()),
        ),
        (
            "phone",
            Change::new().phone("6281293912081".parse().unwrap()),
        ),
        (
            "amount",
            Change::new().bill(Bill::Closed("12000.00".parse().unwrap())),
        ),
        ("bill", Change::new().bill(variable)),
        (
            "end",
            Change::new().expires("2027-01-01T00:00:00+07:00".parse().unwrap()),
        ),
        ("on", Change::new().activate()),
        ("off", Change::new().deactivate()),
    ];
    let mut told = String::new();
    for (name, change) in changes {
        let bench = Bench::answering(200, &bare("2002800", "Successful"));
        bench.client.update(&account(), &change).await.unwrap();
        let call = bench.calls().remove(0);
        assert_eq!(call.method(), "PUT");
        assert_eq!(
            call.uri().path(),
            "/virtual-accounts/bi-snap-va/v1.1/transfer-va/update-va"
        );
        writeln!(told, "{name}\n{}\n", text_of(&call)).unwrap();
    }
    insta::assert_snapshot!(told.trim_end());
}

#[tokio::test(start_paused = true)]
async fn the_account_is_returned_as_it_is_then() {
    let change = Change::new()
        .name("Siti".parse().unwrap())
        .bill(Bill::Open(None))
        .expires("2027-01-01T00:00:00+07:00".parse().unwrap());
    let va = update(200, &bare("2002800", "Successful"), &change)
        .await
        .unwrap();
    assert_eq!(va.name().as_str(), "Siti");
    assert_eq!(*va.bill(), Bill::Open(None));
    assert_eq!(
        va.expired_date().unwrap().as_str(),
        "2027-01-01T00:00:00+07:00"
    );
    assert_eq!(va.customer_no(), account().customer_no());
    assert_eq!(va.sent_customer_no(), account().sent_customer_no());

    // The bill as it is remembered goes along with the next change; what is optional is not said again.
    let bench = Bench::answering(200, &bare("2002800", "Successful"));
    bench
        .client
        .update(&va, &Change::new().activate())
        .await
        .unwrap();
    let sent = json_of(&bench.calls()[0]);
    assert_eq!(sent["virtualAccountTrxType"], "O");
    assert!(sent.get("expiredDate").is_none());
    assert!(sent.get("virtualAccountName").is_none());
}

#[tokio::test(start_paused = true)]
async fn an_answer_may_leave_out_much_and_contradict_nothing() {
    let change = Change::new().bill(Bill::Closed("12000.00".parse().unwrap()));
    let answer = with(
        updated(),
        "/virtualAccountData/totalAmount/value",
        "12000.00",
    );
    update(200, &answer, &change).await.unwrap();
    let empty = with(updated(), "/virtualAccountData", json!({}));
    update(200, &empty, &change).await.unwrap();
    for (member, value) in [
        ("trxId", "INV-2"),
        ("customerNo", "60000161863"),
        ("virtualAccountNo", "   9596260000161863"),
        // The amount of before: it was not changed.
        ("totalAmount/value", "11500.00"),
        ("totalAmount/currency", "USD"),
        ("virtualAccountTrxType", "O"),
    ] {
        let other = with(
            answer.clone(),
            &format!("/virtualAccountData/{member}"),
            value,
        );
        let error = update(200, &other, &change).await.unwrap_err();
        assert!(matches!(&error, Error::Integrity { .. }), "{error}");
        assert_eq!(error.outcome(), Outcome::Unknown);
    }
}

#[tokio::test(start_paused = true)]
async fn an_earlier_answer_has_to_show_what_was_asked_for() {
    update(409, &updated(), &Change::new()).await.unwrap();
    let nothing = bare("2002800", "Successful");
    let nameless = with(updated(), "/virtualAccountData/trxId", Value::Null);
    let conflict = bare("4092800", "Conflict");
    let repeated = with(updated(), "/responseCode", "4092800");
    for (answer, mismatch) in [
        (
            nothing,
            Mismatch::Missing {
                member: "virtualAccountData",
            },
        ),
        (nameless, Mismatch::Missing { member: "trxId" }),
        (conflict, Mismatch::NotShown),
        (repeated, Mismatch::NotShown),
    ] {
        let error = update(409, &answer, &Change::new()).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown);
        match error {
            Error::Conflict {
                mismatch: found, ..
            } => assert_eq!(found, mismatch),
            other => panic!("{other}"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_earlier_answer_to_another_change_is_no_success() {
    // The caller used one external id for two changes; DOKU answers the second with what it answered the first.
    let end = "2027-01-01T00:00:00+07:00";
    let shown = with(updated(), "/virtualAccountData/expiredDate", end);
    let shown = with(
        shown,
        "/virtualAccountData/additionalInfo/virtualAccountConfig",
        json!({ "status": "ACTIVE" }),
    );
    let expires = |end: &str| Change::new().expires(end.parse().unwrap());
    for same in [
        Change::new(),
        expires(end),
        Change::new().activate(),
        Change::new().name(account().name().clone()),
    ] {
        update(409, &shown, &same).await.unwrap();
    }
    for (other, member) in [
        (expires("2027-01-02T00:00:00+07:00"), "expiredDate"),
        (
            Change::new().deactivate(),
            "additionalInfo.virtualAccountConfig.status",
        ),
        (
            Change::new().name("Siti".parse().unwrap()),
            "virtualAccountName",
        ),
    ] {
        let error = update(409, &shown, &other).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown);
        match error {
            Error::Conflict { mismatch, .. } => assert_eq!(mismatch, Mismatch::Differs { member }),
            other => panic!("{other}"),
        }
        // Where this change was answered, what is left out or shown late does not matter.
        update(200, &shown, &other).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_direct_inquiry_number_is_refused_before_anything_is_sent() {
    let va = VirtualAccount::direct_inquiry(
        "95962".parse().unwrap(),
        "60000161862".parse().unwrap(),
        "INV-1".parse().unwrap(),
        "Budi".parse().unwrap(),
        Bill::Open(None),
    );
    let bench = Bench::script(then(Scripted::new(), 200, &updated()));
    let update = bench.client.update(&va, &Change::new()).await.unwrap_err();
    let delete = bench.client.delete(&va).await.unwrap_err();
    for error in [update, delete] {
        assert!(matches!(
            &error,
            Error::Build(BuildError::DirectInquiry { .. })
        ));
        assert_eq!(error.outcome(), Outcome::NotDone);
    }
    assert_eq!(bench.doku.count(), 0);
}
