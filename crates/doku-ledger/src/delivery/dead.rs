//! What could not be delivered: listed, and sent again when somebody asks for it.

use time::OffsetDateTime;

use super::DeliveryId;
use crate::database::Statement;
use crate::error::Error;
use crate::ledger::Ledger;
use crate::moment::{micros, moment};
use crate::outbox::Event;
use crate::page::{Cursor, Page, bounded};

/// An event that could not be delivered for too long.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct DeadLetter {
    /// Of the delivery.
    pub id: DeliveryId,
    /// To whom it was to be sent.
    pub recipient: String,
    /// What was to be told.
    pub event: Event,
    /// How often it was tried.
    pub attempts: u32,
    /// Why the last attempt failed.
    pub reason: String,
    /// Since when it was tried.
    pub since: OffsetDateTime,
    /// When it was given up.
    pub given_up_at: OffsetDateTime,
}

impl Ledger {
    /// The dead letters after `cursor`, the oldest first, at most `limit` of them (1 to 1000). Begin with
    /// [`Cursor::START`].
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn dead_letters(
        &self,
        cursor: Cursor,
        limit: usize,
    ) -> Result<Page<DeadLetter>, Error> {
        let sql = format!(
            "SELECT id, recipient, event_id, attempts, reason, since_at, ended_at FROM delivery \
             WHERE merchant = $1 AND standing = 'dead' AND id > $2 ORDER BY id LIMIT {}",
            bounded(limit)
        );
        let statement = Statement::new(sql).bind(self.merchant()).bind(cursor.id);
        let rows = self.database().rows(statement).await?;
        let ids = rows
            .iter()
            .map(|row| row.int("event_id"))
            .collect::<Result<Vec<_>, _>>()?;
        let events = self.events_by_id(&ids).await?;
        let mut items = Vec::with_capacity(rows.len());
        for row in &rows {
            items.push(DeadLetter {
                id: DeliveryId(row.int("id")?),
                recipient: row.text("recipient")?,
                event: events
                    .get(&row.int("event_id")?)
                    .cloned()
                    .ok_or_else(|| Error::unreadable("delivery", "its event is missing"))?,
                attempts: u32::try_from(row.int("attempts")?).unwrap_or(u32::MAX),
                reason: row.maybe_text("reason")?.unwrap_or_default(),
                since: moment(row.int("since_at")?),
                given_up_at: moment(row.maybe_int("ended_at")?.unwrap_or_default()),
            });
        }
        let next = items.last().map_or(cursor, |letter| Cursor {
            id: letter.id.0,
            ..Cursor::START
        });
        Ok(Page { items, next })
    }

    /// Lets a dead letter be sent again, at once and for as long as a new one. It waits for no other and none waits for it:
    /// what came after it has been told already. `false` where there is no such dead letter.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn send_again(&self, id: DeliveryId) -> Result<bool, Error> {
        let now = micros(self.now());
        // Its attempts are counted on, so that whoever held it before cannot speak for it.
        let statement = Statement::new(
            "UPDATE delivery SET standing = 'waiting', lane = NULL, due_at = $1, since_at = $1, ended_at = NULL \
             WHERE id = $2 AND merchant = $3 AND standing = 'dead'",
        )
        .bind(now)
        .bind(id.0)
        .bind(self.merchant());
        let done = self.database().execute(statement).await? == 1;
        if done {
            self.core().wake();
        }
        Ok(done)
    }
}
