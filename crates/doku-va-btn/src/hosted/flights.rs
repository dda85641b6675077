//! Notifications that are being handled, so that one which arrives meanwhile waits and shares the outcome.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use doku_model::PositiveAmount;
use tokio::sync::Notify;

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

/// All that are in the air.
#[derive(Default)]
pub(super) struct Flights {
    running: Mutex<HashMap<FlightId, Arc<Landing>>>,
}

/// Where a flight ends, and who waits there.
#[derive(Default)]
struct Landing {
    outcome: OnceLock<Outcome>,
    landed: Notify,
}

impl Flights {
    /// Someone to wait for, and the flight itself for whoever comes first.
    pub(super) fn board(self: &Arc<Self>, id: FlightId) -> (Waiting, Option<Flight>) {
        let mut running = self.running();
        let entry = match running.entry(id.clone()) {
            Entry::Occupied(running) => return (Waiting(Arc::clone(running.get())), None),
            Entry::Vacant(entry) => entry,
        };
        let landing = Arc::clone(entry.insert(Arc::default()));
        drop(running);
        let flight = Flight {
            flights: Arc::clone(self),
            id,
            landing: Arc::clone(&landing),
        };
        (Waiting(landing), Some(flight))
    }

    fn running(&self) -> MutexGuard<'_, HashMap<FlightId, Arc<Landing>>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One that is in the air. Dropped without landing, it has failed.
pub(super) struct Flight {
    flights: Arc<Flights>,
    id: FlightId,
    landing: Arc<Landing>,
}

impl Flight {
    /// Tells everyone who waits. Who comes from now on until it is dropped is told the same.
    pub(super) fn land(self, outcome: Outcome) {
        self.landing.end(outcome);
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.landing.end(Outcome::Failed);
        self.flights.running().remove(&self.id);
    }
}

impl Landing {
    /// Only the first outcome counts.
    fn end(&self, outcome: Outcome) {
        if self.outcome.set(outcome).is_ok() {
            self.landed.notify_waiters();
        }
    }
}

/// Somebody who waits for a flight.
pub(super) struct Waiting(Arc<Landing>);

impl Waiting {
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
