//! Where the endpoints are.

use doku_model::Operation;

/// The paths of the three endpoints, as the router sees them.
///
/// They are what the merchant enters in DOKU's back office, behind the host. Where a router is nested they are the part
/// below its prefix.
///
/// ```
/// use doku_axum::Paths;
///
/// let paths = Paths::new("/doku/token", "/doku/inquiry", "/doku/notification")?;
/// assert_eq!(paths.payment(), "/doku/notification");
/// assert_eq!(Paths::default().inquiry(), "/v1.1/transfer-va/inquiry");
/// # Ok::<(), doku_axum::PathError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    token: String,
    inquiry: String,
    payment: String,
}

/// A path that is none, or is taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PathError {
    /// It does not begin with a slash.
    #[error("the path {0:?} does not begin with /")]
    NoSlash(String),
    /// It has a query, a pattern, or a character that no path has.
    #[error(
        "the path {path:?} holds {character:?}: give plain text, without query, blanks, braces or patterns"
    )]
    Character {
        /// The path.
        path: String,
        /// The character.
        character: char,
    },
    /// Two endpoints would have it.
    #[error("two endpoints cannot have the path {0:?}")]
    Twice(String),
}

impl Paths {
    /// Three different paths, each beginning with `/`, without query or pattern.
    ///
    /// # Errors
    ///
    /// [`PathError`].
    pub fn new(
        token: impl Into<String>,
        inquiry: impl Into<String>,
        payment: impl Into<String>,
    ) -> Result<Self, PathError> {
        let paths = Self {
            token: plain(token.into())?,
            inquiry: plain(inquiry.into())?,
            payment: plain(payment.into())?,
        };
        if paths.payment == paths.token || paths.payment == paths.inquiry {
            return Err(PathError::Twice(paths.payment));
        }
        if paths.token == paths.inquiry {
            return Err(PathError::Twice(paths.token));
        }
        Ok(paths)
    }

    /// Where DOKU asks for a token.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Where DOKU asks about a number.
    #[must_use]
    pub fn inquiry(&self) -> &str {
        &self.inquiry
    }

    /// Where DOKU tells of a payment.
    #[must_use]
    pub fn payment(&self) -> &str {
        &self.payment
    }

    /// Each operation with its path.
    pub(crate) fn each(&self) -> [(Operation, &str); 3] {
        [
            (Operation::Token, &self.token),
            (Operation::Inquiry, &self.inquiry),
            (Operation::Payment, &self.payment),
        ]
    }

    /// What is called by `path`.
    pub(crate) fn operation(&self, path: &str) -> Option<Operation> {
        self.each()
            .into_iter()
            .find_map(|(operation, own)| (own == path).then_some(operation))
    }
}

/// The paths of SNAP BI: `/authorization/v1/access-token/b2b`, `/v1.1/transfer-va/inquiry` and `/v1/transfer-va/payment`.
impl Default for Paths {
    fn default() -> Self {
        let of = |operation: Operation| operation.path().to_owned();
        Self {
            token: of(Operation::Token),
            inquiry: of(Operation::Inquiry),
            payment: of(Operation::Payment),
        }
    }
}

/// Only what needs no escape in a URL and is no pattern of axum's.
fn plain(path: String) -> Result<String, PathError> {
    if !path.starts_with('/') {
        return Err(PathError::NoSlash(path));
    }
    let fits = |character: char| {
        character.is_ascii_alphanumeric() || "/-._~!$&'()+,;=:@%".contains(character)
    };
    match path.chars().find(|character| !fits(*character)) {
        Some(character) => Err(PathError::Character { path, character }),
        None if path.split('/').any(|part| part.starts_with(':')) => Err(PathError::Character {
            path,
            character: ':',
        }),
        None => Ok(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_plain() {
        for (path, character) in [
            ("/a b", ' '),
            ("/a?b=c", '?'),
            ("/{id}", '{'),
            ("/*all", '*'),
            ("/a#b", '#'),
            ("/:id", ':'),
            ("/toko-é", 'é'),
        ] {
            let error = Paths::new("/t", "/i", path).unwrap_err();
            let path = path.to_owned();
            assert_eq!(error, PathError::Character { path, character });
        }
        for path in ["", "v1/pay", " /a"] {
            let error = Paths::new("/t", "/i", path).unwrap_err();
            assert_eq!(error, PathError::NoSlash(path.to_owned()));
        }
        assert!(Paths::new("/t", "/i", "/v1.1/a-b_c/%7Ed/").is_ok());
    }

    #[test]
    fn every_endpoint_has_its_own() {
        for (token, inquiry, payment) in
            [("/a", "/a", "/b"), ("/a", "/b", "/a"), ("/b", "/a", "/a")]
        {
            let error = Paths::new(token, inquiry, payment).unwrap_err();
            assert_eq!(error, PathError::Twice("/a".to_owned()));
        }
    }

    #[test]
    fn by_default_they_are_those_of_snap_bi() {
        let paths = Paths::default();
        assert_eq!(paths.token(), "/authorization/v1/access-token/b2b");
        assert_eq!(paths.inquiry(), "/v1.1/transfer-va/inquiry");
        assert_eq!(paths.payment(), "/v1/transfer-va/payment");
        for (operation, path) in paths.each() {
            assert_eq!(paths.operation(path), Some(operation));
        }
        assert_eq!(paths.operation("/v1/transfer-va/payment/"), None);
    }
}
