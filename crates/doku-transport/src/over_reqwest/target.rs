//! Where a request goes, and whether it may.

use std::sync::{Arc, PoisonError, RwLock};

use bytes::Bytes;
use http::Uri;
use http::header::CONTENT_LENGTH;
use http::request::Parts;
use reqwest::Url;

use crate::{TransportError, TransportErrorKind, is_loopback};

/// How a server is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// Plain `http` on this machine: no proxy, no TLS.
    Plain,
    /// `https` on this machine: no proxy.
    SecureLoopback,
    /// `https` to anywhere else, through a proxy if the environment names one.
    Secure,
}

/// How many URLs are remembered. A client of one service calls a handful, again and again.
const REMEMBERED: usize = 16;

/// The URLs that passed, so that the ones that are called again and again are parsed once.
#[derive(Default)]
pub(super) struct Judged(RwLock<Vec<(Uri, Arc<Target>)>>);

impl Judged {
    /// The target of a URI, judged now or before.
    pub(super) fn target(&self, uri: &Uri) -> Result<Arc<Target>, TransportError> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, target)) = known.iter().find(|(judged, _)| judged == uri) {
            return Ok(Arc::clone(target));
        }
        drop(known);
        let target = Arc::new(Target::judge(uri)?);
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() < REMEMBERED {
            known.push((uri.clone(), Arc::clone(&target)));
        }
        Ok(target)
    }
}

/// What the headers say of the body must be true.
pub(super) fn honest_length(parts: &Parts, body: &Bytes) -> Result<(), TransportError> {
    let Some(length) = parts.headers.get(CONTENT_LENGTH) else {
        return Ok(());
    };
    let stated = length.to_str().ok().and_then(|length| length.parse().ok());
    if stated == Some(body.len()) {
        Ok(())
    } else {
        Err(invalid("Content-Length contradicts the body"))
    }
}

/// A URL that passed every check.
pub(super) struct Target {
    url: Url,
    route: Route,
}

impl Target {
    /// Checks where a request goes.
    ///
    /// The URL parser of the web normalises: it resolves `..`, escapes quotes and reads `127.1` as an address.
    /// So the host is judged after parsing, and a path that would change is refused, because it was signed.
    fn judge(uri: &Uri) -> Result<Self, TransportError> {
        if uri.scheme().is_none() || uri.authority().is_none() {
            return Err(invalid("the URI has to be absolute"));
        }
        let url = Url::parse(&uri.to_string())
            .map_err(|error| invalid("the URI is not a URL").with_source(error))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(invalid("credentials do not belong in a URL"));
        }
        let path = match uri.path() {
            "" => "/",
            path => path,
        };
        if url.path() != path || url.query() != uri.query() {
            return Err(invalid(
                "the path or query would be rewritten on the way; escape it first",
            ));
        }
        let route = match (url.scheme(), url.host_str().is_some_and(is_loopback)) {
            ("http", true) => Route::Plain,
            ("https", true) => Route::SecureLoopback,
            ("https", false) => Route::Secure,
            ("http", false) => {
                return Err(TransportError::new(TransportErrorKind::RefusedByPolicy)
                    .with_detail("plain http is for loopback only, use https"));
            }
            _ => {
                return Err(TransportError::new(TransportErrorKind::RefusedByPolicy)
                    .with_detail("the scheme has to be https"));
            }
        };
        Ok(Self { url, route })
    }

    pub(super) const fn url(&self) -> &Url {
        &self.url
    }

    pub(super) const fn route(&self) -> Route {
        self.route
    }

    pub(super) fn is_where(&self, other: &Url) -> bool {
        self.url == *other
    }
}

fn invalid(detail: &'static str) -> TransportError {
    TransportError::new(TransportErrorKind::InvalidRequest).with_detail(detail)
}
