//! Who keeps the state: knows the file, whether something changed since it was written, and lets one write at a time.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use tokio::sync::Notify;

use super::error::StateFileError;
use super::snapshot::Snapshot;
use super::write::{try_place, write};

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

    /// Waits until something has changed.
    pub(crate) async fn noted(&self) {
        self.bell.notified().await;
    }

    /// Whether there is a place to write to. What is there already stays as it is.
    pub(crate) fn try_place(&self) -> Result<(), StateFileError> {
        try_place(&self.path).map_err(|source| StateFileError::Write {
            path: self.path.clone(),
            source,
        })
    }

    /// Writes the state as it is now, which `snapshot` takes.
    pub(crate) fn write(&self, snapshot: impl FnOnce() -> Snapshot) -> Result<(), StateFileError> {
        let _alone = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        // First, so that what changes meanwhile is written the next time.
        self.changed.store(false, Ordering::Release);
        write(snapshot, &self.path).map_err(|source| {
            self.changed.store(true, Ordering::Release);
            StateFileError::Write {
                path: self.path.clone(),
                source,
            }
        })
    }
}
