//! Headers that can be printed: what authenticates somebody shows its length only.

use std::fmt;

use http::{HeaderMap, HeaderName, HeaderValue};

/// A header is sensitive when its name contains one of these.
const SENSITIVE: [&str; 11] = [
    "authorization",
    "signature",
    "cookie",
    "token",
    "secret",
    "password",
    "credential",
    "api-key",
    "apikey",
    "client-key",
    "private-key",
];

/// Prints headers without their secrets, by `Debug` and by `Display`.
///
/// A sensitive value becomes `[redacted, 88 bytes]`. Sensitive is
///
/// * a header whose name contains `authorization`, `signature`, `cookie`, `token`, `secret`, `password`,
///   `credential`, `api-key`, `apikey`, `client-key` or `private-key`. So `Proxy-Authorization`, `Set-Cookie` and
///   `X-Signature` are covered;
/// * a value that says so itself, by [`HeaderValue::is_sensitive`];
/// * a header the caller names with [`and`](Self::and).
///
/// ```
/// use doku_transport::Redacted;
/// use http::{HeaderMap, HeaderValue};
///
/// let mut headers = HeaderMap::new();
/// headers.insert("channel-id", HeaderValue::from_static("H2H"));
/// headers.insert("x-signature", HeaderValue::from_static("c2VjcmV0"));
/// assert_eq!(
///     Redacted::new(&headers).to_string(),
///     "channel-id: H2H, x-signature: [redacted, 8 bytes]",
/// );
/// ```
#[derive(Clone, Copy)]
pub struct Redacted<'a> {
    headers: &'a HeaderMap,
    more: &'a [&'a str],
}

impl<'a> Redacted<'a> {
    /// Covers what is sensitive everywhere.
    #[must_use]
    pub const fn new(headers: &'a HeaderMap) -> Self {
        Self { headers, more: &[] }
    }

    /// Covers these headers as well. Names are compared without regard to case.
    #[must_use]
    pub const fn and(mut self, names: &'a [&'a str]) -> Self {
        self.more = names;
        self
    }

    fn hides(&self, name: &HeaderName, value: &HeaderValue) -> bool {
        // A `HeaderName` is always lower case.
        value.is_sensitive()
            || SENSITIVE.iter().any(|part| name.as_str().contains(part))
            || self
                .more
                .iter()
                .any(|other| name.as_str().eq_ignore_ascii_case(other))
    }

    fn entries(&self) -> impl Iterator<Item = (&'a HeaderName, Shown<'a>)> {
        self.headers.iter().map(|(name, value)| {
            let shown = if self.hides(name, value) {
                Shown::Redacted(value.len())
            } else {
                value
                    .to_str()
                    .map_or(Shown::Opaque(value.len()), Shown::Text)
            };
            (name, shown)
        })
    }
}

/// What is left of one value.
enum Shown<'a> {
    Text(&'a str),
    Opaque(usize),
    Redacted(usize),
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Opaque(len) => write!(f, "[not text, {len} bytes]"),
            Self::Redacted(len) => write!(f, "[redacted, {len} bytes]"),
        }
    }
}

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => fmt::Debug::fmt(text, f),
            _ => fmt::Display::fmt(self, f),
        }
    }
}

impl fmt::Display for Redacted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for (name, shown) in self.entries() {
            write!(f, "{separator}{name}: {shown}")?;
            separator = ", ";
        }
        Ok(())
    }
}

impl fmt::Debug for Redacted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map()
            .entries(self.entries().map(|(name, shown)| (name.as_str(), shown)))
            .finish()
    }
}
