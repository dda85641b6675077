//! Keeping notifications: many in one transaction, with a handful of statements however many they are.
//!
//! Everything that is known is read first, the payments are judged one after the other in memory, and what came of it
//! is written. Whoever calls holds the locks of all accounts and numbers that are named, so nothing changes meanwhile.

use std::collections::HashMap;

use doku_model::PositiveAmount;
use time::OffsetDateTime;

use super::notified::Key;
use super::tell::tell;
use super::{Judgement, Late, Notified, PaymentId, Source, Verdict, judge};
use crate::account::{COLUMNS, JOIN_BILLS, Snapshot, State, positive, sen, snapshots, write_back};
use crate::database::{Statement, Transaction, Value, powers_of_two, tuples};
use crate::error::Error;
use crate::moment::micros;
use crate::outbox::{self, EventKind, NewEvent};
use crate::reconcile::schedule;

/// What became of a notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    /// It is kept, and was not known before.
    New(PaymentId),
    /// It had been found by reconciliation, and is complete now.
    Confirmed(PaymentId),
    /// It was kept before.
    Repeat(PaymentId),
}

/// A payment that was kept before under the same key.
#[derive(Debug, Clone, Copy)]
struct Known {
    id: i64,
    sen: i64,
    notified: bool,
}

/// What is to be written for one notification.
enum Finding {
    New(Judgement, Option<i64>),
    Confirmed {
        id: i64,
        account_id: Option<i64>,
    },
    /// Of a payment that was kept before, or earlier in this batch.
    Repeat(Option<i64>),
}

/// Keeps them, in their order.
pub(crate) async fn keep(
    transaction: &mut Transaction,
    merchant: i64,
    now: OffsetDateTime,
    batch: &[Notified],
) -> Result<Vec<Kept>, Error> {
    let mut known = known(transaction, merchant, batch).await?;
    let mut accounts = Accounts::read(transaction, merchant, batch).await?;
    let mut findings = Vec::with_capacity(batch.len());
    for (place, notified) in batch.iter().enumerate() {
        findings.push(find(&mut known, &mut accounts, place, notified));
    }
    let ids = insert(transaction, merchant, now, batch, &findings).await?;
    let mut events = Vec::new();
    let mut kept = Vec::with_capacity(batch.len());
    for (notified, finding) in batch.iter().zip(&findings) {
        let own = ids
            .get(&(notified.key(), sen(notified.amount.amount())))
            .copied();
        kept.push(match finding {
            Finding::New(judgement, account_id) => {
                let payment = PaymentId(own.ok_or_else(unnumbered)?);
                tell(&mut events, notified, judgement, *account_id, payment);
                Kept::New(payment)
            }
            Finding::Confirmed { id, account_id } => {
                confirm(transaction, *id, notified).await?;
                events.push(NewEvent {
                    account_id: *account_id,
                    kind: EventKind::PaymentConfirmed {
                        payment: PaymentId(*id),
                        amount: notified.amount,
                        payment_request_id: notified.payment_request_id.clone(),
                    },
                });
                Kept::Confirmed(PaymentId(*id))
            }
            Finding::Repeat(id) => Kept::Repeat(PaymentId(id.or(own).ok_or_else(unnumbered)?)),
        });
    }
    write_back(&accounts.touched(), transaction, now).await?;
    outbox::write(transaction, merchant, now, &events).await?;
    Ok(kept)
}

fn unnumbered() -> Error {
    Error::unreadable("payment", "it got no id")
}

/// Says what one notification is, and notes what it changes.
fn find(
    known: &mut HashMap<Key, Vec<Known>>,
    accounts: &mut Accounts,
    place: usize,
    notified: &Notified,
) -> Finding {
    let amount = sen(notified.amount.amount());
    let same_key = known.entry(notified.key()).or_default();
    let account = accounts.asked_for(place);
    if let Some(before) = same_key.iter_mut().find(|before| before.sen == amount) {
        if before.notified {
            return Finding::Repeat((before.id != 0).then_some(before.id));
        }
        before.notified = true;
        let id = before.id;
        return confirmed(account, id);
    }
    let told_otherwise = !same_key.is_empty();
    same_key.push(Known {
        id: 0,
        sen: amount,
        notified: true,
    });
    let judgement = match account {
        Some(held) if !told_otherwise => {
            if let Some(found) = held.found(notified, amount) {
                // A repeat of this one is recognised by its own key from now on.
                if let Some(entry) = same_key.last_mut() {
                    entry.id = found;
                }
                return confirmed(Some(held), found);
            }
            let judgement = judge(Some(&held.account), &notified.told());
            held.take(&judgement, notified);
            judgement
        }
        Some(held) => {
            held.wait_with_checks(notified);
            Judgement {
                verdict: Verdict::OtherAmount,
                late: None,
                bill_version: None,
                state: None,
            }
        }
        None if told_otherwise => Judgement {
            verdict: Verdict::OtherAmount,
            ..judge(None, &notified.told())
        },
        None => judge(None, &notified.told()),
    };
    Finding::New(judgement, accounts.id_of(place))
}

fn confirmed(account: Option<&mut Held>, id: i64) -> Finding {
    let account_id = account.map(|held| {
        held.outstanding.retain(|found| found.id != id);
        held.account.outstanding = i64::try_from(held.outstanding.len()).unwrap_or(0);
        held.touched = true;
        held.account.id
    });
    Finding::Confirmed { id, account_id }
}

/// A payment that reconciliation found and no notification has told yet.
#[derive(Debug, Clone)]
struct Found {
    id: i64,
    sen: i64,
    payment_request_id: String,
}

/// An account while its payments are judged.
struct Held {
    account: Snapshot,
    outstanding: Vec<Found>,
    touched: bool,
}

impl Held {
    /// The payment that reconciliation found, if this is it: on an account that is paid once, the first of the same
    /// amount; on a reusable one, the one of the same id.
    fn found(&self, notified: &Notified, amount: i64) -> Option<i64> {
        self.outstanding
            .iter()
            .find(|found| {
                found.sen == amount
                    && (!self.account.reusable
                        || found.payment_request_id == notified.payment_request_id.as_str())
            })
            .map(|found| found.id)
    }

    fn take(&mut self, judgement: &Judgement, notified: &Notified) {
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

    fn wait_with_checks(&mut self, notified: &Notified) {
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
struct Accounts {
    held: HashMap<i64, Held>,
    asked: HashMap<usize, i64>,
}

impl Accounts {
    async fn read(
        transaction: &mut Transaction,
        merchant: i64,
        batch: &[Notified],
    ) -> Result<Self, Error> {
        const WIDTH: usize = 3;
        let mut asked = HashMap::new();
        let mut held = HashMap::new();
        let places: Vec<usize> = (0..batch.len()).collect();
        for chunk in powers_of_two(&places) {
            // By trxId where one is told, otherwise by number: then the newest that may still be paid, or the newest.
            let sql = format!(
                "SELECT k.column1 AS ask, {COLUMNS} FROM (VALUES {}) AS k CROSS JOIN account a {JOIN_BILLS} \
                 WHERE a.id = CASE WHEN k.column2 <> '' \
                 THEN (SELECT id FROM account WHERE merchant = $1 AND trx_id = k.column2) \
                 ELSE (SELECT id FROM account WHERE merchant = $1 AND number = k.column3 \
                       ORDER BY payable DESC, id DESC LIMIT 1) END",
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
                    .bind(notified.number.as_str());
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

    fn id_of(&self, place: usize) -> Option<i64> {
        self.asked.get(&place).copied()
    }

    fn asked_for(&mut self, place: usize) -> Option<&mut Held> {
        let id = self.asked.get(&place)?;
        self.held.get_mut(id)
    }

    fn touched(&self) -> Vec<&Snapshot> {
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

/// What was kept before under the keys of a batch.
async fn known(
    transaction: &mut Transaction,
    merchant: i64,
    batch: &[Notified],
) -> Result<HashMap<Key, Vec<Known>>, Error> {
    const WIDTH: usize = 3;
    let mut known: HashMap<Key, Vec<Known>> = HashMap::new();
    for chunk in powers_of_two(batch) {
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
async fn insert(
    transaction: &mut Transaction,
    merchant: i64,
    now: OffsetDateTime,
    batch: &[Notified],
    findings: &[Finding],
) -> Result<HashMap<(Key, i64), i64>, Error> {
    const WIDTH: usize = 16;
    let new: Vec<_> = batch
        .iter()
        .zip(findings)
        .filter_map(|(notified, finding)| match finding {
            Finding::New(judgement, account_id) => Some((notified, judgement, *account_id)),
            _ => None,
        })
        .collect();
    let mut ids = HashMap::with_capacity(new.len());
    for chunk in powers_of_two(&new) {
        let sql = format!(
            "INSERT INTO payment (merchant, account_id, number, trx_id, payment_request_id, sen, verdict, late, \
             bill_version, source, paid_at, recorded_at, told_at, path, headers, body) VALUES {} \
             RETURNING id, number, trx_id, payment_request_id, sen",
            tuples(chunk.len(), WIDTH, 1)
        );
        let values = chunk.iter().flat_map(|(notified, judgement, account_id)| {
            [
                Value::from(merchant),
                (*account_id).into(),
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
async fn confirm(transaction: &mut Transaction, id: i64, notified: &Notified) -> Result<(), Error> {
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

/// The amount of a stored payment.
pub(super) fn paid(sen: i64) -> Result<PositiveAmount, Error> {
    positive(sen)
}
