//! Where the merchant hosts what DOKU calls: a token URL, an inquiry URL and a notification URL.

use std::fmt;
use std::str::FromStr;

use hyper::http::Uri;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An absolute `http` or `https` URL of the merchant's. Its path, with the query if there is one, is what is signed.
///
/// ```
/// use doku_sandbox::MerchantUrl;
///
/// let url: MerchantUrl = "http://127.0.0.1:8080/v1/transfer-va/payment".parse()?;
/// assert_eq!(url.path(), "/v1/transfer-va/payment");
/// assert!("/v1/transfer-va/payment".parse::<MerchantUrl>().is_err());
/// # Ok::<(), doku_sandbox::MerchantUrlError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MerchantUrl(Uri);

/// A text that is no URL DOKU could call.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MerchantUrlError {
    /// Not a URL, or a relative one.
    #[error(
        "a merchant's URL is written in full, such as https://shop.example/v1/transfer-va/payment"
    )]
    Form,
    /// Neither `http` nor `https`.
    #[error("a merchant's URL begins with https:// or, on this machine, http://")]
    Scheme,
    /// A user name or a password in it, or a fragment: DOKU sends neither.
    #[error("a merchant's URL has no user name, password or fragment")]
    Ornament,
}

impl MerchantUrl {
    /// The path, with the query if there is one: the endpoint of the string-to-sign.
    #[must_use]
    pub fn path(&self) -> &str {
        self.0
            .path_and_query()
            .map_or("/", |path_and_query| path_and_query.as_str())
    }

    /// The host, without its port; an IPv6 address with its brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        self.0.host().unwrap_or_default()
    }

    pub(crate) fn uri(&self) -> &Uri {
        &self.0
    }
}

impl FromStr for MerchantUrl {
    type Err = MerchantUrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let uri: Uri = text.trim().parse().map_err(|_| MerchantUrlError::Form)?;
        let authority = uri.authority().ok_or(MerchantUrlError::Form)?;
        match uri.scheme_str() {
            Some("http" | "https") => {}
            Some(_) => return Err(MerchantUrlError::Scheme),
            None => return Err(MerchantUrlError::Form),
        }
        if authority.host().is_empty() {
            return Err(MerchantUrlError::Form);
        }
        // The parser drops a fragment without a word.
        if authority.as_str().contains('@') || text.contains('#') {
            return Err(MerchantUrlError::Ornament);
        }
        Ok(Self(uri))
    }
}

impl fmt::Display for MerchantUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for MerchantUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for MerchantUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// What the merchant hosts, for every BIN or for one. What is not there is not called.
///
/// ```
/// use doku_sandbox::Endpoints;
///
/// let endpoints = Endpoints::new()
///     .token_url("http://127.0.0.1:8080/authorization/v1/access-token/b2b".parse()?)
///     .notification_url("http://127.0.0.1:8080/v1/transfer-va/payment".parse()?);
/// assert!(endpoints.inquiry_url.is_none());
/// # Ok::<(), doku_sandbox::MerchantUrlError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct Endpoints {
    /// Where DOKU gets a token from the merchant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_url: Option<MerchantUrl>,
    /// Where DOKU asks about a number of a DIPC BIN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inquiry_url: Option<MerchantUrl>,
    /// Where DOKU tells of payments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notification_url: Option<MerchantUrl>,
}

impl Endpoints {
    /// Nothing hosted.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            token_url: None,
            inquiry_url: None,
            notification_url: None,
        }
    }

    /// The same with a token URL.
    #[must_use]
    pub fn token_url(self, url: MerchantUrl) -> Self {
        Self {
            token_url: Some(url),
            ..self
        }
    }

    /// The same with an inquiry URL.
    #[must_use]
    pub fn inquiry_url(self, url: MerchantUrl) -> Self {
        Self {
            inquiry_url: Some(url),
            ..self
        }
    }

    /// The same with a notification URL.
    #[must_use]
    pub fn notification_url(self, url: MerchantUrl) -> Self {
        Self {
            notification_url: Some(url),
            ..self
        }
    }

    /// These, and where one is missing that of `others`.
    pub(crate) fn or(&self, others: &Self) -> Self {
        Self {
            token_url: self.token_url.clone().or(others.token_url.clone()),
            inquiry_url: self.inquiry_url.clone().or(others.inquiry_url.clone()),
            notification_url: self
                .notification_url
                .clone()
                .or(others.notification_url.clone()),
        }
    }

    /// Whether DOKU would tell the merchant anything that carries a bearer.
    pub(crate) fn are_called(&self) -> bool {
        self.inquiry_url.is_some() || self.notification_url.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_whole_and_plain() {
        for (text, path) in [
            ("http://127.0.0.1:1/a/b", "/a/b"),
            ("https://shop.example", "/"),
            ("https://shop.example/a?b=c", "/a?b=c"),
            ("http://[::1]:8080/", "/"),
        ] {
            let url: MerchantUrl = text.parse().unwrap();
            assert_eq!(url.path(), path, "{text}");
        }
        for (text, error) in [
            ("", MerchantUrlError::Form),
            ("/v1/transfer-va/payment", MerchantUrlError::Form),
            ("shop.example", MerchantUrlError::Form),
            ("http://", MerchantUrlError::Form),
            ("http://a b", MerchantUrlError::Form),
            ("ftp://shop.example/a", MerchantUrlError::Scheme),
            ("https://me@shop.example/a", MerchantUrlError::Ornament),
            ("https://shop.example/a#b", MerchantUrlError::Ornament),
        ] {
            assert_eq!(text.parse::<MerchantUrl>(), Err(error), "{text}");
        }
    }

    #[test]
    fn a_bin_takes_over_what_it_does_not_name() {
        let url = |text: &str| text.parse::<MerchantUrl>().unwrap();
        let all = Endpoints::new()
            .token_url(url("http://a/t"))
            .notification_url(url("http://a/n"));
        let one = Endpoints::new().notification_url(url("http://b/n"));
        let both = one.or(&all);
        assert_eq!(both.token_url, Some(url("http://a/t")));
        assert_eq!(both.notification_url, Some(url("http://b/n")));
        assert_eq!(both.inquiry_url, None);
    }
}
