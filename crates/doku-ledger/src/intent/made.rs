//! How a create ended: it exists, it does not, or nobody knows.

use doku_va_btn::{Mode, Outcome, PreparedCreate, VirtualAccount};
use time::{Duration, OffsetDateTime};

use super::record::{Closed, End, Intent, taken_over};
use super::{Done, Failed};
use crate::account::{Account, State, write_back};
use crate::database::{Statement, Transaction};
use crate::error::Error;
use crate::ledger::Ledger;
use crate::lock::{number_lock, trx_lock};
use crate::moment::micros;
use crate::outbox::{self, EventKind, NewEvent};
use crate::reconcile::schedule;

/// How long a number of the merchant's own is looked for at DOKU: longer than a payment to it may take to be told of.
const LOOKED_FOR: Duration = Duration::days(3);

impl Ledger {
    /// It exists.
    pub(super) async fn created(
        &self,
        intent: &Intent,
        virtual_account: &VirtualAccount,
    ) -> Result<Account, Error> {
        let now = self.now();
        let merchant = self.merchant();
        let number = virtual_account.number().normalised().to_owned();
        let mut transaction = self
            .begin(vec![
                trx_lock(merchant, &intent.trx_id),
                number_lock(merchant, &number),
            ])
            .await?;
        let mut account = self.held(&mut transaction, &intent.trx_id).await?;
        let expires_at = virtual_account
            .expired_date()
            .map(doku_model::Timestamp::instant)
            .or(account.expires_at);
        let in_force = Statement::new(
            "UPDATE bill SET standing = 'in_force', expires_at = $1 \
             WHERE account_id = $2 AND version = $3 AND standing = 'pending'",
        )
        .bind(expires_at.map(micros))
        .bind(account.id)
        .bind(intent.bill_version);
        transaction.execute(in_force).await?;
        self.write_returned(&mut transaction, account.id, virtual_account, expires_at)
            .await?;
        self.close_made(&mut transaction, intent, now).await?;
        account.number = Some(number.clone());
        let mut events = Vec::new();
        if matches!(
            account.state,
            State::Creating | State::Unknown | State::Refused
        ) {
            account.state = State::Active;
            let event = EventKind::AccountActivated { number };
            events.push(NewEvent::of(account.id, event));
        }
        // A payment may have been quicker, and may have settled it.
        if account.state == State::Active && account.check_at.is_none() {
            account.check_at = Some(schedule::first(now, expires_at));
        }
        write_back(&[&account], &mut transaction, now).await?;
        outbox::write(&mut transaction, merchant, now, &events).await?;
        self.finished(transaction, &intent.trx_id).await
    }

    /// It does not exist, or nobody knows.
    pub(super) async fn not_created(
        &self,
        intent: &Intent,
        prepared: &PreparedCreate,
        failed: Failed,
    ) -> Result<Done, Error> {
        let now = self.now();
        let (mut transaction, mut account) = self.hold(&intent.trx_id).await?;
        let reason = failed.reason().to_owned();
        let mut failure = failed;
        let mut event = None;
        match failure.outcome() {
            Outcome::NotDone => {
                let closed = self
                    .close_intent(&mut transaction, intent, End::Refused, Some(&reason), now)
                    .await?;
                match closed {
                    Closed::Now if matches!(account.state, State::Creating | State::Unknown) => {
                        account.state = State::Refused;
                        event = Some(EventKind::AccountRefused { reason });
                    }
                    Closed::TakenOver => failure = taken_over(),
                    _ => {}
                }
            }
            Outcome::Unknown => {
                if nobody_can_tell(prepared, now) {
                    self.close_intent(&mut transaction, intent, End::GivenUp, Some(&reason), now)
                        .await?;
                } else {
                    self.postpone_intent(&mut transaction, intent, &reason, now)
                        .await?;
                }
                if account.state == State::Creating {
                    account.state = State::Unknown;
                    event = Some(EventKind::AccountUnknown { reason });
                }
            }
        }
        write_back(&[&account], &mut transaction, now).await?;
        let events: Vec<NewEvent> = event
            .into_iter()
            .map(|kind| NewEvent::of(account.id, kind))
            .collect();
        outbox::write(&mut transaction, self.merchant(), now, &events).await?;
        let account = self.finished(transaction, &intent.trx_id).await?;
        Ok(Done {
            account,
            failure: Some(failure),
        })
    }

    /// What DOKU made of it, for its later calls.
    pub(super) async fn write_returned(
        &self,
        transaction: &mut Transaction,
        account_id: i64,
        virtual_account: &VirtualAccount,
        expires_at: Option<OffsetDateTime>,
    ) -> Result<(), Error> {
        let json = serde_json::to_string(virtual_account)
            .map_err(|error| Error::unreadable("account", error))?;
        let statement =
            Statement::new("UPDATE account SET returned = $1, expires_at = $2 WHERE id = $3")
                .bind(json)
                .bind(expires_at.map(micros))
                .bind(account_id);
        transaction.execute(statement).await.map(|_| ())
    }
}

/// Whether only a notification or a person can tell what became of it: on another day it may not be sent again. Of DGPC there
/// is no number to ask about then; a number of MGPC is asked about for a while.
fn nobody_can_tell(prepared: &PreparedCreate, now: OffsetDateTime) -> bool {
    if prepared.is_of_today(now) {
        return false;
    }
    match prepared.order().mode() {
        Mode::MerchantGenerated => now - prepared.prepared_at().instant() > LOOKED_FOR,
        Mode::DokuGenerated | Mode::DirectInquiry => true,
    }
}
