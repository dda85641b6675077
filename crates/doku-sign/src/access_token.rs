//! The bearer token that takes part in a transaction's signature.

use std::fmt;

use thiserror::Error;
use zeroize::Zeroizing;

/// An access token, without the word `Bearer`.
///
/// Whoever has it can act as its owner until it expires, so `Debug` shows its length only, and
/// its memory is wiped when it is dropped. It has no `Display` and no `PartialEq`.
#[derive(Clone)]
pub struct AccessToken(Zeroizing<String>);

impl AccessToken {
    /// A token as DOKU's token endpoint returned it in `accessToken`.
    #[must_use]
    pub fn new(token: impl Into<String>) -> Self {
        Self(Zeroizing::new(token.into()))
    }

    /// The token slot left empty: `METHOD:path::hash:timestamp`.
    ///
    /// One reading of how DOKU signs calls to the merchant; the only possible one for a call that
    /// carries no `Authorization` header.
    #[must_use]
    pub fn empty() -> Self {
        Self::new("")
    }

    /// Reads the value of an `Authorization` header.
    ///
    /// # Errors
    ///
    /// [`AuthorizationError`] for another scheme than `Bearer` (in any case), or no token after
    /// it.
    ///
    /// ```
    /// use doku_sign::AccessToken;
    ///
    /// let token = AccessToken::from_authorization("Bearer eyJhbGciOi")?;
    /// assert_eq!(token.expose(), "eyJhbGciOi");
    /// # Ok::<(), doku_sign::AuthorizationError>(())
    /// ```
    pub fn from_authorization(header: &str) -> Result<Self, AuthorizationError> {
        let header = header.trim();
        let (scheme, token) = header.split_once(' ').ok_or_else(|| {
            if header.eq_ignore_ascii_case("bearer") {
                AuthorizationError::NoToken
            } else {
                AuthorizationError::NotBearer
            }
        })?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(AuthorizationError::NotBearer);
        }
        let token = token.trim_start();
        if holds_blank(token) {
            return Err(AuthorizationError::BlankInside);
        }
        Ok(Self::new(token))
    }

    /// The token itself, for the header or for storing it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AccessToken({} chars)", self.0.chars().count())
    }
}

fn holds_blank(text: &str) -> bool {
    // Every token passes here once a call, and the smallest byte is found many times faster than a blank.
    let has_nothing_small = text.is_ascii() && text.bytes().min().is_none_or(|least| least > b' ');
    !has_nothing_small && text.contains(char::is_whitespace)
}

/// An `Authorization` header that carries no bearer token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AuthorizationError {
    /// Another scheme, or a bare token.
    #[error("the Authorization header must be the word Bearer, a space and the access token")]
    NotBearer,
    /// The word `Bearer` alone.
    #[error("the Authorization header says Bearer but no access token follows")]
    NoToken,
    /// White space within the token.
    #[error("the access token in the Authorization header holds a blank; send it in one piece")]
    BlankInside,
}
