//! Notifications that are being handled, so that one which arrives meanwhile waits and shares the outcome.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use doku_model::PositiveAmount;
use tokio::sync::watch;

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

type Watched = watch::Receiver<Option<Outcome>>;

/// All that are in the air.
#[derive(Default)]
pub(super) struct Flights {
    running: Mutex<HashMap<FlightId, Watched>>,
}

impl Flights {
    /// Someone to wait for, and the flight itself for whoever comes first.
    pub(super) fn board(self: &Arc<Self>, id: FlightId) -> (Waiting, Option<Flight>) {
        let mut running = self.running();
        let entry = match running.entry(id.clone()) {
            Entry::Occupied(running) => return (Waiting(running.get().clone()), None),
            Entry::Vacant(entry) => entry,
        };
        let (sender, watched) = watch::channel(None);
        entry.insert(watched.clone());
        drop(running);
        let flight = Flight {
            flights: Arc::clone(self),
            id,
            sender,
        };
        (Waiting(watched), Some(flight))
    }

    fn running(&self) -> MutexGuard<'_, HashMap<FlightId, Watched>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One that is in the air. Dropped without landing, it has failed.
pub(super) struct Flight {
    flights: Arc<Flights>,
    id: FlightId,
    sender: watch::Sender<Option<Outcome>>,
}

impl Flight {
    /// Tells everyone who waits. Who comes from now on until it is dropped is told the same.
    pub(super) fn land(self, outcome: Outcome) {
        self.sender.send_replace(Some(outcome));
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.flights.running().remove(&self.id);
    }
}

/// Somebody who waits for a flight.
pub(super) struct Waiting(Watched);

impl Waiting {
    pub(super) async fn outcome(mut self) -> Outcome {
        self.0
            .wait_for(Option::is_some)
            .await
            .ok()
            .and_then(|outcome| *outcome)
            .unwrap_or(Outcome::Failed)
    }
}
