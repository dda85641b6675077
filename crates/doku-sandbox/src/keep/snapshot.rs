//! Everything that a state file says, as it was at one moment.

use std::sync::Arc;

use doku_model::ClientId;
use time::OffsetDateTime;

use crate::config::Bin;
use crate::journal::JournalEntry;
use crate::outbound::Record;
use crate::state::{Fingerprint, Kept};

/// What is written. It shares the tables of the memory and copies none of them.
#[derive(Debug)]
pub(crate) struct Snapshot {
    pub(crate) client_id: ClientId,
    pub(crate) bins: Arc<[Bin]>,
    pub(crate) memory: Kept,
    /// Of the same moment as the memory: an account, its payments, and who is to be told of them belong together.
    pub(crate) notifications: Vec<Arc<Record>>,
    pub(crate) tokens: Vec<(Fingerprint, OffsetDateTime)>,
    /// The journal's tail, oldest first.
    pub(crate) entries: Vec<Arc<JournalEntry>>,
    /// The number of the journal's last entry.
    pub(crate) journal: u64,
    /// How many calls DOKU made.
    pub(crate) serial: u64,
    /// How far the clock was moved.
    pub(crate) advanced_seconds: u64,
    /// What the clock would show unmoved.
    pub(crate) unmoved: OffsetDateTime,
}
