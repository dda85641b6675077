//! The first stage of a signature: the body as it is hashed, and its hash.

use std::borrow::Cow;
use std::fmt;

use sha2::{Digest as _, Sha256};
use thiserror::Error;

use crate::encoding::{hex32, lower_hex_value};
use crate::minify::minify;

/// A request body in the form that is hashed for a SNAP signature.
///
/// Bodies hold personal data, so `Debug` shows the length only.
///
/// ```
/// use doku_sign::MinifiedBody;
///
/// let body = MinifiedBody::of(b"{ \"hello\": \"world\" }");
/// assert_eq!(body.as_bytes(), br#"{"hello":"world"}"#);
/// assert_eq!(
///     body.sha256_hex().as_str(),
///     "93a23971a914e5eacbf0a8d25154cda309c3c1c72fbb9914d47c60f3cb681588",
/// );
/// ```
#[derive(Clone)]
pub struct MinifiedBody<'a>(Cow<'a, [u8]>);

impl<'a> MinifiedBody<'a> {
    /// Minifies `body` with [`minify`]; borrows when it is compact already.
    #[must_use]
    pub fn of(body: &'a [u8]) -> Self {
        Self(minify(body))
    }

    /// Takes `body` as it is, because the caller serialised it compactly.
    ///
    /// Use this going out: the bytes that are hashed are then the bytes that are sent.
    #[must_use]
    pub const fn from_compact(body: &'a [u8]) -> Self {
        Self(Cow::Borrowed(body))
    }

    /// Takes `body` as it was received, white space and all.
    ///
    /// Use this coming in, when verification over [`MinifiedBody::of`] failed: the sender may have
    /// hashed what it sent without minifying.
    #[must_use]
    pub const fn raw(body: &'a [u8]) -> Self {
        Self(Cow::Borrowed(body))
    }

    /// No body at all. It hashes like the empty string.
    #[must_use]
    pub const fn empty() -> Self {
        Self(Cow::Borrowed(&[]))
    }

    /// The bytes that are hashed.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The SHA-256 of the bytes, in lower-case hex.
    #[must_use]
    pub fn sha256_hex(&self) -> BodyHash {
        BodyHash(hex32(&Sha256::digest(self.as_bytes()).into()))
    }
}

impl fmt::Debug for MinifiedBody<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MinifiedBody({} bytes)", self.0.len())
    }
}

/// The SHA-256 of a body as a SNAP string-to-sign holds it: 64 lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct BodyHash([u8; 64]);

impl BodyHash {
    /// Reads 64 lower-case hex digits, as published test vectors print them.
    ///
    /// # Errors
    ///
    /// [`BodyHashError`] for another length or another character. Upper case is refused: it would
    /// sign differently.
    ///
    /// ```
    /// use doku_sign::{BodyHash, MinifiedBody};
    ///
    /// let printed = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    /// assert_eq!(BodyHash::from_hex(printed)?, MinifiedBody::empty().sha256_hex());
    /// # Ok::<(), doku_sign::BodyHashError>(())
    /// ```
    pub fn from_hex(hex: &str) -> Result<Self, BodyHashError> {
        let digits: [u8; 64] = hex
            .as_bytes()
            .try_into()
            .map_err(|_| BodyHashError::Length {
                found: hex.chars().count(),
            })?;
        match digits
            .iter()
            .position(|digit| lower_hex_value(*digit).is_none())
        {
            None => Ok(Self(digits)),
            Some(at) => Err(BodyHashError::Digit { at }),
        }
    }

    /// The 64 hex digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Hex digits are ASCII, so this never takes the empty default.
        str::from_utf8(&self.0).unwrap_or_default()
    }

    pub(crate) const fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for BodyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for BodyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BodyHash({self})")
    }
}

/// A text that is not the hash of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum BodyHashError {
    /// Not 64 characters.
    #[error(
        "a body hash has 64 hex digits, this text has {found} characters; hash the minified body with SHA-256"
    )]
    Length {
        /// How many characters there were.
        found: usize,
    },
    /// A character that is not a lower-case hex digit.
    #[error("a body hash is written in lower-case hex; character {at} (counted from 0) is not")]
    Digit {
        /// Its position, counted from 0.
        at: usize,
    },
}
