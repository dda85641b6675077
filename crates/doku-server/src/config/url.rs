//! URLs of a configuration: where customers come from, and where events go.

use std::fmt;
use std::str::FromStr;

use doku_transport::is_loopback;
use http::Uri;
use http::uri::Scheme;

/// The URL under which customers reach this server: scheme, host, and perhaps a path that a proxy cuts off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(String);

/// A URL that is told of events. `Debug` and `Display` leave its query out, which may hold a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookUrl(Uri);

/// A text that is no such URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidUrl {
    /// Not a URL, or a relative one.
    #[error("a URL is written in full, such as https://shop.example/hooks")]
    Form,
    /// Neither `http` nor `https`.
    #[error("a URL begins with https:// or, on this machine, http://")]
    Scheme,
    /// Plain HTTP to another machine.
    #[error(
        "events of payments go over https, unless they stay on this machine (127.0.0.1, ::1, localhost)"
    )]
    NotHttps,
    /// A user name, a password or a fragment; in a public URL a query, too.
    #[error("a user name, a password, a fragment or a query has no place in this URL")]
    Ornament,
}

fn plain(text: &str) -> Result<Uri, InvalidUrl> {
    let text = text.trim();
    if text.contains('#') {
        return Err(InvalidUrl::Ornament);
    }
    let uri: Uri = text.parse().map_err(|_| InvalidUrl::Form)?;
    let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
        return Err(InvalidUrl::Form);
    };
    if *scheme != Scheme::HTTP && *scheme != Scheme::HTTPS {
        return Err(InvalidUrl::Scheme);
    }
    if authority.as_str().contains('@') {
        return Err(InvalidUrl::Ornament);
    }
    if authority.host().is_empty() {
        return Err(InvalidUrl::Form);
    }
    Ok(uri)
}

impl FromStr for PublicUrl {
    type Err = InvalidUrl;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let uri = plain(text)?;
        if uri.query().is_some() {
            return Err(InvalidUrl::Ornament);
        }
        Ok(Self(uri.to_string().trim_end_matches('/').to_owned()))
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl WebhookUrl {
    pub(crate) const fn uri(&self) -> &Uri {
        &self.0
    }
}

impl FromStr for WebhookUrl {
    type Err = InvalidUrl;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let uri = plain(text)?;
        let is_here = uri.host().is_some_and(is_loopback);
        if uri.scheme() == Some(&Scheme::HTTP) && !is_here {
            return Err(InvalidUrl::NotHttps);
        }
        Ok(Self(uri))
    }
}

impl fmt::Display for WebhookUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = self.0.scheme_str().unwrap_or_default();
        let authority = self
            .0
            .authority()
            .map_or("", |authority| authority.as_str());
        write!(f, "{scheme}://{authority}{}", self.0.path())
    }
}

impl fmt::Debug for WebhookUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WebhookUrl({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_ends_without_a_slash() {
        for (text, shown) in [
            ("https://bayar.example", "https://bayar.example"),
            ("https://bayar.example/", "https://bayar.example"),
            ("https://shop.example/doku/", "https://shop.example/doku"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ] {
            assert_eq!(text.parse::<PublicUrl>().unwrap().to_string(), shown);
        }
    }

    #[test]
    fn what_is_no_url_is_refused() {
        for (text, error) in [
            ("", InvalidUrl::Form),
            ("/hooks", InvalidUrl::Form),
            ("ftp://shop.example", InvalidUrl::Scheme),
            ("https://me:secret@shop.example/", InvalidUrl::Ornament),
            ("https://shop.example/#a", InvalidUrl::Ornament),
        ] {
            assert_eq!(text.parse::<PublicUrl>().unwrap_err(), error, "{text}");
            assert_eq!(text.parse::<WebhookUrl>().unwrap_err(), error, "{text}");
        }
        let query = "https://shop.example/?a=b";
        assert_eq!(query.parse::<PublicUrl>(), Err(InvalidUrl::Ornament));
        let url: WebhookUrl = "https://shop.example/a?key=secret".parse().unwrap();
        assert_eq!(format!("{url:?}"), "WebhookUrl(https://shop.example/a)");
        let open = "http://shop.example/hooks";
        assert_eq!(open.parse::<WebhookUrl>(), Err(InvalidUrl::NotHttps));
        assert!("http://[::1]:80/hooks".parse::<WebhookUrl>().is_ok());
    }
}
