//! How much is waiting: for whoever watches over the process.

use time::OffsetDateTime;

use super::Recipient;
use crate::database::Statement;
use crate::error::Error;
use crate::ledger::Ledger;
use crate::moment::moment;
use crate::schema::Schema;

/// What waits for a recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Backlog {
    /// Deliveries that are written down and have not arrived.
    pub waiting: u64,
    /// Dead letters.
    pub dead: u64,
    /// When the oldest of those that wait was written down.
    pub oldest: Option<OffsetDateTime>,
    /// When the first event happened that is not written down yet.
    pub unplanned_since: Option<OffsetDateTime>,
}

impl Ledger {
    /// Which version the tables have now, asked over the ledger's own connections: for a readiness probe.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`] where the database does not answer, [`Error::Schema`] where a newer program has been at work.
    pub async fn schema(&self) -> Result<Schema, Error> {
        self.database().schema().await
    }

    /// What waits for a recipient.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn backlog(&self, recipient: &Recipient) -> Result<Backlog, Error> {
        let waiting = self.counted(recipient, "waiting").await?;
        let dead = self.counted(recipient, "dead").await?;
        let place = self.place(recipient).await?;
        let unplanned = self.events_after(place, 1).await?.items.into_iter().next();
        Ok(Backlog {
            waiting: waiting.0,
            dead: dead.0,
            oldest: waiting.1,
            unplanned_since: unplanned.map(|event| event.at),
        })
    }

    async fn counted(
        &self,
        recipient: &Recipient,
        standing: &'static str,
    ) -> Result<(u64, Option<OffsetDateTime>), Error> {
        // The word stands in the text, so that the partial index serves.
        let sql = format!(
            "SELECT count(*) AS n, min(created_at) AS oldest FROM delivery \
             WHERE merchant = $1 AND recipient = $2 AND standing = '{standing}'"
        );
        let statement = Statement::new(sql)
            .bind(self.merchant())
            .bind(recipient.name());
        let Some(row) = self.database().row(statement).await? else {
            return Ok((0, None));
        };
        let count = u64::try_from(row.int("n")?).unwrap_or(0);
        Ok((count, row.maybe_int("oldest")?.map(moment)))
    }
}
