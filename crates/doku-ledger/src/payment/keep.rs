//! Keeping notifications: many in one transaction, with a handful of statements however many they are.
//!
//! Everything that is known is read first, the payments are judged one after the other in memory, and what came of it
//! is written. Whoever calls holds the locks of all accounts that were read and of all numbers that are named, so nothing
//! changes meanwhile.

use std::collections::HashMap;

use time::OffsetDateTime;

use super::accounts::{Accounts, Held};
use super::notified::Key;
use super::rows::{Known, New, confirm, insert, known};
use super::tell::tell;
use super::{Judgement, Notified, PaymentId, Verdict, judge};
use crate::account::{sen, write_back};
use crate::database::Transaction;
use crate::error::Error;
use crate::outbox::{self, EventKind, NewEvent};

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

/// Keeps them, in their order. The accounts are those of the same batch.
pub(crate) async fn keep(
    transaction: &mut Transaction,
    merchant: i64,
    now: OffsetDateTime,
    batch: &[Notified],
    mut accounts: Accounts,
) -> Result<Vec<Kept>, Error> {
    let mut known = known(transaction, merchant, batch).await?;
    let mut findings = Vec::with_capacity(batch.len());
    for (place, notified) in batch.iter().enumerate() {
        findings.push(find(&mut known, &mut accounts, place, notified));
    }
    let new: Vec<New<'_>> = batch
        .iter()
        .zip(&findings)
        .filter_map(|(notified, finding)| match finding {
            Finding::New(judgement, account_id) => Some(New {
                notified,
                judgement,
                account_id: *account_id,
            }),
            _ => None,
        })
        .collect();
    let ids = insert(transaction, merchant, now, &new).await?;
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
