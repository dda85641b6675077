//! Creating: once, and it is said what happened.

use std::time::{Duration, Instant};

use bytes::Bytes;
use doku_model::Operation;
use doku_sandbox::{Fault, FaultKind};
use http::Method;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::support::{DIPC, KEY, MGPC, World, dgpc, dipc};

const ACCOUNTS: &str = "/v1/virtual-accounts";

fn with(mut order: Value, changes: &Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        order[name] = value.clone();
    }
    order
}

#[tokio::test]
async fn dokus_number_comes_back() {
    let world = World::open().await;
    let order = with(
        dgpc("INV/2026 1"),
        &json!({
            "email": "budi@example.com",
            "phone": "6281234567890",
            "expiredDate": "2099-12-31T23:59:59+07:00",
            "freeText": [{ "english": "Order", "indonesia": "Pesanan" }],
        }),
    );
    let reply = world.caller.post(ACCOUNTS, &order).await;
    assert_eq!(reply.status, 201, "{}", reply.json);
    assert_eq!(
        reply.headers["location"],
        "/v1/virtual-accounts/INV%2F2026%201"
    );
    let account = reply.json;
    assert_eq!(account["state"], "active");
    assert_eq!(account["mode"], "doku_generated");
    assert_eq!(account["name"], "Budi Santoso");
    assert_eq!(
        account["bill"],
        json!({ "type": "closed", "amount": "11500.00" })
    );
    assert_eq!(account["expiredDate"], "2099-12-31T16:59:59Z");
    assert_eq!(account["credited"], "0.00");
    let known = world.bank().virtual_accounts();
    assert_eq!(known.len(), 1);
    assert_eq!(known[0].virtual_account_no.trim(), account["number"]);
    let again = world
        .caller
        .get("/v1/virtual-accounts/INV%2F2026%201")
        .await;
    assert_eq!((again.status, again.json), (200, account));
}

#[tokio::test]
async fn numbers_of_the_merchants_own() {
    let world = World::open().await;
    let made = with(
        dgpc("MG-1"),
        &json!({ "mode": "merchant_generated", "partnerServiceId": MGPC, "customerNo": "0012", "reusable": true,
                 "bill": { "type": "open", "limits": { "min": "10000.00", "max": "500000.00" } } }),
    );
    let reply = world.caller.post(ACCOUNTS, &made).await;
    assert_eq!(reply.status, 201, "{}", reply.json);
    assert_eq!(reply.json["number"], format!("{MGPC}0012"));
    assert_eq!(reply.json["bill"], made["bill"]);
    assert_eq!(reply.json["reusable"], true);

    let reply = world.caller.post(ACCOUNTS, &dipc("DI-1", "2007")).await;
    assert_eq!(reply.status, 201, "{}", reply.json);
    assert_eq!(reply.json["number"], format!("{DIPC}2007"));
    assert_eq!(reply.json["state"], "active");
    // DOKU knows nothing of it.
    assert_eq!(world.bank().virtual_accounts().len(), 1);

    // Under the configured BIN a number is made up.
    let free = json!({ "mode": "direct_inquiry", "trxId": "DI-2", "name": "Siti",
                       "bill": { "type": "variable", "amount": "0" } });
    let reply = world.caller.post(ACCOUNTS, &free).await;
    assert_eq!(reply.status, 201, "{}", reply.json);
    assert_eq!(reply.json["number"].as_str().unwrap().len(), 16);
    // Under another one it is not.
    let other = with(free, &json!({ "trxId": "DI-3", "partnerServiceId": DIPC }));
    let reply = world.caller.post(ACCOUNTS, &other).await;
    assert_eq!((reply.status, reply.places()), (400, vec!["/customerNo"]));
}

#[tokio::test]
async fn the_same_request_makes_one_account() {
    let world = World::open().await;
    let order = dgpc("INV-1");
    let (first, second) = tokio::join!(
        world.caller.post_keyed(ACCOUNTS, &order, "key 1"),
        world.caller.post_keyed(ACCOUNTS, &order, "key 1"),
    );
    for reply in [&first, &second] {
        assert!([200, 201, 202].contains(&reply.status), "{}", reply.json);
    }
    let again = world
        .caller
        .post_keyed(ACCOUNTS, &dgpc("INV-1"), "key 1")
        .await;
    assert_eq!(again.status, 200);
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert_eq!(again.json["publicId"], first.json["publicId"]);
    assert_eq!(again.json["publicId"], second.json["publicId"]);
    assert_eq!(world.bank().virtual_accounts().len(), 1);

    // The members in another order are the same request.
    let text = r#"{ "trxId": "INV-1", "bill": {"amount": "11500.00", "type": "closed"}, "name": "Budi Santoso", "mode": "doku_generated" }"#;
    let bearer = format!("Bearer {KEY}");
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/json; charset=utf-8"),
        ("idempotency-key", "key 1"),
    ];
    let body = Some(Bytes::from_static(text.as_bytes()));
    let same = world
        .caller
        .raw(Method::POST, ACCOUNTS, body, &headers)
        .await;
    assert_eq!(same.status, 200);

    // Another request under the same key is not sent, and neither is another one for the same order.
    let other = with(dgpc("INV-2"), &json!({}));
    let reply = world.caller.post_keyed(ACCOUNTS, &other, "key 1").await;
    assert_eq!(
        (reply.status, &reply.json["money"]),
        (422, &json!("untouched"))
    );
    let reply = world.caller.post(ACCOUNTS, &dgpc("INV-1")).await;
    assert_eq!(reply.status, 409);
    assert_eq!(reply.json["state"], "active");
    assert_eq!(reply.json["money"], "untouched");
    // Somebody else's key is another key.
    let headers = [
        ("authorization", "Bearer another-key-that-nobody-guesses"),
        ("content-type", "application/json"),
        ("idempotency-key", "key 1"),
    ];
    let body = Some(Bytes::from(dgpc("INV-3").to_string()));
    let reply = world
        .caller
        .raw(Method::POST, ACCOUNTS, body, &headers)
        .await;
    assert_eq!(reply.status, 201, "{}", reply.json);
    assert_eq!(world.bank().virtual_accounts().len(), 2);
}

#[tokio::test]
async fn a_lost_answer_is_an_account_that_may_exist() {
    let world = World::open().await;
    let drop = Fault::once(FaultKind::DropAfter).on(Operation::CreateVa);
    world.bank().fault(drop).unwrap();
    let reply = world.caller.post_keyed(ACCOUNTS, &dgpc("INV-1"), "k").await;
    assert_eq!(reply.status, 202, "{}", reply.json);
    assert_eq!(reply.json["state"], "unknown");
    assert_eq!(reply.json["outcome"]["money"], "unknown");
    assert!(reply.json["outcome"]["externalId"].is_string());
    assert_eq!(reply.headers["location"], "/v1/virtual-accounts/INV-1");
    // Nobody makes a second one.
    let again = world.caller.post_keyed(ACCOUNTS, &dgpc("INV-1"), "k").await;
    assert_eq!(
        (again.status, &again.json["state"]),
        (202, &json!("unknown"))
    );
    let again = world.caller.post(ACCOUNTS, &dgpc("INV-1")).await;
    assert_eq!(
        (again.status, &again.json["state"]),
        (409, &json!("unknown"))
    );
    let change = json!({ "name": "Another" });
    let reply = world
        .caller
        .patch("/v1/virtual-accounts/INV-1", &change)
        .await;
    assert_eq!(reply.status, 409);
    assert_eq!(world.bank().virtual_accounts().len(), 1);
}

#[tokio::test]
async fn a_refusal_says_so_and_frees_the_order() {
    let world = World::open().await;
    let elsewhere = with(dgpc("INV-1"), &json!({ "partnerServiceId": "12345" }));
    let reply = world.caller.post_keyed(ACCOUNTS, &elsewhere, "k").await;
    assert_eq!(reply.status, 422, "{}", reply.json);
    assert_eq!(reply.json["money"], "untouched");
    assert_eq!(reply.json["trxId"], "INV-1");
    let code = reply.json["responseCode"].as_str().unwrap();
    assert!(code.starts_with("403"), "{code}");
    assert!(reply.json["externalId"].is_string());
    assert!(reply.json["advice"].is_string());
    // Under its key it stays refused; as another request it may be made.
    let again = world.caller.post_keyed(ACCOUNTS, &elsewhere, "k").await;
    assert_eq!(again.status, 422);
    let shown = world.caller.get("/v1/virtual-accounts/INV-1").await;
    assert_eq!(shown.json["state"], "refused");
    world.order("INV-1").await;
}

#[tokio::test]
async fn without_doku_nothing_is_done() {
    let world = World::open().await;
    world.sandbox.shutdown().await;
    let reply = world.caller.post(ACCOUNTS, &dgpc("INV-1")).await;
    assert_eq!(reply.status, 502, "{}", reply.json);
    assert_eq!(reply.json["money"], "untouched");
}

#[tokio::test]
async fn doku_is_waited_for_as_long_as_the_configuration_says() {
    let world = World::with(|config| config.deadline(Duration::from_millis(300))).await;
    let hang = Fault::once(FaultKind::Hang).on(Operation::CreateVa);
    world.bank().fault(hang).unwrap();
    let begun = Instant::now();
    let reply = world.caller.post(ACCOUNTS, &dgpc("INV-1")).await;
    assert_eq!(
        (reply.status, &reply.json["state"]),
        (202, &json!("unknown"))
    );
    // A test of the usual 45 seconds would take that long.
    assert!(
        begun.elapsed() < Duration::from_secs(30),
        "{:?}",
        begun.elapsed()
    );
}

#[tokio::test]
async fn whoever_hangs_up_gets_an_account_all_the_same() {
    let world = World::open().await;
    let mut changes = world.server.ledger().changes();
    let body = dgpc("INV-1").to_string();
    let mut stream = TcpStream::connect(world.server.api_address())
        .await
        .unwrap();
    let request = format!(
        "POST {ACCOUNTS} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {KEY}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    // It is recorded, and not answered yet.
    changes.changed().await.unwrap();
    drop(stream);
    loop {
        let account = world.caller.get("/v1/virtual-accounts/INV-1").await;
        if account.json["state"] == "active" {
            break;
        }
        assert_eq!(account.json["state"], "creating");
        changes.changed().await.unwrap();
    }
}

#[tokio::test]
async fn every_fault_of_a_request_is_named() {
    let world = World::open().await;
    let order = dgpc("INV-1");
    let closed =
        |limits: Value| json!({ "bill": { "type": "closed", "amount": "1.00", "limits": limits } });
    for (changes, places) in [
        (json!({ "modus": 1 }), vec!["/modus"]),
        (json!({ "a/b~c": 1 }), vec!["/a~1b~0c"]),
        (json!({ "mode": "dgpc" }), vec!["/mode"]),
        (json!({ "mode": null }), vec!["/mode"]),
        (json!({ "mode": "merchant_generated" }), vec!["/customerNo"]),
        (json!({ "trxId": "" }), vec!["/trxId"]),
        (json!({ "trxId": 7, "name": "" }), vec!["/trxId", "/name"]),
        (json!({ "reusable": "yes" }), vec!["/reusable"]),
        (json!({ "expiredDate": "tomorrow" }), vec!["/expiredDate"]),
        (json!({ "email": "a b" }), vec!["/email"]),
        (json!({ "phone": [] }), vec!["/phone"]),
        (json!({ "customerNo": "x" }), vec!["/customerNo"]),
        (json!({ "freeText": {} }), vec!["/freeText"]),
        (
            json!({ "freeText": [{ "english": "a" }] }),
            vec!["/freeText/0/indonesia"],
        ),
        (
            json!({ "freeText": [{ "english": "", "indonesia": "b" }] }),
            vec!["/freeText/0/english"],
        ),
        (
            json!({ "freeText": [{ "english": "a", "indonesia": "b", "c": 1 }] }),
            vec!["/freeText/0/c"],
        ),
        (json!({ "bill": null }), vec!["/bill"]),
        (json!({ "bill": [] }), vec!["/bill"]),
        (json!({ "bill": {} }), vec!["/bill/type"]),
        (
            json!({ "bill": { "type": "C", "amount": "1.00" } }),
            vec!["/bill/type"],
        ),
        (
            json!({ "bill": { "type": "closed" } }),
            vec!["/bill/amount"],
        ),
        (
            json!({ "bill": { "type": "closed", "amount": "0" } }),
            vec!["/bill/amount"],
        ),
        (
            json!({ "bill": { "type": "closed", "amount": 11500 } }),
            vec!["/bill/amount"],
        ),
        (
            json!({ "bill": { "type": "closed", "amount": "1,5" } }),
            vec!["/bill/amount"],
        ),
        (
            json!({ "bill": { "type": "open", "amount": "1.00" } }),
            vec!["/bill/amount"],
        ),
        (
            json!({ "bill": { "type": "variable" } }),
            vec!["/bill/amount"],
        ),
        (closed(json!({ "min": "1.00" })), vec!["/bill/limits"]),
        (closed(json!({})), vec!["/bill/limits"]),
        (
            closed(json!({ "min": "x", "max": "y" })),
            vec!["/bill/limits/min", "/bill/limits/max"],
        ),
        (
            closed(json!({ "min": "2.00", "max": "1.00" })),
            vec!["/bill/limits/max"],
        ),
        (closed(json!({ "max": "0" })), vec!["/bill/limits/max"]),
        (
            closed(json!({ "least": "2.00", "max": "3.00" })),
            vec!["/bill/limits/least", "/bill/limits"],
        ),
    ] {
        let asked = with(order.clone(), &changes);
        let reply = world.caller.post(ACCOUNTS, &asked).await;
        assert_eq!(reply.status, 400, "{changes}: {}", reply.json);
        assert_eq!(reply.places(), places, "{changes}: {}", reply.json);
        assert_eq!(reply.json["money"], "untouched");
    }
    assert!(world.bank().virtual_accounts().is_empty());
    let none = world.caller.get("/v1/virtual-accounts/INV-1").await;
    assert_eq!(none.status, 404);
}

#[tokio::test]
async fn faults_are_told_in_the_words_of_this_api() {
    let world = World::open().await;
    let bill = |bill: Value| json!({ "bill": bill });
    for (changes, told) in [
        (
            bill(json!({ "type": "open", "amount": "1.00" })),
            "/bill/amount: must be left out: the payer of an open bill",
        ),
        (
            bill(json!({ "type": "closed", "amount": "1.00", "limits": { "min": "1.00" } })),
            "/bill/limits: must be left out: a closed bill",
        ),
        (
            bill(json!({ "type": "open", "limits": { "min": "2.00", "max": "1.00" } })),
            "/bill/limits/max: must not be below min",
        ),
        (
            bill(json!({ "type": "closed", "amount": "11.500" })),
            "; write 11500: no thousands separator",
        ),
        (
            bill(json!({ "type": "open", "limits": { "max": "1,000,000.00" } })),
            "; write 1000000.00: no thousands separator",
        ),
        (
            bill(json!({ "type": "closed", "amount": 11500 })),
            "must be a text, such as",
        ),
        (json!({ "email": "" }), "/email: is empty"),
    ] {
        let reply = world
            .caller
            .post(ACCOUNTS, &with(dgpc("INV-1"), &changes))
            .await;
        assert_eq!(reply.status, 400, "{changes}");
        let detail = reply.json["detail"].as_str().unwrap();
        assert!(detail.contains(told), "{changes}: {detail}");
        for word in ["type O", "types O", "minAmount", "maxAmount"] {
            assert!(!detail.contains(word), "{detail}");
        }
    }
    // What is wrong with the body as a whole has no place to name.
    let bearer = format!("Bearer {KEY}");
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
    ];
    for text in ["{\"mode\": \"doku_gen", "[]"] {
        let body = Some(Bytes::from_static(text.as_bytes()));
        let reply = world
            .caller
            .raw(Method::POST, ACCOUNTS, body, &headers)
            .await;
        assert_eq!((reply.status, reply.places()), (400, vec![""]));
        let detail = reply.json["detail"].as_str().unwrap();
        assert!(!detail.starts_with([':', ' ']), "{detail}");
    }
}

#[tokio::test]
async fn nothing_is_taken_away_by_null() {
    let world = World::open().await;
    // In an order null is as good as absent.
    let order = with(
        dgpc("INV-1"),
        &json!({ "email": null, "reusable": null, "freeText": null, "customerNo": null }),
    );
    assert_eq!(world.caller.post(ACCOUNTS, &order).await.status, 201);
    // Whoever changes one may mean that a member shall be taken away, which cannot be done.
    let change = json!({ "name": "Siti", "email": null });
    let reply = world
        .caller
        .patch("/v1/virtual-accounts/INV-1", &change)
        .await;
    assert_eq!((reply.status, reply.places()), (400, vec!["/email"]));
    let shown = world.caller.get("/v1/virtual-accounts/INV-1").await;
    assert_eq!(shown.json["name"], order["name"]);
}
