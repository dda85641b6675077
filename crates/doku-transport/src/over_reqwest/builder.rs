//! The settings of a [`ReqwestTransport`].

use std::fmt;
use std::time::Duration;

use http::HeaderValue;
use reqwest::Certificate;
use tokio::sync::Semaphore;

use super::clients::Clients;
use super::target::Judged;
use super::{ReqwestTransport, blame};
use crate::{TransportError, TransportErrorKind};

const USER_AGENT: HeaderValue =
    HeaderValue::from_static(concat!("doku-transport/", env!("CARGO_PKG_VERSION")));

/// Settings for a [`ReqwestTransport`], which lists the defaults.
///
/// ```
/// use std::time::Duration;
///
/// use doku_transport::ReqwestTransport;
///
/// # fn main() -> Result<(), doku_transport::TransportError> {
/// let transport = ReqwestTransport::builder()
///     .connect_timeout(Duration::from_secs(3))
///     .total_timeout(Duration::from_secs(20))
///     .max_in_flight(64)
///     .build()?;
/// # drop(transport);
/// # Ok(())
/// # }
/// ```
#[must_use]
pub struct ReqwestTransportBuilder {
    pub(super) connect_timeout: Duration,
    pub(super) total_timeout: Duration,
    pub(super) max_body: usize,
    pub(super) max_in_flight: usize,
    pub(super) user_agent: HeaderValue,
    pub(super) environment_proxies: bool,
    pub(super) roots: Vec<Certificate>,
    unread_roots: Vec<Vec<u8>>,
}

impl Default for ReqwestTransportBuilder {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            total_timeout: Duration::from_secs(30),
            max_body: 1024 * 1024,
            max_in_flight: 256,
            user_agent: USER_AGENT,
            environment_proxies: true,
            roots: Vec::new(),
            unread_roots: Vec::new(),
        }
    }
}

impl ReqwestTransportBuilder {
    /// How long connecting may take, with the name look-up and the TLS handshake. 5 seconds by default.
    ///
    /// When it passes, the call was certainly not sent. So keep it shorter than the total timeout, after which
    /// the server may have acted.
    pub const fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How long a call may take in all, as [`TotalTimeout`](crate::TotalTimeout) counts it. 30 seconds by default.
    pub const fn total_timeout(mut self, timeout: Duration) -> Self {
        self.total_timeout = timeout;
        self
    }

    /// How large the body of an answer may be, in bytes. 1 MiB by default.
    pub const fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// How many calls may be in flight at once, and how many idle connections are kept. 256 by default.
    ///
    /// It protects this machine's file descriptors and the server. Further calls wait their turn.
    pub const fn max_in_flight(mut self, calls: usize) -> Self {
        self.max_in_flight = calls;
        self
    }

    /// What to send as `User-Agent` when a request has none.
    pub fn user_agent(mut self, value: HeaderValue) -> Self {
        self.user_agent = value;
        self
    }

    /// Connects directly, whatever `HTTPS_PROXY` and its relatives say.
    pub const fn ignore_proxies(mut self) -> Self {
        self.environment_proxies = false;
        self
    }

    /// Trusts these root certificates as well, from PEM text with one or more of them.
    ///
    /// For a company's own authority, or for an image without root certificates of its own.
    pub fn add_roots_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.unread_roots.push(pem.into());
        self
    }

    /// Builds the transport. The machine's root certificates are read at the first `https` call, or by
    /// [`ReqwestTransport::preflight`].
    ///
    /// # Errors
    ///
    /// [`TransportErrorKind::Setup`] when no call may be in flight, when PEM text of
    /// [`add_roots_pem`](Self::add_roots_pem) cannot be read, or when it holds no certificate.
    pub fn build(mut self) -> Result<ReqwestTransport, TransportError> {
        if self.max_in_flight == 0 {
            return Err(TransportError::new(TransportErrorKind::Setup)
                .with_detail("at least one call has to be allowed in flight"));
        }
        for pem in std::mem::take(&mut self.unread_roots) {
            let roots = Certificate::from_pem_bundle(&pem).map_err(blame::reading_roots)?;
            if roots.is_empty() {
                return Err(TransportError::new(TransportErrorKind::Setup)
                    .with_detail("the PEM text of the root certificates holds none"));
            }
            self.roots.extend(roots);
        }
        Ok(self.assemble(Clients::lazy))
    }

    pub(super) fn assemble(self, clients: impl FnOnce(Self) -> Clients) -> ReqwestTransport {
        // A semaphore panics above its own limit, which no machine can reach.
        let max_in_flight = self.max_in_flight.min(Semaphore::MAX_PERMITS);
        ReqwestTransport {
            judged: Judged::default(),
            in_flight: Semaphore::new(max_in_flight),
            max_in_flight,
            total_timeout: self.total_timeout,
            max_body: self.max_body,
            clients: clients(self),
        }
    }
}

impl fmt::Debug for ReqwestTransportBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReqwestTransportBuilder")
            .field("connect_timeout", &self.connect_timeout)
            .field("total_timeout", &self.total_timeout)
            .field("max_body", &self.max_body)
            .field("max_in_flight", &self.max_in_flight)
            .field("environment_proxies", &self.environment_proxies)
            .finish_non_exhaustive()
    }
}
