//! DOKU's calls to the merchant: for a token, about a number, and of a payment.
//!
//! [`exchange`] signs, sends and writes into the journal; `spoil` is what faults do to that; `token`, `inquiry` and
//! `payment` say what is sent; `judge` says what is wrong with the answer; `notifications` remembers what is to be told
//! until it is acknowledged.

mod exchange;
pub(crate) mod form;
mod inquiry;
mod judge;
mod notifications;
mod payment;
mod spoil;
mod token;

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use doku_model::{Operation, Timestamp};
use doku_sign::ClientSecret;
use doku_transport::HttpTransport;
use tokio::sync::Notify;

pub(crate) use inquiry::Inquired;
pub use notifications::{Attempt, Notification, Trigger};
pub(crate) use notifications::{KeptNotification, Notifications, Record, Told, keep_schedule};

use crate::config::{Dialect, Endpoints, HeaderClock, Resend, SandboxConfig};
use crate::desk::Desk;
use crate::journal::{Note, Signed};
use token::Bearers;

/// What DOKU needs to call the merchant, and what it remembers of having done so.
pub(crate) struct Outbound {
    transport: Option<Arc<dyn HttpTransport>>,
    /// By BIN.
    endpoints: Vec<Endpoints>,
    timeout: Duration,
    dialect: Dialect,
    resend: Resend,
    header_clock: HeaderClock,
    secret: ClientSecret,
    bearers: Bearers,
    pub(crate) notifications: Notifications,
    /// What the last call of each operation was signed with.
    signed: Mutex<HashMap<Operation, Before>>,
    serial: AtomicU64,
    /// Rings when something may have become due.
    pub(crate) bell: Notify,
}

/// What a call was signed with.
#[derive(Debug)]
struct Before {
    timestamp: String,
    signature: String,
    signed: Signed,
}

/// A call to the merchant that came to nothing.
#[derive(Debug)]
pub(crate) struct CallFailure {
    pub(crate) operation: Operation,
    pub(crate) what: Failing,
    pub(crate) notes: Vec<Note>,
}

impl CallFailure {
    /// A call that could not be made.
    fn not_made(operation: Operation, reason: impl Into<String>) -> Self {
        Self {
            operation,
            what: Failing::NotMade(reason.into()),
            notes: Vec::new(),
        }
    }
}

/// In which way.
#[derive(Debug)]
pub(crate) enum Failing {
    /// The call could not be made.
    NotMade(String),
    /// There was no answer.
    NoAnswer(String),
    /// The merchant refused.
    Refused {
        status: u16,
        code: Option<String>,
        message: Option<String>,
        reason: String,
    },
    /// The answer is no use.
    Unusable(String),
}

impl Failing {
    /// In a sentence.
    pub(crate) fn reason(&self) -> &str {
        match self {
            Self::NotMade(reason)
            | Self::NoAnswer(reason)
            | Self::Refused { reason, .. }
            | Self::Unusable(reason) => reason,
        }
    }
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
    fn next_serial(&self) -> u64 {
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
    fn remember_signed(&self, operation: Operation, with: Before) -> Option<Before> {
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

impl Desk {
    /// What X-TIMESTAMP says now in a call to the merchant.
    fn header_time(&self) -> String {
        let now = match self.outbound.header_clock {
            HeaderClock::Machine => self.clock.unmoved(),
            HeaderClock::Sandbox => self.clock.now(),
        };
        form::timestamp(self.outbound.dialect.timestamp, now)
    }

    /// The moment on the sandbox's clock, for people.
    fn shown_time(&self) -> String {
        Timestamp::wib(self.clock.now()).to_string()
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
