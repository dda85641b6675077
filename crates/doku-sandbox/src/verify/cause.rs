//! What went wrong with a signature: the mistakes that are cheap to recognise, tried one after the other.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use doku_sign::{
    AccessToken, ClientSecret, HmacSha512, MerchantPublicKey, MinifiedBody, RsaSha256, Signature,
    SignatureError, StringToSign,
};

use super::Presented;
use crate::journal::{Cause, SignatureReport};

/// The mistake behind the signature of a transaction.
pub(super) fn of_transaction(
    secret: &ClientSecret,
    call: &Presented<'_>,
    token: &AccessToken,
    timestamp: &str,
    expected: &StringToSign<HmacSha512>,
    presented: &str,
) -> SignatureReport {
    let fits = |text: &StringToSign<HmacSha512>, signature: &Signature| {
        secret.verify(text, signature).is_ok()
    };
    let signature = match Signature::from_base64(presented) {
        Ok(signature) => signature,
        Err(error) => {
            let fits = |signature: &Signature| fits(expected, signature);
            return report(expected.masked(), None, encoding(presented, error, fits));
        }
    };
    let method = call.operation.method().as_str();
    let path = call.target.split('?').next().unwrap_or_default();
    let body = MinifiedBody::of(call.body);
    let with = |method: &str, target: &str, token: &AccessToken, body: &MinifiedBody<'_>| {
        StringToSign::snap_transaction(method, target, token, body, timestamp)
    };
    let bearer = AccessToken::new(format!("Bearer {}", token.expose()));
    let lower = method.to_ascii_lowercase();
    let attempts = [
        (
            Cause::RawBody,
            with(method, call.target, token, &MinifiedBody::raw(call.body)),
        ),
        (
            Cause::EmptyBody,
            with(method, call.target, token, &MinifiedBody::empty()),
        ),
        (
            Cause::BearerInToken,
            with(method, call.target, &bearer, &body),
        ),
        (
            Cause::EmptyToken,
            with(method, call.target, &AccessToken::empty(), &body),
        ),
        (
            Cause::LowerCaseMethod,
            with(&lower, call.target, token, &body),
        ),
        (Cause::NoQuery, with(method, path, token, &body)),
    ];
    let urls = call.urls();
    let urls = urls
        .iter()
        .map(|url| (Cause::WholeUrl, with(method, url, token, &body)));
    attempts
        .into_iter()
        .chain(urls)
        .find(|(_, text)| fits(text, &signature))
        .map_or_else(
            || report(expected.masked(), None, Cause::Unknown),
            |(cause, text)| {
                let difference = expected
                    .first_difference(&text)
                    .map(|difference| difference.to_string());
                report(expected.masked(), Some((text.masked(), difference)), cause)
            },
        )
}

/// The mistake behind the signature of a token request.
pub(super) fn of_token_request(
    key: &MerchantPublicKey,
    expected: &StringToSign<RsaSha256>,
    presented: &str,
) -> SignatureReport {
    let cause = match Signature::from_base64(presented) {
        Ok(_) => Cause::Unknown,
        Err(error) => encoding(presented, error, |signature| {
            key.verify(expected, signature).is_ok()
        }),
    };
    report(expected.masked(), None, cause)
}

/// A text that is not base64: perhaps the right bytes in another alphabet.
fn encoding(presented: &str, error: SignatureError, fits: impl Fn(&Signature) -> bool) -> Cause {
    let (cause, bytes) = match error {
        SignatureError::LooksLikeHex => (Cause::Hex, from_hex(presented)),
        SignatureError::LooksLikeBase64Url => (
            Cause::Base64Url,
            URL_SAFE
                .decode(presented)
                .or_else(|_| URL_SAFE_NO_PAD.decode(presented))
                .ok(),
        ),
        _ => return Cause::NotBase64,
    };
    let right = bytes
        .and_then(|bytes| Signature::from_base64(&STANDARD.encode(bytes)).ok())
        .is_some_and(|signature| fits(&signature));
    if right { cause } else { Cause::NotBase64 }
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    text.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

fn report(
    expected: String,
    presented: Option<(String, Option<String>)>,
    cause: Cause,
) -> SignatureReport {
    let (presented, difference) = presented.unzip();
    SignatureReport {
        expected,
        presented,
        difference: difference.flatten(),
        cause,
        advice: cause.advice(),
    }
}

impl Presented<'_> {
    /// The URLs that this request may have been sent to.
    fn urls(&self) -> Vec<String> {
        let host = self.headers.get("host").and_then(|host| host.to_str().ok());
        host.map_or_else(Vec::new, |host| {
            ["http", "https"]
                .iter()
                .map(|scheme| format!("{scheme}://{host}{}", self.target))
                .collect()
        })
    }
}
