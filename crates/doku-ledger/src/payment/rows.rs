//! Payments as rows: what was kept before, what is new, and what was found and is told at last.

use std::collections::HashMap;

use time::OffsetDateTime;

use super::notified::Key;
use super::{Judgement, Late, Notified, Source};
use crate::account::sen;
use crate::database::{Statement, Transaction, Value, together, tuples};
use crate::error::Error;
use crate::moment::micros;

/// A payment that was kept before under the same key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    pub(super) id: i64,
    pub(super) sen: i64,
    pub(super) notified: bool,
}

/// A payment that is to be kept, and the account that it was told for, where there is one.
pub(super) struct New<'a> {
    pub(super) notified: &'a Notified,
    pub(super) judgement: &'a Judgement,
    pub(super) account_id: Option<i64>,
}

/// What was kept before under the keys of a batch.
pub(super) async fn known(
    transaction: &mut Transaction,
    merchant: i64,
    batch: &[Notified],
) -> Result<HashMap<Key, Vec<Known>>, Error> {
    const WIDTH: usize = 3;
    let mut known: HashMap<Key, Vec<Known>> = HashMap::new();
    for chunk in together(batch) {
        let sql = format!(
            "SELECT p.id, p.sen, p.number, p.trx_id, p.payment_request_id, p.told_at \
             FROM (VALUES {}) AS k CROSS JOIN payment p WHERE p.merchant = $1 AND p.number = k.column1 \
             AND p.trx_id = k.column2 AND p.payment_request_id = k.column3",
            tuples(chunk.len(), WIDTH, 2)
        );
        let mut statement = Statement::new(sql).bind(merchant);
        for notified in chunk {
            statement = statement
                .bind(notified.number.as_str())
                .bind(notified.trx_text())
                .bind(notified.payment_request_id.as_str());
        }
        for row in transaction.rows(statement).await? {
            let key = (
                row.text("number")?,
                row.text("trx_id")?,
                row.text("payment_request_id")?,
            );
            let entry = Known {
                id: row.int("id")?,
                sen: row.int("sen")?,
                notified: row.maybe_int("told_at")?.is_some(),
            };
            let entries = known.entry(key).or_default();
            // Two of one key in a batch ask twice.
            if entries.iter().all(|other| other.id != entry.id) {
                entries.push(entry);
            }
        }
    }
    Ok(known)
}

/// Writes the new ones, and gives their ids.
pub(super) async fn insert(
    transaction: &mut Transaction,
    merchant: i64,
    now: OffsetDateTime,
    new: &[New<'_>],
) -> Result<HashMap<(Key, i64), i64>, Error> {
    const WIDTH: usize = 16;
    let mut ids = HashMap::with_capacity(new.len());
    for chunk in together(new) {
        let sql = format!(
            "INSERT INTO payment (merchant, account_id, number, trx_id, payment_request_id, sen, verdict, late, \
             bill_version, source, paid_at, recorded_at, told_at, path, headers, body) VALUES {} \
             RETURNING id, number, trx_id, payment_request_id, sen",
            tuples(chunk.len(), WIDTH, 1)
        );
        let values = chunk.iter().flat_map(|new| {
            let New {
                notified,
                judgement,
                account_id,
            } = *new;
            [
                Value::from(merchant),
                account_id.into(),
                notified.number.as_str().into(),
                notified.trx_text().into(),
                notified.payment_request_id.as_str().into(),
                sen(notified.amount.amount()).into(),
                judgement.verdict.as_str().into(),
                judgement.late.map(Late::as_str).into(),
                judgement.bill_version.into(),
                Source::Notification.as_str().into(),
                notified.paid_at.map(micros).into(),
                micros(now).into(),
                micros(notified.received_at).into(),
                notified.path.as_str().into(),
                notified.headers.as_str().into(),
                notified.body.clone().into(),
            ]
        });
        let statement = Statement::new(sql).bind_all(values);
        for row in transaction.rows(statement).await? {
            let key = (
                row.text("number")?,
                row.text("trx_id")?,
                row.text("payment_request_id")?,
            );
            ids.insert((key, row.int("sen")?), row.int("id")?);
        }
    }
    Ok(ids)
}

/// Completes a payment that reconciliation found. From now on it is known by the notification's key.
pub(super) async fn confirm(
    transaction: &mut Transaction,
    id: i64,
    notified: &Notified,
) -> Result<(), Error> {
    let statement = Statement::new(
        "UPDATE payment SET number = $1, trx_id = $2, payment_request_id = $3, told_at = $4, path = $5, \
         headers = $6, body = $7, paid_at = coalesce($8, paid_at) WHERE id = $9",
    )
    .bind(notified.number.as_str())
    .bind(notified.trx_text())
    .bind(notified.payment_request_id.as_str())
    .bind(micros(notified.received_at))
    .bind(notified.path.as_str())
    .bind(notified.headers.as_str())
    .bind(notified.body.clone())
    .bind(notified.paid_at.map(micros))
    .bind(id);
    transaction.execute(statement).await.map(|_| ())
}
