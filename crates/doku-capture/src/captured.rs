//! A request that was captured, and the form it was kept in.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};

use crate::error::{CaptureError, Place};

/// The form in which a request was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// The request as it goes over the wire.
    Raw,
    /// A command line of curl.
    Curl,
    /// An HTTP archive, or an entry of one.
    Har,
}

impl Format {
    /// What `text` looks like. Anything that is neither a command line of curl nor JSON counts as raw HTTP.
    ///
    /// ```
    /// use doku_capture::Format;
    ///
    /// assert_eq!(Format::of(b"$ curl https://api.example"), Format::Curl);
    /// assert_eq!(Format::of(b"{\"log\":{}}"), Format::Har);
    /// assert_eq!(Format::of(b"POST / HTTP/1.1"), Format::Raw);
    /// ```
    #[must_use]
    pub fn of(text: &[u8]) -> Self {
        let text = without_mark(text).trim_ascii_start();
        if text.starts_with(b"{") {
            return Self::Har;
        }
        let text = text.strip_prefix(b"$").unwrap_or(text).trim_ascii_start();
        let word = text.split(u8::is_ascii_whitespace).next();
        let name = word.and_then(|word| word.rsplit(|byte| b"/\\".contains(byte)).next());
        match name {
            Some(b"curl" | b"curl.exe") => Self::Curl,
            _ => Self::Raw,
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Raw => "raw HTTP",
            Self::Curl => "curl",
            Self::Har => "HAR",
        })
    }
}

/// The text without the byte-order mark that some editors put before it.
pub(crate) fn without_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text)
}

/// A request as the server saw it.
///
/// `Debug` shows neither header values nor the body, which hold tokens and personal data.
#[derive(Clone)]
pub struct Captured {
    pub(crate) format: Format,
    pub(crate) method: Method,
    pub(crate) target: Target,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) missing: u64,
}

impl Captured {
    /// The form in which it was kept.
    #[must_use]
    pub const fn format(&self) -> Format {
        self.format
    }

    /// The method, spelt as it was.
    #[must_use]
    pub fn method(&self) -> &str {
        self.method.as_str()
    }

    /// Path and query as they were sent, beginning with `/`.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.target.path_and_query
    }

    /// The whole URL, where scheme and host are known. Raw HTTP seldom says the scheme.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        self.target.url.as_deref()
    }

    /// The host with its port, from the URL or the `Host` header.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        match &self.target.authority {
            Some(authority) => Some(authority),
            None => self.header("host").filter(|host| !host.is_empty()),
        }
    }

    /// The first value of a header, by its name in any case. `None` where it is absent or not text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let value = self.headers.get(name)?;
        str::from_utf8(value.as_bytes()).ok()
    }

    /// Every header, in the order in which they came.
    #[must_use]
    pub const fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body, byte for byte; empty where there is none.
    #[must_use]
    pub const fn body(&self) -> &Bytes {
        &self.body
    }

    /// How many bytes of the body `Content-Length` promises and the text does not hold. Something has changed the body on
    /// its way into the text, for instance its line ends.
    #[must_use]
    pub const fn missing_bytes(&self) -> u64 {
        self.missing
    }
}

impl fmt::Debug for Captured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.keys().map(HeaderName::as_str).collect();
        f.debug_struct("Captured")
            .field("format", &self.format)
            .field("method", &self.method)
            .field("path", &self.target.path())
            .field("headers", &names)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish()
    }
}

/// Where a request goes.
#[derive(Clone)]
pub(crate) struct Target {
    pub(crate) path_and_query: String,
    url: Option<String>,
    authority: Option<String>,
}

impl Target {
    /// Of a URL with its scheme, or of a path. `None` for what is neither.
    pub(crate) fn read(text: &str) -> Option<Self> {
        if text.is_empty() || text.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return None;
        }
        let text = text.split('#').next().unwrap_or(text);
        if text.starts_with('/') {
            return Some(Self {
                path_and_query: text.to_owned(),
                url: None,
                authority: None,
            });
        }
        let (scheme, rest) = text.split_once("://")?;
        if scheme.is_empty() || !scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return None;
        }
        let at = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at_checked(at)?;
        // Somebody's name and password are no part of what is sent there.
        let host = authority
            .rsplit_once('@')
            .map_or(authority, |(_, host)| host);
        if host.is_empty() {
            return None;
        }
        let path_and_query = if path.starts_with('/') {
            path.to_owned()
        } else {
            format!("/{path}")
        };
        Some(Self {
            url: Some(format!("{scheme}://{host}{path_and_query}")),
            authority: Some(host.to_owned()),
            path_and_query,
        })
    }

    /// The URL, or the path where there is none.
    pub(crate) fn url_text(&self) -> &str {
        self.url.as_deref().unwrap_or(&self.path_and_query)
    }

    /// The path alone.
    pub(crate) fn path(&self) -> &str {
        let text = self.path_and_query.as_str();
        text.split_once('?').map_or(text, |(path, _)| path)
    }
}

/// A method as it was spelt.
pub(crate) fn method(text: &[u8], place: Place) -> Result<Method, CaptureError> {
    // `Method` knows its own letters; the error has nothing to add.
    Method::from_bytes(text).map_err(|_| CaptureError::Method { place })
}

/// Adds a header, blanks around its value left out.
pub(crate) fn add_header(
    headers: &mut HeaderMap,
    name: &[u8],
    value: &[u8],
    place: Place,
) -> Result<(), CaptureError> {
    let wrong = || CaptureError::Header { place };
    let name = HeaderName::from_bytes(name).map_err(|_| wrong())?;
    let mut value = HeaderValue::from_bytes(value.trim_ascii()).map_err(|_| wrong())?;
    value.set_sensitive(true);
    headers
        .try_append(name, value)
        .map_err(|_| CaptureError::TooManyHeaders)?;
    Ok(())
}
