//! How a change ended: made, refused, or nobody knows.

use doku_va_btn::{Change, Outcome, VirtualAccount};
use time::OffsetDateTime;

use super::record::{Closed, End, Intent, taken_over};
use super::{Done, Failed};
use crate::account::{Snapshot, Standing, State, write_back};
use crate::database::{Statement, Transaction};
use crate::error::Error;
use crate::ledger::Ledger;
use crate::moment::micros;
use crate::outbox::{self, EventKind, NewEvent};
use crate::reconcile::schedule;

impl Ledger {
    /// The update is made.
    pub(super) async fn updated(
        &self,
        intent: &Intent,
        virtual_account: &VirtualAccount,
        wanted: &Change,
    ) -> Result<Done, Error> {
        let now = self.now();
        let (mut transaction, mut account) = self.hold(&intent.trx_id).await?;
        let closed = self
            .close_intent(&mut transaction, intent, End::Done, None, now)
            .await?;
        if closed == Closed::Now {
            let expires_at = virtual_account
                .expired_date()
                .map(doku_model::Timestamp::instant)
                .or(account.expires_at);
            self.write_returned(&mut transaction, account.id, virtual_account, expires_at)
                .await?;
            account.expires_at = expires_at;
            let bill = *virtual_account.bill();
            self.take_effect(
                &mut transaction,
                &mut account,
                bill,
                wanted,
                intent.bill_version,
                now,
            )
            .await?;
        }
        self.ended(transaction, intent, closed).await
    }

    /// The new bill counts from now on, and the state is the one that was asked for.
    pub(super) async fn take_effect(
        &self,
        transaction: &mut Transaction,
        account: &mut Snapshot,
        bill: doku_model::Bill,
        wanted: &Change,
        bill_version: Option<i64>,
        now: OffsetDateTime,
    ) -> Result<(), Error> {
        let mut events = Vec::new();
        if let Some(version) = bill_version {
            let replace = Statement::new(
                "UPDATE bill SET standing = 'replaced', until_at = $1 \
                 WHERE account_id = $2 AND version < $3 AND standing IN ('in_force', 'pending')",
            )
            .bind(micros(now))
            .bind(account.id)
            .bind(version);
            transaction.execute(replace).await?;
            let in_force = Statement::new(
                "UPDATE bill SET standing = 'in_force' WHERE account_id = $1 AND version = $2",
            )
            .bind(account.id)
            .bind(version);
            transaction.execute(in_force).await?;
        }
        events.push(EventKind::AccountUpdated { bill });
        let over = account.expires_at.is_some_and(|end| end <= now);
        let state = match (account.state, wanted.active) {
            (State::Active | State::Expired, Some(false)) => State::Inactive,
            (State::Inactive, Some(true)) => State::Active,
            (State::Expired, _) if !over => State::Active,
            (state, _) => state,
        };
        if state != account.state {
            account.state = state;
            events.push(match state {
                State::Inactive => EventKind::AccountDeactivated {},
                _ => EventKind::AccountActivated {
                    number: account.number.clone().unwrap_or_default(),
                },
            });
        }
        if account.state.is_payable() {
            account.check_at = Some(schedule::first(now, account.expires_at));
        }
        self.tell(transaction, account, events, now).await
    }

    async fn tell(
        &self,
        transaction: &mut Transaction,
        account: &Snapshot,
        events: Vec<EventKind>,
        now: OffsetDateTime,
    ) -> Result<(), Error> {
        write_back(&[account], transaction, now).await?;
        let events: Vec<NewEvent> = events
            .into_iter()
            .map(|kind| NewEvent::of(account.id, kind))
            .collect();
        outbox::write(transaction, self.merchant(), now, &events).await
    }

    /// The account is gone at DOKU.
    pub(super) async fn deleted(&self, intent: &Intent) -> Result<Done, Error> {
        let now = self.now();
        let (mut transaction, mut account) = self.hold(&intent.trx_id).await?;
        let closed = self
            .close_intent(&mut transaction, intent, End::Done, None, now)
            .await?;
        if closed == Closed::Now {
            self.mark_deleted(&mut transaction, &mut account, now)
                .await?;
        }
        self.ended(transaction, intent, closed).await
    }

    pub(super) async fn mark_deleted(
        &self,
        transaction: &mut Transaction,
        account: &mut Snapshot,
        now: OffsetDateTime,
    ) -> Result<(), Error> {
        // Money that came meanwhile counts more.
        if matches!(account.state, State::Paid | State::Deleted) {
            return Ok(());
        }
        account.state = State::Deleted;
        account.check_at = None;
        self.tell(
            transaction,
            account,
            vec![EventKind::AccountDeleted {}],
            now,
        )
        .await
    }

    /// Commits, and says what became of it: done, unless the answer came too late to end anything.
    async fn ended(
        &self,
        transaction: Transaction,
        intent: &Intent,
        closed: Closed,
    ) -> Result<Done, Error> {
        Ok(Done {
            account: self.finished(transaction, &intent.trx_id).await?,
            failure: (closed == Closed::TakenOver).then(taken_over),
        })
    }

    /// It was refused, or nobody knows.
    pub(super) async fn not_changed(&self, intent: &Intent, failed: Failed) -> Result<Done, Error> {
        let now = self.now();
        let (mut transaction, account) = self.hold(&intent.trx_id).await?;
        let reason = failed.reason().to_owned();
        let mut failure = failed;
        match failure.outcome() {
            Outcome::NotDone => {
                let closed = self
                    .unchanged(&mut transaction, &account, intent, End::Refused, reason)
                    .await?;
                if closed == Closed::TakenOver {
                    failure = taken_over();
                }
            }
            Outcome::Unknown => {
                self.postpone_intent(&mut transaction, intent, &reason, now)
                    .await?;
                // Once is enough: it is tried again until it is known.
                if intent.attempts == 1 {
                    let change = intent.kind.as_str().to_owned();
                    let event = EventKind::ChangeUnknown { change, reason };
                    let events = [NewEvent::of(account.id, event)];
                    outbox::write(&mut transaction, self.merchant(), now, &events).await?;
                }
            }
        }
        let account = self.finished(transaction, &intent.trx_id).await?;
        Ok(Done {
            account,
            failure: Some(failure),
        })
    }

    /// The account is as it was, whether DOKU has refused the change or somebody has given it up.
    pub(super) async fn unchanged(
        &self,
        transaction: &mut Transaction,
        account: &Snapshot,
        intent: &Intent,
        end: End,
        reason: String,
    ) -> Result<Closed, Error> {
        let now = self.now();
        let closed = self
            .close_intent(transaction, intent, end, Some(&reason), now)
            .await?;
        if closed != Closed::Now {
            return Ok(closed);
        }
        if let Some(version) = intent.bill_version {
            // What may have been done by another attempt may have counted until now.
            let (standing, until) = if end == End::Refused && intent.attempts == 1 {
                (Standing::Refused, None)
            } else {
                (Standing::Replaced, Some(micros(now)))
            };
            let statement = Statement::new(
                "UPDATE bill SET standing = $1, until_at = $2 WHERE account_id = $3 AND version = $4",
            )
            .bind(standing.as_str())
            .bind(until)
            .bind(account.id)
            .bind(version);
            transaction.execute(statement).await?;
        }
        let change = intent.kind.as_str().to_owned();
        let event = EventKind::ChangeRefused { change, reason };
        let events = [NewEvent::of(account.id, event)];
        outbox::write(transaction, self.merchant(), now, &events).await?;
        Ok(closed)
    }
}
