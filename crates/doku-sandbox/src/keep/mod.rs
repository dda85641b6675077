//! The state in a file: what outlives a restart, and what does not.
//!
//! [`Kept`](crate::state::Kept) is taken from the memory in one step and costs little; `lines` is how it is written, one
//! value a line; `write` and `read` are the file; `keeper` says when it is written. Not kept are the merchant's tokens,
//! DOKU's tokens themselves (their fingerprints are, so that they stay valid), faults, and what was sent of notifications.

mod error;
mod keeper;
mod lines;
mod read;
mod write;

pub use error::StateFileError;
pub(crate) use keeper::{Keeper, keep_state};
pub(crate) use read::read;

/// Entries of the journal that are kept: its tail.
const JOURNAL_TAIL: usize = 200;
