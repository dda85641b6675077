//! The memory as it is at one moment, and the memory that is made from that again.

use std::sync::Arc;

use doku_model::CustomerNo;
use time::Date;

use super::account::Account;
use super::direct::Paid;
use super::external_ids::{ExternalIds, Used};
use super::fingerprint::Fingerprints;
use super::memory::{Memory, Settings};
use super::pieces::Shared;

/// What is in the memory at one moment. Taking it costs little, however much there is.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) counts: KeptMemory,
    pub(crate) accounts: Shared<Account>,
    pub(crate) used: Shared<Used>,
    pub(crate) paid: Vec<Arc<Paid>>,
}

/// What there is only one of.
#[derive(Debug, Clone)]
pub(crate) struct KeptMemory {
    pub(crate) prints: Fingerprints,
    /// The day of the external ids.
    pub(crate) day: Option<Date>,
    /// How many payments there ever were.
    pub(crate) payments: u64,
    /// The number that DGPC gives out next, by BIN.
    pub(crate) next_serial: Vec<u64>,
}

impl Memory {
    /// What is in it now.
    pub(crate) fn keep(&self) -> Kept {
        let (accounts, next_serial) = self.accounts.share();
        let (day, used) = self.external_ids.share();
        Kept {
            counts: KeptMemory {
                prints: self.prints.clone(),
                day,
                payments: self.payments,
                next_serial,
            },
            accounts,
            used,
            paid: self.direct.values().map(Arc::clone).collect(),
        }
    }

    /// A memory without an account yet, which goes on where the kept one stopped.
    pub(crate) fn go_on(settings: Settings, kept: KeptMemory) -> Self {
        let mut memory = Self::new(settings, kept.prints);
        memory.payments = kept.payments;
        memory.external_ids = ExternalIds::of_day(memory.settings.day_offset, kept.day);
        for (bin, serial) in kept.next_serial.into_iter().enumerate() {
            if let Ok(bin) = u16::try_from(bin) {
                memory.accounts.go_on(bin, serial);
            }
        }
        memory
    }

    /// Puts an account that was kept behind those that are there; says whether there was room and a BIN for it.
    pub(crate) fn put_account(&mut self, account: Account) -> bool {
        self.accounts.bin(&account).is_some() && self.accounts.insert(account).is_some()
    }

    /// Puts an external id that was kept; says whether it speaks of an account that is there.
    pub(crate) fn put_used(&mut self, used: Used) -> bool {
        let known = used
            .account()
            .is_none_or(|id| self.accounts.at(id).is_some());
        self.external_ids.put(used);
        known
    }

    /// Puts what was paid for a number of the merchant's own; says whether there is a BIN for it.
    pub(crate) fn put_paid(&mut self, paid: Paid) -> bool {
        let key: (u16, CustomerNo) = (paid.offer.bin, paid.offer.customer_no.clone());
        let known = self.bin(key.0).is_some();
        self.direct.insert(key, Arc::new(paid));
        known
    }
}
