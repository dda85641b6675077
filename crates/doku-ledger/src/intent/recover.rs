//! Finding again what was begun and never ended: after a crash, and after an answer that was lost.

use doku_model::TrxId;

use super::change::ChangeIntent;
use super::create::{CreateIntent, prepared};
use super::record::{Intent, Kind};
use super::{Amendment, Doku, Done};
use crate::database::Statement;
use crate::error::Error;
use crate::ledger::Ledger;
use crate::moment::micros;
use crate::page::bounded;

/// What became of an intent that was found again.
#[derive(Debug)]
#[non_exhaustive]
pub struct Recovered {
    /// Its account's invoice number.
    pub trx_id: TrxId,
    /// How it stands now.
    pub done: Done,
}

impl Ledger {
    /// Takes up to `limit` intents whose lease is over, the oldest first, and settles them. Replicas that do the same at the
    /// same time take different ones.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`]. What was taken is found again once its new lease is over.
    pub async fn recover(&self, doku: &dyn Doku, limit: usize) -> Result<Vec<Recovered>, Error> {
        let mut recovered = Vec::new();
        for intent in self.overdue(limit).await? {
            let trx_id: TrxId = intent.trx_id.parse()?;
            let done = self.recover_one(doku, intent).await?;
            recovered.push(Recovered { trx_id, done });
        }
        Ok(recovered)
    }

    async fn recover_one(&self, doku: &dyn Doku, mut intent: Intent) -> Result<Done, Error> {
        match intent.kind {
            Kind::Create => {
                let prepared = prepared(&intent)?;
                let answer = doku.settle(&prepared, self.settings().deadline).await;
                let intent = CreateIntent { intent, prepared };
                self.finish_create(&intent, answer).await
            }
            Kind::Update | Kind::Delete => {
                self.renew_external_id(&mut intent).await?;
                let trx_id: TrxId = intent.trx_id.parse()?;
                let account = self
                    .account(&trx_id)
                    .await?
                    .and_then(|account| account.virtual_account)
                    .ok_or_else(|| Error::unreadable("account", "what DOKU returned is missing"))?;
                let change = ChangeIntent { intent, account };
                if change.intent.kind == Kind::Delete {
                    return self.send_delete(doku, &change).await;
                }
                let amendment: Amendment = serde_json::from_str(&change.intent.content)
                    .map_err(|error| Error::unreadable("amendment", error))?;
                self.send_update(doku, &change, &amendment).await
            }
        }
    }

    /// Takes intents whose lease is over, and gives each a new one.
    async fn overdue(&self, limit: usize) -> Result<Vec<Intent>, Error> {
        let now = self.now();
        let sql = format!(
            "UPDATE intent SET lease_until = $1, attempts = attempts + 1 WHERE id IN \
             (SELECT id FROM intent WHERE merchant = $2 AND standing = 'open' AND lease_until <= $3 \
              ORDER BY lease_until LIMIT {}{}) \
             RETURNING id, kind, external_id, content, bill_version, attempts, \
             (SELECT trx_id FROM account a WHERE a.id = intent.account_id) AS trx_id",
            bounded(limit),
            self.database().skip_locked()
        );
        let statement = Statement::new(sql)
            .bind(self.lease_until(now))
            .bind(self.merchant())
            .bind(micros(now));
        let rows = self.database().returning(statement).await?;
        rows.iter().map(Intent::of).collect()
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
