//! What a diagnosis costs: where the signature is right, where one mistake explains it, where
//! none does and everything is tried, and beside that the same number of signatures.

use divan::{Bencher, black_box};
use doku_sign::diagnose::{Case, Diagnosis, Presented};
use doku_sign::{AccessToken, ClientSecret, MerchantPrivateKey, MinifiedBody, StringToSign};

const TIME: &str = "2026-09-04T07:00:00+07:00";
const PATH: &str = "/virtual-accounts/bi-snap-va/v1.1/transfer-va/create-va";
const BODY: &[u8] = br#"{
  "partnerServiceId": "   95962",
  "customerNo": "00000000000000000001",
  "virtualAccountNo": "   9596200000000000000000001",
  "virtualAccountName": "Toru Yamashita",
  "totalAmount": { "value": "11500.00", "currency": "IDR" },
  "additionalInfo": { "channel": "VIRTUAL_ACCOUNT_BTN" }
}"#;

fn main() {
    divan::main();
}

fn secret() -> ClientSecret {
    ClientSecret::new("SK-0123456789abcdefghij").unwrap()
}

/// As long as the tokens DOKU issues.
fn token() -> AccessToken {
    AccessToken::new("eyJhbGciOiJSUzI1NiJ9".repeat(27))
}

fn text(method: &str, body: &MinifiedBody<'_>) -> StringToSign<doku_sign::HmacSha512> {
    StringToSign::snap_transaction(method, PATH, &token(), body, TIME)
}

fn diagnose(body: &[u8], signature: &str) -> Diagnosis {
    let (secret, token) = (secret(), token());
    let presented = Presented {
        method: "POST",
        path: PATH,
        timestamp: TIME,
        token: Some(&token),
        client_id: "MCH-0008",
        body,
        signature,
    };
    Case::transaction(presented, &secret).diagnose()
}

#[divan::bench]
fn right(bencher: Bencher<'_, '_>) {
    let signature = secret()
        .sign(&text("POST", &MinifiedBody::of(BODY)))
        .to_base64();
    assert!(diagnose(BODY, &signature).is_right);
    bencher.bench(|| diagnose(black_box(BODY), black_box(&signature)));
}

#[divan::bench]
fn one_mistake(bencher: Bencher<'_, '_>) {
    let signature = secret()
        .sign(&text("post", &MinifiedBody::of(BODY)))
        .to_base64();
    assert!(diagnose(BODY, &signature).is_explained());
    bencher.bench(|| diagnose(black_box(BODY), black_box(&signature)));
}

fn unexplained() -> String {
    let stranger = ClientSecret::new("SK-OF-NOBODY").unwrap();
    stranger
        .sign(&text("POST", &MinifiedBody::of(BODY)))
        .to_base64()
}

#[divan::bench]
fn no_explanation(bencher: Bencher<'_, '_>) {
    let signature = unexplained();
    let diagnosis = diagnose(BODY, &signature);
    assert!(diagnosis.is_complete && diagnosis.findings.is_empty());
    bencher.bench(|| diagnose(black_box(BODY), black_box(&signature)));
}

/// As many signatures as `no_explanation` compares, and nothing else.
#[divan::bench]
fn no_explanation_floor(bencher: Bencher<'_, '_>) {
    let tried = diagnose(BODY, &unexplained()).tried;
    let (secret, text) = (secret(), text("POST", &MinifiedBody::of(BODY)));
    bencher.bench(|| {
        for _ in 0..tried {
            black_box(secret.sign(black_box(&text)));
        }
    });
}

#[divan::bench]
fn no_explanation_for_a_mebibyte(bencher: Bencher<'_, '_>) {
    let body = format!(r#"["{}"]"#, "a/b é ".repeat(149_796));
    assert_eq!(body.len() >> 20, 1);
    let signature = unexplained();
    bencher.bench(|| diagnose(black_box(body.as_bytes()), black_box(&signature)));
}

#[divan::bench]
fn no_explanation_for_rsa(bencher: Bencher<'_, '_>) {
    let key = MerchantPrivateKey::generate(2048).unwrap();
    let signature = key
        .sign(&StringToSign::snap_token("somebody", TIME))
        .unwrap()
        .to_base64();
    let public = key.public_key();
    bencher.bench(|| {
        let presented = Presented {
            method: "POST",
            path: PATH,
            timestamp: TIME,
            token: None,
            client_id: "MCH-0008",
            body: BODY,
            signature: black_box(&signature),
        };
        Case::asymmetric_transaction(presented, &public).diagnose()
    });
}
