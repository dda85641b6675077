//! Whether the process lives, whether it can work, and how it fares.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use doku_ledger::{Error, Schema};
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use time::OffsetDateTime;
use tokio::time::timeout;

use crate::site::Site;
use crate::webhook::recipient;

/// How long the database may take to answer a probe.
const PATIENCE: Duration = Duration::from_secs(5);

const NO_STORE: (http::HeaderName, &str) = (CACHE_CONTROL, "no-store");
const PLAIN: (http::HeaderName, &str) = (CONTENT_TYPE, "text/plain; charset=utf-8");

/// The process answers.
pub(crate) async fn healthz() -> Response {
    ([NO_STORE, PLAIN], "ok\n").into_response()
}

/// The database answers, its tables are those of this program, and nobody has told the server to stop.
pub(crate) async fn readyz(State(site): State<Arc<Site>>) -> Response {
    let refused = |why: &str| {
        let text = format!("{why}\n");
        (StatusCode::SERVICE_UNAVAILABLE, [NO_STORE, PLAIN], text).into_response()
    };
    if *site.stopped.borrow() {
        return refused("stopping");
    }
    match timeout(PATIENCE, site.ledger.schema()).await {
        Ok(Ok(Schema::Current { .. })) => ([NO_STORE, PLAIN], "ready\n").into_response(),
        Ok(Ok(_)) => refused("the tables are not up to date"),
        Ok(Err(error)) => {
            tracing::warn!(%error, "not ready");
            refused("the database does not answer")
        }
        Err(_) => refused("the database does not answer in time"),
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
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn look(site: &Site) -> Result<(), Error> {
    let now = site.ledger.now();
    let due = site.ledger.due().await?;
    let open = site.ledger.open_intents().await?;
    site.metrics.standing(due, open);
    for target in &site.config.webhooks {
        let backlog = site.ledger.backlog(&recipient(target)).await?;
        let oldest = [backlog.oldest, backlog.unplanned_since]
            .into_iter()
            .flatten()
            .min();
        site.metrics.backlog(
            &target.name,
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
