//! When the state is written: soon after something changed, and not all the time; and what of the desk is.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Desk;
use crate::keep::{Snapshot, StateFileError};

/// How long changes are gathered before they are written.
const GATHER: Duration = Duration::from_millis(250);

/// How many times as long as the last writing took nothing is written after it: at most a tenth of one core goes into
/// writing, however large the state is.
const REST: u32 = 9;

/// When a writing that failed is tried again.
const AGAIN: Duration = Duration::from_secs(5);

/// Entries of the journal that are kept: its tail.
const JOURNAL_TAIL: usize = 200;

impl Desk {
    /// Writes the state as it is now, where it is kept.
    pub(crate) fn write_state(&self) -> Result<(), StateFileError> {
        match &self.keeper {
            Some(keeper) => keeper.write(|| self.snapshot()),
            None => Ok(()),
        }
    }

    fn snapshot(&self) -> Snapshot {
        // One moment for everything that belongs together: an account, its payments, and who is to be told of them.
        let (memory, notifications) = {
            let memory = self.memory();
            (memory.keep(), self.outbound.notifications.all())
        };
        let tokens = self.tokens().share();
        let (mut entries, journal) = self.journal.newest(u64::MAX, JOURNAL_TAIL);
        entries.reverse();
        Snapshot {
            client_id: self.client_id.clone(),
            bins: self.memory().bins(),
            memory,
            notifications,
            tokens,
            entries,
            journal,
            serial: self.outbound.serial(),
            advanced_seconds: self.clock.advanced_seconds(),
            unmoved: self.clock.unmoved(),
        }
    }
}

/// Writes the state after changes, for ever.
pub(crate) async fn keep_state(desk: Arc<Desk>) {
    let Some(keeper) = &desk.keeper else { return };
    let mut failed = false;
    loop {
        if !failed {
            keeper.noted().await;
        }
        tokio::time::sleep(GATHER).await;
        let began = Instant::now();
        let writer = Arc::clone(&desk);
        let written = tokio::task::spawn_blocking(move || writer.write_state());
        failed = match written.await {
            Ok(Ok(())) => false,
            Ok(Err(error)) => {
                let source = std::error::Error::source(&error).map(ToString::to_string);
                tracing::error!(%error, source, "the state was not written, and is tried again");
                true
            }
            // Aborted with its runtime.
            Err(_) => return,
        };
        let rest = began.elapsed().saturating_mul(REST);
        tokio::time::sleep(if failed { rest.max(AGAIN) } else { rest }).await;
    }
}
