//! Update and delete: by the numbers that create answered.

use std::time::Duration;

use doku_model::{Operation, Timestamp};
use insta::assert_json_snapshot;
use serde_json::{Value, json};

use crate::support::{World, ask, changed, create, create_own, delete, numbers};

const UPDATE: Operation = Operation::UpdateVa;
const DELETE: Operation = Operation::DeleteVa;

fn update(data: &Value, members: Value) -> Value {
    changed(
        changed(numbers(data), json!({ "trxId": data["trxId"] })),
        members,
    )
}

fn config(config: &Value) -> Value {
    json!({ "additionalInfo": { "channel": "VIRTUAL_ACCOUNT_BTN", "virtualAccountConfig": config } })
}

#[tokio::test]
async fn an_update_changes_what_it_names() {
    let world = World::start().await;
    let data = world.created("INV-1").await;
    let members = changed(
        config(&json!({ "status": "INACTIVE", "minAmount": "1000.00", "maxAmount": "9000.00" })),
        json!({
            "virtualAccountName": "Siti Rahma",
            "totalAmount": { "value": "5000.00", "currency": "IDR" },
            "virtualAccountTrxType": "V",
            "trxId": "INV-1-CHANGED",
        }),
    );
    let reply = world.call(UPDATE, &update(&data, members)).await;
    assert_eq!(reply.status, 200);
    assert_json_snapshot!("updated", reply.json());

    let account = &world.sandbox().virtual_accounts()[0];
    assert_eq!(account.virtual_account_name, "Siti Rahma");
    assert_eq!(account.virtual_account_trx_type, "V");
    assert_eq!(account.max_amount.as_deref(), Some("9000.00"));
    assert_eq!(account.trx_id, "INV-1", "update does not rename");

    let reply = world
        .call(
            UPDATE,
            &update(&data, config(&json!({ "status": "ACTIVE" }))),
        )
        .await;
    let answer = &reply.json()["virtualAccountData"];
    assert_eq!(answer["virtualAccountName"], "Siti Rahma", "the rest stays");
    assert_eq!(answer["totalAmount"]["value"], "5000.00");
}

#[tokio::test]
async fn a_change_of_type_must_give_a_bill() {
    let world = World::start().await;
    let data = world.created("INV-1").await;
    let open = json!({ "virtualAccountTrxType": "O" });
    let reply = world.call(UPDATE, &update(&data, open)).await;
    assert_eq!(
        reply.json()["virtualAccountData"]["totalAmount"]["value"],
        "0.00"
    );
    let closed = json!({ "virtualAccountTrxType": "C" });
    let reply = world.call(UPDATE, &update(&data, closed)).await;
    assert_eq!((reply.code().as_str(), reply.status), ("4002802", 400));
    assert!(reply.message().contains("{totalAmount.value}"));
}

#[tokio::test]
async fn an_update_is_refused_in_its_own_codes() {
    let world = World::start().await;
    let data = world.created("INV-1").await;
    let short = json!({
        "partnerServiceId": "   95962", "customerNo": "6", "virtualAccountNo": "   959626",
    });
    let cases = [
        (json!({ "virtualAccountNo": "   9596299" }), "4032815"),
        (json!({ "trxId": null }), "4002802"),
        (json!({ "additionalInfo": null }), "4002802"),
        (short, "4042812"),
        (json!({ "virtualAccountName": "Budi;" }), "4002801"),
        (
            json!({ "expiredDate": "2001-01-01T00:00:00+07:00" }),
            "4002801",
        ),
        (config(&json!({ "status": "DELETED" })), "4002801"),
        (config(&json!({ "minAmount": "1.00" })), "4002801"),
    ];
    for (members, code) in cases {
        let body = update(&data, members);
        let reply = world.call(UPDATE, &body).await;
        assert_eq!(reply.code(), code, "{body}: {}", reply.text());
    }
}

#[tokio::test]
async fn the_answer_to_create_stays_what_it_was() {
    let world = World::start().await;
    let token = world.token().await;
    let body = create("INV-1").to_string();
    let call = world.signed(Operation::CreateVa, body.as_bytes(), &token);
    let first = world.send(&call).await.unwrap();
    let data = first.json()["virtualAccountData"].clone();
    let renamed = json!({ "virtualAccountName": "Siti Rahma" });
    assert_eq!(
        world.call(UPDATE, &update(&data, renamed)).await.code(),
        "2002800"
    );
    let again = world.send(&call).await.unwrap();
    assert_eq!(again.status, 409);
    assert_eq!(again.body, first.body);
}

#[tokio::test]
async fn delete_wants_the_numbers_and_the_invoice_of_create() {
    let world = World::start().await;
    let data = world.created("INV-1").await;
    let other = changed(delete(&data), json!({ "trxId": "INV-2" }));
    let reply = world.call(DELETE, &other).await;
    assert_eq!((reply.status, reply.code().as_str()), (404, "4043119"));
    assert_json_snapshot!("delete_other_trx_id", reply.json());

    let uncombined = changed(delete(&data), json!({ "virtualAccountNo": "   959626" }));
    let reply = world.call(DELETE, &uncombined).await;
    assert_eq!((reply.status, reply.code().as_str()), (403, "4033115"));
    assert_json_snapshot!("delete_combination", reply.json());

    let short = json!({ "customerNo": "6", "virtualAccountNo": "   959626" });
    let reply = world.call(DELETE, &changed(delete(&data), short)).await;
    assert_eq!(reply.code(), "4043112");
    let no_channel = changed(delete(&data), json!({ "additionalInfo": null }));
    assert_eq!(world.call(DELETE, &no_channel).await.code(), "4003102");

    let reply = world.call(DELETE, &delete(&data)).await;
    assert_eq!(reply.status, 200);
    assert_json_snapshot!("deleted", reply.json());
    let reply = world.call(DELETE, &delete(&data)).await;
    assert_eq!(reply.code(), "4043112", "it is gone");
    assert_eq!(
        world.call(UPDATE, &update(&data, json!({}))).await.code(),
        "4042812"
    );
    assert_eq!(
        world.call(Operation::CheckStatus, &ask(&data)).await.code(),
        "4042601"
    );
    // The invoice number is used for ever.
    let reply = world.call(Operation::CreateVa, &create("INV-1")).await;
    assert_eq!(reply.code(), "4000500");
}

#[tokio::test]
async fn what_was_paid_once_for_all_stays_as_it_is() {
    let world = World::start().await;
    let data = world.created("INV-1").await;
    let number = data["virtualAccountNo"].as_str().unwrap().parse().unwrap();
    world
        .sandbox()
        .pay(&number, "11500.00".parse().unwrap())
        .unwrap();
    assert_eq!(
        world.call(UPDATE, &update(&data, json!({}))).await.code(),
        "4042814"
    );
    assert_eq!(world.call(DELETE, &delete(&data)).await.code(), "4043114");
}

#[tokio::test]
async fn an_expired_account_lives_again_with_a_new_date() {
    let world = World::start().await;
    let soon = world.sandbox().now().instant() + Duration::from_secs(3600);
    let expiring = json!({ "expiredDate": Timestamp::wib(soon).as_str() });
    let reply = world
        .call(Operation::CreateVa, &changed(create("INV-1"), expiring))
        .await;
    let data = reply.json()["virtualAccountData"].clone();
    world.sandbox().advance(Duration::from_secs(3600));
    let reply = world
        .call(
            UPDATE,
            &update(&data, json!({ "virtualAccountName": "Siti" })),
        )
        .await;
    assert_eq!(reply.code(), "4042819");
    let later = json!({ "expiredDate": "2098-01-01T00:00:00+07:00" });
    assert_eq!(
        world.call(UPDATE, &update(&data, later)).await.code(),
        "2002800"
    );
    assert_eq!(
        world.call(Operation::CheckStatus, &ask(&data)).await.code(),
        "2002600"
    );
}

#[tokio::test]
async fn a_deleted_number_of_the_merchant_is_free() {
    let world = World::start().await;
    let body = |trx_id: &str| create_own(trx_id, "601234567890");
    let reply = world.call(Operation::CreateVa, &body("INV-1")).await;
    let data = reply.json()["virtualAccountData"].clone();
    assert_eq!(world.call(DELETE, &delete(&data)).await.code(), "2003100");
    assert_eq!(
        world.call(Operation::CreateVa, &body("INV-2")).await.code(),
        "2002700"
    );
    // The number now belongs to the second invoice.
    assert_eq!(world.call(DELETE, &delete(&data)).await.code(), "4043119");
}
