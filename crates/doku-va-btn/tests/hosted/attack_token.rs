//! Somebody who is not DOKU asks for a token.

use std::time::Duration;

use doku_sign::{DokuPrivateKey, StringToSign};
use doku_va_btn::hosted::Refusal;

use crate::support::{CLIENT_ID, Call, DOKU, MERCHANT, MINUTE, World};

/// A token request of another moment or client, truly signed.
fn request(world: &World, key: &DokuPrivateKey, client_id: &str, timestamp: &str) -> Call {
    let signature = key
        .sign(&StringToSign::snap_token(client_id, timestamp))
        .unwrap()
        .to_base64();
    world
        .token_request()
        .with("X-CLIENT-KEY", client_id)
        .with("X-TIMESTAMP", timestamp)
        .with("X-SIGNATURE", signature)
}

#[tokio::test]
async fn signed_by_another_key() {
    let world = World::new();
    let stranger = DokuPrivateKey::generate(2048).unwrap();
    let call = request(&world, &stranger, CLIENT_ID, &world.timestamp());
    let refusal = world.refuses_token(&call, "4017300").await;
    assert!(matches!(refusal, Refusal::Mismatch(_)), "{refusal}");
}

#[tokio::test]
async fn signed_by_the_merchants_own_key() {
    // The merchant's token requests to DOKU have the same form, and must not serve to get a token from the merchant.
    let world = World::new();
    let timestamp = world.timestamp();
    let signature = MERCHANT
        .sign(&StringToSign::snap_token(CLIENT_ID, &timestamp))
        .unwrap()
        .to_base64();
    let call = world.token_request().with("X-SIGNATURE", signature);
    let refusal = world.refuses_token(&call, "4017300").await;
    assert!(matches!(refusal, Refusal::Mismatch(_)), "{refusal}");
}

#[tokio::test]
async fn for_another_client() {
    let world = World::new();
    for client_id in ["BRN-0211-9999999999999", &CLIENT_ID.to_lowercase()] {
        let call = request(&world, &DOKU, client_id, &world.timestamp());
        let refusal = world.refuses_token(&call, "4017300").await;
        assert!(matches!(refusal, Refusal::UnknownClient), "{refusal}");
    }
}

#[tokio::test]
async fn with_a_stale_timestamp() {
    let world = World::new();
    let captured = world.token_request();
    world.clock.advance(15 * MINUTE + Duration::from_secs(1));
    let refusal = world.refuses_token(&captured, "4017300").await;
    assert!(matches!(refusal, Refusal::Stale { .. }), "{refusal}");
}

#[tokio::test]
async fn with_a_timestamp_of_the_future() {
    let world = World::new();
    let call = request(&world, &DOKU, CLIENT_ID, "2026-09-13T10:31:11+07:00");
    let refusal = world.refuses_token(&call, "4017300").await;
    assert!(matches!(refusal, Refusal::Early { .. }), "{refusal}");
}

#[tokio::test]
async fn with_a_timestamp_that_is_none() {
    let world = World::new();
    for timestamp in [
        "now",
        "1788480000",
        "2026-09-13T10:16:10",
        "2026-13-45T99:99:99Z",
    ] {
        let call = request(&world, &DOKU, CLIENT_ID, timestamp);
        let refusal = world.refuses_token(&call, "4007301").await;
        assert!(matches!(refusal, Refusal::Timestamp(_)), "{refusal}");
    }
}

#[tokio::test]
async fn with_a_timestamp_or_client_changed_after_signing() {
    let world = World::new();
    world.clock.advance(MINUTE);
    let moved = world.timestamp();
    let call = World::new().token_request().with("X-TIMESTAMP", moved);
    let refusal = world.refuses_token(&call, "4017300").await;
    assert!(matches!(refusal, Refusal::Mismatch(_)), "{refusal}");

    // The separator is part of neither side.
    let timestamp = world.timestamp();
    let (head, tail) = CLIENT_ID.split_at(5);
    let shifted = DOKU
        .sign(&StringToSign::snap_token(
            head,
            &format!("{tail}|{timestamp}"),
        ))
        .unwrap()
        .to_base64();
    let call = world.token_request().with("X-SIGNATURE", shifted);
    let refusal = world.refuses_token(&call, "4017300").await;
    assert!(matches!(refusal, Refusal::Mismatch(_)), "{refusal}");
}

#[tokio::test]
async fn with_a_signature_that_is_none() {
    let world = World::new();
    for signature in ["AAAA", "no base64", &"0f".repeat(256)] {
        let call = world.token_request().with("X-SIGNATURE", signature);
        world.refuses_token(&call, "4017300").await;
    }
}

#[tokio::test]
async fn for_another_grant_or_none_that_can_be_read() {
    let world = World::new();
    for (body, code) in [
        (r#"{"grantType":"authorization_code"}"#, "4007301"),
        (
            r#"{"grantType":"client_credentials","grantType":"x"}"#,
            "4007300",
        ),
        (r#"{"grantType":["client_credentials"]}"#, "4007301"),
        ("[]", "4007300"),
        ("<xml/>", "4007300"),
    ] {
        let call = Call {
            body: body.into(),
            ..world.token_request()
        };
        let refusal = world.refuses_token(&call, code).await;
        assert!(
            matches!(refusal, Refusal::Field(_) | Refusal::Undecodable(_)),
            "{refusal}"
        );
    }
}

#[tokio::test]
async fn with_a_body_over_the_limit() {
    let world = World::new();
    let call = Call {
        body: vec![b' '; 64 * 1024 + 1],
        ..world.token_request()
    };
    let refusal = world.refuses_token(&call, "4007300").await;
    assert!(matches!(refusal, Refusal::TooLarge { .. }), "{refusal}");
}
