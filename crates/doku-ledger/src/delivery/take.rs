//! Taking what is due, and saying how it went.

use std::collections::HashMap;
use std::sync::{MutexGuard, PoisonError};
use std::time::Duration;

use super::{Delivery, DeliveryId, Next, Recipient};
use crate::database::{Row, Statement, Value, together, tuples};
use crate::error::{Error, Kept};
use crate::ledger::Ledger;
use crate::moment::{micros, moment, span};
use crate::outbox::{Event, event};
use crate::page::bounded;

/// How much of a reason is kept.
const REASON: usize = 300;

impl Ledger {
    /// Takes up to `limit` deliveries that are due, the longest due first and of each account the oldest alone, for `lease`.
    /// Replicas that do the same at the same time take different ones.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`]. What was taken is due again once the lease is over.
    pub async fn take_deliveries(
        &self,
        recipient: &Recipient,
        limit: usize,
        lease: Duration,
    ) -> Result<Vec<Delivery>, Error> {
        self.give_back().await?;
        let now = micros(self.now());
        let waiting = Statement::new(
            "SELECT id FROM delivery WHERE merchant = $1 AND recipient = $2 AND standing = 'waiting' AND due_at <= $3 LIMIT 1",
        )
        .bind(self.merchant())
        .bind(recipient.name())
        .bind(now);
        // Looking costs less than writing, and mostly there is nothing.
        if self.database().row(waiting).await?.is_none() {
            return Ok(Vec::new());
        }
        // It is tried since its first attempt: one that stood behind others has not been tried all the while.
        let sql = format!(
            "UPDATE delivery SET due_at = $1, attempts = attempts + 1, \
             since_at = CASE WHEN attempts = 0 THEN $4 ELSE since_at END WHERE id IN \
             (SELECT d.id FROM delivery d WHERE d.merchant = $2 AND d.recipient = $3 AND d.standing = 'waiting' \
              AND d.due_at <= $4 AND NOT EXISTS (SELECT 1 FROM delivery e WHERE e.merchant = d.merchant \
              AND e.recipient = d.recipient AND e.lane = d.lane AND e.standing = 'waiting' AND e.id < d.id) \
              ORDER BY d.due_at, d.id LIMIT {}{}) \
             RETURNING id, event_id, attempts, since_at",
            bounded(limit),
            self.database().skip_locked()
        );
        let statement = Statement::new(sql)
            .bind(now.saturating_add(span(lease)))
            .bind(self.merchant())
            .bind(recipient.name())
            .bind(now);
        // Taken and read together: where the database goes away in between nobody has taken them, and nobody waits for a lease.
        let mut transaction = self.begin(Vec::new()).await?;
        let mut rows = transaction.rows(statement).await?;
        let mut ordered = Vec::with_capacity(rows.len());
        for row in rows.drain(..) {
            ordered.push((row.int("id")?, row));
        }
        ordered.sort_by_key(|(id, _)| *id);
        let rows: Vec<Row> = ordered.into_iter().map(|(_, row)| row).collect();
        let ids = rows
            .iter()
            .map(|row| row.int("event_id"))
            .collect::<Result<Vec<_>, _>>()?;
        let mut events = HashMap::with_capacity(ids.len());
        for statement in self.reading(&ids) {
            collect(&mut events, &transaction.rows(statement).await?)?;
        }
        let taken = rows
            .iter()
            .map(|row| Ok((row.int("id")?, row.int("attempts")?)))
            .collect::<Result<Vec<_>, Error>>()?;
        if let Err(error) = transaction.commit().await {
            if error.kept() == Kept::Perhaps {
                self.unsure().extend(taken);
            }
            return Err(error);
        }
        rows.iter()
            .map(|row| {
                Ok(Delivery {
                    id: DeliveryId(row.int("id")?),
                    event: events
                        .remove(&row.int("event_id")?)
                        .ok_or_else(|| Error::unreadable("delivery", "its event is missing"))?,
                    attempts: u32::try_from(row.int("attempts")?).unwrap_or(u32::MAX),
                    since: moment(row.int("since_at")?),
                })
            })
            .collect()
    }

    /// Makes due again what was taken without anybody knowing. Whoever has taken it since keeps it.
    async fn give_back(&self) -> Result<(), Error> {
        let unsure = self.unsure().clone();
        for chunk in together(&unsure) {
            let sql = format!(
                "UPDATE delivery SET due_at = $1 WHERE standing = 'waiting' AND (id, attempts) IN (VALUES {})",
                tuples(chunk.len(), 2, 2)
            );
            let statement = Statement::new(sql).bind(micros(self.now())).bind_all(
                chunk
                    .iter()
                    .flat_map(|(id, attempts)| [Value::from(*id), (*attempts).into()]),
            );
            self.database().execute(statement).await?;
        }
        self.unsure().retain(|taken| !unsure.contains(taken));
        Ok(())
    }

    fn unsure(&self) -> MutexGuard<'_, Vec<(i64, i64)>> {
        self.core()
            .unsure
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) async fn events_by_id(&self, ids: &[i64]) -> Result<HashMap<i64, Event>, Error> {
        let mut events = HashMap::with_capacity(ids.len());
        for statement in self.reading(ids) {
            collect(&mut events, &self.database().rows(statement).await?)?;
        }
        Ok(events)
    }

    /// What reads these events.
    fn reading(&self, ids: &[i64]) -> Vec<Statement> {
        let columns = self.database().order().columns;
        together(ids)
            .map(|chunk| {
                let places: Vec<String> =
                    (1..=chunk.len()).map(|place| format!("${place}")).collect();
                let sql = format!(
                    "SELECT {columns}, o.at, o.data, a.public_id, a.trx_id FROM event o \
                     LEFT JOIN account a ON a.id = o.account_id WHERE o.id IN ({})",
                    places.join(",")
                );
                Statement::new(sql).bind_all(chunk.iter().map(|id| Value::from(*id)))
            })
            .collect()
    }

    /// These deliveries have arrived. Says how many of them were still the caller's to speak for: of the others somebody else
    /// has taken, theirs is the word that counts.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`]. They will be sent again.
    pub async fn delivered(&self, deliveries: &[&Delivery]) -> Result<u64, Error> {
        let mut touched = 0;
        for chunk in together(deliveries) {
            let sql = format!(
                "DELETE FROM delivery WHERE standing = 'waiting' AND (id, attempts) IN (VALUES {})",
                tuples(chunk.len(), 2, 1)
            );
            let values = chunk.iter().flat_map(|delivery| {
                [
                    Value::from(delivery.id.0),
                    i64::from(delivery.attempts).into(),
                ]
            });
            let statement = Statement::new(sql).bind_all(values);
            touched += self.database().execute(statement).await?;
        }
        Ok(touched)
    }

    /// The delivery has not arrived, for this reason, which must hold no secret. `false` where somebody else has taken it
    /// meanwhile.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`]. It will be sent again.
    pub async fn not_delivered(
        &self,
        delivery: &Delivery,
        reason: &str,
        next: Next,
    ) -> Result<bool, Error> {
        let reason: String = reason.chars().take(REASON).collect();
        let now = micros(self.now());
        let (standing, due_at, ended_at) = match next {
            Next::TryAt(moment) => ("waiting", micros(moment), None),
            Next::GiveUp => ("dead", now, Some(now)),
        };
        let statement = Statement::new(
            "UPDATE delivery SET standing = $1, due_at = $2, ended_at = $3, reason = $4 \
             WHERE id = $5 AND attempts = $6 AND standing = 'waiting'",
        )
        .bind(standing)
        .bind(due_at)
        .bind(ended_at)
        .bind(reason)
        .bind(delivery.id.0)
        .bind(i64::from(delivery.attempts));
        Ok(self.database().execute(statement).await? == 1)
    }
}

fn collect(events: &mut HashMap<i64, Event>, rows: &[Row]) -> Result<(), Error> {
    for row in rows {
        let event = event(row)?;
        events.insert(event.id.0, event);
    }
    Ok(())
}
