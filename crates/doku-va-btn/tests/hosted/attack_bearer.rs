//! The bearer is forged and the signature fits it: what somebody could send who has the secret and not the key. Each call is
//! genuine by its signature, is refused by its bearer, and is handed to the merchant raw.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use doku_sign::{MerchantPrivateKey, MerchantToken, TokenError, TokenParties};
use doku_va_btn::hosted::Refusal;
use hmac::{Hmac, KeyInit as _, Mac as _};
use rsa::pkcs8::DecodePrivateKey as _;
use rsa::traits::PublicKeyParts as _;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::support::{
    CLIENT_ID, HOUR, INQUIRY, INQUIRY_PATH, MERCHANT, MINUTE, NOW, PAYMENT, PAYMENT_PATH, STRANGER,
    World,
};

const LIFE: Duration = Duration::from_secs(900);

fn header(alg: &str) -> Value {
    json!({ "alg": alg, "typ": "JWT" })
}

/// The claims of a good token.
fn claims() -> Value {
    json!({
        "exp": NOW.unix_timestamp() + 900,
        "iss": CLIENT_ID,
        "clientId": CLIENT_ID,
    })
}

fn segments(header: &Value, claims: &Value) -> String {
    format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header.to_string()),
        URL_SAFE_NO_PAD.encode(claims.to_string())
    )
}

fn rs256(key: &MerchantPrivateKey, header: &Value, claims: &Value) -> String {
    let signed = segments(header, claims);
    let key = rsa::PrivateKey::from_pkcs8_pem(&key.to_pkcs8_pem().unwrap()).unwrap();
    let signature = key.pkcs1v15_sign::<Sha256>(signed.as_bytes()).unwrap();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn hs256(key: &[u8], claims: &Value) -> String {
    let signed = segments(&header("HS256"), claims);
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(signed.as_bytes());
    let tag = mac.finalize().into_bytes();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag))
}

/// Refused at both endpoints that take a bearer.
async fn is_refused(token: &str, expected: impl Fn(TokenError) -> bool) {
    let world = World::new();
    let payment = world.signed(PAYMENT_PATH, PAYMENT.as_bytes(), token);
    let inquiry = world.signed(INQUIRY_PATH, INQUIRY.as_bytes(), token);
    for refusal in [
        world.refuses_genuine(&payment, "4012501").await,
        world.refuses_inquiry(&inquiry, "4012401").await,
    ] {
        let Refusal::Bearer(error) = refusal else {
            panic!("{refusal}");
        };
        assert!(expected(error), "{error}");
    }
}

#[tokio::test]
async fn a_token_made_as_ours_is_accepted() {
    // Without this, the tests below would prove nothing.
    let world = World::new();
    let token = rs256(&MERCHANT, &header("RS256"), &claims());
    let call = world.signed(PAYMENT_PATH, PAYMENT.as_bytes(), &token);
    world.acknowledges(&call).await;
}

#[tokio::test]
async fn alg_none() {
    for alg in ["none", "None", "NONE", ""] {
        let token = format!("{}.", segments(&header(alg), &claims()));
        is_refused(&token, |error| error == TokenError::WrongAlgorithm).await;
    }
    let signed_as_none = rs256(&MERCHANT, &header("none"), &claims());
    is_refused(&signed_as_none, |error| error == TokenError::WrongAlgorithm).await;
}

#[tokio::test]
async fn hs256_keyed_with_the_public_key() {
    let pem = MERCHANT.public_key().to_pem().unwrap();
    for key in [pem.as_bytes(), pem.trim().as_bytes()] {
        is_refused(&hs256(key, &claims()), |error| {
            error == TokenError::WrongAlgorithm
        })
        .await;
    }
}

#[tokio::test]
async fn another_key() {
    let token = rs256(&STRANGER, &header("RS256"), &claims());
    is_refused(&token, |error| error == TokenError::BadSignature).await;
}

#[tokio::test]
async fn a_key_named_in_the_token() {
    let mut header = header("RS256");
    let key = rsa::PrivateKey::from_pkcs8_pem(&STRANGER.to_pkcs8_pem().unwrap()).unwrap();
    let modulus = URL_SAFE_NO_PAD.encode(key.n_bytes());
    assert_eq!(modulus.len(), 342, "2048 bits");
    header["jwk"] = json!({ "kty": "RSA", "n": modulus, "e": "AQAB" });
    header["kid"] = json!("../../dev/null");
    header["jku"] = json!("https://attacker.example/keys");
    let token = rs256(&STRANGER, &header, &claims());
    is_refused(&token, |error| error == TokenError::BadSignature).await;
}

#[tokio::test]
async fn another_client() {
    let mut claims = claims();
    claims["clientId"] = json!("BRN-0211-9999999999999");
    let token = rs256(&MERCHANT, &header("RS256"), &claims);
    is_refused(&token, |error| error == TokenError::WrongClient).await;
}

#[tokio::test]
async fn another_issuer() {
    let mut claims = claims();
    claims["iss"] = json!("DOKU");
    let token = rs256(&MERCHANT, &header("RS256"), &claims);
    is_refused(&token, |error| error == TokenError::WrongIssuer).await;
}

#[tokio::test]
async fn expired_for_an_inquiry() {
    let world = World::new();
    let token = world.issued(&MERCHANT, LIFE);
    world.clock.advance(LIFE + MINUTE);
    let call = world.signed(INQUIRY_PATH, INQUIRY.as_bytes(), &token);
    let refusal = world.refuses_inquiry(&call, "4012401").await;
    assert!(
        matches!(refusal, Refusal::Bearer(TokenError::Expired { .. })),
        "{refusal}"
    );
}

#[tokio::test]
async fn expired_for_more_than_24_hours_for_a_notification() {
    let world = World::new();
    let token = world.issued(&MERCHANT, LIFE);
    world.clock.advance(LIFE + 24 * HOUR);
    let call = world.signed(PAYMENT_PATH, PAYMENT.as_bytes(), &token);
    let refusal = world.refuses_genuine(&call, "4012501").await;
    assert!(
        matches!(refusal, Refusal::Bearer(TokenError::Expired { .. })),
        "{refusal}"
    );
}

#[tokio::test]
async fn altered_claims() {
    let world = World::new();
    let token = world.token().await;
    let mut parts = token.split('.');
    let (head, _, signature) = (
        parts.next().unwrap(),
        parts.next().unwrap(),
        parts.next().unwrap(),
    );
    let mut longer = claims();
    longer["exp"] = json!(NOW.unix_timestamp() + 1_000_000);
    let altered = URL_SAFE_NO_PAD.encode(longer.to_string());
    let token = format!("{head}.{altered}.{signature}");
    is_refused(&token, |error| error == TokenError::BadSignature).await;
}

#[tokio::test]
async fn another_typ() {
    for typ in ["at+jwt", "JWE", "jwt ", ""] {
        let header = json!({ "alg": "RS256", "typ": typ });
        let token = rs256(&MERCHANT, &header, &claims());
        is_refused(&token, |error| matches!(error, TokenError::Malformed(_))).await;
    }
}

#[tokio::test]
async fn an_extension_that_must_be_understood() {
    let header = json!({ "alg": "RS256", "typ": "JWT", "crit": ["exp"] });
    let token = rs256(&MERCHANT, &header, &claims());
    is_refused(&token, |error| matches!(error, TokenError::Malformed(_))).await;
}

#[tokio::test]
async fn claims_that_are_missing_or_of_another_kind() {
    for (name, value) in [
        ("exp", Value::Null),
        ("exp", json!("never")),
        ("exp", json!(1e99)),
        ("exp", json!(-1)),
        ("iss", Value::Null),
        ("clientId", json!([CLIENT_ID])),
    ] {
        let mut claims = claims();
        claims[name] = value;
        let token = rs256(&MERCHANT, &header("RS256"), &claims);
        is_refused(&token, |error| {
            matches!(error, TokenError::Malformed(_) | TokenError::WrongIssuer)
        })
        .await;
    }
}

#[tokio::test]
async fn no_token_at_all() {
    for token in ["x", "a.b.c", "..", "eyJhbGciOiJSUzI1NiJ9"] {
        is_refused(token, |error| matches!(error, TokenError::Malformed(_))).await;
    }
}

#[tokio::test]
async fn a_good_token_written_in_another_way() {
    let good = rs256(&MERCHANT, &header("RS256"), &claims());
    for token in [
        format!("{good}="),
        format!("{good}.{good}"),
        good.replace('.', ".."),
        format!("{good}AAAA"),
    ] {
        is_refused(&token, |error| {
            matches!(error, TokenError::Malformed(_) | TokenError::BadSignature)
        })
        .await;
    }
}

#[tokio::test]
async fn a_token_of_the_merchants_for_somebody_else_at_the_same_key() {
    // The merchant uses one key for two client ids.
    let world = World::new();
    let parties = TokenParties {
        issuer: "BRN-0211-2",
        client_id: "BRN-0211-2",
    };
    let token = MerchantToken::issue(&MERCHANT, parties, world.now(), LIFE).unwrap();
    is_refused(token.expose(), |error| error == TokenError::WrongIssuer).await;
}
