//! Two mistakes at once.

use doku_sign::diagnose::{Cause, KeyOwner, Spelling};

use crate::stage::{
    BODY, CLIENT, OTHER_TOKEN, PATH, SECRET, Signed, Stage, TOKEN, base64, but, causes, compact,
    hex, hmac256, hmac512, proves, rsa, sha256,
};
use crate::support::DOKU_KEY;

#[track_caller]
fn named(signature: &str, mut expected: [Cause; 2]) {
    let stage = Stage::new();
    let mut diagnosis = stage.transaction(signature).diagnose();
    diagnosis.findings.sort_by_key(|found| found.cause.name());
    expected.sort_by_key(Cause::name);
    proves(&diagnosis, &expected);
}

#[test]
fn of_two_parts() {
    named(
        &but(|signed| {
            signed.token = format!("Bearer {TOKEN}");
            signed.hash = sha256(BODY);
        }),
        [Cause::BearerInToken, Cause::RawBody],
    );
    named(
        &but(|signed| {
            signed.method = "post".to_owned();
            signed.path = format!("https://api.doku.com{PATH}");
        }),
        [Cause::LowerCaseMethod, Cause::WholeUrl],
    );
    named(
        &but(|signed| {
            signed.hash = sha256(
                &compact()
                    .replace("\\u00e9", "é")
                    .replace("10000.00", "10000"),
            );
            signed.time = "2026-09-04T00:00:00Z".to_owned();
        }),
        [
            Cause::Reserialised(Spelling::JavaScript),
            Cause::TimestampInOtherOffset,
        ],
    );
}

#[test]
fn of_one_part() {
    named(
        &but(|signed| signed.token = format!("Bearer {OTHER_TOKEN}")),
        [Cause::OtherToken { number: 1 }, Cause::BearerInToken],
    );
    named(
        &but(|signed| signed.path = format!("https://api.doku.com{PATH}/")),
        [Cause::WholeUrl, Cause::TrailingSlash],
    );
    named(
        &but(|signed| signed.hash = sha256(BODY).to_uppercase()),
        [Cause::RawBody, Cause::BodyHashInCapitals],
    );
}

#[test]
fn of_text_and_key() {
    let lower = {
        let mut signed = Signed::right();
        signed.method = "post".to_owned();
        signed.text()
    };
    named(
        &base64(&hmac512(&format!("{SECRET}\n"), &lower)),
        [Cause::LowerCaseMethod, Cause::BlanksInSecret],
    );
    named(
        &base64(&hmac256(SECRET, &lower)),
        [Cause::LowerCaseMethod, Cause::HmacSha256],
    );
    named(
        &hex(&hmac512(SECRET, &lower)),
        [Cause::LowerCaseMethod, Cause::Hex],
    );
    named(
        &hex(&hmac256(SECRET, &Signed::right().text())),
        [Cause::Hex, Cause::HmacSha256],
    );
}

#[test]
fn of_rsa() {
    let stage = Stage::new();
    let text = format!("{CLIENT}|2026-09-04T00:00:00Z");
    let signature = base64(&rsa(DOKU_KEY, "-sha256", &text));
    let other = Cause::OtherKey {
        owner: KeyOwner::Doku,
        fingerprint: stage.doku.fingerprint(),
    };
    let diagnosis = stage.token_request(&signature).diagnose();
    proves(&diagnosis, &[other, Cause::TimestampInOtherOffset]);
}

#[test]
fn three_are_one_too_many() {
    let signature = but(|signed| {
        signed.method = "post".to_owned();
        signed.path.push('/');
        signed.token.clear();
    });
    let stage = Stage::new();
    let diagnosis = stage.transaction(&signature).diagnose();
    assert_eq!(causes(&diagnosis), []);
    assert!(diagnosis.is_complete);
    assert!(diagnosis.tried > 1000, "{}", diagnosis.tried);
}
