//! What is wrong with a signature, asked of any request.

use std::sync::LazyLock;
use std::time::{Duration, SystemTime};

use doku_sign::diagnose::{Case, Diagnosis, Language, Presented, PresentedNonSnap};
use doku_sign::{AccessToken, ClientSecret, DokuPublicKey, MerchantPublicKey};

use crate::pairs::{DOKU, MERCHANT};

const SECRET: &str = "SK-penanda7rahasia";

/// More signatures than any request is worth.
const MOST: usize = 200_000;

static PUBLIC: LazyLock<(ClientSecret, MerchantPublicKey, DokuPublicKey)> = LazyLock::new(|| {
    (
        ClientSecret::new(SECRET).unwrap(),
        MERCHANT.public_key(),
        DOKU.public_key(),
    )
});

/// There is always a report, it comes after a bounded number of attempts, calls no signature right that nobody made, and
/// shows no secret.
///
/// The input is, in lines: method, path, timestamp, token, client id, signature, what they say they signed, the URL they
/// called; the rest is the body.
pub fn diagnose(input: &[u8]) {
    let mut parts = input.splitn(9, |byte| *byte == b'\n');
    let mut text = || String::from_utf8_lossy(parts.next().unwrap_or_default()).into_owned();
    let (method, path, timestamp, token) = (text(), text(), text(), text());
    let (client_id, signature, theirs, url) = (text(), text(), text(), text());
    let body = parts.next().unwrap_or_default();

    let token = (!token.is_empty()).then(|| AccessToken::new(token));
    let presented = Presented {
        method: &method,
        path: &path,
        timestamp: &timestamp,
        token: token.as_ref(),
        client_id: &client_id,
        body,
        signature: &signature,
    };
    let (secret, merchant, doku) = &*PUBLIC;
    let elsewhere = PresentedNonSnap {
        client_id: &client_id,
        request_id: &method,
        request_timestamp: &timestamp,
        request_target: &path,
        body,
        signature: &signature,
    };
    for case in [
        Case::transaction(presented, secret)
            .also(merchant)
            .also(doku),
        Case::token_request(presented, merchant)
            .also(doku)
            .also(secret),
        Case::asymmetric_transaction(presented, doku)
            .also(merchant)
            .also(secret),
        Case::non_snap(elsewhere, secret).also(merchant).also(doku),
    ] {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_789_269_370);
        let case = case.at(now).they_signed(&theirs).sent_to(&url);
        let diagnosis = case.diagnose();
        assert!(diagnosis.tried <= MOST, "tried {}", diagnosis.tried);
        assert!(!diagnosis.is_right, "nobody can have signed this");
        reports_without_secrets(&diagnosis, input);
    }
}

fn reports_without_secrets(diagnosis: &Diagnosis, input: &[u8]) {
    let sent = input
        .windows(SECRET.len())
        .any(|window| window == SECRET.as_bytes());
    for language in [Language::English, Language::Indonesian] {
        let report = diagnosis.report(language).to_string();
        assert!(!report.is_empty());
        assert!(sent || !report.contains(SECRET), "shows the secret");
    }
    let shown = format!("{diagnosis:?}");
    assert!(sent || !shown.contains(SECRET), "shows the secret");
}
