//! Figures for Prometheus. Names and labels hold nobody's data.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use doku_ledger::GroupCommits;
use doku_model::Operation;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

type Labels = Vec<(&'static str, String)>;

/// Bounds of the latency of an acknowledgement, in seconds.
const LATENCIES: [f64; 12] = [
    0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0,
];

/// Who called whom.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Direction {
    /// DOKU called.
    Inbound,
    /// DOKU was called.
    Outbound,
}

/// What became of an attempt at a webhook.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Sent {
    Arrived,
    Failed,
    GivenUp,
}

/// The figures of one process. All clones count together.
#[derive(Clone)]
pub(crate) struct Metrics {
    figures: Arc<Figures>,
}

struct Figures {
    registry: Registry,
    calls: Family<Labels, Counter>,
    acknowledgements: Histogram,
    payments: Counter,
    flagged: Counter,
    events: Family<Labels, Counter>,
    commits: Counter,
    recorded: Counter,
    webhooks: Family<Labels, Counter>,
    ledger_up: Gauge,
    outbox_lag: Family<Labels, Gauge>,
    waiting: Family<Labels, Gauge>,
    dead: Family<Labels, Gauge>,
    due_checks: Gauge,
    open_intents: Gauge,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("doku");
        let mut figures = Figures {
            calls: Family::default(),
            acknowledgements: Histogram::new(LATENCIES),
            payments: Counter::default(),
            flagged: Counter::default(),
            events: Family::default(),
            commits: Counter::default(),
            recorded: Counter::default(),
            webhooks: Family::default(),
            ledger_up: Gauge::default(),
            outbox_lag: Family::default(),
            waiting: Family::default(),
            dead: Family::default(),
            due_checks: Gauge::default(),
            open_intents: Gauge::default(),
            registry: Registry::default(),
        };
        registry.register(
            "calls",
            "Calls of DOKU and to DOKU, by operation and response code",
            figures.calls.clone(),
        );
        registry.register(
            "acknowledgement_seconds",
            "From the arrival of a notification to its acknowledgement",
            figures.acknowledgements.clone(),
        );
        registry.register(
            "payments",
            "Payments that satisfied their bill, in the whole ledger since this process began; every replica tells the same",
            figures.payments.clone(),
        );
        registry.register(
            "payments_flagged",
            "Payments that a person should look at, in the whole ledger since this process began",
            figures.flagged.clone(),
        );
        registry.register(
            "events",
            "Events by type, in the whole ledger since this process began",
            figures.events.clone(),
        );
        registry.register(
            "commits",
            "Commits that recorded calls of DOKU since this process began; what comes together shares one",
            figures.commits.clone(),
        );
        registry.register(
            "calls_recorded",
            "Calls of DOKU that those commits recorded",
            figures.recorded.clone(),
        );
        registry.register(
            "webhook_attempts",
            "Attempts at webhooks by target and outcome",
            figures.webhooks.clone(),
        );
        registry.register(
            "ledger_up",
            "Whether the database answered when the figures were asked for",
            figures.ledger_up.clone(),
        );
        registry.register(
            "outbox_lag_seconds",
            "Age of the oldest event that has not arrived at a target",
            figures.outbox_lag.clone(),
        );
        registry.register(
            "webhooks_waiting",
            "Webhooks that are written down and have not arrived",
            figures.waiting.clone(),
        );
        registry.register(
            "webhooks_dead",
            "Webhooks that were given up",
            figures.dead.clone(),
        );
        registry.register(
            "due_checks",
            "Accounts that DOKU should be asked about now",
            figures.due_checks.clone(),
        );
        registry.register(
            "open_intents",
            "Creates, updates and deletes that have not come to their end",
            figures.open_intents.clone(),
        );
        figures.registry = registry;
        Self {
            figures: Arc::new(figures),
        }
    }

    pub(crate) fn call(&self, direction: Direction, operation: Operation, code: &str) {
        let direction = match direction {
            Direction::Inbound => "in",
            Direction::Outbound => "out",
        };
        let labels = vec![
            ("direction", direction.to_owned()),
            ("operation", name(operation).to_owned()),
            ("code", code.to_owned()),
        ];
        self.figures.calls.get_or_create(&labels).inc();
    }

    pub(crate) fn acknowledged(&self, took: Duration) {
        self.figures.acknowledgements.observe(took.as_secs_f64());
    }

    pub(crate) fn event(&self, kind: &str) {
        match kind {
            "payment.received" => {
                self.figures.payments.inc();
            }
            "payment.flagged" => {
                self.figures.flagged.inc();
            }
            _ => {}
        }
        let labels = vec![("type", kind.to_owned())];
        self.figures.events.get_or_create(&labels).inc();
    }

    pub(crate) fn webhook(&self, target: &str, sent: Sent) {
        let outcome = match sent {
            Sent::Arrived => "arrived",
            Sent::Failed => "failed",
            Sent::GivenUp => "givenUp",
        };
        let labels = vec![
            ("target", target.to_owned()),
            ("outcome", outcome.to_owned()),
        ];
        self.figures.webhooks.get_or_create(&labels).inc();
    }

    pub(crate) fn ledger_up(&self, up: bool) {
        self.figures.ledger_up.set(i64::from(up));
    }

    pub(crate) fn commits(&self, so_far: GroupCommits) {
        // The ledger counts, and its figures only grow.
        let Figures {
            commits, recorded, ..
        } = &*self.figures;
        commits.inner().store(so_far.commits, Ordering::Relaxed);
        recorded.inner().store(so_far.calls, Ordering::Relaxed);
    }

    pub(crate) fn standing(&self, due_checks: u64, open_intents: u64) {
        self.figures.due_checks.set(whole(due_checks));
        self.figures.open_intents.set(whole(open_intents));
    }

    pub(crate) fn backlog(&self, target: &str, waiting: u64, dead: u64, lag: Duration) {
        let labels = vec![("target", target.to_owned())];
        self.figures
            .waiting
            .get_or_create(&labels)
            .set(whole(waiting));
        self.figures.dead.get_or_create(&labels).set(whole(dead));
        self.figures
            .outbox_lag
            .get_or_create(&labels)
            .set(whole(lag.as_secs()));
    }

    /// All figures as OpenMetrics text, which Prometheus reads.
    pub(crate) fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        encode(&mut text, &self.figures.registry)?;
        Ok(text)
    }
}

fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

/// The name of an operation in a label.
const fn name(operation: Operation) -> &'static str {
    match operation {
        Operation::Token => "token",
        Operation::CreateVa => "create",
        Operation::UpdateVa => "update",
        Operation::DeleteVa => "delete",
        Operation::CheckStatus => "status",
        Operation::Inquiry => "inquiry",
        Operation::Payment => "payment",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_told_as_text() {
        let metrics = Metrics::new();
        metrics.call(Direction::Inbound, Operation::Payment, "2002500");
        metrics.acknowledged(Duration::from_millis(3));
        metrics.event("payment.received");
        metrics.event("payment.flagged");
        metrics.webhook("shop", Sent::Failed);
        metrics.backlog("shop", 2, 1, Duration::from_secs(9));
        metrics.standing(4, 5);
        metrics.ledger_up(true);
        let text = metrics.text().unwrap();
        for line in [
            r#"doku_calls_total{direction="in",operation="payment",code="2002500"} 1"#,
            r#"doku_acknowledgement_seconds_bucket{le="0.005"} 1"#,
            "doku_payments_total 1",
            "doku_payments_flagged_total 1",
            r#"doku_events_total{type="payment.flagged"} 1"#,
            r#"doku_webhook_attempts_total{target="shop",outcome="failed"} 1"#,
            r#"doku_outbox_lag_seconds{target="shop"} 9"#,
            r#"doku_webhooks_waiting{target="shop"} 2"#,
            r#"doku_webhooks_dead{target="shop"} 1"#,
            "doku_due_checks 4",
            "doku_open_intents 5",
            "doku_ledger_up 1",
            "# EOF",
        ] {
            assert!(
                text.lines().any(|found| found == line),
                "{line} is not in\n{text}"
            );
        }
    }
}
