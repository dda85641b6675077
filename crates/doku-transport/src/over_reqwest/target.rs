//! Where a request goes, and whether it may.

use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::request::Parts;
use reqwest::Url;

use crate::{TransportError, TransportErrorKind};

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

/// A URL that passed every check.
pub(super) struct Target {
    url: Url,
    route: Route,
}

impl Target {
    /// Checks the request line and what the headers say of the body.
    ///
    /// The URL parser of the web normalises: it resolves `..`, escapes quotes and reads `127.1` as an address.
    /// So the host is judged after parsing, and a path that would change is refused, because it was signed.
    pub(super) fn judge(parts: &Parts, body: &Bytes) -> Result<Self, TransportError> {
        let uri = &parts.uri;
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
        if let Some(length) = parts.headers.get(CONTENT_LENGTH) {
            let stated = length.to_str().ok().and_then(|length| length.parse().ok());
            if stated != Some(body.len()) {
                return Err(invalid("Content-Length contradicts the body"));
            }
        }
        let route = match (url.scheme(), is_loopback(&url)) {
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

/// 127.0.0.0/8, ::1 and `localhost`, which the clients never look up.
fn is_loopback(url: &Url) -> bool {
    let Some(host) = url.host_str() else {
        return false;
    };
    if host == super::clients::LOCALHOST {
        return true;
    }
    let bare = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .unwrap_or(host);
    bare.parse::<std::net::IpAddr>()
        .is_ok_and(|address| address.is_loopback())
}
