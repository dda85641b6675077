//! Webhooks from end to end.

use doku_server::Target;
use serde_json::json;

use crate::support::{World, dipc};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const BEFORE: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

#[tokio::test]
async fn the_application_is_told_what_it_wants_to_know() {
    let mut world = World::with(|config| {
        let url = "https://shop.example/hooks".parse().unwrap();
        let target = Target::new("shop", url, SECRET.parse().unwrap())
            .previous_secret(BEFORE.parse().unwrap())
            .only(["account.paid", "payment.received", "payment.flagged"])
            .unwrap();
        config.webhook(target)
    })
    .await;
    let account = world.order("INV-1").await;
    assert!(
        world
            .pay(account["number"].as_str().unwrap(), "11500.00")
            .await
    );
    let first = world.told().await;
    let second = world.told().await;
    let schema = json!({ "$ref": "#/components/schemas/Event" });
    for told in [&first, &second] {
        // Whoever has either secret believes it.
        for secret in [SECRET, BEFORE] {
            let ours = standardwebhooks::Webhook::new(secret).unwrap();
            ours.verify(&told.body, &told.headers).unwrap();
        }
        let stranger = standardwebhooks::Webhook::new("whsec_c3RyYW5nZXIgc3RyYW5nZXIgc3RyYW5nZXI=");
        assert!(stranger.unwrap().verify(&told.body, &told.headers).is_err());
        let event = told.event();
        assert_eq!(event["trxId"], "INV-1");
        assert_eq!(told.headers["webhook-id"], event["id"].as_str().unwrap());
        assert_eq!(told.headers["content-type"], "application/json");
        world.caller.conforms(&schema, &event, "webhook");
    }
    let kinds = [
        first.event()["type"].clone(),
        second.event()["type"].clone(),
    ];
    assert!(kinds.contains(&json!("payment.received")), "{kinds:?}");
    assert!(kinds.contains(&json!("account.paid")), "{kinds:?}");
    world.server.shutdown().await;
    assert!(world.told.recv().await.is_none(), "nothing else is told");
}

#[tokio::test]
async fn dead_letters_are_none_where_everything_arrives() {
    let mut world = World::with(|config| {
        let url = "https://shop.example/hooks".parse().unwrap();
        config.webhook(Target::new("shop", url, SECRET.parse().unwrap()))
    })
    .await;
    world
        .caller
        .post("/v1/virtual-accounts", &dipc("INV-1", "1"))
        .await;
    assert_eq!(world.told().await.event()["type"], "account.requested");
    assert_eq!(world.told().await.event()["type"], "account.activated");
    let dead = world.caller.get("/v1/webhooks/dead-letters").await.json;
    assert_eq!(dead["items"], json!([]));
}
