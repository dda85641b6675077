//! The sandbox as a library: start it, move its clock, pay, order faults, read its journal.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use doku_model::{PositiveAmount, Timestamp, VirtualAccountNo};
use doku_sign::DokuPublicKey;
use serde::Serialize;
use tokio::net::{TcpListener, ToSocketAddrs};
use tokio::task::JoinHandle;

use crate::calls::keep_schedule;
use crate::config::SandboxConfig;
use crate::counter::{AtmScreen, Paid, TellerError};
use crate::desk::{Desk, keep_state};
use crate::faults::{Fault, FaultError};
use crate::http::{self, Server};
use crate::journal::JournalEntry;
use crate::keep::StateFileError;
use crate::outbound::Notification;
use crate::state::{PayError, Payment};
use crate::view::VirtualAccount;

/// A local DOKU. Cloning gives another handle on the same one.
///
/// ```
/// use doku_sandbox::{Merchant, Sandbox, SandboxConfig};
///
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// let merchant = Merchant::make_up()?;
/// let running = Sandbox::start(SandboxConfig::for_merchant(&merchant)?, "127.0.0.1:0").await?;
/// assert!(running.base_url().starts_with("http://127.0.0.1:"));
/// assert!(running.sandbox().virtual_accounts().is_empty());
/// running.shutdown().await;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Sandbox {
    desk: Arc<Desk>,
}

/// A sandbox that listens. It stops when this is dropped.
#[derive(Debug)]
pub struct Running {
    sandbox: Sandbox,
    address: SocketAddr,
    base_url: String,
    server: Server,
    schedule: Background,
    keeping: Option<Background>,
}

/// A task that sends notifications when they are due, or keeps the state. It ends when this is dropped.
#[derive(Debug)]
struct Background(JoinHandle<()>);

impl Drop for Background {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// A sandbox that could not be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address is taken, or is none of this machine's.
    #[error("cannot listen there; choose another address, or port 0 for any free one")]
    Listen(#[source] io::Error),
    /// No BIN was given, so that every create would be refused.
    #[error("the sandbox has no BIN; give it one, for instance 95962:dgpc:6")]
    NoBin,
    /// The merchant hosts endpoints, and nothing carries calls to them.
    #[error(
        "the sandbox has endpoints to call and no transport; give it one, such as ReqwestTransport"
    )]
    NoTransport,
    /// DOKU presents a token to the endpoints, and the merchant hosts no place to get one.
    #[error(
        "the sandbox has endpoints to call and no token URL; give it one, or the dialect tokenSlot=noBearer"
    )]
    NoTokenUrl,
    /// The state file cannot be used.
    #[error(transparent)]
    State(#[from] StateFileError),
}

impl Sandbox {
    /// Starts a sandbox at `address`; port 0 takes any free one.
    ///
    /// Bind to loopback: the control plane asks nobody who they are.
    ///
    /// # Errors
    ///
    /// [`StartError`].
    pub async fn start(
        config: SandboxConfig,
        address: impl ToSocketAddrs,
    ) -> Result<Running, StartError> {
        let listener = TcpListener::bind(address)
            .await
            .map_err(StartError::Listen)?;
        Self::serve(config, listener)
    }

    /// Starts a sandbox on a listener that is there already. Must be called within a tokio runtime.
    ///
    /// # Errors
    ///
    /// [`StartError`].
    pub fn serve(config: SandboxConfig, listener: TcpListener) -> Result<Running, StartError> {
        if config.bins().is_empty() {
            return Err(StartError::NoBin);
        }
        if config.calls_merchant() && config.transport.is_none() {
            return Err(StartError::NoTransport);
        }
        if config.lacks_token_url() {
            return Err(StartError::NoTokenUrl);
        }
        let address = listener.local_addr().map_err(StartError::Listen)?;
        let base_url = Self::url_of(address);
        let links = config.known_as().unwrap_or(&base_url).to_owned();
        let desk = Arc::new(Desk::new(config, links)?);
        let keeping = match &desk.keeper {
            // Now, and not only after the first payment, it shows whether there is a place to write to.
            Some(keeper) => {
                keeper.try_place()?;
                Some(Background(tokio::spawn(keep_state(Arc::clone(&desk)))))
            }
            None => None,
        };
        let schedule = Background(tokio::spawn(keep_schedule(Arc::clone(&desk))));
        let server = http::serve(http::router(Arc::clone(&desk)), listener);
        Ok(Running {
            schedule,
            keeping,
            sandbox: Self { desk },
            address,
            base_url,
            server,
        })
    }

    /// Where a sandbox is called that listens at `address`. For one that stands for the whole machine (`0.0.0.0`) it is the
    /// loopback address, because nobody can be called at the other.
    #[must_use]
    pub fn url_of(address: SocketAddr) -> String {
        let own = match address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
            IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
            ip => ip,
        };
        format!("http://{}", SocketAddr::new(own, address.port()))
    }

    /// What the sandbox's clock shows, in Western Indonesian Time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        Timestamp::wib(self.desk.clock.now())
    }

    /// Moves the clock forward, in whole seconds.
    ///
    /// Notifications that become due are sent soon; [`Sandbox::deliver_due`] waits for them.
    pub fn advance(&self, by: Duration) {
        self.desk.clock.advance(by);
        self.desk.changed();
        self.desk.outbound.bell.notify_one();
    }

    /// Takes back every move of the clock: it shows the machine's time again, or where it would stand without moves.
    ///
    /// What happened meanwhile stays: what was paid is paid, and a notification that was sent was sent.
    pub fn set_clock_back(&self) {
        self.desk.set_clock_back();
    }

    /// What an ATM shows for a number, padded or not: DOKU's own record or, for a DIPC BIN, what the merchant
    /// answers.
    ///
    /// # Errors
    ///
    /// [`TellerError`] says why it shows nothing.
    pub async fn inquire(&self, number: &VirtualAccountNo) -> Result<AtmScreen, TellerError> {
        self.desk.inquire(number).await
    }

    /// Pays at the bank's counter and tells the merchant: the whole of a payment, as it happens at BTN.
    ///
    /// For a DIPC BIN the merchant is asked first. The payment stands once this succeeds, whether the merchant
    /// acknowledged the notification or not; DOKU goes on telling it by its schedule.
    ///
    /// # Errors
    ///
    /// [`TellerError`] says why the bank does not take the money.
    pub async fn pay_and_notify(
        &self,
        number: &VirtualAccountNo,
        amount: PositiveAmount,
    ) -> Result<Paid, TellerError> {
        self.desk.pay_and_notify(number, amount).await
    }

    /// Every notification, in the order of payment.
    #[must_use]
    pub fn notifications(&self) -> Vec<Notification> {
        let all = self.desk.outbound.notifications.all();
        all.iter().map(|record| record.view()).collect()
    }

    /// Sends a notification again, as a person does in DOKU's back office, acknowledged or not; `None` where no
    /// notification has this id.
    pub async fn resend(&self, id: u64) -> Option<Notification> {
        self.desk.notify_again(id).await
    }

    /// Sends the notifications that are due by the clock; when this ends, each of these attempts has been made.
    pub async fn deliver_due(&self) {
        self.desk.deliver_due().await;
    }

    /// Pays at the bank's counter, into DOKU's own record, and tells nobody.
    ///
    /// The number may be padded or not, and is one of DGPC or MGPC. The payment is in DOKU's record afterwards, where
    /// check status finds it. [`Sandbox::pay_and_notify`] tells the merchant as well.
    ///
    /// # Errors
    ///
    /// [`PayError`] says why the bank does not take the money.
    pub fn pay(
        &self,
        number: &VirtualAccountNo,
        amount: PositiveAmount,
    ) -> Result<Payment, PayError> {
        let now = self.desk.clock.now();
        let paid = self.desk.memory().pay(now, number, amount);
        self.desk.changed();
        paid
    }

    /// Orders a fault. Faults happen in the order in which they were ordered.
    ///
    /// # Errors
    ///
    /// [`FaultError`] for a fault that makes no sense.
    pub fn fault(&self, fault: Fault) -> Result<(), FaultError> {
        self.desk.faults.order(fault)
    }

    /// Takes back every fault that has not happened yet.
    pub fn clear_faults(&self) {
        self.desk.faults.clear();
    }

    /// The entries of the journal with a number above `after`, oldest first; 0 gives all that are kept.
    #[must_use]
    pub fn journal(&self, after: u64) -> Vec<Arc<JournalEntry>> {
        self.desk.journal.after(after)
    }

    /// Every virtual account, in the order of creation, deleted ones too.
    #[must_use]
    pub fn virtual_accounts(&self) -> Vec<VirtualAccount> {
        VirtualAccount::list(&self.desk, 0, usize::MAX)
    }

    /// Forgets everything and sets the clock back, as if just started. Configuration and keys stay.
    pub fn reset(&self) {
        self.desk.reset();
    }

    /// The public half of DOKU's key, which is made now if there is none yet; `None` where the system gives no
    /// randomness.
    pub async fn doku_public_key(&self) -> Option<DokuPublicKey> {
        self.desk.doku_public_key().await
    }
}

impl Running {
    /// The sandbox itself.
    #[must_use]
    pub fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }

    /// Where it listens: `http://127.0.0.1:8080`, without a slash at the end.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The address it listens at.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What a program that starts the sandbox tells whoever started it.
    #[must_use]
    pub fn ready(&self) -> Ready {
        Ready {
            event: "ready",
            base_url: self.base_url.clone(),
        }
    }

    /// Stops: takes no more connections, and waits a few seconds for the calls that run.
    ///
    /// A state that could not be written is told in the log; [`Running::stop`] gives the error.
    pub async fn shutdown(self) {
        if let Err(error) = self.stop().await {
            tracing::error!(%error, "the state was not written");
        }
    }

    /// The same, and writes the state where it is kept.
    ///
    /// # Errors
    ///
    /// [`StateFileError`] where the state could not be written; what was written before is still there.
    pub async fn stop(self) -> Result<(), StateFileError> {
        self.server.shutdown().await;
        // An attempt that is under way is made again after the next start.
        drop(self.schedule);
        drop(self.keeping);
        let desk = Arc::clone(&self.sandbox.desk);
        let written = tokio::task::spawn_blocking(move || desk.write_state());
        // It can only have been aborted with its runtime.
        written.await.unwrap_or(Ok(()))
    }
}

/// The event that says where the sandbox listens. Prints as one line of JSON.
///
/// ```text
/// {"event":"ready","baseUrl":"http://127.0.0.1:8080"}
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Ready {
    /// `ready`.
    pub event: &'static str,
    /// Where it listens.
    pub base_url: String,
}

impl std::fmt::Display for Ready {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let line = serde_json::to_string(self).map_err(|_| std::fmt::Error)?;
        f.write_str(&line)
    }
}
