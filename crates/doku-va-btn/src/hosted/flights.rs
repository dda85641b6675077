//! Notifications that are being handled, so that one which arrives meanwhile waits and shares the outcome.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use doku_model::PositiveAmount;
use tokio::sync::Notify;

use super::by_hash::ByHash;
use super::notification::PaymentKey;

/// What became of a notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Acknowledged,
    Failed,
    TimedOut,
}

/// The same payment, told with the same money.
pub(super) type FlightId = (PaymentKey, PositiveAmount);

/// All that are in the air, and where they will land. Nobody waits for most, so a landing is made for whoever does.
#[derive(Default)]
pub(super) struct Flights {
    running: Mutex<HashMap<FlightId, Option<Arc<Landing>>, ByHash>>,
}

/// Where a flight ends, and who waits there.
#[derive(Default)]
struct Landing {
    outcome: OnceLock<Outcome>,
    landed: Notify,
}

/// What somebody finds who brings a notification.
pub(super) enum Boarding {
    /// Nobody else: it is theirs to be flown.
    First(Flight),
    /// It is in the air.
    Waiting(Waiting),
}

impl Flights {
    /// The flight itself for whoever comes first, and for everybody else someone to wait for.
    pub(super) fn board(self: &Arc<Self>, id: &FlightId) -> Boarding {
        match self.running().entry(id.clone()) {
            Entry::Occupied(mut running) => Boarding::Waiting(Waiting::at(running.get_mut())),
            Entry::Vacant(entry) => {
                entry.insert(None);
                Boarding::First(Flight {
                    flights: Arc::clone(self),
                    id: id.clone(),
                    outcome: Outcome::Failed,
                })
            }
        }
    }

    /// Someone to wait for, if it is in the air.
    pub(super) fn join(&self, id: &FlightId) -> Option<Waiting> {
        self.running().get_mut(id).map(Waiting::at)
    }

    fn running(&self) -> MutexGuard<'_, HashMap<FlightId, Option<Arc<Landing>>, ByHash>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One that is in the air. Dropped without landing, it has failed.
pub(super) struct Flight {
    flights: Arc<Flights>,
    id: FlightId,
    outcome: Outcome,
}

impl Flight {
    /// Tells everyone who waits.
    pub(super) fn land(mut self, outcome: Outcome) {
        self.outcome = outcome;
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        let landing = self.flights.running().remove(&self.id).flatten();
        if let Some(landing) = landing {
            landing.end(self.outcome);
        }
    }
}

impl Landing {
    fn end(&self, outcome: Outcome) {
        if self.outcome.set(outcome).is_ok() {
            self.landed.notify_waiters();
        }
    }
}

/// Somebody who waits for a flight.
pub(super) struct Waiting(Arc<Landing>);

impl Waiting {
    fn at(landing: &mut Option<Arc<Landing>>) -> Self {
        Self(Arc::clone(landing.get_or_insert_default()))
    }

    pub(super) async fn outcome(self) -> Outcome {
        let Self(landing) = self;
        loop {
            // Whoever is told between the look and the wait would not hear it, so the wait begins before.
            let landed = landing.landed.notified();
            if let Some(outcome) = landing.outcome.get() {
                return *outcome;
            }
            landed.await;
        }
    }
}
