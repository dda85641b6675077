//! Delete: the numbers that DOKU returned, and the trxId of the create call.

use doku_va_btn::{Error, Mismatch, Outcome};
use serde_json::{Value, json};

use crate::support::{Bench, account, bare, created, json_of, with};

fn deleted() -> Value {
    with(created(), "/responseCode", "2003100")
}

async fn delete(http: u16, answer: &Value) -> Result<(), Error> {
    let bench = Bench::answering(http, answer);
    bench.client.delete(&account()).await.map(drop)
}

#[tokio::test(start_paused = true)]
async fn the_request_carries_a_body_with_the_numbers_that_doku_returned() {
    let bench = Bench::answering(200, &bare("2003100", "Successful"));
    bench.client.delete(&account()).await.unwrap();
    let call = bench.calls().remove(0);
    assert_eq!(call.method(), "DELETE");
    assert_eq!(
        call.uri().path(),
        "/virtual-accounts/bi-snap-va/v1.1/transfer-va/delete-va"
    );
    assert_eq!(
        json_of(&call),
        json!({
            "additionalInfo": { "channel": "VIRTUAL_ACCOUNT_BTN" },
            "customerNo": "60000161862",
            "partnerServiceId": "   95962",
            "trxId": "INV-2026-0001",
            "virtualAccountNo": "   9596260000161862",
        })
    );
}

#[tokio::test(start_paused = true)]
async fn an_answer_may_leave_out_much_and_contradict_nothing() {
    delete(200, &deleted()).await.unwrap();
    // The bill does not matter any more.
    let other_bill = with(deleted(), "/virtualAccountData/totalAmount/value", "1.00");
    delete(200, &other_bill).await.unwrap();
    for (member, value) in [
        ("trxId", "INV-2"),
        ("customerNo", "60000161863"),
        ("virtualAccountNo", "   9596260000161863"),
        ("partnerServiceId", "   19008"),
    ] {
        let answer = with(deleted(), &format!("/virtualAccountData/{member}"), value);
        let error = delete(200, &answer).await.unwrap_err();
        assert!(matches!(&error, Error::Integrity { .. }), "{error}");
        assert_eq!(error.outcome(), Outcome::Unknown);
    }
}

#[tokio::test(start_paused = true)]
async fn an_earlier_answer_has_to_name_the_trx_id() {
    delete(409, &deleted()).await.unwrap();
    let error = delete(409, &bare("2003100", "Successful"))
        .await
        .unwrap_err();
    assert!(matches!(
        error,
        Error::Conflict {
            mismatch: Mismatch::Missing { .. },
            ..
        }
    ));
    let error = delete(409, &bare("4093100", "Conflict")).await.unwrap_err();
    assert!(matches!(
        error,
        Error::Conflict {
            mismatch: Mismatch::NotShown,
            ..
        }
    ));
}

#[tokio::test(start_paused = true)]
async fn another_trx_id_than_the_one_of_the_create_call_is_refused_by_doku() {
    let answer = bare("4043119", "Invalid Bill/Virtual Account");
    let error = delete(404, &answer).await.unwrap_err();
    assert!(matches!(&error, Error::Refused(_)), "{error}");
    assert_eq!(error.outcome(), Outcome::NotDone);
}
