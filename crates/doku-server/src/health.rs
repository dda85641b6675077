//! Whether the process lives, whether it can work, and how it fares.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use doku_ledger::{Error, Fault, Ledger, Schema};
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use time::OffsetDateTime;
use tokio::time::timeout;

use crate::site::Site;
use crate::webhook::{recipient, unnamed};

/// How long the database may take to answer a probe.
const PATIENCE: Duration = Duration::from_secs(5);

const NO_STORE: (http::HeaderName, &str) = (CACHE_CONTROL, "no-store");
const PLAIN: (http::HeaderName, &str) = (CONTENT_TYPE, "text/plain; charset=utf-8");

/// The process answers.
pub(crate) async fn healthz() -> Response {
    ([NO_STORE, PLAIN], "ok\n").into_response()
}

/// The database answers and takes writes, its tables are those of this program, and nobody has told the server to stop.
pub(crate) async fn readyz(State(site): State<Arc<Site>>) -> Response {
    let refused = |why: &str| {
        let text = format!("{why}\n");
        (StatusCode::SERVICE_UNAVAILABLE, [NO_STORE, PLAIN], text).into_response()
    };
    if *site.stopped.borrow() {
        return refused("stopping");
    }
    match timeout(PATIENCE, fitness(&site.ledger)).await {
        Ok(Ok(Schema::Current { .. })) => ([NO_STORE, PLAIN], "ready\n").into_response(),
        Ok(Ok(_)) => refused("the tables are not up to date"),
        Ok(Err(error)) => {
            tracing::warn!(%error, "not ready");
            refused(words(&error))
        }
        Err(_) => {
            tracing::warn!("not ready: the database does not answer in time");
            refused("the database does not answer in time")
        }
    }
}

/// Who cannot write cannot acknowledge a payment, so writing is tried, too.
async fn fitness(ledger: &Ledger) -> Result<Schema, Error> {
    let schema = ledger.schema().await?;
    ledger.write_something().await?;
    Ok(schema)
}

/// What the database said is for the log alone.
fn words(error: &Error) -> &'static str {
    match error.fault() {
        Some(Fault::Full) => "the database has no room left",
        Some(Fault::ReadOnly) => "the database takes no writes",
        Some(Fault::Gone) => "the database cannot be reached",
        Some(Fault::File) => "the database's file cannot be read or written",
        _ => "the database does not answer",
    }
}

/// The figures, in the text that Prometheus reads.
pub(crate) async fn metrics(State(site): State<Arc<Site>>) -> Response {
    let up = match timeout(PATIENCE, look(&site)).await {
        Ok(Ok(())) => true,
        Ok(Err(error)) => {
            tracing::warn!(%error, "the ledger's figures could not be read");
            false
        }
        Err(_) => false,
    };
    site.metrics.ledger_up(up);
    site.metrics.commits(site.ledger.group_commits());
    let openmetrics = (
        CONTENT_TYPE,
        "application/openmetrics-text; version=1.0.0; charset=utf-8",
    );
    match site.metrics.text() {
        Ok(text) => ([NO_STORE, openmetrics], text).into_response(),
        Err(_) => {
            let text = "the figures could not be written\n";
            let status = StatusCode::INTERNAL_SERVER_ERROR;
            (status, [NO_STORE, PLAIN], text).into_response()
        }
    }
}

async fn look(site: &Site) -> Result<(), Error> {
    let now = site.ledger.now();
    let due = site.ledger.due().await?;
    let open = site.ledger.open_intents().await?;
    site.metrics.standing(due, open);
    let named = site.config.webhooks.iter().map(recipient);
    // What waits for a name that is configured no more is seen, too.
    let unnamed = unnamed(&site.ledger, &site.config).await?;
    for target in named.chain(unnamed) {
        let backlog = site.ledger.backlog(&target).await?;
        let oldest = [backlog.oldest, backlog.unplanned_since]
            .into_iter()
            .flatten()
            .min();
        site.metrics.backlog(
            target.name(),
            backlog.waiting,
            backlog.dead,
            oldest.map_or(Duration::ZERO, |oldest| age(oldest, now)),
        );
    }
    Ok(())
}

fn age(since: OffsetDateTime, now: OffsetDateTime) -> Duration {
    Duration::try_from(now - since).unwrap_or(Duration::ZERO)
}
