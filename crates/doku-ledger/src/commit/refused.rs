//! Calls that DOKU signed and that were not accepted, as they are kept.

use time::OffsetDateTime;

use crate::account::meant;
use crate::database::{LockName, Statement, Transaction};
use crate::error::Error;
use crate::lock::{number_lock, trx_lock};
use crate::moment::micros;
use crate::outbox::{self, EventKind, NewEvent};
use crate::reconcile::schedule;

/// A call to be kept, and what could be read of it.
#[derive(Debug)]
pub(crate) struct RefusedCall {
    pub(crate) at: OffsetDateTime,
    pub(crate) path: String,
    pub(crate) headers: String,
    pub(crate) body: Vec<u8>,
    /// Tells it from every other one.
    pub(crate) digest: Vec<u8>,
    pub(crate) response_code: String,
    pub(crate) reason: String,
    pub(crate) number: Option<String>,
    pub(crate) trx_id: Option<String>,
}

/// The account that a refused call may concern.
#[derive(Debug)]
pub(crate) struct Concerned {
    id: i64,
    /// Its own, whatever was told.
    pub(super) trx_id: String,
}

impl RefusedCall {
    pub(super) fn locks(&self, merchant: i64) -> impl Iterator<Item = LockName> {
        let number = self
            .number
            .as_deref()
            .map(|number| number_lock(merchant, number));
        let trx_id = self
            .trx_id
            .as_deref()
            .map(|trx_id| trx_lock(merchant, trx_id));
        number.into_iter().chain(trx_id)
    }

    /// Keeps it, where it is not kept already.
    pub(super) async fn write(
        &self,
        transaction: &mut Transaction,
        merchant: i64,
        now: OffsetDateTime,
        concerned: Option<&Concerned>,
    ) -> Result<(), Error> {
        let account_id = concerned.map(|account| account.id);
        let insert = Statement::new(
            "INSERT INTO refused_call (merchant, account_id, at, path, headers, body, response_code, reason, digest) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (digest, merchant) DO NOTHING",
        )
        .bind(merchant)
        .bind(account_id)
        .bind(micros(self.at))
        .bind(self.path.as_str())
        .bind(self.headers.as_str())
        .bind(self.body.clone())
        .bind(self.response_code.as_str())
        .bind(self.reason.as_str())
        .bind(self.digest.clone());
        if transaction.execute(insert).await? == 0 {
            return Ok(());
        }
        if let Some(account_id) = account_id {
            schedule::hint(transaction, account_id, now).await?;
        }
        let event = NewEvent {
            account_id,
            kind: EventKind::NotificationRefused {
                response_code: self.response_code.clone(),
                reason: self.reason.clone(),
            },
        };
        outbox::write(transaction, merchant, now, &[event]).await
    }

    /// The account that it may concern, as far as it could be read.
    pub(super) async fn concerned(
        &self,
        transaction: &mut Transaction,
        merchant: i64,
    ) -> Result<Option<Concerned>, Error> {
        let by_trx_id = self.trx_id.as_deref().map(|trx_id| {
            let sql = "SELECT id, trx_id FROM account WHERE merchant = $1 AND trx_id = $2";
            Statement::new(sql).bind(merchant).bind(trx_id)
        });
        let by_number = self.number.as_deref().map(|number| {
            let by_number = meant("", "$2", "> $3");
            let sql = format!("SELECT id, trx_id FROM account WHERE id = {by_number}");
            Statement::new(sql)
                .bind(merchant)
                .bind(number)
                .bind(micros(self.at))
        });
        for statement in by_trx_id.into_iter().chain(by_number) {
            if let Some(row) = transaction.row(statement).await? {
                return Ok(Some(Concerned {
                    id: row.int("id")?,
                    trx_id: row.text("trx_id")?,
                }));
            }
        }
        Ok(None)
    }
}
