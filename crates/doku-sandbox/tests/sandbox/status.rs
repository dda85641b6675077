//! Check status: for which numbers, and what it says.

use std::time::Duration;

use doku_model::{Operation, Timestamp};
use doku_sandbox::StatusNumbers;
use insta::assert_json_snapshot;
use serde_json::{Value, json};

use crate::support::{World, ask, changed, create, create_own};

const STATUS: Operation = Operation::CheckStatus;

fn short() -> Value {
    json!({ "partnerServiceId": "   95962", "customerNo": "6", "virtualAccountNo": "   959626" })
}

fn pay(world: &World, data: &Value, amount: &str) -> String {
    let number = data["virtualAccountNo"].as_str().unwrap().parse().unwrap();
    let paid = world.sandbox().pay(&number, amount.parse().unwrap());
    paid.unwrap().payment_request_id
}

#[tokio::test]
async fn pending_then_paid() {
    let world = World::start().await;
    let data = world.created("INV-1").await;
    let reply = world.call(STATUS, &ask(&data)).await;
    assert_eq!(reply.status, 200);
    assert_json_snapshot!("status_pending", reply.json());
    let payment = pay(&world, &data, "11500.00");
    let mut answer = world.call(STATUS, &ask(&data)).await.json();
    assert_eq!(answer["virtualAccountData"]["paymentRequestId"], payment);
    answer["virtualAccountData"]["paymentRequestId"] = "[payment]".into();
    assert_json_snapshot!("status_paid", answer);
}

#[tokio::test]
async fn a_short_number_speaks_of_the_last_account_that_shares_it() {
    let world = World::start().await;
    let first = world.created("INV-1").await;
    let second = world.created("INV-2").await;
    pay(&world, &second, "11500.00");
    let answer = world.call(STATUS, &short()).await.json();
    assert_eq!(answer["additionalInfo"]["trxId"], "INV-2");
    assert_eq!(
        answer["virtualAccountData"]["virtualAccountNo"],
        second["virtualAccountNo"]
    );
    assert_eq!(
        answer["virtualAccountData"]["paymentFlagReason"]["english"],
        "Paid"
    );
    // Whoever asks about the first one must see that this is not it.
    let answer = world.call(STATUS, &ask(&first)).await.json();
    assert_eq!(answer["additionalInfo"]["trxId"], "INV-1");
    assert_eq!(
        answer["virtualAccountData"]["paymentFlagReason"]["english"],
        "Pending"
    );
}

#[tokio::test]
async fn which_numbers_it_answers_for_can_be_set() {
    for (numbers, for_short, for_full) in [
        (StatusNumbers::Short, "2002600", "4042601"),
        (StatusNumbers::Full, "4042601", "2002600"),
        (StatusNumbers::Both, "2002600", "2002600"),
    ] {
        let world = World::with(|config| config.status_numbers(numbers)).await;
        let data = world.created("INV-1").await;
        assert_eq!(
            world.call(STATUS, &short()).await.code(),
            for_short,
            "{numbers:?}"
        );
        assert_eq!(
            world.call(STATUS, &ask(&data)).await.code(),
            for_full,
            "{numbers:?}"
        );
        // Where the merchant makes the number, short and full are the same.
        let own = world
            .call(Operation::CreateVa, &create_own("INV-2", "601234567890"))
            .await;
        let own = own.json()["virtualAccountData"].clone();
        assert_eq!(world.call(STATUS, &ask(&own)).await.code(), "2002600");
    }
}

#[tokio::test]
async fn what_is_unknown_is_not_found() {
    let world = World::start().await;
    for (psid, customer_no) in [
        ("   95962", "6"),
        ("   95962", "60000000009"),
        ("   12345", "6"),
    ] {
        let body = json!({
            "partnerServiceId": psid, "customerNo": customer_no,
            "virtualAccountNo": format!("{psid}{customer_no}"),
        });
        let reply = world.call(STATUS, &body).await;
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (404, "4042601"),
            "{body}"
        );
    }
    assert_json_snapshot!("status_unknown", world.call(STATUS, &short()).await.json());
    let uncombined = changed(short(), json!({ "virtualAccountNo": "959626" }));
    assert_eq!(world.call(STATUS, &uncombined).await.code(), "4032615");
}

#[tokio::test]
async fn expired_unless_somebody_paid() {
    let world = World::start().await;
    let soon = world.sandbox().now().instant() + Duration::from_secs(3600);
    let expiring = json!({ "expiredDate": Timestamp::wib(soon).as_str() });
    let mut accounts = Vec::new();
    for trx_id in ["INV-1", "INV-2"] {
        let body = changed(create(trx_id), expiring.clone());
        let reply = world.call(Operation::CreateVa, &body).await;
        accounts.push(reply.json()["virtualAccountData"].clone());
    }
    pay(&world, &accounts[0], "11500.00");
    world.sandbox().advance(Duration::from_secs(3600));
    assert_eq!(
        world.call(STATUS, &ask(&accounts[0])).await.code(),
        "2002600"
    );
    let reply = world.call(STATUS, &ask(&accounts[1])).await;
    assert_eq!((reply.status, reply.code().as_str()), (403, "4032600"));
    assert_json_snapshot!("status_expired", reply.json());
}

#[tokio::test]
async fn each_payment_of_a_reusable_account_can_be_asked_for() {
    let world = World::start().await;
    let open = json!({
        "virtualAccountTrxType": "O",
        "totalAmount": { "value": "0", "currency": "IDR" },
        "additionalInfo": {
            "channel": "VIRTUAL_ACCOUNT_BTN",
            "virtualAccountConfig": { "reusableStatus": true },
        },
    });
    let reply = world
        .call(Operation::CreateVa, &changed(create("INV-1"), open))
        .await;
    let data = reply.json()["virtualAccountData"].clone();
    let answer = world.call(STATUS, &ask(&data)).await.json();
    assert_eq!(answer["virtualAccountData"]["paidAmount"]["value"], "0.00");
    let first = pay(&world, &data, "10000.00");
    let second = pay(&world, &data, "20000.00");
    assert_ne!(first, second);
    for (payment, amount) in [
        (json!(first), "10000.00"),
        (json!(second), "20000.00"),
        (json!(null), "20000.00"),
    ] {
        let body = changed(ask(&data), json!({ "paymentRequestId": payment }));
        let answer = world.call(STATUS, &body).await.json();
        assert_eq!(answer["virtualAccountData"]["paidAmount"]["value"], amount);
    }
    let other = changed(
        ask(&data),
        json!({ "paymentRequestId": "PAY0", "inquiryRequestId": "Q1" }),
    );
    assert_eq!(world.call(STATUS, &other).await.code(), "4042601");
}
