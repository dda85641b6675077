//! Bills that inquiries were answered with: what was shown is asked about soon.

use time::OffsetDateTime;

use crate::database::{LockName, Transaction};
use crate::error::Error;
use crate::reconcile::schedule;

/// A bill that somebody was shown, and may pay now.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) account_id: i64,
    pub(crate) locks: [LockName; 2],
    pub(crate) ask_by: OffsetDateTime,
}

impl Shown {
    pub(super) fn locks(&self) -> impl Iterator<Item = LockName> {
        self.locks.iter().copied()
    }

    pub(super) async fn write(&self, transaction: &mut Transaction) -> Result<(), Error> {
        schedule::ask_by(transaction, self.account_id, self.ask_by).await
    }
}
