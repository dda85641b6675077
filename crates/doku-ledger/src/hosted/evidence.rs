//! What is kept of calls that were not accepted though DOKU signed them.

use doku_model::TrxId;
use time::OffsetDateTime;

use crate::database::{Row, Statement};
use crate::error::Error;
use crate::ledger::Ledger;
use crate::moment::moment;
use crate::page::bounded;

/// A call that DOKU signed and that was not accepted, as it was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeptCall {
    /// Counted from 1, the oldest first.
    pub id: i64,
    /// When it arrived.
    pub at: OffsetDateTime,
    /// What was called.
    pub path: String,
    /// X-TIMESTAMP, X-SIGNATURE and X-EXTERNAL-ID, as JSON.
    pub headers: String,
    /// The body, byte for byte.
    pub body: Vec<u8>,
    /// What DOKU was told.
    pub response_code: String,
    /// Why it was refused.
    pub reason: String,
}

impl KeptCall {
    fn of(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.int("id")?,
            at: moment(row.int("at")?),
            path: row.text("path")?,
            headers: row.text("headers")?,
            body: row.bytes("body")?,
            response_code: row.text("response_code")?,
            reason: row.text("reason")?,
        })
    }
}

impl Ledger {
    /// The calls that were refused though DOKU signed them, after the one with this id, at most `limit` of them.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn refused_calls(&self, after: i64, limit: usize) -> Result<Vec<KeptCall>, Error> {
        let statement = Statement::new(
            "SELECT id, at, path, headers, body, response_code, reason FROM refused_call \
             WHERE merchant = $1 AND id > $2 ORDER BY id LIMIT $3",
        )
        .bind(self.merchant())
        .bind(after)
        .bind(bounded(limit));
        self.kept_calls(statement).await
    }

    /// The calls about an account that were refused though DOKU signed them, the oldest first, at most 1000. Those that name no
    /// account are among [`Ledger::refused_calls`] only.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`].
    pub async fn refused_calls_of(&self, trx_id: &TrxId) -> Result<Vec<KeptCall>, Error> {
        let statement = Statement::new(
            "SELECT r.id, r.at, r.path, r.headers, r.body, r.response_code, r.reason \
             FROM account a JOIN refused_call r ON r.account_id = a.id \
             WHERE a.merchant = $1 AND a.trx_id = $2 ORDER BY r.id LIMIT 1000",
        )
        .bind(self.merchant())
        .bind(trx_id.as_str());
        self.kept_calls(statement).await
    }

    async fn kept_calls(&self, statement: Statement) -> Result<Vec<KeptCall>, Error> {
        let rows = self.database().rows(statement).await?;
        rows.iter().map(KeptCall::of).collect()
    }
}
