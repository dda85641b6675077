//! What can be wrong with a state file.

use std::io;
use std::path::PathBuf;

/// A state file that cannot be used. Nothing is forgotten in silence: the sandbox does not start with it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StateFileError {
    /// It is there and cannot be read.
    #[error("the state file {} cannot be read", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It cannot be written.
    #[error("the state file {} cannot be written; see that its folder exists, may be written to and has room", .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It is not what a sandbox wrote.
    #[error("the state file {} is broken at line {line}: {what}; put back a copy, or move it away to begin with nothing", .path.display())]
    Broken {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong there.
        what: String,
    },
    /// Another version of the sandbox wrote it.
    #[error("the state file {} has version {found}, and this sandbox reads version {known}; start it with the version that wrote it, or move it away to begin with nothing", .path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u32,
        /// The version that is known here.
        known: u32,
    },
    /// It belongs to somebody else.
    #[error("the state file {} belongs to the client id {found}; start the sandbox for that merchant, or choose another file", .path.display())]
    OtherMerchant {
        /// The file.
        path: PathBuf,
        /// Whose it is.
        found: String,
    },
    /// It has numbers of a BIN that the sandbox does not have.
    #[error("the state file {} has virtual accounts of the BIN {bin}; start the sandbox with that BIN, or choose another file", .path.display())]
    NoSuchBin {
        /// The file.
        path: PathBuf,
        /// The BIN that is missing.
        bin: String,
    },
}
