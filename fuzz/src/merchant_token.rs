//! The bearer that a merchant issues, verified from any text.

use std::sync::LazyLock;
use std::time::{Duration, SystemTime};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::RSA_PKCS1_SHA256;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use doku_sign::{AccessToken, Backend, MerchantPublicKey, MerchantToken, TokenError, TokenParties};

use crate::edits::edited;
use crate::lookup;
use crate::pairs::{self, DOKU_PEM, MERCHANT, MERCHANT_PEM};

const PARTIES: TokenParties<'static> = TokenParties {
    issuer: "my-shop",
    client_id: "MCH-0008",
};

/// 2026-09-13T03:16:10Z, in seconds.
const NOW: u64 = 1_789_269_370;
const LIFE: Duration = Duration::from_secs(900);

static ISSUED: LazyLock<AccessToken> =
    LazyLock::new(|| MerchantToken::issue(&MERCHANT, PARTIES, now(), LIFE).unwrap());

/// The same key on every backend.
static OURS: LazyLock<Vec<MerchantPublicKey>> = LazyLock::new(|| {
    let on = |backend: &Backend| MERCHANT.public_key().on(*backend).unwrap();
    Backend::all().iter().map(on).collect()
});

static MERCHANT_SIGNS: LazyLock<KeyPair> = LazyLock::new(|| signing(MERCHANT_PEM));
static STRANGER_SIGNS: LazyLock<KeyPair> = LazyLock::new(|| signing(DOKU_PEM));

fn signing(pem: &str) -> KeyPair {
    KeyPair::from_pkcs8(&pairs::der(pem)).unwrap()
}

fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(NOW)
}

fn verify(token: &str) -> Result<MerchantToken, TokenError> {
    let token = AccessToken::new(token);
    let on = |key| MerchantToken::verify(&token, std::slice::from_ref(key), PARTIES, now());
    let said: Vec<_> = OURS.iter().map(on).collect();
    assert!(said.windows(2).all(|two| two[0] == two[1]), "{said:?}");
    said[0].clone()
}

/// Nothing is accepted but what the merchant signed, in the one spelling it has, for these parties and this moment.
///
/// The input is taken in four ways: as a token; as changes to a token that is good; and, in two lines, as header and
/// claims that a stranger signs, and that the merchant signs.
pub fn merchant_token(input: &[u8]) {
    let changed = String::from_utf8_lossy(&edited(ISSUED.expose().as_bytes(), input)).into_owned();
    assert_eq!(verify(&changed).is_ok(), changed == ISSUED.expose());

    let Ok(text) = str::from_utf8(input) else {
        return;
    };
    if let Ok(token) = verify(text) {
        assert_eq!(text, ISSUED.expose(), "{token}");
    }
    let Some((header, claims)) = text.split_once('\n') else {
        return;
    };
    let by_a_stranger = signed(&STRANGER_SIGNS, header, claims);
    assert!(verify(&by_a_stranger).is_err(), "a stranger's token");
    // Our own key signs nothing but our own claims, and yet: what it signs must still say the right things.
    if let Ok(token) = verify(&signed(&MERCHANT_SIGNS, header, claims)) {
        says_the_right_things(header, claims, &token);
    }
}

fn signed(key: &KeyPair, header: &str, claims: &str) -> String {
    let mut token = URL_SAFE_NO_PAD.encode(header);
    token.push('.');
    token.push_str(&URL_SAFE_NO_PAD.encode(claims));
    let mut signature = vec![0; key.public_modulus_len()];
    let random = SystemRandom::new();
    key.sign(&RSA_PKCS1_SHA256, &random, token.as_bytes(), &mut signature)
        .unwrap();
    token.push('.');
    token.push_str(&URL_SAFE_NO_PAD.encode(signature));
    token
}

fn says_the_right_things(header: &str, claims: &str, token: &MerchantToken) {
    assert_eq!(lookup::text(header, &["alg"]).as_deref(), Some("RS256"));
    assert!(lookup::member(header, &["crit"]).is_none());
    if lookup::member(header, &["typ"]).is_some() {
        assert_eq!(lookup::text(header, &["typ"]).as_deref(), Some("JWT"));
    }
    let issuer = lookup::text(claims, &["iss"]).or_else(|| lookup::text(claims, &["issuer"]));
    assert_eq!(issuer.as_deref(), Some(PARTIES.issuer));
    assert_eq!(token.issuer(), PARTIES.issuer);
    let client_id = lookup::text(claims, &["clientId"]);
    assert_eq!(client_id.as_deref(), Some(PARTIES.client_id));
    assert_eq!(token.client_id(), PARTIES.client_id);
    let expires: u64 = lookup::text(claims, &["exp"]).unwrap().parse().unwrap();
    assert!(expires.saturating_add(MerchantToken::LEEWAY.as_secs()) > NOW);
    let since = token.expires_at().duration_since(SystemTime::UNIX_EPOCH);
    assert_eq!(since.unwrap().as_secs(), expires);
}
