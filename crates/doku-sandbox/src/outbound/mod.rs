//! What it takes to call the merchant, and what is remembered of having done so. Nothing here calls anybody.
//!
//! `form` is how DOKU writes numbers and moments, `outgoing` a call that is ready to be sent; `bearers` are the tokens that
//! merchants gave DOKU, and `notifications` remembers what is to be told until it is acknowledged.

mod bearers;
pub(crate) mod form;
mod notifications;
mod outgoing;

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use doku_model::Operation;
use doku_sign::ClientSecret;
use doku_transport::HttpTransport;
use tokio::sync::Notify;

pub(crate) use bearers::Bearer;
pub use notifications::{Attempt, Notification, Trigger};
pub(crate) use notifications::{KeptNotification, Notifications, Record, Told};
pub(crate) use outgoing::{Outgoing, SignedBefore};

use crate::config::{Dialect, Endpoints, HeaderClock, Resend, SandboxConfig};
use bearers::Bearers;

/// What DOKU needs to call the merchant, and what it remembers of having done so.
pub(crate) struct Outbound {
    pub(crate) transport: Option<Arc<dyn HttpTransport>>,
    /// By BIN.
    endpoints: Vec<Endpoints>,
    pub(crate) timeout: Duration,
    pub(crate) dialect: Dialect,
    pub(crate) resend: Resend,
    pub(crate) header_clock: HeaderClock,
    pub(crate) secret: ClientSecret,
    pub(crate) bearers: Bearers,
    pub(crate) notifications: Notifications,
    /// What the last call of each operation was signed with.
    signed: Mutex<HashMap<Operation, SignedBefore>>,
    serial: AtomicU64,
    /// Rings when something may have become due.
    pub(crate) bell: Notify,
}

impl Outbound {
    pub(crate) fn new(config: &SandboxConfig) -> Self {
        Self {
            transport: config.transport.clone(),
            endpoints: config
                .bins()
                .iter()
                .map(|bin| config.endpoints_for(bin.partner_service_id()))
                .collect(),
            timeout: config.merchant_timeout,
            dialect: config.dialect,
            resend: config.resend,
            header_clock: config.header_clock,
            secret: config.client_secret.clone(),
            bearers: Bearers::default(),
            notifications: Notifications::default(),
            signed: Mutex::default(),
            serial: AtomicU64::new(0),
            bell: Notify::new(),
        }
    }

    /// The endpoints of a BIN.
    pub(crate) fn endpoints(&self, bin: u16) -> Endpoints {
        self.endpoints
            .get(usize::from(bin))
            .cloned()
            .unwrap_or_default()
    }

    /// Where merchants are told of payments; each address once.
    pub(crate) fn notification_urls(&self) -> Vec<String> {
        let mut urls: Vec<String> = Vec::new();
        for url in self
            .endpoints
            .iter()
            .filter_map(|of| of.notification_url.as_ref())
        {
            let url = url.to_string();
            if !urls.contains(&url) {
                urls.push(url);
            }
        }
        urls
    }

    /// Counts the calls, to tell them apart.
    pub(crate) fn next_serial(&self) -> u64 {
        self.serial.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// How many calls there were.
    pub(crate) fn serial(&self) -> u64 {
        self.serial.load(Ordering::Relaxed)
    }

    /// Goes on counting calls where it was kept.
    pub(crate) fn go_on(&self, serial: u64) {
        self.serial.store(serial, Ordering::Relaxed);
    }

    /// Remembers what a call was signed with, and gives what the one before was signed with.
    pub(crate) fn remember_signed(
        &self,
        operation: Operation,
        with: SignedBefore,
    ) -> Option<SignedBefore> {
        let mut signed = self.signed.lock().unwrap_or_else(PoisonError::into_inner);
        signed.insert(operation, with)
    }

    pub(crate) fn forget_all(&self) {
        self.notifications.forget_all();
        self.bearers.forget_all();
        self.signed
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}

impl fmt::Debug for Outbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbound")
            .field("endpoints", &self.endpoints)
            .field("dialect", &self.dialect)
            .finish_non_exhaustive()
    }
}
