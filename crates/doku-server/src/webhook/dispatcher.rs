//! Sends what the ledger has written down for one target: in order for each account, until it arrives or is given up.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use doku_ledger::delivery::{Delivery, Next, Recipient};
use doku_ledger::{Error, Ledger};
use doku_transport::HttpTransport;
use futures_util::future::join_all;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::{message, pace};
use crate::config::{Config, Target};
use crate::metrics::{Metrics, Sent};

/// How many events are written down at a time.
const PLANNED: usize = 500;

/// How many are sent at the same time.
const TOGETHER: usize = 16;

/// How long who takes a delivery has for it: more than the receiver may take.
const LEASE: Duration = Duration::from_secs(60);

/// How long to wait where there is nothing to do: another process may have recorded something, or something is due again.
const IDLE: Duration = Duration::from_secs(1);

/// The longest wait while the database does not answer.
const OUTAGE: Duration = Duration::from_secs(30);

/// Tells one target of events. Several processes may do this at once.
pub(crate) struct Dispatcher {
    ledger: Ledger,
    target: Arc<Target>,
    recipient: Recipient,
    transport: Arc<dyn HttpTransport>,
    metrics: Metrics,
    /// Jitter, from 0 to 1.
    chance: fn() -> f64,
    /// What has arrived while the database could not be told: said again first, or it is sent twice, and what is behind it waits
    /// for its lease.
    unsaid: Mutex<Vec<Delivery>>,
}

/// What became of one delivery.
enum Outcome {
    Arrived,
    Failed {
        reason: String,
        asked: Option<Duration>,
    },
}

impl Dispatcher {
    pub(crate) fn new(
        ledger: Ledger,
        target: Arc<Target>,
        transport: Arc<dyn HttpTransport>,
        metrics: Metrics,
    ) -> Self {
        let recipient = recipient(&target);
        Self {
            ledger,
            target,
            recipient,
            transport,
            metrics,
            chance: pace::chance,
            unsaid: Mutex::default(),
        }
    }

    /// With the same jitter each time.
    #[cfg(test)]
    pub(crate) fn without_chance(self) -> Self {
        Self {
            chance: || 0.5,
            ..self
        }
    }

    /// Works until it is told to stop. What is under way then is finished.
    pub(crate) async fn run(self, mut stopped: watch::Receiver<bool>) {
        let mut changes = self.ledger.changes();
        let mut outage = IDLE;
        while !*stopped.borrow() {
            let pause = match self.round().await {
                Ok(0) => {
                    outage = IDLE;
                    IDLE
                }
                Ok(_) => {
                    outage = IDLE;
                    continue;
                }
                Err(error) => {
                    tracing::error!(webhook = %self.target.name, %error, "webhooks could not go on");
                    let pause = outage;
                    outage = outage.saturating_mul(2).min(OUTAGE);
                    // Nothing that is recorded now ends an outage sooner.
                    changes.mark_unchanged();
                    pause
                }
            };
            tokio::select! {
                _ = stopped.wait_for(|stopped| *stopped) => {}
                () = sleep(pause) => {}
                _ = changes.changed(), if pause == IDLE => {}
            }
        }
    }

    /// Writes down what happened, and sends what is due. Says how much there was to do.
    pub(crate) async fn round(&self) -> Result<usize, Error> {
        self.say_what_arrived().await?;
        let planned = self
            .ledger
            .plan_deliveries(&self.recipient, PLANNED)
            .await?;
        let due = self
            .ledger
            .take_deliveries(&self.recipient, TOGETHER, LEASE)
            .await?;
        let outcomes = join_all(due.iter().map(|delivery| self.send(delivery))).await;
        let mut arrived = Vec::with_capacity(due.len());
        let mut failed = Vec::new();
        for (delivery, outcome) in due.iter().zip(outcomes) {
            match outcome {
                Outcome::Arrived => arrived.push(delivery),
                Outcome::Failed { reason, asked } => failed.push((delivery, reason, asked)),
            }
        }
        // What has arrived is recorded first: of all words this one must not be lost.
        self.arrived(arrived);
        self.say_what_arrived().await?;
        for (delivery, reason, asked) in failed {
            self.failed(delivery, &reason, asked).await?;
        }
        Ok(planned.saturating_add(due.len()))
    }

    fn arrived(&self, deliveries: Vec<&Delivery>) {
        for _ in &deliveries {
            self.metrics.webhook(&self.target.name, Sent::Arrived);
        }
        self.unsaid().extend(deliveries.into_iter().cloned());
    }

    async fn say_what_arrived(&self) -> Result<(), Error> {
        let unsaid = self.unsaid().clone();
        if unsaid.is_empty() {
            return Ok(());
        }
        self.ledger
            .delivered(&unsaid.iter().collect::<Vec<_>>())
            .await?;
        self.unsaid().clear();
        Ok(())
    }

    fn unsaid(&self) -> MutexGuard<'_, Vec<Delivery>> {
        self.unsaid.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn failed(
        &self,
        delivery: &Delivery,
        reason: &str,
        asked: Option<Duration>,
    ) -> Result<(), Error> {
        let next = pace::next(delivery.since, self.ledger.now(), asked, (self.chance)());
        let given_up = next == Next::GiveUp;
        let sent = if given_up {
            Sent::GivenUp
        } else {
            Sent::Failed
        };
        self.metrics.webhook(&self.target.name, sent);
        tracing::warn!(
            webhook = %self.target.name,
            event = %delivery.event.id,
            attempt = delivery.attempts,
            given_up,
            %reason,
            "a webhook did not arrive"
        );
        self.ledger.not_delivered(delivery, reason, next).await?;
        Ok(())
    }

    async fn send(&self, delivery: &Delivery) -> Outcome {
        let failed = |reason: String, asked| Outcome::Failed { reason, asked };
        let Some(request) = message::request(&self.target, delivery, self.ledger.now()) else {
            return failed("the message could not be made".to_owned(), None);
        };
        // The transport keeps the time, too; this is for one that does not.
        let patience = message::TIMEOUT.saturating_add(Duration::from_secs(5));
        match timeout(patience, self.transport.send(request)).await {
            Err(_) => failed("no answer in time".to_owned(), None),
            Ok(Err(error)) => failed(error.to_string(), None),
            Ok(Ok(response)) if response.status().is_success() => Outcome::Arrived,
            Ok(Ok(response)) => failed(
                format!("HTTP {}", response.status().as_u16()),
                message::asked_to_wait(&response),
            ),
        }
    }
}

/// The target as the ledger knows it.
pub(crate) fn recipient(target: &Target) -> Recipient {
    let recipient = Recipient::new(target.name.as_str());
    match &target.events {
        Some(events) => recipient.only(events.iter().cloned()),
        None => recipient,
    }
}

/// Those the ledger knows and nobody has configured: what waits for them waits for ever.
pub(crate) async fn unnamed(ledger: &Ledger, config: &Config) -> Result<Vec<Recipient>, Error> {
    let mut known = ledger.recipients().await?;
    known.retain(|known| {
        let named = |target: &Target| target.name == known.name();
        !config.webhooks.iter().any(named)
    });
    Ok(known)
}
