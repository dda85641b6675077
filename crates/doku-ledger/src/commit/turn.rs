//! Whose turn it is: a batch is written once nobody else can write the accounts that it speaks of.

use super::refused::{Concerned, RefusedCall};
use crate::core::Core;
use crate::database::{LockName, Transaction};
use crate::error::Error;
use crate::lock::trx_lock;
use crate::payment::{Accounts, Notified};

/// A transaction that has its turn at everything a batch speaks of, and what it speaks of.
pub(super) struct Turn {
    pub(super) transaction: Transaction,
    pub(super) accounts: Accounts,
    /// The accounts of the refused calls, one for each call.
    pub(super) concerned: Vec<Option<Concerned>>,
}

impl Turn {
    /// Waits for a turn at what is told, the numbers and invoice numbers in `names`, and at the invoice numbers of the accounts
    /// that are found by them. Those are known once they are found: then it waits anew, for these as well, and looks again.
    ///
    /// So two that come to one account by different ways, one by its number and the other by its invoice number, do not both
    /// read it and then write over each other. Names are never added to a transaction that has some: whoever does that waits in
    /// a circle sooner or later.
    pub(super) async fn take(
        core: &Core,
        mut names: Vec<LockName>,
        payments: &[Notified],
        refused: &[&RefusedCall],
    ) -> Result<Self, Error> {
        let merchant = core.merchant;
        loop {
            let mut transaction = core.database.begin_group(names.clone()).await?;
            let accounts = Accounts::read(&mut transaction, merchant, payments).await?;
            let mut concerned = Vec::with_capacity(refused.len());
            for call in refused {
                concerned.push(call.concerned(&mut transaction, merchant).await?);
            }
            let known = names.len();
            if core.database.has_turns() {
                let by_refused = concerned.iter().flatten();
                let by_refused = by_refused.map(|account| account.trx_id.as_str());
                for trx_id in accounts.trx_ids().chain(by_refused) {
                    let name = trx_lock(merchant, trx_id);
                    if !names.contains(&name) {
                        names.push(name);
                    }
                }
            }
            if names.len() == known {
                return Ok(Self {
                    transaction,
                    accounts,
                    concerned,
                });
            }
            // Nothing was written, so this only lets go.
            transaction.commit().await?;
        }
    }
}
