//! The transport for production: reqwest over rustls.
//!
//! `builder` holds the settings, `target` decides where a request may go, `clients` builds the reqwest clients
//! when they are first needed, `answer` reads a response, and `blame` turns a failure into a [`TransportError`].

mod answer;
mod blame;
mod builder;
mod clients;
mod target;

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};

use self::clients::Clients;
use self::target::{Judged, Target, honest_length};
use crate::{HttpTransport, TotalTimeout, TransportError, TransportErrorKind};

pub use self::builder::ReqwestTransportBuilder;

/// What stands in for a deadline too far away to be computed.
const FAR: Duration = Duration::from_secs(60 * 60 * 24 * 365);

/// [`HttpTransport`] over reqwest, rustls and tokio, with HTTP/1.1 and HTTP/2.
///
/// # What it does, and does not
///
/// | | default |
/// |---|---|
/// | connecting, TLS handshake included | 5 s |
/// | the whole call, waiting included | 30 s; [`TotalTimeout`] overrides it for one request |
/// | size of an answer's body | 1 MiB |
/// | calls in flight | 256; further calls wait, within their total timeout |
/// | idle connections | kept for 30 s, which is less than servers usually keep theirs |
/// | user agent | `doku-transport/` and the crate's version |
/// | schemes | `https`; plain `http` to a loopback address or `localhost` only |
/// | proxies | those of the environment (`HTTPS_PROXY`, `NO_PROXY`), never for loopback |
/// | root certificates | those of the machine; plain `http` on loopback needs none |
/// | redirects, retries, cookies, compression | never, even if the crate's features are turned on elsewhere |
///
/// `localhost` is 127.0.0.1 and ::1 without asking a name server. An empty answer, an error page and a redirect
/// are all responses.
///
/// It runs on tokio with its I/O and timers enabled. Outside a runtime, a call fails with
/// [`TransportErrorKind::Setup`].
///
/// Share one transport, as the limit of calls in flight and the connections are its own:
///
/// ```
/// use std::sync::Arc;
///
/// use doku_transport::{HttpTransport, ReqwestTransport};
///
/// let transport: Arc<dyn HttpTransport> = Arc::new(ReqwestTransport::new());
/// ```
pub struct ReqwestTransport {
    clients: Clients,
    judged: Judged,
    in_flight: Semaphore,
    max_in_flight: usize,
    total_timeout: Duration,
    max_body: usize,
}

impl ReqwestTransport {
    /// A transport with the defaults listed above.
    ///
    /// Nothing is read or opened yet. See [`preflight`](Self::preflight) for finding out early.
    #[must_use]
    pub fn new() -> Self {
        ReqwestTransportBuilder::default().assemble(Clients::lazy)
    }

    /// The same with other settings.
    pub fn builder() -> ReqwestTransportBuilder {
        ReqwestTransportBuilder::default()
    }

    /// Uses a reqwest client of your own, for what the builder does not offer, such as client certificates.
    ///
    /// The total timeout, the size of an answer, the calls in flight and the rule about plain `http` are this
    /// crate's defaults. Everything else is the client's, so build it with
    /// `redirect(reqwest::redirect::Policy::none())`, `retry(reqwest::retry::never())` and a connect timeout.
    ///
    /// A client cannot be asked whether it follows redirects. One that does may have shown the request to a server
    /// before a later connection failed. So here [`TransportErrorKind::Connect`] and [`TransportErrorKind::Tls`]
    /// say [`Acted::Maybe`](crate::Acted::Maybe), and an answer that came from another URL is refused with
    /// [`TransportErrorKind::RefusedByPolicy`], which says so too.
    #[must_use]
    pub fn from_client(client: reqwest::Client) -> Self {
        ReqwestTransportBuilder::default().assemble(|_| Clients::Given(client))
    }

    /// Gets ready for `https` now rather than at the first call: loads the root certificates, opens no connection.
    ///
    /// Call it when a service starts, so that a machine without root certificates is noticed before the first
    /// payment. Reading them blocks for some milliseconds.
    ///
    /// # Errors
    ///
    /// [`TransportErrorKind::MissingRoots`] when the machine has no root certificates, and
    /// [`TransportErrorKind::Setup`] when the client cannot be built for another reason.
    pub fn preflight(&self) -> Result<(), TransportError> {
        self.clients.secure().map(drop)
    }

    async fn exchange(
        &self,
        target: &Target,
        client: &reqwest::Client,
        request: reqwest::Request,
    ) -> Result<Response<Bytes>, TransportError> {
        let given = self.clients.were_given();
        let response = client.execute(request).await.map_err(|error| {
            let error = blame::sending(error);
            if given { error.perhaps_acted() } else { error }
        })?;
        if given && !target.is_where(response.url()) {
            return Err(TransportError::new(TransportErrorKind::RefusedByPolicy)
                .with_detail("the given client followed a redirect")
                .perhaps_acted());
        }
        answer::read(response, self.max_body).await
    }
}

impl Default for ReqwestTransport {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for ReqwestTransport {
    /// Shows the limits. A client is left out: a given one may carry secrets among its default headers.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReqwestTransport")
            .field("total_timeout", &self.total_timeout)
            .field("max_body", &self.max_body)
            .field("max_in_flight", &self.max_in_flight)
            .field("free", &self.in_flight.available_permits())
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl HttpTransport for ReqwestTransport {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        if Handle::try_current().is_err() {
            return Err(TransportError::new(TransportErrorKind::Setup)
                .with_detail("the call was made outside a tokio runtime"));
        }
        let (parts, body) = request.into_parts();
        let total = parts
            .extensions
            .get()
            .map_or(self.total_timeout, |TotalTimeout(total)| *total);
        let now = Instant::now();
        let deadline = now.checked_add(total).unwrap_or(now + FAR);

        honest_length(&parts, &body)?;
        let target = self.judged.target(&parts.uri)?;
        let client = self.clients.for_target(&target)?;
        let mut outgoing = reqwest::Request::new(parts.method, target.url().clone());
        *outgoing.headers_mut() = parts.headers;
        if !body.is_empty() {
            *outgoing.body_mut() = Some(body.into());
        }

        let _place = match timeout_at(deadline, self.in_flight.acquire()).await {
            Ok(Ok(place)) if Instant::now() < deadline => place,
            // The semaphore is never closed, so all that is left is that the time is up.
            _ => return Err(TransportErrorKind::QueueTimeout.into()),
        };
        match timeout_at(deadline, self.exchange(&target, client, outgoing)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(TransportErrorKind::Timeout.into()),
        }
    }
}
