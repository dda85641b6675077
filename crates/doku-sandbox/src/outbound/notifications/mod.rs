//! The notifications: what is to be told, when it is told again, and what came of each attempt.
//!
//! DOKU tries again 30 minutes, 6 hours and 12 hours after the first attempt, until the merchant acknowledges; and
//! whenever somebody asks it to in the back office.

mod kept;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use doku_model::{CustomerNo, PositiveAmount, Timestamp};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

pub(crate) use kept::KeptNotification;

use super::exchange::Outgoing;
use crate::config::Bin;
use crate::desk::Desk;
use crate::journal::{KnownName, Note};
use crate::state::{Offer, Payment};

/// How long after the first attempt DOKU tries again.
const AGAIN_AFTER: [time::Duration; 3] = [
    time::Duration::minutes(30),
    time::Duration::hours(6),
    time::Duration::hours(12),
];

/// A notification, and what came of it so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Notification {
    /// Counts up from 1; what a resend is asked for by.
    pub id: u64,
    /// The id of the payment.
    pub payment_request_id: String,
    /// The number that was paid, padded.
    pub virtual_account_no: String,
    /// The merchant's invoice number, where DOKU knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trx_id: Option<String>,
    /// What was paid, `11500.00`.
    pub paid_amount: String,
    /// Whether the merchant answered HTTP 200 with `2002500`.
    pub acknowledged: bool,
    /// When DOKU tries again by itself, in Western Indonesian Time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_attempt: Option<String>,
    /// The attempts, oldest first.
    pub attempts: Vec<Attempt>,
}

/// An attempt to tell the merchant of a payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Attempt {
    /// When, on the sandbox's clock, in Western Indonesian Time.
    pub at: String,
    /// Why it was made.
    pub trigger: Trigger,
    /// Its entry in the journal; none where the notification could not be sent at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub journal: Option<u64>,
    /// The HTTP status of the answer; 0 where there was none.
    pub status: u16,
    /// `responseCode` of the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_code: Option<String>,
    /// Whether the answer is an acknowledgement.
    pub acknowledged: bool,
    /// Why it is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What is missing or wrong in the answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    /// The fault that was ordered for it.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::journal::known_fault"
    )]
    pub fault: KnownName,
}

/// Why a notification was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Trigger {
    /// The payment.
    Payment,
    /// The schedule, because it was not acknowledged.
    Retry,
    /// It was held back, and the one after it went first.
    OutOfOrder,
    /// Somebody asked for it.
    Resend,
}

/// What is told of a payment.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) bin: Bin,
    pub(crate) index: u16,
    pub(crate) offer: Offer,
    pub(crate) payment: Payment,
}

/// A notification in DOKU's memory.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) id: u64,
    pub(super) told: Told,
    /// When the first attempt was due.
    first: OffsetDateTime,
    state: Mutex<State>,
    /// Held during an attempt: there is one at a time.
    pub(super) sending: tokio::sync::Mutex<()>,
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
    fn lock(&self) -> MutexGuard<'_, State> {
        // Every change is a single assignment or push.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn due(&self) -> Option<OffsetDateTime> {
        self.lock().next
    }

    /// Takes the scheduled attempt that is due, if one is, and says which it is.
    pub(super) fn take_due(&self, now: OffsetDateTime) -> Option<Trigger> {
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

    pub(super) fn hold_back(&self) {
        self.lock().held_back = true;
    }

    /// Whether it was held back; from now on it is not.
    pub(super) fn release(&self) -> bool {
        std::mem::take(&mut self.lock().held_back)
    }

    pub(super) fn sent_first(&self) -> Option<Outgoing> {
        self.lock().sent.clone()
    }

    pub(super) fn remember_sent(&self, outgoing: &Outgoing) {
        self.lock().sent.get_or_insert_with(|| outgoing.clone());
    }

    pub(super) fn add(&self, attempt: Attempt) {
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
}

impl Told {
    pub(super) fn customer_no(&self) -> &CustomerNo {
        &self.offer.customer_no
    }

    pub(super) fn amount(&self) -> PositiveAmount {
        self.payment.amount
    }
}

/// Every notification, in the order of payment.
#[derive(Debug, Default)]
pub(crate) struct Notifications {
    all: Mutex<Vec<Arc<Record>>>,
}

impl Notifications {
    fn lock(&self) -> MutexGuard<'_, Vec<Arc<Record>>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes down what is to be told, at once.
    pub(crate) fn add(&self, told: Told) -> Arc<Record> {
        let mut all = self.lock();
        let first = told.payment.paid_at;
        let record = Arc::new(Record {
            id: next_id(&all),
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
        });
        all.push(Arc::clone(&record));
        record
    }

    /// At most `most` of them with an id below `before`, newest first; and how many there are.
    pub(crate) fn newest(&self, before: u64, most: usize) -> (Vec<Arc<Record>>, usize) {
        let all = self.lock();
        let below = usize::try_from(before.saturating_sub(1)).unwrap_or(usize::MAX);
        let newest = all.iter().take(below).rev().take(most);
        (newest.cloned().collect(), all.len())
    }

    pub(crate) fn all(&self) -> Vec<Arc<Record>> {
        self.lock().clone()
    }

    pub(crate) fn by_id(&self, id: u64) -> Option<Arc<Record>> {
        let index = usize::try_from(id.checked_sub(1)?).ok()?;
        self.lock().get(index).cloned()
    }

    /// Those that are due, the longest waiting first.
    fn due(&self, now: OffsetDateTime) -> Vec<Arc<Record>> {
        let mut due: Vec<_> = self
            .lock()
            .iter()
            .filter_map(|record| {
                Some((record.due().filter(|due| *due <= now)?, Arc::clone(record)))
            })
            .collect();
        due.sort_by_key(|(due, record)| (*due, record.id));
        due.into_iter().map(|(_, record)| record).collect()
    }

    fn next_due(&self) -> Option<OffsetDateTime> {
        self.lock().iter().filter_map(|record| record.due()).min()
    }

    pub(super) fn forget_all(&self) {
        self.lock().clear();
    }
}

fn next_id(all: &[Arc<Record>]) -> u64 {
    u64::try_from(all.len())
        .unwrap_or(u64::MAX)
        .saturating_add(1)
}

impl Desk {
    /// Makes every attempt that is due now; when this ends, they have been made, by whomever.
    pub(crate) async fn deliver_due(&self) {
        self.send_due().await;
        // What somebody else has taken is no longer due, and perhaps not over.
        for record in self.outbound.notifications.all() {
            let _over = record.sending.lock().await;
        }
    }

    /// Moves the clock, and ends once what became due was sent.
    pub(crate) async fn move_clock(self: &Arc<Self>, by: Duration) {
        self.clock.advance(by);
        self.changed();
        // Whoever moves the clock wants to see what that brought about, and may go away meanwhile.
        let due = Arc::clone(self);
        let delivered = tokio::spawn(async move { due.deliver_due().await });
        let _ended = delivered.await;
    }

    /// Takes every move of the clock back.
    pub(crate) fn set_clock_back(&self) {
        self.clock.reset();
        self.changed();
        self.outbound.bell.notify_one();
    }

    async fn send_due(&self) {
        loop {
            let due = self.outbound.notifications.due(self.clock.now());
            if due.is_empty() {
                return;
            }
            for record in due {
                self.deliver_scheduled(&record).await;
            }
        }
    }
}

/// Makes the scheduled attempts as their time comes, for ever.
pub(crate) async fn keep_schedule(desk: Arc<Desk>) {
    loop {
        desk.send_due().await;
        let now = desk.clock.now();
        let due = desk.outbound.notifications.next_due();
        let rung = desk.outbound.bell.notified();
        match due {
            None => rung.await,
            Some(due) => {
                let wait = Duration::try_from(due - now).unwrap_or_default();
                tokio::select! {
                    () = tokio::time::sleep(wait) => {}
                    () = rung => {}
                }
            }
        }
    }
}
