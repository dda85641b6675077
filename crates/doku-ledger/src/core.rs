//! What an open ledger and its tasks share: the database, whose ledger it is, and what this process remembers of it.

use std::sync::Mutex;

use doku_va_btn::ExternalIds;
use time::OffsetDateTime;
use tokio::sync::watch;

use crate::database::Database;
use crate::error::Error;
use crate::group_commits::Counted;
use crate::settings::Settings;

/// The part of an open ledger that its tasks share with it.
pub(crate) struct Core {
    pub(crate) database: Database,
    pub(crate) merchant: i64,
    pub(crate) settings: Settings,
    pub(crate) external_ids: ExternalIds,
    /// Under which this process claims.
    pub(crate) holder: String,
    pub(crate) changes: watch::Sender<u64>,
    /// Deliveries, each with its attempt, that were taken or not: the database went away while it was committing.
    pub(crate) unsure: Mutex<Vec<(i64, i64)>>,
    pub(crate) group_commits: Counted,
}

impl Core {
    pub(crate) fn new(
        database: Database,
        merchant: i64,
        settings: Settings,
    ) -> Result<Self, Error> {
        let mut random = [0_u8; 8];
        getrandom::fill(&mut random)?;
        Ok(Self {
            database,
            merchant,
            external_ids: ExternalIds::new().map_err(|error| {
                Box::new(doku_va_btn::Error::from(doku_va_btn::BuildError::from(
                    error,
                )))
            })?,
            holder: format!("{:016x}", u64::from_be_bytes(random)),
            settings,
            changes: watch::Sender::new(0),
            unsure: Mutex::default(),
            group_commits: Counted::default(),
        })
    }

    pub(crate) fn now(&self) -> OffsetDateTime {
        self.settings.clock.now()
    }

    pub(crate) fn wake(&self) {
        self.changes
            .send_modify(|count| *count = count.wrapping_add(1));
    }
}
