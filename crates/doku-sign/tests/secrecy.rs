//! Secrets are planted and then looked for in everything that can be printed.

mod support;

use std::error::Error;
use std::fmt::{Debug, Display};
use std::time::{Duration, SystemTime};

use doku_sign::{
    AccessToken, Backend, Bearer, ClientSecret, DokuPrivateKey, MerchantPrivateKey,
    MerchantPublicKey, MerchantToken, MinifiedBody, NonSnapSignature, Signature, SnapTransaction,
    StringToSign, TokenParties,
};
use support::{DOKU_KEY, MERCHANT_KEY, PASSPHRASE, doku, merchant};

const MARKER: &str = "PENANDA7RAHASIA";

/// Fails if any run of the marker, or of the key's base64, can be seen.
fn hides(printed: &str) {
    assert!(!printed.contains(MARKER), "{printed}");
    assert!(!printed.contains(&MARKER.to_lowercase()), "{printed}");
    assert!(!printed.contains(PASSPHRASE), "{printed}");
    // The bytes of the marker as a derived Debug would list them.
    let listed = format!("{:?}", MARKER.as_bytes());
    assert!(
        !printed.contains(listed.trim_matches(['[', ']'])),
        "{printed}"
    );
    for pem in [MERCHANT_KEY, DOKU_KEY] {
        for line in pem
            .lines()
            .filter(|line| line.len() == 64 && !line.contains(' '))
        {
            for window in line.as_bytes().windows(12) {
                let window = str::from_utf8(window).unwrap();
                assert!(!printed.contains(window), "{printed}");
            }
        }
    }
}

fn hides_debug(value: &impl Debug) {
    hides(&format!("{value:?}"));
    hides(&format!("{value:#?}"));
}

fn hides_error<E: Error>(error: E) {
    hides_debug(&error);
    let mut source: Option<&dyn Error> = Some(&error);
    while let Some(error) = source {
        hides(&error.to_string());
        source = error.source();
    }
}

fn hides_both(value: &(impl Debug + Display)) {
    hides_debug(value);
    hides(&value.to_string());
    hides(&format!("{value:#}"));
}

#[test]
fn the_search_finds_what_is_shown() {
    for shown in [
        format!("a {MARKER} b"),
        format!("{:?}", MARKER.as_bytes().to_vec()),
        MERCHANT_KEY.to_owned(),
        merchant().to_pkcs8_pem().unwrap().replace('\n', ""),
    ] {
        std::panic::catch_unwind(|| hides(&shown)).unwrap_err();
    }
}

#[test]
fn values_do_not_show_secrets() {
    let token = AccessToken::new(MARKER);
    let bearer = Bearer::from(&token);
    let body_hash = MinifiedBody::empty().sha256_hex();
    hides(&format!("{bearer:?}"));
    hides(&format!(
        "{:?}",
        SnapTransaction {
            method: "POST",
            path: "/p",
            token: bearer,
            body_hash: &body_hash,
            timestamp: "t",
        }
    ));
    let body = format!("{{\"virtualAccountName\":\"{MARKER}\"}}");
    let body = MinifiedBody::of(body.as_bytes());
    let secret = ClientSecret::new(MARKER).unwrap();
    let to_sign = StringToSign::snap_transaction("POST", "/p", &token, &body, "t");

    hides_debug(&secret.begin_transaction("POST", "/p", bearer));
    hides_debug(&token);
    hides_debug(&body);
    hides_debug(&secret);
    hides_both(&to_sign);
    hides(&to_sign.masked());
    hides_debug(&secret.sign(&to_sign));

    for backend in Backend::all() {
        let key = merchant().on(*backend).unwrap();
        hides_debug(&key);
        hides_both(&key.fingerprint());
        // The public half may be shown; its Debug does not show it anyway.
        hides_debug(&key.public_key());
        hides_debug(&doku().on(*backend).unwrap());
    }
}

#[test]
fn what_a_key_shows_is_enough_to_tell_it_apart() {
    let shown = format!("{:?}", merchant());
    assert!(
        shown.starts_with("PrivateKey(merchant, 2048 bits, "),
        "{shown}"
    );
    assert!(
        shown.contains(&merchant().fingerprint().to_string()),
        "{shown}"
    );
}

#[test]
fn differences_do_not_show_tokens() {
    let with = |token: &str, path: &str| {
        let token = AccessToken::new(token);
        StringToSign::snap_transaction("POST", path, &token, &MinifiedBody::empty(), "t")
    };
    let ours = with(MARKER, "/p");
    let twin = with(&format!("{MARKER}-2"), "/p");
    hides_both(&ours.first_difference(&twin).unwrap());
    hides_both(&twin.first_difference(&ours).unwrap());
    hides_both(&ours.first_difference(&with("", "/p")).unwrap());
    hides_both(&ours.first_difference(&with(MARKER, "/q")).unwrap());
}

#[test]
fn errors_do_not_show_what_was_given() {
    hides_error(ClientSecret::new(&format!(" {MARKER}")).unwrap_err());
    hides_error(AccessToken::from_authorization(MARKER).unwrap_err());
    hides_error(AccessToken::from_authorization(&format!("Bearer {MARKER} x")).unwrap_err());
    hides_error(Signature::from_base64(&format!("{MARKER}!")).unwrap_err());
    hides_error(NonSnapSignature::from_header(MARKER).unwrap_err());

    let lines: Vec<&str> = MERCHANT_KEY.lines().collect();
    for damaged in [
        format!("{MARKER}!"),
        MARKER.to_owned(),
        MERCHANT_KEY.replace("-----END", MARKER),
        MERCHANT_KEY.replace("MII", &format!("{MARKER}!")),
        MERCHANT_KEY.replace("MII", MARKER),
        MERCHANT_KEY.replace(lines[4], lines[5]),
        MERCHANT_KEY.replace(lines[24], lines[5]),
        format!("{MERCHANT_KEY}{DOKU_KEY}"),
    ] {
        hides_error(MerchantPrivateKey::from_pem(&damaged).unwrap_err());
        hides_error(DokuPrivateKey::from_pem(&damaged).unwrap_err());
        hides_error(MerchantPublicKey::from_pem(&damaged).unwrap_err());
    }
    hides_error(MerchantPublicKey::from_pem(MERCHANT_KEY).unwrap_err());
}

#[cfg(feature = "encrypted-keys")]
#[test]
fn errors_do_not_show_passphrases() {
    use support::MERCHANT_KEY_PBE_SHA1_3DES;

    let wrong = MerchantPrivateKey::from_encrypted_pem(MERCHANT_KEY_PBE_SHA1_3DES, MARKER);
    hides_error(wrong.unwrap_err());
    hides_error(MerchantPrivateKey::from_encrypted_pem(MERCHANT_KEY, PASSPHRASE).unwrap_err());
    hides_error(MerchantPrivateKey::from_pem(MERCHANT_KEY_PBE_SHA1_3DES).unwrap_err());
}

#[test]
fn errors_of_tokens_do_not_show_tokens() {
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_788_480_000);
    let parties = TokenParties {
        issuer: "toko",
        client_id: "MCH",
    };
    let key = merchant();
    let planted = TokenParties {
        issuer: MARKER,
        client_id: MARKER,
    };
    let token = MerchantToken::issue(&key, planted, now, Duration::from_secs(1)).unwrap();
    let later = now + Duration::from_secs(500);

    let text = token.expose().to_owned();
    let expect = |token: &str, parties, at| {
        let token = AccessToken::new(token);
        let error = MerchantToken::verify(&token, &[key.public_key()], parties, at).unwrap_err();
        assert!(!error.to_string().contains(&text[40..60]), "{error}");
        hides_error(error);
    };
    expect(&text, parties, now);
    expect(&text, planted, later);
    expect(&text[1..], planted, now);
    expect(&text[..text.len() - 9], planted, now);
    expect(MARKER, planted, now);
}
