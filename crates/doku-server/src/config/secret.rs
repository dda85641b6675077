//! What webhooks are signed with.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::{Zeroize as _, Zeroizing};

const PREFIX: &str = "whsec_";

/// A secret of the Standard Webhooks scheme: `whsec_` and 24 to 64 bytes in base64. Wiped when it is dropped, never shown.
///
/// ```
/// use doku_server::WebhookSecret;
///
/// let secret: WebhookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".parse()?;
/// assert_eq!(format!("{secret:?}"), "WebhookSecret(…)");
/// # Ok::<(), doku_server::InvalidSecret>(())
/// ```
#[derive(Clone)]
pub struct WebhookSecret(Zeroizing<Vec<u8>>);

/// A text that is no such secret. It is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidSecret {
    /// No `whsec_` before it.
    #[error(
        "a webhook secret begins with whsec_; make one with `echo whsec_$(openssl rand -base64 32)`"
    )]
    Prefix,
    /// Not base64.
    #[error("after whsec_ a webhook secret is base64")]
    Base64,
    /// Too short or too long.
    #[error("a webhook secret has 24 to 64 bytes, not {0}")]
    Length(usize),
}

impl WebhookSecret {
    /// `v1,` and the signature over the message's id, its moment in seconds, and its body.
    pub(crate) fn sign(&self, id: &str, seconds: i64, body: &[u8]) -> Option<String> {
        // A key of any length serves HMAC; the error is never made.
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).ok()?;
        mac.update(format!("{id}.{seconds}.").as_bytes());
        mac.update(body);
        let signature = STANDARD.encode(mac.finalize().into_bytes());
        Some(format!("v1,{signature}"))
    }
}

impl FromStr for WebhookSecret {
    type Err = InvalidSecret;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let encoded = text
            .trim()
            .strip_prefix(PREFIX)
            .ok_or(InvalidSecret::Prefix)?;
        let mut bytes = STANDARD
            .decode(encoded)
            .map_err(|_| InvalidSecret::Base64)?;
        if !(24..=64).contains(&bytes.len()) {
            let found = bytes.len();
            bytes.zeroize();
            return Err(InvalidSecret::Length(found));
        }
        Ok(Self(Zeroizing::new(bytes)))
    }
}

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookSecret(…)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_no_secret_is_refused() {
        for (text, error) in [
            ("", InvalidSecret::Prefix),
            ("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", InvalidSecret::Prefix),
            ("whsec_!", InvalidSecret::Base64),
            ("whsec_", InvalidSecret::Length(0)),
            ("whsec_AAAA", InvalidSecret::Length(3)),
        ] {
            assert_eq!(text.parse::<WebhookSecret>().unwrap_err(), error, "{text}");
        }
        let long = format!("whsec_{}", STANDARD.encode([0_u8; 65]));
        assert_eq!(
            long.parse::<WebhookSecret>().unwrap_err(),
            InvalidSecret::Length(65)
        );
    }

    proptest! {
        /// The scheme's own crate understands our signatures, and refuses them for another body.
        #[test]
        fn signatures_are_those_of_the_scheme(key in proptest::collection::vec(any::<u8>(), 24..=64), body: String, n: u32) {
            let text = format!("whsec_{}", STANDARD.encode(&key));
            let secret: WebhookSecret = text.parse().unwrap();
            let id = format!("evt_{n}");
            let seconds = time::OffsetDateTime::now_utc().unix_timestamp();
            let signature = secret.sign(&id, seconds, body.as_bytes()).unwrap();
            let theirs = standardwebhooks::Webhook::new(&text).unwrap();
            let mut headers = http::HeaderMap::new();
            headers.insert("webhook-id", id.parse().unwrap());
            headers.insert("webhook-timestamp", seconds.to_string().parse().unwrap());
            headers.insert("webhook-signature", signature.parse().unwrap());
            prop_assert!(theirs.verify(body.as_bytes(), &headers).is_ok());
            let other = format!("{body} ");
            prop_assert!(theirs.verify(other.as_bytes(), &headers).is_err());
        }
    }
}
