//! The parts of a non-SNAP signature: DOKU checkout, cards, e-wallets and VA v2.
//!
//! Unlike SNAP, the body is hashed raw, not minified, and the hash travels in base64.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

/// What is signed in a call to a non-SNAP API.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::exhaustive_structs, reason = "the formula is fixed by DOKU")]
pub struct NonSnapRequest<'a> {
    /// The header `Client-Id`.
    pub client_id: &'a str,
    /// The header `Request-Id`, at most 128 characters.
    pub request_id: &'a str,
    /// The header `Request-Timestamp`: UTC, `yyyy-MM-ddTHH:mm:ssZ`.
    pub request_timestamp: &'a str,
    /// The path that is called, beginning with `/`. For a notification, the path of the
    /// merchant's notification URL.
    pub request_target: &'a str,
    /// The digest of the raw body; none for a call without a body, such as GET.
    pub digest: Option<&'a Digest>,
}

/// What is signed in the answer of a non-SNAP API.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::exhaustive_structs, reason = "the formula is fixed by DOKU")]
pub struct NonSnapResponse<'a> {
    /// The header `Client-Id` of the answer.
    pub client_id: &'a str,
    /// The header `Request-Id` of the answer.
    pub request_id: &'a str,
    /// The header `Response-Timestamp` of the answer.
    pub response_timestamp: &'a str,
    /// The path that was called, beginning with `/`.
    pub request_target: &'a str,
    /// The digest of the raw body; none for an answer without a body.
    pub digest: Option<&'a Digest>,
}

/// The header `Digest`: base64 of the SHA-256 of the raw body.
///
/// ```
/// use doku_sign::Digest;
///
/// assert_eq!(Digest::of(b"{}").as_str(), "RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Digest(String);

impl Digest {
    /// The digest of a body as it is sent, byte for byte.
    #[must_use]
    pub fn of(raw_body: &[u8]) -> Self {
        Self(STANDARD.encode(Sha256::digest(raw_body)))
    }

    /// The header value.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}
