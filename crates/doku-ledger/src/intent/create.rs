//! Creating an account: recorded, sent, and recorded again.

use doku_model::TrxId;
use doku_va_btn::{CreateVa, Mode, PreparedCreate, VirtualAccount};

use super::order::{asked_expiry, is_reusable, sent};
use super::record::{Intent, Kind, NewIntent};
use super::{Doku, Done, Failed, IdempotencyKey};
use crate::account::{Account, Asked, NewAccount, Standing, State, by_trx_id};
use crate::database::Transaction;
use crate::error::Error;
use crate::ledger::Ledger;
use crate::lock::trx_lock;
use crate::outbox::{self, EventKind, NewEvent};

/// A create that is recorded and not sent yet.
#[derive(Debug, Clone)]
#[must_use = "send it, and say how it ended with `Ledger::finish_create`"]
pub struct CreateIntent {
    pub(super) intent: Intent,
    pub(super) prepared: PreparedCreate,
}

impl CreateIntent {
    /// What is to be sent.
    #[must_use]
    pub const fn prepared(&self) -> &PreparedCreate {
        &self.prepared
    }
}

/// What beginning a create has led to.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "it is new or it is not")]
pub enum Begun {
    /// It is recorded: send it now.
    New(Box<CreateIntent>),
    /// The same request was recorded before under the same idempotency key. Nothing is to be sent.
    Existing(Box<Account>),
}

impl Ledger {
    /// Creates an account at DOKU: records what is asked, sends it, and records how it ended.
    ///
    /// The account that is returned is `active`, or `unknown` where the answer was lost (it is found again and settled by
    /// itself), or `refused`; [`Done::failure`] says why. Under an idempotency key that was used before for the same request,
    /// it is the account of then, and nothing is sent.
    ///
    /// # Errors
    ///
    /// Where nothing was sent: [`Error::TrxIdTaken`], [`Error::KeyReused`], [`Error::Request`], [`Error::Storage`]. Where the
    /// database failed after it was sent, [`Error::HowItEnded`]: the intent is there, and will be found again.
    pub async fn create(
        &self,
        doku: &dyn Doku,
        order: &CreateVa,
        key: Option<&IdempotencyKey>,
    ) -> Result<Done, Error> {
        let prepared = doku.prepare(order).map_err(Box::new)?;
        let intent = match self.begin_create(prepared, key).await? {
            Begun::New(intent) => intent,
            Begun::Existing(account) => {
                return Ok(Done {
                    account: *account,
                    failure: None,
                });
            }
        };
        let answer = doku.send(&intent.prepared, self.settings().deadline).await;
        self.finish_create(&intent, answer)
            .await
            .map_err(Error::after_begin)
    }

    /// Records a create before it is sent. Whoever gets [`Begun::New`] sends it within the ledger's
    /// [deadline](crate::Settings::deadline) and tells [`Ledger::finish_create`] how it ended.
    ///
    /// # Errors
    ///
    /// [`Error::TrxIdTaken`], [`Error::KeyReused`], [`Error::Storage`].
    pub async fn begin_create(
        &self,
        prepared: PreparedCreate,
        key: Option<&IdempotencyKey>,
    ) -> Result<Begun, Error> {
        let now = self.now();
        let merchant = self.merchant();
        let trx_id = prepared.trx_id().clone();
        let mut names = vec![trx_lock(merchant, trx_id.as_str())];
        names.extend(key.map(|key| trx_lock(merchant, &format!("key {}", key.name))));
        let mut transaction = self.begin(names).await?;
        if let Some(known) = self.known_by_key(&mut transaction, key).await? {
            return Ok(Begun::Existing(Box::new(known.into_account()?)));
        }
        let refused = self.vacant(&mut transaction, &trx_id).await?;
        let order = prepared.order();
        let sent = sent(&prepared)?;
        let sent_number = sent.as_str();
        // A number that the merchant makes is known before it is sent.
        let number = (order.mode() == Mode::MerchantGenerated).then_some(sent_number);
        let expires_at = asked_expiry(order)?;
        let asked = Asked::Create(order.clone());
        let account = NewAccount {
            trx_id: trx_id.as_str(),
            mode: order.mode(),
            state: State::Creating,
            number,
            sent_number,
            reusable: is_reusable(order)?,
            expires_at,
            asked: &asked,
            bill: order.bill(),
            standing: Standing::Pending,
            check_at: None,
        };
        let id = account
            .write(&mut transaction, merchant, now, refused)
            .await?;
        let content =
            serde_json::to_string(&prepared).map_err(|error| Error::unreadable("intent", error))?;
        let intent = NewIntent {
            kind: Kind::Create,
            external_id: prepared.external_id().clone(),
            content,
            bill_version: Some(refused.map_or(1, |(_, last)| last + 1)),
        };
        let intent = self
            .write_intent(&mut transaction, id, trx_id.as_str(), intent, now)
            .await?;
        self.write_key(&mut transaction, key, id, now).await?;
        let event = EventKind::AccountRequested {
            mode: order.mode(),
            bill: *order.bill(),
        };
        outbox::write(&mut transaction, merchant, now, &[NewEvent::of(id, event)]).await?;
        self.commit(transaction).await?;
        Ok(Begun::New(Box::new(CreateIntent { intent, prepared })))
    }

    /// Records how a create ended.
    ///
    /// Saying it again, or after somebody else has, changes nothing but what was unknown until then: an account that exists
    /// is never taken for one that does not. A refusal that comes after the lease is left to whoever has taken it over.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`]. The intent stays, and will be found again.
    pub async fn finish_create(
        &self,
        intent: &CreateIntent,
        answer: Result<VirtualAccount, Failed>,
    ) -> Result<Done, Error> {
        match answer {
            Ok(virtual_account) => Ok(Done {
                account: self.created(&intent.intent, &virtual_account).await?,
                failure: None,
            }),
            Err(failed) => {
                self.not_created(&intent.intent, &intent.prepared, failed)
                    .await
            }
        }
    }

    /// Whether the invoice number is free: the id and last bill version of a refused account that may be written over.
    pub(super) async fn vacant(
        &self,
        transaction: &mut Transaction,
        trx_id: &TrxId,
    ) -> Result<Option<(i64, i64)>, Error> {
        match by_trx_id(transaction, self.merchant(), trx_id.as_str()).await? {
            None => Ok(None),
            Some(account) if account.state == State::Refused => {
                Ok(Some((account.id, account.last_version())))
            }
            Some(account) => Err(Error::TrxIdTaken {
                trx_id: trx_id.clone(),
                state: account.state,
            }),
        }
    }
}

/// What was prepared, from its intent.
pub(super) fn prepared(intent: &Intent) -> Result<PreparedCreate, Error> {
    serde_json::from_str(&intent.content).map_err(|error| Error::unreadable("intent", error))
}

pub(super) fn no_such(trx_id: &TrxId) -> Error {
    Error::NoSuchAccount {
        what: trx_id.to_string(),
    }
}
