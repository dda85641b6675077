//! A caller's own key for a request: the same request twice is done once.

use time::OffsetDateTime;

use crate::account::Snapshot;
use crate::database::{Statement, Transaction};
use crate::error::Error;
use crate::ledger::Ledger;
use crate::moment::micros;

/// A caller's own key for a request, so that sending it twice creates one account.
#[derive(Debug, Clone)]
pub struct IdempotencyKey {
    pub(crate) name: String,
    pub(crate) fingerprint: [u8; 32],
}

impl IdempotencyKey {
    /// The key, and what was asked for with it: the same key with another request is refused.
    #[must_use]
    pub fn new(name: impl Into<String>, request: &[u8]) -> Self {
        use sha2::Digest as _;
        Self {
            name: name.into(),
            fingerprint: sha2::Sha256::digest(request).into(),
        }
    }
}

impl Ledger {
    /// The account of an earlier request under this key.
    pub(super) async fn known_by_key(
        &self,
        transaction: &mut Transaction,
        key: Option<&IdempotencyKey>,
    ) -> Result<Option<Snapshot>, Error> {
        let Some(key) = key else { return Ok(None) };
        let statement = Statement::new(
            "SELECT k.fingerprint, a.trx_id FROM idempotency k JOIN account a ON a.id = k.account_id \
             WHERE k.merchant = $1 AND k.name = $2",
        )
        .bind(self.merchant())
        .bind(key.name.as_str());
        let Some(row) = transaction.row(statement).await? else {
            return Ok(None);
        };
        if row.bytes("fingerprint")? != key.fingerprint {
            return Err(Error::KeyReused);
        }
        let trx_id = row.text("trx_id")?;
        self.held(transaction, &trx_id).await.map(Some)
    }

    pub(super) async fn write_key(
        &self,
        transaction: &mut Transaction,
        key: Option<&IdempotencyKey>,
        account_id: i64,
        now: OffsetDateTime,
    ) -> Result<(), Error> {
        let Some(key) = key else { return Ok(()) };
        let statement = Statement::new(
            "INSERT INTO idempotency (merchant, name, fingerprint, account_id, created_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(self.merchant())
        .bind(key.name.as_str())
        .bind(key.fingerprint.to_vec())
        .bind(account_id)
        .bind(micros(now));
        transaction.execute(statement).await.map(|_| ())
    }
}
