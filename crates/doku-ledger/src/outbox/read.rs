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
        let Some(end) = self.end_after("event", cursor).await? else {
            return Ok(Page::none_after(cursor));
        };
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
        let next = items.last().map_or(end, |event| event.cursor);
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
        let Some(end) = self.end_after("event", cursor).await? else {
            return Ok(Page::none_after(cursor));
        };
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
        let next = rows.last().map_or(Ok(end), self::cursor)?;
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

    /// Where the events end now, as far as they may be shown: for a reader who wants only what comes.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn end_of_events(&self) -> Result<Cursor, Error> {
        let end = self.end_after("event", Cursor::START).await?;
        Ok(end.unwrap_or(Cursor::START))
    }

    /// Where the rows of a table that stand after a cursor end now, as far as they may be shown; none where there are none.
    ///
    /// Whosever they are: a reader whose own are not among them goes on from there, and does not look through those of others
    /// again and again. It is asked before that reader looks, so that what is committed in between stands behind it.
    pub(crate) async fn end_after(
        &self,
        table: &'static str,
        cursor: Cursor,
    ) -> Result<Option<Cursor>, Error> {
        let order = self.database().order();
        let backwards = order.by.replace(',', " DESC,");
        let sql = format!(
            "SELECT {} FROM {table} o WHERE {} ORDER BY {backwards} DESC LIMIT 1",
            order.columns, order.shown
        );
        let row = self.database().row(self.behind(sql, cursor)).await?;
        row.map(|row| self::cursor(&row)).transpose()
    }

    /// Binds what [`crate::database::Order`] asks for.
    fn behind(&self, sql: String, cursor: Cursor) -> Statement {
        Statement::new(sql)
            .bind(cursor.era)
            .bind(cursor.xid.to_string())
            .bind(cursor.id)
            .bind(self.database().era())
    }

    /// The same, and the merchant as `$5`.
    pub(crate) fn after(&self, sql: String, cursor: Cursor) -> Statement {
        self.behind(sql, cursor).bind(self.merchant())
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
