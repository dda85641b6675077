//! The bearer token that takes part in a transaction's signature.

use std::fmt;

use zeroize::Zeroizing;

use crate::authorization::{AuthorizationError, bearer_token};

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
        bearer_token(header).map(Self::new)
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
