//! Create: numbers, BINs, bills and invoices.

use std::time::Duration;

use doku_model::Operation;
use doku_sandbox::RepeatedTrxId;
use insta::assert_json_snapshot;
use serde_json::{Value, json};

use crate::support::{DIPC, World, changed, create, create_own};

const CREATE: Operation = Operation::CreateVa;

#[tokio::test]
async fn doku_makes_the_number() {
    let world = World::start().await;
    let reply = world.call(CREATE, &create("INV-1")).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_json_snapshot!("created_dgpc", reply.json());
    let second = world.created("INV-2").await;
    assert_ne!(
        reply.json()["virtualAccountData"]["virtualAccountNo"],
        second["virtualAccountNo"]
    );
}

#[tokio::test]
async fn the_merchant_makes_the_number() {
    let world = World::start().await;
    let reply = world
        .call(CREATE, &create_own("INV-1", "601234567890"))
        .await;
    assert_json_snapshot!("created_mgpc", reply.json());
}

#[tokio::test]
async fn takes_every_bill_there_is() {
    let world = World::start().await;
    let bill = |kind: &str, amount: &str, config: Value| {
        json!({
            "virtualAccountTrxType": kind,
            "totalAmount": { "value": amount, "currency": "IDR" },
            "additionalInfo": { "channel": "VIRTUAL_ACCOUNT_BTN", "virtualAccountConfig": config },
        })
    };
    let limits = json!({ "minAmount": "10000.00", "maxAmount": "5000000.00" });
    let cases = [
        (bill("C", "11500.00", json!({})), "2002700"),
        (
            bill("C", "11500.00", json!({ "reusableStatus": true })),
            "2002700",
        ),
        (bill("O", "0", json!({})), "2002700"),
        (bill("O", "0.00", limits.clone()), "2002700"),
        (
            bill("O", "0", json!({ "maxAmount": "5000000.00" })),
            "2002700",
        ),
        (bill("V", "0.00", limits.clone()), "2002700"),
        (bill("V", "11500.00", json!({})), "2002700"),
        (bill("C", "11500.00", limits), "4002701"),
        (bill("C", "0.00", json!({})), "4002701"),
        (bill("O", "11500.00", json!({})), "4002701"),
        (bill("P", "11500.00", json!({})), "4002701"),
        (bill("", "11500.00", json!({})), "4002702"),
        (bill("C", "11500.0", json!({})), "4002701"),
        (bill("C", "11,500.00", json!({})), "4002701"),
        (
            bill(
                "O",
                "0",
                json!({ "minAmount": "2.00", "maxAmount": "1.00" }),
            ),
            "4002701",
        ),
    ];
    for (number, (members, code)) in cases.into_iter().enumerate() {
        let body = changed(create(&format!("INV-{number}")), members);
        let reply = world.call(CREATE, &body).await;
        assert_eq!(reply.code(), code, "{body}: {}", reply.text());
    }
}

#[tokio::test]
async fn names_the_member_that_is_wrong() {
    let world = World::start().await;
    let cases = [
        (
            json!({ "partnerServiceId": null }),
            "4002702",
            "{partnerServiceId}",
        ),
        (
            json!({ "partnerServiceId": "95962" }),
            "4002701",
            "{partnerServiceId}",
        ),
        (json!({ "customerNo": null }), "4002702", "{customerNo}"),
        (json!({ "customerNo": "6x" }), "4002701", "{customerNo}"),
        (
            json!({ "virtualAccountNo": null }),
            "4002702",
            "{virtualAccountNo}",
        ),
        (
            json!({ "virtualAccountName": null }),
            "4002702",
            "{virtualAccountName}",
        ),
        (
            json!({ "virtualAccountName": "Budi;" }),
            "4002701",
            "{virtualAccountName}",
        ),
        (
            json!({ "virtualAccountEmail": "budi" }),
            "4002701",
            "{virtualAccountEmail}",
        ),
        (
            json!({ "virtualAccountPhone": "62812" }),
            "4002701",
            "{virtualAccountPhone}",
        ),
        (json!({ "trxId": null }), "4002702", "{trxId}"),
        (json!({ "trxId": "x".repeat(65) }), "4002701", "{trxId}"),
        (
            json!({ "totalAmount": null }),
            "4002702",
            "{totalAmount.value}",
        ),
        (
            json!({ "totalAmount": { "value": "1.00", "currency": "USD" } }),
            "4002701",
            "{totalAmount.currency}",
        ),
        (
            json!({ "additionalInfo": null }),
            "4002702",
            "{additionalInfo.channel}",
        ),
        (
            json!({ "additionalInfo": { "channel": "VIRTUAL_ACCOUNT_BCA" } }),
            "4002701",
            "{additionalInfo.channel}",
        ),
        (
            json!({ "virtualAccountTrxType": null }),
            "4002702",
            "{virtualAccountTrxType}",
        ),
        (
            json!({ "expiredDate": "tomorrow" }),
            "4002701",
            "{expiredDate}",
        ),
        (
            json!({ "expiredDate": "2001-01-01T10:55:00+07:00" }),
            "4002701",
            "{expiredDate}",
        ),
        (json!({ "trxId": { "a": 1 } }), "4002701", "{trxId}"),
    ];
    for (members, code, message) in cases {
        let reply = world
            .call(CREATE, &changed(create("INV-1"), members.clone()))
            .await;
        assert_eq!(reply.code(), code, "{members}: {}", reply.text());
        assert!(reply.message().contains(message), "{}", reply.text());
    }
    let reply = world
        .call(CREATE, &changed(create("INV-1"), json!({ "trxId": null })))
        .await;
    assert_json_snapshot!("missing_member", reply.json());
    let euro = json!({ "totalAmount": { "value": "1.00", "currency": "EUR" } });
    let reply = world.call(CREATE, &changed(create("INV-1"), euro)).await;
    assert_json_snapshot!("wrong_format", reply.json());
    assert!(world.sandbox().virtual_accounts().is_empty());
}

#[tokio::test]
async fn numbers_fit_together_or_are_refused() {
    let world = World::start().await;
    for number in [
        "959626",
        "000959626",
        "   959627",
        "   9596266",
        "    959626",
    ] {
        let body = changed(create("INV-1"), json!({ "virtualAccountNo": number }));
        let reply = world.call(CREATE, &body).await;
        assert_eq!(reply.code(), "4032715", "{number:?}");
    }
    let body = changed(create("INV-1"), json!({ "virtualAccountNo": "959626" }));
    assert_json_snapshot!("combination", world.call(CREATE, &body).await.json());
}

#[tokio::test]
async fn a_bin_is_used_as_it_is_set_up() {
    let world = World::start().await;
    let with = |bin: &str, customer_no: &str| {
        json!({
            "partnerServiceId": bin,
            "customerNo": customer_no,
            "virtualAccountNo": format!("{bin}{customer_no}"),
        })
    };
    let refused = [
        // A long invented number where DOKU makes them.
        with("   95962", "60000000001"),
        with("   95962", "7"),
        // A BIN that nobody has, or that is written with zeros.
        with("   12345", "6"),
        with("00095962", "6"),
        // Numbers that DOKU never hears of.
        with(DIPC, "60000000001"),
    ];
    for members in refused {
        let reply = world
            .call(CREATE, &changed(create("INV-1"), members.clone()))
            .await;
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (403, "4032701"),
            "{members}"
        );
    }
    let members = with("   95962", "60000000001");
    let reply = world.call(CREATE, &changed(create("INV-1"), members)).await;
    assert_json_snapshot!("bin", reply.json());
    let reason = world.last_entry().reason.unwrap();
    assert!(reason.contains("send the prefix 6"), "{reason}");

    let world = World::with(|config| config.with_bin("8129:mgpc:16".parse().unwrap())).await;
    let short = world
        .call(CREATE, &create_own("INV-1", "60123456789"))
        .await;
    assert_eq!(short.code(), "4032701");
    let whole = world
        .call(CREATE, &create_own("INV-1", "601234567890"))
        .await;
    assert_eq!(whole.code(), "2002700");
}

#[tokio::test]
async fn a_repeated_invoice_answers_with_the_account_it_has() {
    let world = World::start().await;
    let first = world.created("INV-1").await;
    let other = changed(
        create("INV-1"),
        json!({ "virtualAccountName": "Somebody Else" }),
    );
    let reply = world.call(CREATE, &other).await;
    assert_eq!((reply.status, reply.code().as_str()), (400, "4000500"));
    assert_eq!(reply.json()["virtualAccountData"], first);
    assert_json_snapshot!("repeated_trx_id", reply.json());
    assert_eq!(world.sandbox().virtual_accounts().len(), 1);
}

#[tokio::test]
async fn a_doku_that_looks_at_external_ids_alone_makes_a_second_account() {
    let world = World::with(|config| {
        config
            .with_bin("8129:mgpc".parse().unwrap())
            .repeated_trx_id(RepeatedTrxId::MadeAgain)
    })
    .await;
    let first = world.created("INV-1").await;
    let second = world.created("INV-1").await;
    assert_ne!(first["virtualAccountNo"], second["virtualAccountNo"]);
    assert_eq!(world.sandbox().virtual_accounts().len(), 2);
    // The same call under its external id is one call all the same.
    let body = create("INV-2").to_string();
    let call = world.signed(CREATE, body.as_bytes(), &world.token().await);
    assert_eq!(world.send(&call).await.unwrap().code(), "2002700");
    assert_eq!(world.send(&call).await.unwrap().status, 409);
    assert_eq!(world.sandbox().virtual_accounts().len(), 3);
    // And nobody has two accounts under one number.
    let own = create_own("INV-3", "601234567890");
    assert_eq!(world.call(CREATE, &own).await.code(), "2002700");
    assert_eq!(world.call(CREATE, &own).await.code(), "4092701");
}

#[tokio::test]
async fn a_merchants_number_is_free_again_once_nobody_can_pay_to_it() {
    let world = World::start().await;
    let day = Duration::from_secs(24 * 3600);
    let tomorrow = world.sandbox().now().instant() + day;
    let expiring = json!({ "expiredDate": doku_model::Timestamp::wib(tomorrow).as_str() });
    let body = |trx_id: &str| create_own(trx_id, "601234567890");
    let reply = world.call(CREATE, &changed(body("INV-1"), expiring)).await;
    assert_eq!(reply.code(), "2002700");
    let reply = world.call(CREATE, &body("INV-2")).await;
    assert_eq!((reply.status, reply.code().as_str()), (409, "4092701"));
    assert_json_snapshot!("number_in_use", reply.json());
    world.sandbox().advance(day);
    assert_eq!(world.call(CREATE, &body("INV-3")).await.code(), "2002700");
}

#[tokio::test]
async fn a_body_that_is_none_is_refused() {
    let world = World::start().await;
    let token = world.token().await;
    let large = format!("{{\"a\":\"{}\"}}", "x".repeat(64 * 1024));
    for body in ["", "{", "<html>", "null", "[]", &large] {
        let call = world.signed(CREATE, body.as_bytes(), &token);
        let reply = world.send(&call).await.unwrap();
        assert_eq!(reply.status, 400, "{}", &body[..body.len().min(20)]);
        assert!(["4002700", "4002701"].contains(&reply.code().as_str()));
    }
}

#[tokio::test]
async fn the_length_of_a_number_is_the_bins() {
    let world = World::with(|config| config.with_bin("95962:dgpc:6:10".parse().unwrap())).await;
    let first = world.created("INV-1").await;
    assert_eq!(first["customerNo"], "60001");
    assert_eq!(first["virtualAccountNo"], "   9596260001");
}
