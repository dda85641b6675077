//! The client: what a merchant calls.
//!
//! One file an operation, all of them on top of `exchange.rs`, which signs, sends and tries again, `verdict.rs`, which says
//! what an answer is, and `integrity.rs`, which says whether it speaks of what was asked.

mod call;
mod create;
mod delete;
mod exchange;
mod how_to_pay;
mod integrity;
mod outgoing;
mod prepared;
mod retry;
mod status;
mod targets;
mod token;
mod token_request;
mod update;
mod verdict;

use std::sync::Arc;
use std::time::Duration;

use doku_model::{ClientId, Timestamp};
use doku_transport::HttpTransport;
use http::HeaderValue;

pub use call::Call;
pub use how_to_pay::{HowToPay, Instruction};
pub use prepared::PreparedCreate;
pub use token_request::Token;

use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::error::{BuildError, Error};
use crate::external_id::ExternalIds;
use retry::RetryBudget;
use targets::Targets;
use token::TokenCache;

/// A client for one set of credentials. Immutable, cheap to clone, and all clones share one token.
///
/// ```no_run
/// use std::sync::Arc;
///
/// use doku_model::Bill;
/// use doku_va_btn::{Client, Config, CreateVa};
///
/// # async fn example(transport: Arc<dyn doku_transport::HttpTransport>) -> Result<(), Box<dyn std::error::Error>> {
/// let client = Client::new(Config::from_env()?, transport)?;
/// let order = CreateVa::doku_generated(
///     "INV-2026-0001".parse()?,
///     "Budi Santoso".parse()?,
///     Bill::Closed("11500.00".parse()?),
/// );
/// let va = client.create(&order).await?.value;
/// println!("Pay {} to {}", va.amount_as_rupiah().unwrap_or_default(), va.number_grouped());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    config: Config,
    transport: Arc<dyn HttpTransport>,
    clock: Arc<dyn Clock>,
    external_ids: ExternalIds,
    tokens: TokenCache,
    budget: RetryBudget,
    targets: Targets,
    partner_id: HeaderValue,
}

impl Client {
    /// A client that calls through `transport`.
    ///
    /// # Errors
    ///
    /// [`Error::Build`] where the operating system gives no random numbers.
    pub fn new(config: Config, transport: Arc<dyn HttpTransport>) -> Result<Self, Error> {
        Self::with_clock(config, transport, Arc::new(SystemClock))
    }

    /// The same, on another clock than the machine's.
    ///
    /// # Errors
    ///
    /// [`Error::Build`] where the operating system gives no random numbers.
    pub fn with_clock(
        config: Config,
        transport: Arc<dyn HttpTransport>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Error> {
        let external_ids = ExternalIds::new().map_err(BuildError::from)?;
        let targets = Targets::at(config.environment())?;
        let partner_id = partner_id(config.client_id())?;
        let budget = RetryBudget::new(config.retry.budget);
        let tokens = TokenCache::default();
        Ok(Self {
            inner: Arc::new(Inner {
                config,
                transport,
                clock,
                external_ids,
                tokens,
                budget,
                targets,
                partner_id,
            }),
        })
    }

    /// The moment that lies `life` ahead of the client's clock, in Western Indonesian Time: for
    /// [`CreateVa::expires`](crate::CreateVa::expires).
    #[must_use]
    pub fn expiry_in(&self, life: Duration) -> Timestamp {
        let life = time::Duration::try_from(life).unwrap_or(time::Duration::MAX);
        Timestamp::wib(self.inner.clock.now().saturating_add(life))
    }

    /// What the client is configured with.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.inner.config
    }
}

fn partner_id(client_id: &ClientId) -> Result<HeaderValue, BuildError> {
    HeaderValue::from_str(client_id.as_str())
        .map_err(|_| BuildError::NotSendable("the client id cannot stand in a header"))
}
