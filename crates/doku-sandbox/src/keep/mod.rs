//! The state in a file: what outlives a restart, and what does not.
//!
//! [`Kept`](crate::state::Kept) is taken from the memory in one step and costs little; `snapshot` is that and what is kept
//! beside it. `lines` is how it is written, one value a line; `write` and `read` are the file; `keeper` knows whether it is
//! to be written again. Not kept are the merchant's tokens, DOKU's tokens themselves (their fingerprints are, so that they
//! stay valid), faults, and what was sent of notifications.

mod error;
mod keeper;
mod lines;
mod read;
mod snapshot;
mod write;

pub use error::StateFileError;
pub(crate) use keeper::Keeper;
pub(crate) use read::read;
pub(crate) use snapshot::Snapshot;
