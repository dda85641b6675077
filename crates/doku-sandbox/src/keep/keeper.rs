//! When the state is written: soon after something changed, and not all the time.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::error::StateFileError;
use super::write::{try_place, write};
use crate::desk::Desk;

/// How long changes are gathered before they are written.
const GATHER: Duration = Duration::from_millis(250);

/// How many times as long as the last writing took nothing is written after it: at most a tenth of one core goes into
/// writing, however large the state is.
const REST: u32 = 9;

/// When a writing that failed is tried again.
const AGAIN: Duration = Duration::from_secs(5);

/// Keeps the state in a file.
#[derive(Debug)]
pub(crate) struct Keeper {
    path: PathBuf,
    changed: AtomicBool,
    bell: Notify,
    /// Held while writing: there is one at a time.
    writing: Mutex<()>,
}

impl Keeper {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self {
            path,
            changed: AtomicBool::new(false),
            bell: Notify::new(),
            writing: Mutex::new(()),
        }
    }

    /// Something has changed. Costs one atomic exchange.
    pub(crate) fn note(&self) {
        if !self.changed.swap(true, Ordering::AcqRel) {
            self.bell.notify_one();
        }
    }

    /// Whether there is a place to write to. What is there already stays as it is.
    pub(crate) fn try_place(&self) -> Result<(), StateFileError> {
        try_place(&self.path).map_err(|source| StateFileError::Write {
            path: self.path.clone(),
            source,
        })
    }

    /// Writes the state as it is now.
    pub(crate) fn write(&self, desk: &Desk) -> Result<(), StateFileError> {
        let _alone = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        // First, so that what changes meanwhile is written the next time.
        self.changed.store(false, Ordering::Release);
        write(desk, &self.path).map_err(|source| {
            self.changed.store(true, Ordering::Release);
            StateFileError::Write {
                path: self.path.clone(),
                source,
            }
        })
    }
}

/// Writes the state after changes, for ever.
pub(crate) async fn keep_state(desk: Arc<Desk>) {
    let Some(keeper) = &desk.keeper else { return };
    let mut failed = false;
    loop {
        if !failed {
            keeper.bell.notified().await;
        }
        tokio::time::sleep(GATHER).await;
        let began = Instant::now();
        let writer = Arc::clone(&desk);
        let written = tokio::task::spawn_blocking(move || match &writer.keeper {
            Some(keeper) => keeper.write(&writer),
            None => Ok(()),
        });
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
