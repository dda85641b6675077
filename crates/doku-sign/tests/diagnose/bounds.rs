//! Any input, however odd or long.

use doku_sign::diagnose::{Case, Cause, Presented};
use doku_sign::{AccessToken, ClientSecret, MinifiedBody, StringToSign};
use proptest::prelude::*;

use crate::stage::{SECRET, Signed, Stage, base64, causes, hmac512, proves, sha256};

fn with_body<'a>(stage: &'a Stage, body: &'a [u8], signature: &'a str) -> Case<'a> {
    let presented = Presented {
        body,
        ..stage.presented(signature)
    };
    stage.informed(Case::transaction(presented, &stage.secret))
}

#[test]
fn a_large_body_is_still_explained() {
    let stage = Stage::new();
    let body = format!(r#"{{"items": ["{}"]}}"#, "a/b é ".repeat(170_000));
    assert!(body.len() > 1024 * 1024);
    let mut signed = Signed::right();
    signed.hash = sha256(&body);
    let signature = signed.signature();
    let diagnosis = with_body(&stage, body.as_bytes(), &signature).diagnose();
    proves(&diagnosis, &[Cause::RawBody]);
}

#[test]
fn the_work_on_a_huge_body_is_cut_short() {
    let stage = Stage::new();
    let body = format!(r#"["{}"]"#, "a/b ".repeat(640 * 1024));
    let signature = base64(&[7; 64]);
    let diagnosis = with_body(&stage, body.as_bytes(), &signature).diagnose();
    assert!(!diagnosis.is_complete);
    assert_eq!(causes(&diagnosis), []);
    let report = diagnosis.to_string();
    assert!(report.contains("not every mistake was tried"), "{report}");
}

#[test]
fn long_headers_are_taken_as_they_are() {
    let stage = Stage::new();
    let long = "/a?b".repeat(100_000);
    let token = AccessToken::new(long.as_str());
    let signature = base64(&[7; 64]);
    let presented = Presented {
        method: &long,
        path: &long,
        timestamp: &long,
        token: Some(&token),
        client_id: &long,
        body: b"{}",
        signature: &signature,
    };
    let diagnosis = stage
        .informed(Case::transaction(presented, &stage.secret))
        .they_signed(&long)
        .sent_to(&long)
        .diagnose();
    assert!(!diagnosis.is_complete);
    let presented = Presented {
        signature: &long,
        ..presented
    };
    let diagnosis = Case::transaction(presented, &stage.secret).diagnose();
    assert_eq!(causes(&diagnosis), [Cause::NotBase64]);
}

#[test]
fn many_others_are_too_many() {
    let stage = Stage::new();
    let signature = base64(&[7; 64]);
    let mut case = stage.transaction(&signature);
    for _ in 0..1000 {
        case = case
            .also(&stage.old_secret)
            .also(&stage.doku)
            .also_token(&stage.other_token)
            .sent_to("https://toko.example/x");
    }
    assert!(case.diagnose().tried < 200_000);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn a_right_signature_never_has_a_cause(
        method in any::<String>(),
        path in any::<String>(),
        timestamp in any::<String>(),
        token in any::<String>(),
        client_id in any::<String>(),
        body in prop::collection::vec(any::<u8>(), 0..300),
        secret in "[!-~]{1,40}",
    ) {
        let stage = Stage::new();
        let secret = ClientSecret::new(&secret).unwrap();
        let token = AccessToken::new(token);
        let to_sign = StringToSign::snap_transaction(
            &method, &path, &token, &MinifiedBody::of(&body), &timestamp,
        );
        let signature = secret.sign(&to_sign).to_base64();
        let presented = Presented {
            method: &method,
            path: &path,
            timestamp: &timestamp,
            token: Some(&token),
            client_id: &client_id,
            body: &body,
            signature: &signature,
        };
        let diagnosis = stage.informed(Case::transaction(presented, &secret)).diagnose();
        prop_assert!(diagnosis.is_right);
        prop_assert_eq!(causes(&diagnosis), []);
        prop_assert!(!diagnosis.is_explained());
    }

    #[test]
    fn whatever_is_signed_raw_is_found(spaces in " {1,9}", text in "[a-z ]{0,40}") {
        let stage = Stage::new();
        let body = format!("{{{spaces}\"a\":\"{text}\"}}");
        let mut signed = Signed::right();
        signed.hash = sha256(&body);
        let signature = base64(&hmac512(SECRET, &signed.text()));
        let diagnosis = with_body(&stage, body.as_bytes(), &signature).diagnose();
        prop_assert_eq!(causes(&diagnosis), [Cause::RawBody]);
    }
}
