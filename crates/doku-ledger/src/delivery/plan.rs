//! Writing down what is to be sent: once for each event and recipient.

use super::Recipient;
use crate::database::{LockName, Row, Statement, Transaction, Value, together, tuples};
use crate::error::Error;
use crate::ledger::Ledger;
use crate::lock::trx_lock;
use crate::moment::micros;
use crate::outbox::cursor;
use crate::page::{Cursor, bounded};

/// How many events of others may be looked through each time before a place is moved past them.
const LOOKED_THROUGH: i64 = 1_000;

impl Ledger {
    /// Makes a recipient known, so that it is told of what happens from now on. One that is known stays as it is.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn enrol(&self, recipient: &Recipient) -> Result<(), Error> {
        let last = self.end_of_events().await?;
        let statement = Statement::new(
            "INSERT INTO recipient (merchant, name, era, xid, event_id) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (merchant, name) DO NOTHING",
        )
        .bind(self.merchant())
        .bind(recipient.name.as_str())
        .bind(last.era)
        .bind(last.xid.to_string())
        .bind(last.id);
        self.database().execute(statement).await.map(|_| ())
    }

    /// Writes down the deliveries of the next events, at most `limit` of these (1 to 1000), and says how many events they
    /// were. Replicas that do the same at the same time take turns.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn plan_deliveries(
        &self,
        recipient: &Recipient,
        limit: usize,
    ) -> Result<usize, Error> {
        // Looking costs less than taking a turn, and mostly there is nothing.
        let place = self.place(recipient).await?;
        let page = self.events_after(place, 1).await?;
        if page.items.is_empty() {
            self.go_on(recipient, place, page.next).await?;
            return Ok(0);
        }
        let mut transaction = self.begin(vec![self.turn(recipient)]).await?;
        let statement = self.read_place(recipient);
        let place = match transaction.row(statement).await? {
            Some(row) => cursor(&row)?,
            None => place,
        };
        let order = self.database().order();
        let sql = format!(
            "SELECT {}, o.kind, o.account_id FROM event o WHERE {} AND o.merchant = $5 ORDER BY {} LIMIT {}",
            order.columns,
            order.shown,
            order.by,
            bounded(limit)
        );
        let rows = transaction.rows(self.after(sql, place)).await?;
        let Some(last) = rows.last() else {
            return Ok(0);
        };
        let last = cursor(last)?;
        self.write_deliveries(&mut transaction, recipient, &rows)
            .await?;
        let moved = Statement::new(
            "UPDATE recipient SET era = $1, xid = $2, event_id = $3 WHERE merchant = $4 AND name = $5",
        )
        .bind(last.era)
        .bind(last.xid.to_string())
        .bind(last.id)
        .bind(self.merchant())
        .bind(recipient.name.as_str());
        transaction.execute(moved).await?;
        transaction.commit().await?;
        Ok(rows.len())
    }

    async fn write_deliveries(
        &self,
        transaction: &mut Transaction,
        recipient: &Recipient,
        rows: &[Row],
    ) -> Result<(), Error> {
        const WIDTH: usize = 9;
        let now = micros(self.now());
        let mut wanted = Vec::with_capacity(rows.len());
        for row in rows {
            if recipient.wants(&row.text("kind")?) {
                wanted.push((cursor(row)?.id, row.maybe_int("account_id")?));
            }
        }
        for chunk in together(&wanted) {
            let sql = format!(
                "INSERT INTO delivery \
                 (merchant, recipient, event_id, lane, standing, attempts, due_at, created_at, since_at) VALUES {}",
                tuples(chunk.len(), WIDTH, 1)
            );
            let values = chunk.iter().flat_map(|(event_id, lane)| {
                [
                    Value::from(self.merchant()),
                    recipient.name.as_str().into(),
                    (*event_id).into(),
                    (*lane).into(),
                    "waiting".into(),
                    0_i64.into(),
                    now.into(),
                    now.into(),
                    now.into(),
                ]
            });
            transaction
                .execute(Statement::new(sql).bind_all(values))
                .await?;
        }
        Ok(())
    }

    /// Up to where a recipient's deliveries are written down.
    pub(super) async fn place(&self, recipient: &Recipient) -> Result<Cursor, Error> {
        let row = self.database().row(self.read_place(recipient)).await?;
        if let Some(row) = row {
            return cursor(&row);
        }
        self.enrol(recipient).await?;
        let row = self.database().row(self.read_place(recipient)).await?;
        row.map_or(Ok(Cursor::START), |row| cursor(&row))
    }

    fn read_place(&self, recipient: &Recipient) -> Statement {
        Statement::new(
            "SELECT era AS c_era, xid AS c_xid, event_id AS c_id FROM recipient WHERE merchant = $1 AND name = $2",
        )
        .bind(self.merchant())
        .bind(recipient.name.as_str())
    }

    /// Moves a place that nobody has moved meanwhile: what stands before the new one concerns others. Not for every few of
    /// theirs, because it is a write, and looking through some is none.
    async fn go_on(&self, recipient: &Recipient, place: Cursor, to: Cursor) -> Result<(), Error> {
        if to.era == place.era && to.id.saturating_sub(place.id) < LOOKED_THROUGH {
            return Ok(());
        }
        let moved = Statement::new(
            "UPDATE recipient SET era = $1, xid = $2, event_id = $3 \
             WHERE merchant = $4 AND name = $5 AND era = $6 AND xid = $7 AND event_id = $8",
        )
        .bind(to.era)
        .bind(to.xid.to_string())
        .bind(to.id)
        .bind(self.merchant())
        .bind(recipient.name.as_str())
        .bind(place.era)
        .bind(place.xid.to_string())
        .bind(place.id);
        self.database().execute(moved).await.map(|_| ())
    }

    pub(super) fn turn(&self, recipient: &Recipient) -> LockName {
        trx_lock(
            self.merchant(),
            &format!("deliveries to {}", recipient.name),
        )
    }
}
