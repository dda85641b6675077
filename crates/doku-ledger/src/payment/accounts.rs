//! The accounts that a batch of notifications speaks of, while its payments are judged one after the other.

use std::collections::HashMap;

use time::OffsetDateTime;

use super::{Judgement, Notified};
use crate::account::{COLUMNS, JOIN_BILLS, Snapshot, State, meant, sen, snapshots};
use crate::database::{Statement, Transaction, together, tuples};
use crate::error::Error;
use crate::moment::micros;
use crate::reconcile::schedule;

/// A payment that reconciliation found and no notification has told yet.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) id: i64,
    sen: i64,
    payment_request_id: String,
}

/// An account while its payments are judged.
pub(super) struct Held {
    pub(super) account: Snapshot,
    pub(super) outstanding: Vec<Found>,
    pub(super) touched: bool,
}

impl Held {
    /// The payment that reconciliation found, if this is it: on an account that is paid once, the first of the same
    /// amount; on a reusable one, the one of the same id.
    pub(super) fn found(&self, notified: &Notified, amount: i64) -> Option<i64> {
        self.outstanding
            .iter()
            .find(|found| {
                found.sen == amount
                    && (!self.account.reusable
                        || found.payment_request_id == notified.payment_request_id.as_str())
            })
            .map(|found| found.id)
    }

    pub(super) fn take(&mut self, judgement: &Judgement, notified: &Notified) {
        if judgement.verdict.is_credited() {
            self.account.credit(
                sen(notified.amount.amount()),
                judgement.state,
                &notified.number,
                notified.received_at,
            );
        }
        self.wait_with_checks(notified);
    }

    pub(super) fn wait_with_checks(&mut self, notified: &Notified) {
        self.touched = true;
        self.account.check_at = schedule::after_payment(&self.account, notified.received_at);
    }
}

impl Snapshot {
    /// Counts a payment that satisfies the bill.
    pub(crate) fn credit(
        &mut self,
        sen: i64,
        state: Option<State>,
        number: &str,
        now: OffsetDateTime,
    ) {
        self.credited_sen = self.credited_sen.saturating_add(sen);
        self.credited_count = self.credited_count.saturating_add(1);
        self.suspected_sen = None;
        self.paid_at = Some(now);
        self.state = state.unwrap_or(self.state);
        // What is paid to has this number.
        self.number.get_or_insert_with(|| number.to_owned());
    }
}

/// The accounts that a batch speaks of.
pub(crate) struct Accounts {
    held: HashMap<i64, Held>,
    asked: HashMap<usize, i64>,
}

impl Accounts {
    pub(crate) async fn read(
        transaction: &mut Transaction,
        merchant: i64,
        batch: &[Notified],
    ) -> Result<Self, Error> {
        const WIDTH: usize = 4;
        let mut asked = HashMap::new();
        let mut held = HashMap::new();
        let places: Vec<usize> = (0..batch.len()).collect();
        for chunk in together(&places) {
            // By trxId where one is told, otherwise by number: then as it was when it was paid, as far as that is told.
            let by_number = meant("", "k.column3", ">= k.column4");
            let sql = format!(
                "SELECT k.column1 AS ask, {COLUMNS} FROM (VALUES {}) AS k CROSS JOIN account a {JOIN_BILLS} \
                 WHERE a.id = CASE WHEN k.column2 <> '' \
                 THEN (SELECT id FROM account WHERE merchant = $1 AND trx_id = k.column2) \
                 ELSE {by_number} END",
                tuples(chunk.len(), WIDTH, 2)
            );
            let mut statement = Statement::new(sql).bind(merchant);
            for place in chunk {
                let Some(notified) = batch.get(*place) else {
                    continue;
                };
                statement = statement
                    .bind(i64::try_from(*place).unwrap_or(i64::MAX))
                    .bind(notified.trx_text())
                    .bind(notified.number.as_str())
                    .bind(micros(notified.made_at()));
            }
            let rows = transaction.rows(statement).await?;
            for row in &rows {
                asked.insert(
                    usize::try_from(row.int("ask")?).unwrap_or(usize::MAX),
                    row.int("a_id")?,
                );
            }
            for account in snapshots(&rows)? {
                let outstanding = outstanding(transaction, &account).await?;
                held.entry(account.id).or_insert(Held {
                    account,
                    outstanding,
                    touched: false,
                });
            }
        }
        Ok(Self { held, asked })
    }

    /// The invoice numbers of all of them. Whoever writes an account holds the lock of its invoice number: by which number or
    /// invoice number it was found does not matter.
    pub(crate) fn trx_ids(&self) -> impl Iterator<Item = &str> {
        self.held.values().map(|held| held.account.trx_id.as_str())
    }

    pub(super) fn id_of(&self, place: usize) -> Option<i64> {
        self.asked.get(&place).copied()
    }

    pub(super) fn asked_for(&mut self, place: usize) -> Option<&mut Held> {
        let id = self.asked.get(&place)?;
        self.held.get_mut(id)
    }

    pub(super) fn touched(&self) -> Vec<&Snapshot> {
        let mut touched: Vec<&Snapshot> = self
            .held
            .values()
            .filter(|held| held.touched)
            .map(|held| &held.account)
            .collect();
        touched.sort_by_key(|account| account.id);
        touched
    }
}

async fn outstanding(
    transaction: &mut Transaction,
    account: &Snapshot,
) -> Result<Vec<Found>, Error> {
    if account.outstanding == 0 {
        return Ok(Vec::new());
    }
    let statement = Statement::new(
        "SELECT id, sen, payment_request_id FROM payment WHERE account_id = $1 AND told_at IS NULL \
         ORDER BY id LIMIT 1000",
    )
    .bind(account.id);
    let rows = transaction.rows(statement).await?;
    rows.iter()
        .map(|row| {
            Ok(Found {
                id: row.int("id")?,
                sen: row.int("sen")?,
                payment_request_id: row.text("payment_request_id")?,
            })
        })
        .collect()
}
