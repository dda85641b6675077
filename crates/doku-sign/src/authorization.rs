//! The header that carries a bearer token.

use thiserror::Error;

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

/// The token in the value of an `Authorization` header.
pub(crate) fn bearer_token(header: &str) -> Result<&str, AuthorizationError> {
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
    Ok(token)
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
