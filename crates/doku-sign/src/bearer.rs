//! A bearer token where it lies: in the header that carried it, or in somebody's [`AccessToken`].

use std::fmt;

use thiserror::Error;

use crate::access_token::AccessToken;

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
        let header = header.trim();
        let token = after_scheme(header).ok_or_else(|| {
            if header.eq_ignore_ascii_case("bearer") {
                AuthorizationError::NoToken
            } else {
                AuthorizationError::NotBearer
            }
        })?;
        let token = token.trim_start();
        if holds_blank(token) {
            return Err(AuthorizationError::BlankInside);
        }
        Ok(Self(token))
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

/// What follows the word `Bearer`, in any case, and a blank.
fn after_scheme(header: &str) -> Option<&str> {
    const SCHEME: &str = "Bearer ";
    let (scheme, token) = header.split_at_checked(SCHEME.len())?;
    scheme.eq_ignore_ascii_case(SCHEME).then_some(token)
}

fn holds_blank(text: &str) -> bool {
    // Every token passes here once a call. This looks at sixteen bytes at a time, and a search for a blank at one.
    let is_plain = text
        .bytes()
        .fold(true, |all, byte| all & byte.is_ascii_graphic());
    !is_plain && text.contains(char::is_whitespace)
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
