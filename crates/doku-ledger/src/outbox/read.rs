//! Reading events: in pages, after a cursor.

use doku_model::TrxId;

use super::{Event, EventId};
use crate::account::PublicId;
use crate::database::{Row, Statement};
use crate::error::Error;
use crate::ledger::Ledger;
use crate::moment::moment;
use crate::page::{Cursor, Page, bounded};

impl Ledger {
    /// The events after `cursor`, at most `limit` of them (1 to 1000).
    ///
    /// Start with [`Cursor::START`], keep [`Page::next`], and go on there: every event is seen once, in one order. What a
    /// transaction has not committed yet, and what stands behind that, is seen later.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn events_after(&self, cursor: Cursor, limit: usize) -> Result<Page<Event>, Error> {
        let order = self.database().order();
        let sql = format!(
            "SELECT {}, o.at, o.data, a.public_id, a.trx_id FROM event o LEFT JOIN account a ON a.id = o.account_id \
             WHERE {} AND o.merchant = $5 ORDER BY {} LIMIT {}",
            order.columns,
            order.shown,
            order.by,
            bounded(limit)
        );
        let rows = self.database().rows(self.after(sql, cursor)).await?;
        let items = rows.iter().map(event).collect::<Result<Vec<_>, _>>()?;
        let next = items.last().map_or(cursor, |event| event.cursor);
        Ok(Page { items, next })
    }

    /// The types of the events after `cursor`, at most `limit` of them (1 to 1000), for whoever only counts them: such as
    /// [`EventKind::name`](super::EventKind::name) tells.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn event_types_after(
        &self,
        cursor: Cursor,
        limit: usize,
    ) -> Result<Page<String>, Error> {
        let order = self.database().order();
        let sql = format!(
            "SELECT {}, o.kind FROM event o WHERE {} AND o.merchant = $5 ORDER BY {} LIMIT {}",
            order.columns,
            order.shown,
            order.by,
            bounded(limit)
        );
        let rows = self.database().rows(self.after(sql, cursor)).await?;
        let items = rows
            .iter()
            .map(|row| row.text("kind"))
            .collect::<Result<Vec<_>, _>>()?;
        let next = rows.last().map_or(Ok(cursor), self::cursor)?;
        Ok(Page { items, next })
    }

    /// The events of one account, all of them, in the order in which they happened.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn events_of(&self, trx_id: &TrxId) -> Result<Vec<Event>, Error> {
        const PAGE: usize = 500;
        let sql = format!(
            "SELECT {}, o.at, o.data, a.public_id, a.trx_id FROM account a JOIN event o ON o.account_id = a.id \
             WHERE a.merchant = $1 AND a.trx_id = $2 AND o.id > $3 ORDER BY o.id LIMIT {PAGE}",
            self.database().order().columns
        );
        let mut events = Vec::new();
        loop {
            let last = events.last().map_or(0, |event: &Event| event.id.0);
            let statement = Statement::new(sql.clone())
                .bind(self.merchant())
                .bind(trx_id.as_str())
                .bind(last);
            let rows = self.database().rows(statement).await?;
            for row in &rows {
                events.push(event(row)?);
            }
            if rows.len() < PAGE {
                return Ok(events);
            }
        }
    }

    /// Binds what [`crate::database::Order`] asks for, and the merchant as `$5`.
    pub(crate) fn after(&self, sql: String, cursor: Cursor) -> Statement {
        Statement::new(sql)
            .bind(cursor.era)
            .bind(cursor.xid.to_string())
            .bind(cursor.id)
            .bind(self.database().era())
            .bind(self.merchant())
    }
}

/// Where a row stands.
pub(crate) fn cursor(row: &Row) -> Result<Cursor, Error> {
    Ok(Cursor {
        era: row.int("c_era")?,
        xid: row.parsed("c_xid")?,
        id: row.int("c_id")?,
    })
}

/// An event of a row that joins its account.
pub(crate) fn event(row: &Row) -> Result<Event, Error> {
    let cursor = cursor(row)?;
    let account: Option<PublicId> = row.maybe_parsed("public_id")?;
    Ok(Event {
        id: EventId(cursor.id),
        cursor,
        at: moment(row.int("at")?),
        account,
        trx_id: row.maybe_parsed("trx_id")?,
        kind: serde_json::from_str(&row.text("data")?)
            .map_err(|error| Error::unreadable("event", error))?,
    })
}
