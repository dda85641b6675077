//! What the journal keeps of both sides: the answer that was sent, and what was signed, without tokens.

use doku_model::Operation;
use doku_sandbox::{Direction, Verdict};
use doku_sign::MinifiedBody;
use serde_json::{Value, json};

use crate::shop::{PAYMENT, Shop, TOKEN};
use crate::support::{World, create, now, token_request};

async fn paid(world: &World) {
    let data = world.created("INV-1").await;
    let number = data["virtualAccountNo"].as_str().unwrap().parse().unwrap();
    let amount = "11500.00".parse().unwrap();
    world
        .sandbox()
        .pay_and_notify(&number, amount)
        .await
        .unwrap();
}

#[tokio::test]
async fn an_answer_of_dokus_is_kept_as_it_was_sent() {
    let world = World::start().await;
    let reply = world.call(Operation::CreateVa, &create("INV-1")).await;
    assert_eq!(world.last_entry().answer, Some(reply.text()));
    let refused = world.call(Operation::CreateVa, &json!({})).await;
    assert_eq!(refused.status, 400);
    assert_eq!(world.last_entry().answer, Some(refused.text()));
    let nowhere = world.get("/v1/nowhere").await;
    assert_eq!(world.last_entry().answer, Some(nowhere.text()));
    // Over HTTP as well.
    let journal = world.get("/_sandbox/journal").await.json();
    let answers = journal["entries"].as_array().unwrap().iter();
    assert!(answers.clone().all(|entry| entry["answer"].is_string()));
    assert!(answers.clone().any(|entry| entry["answer"] == reply.text()));
}

#[tokio::test]
async fn a_token_that_is_granted_is_in_no_answer_that_is_kept() {
    let world = World::start().await;
    let token = world.token().await;
    let answer = world.last_entry().answer.unwrap();
    assert!(!answer.contains(&token), "{answer}");
    let answer: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(answer["accessToken"], "[token]");
    assert_eq!(answer["expiresIn"], 900);
    let journal = world.get("/_sandbox/journal").await.text();
    assert!(!journal.contains(&token), "{journal}");
    let refused = token_request(&now()).set("X-SIGNATURE", "AAAA");
    let reply = world.send(&refused).await.unwrap();
    assert_eq!(world.last_entry().answer, Some(reply.text()));
}

#[tokio::test]
async fn of_a_spoilt_answer_is_kept_what_went_out() {
    let world = World::start().await;
    let spoilt = async |fault: Value| {
        world.post("/_sandbox/faults", &fault).await;
        let token = world.token().await;
        let body = create("INV-1").to_string();
        let call = world.signed(Operation::CreateVa, body.as_bytes(), &token);
        let _whatever = world.send(&call).await;
        let entry = world.last_entry();
        assert_eq!(entry.verdict, Verdict::Faulted, "{entry:?}");
        entry.answer
    };
    let create_va = |kind: &str| json!({ "kind": kind, "operation": "createVa" });
    assert_eq!(spoilt(create_va("dropBefore")).await, None);
    assert_eq!(spoilt(create_va("dropAfter")).await, None);
    let conflict = spoilt(create_va("conflict")).await.unwrap();
    assert!(conflict.contains("4092700"), "{conflict}");
    let half = spoilt(create_va("cutBody")).await.unwrap();
    assert!(half.starts_with('{') && !half.ends_with('}'), "{half}");
    let html = json!({ "kind": "html", "operation": "createVa", "status": 502 });
    let page = spoilt(html).await.unwrap();
    assert!(page.starts_with("<!DOCTYPE html>"), "{page}");
    let status = json!({ "kind": "status", "operation": "createVa", "status": 503 });
    let busy = spoilt(status).await.unwrap();
    assert!(busy.contains("5032700"), "{busy}");
}

#[tokio::test]
async fn what_doku_signed_is_there_to_be_compared() {
    let shop = Shop::open().await;
    let world = World::with(|config| shop.known_to(config)).await;
    paid(&world).await;
    let told = shop.last(PAYMENT);
    let signed = world.last_entry().signed.unwrap();
    let hash = MinifiedBody::of(told.body.as_bytes()).sha256_hex();
    assert_eq!(signed.body_sha256.as_deref(), Some(hash.as_str()));
    let token = "opaque-token-1";
    let timestamp = told.header("x-timestamp").unwrap();
    assert_eq!(
        signed.string_to_sign,
        format!(
            "POST:{PAYMENT}:[token, {} chars]:{}:{timestamp}",
            token.len(),
            hash.as_str()
        )
    );
    // The request for the token signs no body, and has none of it in the journal.
    let journal = world.sandbox().journal(0);
    let asked = journal
        .iter()
        .find(|entry| entry.operation == Some("merchantToken"))
        .unwrap();
    let signed = asked.signed.as_ref().unwrap();
    let timestamp = shop.last(TOKEN).header("x-timestamp").unwrap().to_owned();
    assert!(signed.string_to_sign.ends_with(&format!("|{timestamp}")));
    assert_eq!(signed.body_sha256, None);
    let journal = world.get("/_sandbox/journal").await;
    assert!(!journal.text().contains(token));
    let entries = journal.json()["entries"].clone();
    for entry in entries.as_array().unwrap() {
        let to_merchant = entry["direction"] == json!(Direction::Outbound);
        assert_eq!(entry["signed"]["stringToSign"].is_string(), to_merchant);
    }
}

#[tokio::test]
async fn a_call_that_the_merchant_took_for_forged_says_what_to_compare() {
    let shop = Shop::open().await;
    let world = World::with(|config| shop.known_to(config)).await;
    shop.answer_payment(|_| (401, r#"{"responseCode":"4012500"}"#.to_owned()));
    paid(&world).await;
    let entry = world.last_entry();
    let reason = entry.reason.unwrap();
    assert!(reason.contains("compare the string-to-sign"), "{reason}");
    assert!(entry.signed.is_some());
    // Where the merchant refuses for another reason there is nothing to compare.
    shop.answer_payment(|_| (404, r#"{"responseCode":"4042512"}"#.to_owned()));
    world
        .sandbox()
        .advance(std::time::Duration::from_secs(1800));
    world.sandbox().deliver_due().await;
    let reason = world.last_entry().reason.unwrap();
    assert!(!reason.contains("compare the string-to-sign"), "{reason}");
}

#[tokio::test]
async fn a_replayed_signature_stands_beside_the_text_that_it_is_of() {
    let shop = Shop::open().await;
    let world = World::with(|config| shop.known_to(config)).await;
    paid(&world).await;
    let first = world.last_entry().signed.unwrap();
    world
        .post(
            "/_sandbox/faults",
            &json!({ "kind": "replayedSignature", "operation": "payment" }),
        )
        .await;
    let data = world.created("INV-2").await;
    let number = data["virtualAccountNo"].as_str().unwrap().parse().unwrap();
    let amount = "11500.00".parse().unwrap();
    world
        .sandbox()
        .pay_and_notify(&number, amount)
        .await
        .unwrap();
    assert_eq!(world.last_entry().signed, Some(first));
}

#[tokio::test]
async fn a_long_answer_is_kept_in_part() {
    let shop = Shop::open().await;
    let world = World::with(|config| shop.known_to(config)).await;
    shop.answer_payment(|_| (500, "x".repeat(100_000)));
    paid(&world).await;
    let answer = world.last_entry().answer.unwrap();
    assert!(
        answer.len() < 5_000 && answer.ends_with('…'),
        "{}",
        answer.len()
    );
}
