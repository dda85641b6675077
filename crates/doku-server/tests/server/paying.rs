//! Payments: told, kept, listed, asked about.

use serde_json::json;

use crate::support::{DIPC, World, dipc};

#[tokio::test]
async fn a_payment_is_kept_and_listed() {
    let world = World::open().await;
    let account = world.order("INV-1").await;
    assert!(
        world
            .pay(account["number"].as_str().unwrap(), "11500.00")
            .await
    );
    let paid = world.caller.get("/v1/virtual-accounts/INV-1").await.json;
    assert_eq!(paid["state"], "paid");
    assert_eq!(
        (&paid["credited"], &paid["payments"]),
        (&json!("11500.00"), &json!(1))
    );
    let list = world.caller.get("/v1/payments").await.json;
    let payment = &list["items"][0];
    assert_eq!(payment["trxId"], "INV-1");
    assert_eq!(payment["amount"], "11500.00");
    assert_eq!(payment["verdict"], "satisfied");
    assert_eq!(payment["notified"], true);
    assert_eq!(list["next"], payment["cursor"]);
    let rest = world
        .caller
        .get(&format!(
            "/v1/payments?after={}&limit=5",
            list["next"].as_str().unwrap()
        ))
        .await
        .json;
    assert_eq!(rest, json!({ "items": [], "next": list["next"] }));
}

#[tokio::test]
async fn money_after_the_end_pays_the_order_and_says_so() {
    let world = World::open().await;
    let account = world
        .caller
        .post("/v1/virtual-accounts", &dipc("INV-1", "2007"))
        .await
        .json;
    world
        .pay_after_the_end("INV-1", account["number"].as_str().unwrap())
        .await;
    let paid = world.caller.get("/v1/virtual-accounts/INV-1").await.json;
    assert_eq!(paid["state"], "paid");
    let payments = world.caller.get("/v1/payments").await.json;
    assert_eq!(payments["items"][0]["verdict"], "satisfied");
    assert_eq!(payments["items"][0]["late"], "expired");
}

#[tokio::test]
async fn the_payments_of_one_order_are_its_own_and_come_in_pages() {
    let world = World::open().await;
    let mut top_up = dipc("TOP/UP 1", "1");
    top_up["reusable"] = json!(true);
    top_up["bill"] = json!({ "type": "open" });
    let account = world.caller.post("/v1/virtual-accounts", &top_up).await;
    let number = account.json["number"].as_str().unwrap();
    let other = world.order("INV-2").await;
    let path = "/v1/virtual-accounts/TOP%2FUP%201/payments";
    let none = world.caller.get(path).await;
    assert_eq!((none.status, &none.json["items"]), (200, &json!([])));
    assert!(world.pay(number, "10000.00").await);
    assert!(
        world
            .pay(other["number"].as_str().unwrap(), "11500.00")
            .await
    );
    assert!(world.pay(number, "20000.00").await);

    let mut amounts = Vec::new();
    let mut next = none.json["next"].clone();
    loop {
        let after = next.as_str().unwrap();
        let page = world
            .caller
            .get(&format!("{path}?limit=1&after={after}"))
            .await
            .json;
        let Some(payment) = page["items"].as_array().unwrap().first() else {
            break;
        };
        assert_eq!(payment["trxId"], "TOP/UP 1");
        amounts.push(payment["amount"].clone());
        next = page["next"].clone();
    }
    assert_eq!(amounts, ["10000.00", "20000.00"]);
    let all = world.caller.get("/v1/payments").await.json;
    assert_eq!(all["items"].as_array().unwrap().len(), 3);

    let nobodys = "/v1/virtual-accounts/INV-9/payments";
    assert_eq!(world.caller.get(nobodys).await.status, 404);
    let reply = world.caller.get(&format!("{path}?limit=0")).await;
    assert_eq!((reply.status, reply.places()), (400, vec!["limit"]));
}

#[tokio::test]
async fn a_bill_of_the_merchants_own_is_shown_at_the_bank_and_paid() {
    let world = World::open().await;
    world
        .caller
        .post("/v1/virtual-accounts", &dipc("INV-1", "2007"))
        .await;
    let number = format!("{DIPC}2007");
    world
        .bank()
        .inquire(&number.parse().unwrap())
        .await
        .unwrap();
    assert!(world.pay(&number, "25000.00").await);
    let paid = world.caller.get("/v1/virtual-accounts/INV-1").await.json;
    assert_eq!(paid["state"], "paid");
}

#[tokio::test]
async fn accounts_are_listed_in_pages() {
    let world = World::open().await;
    for number in 1..=5 {
        let order = dipc(&format!("INV-{number}"), &number.to_string());
        world.caller.post("/v1/virtual-accounts", &order).await;
    }
    world.caller.delete("/v1/virtual-accounts/INV-2").await;
    for (query, expected) in [
        (
            "order=oldest&state=active",
            ["INV-1", "INV-3", "INV-4", "INV-5"],
        ),
        (
            "order=newest&state=active",
            ["INV-5", "INV-4", "INV-3", "INV-1"],
        ),
    ] {
        let mut found = Vec::new();
        let mut after = String::new();
        loop {
            let path = format!("/v1/virtual-accounts?limit=2&{query}{after}");
            let page = world.caller.get(&path).await.json;
            let items = page["items"].as_array().unwrap();
            if items.is_empty() {
                break;
            }
            found.extend(
                items
                    .iter()
                    .map(|item| item["trxId"].as_str().unwrap().to_owned()),
            );
            after = format!("&after={}", page["next"].as_str().unwrap());
        }
        assert_eq!(found, expected, "{query}");
    }
}

#[tokio::test]
async fn doku_is_asked_when_somebody_wants_to_know() {
    let world = World::open().await;
    let account = world.order("INV-1").await;
    let check = "/v1/virtual-accounts/INV-1/check";
    let reply = world.caller.post(check, &json!({})).await;
    assert_eq!(
        (reply.status, &reply.json["finding"]),
        (200, &json!("nothing"))
    );
    // Paid, and the notification never came.
    let number = account["number"].as_str().unwrap().parse().unwrap();
    world
        .bank()
        .pay(&number, "11500.00".parse().unwrap())
        .unwrap();
    let reply = world.caller.post(check, &json!({})).await;
    assert_eq!(reply.json["finding"], "payment", "{}", reply.json);
    assert_eq!(reply.json["account"]["state"], "paid");
    let payments = world.caller.get("/v1/payments").await.json;
    assert_eq!(payments["items"][0]["source"], "reconciliation");
    assert_eq!(payments["items"][0]["id"], reply.json["payment"]);

    // DOKU wants to be left alone about a payment of just now.
    let account = world.order("INV-2").await;
    assert!(
        world
            .pay(account["number"].as_str().unwrap(), "11500.00")
            .await
    );
    let asked = "/v1/virtual-accounts/INV-2/check";
    let reply = world.caller.post(asked, &json!({})).await;
    assert_eq!(
        (reply.status, &reply.json["finding"]),
        (200, &json!("notAsked"))
    );
    assert_eq!(reply.json["account"]["state"], "paid");
    let wait: u64 = reply.headers["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=61).contains(&wait), "{wait}");

    world.sandbox.shutdown().await;
    let reply = world.caller.post(check, &json!({})).await;
    assert_eq!(reply.status, 502, "{}", reply.json);
    assert_eq!(reply.json["money"], "untouched");
}
