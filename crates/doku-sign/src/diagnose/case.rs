//! What is asked: what was presented, and what it should have been verified with.

use std::fmt;
use std::time::{Duration, SystemTime};

use super::KeyOwner;
use super::scheme::TextKind;
use crate::access_token::AccessToken;
use crate::client_secret::ClientSecret;
use crate::key::{DokuPublicKey, MerchantPublicKey, Recovered};
use crate::signature::Signature;

/// A request as it arrived, with the signature that it carries.
///
/// What a call does not have is left empty. All of it takes part in finding out which formula was
/// used, so a token request should name its method, path and body as well.
#[derive(Clone, Copy)]
#[expect(clippy::exhaustive_structs, reason = "the parts of SNAP's signatures")]
pub struct Presented<'a> {
    /// The HTTP method.
    pub method: &'a str,
    /// Path and query as they arrived, beginning with `/`.
    pub path: &'a str,
    /// The exact text of `X-TIMESTAMP`.
    pub timestamp: &'a str,
    /// The token that should have been signed: the one of the `Authorization` header.
    pub token: Option<&'a AccessToken>,
    /// The client id that should have been signed: `X-CLIENT-KEY`, or `X-PARTNER-ID`.
    pub client_id: &'a str,
    /// The body, byte for byte as it arrived.
    pub body: &'a [u8],
    /// The text of `X-SIGNATURE`.
    pub signature: &'a str,
}

impl fmt::Debug for Presented<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Presented")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("timestamp", &self.timestamp)
            .field("token", &self.token)
            .field("client_id", &self.client_id)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .field("signature", &format_args!("{} bytes", self.signature.len()))
            .finish()
    }
}

/// A non-SNAP request as it arrived, with the signature that it carries: to checkout, say, or a
/// notification of it to the merchant.
#[derive(Clone, Copy)]
#[expect(
    clippy::exhaustive_structs,
    reason = "the parts of DOKU's non-SNAP signature"
)]
pub struct PresentedNonSnap<'a> {
    /// The header `Client-Id`.
    pub client_id: &'a str,
    /// The header `Request-Id`.
    pub request_id: &'a str,
    /// The exact text of the header `Request-Timestamp`.
    pub request_timestamp: &'a str,
    /// Path and query as they arrived, beginning with `/`.
    pub request_target: &'a str,
    /// The body, byte for byte as it arrived.
    pub body: &'a [u8],
    /// The text of the header `Signature`, `HMACSHA256=` included.
    pub signature: &'a str,
}

impl fmt::Debug for PresentedNonSnap<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PresentedNonSnap")
            .field("client_id", &self.client_id)
            .field("request_id", &self.request_id)
            .field("request_timestamp", &self.request_timestamp)
            .field("request_target", &self.request_target)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .field("signature", &format_args!("{} bytes", self.signature.len()))
            .finish()
    }
}

/// A key that may have been used.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Key<'a> {
    /// A client secret, current or previous.
    Secret(&'a ClientSecret),
    /// A public key of the merchant.
    Merchant(&'a MerchantPublicKey),
    /// A public key of DOKU.
    Doku(&'a DokuPublicKey),
}

impl<'a> From<&'a ClientSecret> for Key<'a> {
    fn from(secret: &'a ClientSecret) -> Self {
        Self::Secret(secret)
    }
}

impl<'a> From<&'a MerchantPublicKey> for Key<'a> {
    fn from(key: &'a MerchantPublicKey) -> Self {
        Self::Merchant(key)
    }
}

impl<'a> From<&'a DokuPublicKey> for Key<'a> {
    fn from(key: &'a DokuPublicKey) -> Self {
        Self::Doku(key)
    }
}

impl Key<'_> {
    pub(super) fn recover(&self, signature: &Signature) -> Option<Recovered> {
        match self {
            Self::Secret(_) => None,
            Self::Merchant(key) => key.recover(signature),
            Self::Doku(key) => key.recover(signature),
        }
    }

    pub(super) fn verifies(&self, message: &[u8], signature: &Signature) -> bool {
        match self {
            Self::Secret(_) => false,
            Self::Merchant(key) => key.verify_bytes(message, signature).is_ok(),
            Self::Doku(key) => key.verify_bytes(message, signature).is_ok(),
        }
    }

    /// The mistake of using this key in the place of another.
    pub(super) fn as_other(&self) -> Option<super::Cause> {
        let (owner, fingerprint) = match self {
            Self::Secret(_) => return None,
            Self::Merchant(key) => (KeyOwner::Merchant, key.fingerprint()),
            Self::Doku(key) => (KeyOwner::Doku, key.fingerprint()),
        };
        Some(super::Cause::OtherKey { owner, fingerprint })
    }

    /// The size of its RSA signatures in bytes; none for a secret.
    pub(super) fn rsa_bytes(&self) -> Option<usize> {
        match self {
            Self::Secret(_) => None,
            Self::Merchant(key) => Some(key.bits().div_ceil(8)),
            Self::Doku(key) => Some(key.bits().div_ceil(8)),
        }
    }
}

/// A signature to be looked into.
///
/// Made by the constructor of the call's formula, told more about by the methods that follow, and
/// asked by [`diagnose`](Self::diagnose).
///
/// ```
/// use doku_sign::diagnose::{Case, Cause, Presented};
/// use doku_sign::{MerchantPrivateKey, StringToSign};
///
/// let (key, other) = (MerchantPrivateKey::generate(2048)?, MerchantPrivateKey::generate(2048)?);
/// let to_sign = StringToSign::snap_token("MCH-0008", "2026-09-04T00:00:00Z");
/// let presented = Presented {
///     method: "POST",
///     path: "/authorization/v1/access-token/b2b",
///     timestamp: "2026-09-04T00:00:00Z",
///     token: None,
///     client_id: "MCH-0008",
///     body: br#"{"grantType":"client_credentials"}"#,
///     signature: &other.sign(&to_sign)?.to_base64(),
/// };
///
/// let (public, other) = (key.public_key(), other.public_key());
/// let diagnosis = Case::token_request(presented, &public).also(&other).diagnose();
/// assert!(matches!(diagnosis.cause(), Some(Cause::OtherKey { .. })));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
#[must_use = "a case does nothing until it is diagnosed"]
pub struct Case<'a> {
    pub(super) kind: TextKind,
    pub(super) presented: Presented<'a>,
    /// The `Request-Id` of a non-SNAP call.
    pub(super) request_id: &'a str,
    pub(super) right: Key<'a>,
    pub(super) others: Vec<Key<'a>>,
    pub(super) tokens: Vec<&'a AccessToken>,
    pub(super) urls: Vec<&'a str>,
    pub(super) now: Option<SystemTime>,
    pub(super) tolerance: Duration,
    pub(super) theirs: Option<&'a str>,
    pub(super) client: Option<&'a str>,
}

impl<'a> Case<'a> {
    /// How far a timestamp may be from the clock, either way, unless told otherwise. DOKU
    /// publishes no window; this is what other SNAP BI providers ask for.
    pub const TOLERANCE: Duration = Duration::from_secs(15 * 60);

    /// A transaction: `METHOD:path:token:hash:timestamp`, HMAC-SHA-512 with `secret`.
    pub fn transaction(presented: Presented<'a>, secret: &'a ClientSecret) -> Self {
        Self::new(TextKind::Transaction, presented, Key::Secret(secret))
    }

    /// A token request: `clientId|timestamp`, RSA, verified with `key`. That is the merchant's
    /// for a request to DOKU, and DOKU's for one to the merchant.
    pub fn token_request(presented: Presented<'a>, key: impl Into<VerifyingKey<'a>>) -> Self {
        Self::new(TextKind::Token, presented, key.into().0)
    }

    /// A transaction that is signed with RSA: `METHOD:path:hash:timestamp`, verified with `key`.
    pub fn asymmetric_transaction(
        presented: Presented<'a>,
        key: impl Into<VerifyingKey<'a>>,
    ) -> Self {
        Self::new(TextKind::AsymmetricTransaction, presented, key.into().0)
    }

    /// A call to one of DOKU's non-SNAP APIs, or its notification: labelled lines, HMAC-SHA-256
    /// with `secret`.
    ///
    /// ```
    /// use doku_sign::diagnose::{Case, Cause, PresentedNonSnap};
    /// use doku_sign::{ClientSecret, Digest, NonSnapRequest, StringToSign};
    ///
    /// let secret = ClientSecret::new("SK-EXAMPLE")?;
    /// let body = br#"{ "order": { "invoice_number": "INV-1" } }"#;
    /// // Somebody minified the body, as SNAP wants it.
    /// let digest = Digest::of(br#"{"order":{"invoice_number":"INV-1"}}"#);
    /// let signature = secret.sign_non_snap(&StringToSign::non_snap_request(&NonSnapRequest {
    ///     client_id: "MCH-0008",
    ///     request_id: "r-1",
    ///     request_timestamp: "2026-09-04T00:00:00Z",
    ///     request_target: "/checkout/v1/payment",
    ///     digest: Some(&digest),
    /// }));
    ///
    /// let presented = PresentedNonSnap {
    ///     client_id: "MCH-0008",
    ///     request_id: "r-1",
    ///     request_timestamp: "2026-09-04T00:00:00Z",
    ///     request_target: "/checkout/v1/payment",
    ///     body,
    ///     signature: &signature.to_header(),
    /// };
    /// let diagnosis = Case::non_snap(presented, &secret).diagnose();
    /// assert_eq!(diagnosis.cause(), Some(Cause::MinifiedBody));
    /// # Ok::<(), doku_sign::ClientSecretError>(())
    /// ```
    pub const fn non_snap(presented: PresentedNonSnap<'a>, secret: &'a ClientSecret) -> Self {
        let kind = if presented.body.is_empty() {
            TextKind::NonSnapWithoutBody
        } else {
            TextKind::NonSnap
        };
        let parts = Presented {
            method: "",
            path: presented.request_target,
            timestamp: presented.request_timestamp,
            token: None,
            client_id: presented.client_id,
            body: presented.body,
            signature: presented.signature,
        };
        let mut case = Self::new(kind, parts, Key::Secret(secret));
        case.request_id = presented.request_id;
        case
    }

    const fn new(kind: TextKind, presented: Presented<'a>, right: Key<'a>) -> Self {
        Self {
            kind,
            presented,
            request_id: "",
            right,
            others: Vec::new(),
            tokens: Vec::new(),
            urls: Vec::new(),
            now: None,
            tolerance: Self::TOLERANCE,
            theirs: None,
            client: None,
        }
    }

    /// Another key that may have been used: the secret before the current one, the key of the
    /// other side, the key of the other environment.
    ///
    /// The more keys are known here, the more mistakes can be told apart; give the secret for a
    /// token request and the public keys for a transaction as well.
    pub fn also(mut self, key: impl Into<Key<'a>>) -> Self {
        self.others.push(key.into());
        self
    }

    /// Another token that may have been signed: an older one, or the one for the other direction.
    pub fn also_token(mut self, token: &'a AccessToken) -> Self {
        self.tokens.push(token);
        self
    }

    /// A URL that the request may have been sent to, with its path or without. DOKU's own hosts
    /// are known.
    pub fn sent_to(mut self, url: &'a str) -> Self {
        self.urls.push(url);
        self
    }

    /// The client id that the request should name. Another one is a mistake of its own: a token
    /// request is refused for it, however well it is signed.
    ///
    /// ```
    /// use doku_sign::diagnose::{Case, Cause, Presented};
    /// use doku_sign::{MerchantPrivateKey, StringToSign};
    ///
    /// let key = MerchantPrivateKey::generate(2048)?;
    /// let to_sign = StringToSign::snap_token("MCH-0009", "2026-09-04T00:00:00Z");
    /// let presented = Presented {
    ///     method: "POST",
    ///     path: "/authorization/v1/access-token/b2b",
    ///     timestamp: "2026-09-04T00:00:00Z",
    ///     token: None,
    ///     client_id: "MCH-0009",
    ///     body: br#"{"grantType":"client_credentials"}"#,
    ///     signature: &key.sign(&to_sign)?.to_base64(),
    /// };
    ///
    /// let public = key.public_key();
    /// let diagnosis = Case::token_request(presented, &public).of_client("MCH-0008").diagnose();
    /// assert!(diagnosis.is_right);
    /// assert_eq!(diagnosis.cause(), Some(Cause::OtherClient));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn of_client(mut self, id: &'a str) -> Self {
        self.client = Some(id);
        self
    }

    /// What the clock shows, to measure how far the timestamp is from it.
    pub const fn at(mut self, now: SystemTime) -> Self {
        self.now = Some(now);
        self
    }

    /// How far a timestamp may be from the clock before that is a mistake of its own.
    pub const fn tolerating(mut self, tolerance: Duration) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// The string-to-sign that the other side says it used, token included.
    pub const fn they_signed(mut self, text: &'a str) -> Self {
        self.theirs = Some(text);
        self
    }
}

impl fmt::Debug for Case<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What they signed holds a token.
        let theirs = self.theirs.map(|text| format!("{} bytes", text.len()));
        f.debug_struct("Case")
            .field("kind", &self.kind)
            .field("presented", &self.presented)
            .field("request_id", &self.request_id)
            .field("right", &self.right)
            .field("others", &self.others)
            .field("tokens", &self.tokens)
            .field("urls", &self.urls)
            .field("now", &self.now)
            .field("tolerance", &self.tolerance)
            .field("theirs", &theirs)
            .finish()
    }
}

/// A key that verifies RSA signatures: the merchant's public key, or DOKU's.
#[derive(Debug, Clone, Copy)]
pub struct VerifyingKey<'a>(Key<'a>);

impl<'a> From<&'a MerchantPublicKey> for VerifyingKey<'a> {
    fn from(key: &'a MerchantPublicKey) -> Self {
        Self(Key::Merchant(key))
    }
}

impl<'a> From<&'a DokuPublicKey> for VerifyingKey<'a> {
    fn from(key: &'a DokuPublicKey) -> Self {
        Self(Key::Doku(key))
    }
}
