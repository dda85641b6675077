//! Keys from any text.

use std::error::Error;
use std::fmt::Debug;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use doku_sign::{
    Backend, DokuPrivateKey, DokuPublicKey, KeyError, MAX_KEY_BITS, MIN_KEY_BITS,
    MerchantPrivateKey, MerchantPublicKey, StringToSign,
};

use crate::edits::edited;
use crate::pairs::{self, MERCHANT, MERCHANT_PEM};

/// A run of key material as long as this is nobody else's text.
const RUN: usize = 24;

static MERCHANT_DER: LazyLock<Vec<u8>> = LazyLock::new(|| pairs::der(MERCHANT_PEM));
static PUBLIC_DER: LazyLock<Vec<u8>> =
    LazyLock::new(|| pairs::der(&MERCHANT.public_key().to_pem().unwrap()));

/// A text is a key, which can be written and read again, or an error that shows nothing of it.
///
/// The input is taken as the text, and as changes to the bytes of either half of a pair.
pub fn keys(input: &[u8]) {
    if let Ok(text) = str::from_utf8(input) {
        any_text(text);
    }
    for der in [&*MERCHANT_DER, &*PUBLIC_DER] {
        any_text(&STANDARD.encode(edited(der, input)));
    }
}

fn any_text(text: &str) {
    let merchant = MerchantPrivateKey::from_pem(text);
    let doku = DokuPrivateKey::from_pem(text);
    let merchant_public = MerchantPublicKey::from_pem(text);
    let doku_public = DokuPublicKey::from_pem(text);
    shows_nothing_of(text, &merchant);
    shows_nothing_of(text, &doku);
    shows_nothing_of(text, &merchant_public);
    shows_nothing_of(text, &doku_public);
    assert_eq!(merchant.is_ok(), doku.is_ok(), "whose key it is matters");
    assert_eq!(merchant_public.is_ok(), doku_public.is_ok());
    assert!(merchant.is_err() || merchant_public.is_err(), "both halves");

    if let Ok(key) = merchant {
        assert!((MIN_KEY_BITS..=MAX_KEY_BITS).contains(&key.bits()));
        let again = MerchantPrivateKey::from_pem(&key.to_pkcs8_pem().unwrap()).unwrap();
        assert_eq!(again.fingerprint(), key.fingerprint());
        assert_eq!(again.public_key(), key.public_key());
        let to_sign = StringToSign::snap_token("MCH-0008", "2026-09-13T03:16:10Z");
        let mut signed = Vec::new();
        for backend in Backend::all() {
            // An unusual key may be one for a single backend, and one that does not fit itself fails to sign.
            let Ok(key) = key.clone().on(*backend) else {
                continue;
            };
            if let Ok(signature) = key.sign(&to_sign) {
                assert!(key.public_key().verify(&to_sign, &signature).is_ok());
                signed.push(signature.to_base64());
            }
        }
        assert!(signed.windows(2).all(|two| two[0] == two[1]), "{signed:?}");
    }
    if let Ok(key) = merchant_public {
        assert!((MIN_KEY_BITS..=MAX_KEY_BITS).contains(&key.bits()));
        assert_eq!(
            MerchantPublicKey::from_pem(&key.to_pem().unwrap()).unwrap(),
            key
        );
    }
}

/// No run of key material of the text is in what is printed of the key or of the error.
fn shows_nothing_of(text: &str, read: &Result<impl Debug, KeyError>) {
    let mut shown = format!("{read:?}");
    if let Err(error) = read {
        let mut cause: Option<&dyn Error> = Some(error);
        while let Some(error) = cause {
            let told = error.to_string();
            assert!(!told.is_empty());
            shown.push_str(&told);
            cause = error.source();
        }
    }
    let material = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'=');
    for run in shown.as_bytes().chunk_by(|a, b| material(a) && material(b)) {
        for window in run.windows(RUN) {
            let window = str::from_utf8(window).unwrap();
            assert!(!text.contains(window), "shows {window}");
        }
    }
}
