//! Updating and deleting an account: recorded, sent, and recorded again.

use doku_model::TrxId;
use doku_va_btn::{Change, Mode, VirtualAccount};
use time::OffsetDateTime;

use super::create::no_such;
use super::record::{Intent, Kind, NewIntent, has_open};
use super::{Doku, Done};
use crate::account::{Snapshot, Standing, insert_bill};
use crate::database::Transaction;
use crate::error::Error;
use crate::ledger::Ledger;

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
        wanted: &Change,
    ) -> Result<Done, Error> {
        let done = match self.begin_update(trx_id, wanted).await? {
            Some(change) => self.send_update(doku, &change, wanted).await,
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
        wanted: &Change,
    ) -> Result<Done, Error> {
        let answer = doku
            .update(
                &change.account,
                wanted,
                change.intent.external_id.clone(),
                self.settings().deadline,
            )
            .await;
        match answer {
            Ok(virtual_account) => self.updated(&change.intent, &virtual_account, wanted).await,
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
        wanted: &Change,
    ) -> Result<Option<ChangeIntent>, Error> {
        let now = self.now();
        let (mut transaction, account) = self.changeable(trx_id).await?;
        let version = account.last_version() + 1;
        let new_bill = self.new_bill(&account, wanted);
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
            self.change_direct(transaction, account, wanted, bill_version, now)
                .await?;
            return Ok(None);
        }
        let content =
            serde_json::to_string(wanted).map_err(|error| Error::unreadable("change", error))?;
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

    /// The bill and the end that a change asks for, where it changes one of them.
    fn new_bill(
        &self,
        account: &Snapshot,
        wanted: &Change,
    ) -> Option<(doku_model::Bill, Option<OffsetDateTime>)> {
        if wanted.bill.is_none() && wanted.expired_date.is_none() {
            return None;
        }
        let bill = wanted
            .bill
            .or_else(|| account.bill().map(|version| version.bill))?;
        let end = wanted
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
        // A change that can never be sent must not be in the way of others.
        let trx_id: TrxId = account.trx_id.parse()?;
        let virtual_account = account
            .clone()
            .into_account()?
            .virtual_account
            .ok_or(Error::NumbersUnknown { trx_id })?;
        let intent = NewIntent {
            kind,
            external_id: self.core().external_ids.next(now),
            content,
            bill_version,
        };
        let intent = self
            .write_intent(&mut transaction, account.id, &account.trx_id, intent, now)
            .await?;
        self.commit(transaction).await?;
        Ok(ChangeIntent {
            intent,
            account: virtual_account,
        })
    }
}
