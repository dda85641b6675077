//! Bearers written by hand: any header, any claims, any key. What issues tokens for good has one header and writes no other.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use doku_sign::{AccessToken, MerchantPrivateKey};
use getrandom::SysRng;
use hmac::{Hmac, KeyInit as _, Mac as _};
use rsa::pkcs8::DecodePrivateKey as _;
use rsa::traits::PublicKeyParts as _;
use serde_json::{Value, json};
use sha2::Sha256;

/// Header and claims, as they are signed.
fn signed_part(header: &Value, claims: &Value) -> String {
    format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header.to_string()),
        URL_SAFE_NO_PAD.encode(claims.to_string())
    )
}

/// With no signature, and the dot before it.
pub(super) fn unsigned(header: &Value, claims: &Value) -> AccessToken {
    AccessToken::new(format!("{}.", signed_part(header, claims)))
}

/// Signed by RSA and SHA-256, whatever the header says.
pub(super) fn rs256(
    key: &MerchantPrivateKey,
    header: &Value,
    claims: &Value,
) -> Result<AccessToken, String> {
    let signed = signed_part(header, claims);
    let signature = plain(key)?
        // Blinded by name, as `doku-sign` signs: one of the keys is the merchant's own.
        .pkcs1v15_sign_with_rng::<Sha256, _>(&mut SysRng, signed.as_bytes())
        .map_err(|error| error.to_string())?;
    let signature = URL_SAFE_NO_PAD.encode(signature);
    Ok(AccessToken::new(format!("{signed}.{signature}")))
}

/// Signed by HMAC and SHA-256.
pub(super) fn hs256(key: &[u8], header: &Value, claims: &Value) -> Result<AccessToken, String> {
    let signed = signed_part(header, claims);
    let mut mac = Hmac::<Sha256>::new_from_slice(key).map_err(|error| error.to_string())?;
    mac.update(signed.as_bytes());
    let tag = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
    Ok(AccessToken::new(format!("{signed}.{tag}")))
}

/// The public half as a token may carry it in its header.
pub(super) fn jwk(key: &MerchantPrivateKey) -> Result<Value, String> {
    let public = plain(key)?.to_public_key();
    Ok(json!({
        "kty": "RSA",
        "alg": "RS256",
        "use": "sig",
        "n": URL_SAFE_NO_PAD.encode(public.n_bytes()),
        "e": URL_SAFE_NO_PAD.encode(public.e_bytes()),
    }))
}

fn plain(key: &MerchantPrivateKey) -> Result<rsa::PrivateKey, String> {
    let pem = key.to_pkcs8_pem().map_err(|error| error.to_string())?;
    rsa::PrivateKey::from_pkcs8_pem(&pem).map_err(|error| error.to_string())
}
