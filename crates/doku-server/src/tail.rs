//! Follows the events of the ledger to count them.

use std::time::Duration;

use doku_ledger::{Cursor, Error, Ledger};
use tokio::sync::watch;
use tokio::time::sleep;

use crate::metrics::Metrics;

/// How long to wait where nothing was recorded by this process: another one may have.
const IDLE: Duration = Duration::from_secs(2);

/// How long to let events gather: who asks for figures asks seldom, and reading them one commit at a time would take a good
/// part of what the commits take.
const GATHER: Duration = Duration::from_millis(100);

/// The longest wait while the database does not answer.
const OUTAGE: Duration = Duration::from_secs(30);

const PAGE: usize = 1000;

/// Counts what happens from now on, until it is told to stop.
pub(crate) async fn follow(ledger: Ledger, metrics: Metrics, mut stopped: watch::Receiver<bool>) {
    let mut changes = ledger.changes();
    let mut place = None;
    let mut outage = IDLE;
    while !*stopped.borrow() {
        let pause = match count(&ledger, &metrics, &mut place).await {
            Ok(0) => {
                outage = IDLE;
                IDLE
            }
            Ok(PAGE) => continue,
            Ok(_) => {
                outage = IDLE;
                GATHER
            }
            Err(error) => {
                tracing::warn!(%error, "events could not be counted");
                let pause = outage;
                outage = outage.saturating_mul(2).min(OUTAGE);
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

async fn count(
    ledger: &Ledger,
    metrics: &Metrics,
    place: &mut Option<Cursor>,
) -> Result<usize, Error> {
    let from = match *place {
        Some(place) => place,
        None => ledger.end_of_events().await?,
    };
    let page = ledger.event_types_after(from, PAGE).await?;
    for kind in &page.items {
        metrics.event(kind);
    }
    *place = Some(page.next);
    Ok(page.items.len())
}
