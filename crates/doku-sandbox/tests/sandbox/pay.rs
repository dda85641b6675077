//! The bank's counter: what it takes, and what it does not.

use std::time::Duration;

use doku_model::{Operation, Timestamp};
use doku_sandbox::{PayError, Standing};
use serde_json::{Value, json};

use crate::support::{World, changed, create, delete, numbers};

fn pay(world: &World, data: &Value, amount: &str) -> Result<String, PayError> {
    let number = data["virtualAccountNo"].as_str().unwrap().parse().unwrap();
    let paid = world.sandbox().pay(&number, amount.parse().unwrap());
    paid.map(|payment| payment.payment_request_id)
}

async fn created(world: &World, trx_id: &str, members: Value) -> Value {
    let reply = world
        .call(Operation::CreateVa, &changed(create(trx_id), members))
        .await;
    assert_eq!(reply.code(), "2002700", "{}", reply.text());
    reply.json()["virtualAccountData"].clone()
}

fn bill(kind: &str, amount: &str, config: &Value) -> Value {
    json!({
        "virtualAccountTrxType": kind,
        "totalAmount": { "value": amount, "currency": "IDR" },
        "additionalInfo": { "channel": "VIRTUAL_ACCOUNT_BTN", "virtualAccountConfig": config },
    })
}

#[tokio::test]
async fn a_closed_bill_takes_its_amount_once() {
    let world = World::start().await;
    let data = world.created("INV-1").await;
    let wrong = PayError::WrongAmount {
        expected: "11500.00".parse().unwrap(),
    };
    assert_eq!(pay(&world, &data, "11499.99"), Err(wrong));
    assert!(pay(&world, &data, "11500.00").is_ok());
    assert_eq!(pay(&world, &data, "11500.00"), Err(PayError::AlreadyPaid));
    let account = &world.sandbox().virtual_accounts()[0];
    assert_eq!(account.standing, Standing::Paid);
    assert_eq!(account.payments.len(), 1);
    assert_eq!(account.payments[0].paid_amount, "11500.00");
}

#[tokio::test]
async fn open_and_variable_bills_take_what_their_limits_allow() {
    let world = World::start().await;
    let limits =
        json!({ "minAmount": "10000.00", "maxAmount": "20000.00", "reusableStatus": true });
    for (trx_id, members) in [
        ("INV-1", bill("O", "0", &limits)),
        ("INV-2", bill("V", "15000.00", &limits)),
    ] {
        let data = created(&world, trx_id, members).await;
        for amount in ["9999.99", "20000.01"] {
            let refused = pay(&world, &data, amount);
            assert!(
                matches!(refused, Err(PayError::OutsideLimits { .. })),
                "{amount}"
            );
        }
        for amount in ["10000.00", "12345.67", "20000.00"] {
            pay(&world, &data, amount).unwrap();
        }
    }
    assert_eq!(world.sandbox().virtual_accounts()[0].payments.len(), 3);
}

#[tokio::test]
async fn nothing_is_taken_for_what_is_gone_late_or_switched_off() {
    let world = World::start().await;
    let unknown = json!({ "virtualAccountNo": "   9596269999999999" });
    assert_eq!(pay(&world, &unknown, "1.00"), Err(PayError::NotFound));

    let data = world.created("INV-1").await;
    let off = changed(
        numbers(&data),
        json!({
            "trxId": "INV-1",
            "additionalInfo": {
                "channel": "VIRTUAL_ACCOUNT_BTN", "virtualAccountConfig": { "status": "INACTIVE" },
            },
        }),
    );
    assert_eq!(
        world.call(Operation::UpdateVa, &off).await.code(),
        "2002800"
    );
    assert_eq!(pay(&world, &data, "11500.00"), Err(PayError::Inactive));
    assert_eq!(
        world.sandbox().virtual_accounts()[0].standing,
        Standing::Inactive
    );
    assert_eq!(
        world.call(Operation::DeleteVa, &delete(&data)).await.code(),
        "2003100"
    );
    assert_eq!(pay(&world, &data, "11500.00"), Err(PayError::NotFound));

    let soon = world.sandbox().now().instant() + Duration::from_secs(60);
    let expiring = json!({ "expiredDate": Timestamp::wib(soon).as_str() });
    let data = created(&world, "INV-2", expiring).await;
    world.sandbox().advance(Duration::from_secs(60));
    assert_eq!(pay(&world, &data, "11500.00"), Err(PayError::Expired));
}

#[tokio::test]
async fn over_http_with_reasons() {
    let world = World::start().await;
    let data = world.created("INV-1").await;
    let typed = data["virtualAccountNo"].as_str().unwrap().trim().to_owned();
    let order = |amount: &str| json!({ "virtualAccountNo": typed, "amount": amount });
    let reply = world.post("/_sandbox/pay", &order("1.00")).await;
    assert_eq!(
        (reply.status, reply.json()["error"].as_str()),
        (409, Some("wrongAmount"))
    );
    assert!(
        reply.json()["reason"]
            .as_str()
            .unwrap()
            .contains("11500.00")
    );
    let reply = world.post("/_sandbox/pay", &order("11500.00")).await;
    assert_eq!(
        (reply.status, reply.json()["paidAmount"].as_str()),
        (200, Some("11500.00"))
    );
    let reply = world.post("/_sandbox/pay", &order("11500.00")).await;
    assert_eq!(reply.json()["error"], "alreadyPaid");
    let unknown = json!({ "virtualAccountNo": "123", "amount": "1.00" });
    assert_eq!(world.post("/_sandbox/pay", &unknown).await.status, 404);
    for wrong in [
        json!({}),
        json!({ "virtualAccountNo": typed, "amount": "0.00" }),
        json!({ "virtualAccountNo": "x", "amount": "1.00" }),
    ] {
        let status = world.post("/_sandbox/pay", &wrong).await.status;
        assert!((400..500).contains(&status), "{wrong}");
    }
}
