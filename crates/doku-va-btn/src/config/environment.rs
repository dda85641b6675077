//! Where DOKU is: its sandbox, production, or a base URL.

use std::fmt;
use std::str::FromStr;

use doku_transport::is_loopback;
use http::Uri;
use http::uri::Scheme;

/// Where calls go.
///
/// ```
/// use doku_va_btn::Environment;
///
/// let environment: Environment = "sandbox".parse()?;
/// assert_eq!(environment.base_url(), "https://api-sandbox.doku.com");
/// let local: Environment = "http://127.0.0.1:8090/".parse()?;
/// assert_eq!(local.base_url(), "http://127.0.0.1:8090");
/// # Ok::<(), doku_va_btn::EnvironmentError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Environment {
    base_url: Box<str>,
}

/// A text that names no environment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EnvironmentError {
    /// Neither `sandbox` nor `production` nor a URL.
    #[error("`sandbox`, `production` or a base URL such as http://127.0.0.1:8090 is expected")]
    NotAUrl,
    /// Plain HTTP to a machine that is not this one: credentials would travel in the open.
    #[error("a base URL must be https, unless it is on this machine (127.0.0.1, ::1, localhost)")]
    NotHttps,
    /// More than scheme, host and port: the path is part of what is signed and belongs to the operation.
    #[error("a base URL has a scheme, a host and perhaps a port, and nothing after it")]
    NotABase,
}

impl Environment {
    /// DOKU's own sandbox, `https://api-sandbox.doku.com`.
    #[must_use]
    pub fn sandbox() -> Self {
        Self {
            base_url: "https://api-sandbox.doku.com".into(),
        }
    }

    /// Production, `https://api.doku.com`: real money.
    #[must_use]
    pub fn production() -> Self {
        Self {
            base_url: "https://api.doku.com".into(),
        }
    }

    /// Scheme, host and port, without a slash at the end.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Whether a link that DOKU's answer named may be followed: DOKU's own hosts over https, or the host of the
    /// base URL itself.
    pub(crate) fn may_follow(&self, link: &Uri) -> bool {
        let (Some(scheme), Some(authority)) = (link.scheme(), link.authority()) else {
            return false;
        };
        if authority.as_str().contains('@') {
            return false;
        }
        let same_host = *self.base_url == *format!("{scheme}://{authority}");
        let doku = authority.host() == "doku.com" || authority.host().ends_with(".doku.com");
        same_host || (*scheme == Scheme::HTTPS && doku && authority.port().is_none())
    }
}

impl FromStr for Environment {
    type Err = EnvironmentError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.trim() {
            "sandbox" => return Ok(Self::sandbox()),
            "production" => return Ok(Self::production()),
            _ => {}
        }
        let uri: Uri = text.trim().parse().map_err(|_| EnvironmentError::NotAUrl)?;
        let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
            return Err(EnvironmentError::NotAUrl);
        };
        if authority.as_str().contains('@')
            || !matches!(uri.path(), "" | "/")
            || uri.query().is_some()
        {
            return Err(EnvironmentError::NotABase);
        }
        if *scheme == Scheme::HTTP && !is_loopback(authority.host()) {
            return Err(EnvironmentError::NotHttps);
        }
        if *scheme != Scheme::HTTP && *scheme != Scheme::HTTPS {
            return Err(EnvironmentError::NotAUrl);
        }
        Ok(Self {
            base_url: format!("{scheme}://{authority}").into(),
        })
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.base_url)
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Environment({})", self.base_url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_is_scheme_host_and_port() {
        for (text, base) in [
            ("sandbox", "https://api-sandbox.doku.com"),
            (" production\n", "https://api.doku.com"),
            ("http://localhost:1/", "http://localhost:1"),
            ("http://[::1]:8090", "http://[::1]:8090"),
            ("https://doku.example", "https://doku.example"),
        ] {
            assert_eq!(text.parse::<Environment>().unwrap().base_url(), base);
        }
    }

    #[test]
    fn what_would_leak_or_break_the_signed_path_is_refused() {
        for (text, error) in [
            ("", EnvironmentError::NotAUrl),
            ("prod", EnvironmentError::NotAUrl),
            ("ftp://doku.example", EnvironmentError::NotAUrl),
            ("http://api.doku.com", EnvironmentError::NotHttps),
            ("http://127.0.0.1.example", EnvironmentError::NotHttps),
            ("https://doku.example/v2", EnvironmentError::NotABase),
            ("https://doku.example/?a=b", EnvironmentError::NotABase),
            ("https://user:pass@doku.example", EnvironmentError::NotABase),
        ] {
            assert_eq!(text.parse::<Environment>().unwrap_err(), error, "{text}");
        }
    }

    #[test]
    fn only_links_to_doku_or_to_the_base_are_followed() {
        let local: Environment = "http://127.0.0.1:8090".parse().unwrap();
        for (link, followed) in [
            ("https://api.doku.com/pay-instruction/btn/1", true),
            ("https://sandbox.doku.com/a", true),
            ("http://127.0.0.1:8090/a", true),
            ("http://127.0.0.1:8091/a", false),
            ("http://api.doku.com/a", false),
            ("https://api.doku.com:8443/a", false),
            ("https://doku.com.example/a", false),
            ("https://notdoku.com/a", false),
            ("https://me@api.doku.com/a", false),
            ("/pay-instruction/btn/1", false),
        ] {
            assert_eq!(local.may_follow(&link.parse().unwrap()), followed, "{link}");
        }
    }
}
