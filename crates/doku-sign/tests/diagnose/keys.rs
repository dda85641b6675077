//! RSA: whose key, which hash, which formula.

use doku_sign::diagnose::{Case, Cause, KeyOwner, SignedHash};

use crate::stage::{
    CLIENT, PATH, SECRET, Signed, Stage, TIME, TOKEN, base64, causes, compact, hex, hmac512,
    proves, rsa, sha256,
};
use crate::support::{DOKU_KEY, MERCHANT_KEY};

fn token_text() -> String {
    format!("{CLIENT}|{TIME}")
}

fn asymmetric_text() -> String {
    format!("POST:{PATH}:{}:{TIME}", sha256(&compact()))
}

fn signed(pem: &str, text: &str) -> String {
    base64(&rsa(pem, "-sha256", text))
}

#[test]
fn right_signatures_have_no_cause() {
    let stage = Stage::new();
    let signature = signed(MERCHANT_KEY, &token_text());
    assert!(stage.token_request(&signature).diagnose().is_right);
    let signature = signed(MERCHANT_KEY, &asymmetric_text());
    assert!(stage.asymmetric(&signature).diagnose().is_right);
}

#[test]
fn the_wrong_key_of_two_pairs() {
    let stage = Stage::new();
    let signature = signed(DOKU_KEY, &token_text());
    let other = Cause::OtherKey {
        owner: KeyOwner::Doku,
        fingerprint: stage.doku.fingerprint(),
    };
    proves(&stage.token_request(&signature).diagnose(), &[other]);

    // DOKU calls the merchant, who verifies with its own key by mistake.
    let signature = signed(MERCHANT_KEY, &token_text());
    let case = Case::token_request(stage.presented(&signature), &stage.doku).also(&stage.merchant);
    let other = Cause::OtherKey {
        owner: KeyOwner::Merchant,
        fingerprint: stage.merchant.fingerprint(),
    };
    proves(&case.diagnose(), &[other]);
}

#[test]
fn a_key_that_nobody_gave() {
    let stage = Stage::new();
    let signature = signed(DOKU_KEY, &token_text());
    let case = Case::token_request(stage.presented(&signature), &stage.merchant);
    let diagnosis = case.diagnose();
    assert_eq!(causes(&diagnosis), [Cause::UnknownKey]);
    assert!(!diagnosis.findings[0].proven && !diagnosis.is_explained());
}

#[test]
fn formulas_mixed_up() {
    let stage = Stage::new();
    let transaction = Signed::right().text();
    let (token, asymmetric) = (token_text(), asymmetric_text());
    for (text, cause) in [
        (&transaction, Cause::TransactionFormula),
        (&asymmetric, Cause::AsymmetricFormula),
    ] {
        let signature = signed(MERCHANT_KEY, text);
        proves(&stage.token_request(&signature).diagnose(), &[cause]);
    }
    for (text, cause) in [
        (&transaction, Cause::TransactionFormula),
        (&token, Cause::TokenFormula),
    ] {
        let signature = signed(MERCHANT_KEY, text);
        proves(&stage.asymmetric(&signature).diagnose(), &[cause]);
    }
    for (text, cause) in [
        (&transaction, Cause::RsaInsteadOfHmac),
        (&asymmetric, Cause::AsymmetricFormula),
        (&token, Cause::TokenFormula),
    ] {
        let signature = signed(MERCHANT_KEY, text);
        proves(&stage.transaction(&signature).diagnose(), &[cause]);
    }
    for (text, cause) in [
        (&token, Cause::HmacInsteadOfRsa),
        (&transaction, Cause::TransactionFormula),
    ] {
        let signature = base64(&hmac512(SECRET, text));
        proves(&stage.token_request(&signature).diagnose(), &[cause]);
    }
}

#[test]
fn mistakes_within_the_token_formula() {
    let stage = Stage::new();
    for (text, cause) in [
        (format!("|{TIME}"), Cause::EmptyClientId),
        (format!("{CLIENT}\n|{TIME}"), Cause::BlanksInClientId),
        (
            format!("{CLIENT}|2026-09-04T00:00:00Z"),
            Cause::TimestampInOtherOffset,
        ),
    ] {
        let signature = signed(MERCHANT_KEY, &text);
        proves(&stage.token_request(&signature).diagnose(), &[cause]);
    }
    let bytes = rsa(MERCHANT_KEY, "-sha256", &token_text());
    proves(&stage.token_request(&hex(&bytes)).diagnose(), &[Cause::Hex]);
}

#[test]
fn other_hashes() {
    let stage = Stage::new();
    let text = token_text();
    for (option, hash) in [
        ("-sha384", SignedHash::Sha384),
        ("-sha512", SignedHash::Sha512),
    ] {
        let signature = base64(&rsa(MERCHANT_KEY, option, &text));
        proves(
            &stage.token_request(&signature).diagnose(),
            &[Cause::OtherHash(hash)],
        );
    }
    // This hash is recognised but not made, so the text stays unproven.
    let signature = base64(&rsa(MERCHANT_KEY, "-sha1", &text));
    let diagnosis = stage.token_request(&signature).diagnose();
    assert_eq!(causes(&diagnosis), [Cause::OtherHash(SignedHash::Sha1)]);
    assert!(diagnosis.findings[0].proven && !diagnosis.is_explained());
}

#[test]
fn the_right_key_over_an_unknown_text() {
    let stage = Stage::new();
    let signature = signed(MERCHANT_KEY, "something else");
    let diagnosis = stage.token_request(&signature).diagnose();
    assert_eq!(causes(&diagnosis), [Cause::OtherText]);
    assert!(diagnosis.findings[0].proven && !diagnosis.is_explained());

    let signature = signed(DOKU_KEY, &format!("something else {TOKEN}"));
    let diagnosis = stage.token_request(&signature).diagnose();
    let names: Vec<_> = causes(&diagnosis).iter().map(Cause::name).collect();
    assert_eq!(names, ["otherKey", "otherText"]);
    let diagnosis = stage.transaction(&signature).diagnose();
    let names: Vec<_> = causes(&diagnosis).iter().map(Cause::name).collect();
    assert_eq!(names, ["rsaInsteadOfHmac", "otherText"]);
}
