//! Taking an account for a change: nobody else touches it until the transaction ends.

use super::{Account, Snapshot, by_trx_id};
use crate::database::Transaction;
use crate::error::Error;
use crate::ledger::Ledger;
use crate::lock::{number_lock, trx_lock};

impl Ledger {
    /// Locks an account by its invoice number and its number, and reads it.
    ///
    /// A payment may come by either, so both are locked. The number may become known just now; then it is locked anew.
    pub(crate) async fn hold(&self, trx_id: &str) -> Result<(Transaction, Snapshot), Error> {
        let mut number: Option<String> = None;
        loop {
            let merchant = self.merchant();
            let mut names = vec![trx_lock(merchant, trx_id)];
            names.extend(
                number
                    .as_deref()
                    .map(|number| number_lock(merchant, number)),
            );
            let mut transaction = self.begin(names).await?;
            let account = self.held(&mut transaction, trx_id).await?;
            if account.number == number {
                return Ok((transaction, account));
            }
            number = account.number;
        }
    }

    /// An account in a transaction that holds its locks.
    pub(crate) async fn held(
        &self,
        transaction: &mut Transaction,
        trx_id: &str,
    ) -> Result<Snapshot, Error> {
        by_trx_id(transaction, self.merchant(), trx_id)
            .await?
            .ok_or_else(|| Error::NoSuchAccount {
                what: trx_id.to_owned(),
            })
    }

    /// Commits, and shows the account as it is then.
    pub(crate) async fn finished(
        &self,
        mut transaction: Transaction,
        trx_id: &str,
    ) -> Result<Account, Error> {
        let account = self.held(&mut transaction, trx_id).await?;
        self.commit(transaction).await?;
        account.into_account()
    }
}
