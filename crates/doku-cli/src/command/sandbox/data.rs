//! The folder of `--data-dir`: the state, the keys of a made-up merchant, and a lock against a second sandbox.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use crate::exit::Failure;
use crate::file::shown;

/// A folder that this sandbox has to itself.
pub(super) struct Data {
    folder: PathBuf,
    /// Locked until it is dropped, or the process ends in whatever way.
    _lock: File,
}

impl Data {
    /// Makes the folder where there is none, and takes it.
    pub(super) fn open(folder: &Path) -> Result<Self, Failure> {
        let unusable = |error: &(dyn std::error::Error + 'static)| {
            Failure::usage(format!("--data-dir: {} cannot be used", shown(folder)))
                .because(error)
                .next("Choose a folder that may be written to.")
        };
        // The lines to paste are for terminals that stand elsewhere.
        let folder = std::path::absolute(folder).map_err(|error| unusable(&error))?;
        make(&folder).map_err(|error| unusable(&error))?;
        let lock = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(folder.join("lock"))
            .map_err(|error| unusable(&error))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self {
                folder,
                _lock: lock,
            }),
            Err(TryLockError::WouldBlock) => Err(Failure::usage(format!(
                "--data-dir: another sandbox has {}",
                shown(&folder)
            ))
            .next("Stop it, or choose another folder.")),
            Err(TryLockError::Error(error)) => Err(unusable(&error)),
        }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn state_file(&self) -> PathBuf {
        self.folder.join("state.jsonl")
    }

    /// Where the secret and the keys of a made-up merchant are.
    pub(super) fn merchant(&self) -> PathBuf {
        self.folder.join("merchant")
    }
}

#[cfg(unix)]
fn make(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}

#[cfg(not(unix))]
fn make(folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder)
}
