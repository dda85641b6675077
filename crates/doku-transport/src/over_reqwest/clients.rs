//! The reqwest clients, one per route, built when first needed.
//!
//! Loading root certificates can fail, and a call on loopback does not need them. So the routes do not share a
//! client, and a failure is not remembered: the certificates may have been installed since.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::OnceLock;
use std::time::Duration;

use http::HeaderValue;
use reqwest::{Certificate, Client, ClientBuilder};

use super::target::{Route, Target};
use super::{ReqwestTransportBuilder, blame};
use crate::TransportError;
use crate::loopback::LOCALHOST;

/// Idle connections go before servers close theirs, commonly after 60 to 75 seconds. Sending on a connection that
/// is being closed is the one avoidable way to lose an answer.
const IDLE: Duration = Duration::from_secs(30);

/// An HTTP/2 connection that died in silence would swallow call after call: while calls are open, it is asked.
const PING_EVERY: Duration = Duration::from_secs(10);
const PING_WAIT: Duration = Duration::from_secs(5);

pub(super) enum Clients {
    Lazy(Box<Lazy>),
    Given(Client),
}

pub(super) struct Lazy {
    connect_timeout: Duration,
    max_idle: usize,
    user_agent: HeaderValue,
    roots: Vec<Certificate>,
    environment_proxies: bool,
    plain: OnceLock<Client>,
    secure_loopback: OnceLock<Client>,
    secure: OnceLock<Client>,
}

impl Clients {
    pub(super) fn lazy(settings: ReqwestTransportBuilder) -> Self {
        Self::Lazy(Box::new(Lazy {
            connect_timeout: settings.connect_timeout,
            max_idle: settings.max_in_flight,
            user_agent: settings.user_agent,
            roots: settings.roots,
            environment_proxies: settings.environment_proxies,
            plain: OnceLock::new(),
            secure_loopback: OnceLock::new(),
            secure: OnceLock::new(),
        }))
    }

    pub(super) const fn were_given(&self) -> bool {
        matches!(self, Self::Given(_))
    }

    pub(super) fn for_target(&self, target: &Target) -> Result<&Client, TransportError> {
        match self {
            Self::Given(client) => Ok(client),
            Self::Lazy(lazy) => lazy.client(target.route()),
        }
    }

    pub(super) fn secure(&self) -> Result<&Client, TransportError> {
        match self {
            Self::Given(client) => Ok(client),
            Self::Lazy(lazy) => lazy.client(Route::Secure),
        }
    }
}

impl Lazy {
    fn client(&self, route: Route) -> Result<&Client, TransportError> {
        let cell = match route {
            Route::Plain => &self.plain,
            Route::SecureLoopback => &self.secure_loopback,
            Route::Secure => &self.secure,
        };
        if let Some(client) = cell.get() {
            return Ok(client);
        }
        // Two callers may both build one at the start; the first to finish wins.
        let client = self.build(route).map_err(blame::building)?;
        Ok(cell.get_or_init(|| client))
    }

    fn build(&self, route: Route) -> reqwest::Result<Client> {
        let builder = self.base();
        match route {
            // TLS is never spoken here, so an empty list of roots will do.
            Route::Plain => on_loopback(builder).tls_certs_only([]),
            Route::SecureLoopback => on_loopback(builder).tls_certs_merge(self.roots.clone()),
            Route::Secure if self.environment_proxies => {
                builder.tls_certs_merge(self.roots.clone())
            }
            Route::Secure => builder.no_proxy().tls_certs_merge(self.roots.clone()),
        }
        .build()
    }

    fn base(&self) -> ClientBuilder {
        Client::builder()
            .user_agent(self.user_agent.clone())
            .connect_timeout(self.connect_timeout)
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(self.max_idle)
            .http2_keep_alive_interval(PING_EVERY)
            .http2_keep_alive_timeout(PING_WAIT)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .no_gzip()
            .no_brotli()
            .no_deflate()
            .no_zstd()
    }
}

fn on_loopback(builder: ClientBuilder) -> ClientBuilder {
    // A port of 0 stands for the port of the URL.
    let here = [
        SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        SocketAddr::from((Ipv6Addr::LOCALHOST, 0)),
    ];
    builder.no_proxy().resolve_to_addrs(LOCALHOST, &here)
}
