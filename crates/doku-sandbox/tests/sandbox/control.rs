//! The control plane: accounts, journal, clock, reset.

use doku_model::Operation;
use insta::assert_json_snapshot;
use serde_json::json;

use crate::support::{Call, World, create};

#[tokio::test]
async fn shows_accounts_page_by_page() {
    let world = World::start().await;
    for trx_id in ["INV-1", "INV-2", "INV-3"] {
        world.created(trx_id).await;
    }
    let shown = async |query: &str| {
        let reply = world
            .get(&format!("/_sandbox/virtual-accounts{query}"))
            .await;
        let list = reply.json()["virtualAccounts"].as_array().unwrap().clone();
        let trx_ids = list
            .iter()
            .map(|account| account["trxId"].as_str().unwrap().to_owned());
        trx_ids.collect::<Vec<_>>()
    };
    assert_eq!(shown("").await, ["INV-1", "INV-2", "INV-3"]);
    assert_eq!(shown("?after=1&limit=1").await, ["INV-2"]);
    assert!(shown("?after=3").await.is_empty());
    assert_eq!(
        world.get("/_sandbox/virtual-accounts?after=x").await.status,
        400
    );
    let reply = world.get("/_sandbox/virtual-accounts?limit=1").await;
    insta::with_settings!({ sort_maps => true }, { assert_json_snapshot!("virtual_accounts", reply.json()) });
}

#[tokio::test]
async fn shows_the_journal_from_anywhere() {
    let world = World::start().await;
    world.created("INV-1").await;
    let reply = world.get("/_sandbox/journal?after=1").await;
    let journal = reply.json();
    assert_eq!(journal["last"], 2);
    assert_eq!(journal["entries"].as_array().unwrap().len(), 1);
    let entry = &journal["entries"][0];
    assert_eq!(entry["number"], 2);
    assert_eq!(entry["operation"], "createVa");
    assert_eq!(entry["verdict"], "accepted");
    assert_eq!(entry["status"], 200);
    assert_eq!(entry["responseCode"], "2002700");
    assert_eq!(entry["path"], Operation::CreateVa.path());
    assert_eq!(entry["body"], create("INV-1").to_string());
    // Looking does not count as a request.
    assert_eq!(
        world.get("/_sandbox/journal?after=2").await.json()["last"],
        2
    );
}

#[tokio::test]
async fn moves_the_clock() {
    let world = World::start().await;
    let before = world.sandbox().now();
    let reply = world
        .post("/_sandbox/clock", &json!({ "advanceSeconds": 3600 }))
        .await;
    let now: doku_model::Timestamp = reply.json()["now"].as_str().unwrap().parse().unwrap();
    assert!((now.instant() - before.instant()).whole_seconds() >= 3600);
    let call = Call {
        method: "DELETE",
        target: "/_sandbox/clock".to_owned(),
        headers: Vec::new(),
        body: Vec::new(),
    };
    assert_eq!(world.send(&call).await.unwrap().status, 200);
    assert!((world.sandbox().now().instant() - before.instant()).whole_seconds() < 60);
}

#[tokio::test]
async fn names_the_member_that_is_wrong() {
    let world = World::start().await;
    for (path, order, member, reason) in [
        (
            "clock",
            json!({}),
            "advanceSeconds",
            "advanceSeconds is missing",
        ),
        (
            "clock",
            json!({ "advanceSeconds": -1 }),
            "advanceSeconds",
            "cannot be read",
        ),
        (
            "clock",
            json!({ "seconds": 1 }),
            "seconds",
            "it has advanceSeconds",
        ),
        (
            "pay",
            json!({ "virtualAccountNo": "95962600001" }),
            "amount",
            "amount is missing",
        ),
        (
            "pay",
            json!({ "virtualAccountNo": 5, "amount": "1.00" }),
            "virtualAccountNo",
            "cannot be read",
        ),
        (
            "inquire",
            json!({}),
            "virtualAccountNo",
            "virtualAccountNo is missing",
        ),
        ("faults", json!({}), "kind", "kind is missing"),
        (
            "faults",
            json!({ "kind": "status" }),
            "status",
            "status is missing",
        ),
        ("faults", json!({ "kind": "nothing" }), "kind", "dropBefore"),
    ] {
        let reply = world.post(&format!("/_sandbox/{path}"), &order).await;
        assert_eq!(reply.status, 422, "{order}");
        let said = reply.json();
        assert_eq!(said["error"], "badRequest", "{order}");
        assert_eq!(said["member"], member, "{order} {said}");
        assert!(
            said["reason"].as_str().unwrap().contains(reason),
            "{order} {said}"
        );
    }
    for odd in [json!([]), json!("x")] {
        let reply = world.post("/_sandbox/pay", &odd).await;
        assert_eq!(
            (reply.status, reply.json()["reason"].as_str().unwrap()),
            (400, "the body is no JSON object")
        );
    }
}

#[tokio::test]
async fn forgets_everything() {
    let world = World::start().await;
    let first = world.created("INV-1").await;
    world
        .post("/_sandbox/clock", &json!({ "advanceSeconds": 3600 }))
        .await;
    assert_eq!(world.post("/_sandbox/reset", &json!({})).await.status, 204);
    assert!(world.sandbox().virtual_accounts().is_empty());
    assert!(world.sandbox().journal(0).is_empty());
    let drift =
        world.sandbox().now().instant() - time::OffsetDateTime::from(std::time::SystemTime::now());
    assert!(drift.abs().whole_seconds() < 60);
    assert_eq!(
        world.created("INV-1").await["customerNo"],
        first["customerNo"]
    );
}

#[tokio::test]
async fn the_journal_is_bounded() {
    let world = World::with(|config| config.journal_entries(3)).await;
    for _ in 0..5 {
        world.get("/nowhere").await;
    }
    let numbers: Vec<u64> = world
        .sandbox()
        .journal(0)
        .iter()
        .map(|entry| entry.number)
        .collect();
    assert_eq!(numbers, [3, 4, 5]);
}
