//! Creating an account: recorded, sent, and recorded again.

use doku_model::TrxId;
use doku_va_btn::{CreateVa, Mode, Outcome, PreparedCreate, VirtualAccount};
use time::OffsetDateTime;

use super::record::{End, Intent, Kind, NewIntent};
use super::{Doku, Done, Failed, IdempotencyKey};
use crate::account::{
    Account, Asked, NewAccount, Snapshot, Standing, State, by_trx_id, write_back,
};
use crate::database::{Statement, Transaction};
use crate::error::Error;
use crate::ledger::Ledger;
use crate::moment::micros;
use crate::outbox::{self, EventKind, NewEvent};
use crate::payment::{number_lock, trx_lock};
use crate::reconcile::schedule;

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

/// What a person, or another source, knows of a create whose outcome is unknown.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "it was made or it was not")]
pub enum Resolution {
    /// It was made, and is this.
    Made(Box<VirtualAccount>),
    /// It was never made. The reason is recorded.
    NeverMade(String),
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
    /// is never taken for one that does not.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`]. The intent stays, and will be found again.
    pub async fn finish_create(
        &self,
        intent: &CreateIntent,
        answer: Result<VirtualAccount, Failed>,
    ) -> Result<Done, Error> {
        let (account, failure) = match answer {
            Ok(virtual_account) => (self.created(&intent.intent, &virtual_account).await?, None),
            Err(failed) => (
                self.not_created(&intent.intent, &intent.prepared, &failed)
                    .await?,
                Some(failed),
            ),
        };
        Ok(Done { account, failure })
    }

    /// Records what somebody found out about a create whose outcome is unknown.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchAccount`], [`Error::NotNow`] where nothing is unknown about it, [`Error::Storage`].
    pub async fn resolve_create(
        &self,
        trx_id: &TrxId,
        resolution: Resolution,
    ) -> Result<Account, Error> {
        let statement = Statement::new(
            "SELECT i.id, a.trx_id, i.kind, i.external_id, i.content, i.bill_version, i.attempts \
             FROM account a JOIN intent i ON i.account_id = a.id \
             WHERE a.merchant = $1 AND a.trx_id = $2 AND i.kind = 'create' ORDER BY i.id DESC LIMIT 1",
        )
        .bind(self.merchant())
        .bind(trx_id.as_str());
        let account = self.account(trx_id).await?;
        let account = account.ok_or_else(|| no_such(trx_id))?;
        let row = self.database().row(statement).await?;
        let (Some(row), State::Unknown | State::Creating | State::Refused) = (row, account.state)
        else {
            return Err(Error::NotNow {
                trx_id: trx_id.clone(),
                state: account.state,
            });
        };
        let intent = Intent::of(&row)?;
        match resolution {
            Resolution::Made(virtual_account) => self.created(&intent, &virtual_account).await,
            Resolution::NeverMade(reason) => {
                let prepared = prepared(&intent)?;
                self.not_created(&intent, &prepared, &Failed::not_done(reason))
                    .await
            }
        }
    }

    /// It exists.
    async fn created(
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
        self.close_intent(&mut transaction, intent.id, End::Done, None, now)
            .await?;
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
    async fn not_created(
        &self,
        intent: &Intent,
        prepared: &PreparedCreate,
        failed: &Failed,
    ) -> Result<Account, Error> {
        let now = self.now();
        let merchant = self.merchant();
        let (mut transaction, mut account) = self.hold(&intent.trx_id).await?;
        let reason = failed.reason().to_owned();
        let open = matches!(account.state, State::Creating | State::Unknown);
        let mut event = None;
        match failed.outcome() {
            Outcome::NotDone => {
                self.close_intent(
                    &mut transaction,
                    intent.id,
                    End::Refused,
                    Some(&reason),
                    now,
                )
                .await?;
                if open {
                    account.state = State::Refused;
                    event = Some(EventKind::AccountRefused { reason });
                }
            }
            Outcome::Unknown => {
                if nobody_can_tell(prepared, now) {
                    self.close_intent(
                        &mut transaction,
                        intent.id,
                        End::GivenUp,
                        Some(&reason),
                        now,
                    )
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
        outbox::write(&mut transaction, merchant, now, &events).await?;
        self.finished(transaction, &intent.trx_id).await
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

    /// The account of an earlier request under this key.
    pub(super) async fn known_by_key(
        &self,
        transaction: &mut Transaction,
        key: Option<&IdempotencyKey>,
    ) -> Result<Option<Snapshot>, Error> {
        let Some(key) = key else { return Ok(None) };
        let statement = Statement::new(
            "SELECT k.fingerprint, a.trx_id FROM idempotency k JOIN account a ON a.id = k.account_id \
             WHERE k.merchant = $1 AND k.name = $2",
        )
        .bind(self.merchant())
        .bind(key.name.as_str());
        let Some(row) = transaction.row(statement).await? else {
            return Ok(None);
        };
        if row.bytes("fingerprint")? != key.fingerprint {
            return Err(Error::KeyReused);
        }
        let trx_id = row.text("trx_id")?;
        self.held(transaction, &trx_id).await.map(Some)
    }

    pub(super) async fn write_key(
        &self,
        transaction: &mut Transaction,
        key: Option<&IdempotencyKey>,
        account_id: i64,
        now: OffsetDateTime,
    ) -> Result<(), Error> {
        let Some(key) = key else { return Ok(()) };
        let statement = Statement::new(
            "INSERT INTO idempotency (merchant, name, fingerprint, account_id, created_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(self.merchant())
        .bind(key.name.as_str())
        .bind(key.fingerprint.to_vec())
        .bind(account_id)
        .bind(micros(now));
        transaction.execute(statement).await.map(|_| ())
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

/// Of DGPC on another day: it may not be sent again, and there is no number to ask about.
fn nobody_can_tell(prepared: &PreparedCreate, now: OffsetDateTime) -> bool {
    prepared.order().mode() == Mode::DokuGenerated && !prepared.is_of_today(now)
}

/// What the body of a create says that its accessors do not: the number and whether it may be paid more than once.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Stored {
    #[serde(default)]
    reusable: bool,
    #[serde(default)]
    expired_date: Option<doku_model::Timestamp>,
}

fn stored(order: &CreateVa) -> Result<Stored, Error> {
    serde_json::to_value(order)
        .and_then(serde_json::from_value)
        .map_err(|error| Error::unreadable("order", error))
}

fn is_reusable(order: &CreateVa) -> Result<bool, Error> {
    stored(order).map(|stored| stored.reusable)
}

fn asked_expiry(order: &CreateVa) -> Result<Option<OffsetDateTime>, Error> {
    let stored = stored(order)?;
    Ok(stored.expired_date.map(|date| date.instant()))
}

/// The number as it is sent, without padding; of DGPC, the prefix.
fn sent(prepared: &PreparedCreate) -> Result<String, Error> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Numbers {
        virtual_account_no: doku_model::VirtualAccountNo,
    }
    let numbers: Numbers = serde_json::from_str(prepared.body())
        .map_err(|error| Error::unreadable("prepared create", error))?;
    Ok(numbers.virtual_account_no.normalised().to_owned())
}
