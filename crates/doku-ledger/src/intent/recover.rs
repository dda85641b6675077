//! Finding again what was begun and never ended: after a crash, and after an answer that was lost.

use doku_model::TrxId;
use doku_va_btn::Change;
use time::OffsetDateTime;

use super::change::ChangeIntent;
use super::create::{CreateIntent, prepared};
use super::record::{Intent, Kind, postponed};
use super::{Doku, Done};
use crate::database::{Row, Statement};
use crate::error::Error;
use crate::ledger::Ledger;
use crate::moment::micros;

/// What became of an intent that was found again.
#[derive(Debug)]
#[non_exhaustive]
pub struct Recovered {
    /// Its account's invoice number.
    pub trx_id: TrxId,
    /// How it stands now, or why it could not be settled. It is found again later, unless it came to its end.
    pub done: Result<Done, Error>,
}

/// An intent that was taken to be settled now.
pub(crate) struct Taken(Row);

impl Ledger {
    /// Settles up to `limit` intents whose lease is over, the oldest first. Replicas that do the same at the same time take
    /// different ones. What cannot be settled holds nothing else up.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`] where none can be taken.
    pub async fn recover(&self, doku: &dyn Doku, limit: usize) -> Result<Vec<Recovered>, Error> {
        let begun = self.now();
        let mut recovered = Vec::new();
        while recovered.len() < limit {
            // One at a time: a lease is for one call.
            match self.take_overdue(begun).await? {
                Some(taken) => recovered.push(self.settle(doku, taken).await?),
                None => break,
            }
        }
        Ok(recovered)
    }

    /// Settles what was taken. What goes wrong with it is told of it alone.
    pub(crate) async fn settle(&self, doku: &dyn Doku, taken: Taken) -> Result<Recovered, Error> {
        let Taken(row) = taken;
        let trx_id: TrxId = row.parsed("trx_id")?;
        let done = match Intent::of(&row) {
            Ok(intent) => Box::pin(self.recover_one(doku, intent)).await,
            Err(error) => Err(error),
        };
        if let Err(error) = &done {
            tracing::error!(%trx_id, %error, "what was begun could not be settled; it is tried again later");
            let (id, attempts) = (row.int("id")?, row.int("attempts")?);
            let later = postponed(id, attempts, &error.to_string(), self.now());
            // Where this fails too, it is found again once its lease is over.
            let _ = self.database().execute(later).await;
        }
        Ok(Recovered { trx_id, done })
    }

    async fn recover_one(&self, doku: &dyn Doku, intent: Intent) -> Result<Done, Error> {
        match intent.kind {
            Kind::Create => {
                let prepared = prepared(&intent)?;
                let answer = doku.settle(&prepared, self.settings().deadline).await;
                let intent = CreateIntent { intent, prepared };
                self.finish_create(&intent, answer).await
            }
            Kind::Update | Kind::Delete => {
                let trx_id: TrxId = intent.trx_id.parse()?;
                let account = self
                    .account(&trx_id)
                    .await?
                    .and_then(|account| account.virtual_account)
                    .ok_or(Error::NumbersUnknown { trx_id })?;
                let change = ChangeIntent { intent, account };
                if change.intent.kind == Kind::Delete {
                    return self.send_delete(doku, &change).await;
                }
                let wanted: Change = serde_json::from_str(&change.intent.content)
                    .map_err(|error| Error::unreadable("change", error))?;
                self.send_update(doku, &change, &wanted).await
            }
        }
    }

    /// Takes the oldest intent whose lease was over at `begun`, and gives it a new one; a change gets another external id, because it is another
    /// call. One statement, so that nothing is sent that somebody else has taken or closed.
    pub(crate) async fn take_overdue(&self, begun: OffsetDateTime) -> Result<Option<Taken>, Error> {
        let now = self.now();
        let sql = format!(
            "UPDATE intent SET lease_until = $1, attempts = attempts + 1, reason = NULL, \
             external_id = CASE WHEN kind = 'create' THEN external_id ELSE $2 END WHERE id IN \
             (SELECT id FROM intent WHERE merchant = $3 AND standing = 'open' AND lease_until <= $4 \
              ORDER BY lease_until LIMIT 1{}) \
             RETURNING id, kind, external_id, content, bill_version, attempts, \
             (SELECT trx_id FROM account a WHERE a.id = intent.account_id) AS trx_id",
            self.database().skip_locked()
        );
        let external_id = self.core().external_ids.next(now);
        let statement = Statement::new(sql)
            .bind(self.lease_until(now))
            .bind(external_id.as_str())
            .bind(self.merchant())
            .bind(micros(begun));
        let rows = self.database().returning(statement).await?;
        Ok(rows.into_iter().next().map(Taken))
    }

    /// How many intents are open: sent and not answered yet, or to be settled.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn open_intents(&self) -> Result<u64, Error> {
        let statement = Statement::new(
            "SELECT count(*) AS n FROM intent WHERE merchant = $1 AND standing = 'open'",
        )
        .bind(self.merchant());
        let row = self.database().row(statement).await?;
        let count = row.map(|row| row.int("n")).transpose()?.unwrap_or(0);
        Ok(u64::try_from(count).unwrap_or(0))
    }
}
