//! A notification that outlives a restart.

use std::sync::{Arc, Mutex};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{Attempt, Notifications, Record, State, Told, next_id};
use crate::config::Bin;
use crate::state::{Offer, Payment};

/// A notification as it is kept: what is told, and what came of it so far.
///
/// What was sent is not kept, because a token is in it: after a new start it is signed anew.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeptNotification {
    pub(crate) offer: Offer,
    #[serde(with = "crate::state::payment")]
    payment: Payment,
    acknowledged: bool,
    held_back: bool,
    scheduled: usize,
    #[serde(with = "crate::moment::maybe")]
    next: Option<OffsetDateTime>,
    attempts: Vec<Attempt>,
}

impl Record {
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

impl Notifications {
    /// Goes on with one that was kept, under `bin`.
    pub(crate) fn put(&self, bin: Bin, kept: KeptNotification) {
        let mut all = self.lock();
        let record = Record {
            id: next_id(&all),
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
        };
        all.push(Arc::new(record));
    }
}
