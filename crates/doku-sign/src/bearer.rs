//! A bearer token where it lies: in the header that carried it, or in somebody's [`AccessToken`].

use std::fmt;

use crate::access_token::AccessToken;
use crate::authorization::{AuthorizationError, bearer_token};

/// An access token that belongs to somebody else, without the word `Bearer`.
///
/// Reading one copies nothing, so nothing is left to be wiped. `Debug` shows its length only; it has no `Display` and no
/// `PartialEq`. To keep it, make an [`AccessToken`] of it.
#[derive(Clone, Copy)]
pub struct Bearer<'t>(&'t str);

impl<'t> Bearer<'t> {
    /// The token slot left empty, like [`AccessToken::empty`].
    pub const EMPTY: Bearer<'static> = Bearer("");

    /// Reads the value of an `Authorization` header.
    ///
    /// # Errors
    ///
    /// [`AuthorizationError`] for another scheme than `Bearer` (in any case), or no token after
    /// it.
    ///
    /// ```
    /// use doku_sign::Bearer;
    ///
    /// let bearer = Bearer::from_authorization("Bearer eyJhbGciOi")?;
    /// assert_eq!(bearer.expose(), "eyJhbGciOi");
    /// # Ok::<(), doku_sign::AuthorizationError>(())
    /// ```
    pub fn from_authorization(header: &'t str) -> Result<Self, AuthorizationError> {
        bearer_token(header).map(Self)
    }

    /// The token itself.
    #[must_use]
    pub const fn expose(self) -> &'t str {
        self.0
    }

    /// A copy to keep, which is wiped when it is dropped.
    #[must_use]
    pub fn to_access_token(self) -> AccessToken {
        AccessToken::new(self.0)
    }
}

impl<'t> From<&'t AccessToken> for Bearer<'t> {
    fn from(token: &'t AccessToken) -> Self {
        Self(token.expose())
    }
}

impl fmt::Debug for Bearer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bearer({} chars)", self.0.chars().count())
    }
}
