//! Keys and secrets are changed while DOKU goes on calling.

use std::time::Duration;

use doku_sign::{ClientSecret, DokuPrivateKey, MerchantPrivateKey, StringToSign};
use doku_va_btn::hosted::{Credentials, Refusal};

use crate::support::{
    CLIENT_ID, DOKU, INQUIRY, INQUIRY_PATH, MERCHANT, PAYMENT, PAYMENT_PATH, Reply, SECRET,
    STRANGER, Signing, World, credentials,
};

/// After a rotation of everything: what was current is previous.
fn rotated() -> Credentials {
    Credentials::new(
        CLIENT_ID.parse().unwrap(),
        ClientSecret::new("SK-NEW").unwrap(),
        STRANGER.clone(),
        NEW_DOKU.public_key(),
    )
}

static NEW_DOKU: std::sync::LazyLock<DokuPrivateKey> =
    std::sync::LazyLock::new(|| DokuPrivateKey::generate(2048).unwrap());

fn with_previous() -> Credentials {
    rotated()
        .with_previous_secret(ClientSecret::new(SECRET).unwrap())
        .with_previous_public_key(MERCHANT.public_key())
        .with_previous_doku_public_key(DOKU.public_key())
}

fn signed(world: &World, key: &MerchantPrivateKey, secret: &str) -> crate::support::Call {
    let token = world.issued(key, Duration::from_secs(900));
    let timestamp = world.timestamp();
    Signing {
        token: &token,
        timestamp: &timestamp,
        secret,
        ..Signing::default()
    }
    .call(PAYMENT_PATH, PAYMENT.as_bytes(), &token, &timestamp)
}

#[tokio::test]
async fn old_and_new_are_accepted_side_by_side() {
    let world = World::of(with_previous(), |builder| builder);
    for key in [&*MERCHANT, &*STRANGER] {
        for secret in [SECRET, "SK-NEW"] {
            world.acknowledges(&signed(&world, key, secret)).await;
        }
    }
}

#[tokio::test]
async fn one_bearer_serves_under_both_secrets_and_at_both_paths() {
    let world = World::of(with_previous(), |builder| builder);
    let token = world.issued(&MERCHANT, Duration::from_secs(900));
    let timestamp = world.timestamp();
    let call = |path, body: &'static str, secret| {
        Signing {
            path,
            body: body.as_bytes(),
            token: &token,
            timestamp: &timestamp,
            secret,
            ..Signing::default()
        }
        .call(path, body.as_bytes(), &token, &timestamp)
    };
    for secret in ["SK-NEW", "SK-NEW", SECRET, "SK-NEW", SECRET, SECRET] {
        world
            .acknowledges(&call(PAYMENT_PATH, PAYMENT, secret))
            .await;
        let reply = world.ask(&call(INQUIRY_PATH, INQUIRY, secret)).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        let queried = call("/v1/transfer-va/payment?a=1", PAYMENT, secret);
        world.acknowledges(&queried).await;
        let stranger = call(PAYMENT_PATH, PAYMENT, "SK-STRANGER");
        let refusal = world.refuses(&stranger, "4012500").await;
        assert!(matches!(refusal, Refusal::Mismatch(_)));
    }
}

#[tokio::test]
async fn the_old_ones_are_refused_once_they_are_dropped() {
    let world = World::of(rotated(), |builder| builder);
    world
        .acknowledges(&signed(&world, &STRANGER, "SK-NEW"))
        .await;
    let old_secret = signed(&world, &STRANGER, SECRET);
    let refusal = world.refuses(&old_secret, "4012500").await;
    assert!(matches!(refusal, Refusal::Mismatch(_)));
    let old_key = signed(&world, &MERCHANT, "SK-NEW");
    let refusal = world.refuses_genuine(&old_key, "4012501").await;
    assert!(matches!(refusal, Refusal::Bearer(_)));
}

#[tokio::test]
async fn tokens_are_issued_with_the_new_key() {
    let world = World::of(with_previous(), |builder| builder);
    let token = world.token().await;
    let parties = doku_sign::TokenParties {
        issuer: CLIENT_ID,
        client_id: CLIENT_ID,
    };
    let token = doku_sign::AccessToken::new(token);
    let verified = |key: &MerchantPrivateKey| {
        doku_sign::MerchantToken::verify(&token, &[key.public_key()], parties, world.now()).is_ok()
    };
    assert!(verified(&STRANGER));
    assert!(!verified(&MERCHANT));
}

#[tokio::test]
async fn doku_may_ask_with_its_old_key_and_its_new_one() {
    let world = World::of(with_previous(), |builder| builder);
    let timestamp = world.timestamp();
    for key in [&*DOKU, &*NEW_DOKU] {
        let signature = key
            .sign(&StringToSign::snap_token(CLIENT_ID, &timestamp))
            .unwrap()
            .to_base64();
        let call = world.token_request().with("X-SIGNATURE", signature);
        let reply = Reply::of(world.endpoints.token(call.request()).await);
        assert_eq!(reply.code(), "2007300");
    }
}

#[tokio::test]
async fn only_the_last_one_before_counts() {
    let twice = credentials()
        .with_previous_secret(ClientSecret::new("SK-OLDEST").unwrap())
        .with_previous_secret(ClientSecret::new("SK-OLD").unwrap());
    let world = World::of(twice, |builder| builder);
    world
        .acknowledges(&signed(&world, &MERCHANT, "SK-OLD"))
        .await;
    world
        .refuses(&signed(&world, &MERCHANT, "SK-OLDEST"), "4012500")
        .await;
}

#[test]
fn a_clients_configuration_serves_if_it_has_dokus_key() {
    use doku_va_btn::{Config, Environment};
    let config = Config::new(
        Environment::sandbox(),
        CLIENT_ID.parse().unwrap(),
        ClientSecret::new(SECRET).unwrap(),
        MERCHANT.clone(),
    );
    let error = Credentials::from_config(&config).unwrap_err();
    assert!(error.to_string().contains("DOKU_PUBLIC_KEY"));
    let config = config.with_doku_public_key(DOKU.public_key());
    let credentials = Credentials::from_config(&config).unwrap();
    assert_eq!(credentials.client_id().as_str(), CLIENT_ID);
}
