//! What a key makes and what a header carries: signatures as decoded bytes.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use subtle::{Choice, ConstantTimeEq as _};
use thiserror::Error;

use crate::encoding::base64;

/// The longest signature there is: RSA with a 4096-bit key.
const MAX_BYTES: usize = 512;

/// A SNAP signature, the content of `X-SIGNATURE`.
///
/// Two signatures cannot be compared with `==`: verification belongs to the key, which compares
/// decoded bytes in constant time.
#[derive(Clone)]
pub struct Signature(Decoded);

/// The decoded bytes. They travel in a header, so they are no secret. That of a transaction is verified for every call, so it
/// needs no allocation.
#[derive(Clone)]
enum Decoded {
    HmacSha512([u8; 64]),
    Other(Vec<u8>),
}

impl Signature {
    /// Reads a header value: standard base64 with padding, and nothing around it.
    ///
    /// # Errors
    ///
    /// [`SignatureError`] says what the text looks like instead.
    ///
    /// ```
    /// use doku_sign::{Signature, SignatureError};
    ///
    /// let hex = "85be817c55b2c135157c7e89f52499bf0c25ad6eeebe04a986e8c862561b19a5";
    /// assert!(matches!(Signature::from_base64(hex), Err(SignatureError::LooksLikeHex)));
    /// ```
    pub fn from_base64(text: &str) -> Result<Self, SignatureError> {
        decode(text).map(Self)
    }

    /// The header value: standard base64 with padding.
    #[must_use]
    pub fn to_base64(&self) -> String {
        base64(self.as_bytes())
    }

    /// The decoded bytes: 64 of HMAC-SHA-512, or as many as the RSA modulus has.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Decoded::HmacSha512(bytes) => bytes,
            Decoded::Other(bytes) => bytes,
        }
    }

    pub(crate) const fn of_hmac_sha512(bytes: [u8; 64]) -> Self {
        Self(Decoded::HmacSha512(bytes))
    }

    pub(crate) const fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(Decoded::Other(bytes))
    }

    /// Compares with what it should be, in time that depends on the lengths only.
    pub(crate) fn must_equal(&self, expected: &[u8]) -> Result<(), SignatureMismatch> {
        if bool::from(equal(self.as_bytes(), expected)) {
            Ok(())
        } else {
            Err(SignatureMismatch)
        }
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_base64())
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({} bytes)", self.as_bytes().len())
    }
}

/// A non-SNAP signature, the content of the header `Signature`: `HMACSHA256=` and base64.
#[derive(Clone)]
pub struct NonSnapSignature(Signature);

impl NonSnapSignature {
    /// What stands before the base64.
    pub const PREFIX: &str = "HMACSHA256=";

    /// Reads a header value.
    ///
    /// # Errors
    ///
    /// [`SignatureError::NoAlgorithm`] without the prefix, or what
    /// [`Signature::from_base64`] says of the rest.
    pub fn from_header(value: &str) -> Result<Self, SignatureError> {
        let text = value
            .strip_prefix(Self::PREFIX)
            .ok_or(SignatureError::NoAlgorithm)?;
        Signature::from_base64(text).map(Self)
    }

    /// The header value, `HMACSHA256=` and standard base64.
    #[must_use]
    pub fn to_header(&self) -> String {
        self.to_string()
    }

    pub(crate) fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(Signature::from_bytes(bytes))
    }

    pub(crate) fn must_equal(&self, expected: &[u8]) -> Result<(), SignatureMismatch> {
        self.0.must_equal(expected)
    }
}

impl fmt::Display for NonSnapSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", Self::PREFIX, self.0)
    }
}

impl fmt::Debug for NonSnapSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NonSnapSignature({} bytes)", self.0.as_bytes().len())
    }
}

/// The signature was not made with this key over this string-to-sign.
///
/// It says no more on purpose: whoever sends wrong signatures must not learn why.
/// [`StringToSign::first_difference`](crate::StringToSign::first_difference) helps on the inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the signature does not match; compare the string-to-sign and the key of both sides")]
pub struct SignatureMismatch;

/// A text that cannot be a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// Nothing was given.
    #[error("the signature is empty; send the header with base64 text")]
    Empty,
    /// Longer than any signature.
    #[error(
        "the signature has {found} characters, more than RSA-4096 makes; send one signature in base64"
    )]
    TooLong {
        /// How many characters there were.
        found: usize,
    },
    /// Only hex digits.
    #[error("the signature looks like hex; encode the bytes in standard base64 instead")]
    LooksLikeHex,
    /// `-` or `_`, the alphabet of base64url.
    #[error("the signature looks like base64url; use standard base64 with + and / instead")]
    LooksLikeBase64Url,
    /// White space around or within.
    #[error("the signature holds white space; send base64 in one line with nothing around it")]
    WhiteSpace,
    /// The `=` at the end are missing or too many.
    #[error(
        "the signature's base64 padding is wrong; end it with = to a multiple of four characters"
    )]
    Padding,
    /// Any other text that is not base64.
    #[error("the signature is not standard base64; encode the signature's bytes and nothing else")]
    NotBase64,
    /// A non-SNAP header value without `HMACSHA256=`.
    #[error("the Signature header must begin with HMACSHA256=, then standard base64")]
    NoAlgorithm,
}

/// Whether they are the same, in time that depends on the lengths only. Words of eight bytes are compared as numbers.
fn equal(one: &[u8], other: &[u8]) -> Choice {
    let (words, rest) = one.as_chunks();
    let (other_words, other_rest) = other.as_chunks();
    let is_same_length = Choice::from(u8::from(one.len() == other.len()));
    words
        .iter()
        .zip(other_words)
        .map(|(word, other)| u64::from_le_bytes(*word).ct_eq(&u64::from_le_bytes(*other)))
        .fold(is_same_length & rest.ct_eq(other_rest), |all, same| {
            all & same
        })
}

fn decode(text: &str) -> Result<Decoded, SignatureError> {
    if text.is_empty() {
        return Err(SignatureError::Empty);
    }
    if text.len() > MAX_BYTES.div_ceil(3) * 4 {
        // Hex of an RSA signature is twice as long as its bytes; name the real mistake.
        if text.len() <= MAX_BYTES * 2 && is_hex(text) {
            return Err(SignatureError::LooksLikeHex);
        }
        return Err(SignatureError::TooLong {
            found: text.chars().count(),
        });
    }
    // 64 bytes in hex are 128 characters, which base64 would decode without complaint.
    if is_hex(text) {
        return Err(SignatureError::LooksLikeHex);
    }
    // As long as those of HMAC-SHA-512, which end with two signs of padding.
    let mut decoded = [0; 66];
    if text.len() == 88
        && let Ok(64) = STANDARD.decode_slice(text, &mut decoded)
        && let Some(bytes) = decoded.first_chunk()
    {
        return Ok(Decoded::HmacSha512(*bytes));
    }
    STANDARD
        .decode(text)
        .map(Decoded::Other)
        .map_err(|error| explain(text, &error))
}

/// Hash-sized hex. No real signature is taken for it: all but those of RSA-3072 end with `=`, and
/// 512 characters of base64 are not hex digits by chance.
fn is_hex(text: &str) -> bool {
    text.len() >= 32
        && text.len().is_multiple_of(2)
        && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn explain(text: &str, error: &base64::DecodeError) -> SignatureError {
    if text.contains(char::is_whitespace) {
        SignatureError::WhiteSpace
    } else if text.contains(['-', '_']) {
        SignatureError::LooksLikeBase64Url
    } else if matches!(error, base64::DecodeError::InvalidPadding) {
        SignatureError::Padding
    } else {
        SignatureError::NotBase64
    }
}
