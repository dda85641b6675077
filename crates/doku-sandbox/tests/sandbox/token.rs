//! Tokens: who gets one, and how long it lives.

use std::time::Duration;

use doku_model::{Operation, Timestamp};
use doku_sign::{AccessToken, MerchantPublicKey, MerchantToken, TokenParties};
use insta::assert_json_snapshot;

use crate::support::{MERCHANT, World, ask, create, now, token_request};

#[tokio::test]
async fn is_a_jwt_signed_by_doku() {
    let world = World::start().await;
    let reply = world.send(&token_request(&now())).await.unwrap();
    let mut answer = reply.json();
    let token = AccessToken::new(answer["accessToken"].as_str().unwrap());
    answer["accessToken"] = "[token]".into();
    assert_json_snapshot!("token", answer);

    let doku = MERCHANT.doku_private_key().public_key().to_pem().unwrap();
    let parties = TokenParties {
        issuer: "DOKU",
        client_id: MERCHANT.client_id().as_str(),
    };
    // Verified as a merchant's own token is, because it is the same kind; DOKU's key stands in for the merchant's.
    let keys = [MerchantPublicKey::from_pem(&doku).unwrap()];
    let now = std::time::SystemTime::now();
    let verified = MerchantToken::verify(&token, &keys, parties, now).unwrap();
    let left = verified.expires_at().duration_since(now).unwrap();
    assert!(left > Duration::from_secs(890) && left <= Duration::from_secs(900));
    assert_eq!(
        world.sandbox().doku_public_key().await.unwrap(),
        MERCHANT.doku_private_key().public_key()
    );
}

#[tokio::test]
async fn takes_any_spelling_of_the_moment() {
    let world = World::start().await;
    let moment = Timestamp::utc(std::time::SystemTime::now().into());
    let utc = moment.as_str();
    for time in [
        utc.to_owned(),
        now(),
        utc.replace('Z', ".123Z"),
        utc.replace('Z', "+00:00"),
        utc.replace('Z', "-00:00"),
    ] {
        let reply = world.send(&token_request(&time)).await.unwrap();
        assert_eq!(reply.code(), "2007300", "{time}: {}", reply.text());
    }
}

#[tokio::test]
async fn is_refused_to_everybody_else() {
    let world = World::start().await;
    let good = || token_request(&now());
    let signature = good().header("X-SIGNATURE").to_owned();
    let cases = [
        (good().without("X-TIMESTAMP"), "4007302", "X-TIMESTAMP"),
        (good().without("X-SIGNATURE"), "4007302", "X-SIGNATURE"),
        (good().without("X-CLIENT-KEY"), "4007302", "X-CLIENT-KEY"),
        (
            good().set("X-TIMESTAMP", "yesterday"),
            "4007301",
            "X-TIMESTAMP",
        ),
        (
            good().set("X-CLIENT-KEY", "MCH-0001"),
            "4017300",
            "Unknown Client",
        ),
        (
            token_request("2020-09-22T01:51:00Z"),
            "4017300",
            "Invalid Timestamp",
        ),
        (
            good().set("X-SIGNATURE", &signature.to_lowercase()),
            "4017300",
            "Signature",
        ),
        (good().set("X-SIGNATURE", "c2ln"), "4017300", "Signature"),
    ];
    for (call, code, message) in cases {
        let reply = world.send(&call).await.unwrap();
        assert_eq!(reply.code(), code, "{message}");
        assert!(reply.message().contains(message), "{}", reply.text());
        assert_eq!(reply.status, code[..3].parse::<u16>().unwrap());
        assert!(world.last_entry().response_code.as_deref() == Some(code));
    }
}

#[tokio::test]
async fn needs_the_grant_type() {
    let world = World::start().await;
    for (body, code) in [
        ("", "4007300"),
        ("{", "4007300"),
        ("{}", "4007302"),
        (r#"{"grantType":""}"#, "4007302"),
        (r#"{"grantType":"password"}"#, "4007301"),
        (
            r#"{"grantType":"client_credentials","additionalInfo":[]}"#,
            "2007300",
        ),
        (
            r#"{"grantType":"client_credentials","additionalInfo":""}"#,
            "2007300",
        ),
    ] {
        let mut call = token_request(&now());
        call.body = body.into();
        let reply = world.send(&call).await.unwrap();
        assert_eq!(reply.code(), code, "{body}");
    }
}

#[tokio::test]
async fn expires_with_the_clock() {
    let world = World::start().await;
    let token = world.token().await;
    let call = |trx_id: &str| {
        world.signed(
            Operation::CreateVa,
            create(trx_id).to_string().as_bytes(),
            &token,
        )
    };
    world.sandbox().advance(Duration::from_secs(890));
    let reply = world.send(&call("INV-1")).await.unwrap();
    assert_eq!(reply.code(), "2002700");
    world.sandbox().advance(Duration::from_secs(10));
    let reply = world.send(&call("INV-2")).await.unwrap();
    assert_eq!((reply.status, reply.code().as_str()), (401, "4012701"));
    assert_json_snapshot!("token_expired", reply.json());

    // A new one is good although the caller's own clock stood still.
    let reply = world.call(Operation::CreateVa, &create("INV-2")).await;
    assert_eq!(reply.code(), "2002700");
}

#[tokio::test]
async fn is_forgotten_by_a_reset() {
    let world = World::start().await;
    let token = world.token().await;
    let data = world.created("INV-1").await;
    world.sandbox().reset();
    let body = ask(&data).to_string();
    let call = world.signed(Operation::CheckStatus, body.as_bytes(), &token);
    assert_eq!(world.send(&call).await.unwrap().code(), "4012601");
}
