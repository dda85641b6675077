//! One notification in DOKU's memory: what is told, when it is due, and what came of it so far.

use std::sync::{Mutex, MutexGuard, PoisonError};

use doku_model::{CustomerNo, PositiveAmount, Timestamp};
use time::OffsetDateTime;

use super::kept::KeptNotification;
use super::shown::{Attempt, Notification, Trigger};
use crate::config::Bin;
use crate::outbound::outgoing::Outgoing;
use crate::state::{Offer, Payment};

/// How long after the first attempt DOKU tries again.
const AGAIN_AFTER: [time::Duration; 3] = [
    time::Duration::minutes(30),
    time::Duration::hours(6),
    time::Duration::hours(12),
];

/// What is told of a payment.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) bin: Bin,
    pub(crate) index: u16,
    pub(crate) offer: Offer,
    pub(crate) payment: Payment,
}

impl Told {
    pub(crate) fn customer_no(&self) -> &CustomerNo {
        &self.offer.customer_no
    }

    pub(crate) fn amount(&self) -> PositiveAmount {
        self.payment.amount
    }
}

/// A notification in DOKU's memory.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) id: u64,
    pub(crate) told: Told,
    /// When the first attempt was due.
    first: OffsetDateTime,
    state: Mutex<State>,
    /// Held during an attempt: there is one at a time.
    pub(crate) sending: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
struct State {
    acknowledged: bool,
    held_back: bool,
    /// How many of the scheduled attempts are over.
    scheduled: usize,
    next: Option<OffsetDateTime>,
    attempts: Vec<Attempt>,
    /// What was sent first, unspoilt.
    sent: Option<Outgoing>,
}

impl Record {
    /// What is told for the first time, and is due at once.
    pub(super) fn new(id: u64, told: Told) -> Self {
        let first = told.payment.paid_at;
        Self {
            id,
            told,
            first,
            state: Mutex::new(State {
                acknowledged: false,
                held_back: false,
                scheduled: 0,
                next: Some(first),
                attempts: Vec::new(),
                sent: None,
            }),
            sending: tokio::sync::Mutex::new(()),
        }
    }

    /// One that was kept, under `bin`.
    pub(super) fn go_on(id: u64, bin: Bin, kept: KeptNotification) -> Self {
        Self {
            id,
            first: kept.payment.paid_at,
            told: Told {
                bin,
                index: kept.offer.bin,
                offer: kept.offer,
                payment: kept.payment,
            },
            state: Mutex::new(State {
                acknowledged: kept.acknowledged,
                held_back: kept.held_back,
                scheduled: kept.scheduled,
                next: kept.next,
                attempts: kept.attempts,
                sent: None,
            }),
            sending: tokio::sync::Mutex::new(()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Every change is a single assignment or push.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn due(&self) -> Option<OffsetDateTime> {
        self.lock().next
    }

    /// Takes the scheduled attempt that is due, if one is, and says which it is.
    pub(crate) fn take_due(&self, now: OffsetDateTime) -> Option<Trigger> {
        let mut state = self.lock();
        if state.next.is_none_or(|next| now < next) {
            return None;
        }
        let trigger = if state.scheduled == 0 {
            Trigger::Payment
        } else {
            Trigger::Retry
        };
        state.next = AGAIN_AFTER
            .get(state.scheduled)
            .and_then(|after| self.first.checked_add(*after));
        state.scheduled += 1;
        Some(trigger)
    }

    pub(crate) fn hold_back(&self) {
        self.lock().held_back = true;
    }

    /// Whether it was held back; from now on it is not.
    pub(crate) fn release(&self) -> bool {
        std::mem::take(&mut self.lock().held_back)
    }

    pub(crate) fn sent_first(&self) -> Option<Outgoing> {
        self.lock().sent.clone()
    }

    pub(crate) fn remember_sent(&self, outgoing: &Outgoing) {
        self.lock().sent.get_or_insert_with(|| outgoing.clone());
    }

    pub(crate) fn add(&self, attempt: Attempt) {
        let mut state = self.lock();
        // An attempt was made, whatever came of it.
        state.held_back = false;
        if attempt.acknowledged {
            state.acknowledged = true;
            state.next = None;
        }
        state.attempts.push(attempt);
    }

    /// The notification as it is shown.
    pub(crate) fn view(&self) -> Notification {
        let Told {
            bin,
            offer,
            payment,
            ..
        } = &self.told;
        let state = self.lock();
        Notification {
            id: self.id,
            payment_request_id: payment.payment_request_id.clone(),
            virtual_account_no: format!("{}{}", bin.partner_service_id(), offer.customer_no),
            trx_id: offer.trx_id.clone(),
            paid_amount: payment.amount.to_string(),
            acknowledged: state.acknowledged,
            next_attempt: state.next.map(|next| Timestamp::wib(next).to_string()),
            attempts: state.attempts.clone(),
        }
    }

    /// The notification as it is now.
    pub(crate) fn keep(&self) -> KeptNotification {
        let state = self.lock();
        KeptNotification {
            offer: self.told.offer.clone(),
            payment: self.told.payment.clone(),
            acknowledged: state.acknowledged,
            held_back: state.held_back,
            scheduled: state.scheduled,
            next: state.next,
            attempts: state.attempts.clone(),
        }
    }
}
