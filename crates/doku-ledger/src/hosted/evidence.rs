//! What is kept of an account's calls that were not accepted.

use doku_model::TrxId;

use super::KeptCall;
use crate::database::Statement;
use crate::error::Error;
use crate::ledger::Ledger;
use crate::moment::moment;

impl Ledger {
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
        let rows = self.database().rows(statement).await?;
        rows.iter()
            .map(|row| {
                Ok(KeptCall {
                    id: row.int("id")?,
                    at: moment(row.int("at")?),
                    path: row.text("path")?,
                    headers: row.text("headers")?,
                    body: row.bytes("body")?,
                    response_code: row.text("response_code")?,
                    reason: row.text("reason")?,
                })
            })
            .collect()
    }
}
