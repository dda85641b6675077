//! Updating and deleting an account: recorded, sent, and recorded again.

use doku_model::{ExternalId, TrxId};
use doku_va_btn::{Mode, Outcome, VirtualAccount};
use time::OffsetDateTime;

use super::create::no_such;
use super::record::{End, Intent, Kind, NewIntent, has_open};
use super::{Amendment, Doku, Done, Failed};
use crate::account::{Account, Asked, Snapshot, Standing, State, insert_bill, write_back};
use crate::database::{Statement, Transaction};
use crate::error::Error;
use crate::ledger::Ledger;
use crate::moment::micros;
use crate::outbox::{self, EventKind, NewEvent};
use crate::reconcile::schedule;

/// A change that is recorded and not sent yet.
pub(super) struct ChangeIntent {
    pub(super) intent: Intent,
    pub(super) account: VirtualAccount,
}

impl Ledger {
    /// Changes an account. The bill of before and the one of after may both be satisfied until it is certain which counts.
    ///
    /// A DIPC bill is changed in the ledger alone. Where the answer is lost, [`Done::failure`] says so, and the same update is
    /// made again by itself: done twice, it has the same effect.
    ///
    /// # Errors
    ///
    /// Where nothing was sent: [`Error::NoSuchAccount`], [`Error::NotNow`], [`Error::Underway`], [`Error::Storage`] (where that
    /// says [`Kept::Perhaps`](crate::Kept::Perhaps), it may be sent when it is found again). Where the database failed after it
    /// was begun, [`Error::HowItEnded`]: the intent is there, and will be found again.
    pub async fn update(
        &self,
        doku: &dyn Doku,
        trx_id: &TrxId,
        amendment: &Amendment,
    ) -> Result<Done, Error> {
        let done = match self.begin_update(trx_id, amendment).await? {
            Some(change) => self.send_update(doku, &change, amendment).await,
            None => self.current(trx_id).await,
        };
        done.map_err(Error::after_begin)
    }

    /// Deletes an account: nobody shall pay it any more. A payment that comes all the same counts, and is flagged.
    ///
    /// # Errors
    ///
    /// As [`Ledger::update`].
    pub async fn delete(&self, doku: &dyn Doku, trx_id: &TrxId) -> Result<Done, Error> {
        let done = match self.begin_delete(trx_id).await? {
            Some(change) => self.send_delete(doku, &change).await,
            None => self.current(trx_id).await,
        };
        done.map_err(Error::after_begin)
    }

    async fn current(&self, trx_id: &TrxId) -> Result<Done, Error> {
        let account = self.account(trx_id).await?.ok_or_else(|| no_such(trx_id))?;
        Ok(Done {
            account,
            failure: None,
        })
    }

    pub(super) async fn send_update(
        &self,
        doku: &dyn Doku,
        change: &ChangeIntent,
        amendment: &Amendment,
    ) -> Result<Done, Error> {
        let answer = doku
            .update(
                &change.account,
                &amendment.change(),
                change.intent.external_id.clone(),
                self.settings().deadline,
            )
            .await;
        match answer {
            Ok(virtual_account) => {
                let account = self
                    .updated(&change.intent, &virtual_account, amendment)
                    .await?;
                Ok(Done {
                    account,
                    failure: None,
                })
            }
            Err(failed) => self.not_changed(&change.intent, failed).await,
        }
    }

    pub(super) async fn send_delete(
        &self,
        doku: &dyn Doku,
        change: &ChangeIntent,
    ) -> Result<Done, Error> {
        let answer = doku
            .delete(
                &change.account,
                change.intent.external_id.clone(),
                self.settings().deadline,
            )
            .await;
        match answer {
            Ok(()) => self.deleted(&change.intent).await,
            // It was there when it was first to be deleted, so an earlier attempt has done it.
            Err(failed) if failed.is_not_found() && change.intent.attempts > 1 => {
                self.deleted(&change.intent).await
            }
            Err(failed) => self.not_changed(&change.intent, failed).await,
        }
    }

    /// Records an update before it is sent; none where there is nothing to send.
    async fn begin_update(
        &self,
        trx_id: &TrxId,
        amendment: &Amendment,
    ) -> Result<Option<ChangeIntent>, Error> {
        let now = self.now();
        let (mut transaction, account) = self.changeable(trx_id).await?;
        let version = account.last_version() + 1;
        let new_bill = self.new_bill(&account, amendment);
        if let Some((bill, expires_at)) = &new_bill {
            let standing = Standing::Pending;
            insert_bill(
                &mut transaction,
                account.id,
                version,
                standing,
                bill,
                *expires_at,
                now,
            )
            .await?;
        }
        let bill_version = new_bill.map(|_| version);
        if account.mode == Mode::DirectInquiry {
            self.change_direct(transaction, account, amendment, bill_version, now)
                .await?;
            return Ok(None);
        }
        let content = serde_json::to_string(amendment)
            .map_err(|error| Error::unreadable("amendment", error))?;
        self.intend(
            transaction,
            account,
            Kind::Update,
            content,
            bill_version,
            now,
        )
        .await
        .map(Some)
    }

    /// The bill and the end that an amendment asks for, where it changes one of them.
    fn new_bill(
        &self,
        account: &Snapshot,
        amendment: &Amendment,
    ) -> Option<(doku_model::Bill, Option<OffsetDateTime>)> {
        if amendment.bill.is_none() && amendment.expired_date.is_none() {
            return None;
        }
        let bill = amendment
            .bill
            .or_else(|| account.bill().map(|version| version.bill))?;
        let end = amendment
            .expired_date
            .as_ref()
            .map(doku_model::Timestamp::instant)
            .or(account.expires_at);
        Some((bill, end))
    }

    async fn begin_delete(&self, trx_id: &TrxId) -> Result<Option<ChangeIntent>, Error> {
        let now = self.now();
        let (mut transaction, mut account) = self.changeable(trx_id).await?;
        if account.mode == Mode::DirectInquiry {
            self.mark_deleted(&mut transaction, &mut account, now)
                .await?;
            self.commit(transaction).await?;
            return Ok(None);
        }
        self.intend(transaction, account, Kind::Delete, String::new(), None, now)
            .await
            .map(Some)
    }

    /// An account that exists, is not at its end, and is not being changed.
    async fn changeable(&self, trx_id: &TrxId) -> Result<(Transaction, Snapshot), Error> {
        let (mut transaction, account) = self.hold(trx_id.as_str()).await?;
        if has_open(&mut transaction, &account).await? {
            return Err(Error::Underway {
                trx_id: trx_id.clone(),
            });
        }
        if account.state.is_changeable() {
            Ok((transaction, account))
        } else {
            Err(Error::NotNow {
                trx_id: trx_id.clone(),
                state: account.state,
            })
        }
    }

    async fn intend(
        &self,
        mut transaction: Transaction,
        account: Snapshot,
        kind: Kind,
        content: String,
        bill_version: Option<i64>,
        now: OffsetDateTime,
    ) -> Result<ChangeIntent, Error> {
        let intent = NewIntent {
            kind,
            external_id: self.core().external_ids.next(now),
            content,
            bill_version,
        };
        let intent = self
            .write_intent(&mut transaction, account.id, &account.trx_id, intent, now)
            .await?;
        let account = account.into_account()?;
        self.commit(transaction).await?;
        let virtual_account = account
            .virtual_account
            .ok_or_else(|| Error::unreadable("account", "what DOKU returned is missing"))?;
        Ok(ChangeIntent {
            intent,
            account: virtual_account,
        })
    }

    /// The update is made.
    async fn updated(
        &self,
        intent: &Intent,
        virtual_account: &VirtualAccount,
        amendment: &Amendment,
    ) -> Result<Account, Error> {
        let now = self.now();
        let (mut transaction, mut account) = self.hold(&intent.trx_id).await?;
        let was_open = self
            .close_intent(&mut transaction, intent.id, End::Done, None, now)
            .await?;
        if was_open {
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
                amendment,
                intent.bill_version,
                now,
            )
            .await?;
        }
        self.finished(transaction, &intent.trx_id).await
    }

    /// The new bill counts from now on, and the state is the one that was asked for.
    async fn take_effect(
        &self,
        transaction: &mut Transaction,
        account: &mut Snapshot,
        bill: doku_model::Bill,
        amendment: &Amendment,
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
        let state = match (account.state, amendment.active) {
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

    /// A DIPC bill exists in the ledger alone.
    async fn change_direct(
        &self,
        mut transaction: Transaction,
        mut account: Snapshot,
        amendment: &Amendment,
        bill_version: Option<i64>,
        now: OffsetDateTime,
    ) -> Result<(), Error> {
        let shown = account.clone().into_account()?;
        let Asked::Direct(mut direct) = shown.asked else {
            return Err(Error::unreadable(
                "account",
                "it is no bill of the ledger's",
            ));
        };
        let Amendment {
            name,
            email,
            phone,
            bill,
            expired_date,
            active: _,
        } = amendment.clone();
        direct.name = name.unwrap_or(direct.name);
        direct.email = email.or(direct.email);
        direct.phone = phone.or(direct.phone);
        direct.bill = bill.unwrap_or(direct.bill);
        direct.expired_date = expired_date.or(direct.expired_date);
        account.expires_at = direct
            .expired_date
            .as_ref()
            .map(doku_model::Timestamp::instant);
        let due = direct.bill;
        let asked = serde_json::to_string(&Asked::Direct(direct))
            .map_err(|error| Error::unreadable("account", error))?;
        let statement =
            Statement::new("UPDATE account SET asked = $1, expires_at = $2 WHERE id = $3")
                .bind(asked)
                .bind(account.expires_at.map(micros))
                .bind(account.id);
        transaction.execute(statement).await?;
        self.take_effect(
            &mut transaction,
            &mut account,
            due,
            amendment,
            bill_version,
            now,
        )
        .await?;
        self.commit(transaction).await
    }

    /// The account is gone at DOKU.
    async fn deleted(&self, intent: &Intent) -> Result<Done, Error> {
        let now = self.now();
        let (mut transaction, mut account) = self.hold(&intent.trx_id).await?;
        let was_open = self
            .close_intent(&mut transaction, intent.id, End::Done, None, now)
            .await?;
        if was_open {
            self.mark_deleted(&mut transaction, &mut account, now)
                .await?;
        }
        let account = self.finished(transaction, &intent.trx_id).await?;
        Ok(Done {
            account,
            failure: None,
        })
    }

    async fn mark_deleted(
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

    /// It was refused, or nobody knows.
    async fn not_changed(&self, intent: &Intent, failed: Failed) -> Result<Done, Error> {
        let now = self.now();
        let (mut transaction, account) = self.hold(&intent.trx_id).await?;
        let reason = failed.reason().to_owned();
        let change = intent.kind.as_str().to_owned();
        let event = match failed.outcome() {
            Outcome::NotDone => {
                let closed = self
                    .close_intent(
                        &mut transaction,
                        intent.id,
                        End::Refused,
                        Some(&reason),
                        now,
                    )
                    .await?;
                if closed && let Some(version) = intent.bill_version {
                    // Of several attempts an earlier one may have been done: then it counted until now.
                    let (standing, until) = if intent.attempts == 1 {
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
                closed.then_some(EventKind::ChangeRefused { change, reason })
            }
            Outcome::Unknown => {
                self.postpone_intent(&mut transaction, intent, &reason, now)
                    .await?;
                // Once is enough: it is tried again until it is known.
                (intent.attempts == 1).then_some(EventKind::ChangeUnknown { change, reason })
            }
        };
        let events: Vec<NewEvent> = event
            .into_iter()
            .map(|kind| NewEvent::of(account.id, kind))
            .collect();
        outbox::write(&mut transaction, self.merchant(), now, &events).await?;
        let account = self.finished(transaction, &intent.trx_id).await?;
        Ok(Done {
            account,
            failure: Some(failed),
        })
    }

    /// A new external id for another attempt, recorded before it is sent.
    pub(super) async fn renew_external_id(&self, intent: &mut Intent) -> Result<(), Error> {
        let external_id: ExternalId = self.core().external_ids.next(self.now());
        let statement = Statement::new("UPDATE intent SET external_id = $1 WHERE id = $2")
            .bind(external_id.as_str())
            .bind(intent.id);
        self.database().execute(statement).await?;
        intent.external_id = external_id;
        Ok(())
    }
}
