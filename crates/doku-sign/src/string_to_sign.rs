//! The second stage of a signature: the exact text that is signed.
//!
//! One constructor for each formula. The type parameter is the algorithm the formula is for, so a
//! text that wants RSA cannot be given to an HMAC secret.

use std::fmt;
use std::marker::PhantomData;

use crate::access_token::AccessToken;
use crate::body::{BodyHash, MinifiedBody};
use crate::non_snap::{Digest, NonSnapRequest, NonSnapResponse};
use crate::transaction::SnapTransaction;

mod difference;
mod text;

pub use difference::Difference;
use text::NON_SNAP_RESPONSE;
pub(crate) use text::{
    Formula, NON_SNAP_REQUEST, SNAP_ASYMMETRIC_TRANSACTION, SNAP_TOKEN, SNAP_TRANSACTION, Text,
};

/// An algorithm that signs a [`StringToSign`]. There are three, and there will be no fourth one
/// from outside this crate.
pub trait Algorithm: sealed::Sealed {}

/// RSA PKCS#1 v1.5 with SHA-256: tokens, and asymmetric transactions.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "a marker without values")]
pub enum RsaSha256 {}

/// HMAC-SHA-512 with the client secret: every SNAP transaction.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "a marker without values")]
pub enum HmacSha512 {}

/// HMAC-SHA-256 with the client secret: DOKU's non-SNAP APIs.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "a marker without values")]
pub enum HmacSha256 {}

impl Algorithm for RsaSha256 {}
impl Algorithm for HmacSha512 {}
impl Algorithm for HmacSha256 {}

mod sealed {
    #[expect(unnameable_types, reason = "that is what seals it")]
    pub trait Sealed {}
    impl Sealed for super::RsaSha256 {}
    impl Sealed for super::HmacSha512 {}
    impl Sealed for super::HmacSha256 {}
}

/// A part of a string-to-sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Component {
    /// The client id: `X-CLIENT-KEY` or `Client-Id`.
    ClientId,
    /// The timestamp, as the exact text of its header.
    Timestamp,
    /// The HTTP method.
    Method,
    /// The path of a SNAP call, or the `Request-Target` of a non-SNAP call.
    Path,
    /// The access token.
    AccessToken,
    /// The SHA-256 of the body.
    BodyHash,
    /// The `Request-Id` of a non-SNAP call.
    RequestId,
}

impl fmt::Display for Component {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ClientId => "client id",
            Self::Timestamp => "timestamp",
            Self::Method => "method",
            Self::Path => "path",
            Self::AccessToken => "access token",
            Self::BodyHash => "body hash",
            Self::RequestId => "request id",
        })
    }
}

/// The text that is signed, made by exactly one constructor per formula.
///
/// It may hold an access token. `Debug`, `Display` and [`masked`](Self::masked) show the token's
/// length in its place, and the memory is wiped when the value is dropped.
///
/// The algorithm is part of the type, so the wrong key does not compile:
///
/// ```compile_fail,E0308
/// use doku_sign::{ClientSecret, StringToSign};
///
/// let secret = ClientSecret::new("SK-EXAMPLE").unwrap();
/// // A token request is signed with the merchant's private key, never with the secret.
/// secret.sign(&StringToSign::snap_token("MCH-0008", "2026-09-04T00:00:00Z"));
/// ```
pub struct StringToSign<A: Algorithm> {
    text: Text,
    algorithm: PhantomData<fn() -> A>,
}

impl StringToSign<RsaSha256> {
    /// For the token call: `clientId|timestamp`.
    ///
    /// `timestamp` is the exact text of `X-TIMESTAMP`. The body is not part of this signature.
    /// Source: DOKU documentation, asymmetric signature.
    ///
    /// ```
    /// use doku_sign::StringToSign;
    ///
    /// let to_sign = StringToSign::snap_token("MCH-0008", "2026-09-04T00:00:00Z");
    /// assert_eq!(to_sign.as_bytes(), b"MCH-0008|2026-09-04T00:00:00Z");
    /// ```
    #[must_use]
    pub fn snap_token(client_id: &str, timestamp: &str) -> Self {
        Self::assemble(SNAP_TOKEN, &[client_id, timestamp])
    }

    /// For a transaction that is signed with RSA: `METHOD:path:body hash:timestamp`.
    ///
    /// Documented by DOKU and used by other SNAP providers; virtual accounts use
    /// [`snap_transaction`](StringToSign::snap_transaction).
    #[must_use]
    pub fn snap_asymmetric_transaction(
        method: &str,
        path: &str,
        body: &MinifiedBody<'_>,
        timestamp: &str,
    ) -> Self {
        let hash = body.sha256_hex();
        Self::snap_asymmetric_transaction_hashed(method, path, &hash, timestamp)
    }

    /// The same where only the hash of the body is known.
    #[must_use]
    pub fn snap_asymmetric_transaction_hashed(
        method: &str,
        path: &str,
        body_hash: &BodyHash,
        timestamp: &str,
    ) -> Self {
        let parts = [method, path, body_hash.as_str(), timestamp];
        Self::assemble(SNAP_ASYMMETRIC_TRANSACTION, &parts)
    }
}

impl StringToSign<HmacSha512> {
    /// For every transactional SNAP call: `METHOD:path:token:body hash:timestamp`.
    ///
    /// `method` is upper case, as HTTP has it. `path` begins with `/`, has no scheme and no host,
    /// and includes the query if there is one. `timestamp` is the exact text of `X-TIMESTAMP`.
    /// All are taken as they are. Source: DOKU documentation, symmetric signature.
    ///
    /// ```
    /// use doku_sign::{AccessToken, MinifiedBody, StringToSign};
    ///
    /// let to_sign = StringToSign::snap_transaction(
    ///     "POST",
    ///     "/path",
    ///     &AccessToken::new("TOKEN"),
    ///     &MinifiedBody::empty(),
    ///     "2024-03-19T14:39:01+07:00",
    /// );
    /// assert_eq!(
    ///     to_sign.to_string(),
    ///     "POST:/path:[token, 5 chars]:\
    ///      e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855:\
    ///      2024-03-19T14:39:01+07:00",
    /// );
    /// ```
    #[must_use]
    pub fn snap_transaction(
        method: &str,
        path: &str,
        token: &AccessToken,
        body: &MinifiedBody<'_>,
        timestamp: &str,
    ) -> Self {
        Self::snap_transaction_hashed(method, path, token, &body.sha256_hex(), timestamp)
    }

    /// The same where only the hash of the body is known.
    #[must_use]
    pub fn snap_transaction_hashed(
        method: &str,
        path: &str,
        token: &AccessToken,
        body_hash: &BodyHash,
        timestamp: &str,
    ) -> Self {
        let transaction = SnapTransaction {
            method,
            path,
            token: token.into(),
            body_hash,
            timestamp,
        };
        transaction.string_to_sign()
    }
}

impl SnapTransaction<'_> {
    /// The text that is signed, written out.
    #[must_use]
    pub fn string_to_sign(&self) -> StringToSign<HmacSha512> {
        StringToSign::assemble(SNAP_TRANSACTION, &self.parts())
    }
}

impl StringToSign<HmacSha256> {
    /// For a call to one of DOKU's non-SNAP APIs: labelled lines, the last of them the
    /// [`Digest`] of the raw body, left out when there is no body.
    ///
    /// ```
    /// use doku_sign::{NonSnapRequest, StringToSign};
    ///
    /// let to_sign = StringToSign::non_snap_request(&NonSnapRequest {
    ///     client_id: "MCH-0008",
    ///     request_id: "11111111-2222-3333-4444-555555555555",
    ///     request_timestamp: "2026-09-04T00:00:00Z",
    ///     request_target: "/orders/v1/status/INV-0001",
    ///     digest: None,
    /// });
    /// assert_eq!(to_sign.as_bytes(), b"Client-Id:MCH-0008\n\
    ///     Request-Id:11111111-2222-3333-4444-555555555555\n\
    ///     Request-Timestamp:2026-09-04T00:00:00Z\n\
    ///     Request-Target:/orders/v1/status/INV-0001");
    /// ```
    #[must_use]
    pub fn non_snap_request(request: &NonSnapRequest<'_>) -> Self {
        Self::non_snap(
            NON_SNAP_REQUEST,
            [
                request.client_id,
                request.request_id,
                request.request_timestamp,
                request.request_target,
            ],
            request.digest,
        )
    }

    /// For the answer of a non-SNAP API: as the request, with `Response-Timestamp`.
    ///
    /// `request_target` is the path that was called.
    #[must_use]
    pub fn non_snap_response(response: &NonSnapResponse<'_>) -> Self {
        Self::non_snap(
            NON_SNAP_RESPONSE,
            [
                response.client_id,
                response.request_id,
                response.response_timestamp,
                response.request_target,
            ],
            response.digest,
        )
    }

    fn non_snap(
        formula: &'static Formula,
        [client_id, request_id, timestamp, target]: [&str; 4],
        digest: Option<&Digest>,
    ) -> Self {
        match digest {
            Some(digest) => {
                let parts = [client_id, request_id, timestamp, target, digest.as_str()];
                Self::assemble(formula, &parts)
            }
            None => Self::assemble(formula, &[client_id, request_id, timestamp, target]),
        }
    }
}

impl<A: Algorithm> StringToSign<A> {
    #[inline]
    fn assemble(formula: &'static Formula, parts: &[&str]) -> Self {
        Self {
            text: Text::assemble(formula, parts),
            algorithm: PhantomData,
        }
    }

    /// The bytes that are signed, token included.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// The text with the access token replaced by its length, fit for logs.
    #[must_use]
    pub fn masked(&self) -> String {
        self.text.masked()
    }

    /// Compares part by part; `None` when both are the same text.
    ///
    /// For explaining a mismatch on the inside. It is not a verification, and its result is not
    /// for whoever sent the wrong signature.
    #[must_use]
    pub fn first_difference(&self, theirs: &Self) -> Option<Difference> {
        self.text.first_difference(&theirs.text)
    }
}

impl<A: Algorithm> Clone for StringToSign<A> {
    fn clone(&self) -> Self {
        Self {
            text: self.text.clone(),
            algorithm: PhantomData,
        }
    }
}

impl<A: Algorithm> fmt::Display for StringToSign<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl<A: Algorithm> fmt::Debug for StringToSign<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("StringToSign").field(&self.masked()).finish()
    }
}
