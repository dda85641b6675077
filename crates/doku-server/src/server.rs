//! The server: started from a configuration, and stopped in order.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use doku_ledger::Ledger;
use doku_ledger::reconcile::Worker;
use doku_transport::{HttpTransport, ReqwestTransport};
use doku_va_btn::hosted::{Endpoints, PaymentCodes};
use doku_va_btn::{Client, Clock, SystemClock};
use serde::Serialize;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::check::Finding;
use crate::config::Config;
use crate::listen::{Listening, PATIENCE};
use crate::metered::Metered;
use crate::metrics::Metrics;
use crate::site::{AllDone, Site, Underway};
use crate::webhook::{Dispatcher, recipient, unnamed};
use crate::{api, check, inbound, tail};

/// The longest number of the merchant's own that is made up: 16 digits in all, as customers know it.
const OWN_NUMBER: usize = 16;

/// A server that has not been started.
///
/// ```no_run
/// use doku_server::{Config, Server};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let config = Config::load(Some("doku.toml".as_ref()))?;
/// let running = Server::start(config).await?;
/// println!("{}", running.ready());
/// // Until somebody says so.
/// running.shutdown().await;
/// # Ok(())
/// # }
/// ```
#[must_use = "a server does nothing until it is started"]
pub struct Server {
    config: Config,
    clock: Arc<dyn Clock>,
    doku: Arc<dyn HttpTransport>,
    webhooks: Arc<dyn HttpTransport>,
}

/// A server that could not be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// An address is taken, or is none of this machine's.
    #[error(
        "cannot listen at {address}: {source}; choose another address, or stop whoever listens there"
    )]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// The ledger cannot be opened.
    #[error(transparent)]
    Ledger(#[from] doku_ledger::Error),
    /// The client cannot be made.
    #[error(transparent)]
    Client(#[from] doku_va_btn::Error),
}

impl Server {
    /// Looks at everything a server needs and changes nothing: the keys, DOKU (by asking for a token), the database, the
    /// addresses to listen at, the keys of the merchant API, the webhooks.
    pub async fn check(config: &Config) -> Vec<Finding> {
        Self::check_with(config, Arc::new(ReqwestTransport::new())).await
    }

    /// The same, by another way to DOKU.
    pub async fn check_with(config: &Config, doku: Arc<dyn HttpTransport>) -> Vec<Finding> {
        check::look(config, doku).await
    }

    /// Starts a server: opens the ledger, listens, and begins to work. Call it on a tokio runtime.
    ///
    /// # Errors
    ///
    /// [`StartError`].
    pub async fn start(config: Config) -> Result<Running, StartError> {
        Self::new(config).run().await
    }

    /// A server whose parts may be replaced before it is started.
    pub fn new(config: Config) -> Self {
        Self {
            config,
            clock: Arc::new(SystemClock),
            doku: Arc::new(ReqwestTransport::new()),
            webhooks: Arc::new(ReqwestTransport::new()),
        }
    }

    /// On another clock than the machine's.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// With another way to DOKU.
    pub fn doku_transport(mut self, transport: Arc<dyn HttpTransport>) -> Self {
        self.doku = transport;
        self
    }

    /// With another way to the targets of webhooks.
    pub fn webhook_transport(mut self, transport: Arc<dyn HttpTransport>) -> Self {
        self.webhooks = transport;
        self
    }

    /// Starts it.
    ///
    /// # Errors
    ///
    /// [`StartError`].
    pub async fn run(self) -> Result<Running, StartError> {
        let Self {
            config,
            clock,
            doku,
            webhooks,
        } = self;
        let odd = check::at_start(&config);
        // Who cannot listen need not touch the database.
        let outside = bind(config.listen).await?;
        let inside = bind(config.api_listen).await?;
        let client = Client::with_clock(config.doku.clone(), doku, Arc::clone(&clock))?;
        let ledger = Ledger::open(config.ledger().clock(Arc::clone(&clock))).await?;
        let metrics = Metrics::new();
        let doku = Arc::new(Metered::new(client, metrics.clone()));
        let worker = || {
            Worker::new(ledger.clone(), Arc::clone(&doku) as Arc<_>)
                .per_second(config.questions_per_second)
        };
        let (stop, stopped) = watch::channel(false);
        let (underway, all_done) = Underway::new();
        let address = outside.local_addr().map_err(listen(config.listen))?;
        let public_url = config
            .public_url
            .as_ref()
            .map_or_else(|| format!("http://{address}"), ToString::to_string);
        // A server that cannot acknowledge a payment says so at once, and is started again.
        ledger.write_something().await?;
        for target in &config.webhooks {
            ledger.enrol(&recipient(target)).await?;
        }
        for left in unnamed(&ledger, &config).await? {
            let waiting = ledger.backlog(&left).await?.waiting;
            tracing::warn!(
                webhook = %left.name(),
                waiting,
                "this webhook is configured no more, and nobody sends what waits for it; configure it again, or drop it with \
                 `doku ledger webhooks --forget`"
            );
        }

        let mut workers = JoinSet::new();
        let (reconciliation, mut until) = (worker(), stopped.clone());
        workers.spawn(async move {
            reconciliation
                .run(async move { drop(until.wait_for(|stopped| *stopped).await) })
                .await;
        });
        workers.spawn(tail::follow(
            ledger.clone(),
            metrics.clone(),
            stopped.clone(),
        ));
        for target in &config.webhooks {
            let dispatcher = Dispatcher::new(
                ledger.clone(),
                Arc::new(target.clone()),
                Arc::clone(&webhooks),
                metrics.clone(),
            );
            workers.spawn(dispatcher.run(stopped.clone()));
        }

        let endpoints = Endpoints::builder(config.credentials.clone())
            .payments(ledger.clone())
            .inquiries(ledger.clone())
            .handled(ledger.kept_payments())
            .events(ledger.clone())
            .clock(clock)
            .dialect(config.hosted.clone())
            .bounds(config.bounds)
            .signed_path(config.signed_path.clone())
            .build();
        let site = Arc::new(Site {
            codes: codes(&config, &ledger),
            worker: worker(),
            ledger: ledger.clone(),
            doku: Arc::clone(&doku) as Arc<_>,
            metrics,
            public_url: public_url.clone(),
            stopped: stopped.clone(),
            readers: Site::readers(),
            underway,
            config: config.clone(),
        });
        let outside = Listening::serve(
            inbound::router(Arc::clone(&site), endpoints),
            outside,
            stopped.clone(),
        )
        .map_err(listen(config.listen))?;
        let inside = Listening::serve(api::router(site), inside, stopped)
            .map_err(listen(config.api_listen))?;
        tracing::info!(address = %outside.address(), api = %inside.address(), "listening");
        for told in odd {
            tracing::warn!("{told}");
        }
        Ok(Running {
            stop,
            outside,
            inside,
            public_url,
            workers,
            all_done,
            ledger,
        })
    }
}

async fn bind(address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address).await.map_err(listen(address))
}

fn listen(address: SocketAddr) -> impl FnOnce(io::Error) -> StartError {
    move |source| StartError::Listen { address, source }
}

/// Numbers of the merchant's own under its BIN; none where the BIN leaves no room.
fn codes(config: &Config, ledger: &Ledger) -> Option<PaymentCodes> {
    let bin = config.doku.partner_service_id()?.clone();
    let digits = OWN_NUMBER.saturating_sub(bin.digits().len()).max(6);
    PaymentCodes::new(bin, digits, Arc::new(ledger.clone())).ok()
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}

/// A server that runs. Dropped without [`Running::shutdown`], it stops with its runtime, and nothing is waited for.
#[must_use = "a server stops in order only by `shutdown`"]
pub struct Running {
    stop: watch::Sender<bool>,
    outside: Listening,
    inside: Listening,
    public_url: String,
    workers: JoinSet<()>,
    all_done: AllDone,
    ledger: Ledger,
}

/// What a supervisor waits for: one line of JSON.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Ready {
    /// Always `ready`.
    pub event: &'static str,
    /// Where DOKU and customers are served.
    pub base_url: String,
    /// Where the merchant API is.
    pub api_url: String,
    /// How customers reach the payment pages.
    pub public_url: String,
}

impl fmt::Display for Ready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = serde_json::to_string(self).map_err(|_| fmt::Error)?;
        f.write_str(&line)
    }
}

impl Running {
    /// Where DOKU and customers are served.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.outside.address()
    }

    /// Where the merchant API is.
    #[must_use]
    pub const fn api_address(&self) -> SocketAddr {
        self.inside.address()
    }

    /// The line for a supervisor.
    #[must_use]
    pub fn ready(&self) -> Ready {
        Ready {
            event: "ready",
            base_url: format!("http://{}", self.address()),
            api_url: format!("http://{}", self.api_address()),
            public_url: self.public_url.clone(),
        }
    }

    /// The ledger behind it.
    #[must_use]
    pub const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Stops in order: takes no more connections, finishes the calls that are under way, half a minute at most, lets the
    /// workers come to their end, and closes the ledger.
    pub async fn shutdown(self) {
        let Self {
            stop,
            outside,
            inside,
            mut workers,
            all_done,
            ledger,
            ..
        } = self;
        stop.send_replace(true);
        tokio::join!(outside.ended(), inside.ended());
        let finished = async {
            all_done.wait().await;
            while workers.join_next().await.is_some() {}
        };
        if timeout(PATIENCE, finished).await.is_err() {
            tracing::warn!("work that took too long was left; it is found again");
            workers.shutdown().await;
        }
        ledger.close().await;
        tracing::info!("stopped");
    }
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running")
            .field("address", &self.address())
            .field("api_address", &self.api_address())
            .field("ledger", &self.ledger)
            .finish_non_exhaustive()
    }
}
