//! What only a person can settle: a create that nobody can find out about, and a change that cannot be made.

use doku_model::{ExternalId, TrxId, VirtualAccountNo};
use doku_va_btn::{PreparedCreate, VirtualAccount};
use time::OffsetDateTime;

use super::create::{no_such, prepared};
use super::record::{Closed, End, Intent, Kind};
use crate::account::{Account, State, write_back};
use crate::database::{Row, Statement};
use crate::error::Error;
use crate::ledger::Ledger;
use crate::moment::moment;
use crate::outbox::{self, EventKind, NewEvent};

/// What a person, or another source, knows of a create whose outcome is unknown.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "it was made or it was not")]
pub enum Resolution {
    /// It was made, and is this.
    Made(Box<VirtualAccount>),
    /// It was made, and has this number.
    MadeAs(VirtualAccountNo),
    /// It was never made. The reason is recorded.
    NeverMade(String),
}

/// What was asked of DOKU last about an account, and has not come to an end that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unsettled {
    /// `create`, `update` or `delete`.
    pub asked: &'static str,
    /// Under which id it was sent last.
    pub external_id: ExternalId,
    /// How often it was sent.
    pub attempts: u64,
    /// When it was asked for first.
    pub since: OffsetDateTime,
    /// Why it is not settled, where an attempt has told.
    pub reason: Option<String>,
    /// When it is tried again; none where nobody will ask again.
    pub again_at: Option<OffsetDateTime>,
    /// Whether somebody is sending it now.
    pub is_being_sent: bool,
}

/// The last intent of an account.
struct Last {
    intent: Intent,
    is_open: bool,
    since: OffsetDateTime,
    reason: Option<String>,
    again_at: Option<OffsetDateTime>,
}

impl Last {
    fn of(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            intent: Intent::of(row)?,
            is_open: row.text("standing")? == "open",
            since: moment(row.int("created_at")?),
            reason: row.maybe_text("reason")?,
            again_at: row.maybe_int("lease_until")?.map(moment),
        })
    }

    /// One that waits to be sent again has a reason, or its lease is over.
    fn is_being_sent(&self, now: OffsetDateTime) -> bool {
        self.is_open && self.reason.is_none() && self.again_at.is_some_and(|lease| lease > now)
    }
}

impl Ledger {
    /// What was asked of DOKU about an account and is not settled; `None` where nothing is.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchAccount`], [`Error::Storage`].
    pub async fn unsettled(&self, trx_id: &TrxId) -> Result<Option<Unsettled>, Error> {
        let account = self.account(trx_id).await?;
        let account = account.ok_or_else(|| no_such(trx_id))?;
        let Some(last) = self.last_intent(trx_id).await? else {
            return Ok(None);
        };
        // What was refused is known not to be there.
        let unknown = last.intent.kind == Kind::Create
            && account.state != State::Refused
            && lacks_numbers(&account);
        if !(last.is_open || unknown) {
            return Ok(None);
        }
        Ok(Some(Unsettled {
            asked: last.intent.kind.as_str(),
            external_id: last.intent.external_id.clone(),
            attempts: u64::try_from(last.intent.attempts).unwrap_or(0),
            since: last.since,
            is_being_sent: last.is_being_sent(self.now()),
            reason: last.reason,
            again_at: last.again_at,
        }))
    }

    /// Records what somebody found out about a create: of an account that is unknown, or whose numbers at DOKU are.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchAccount`]; [`Error::NotNow`] where nothing is unknown about it; [`Error::Underway`] while somebody is
    /// sending it; [`Error::Field`] where the account or the number is not what was asked for; [`Error::Storage`].
    pub async fn resolve_create(
        &self,
        trx_id: &TrxId,
        resolution: Resolution,
    ) -> Result<Account, Error> {
        let account = self.account(trx_id).await?;
        let account = account.ok_or_else(|| no_such(trx_id))?;
        let not_now = Error::NotNow {
            trx_id: trx_id.clone(),
            state: account.state,
        };
        let Some(last) = self.last_intent(trx_id).await? else {
            return Err(not_now);
        };
        if last.intent.kind != Kind::Create || !lacks_numbers(&account) {
            return Err(not_now);
        }
        if last.is_being_sent(self.now()) {
            return Err(underway(trx_id));
        }
        let prepared = prepared(&last.intent)?;
        let made = match resolution {
            Resolution::Made(made) => *made,
            Resolution::MadeAs(number) => prepared.made_as(&number)?,
            Resolution::NeverMade(reason) => return self.never_made(&last.intent, reason).await,
        };
        fits(&account, &prepared, &made)?;
        self.created(&last.intent, &made).await
    }

    async fn never_made(&self, intent: &Intent, reason: String) -> Result<Account, Error> {
        let now = self.now();
        let (mut transaction, mut account) = self.hold(&intent.trx_id).await?;
        let trx_id: TrxId = intent.trx_id.parse()?;
        if !matches!(account.state, State::Creating | State::Unknown) {
            return Err(Error::NotNow {
                trx_id,
                state: account.state,
            });
        }
        let closed = self
            .close_intent(&mut transaction, intent, End::Refused, Some(&reason), now)
            .await?;
        if closed == Closed::TakenOver {
            return Err(underway(&trx_id));
        }
        account.state = State::Refused;
        write_back(&[&account], &mut transaction, now).await?;
        let events = [NewEvent::of(
            account.id,
            EventKind::AccountRefused { reason },
        )];
        outbox::write(&mut transaction, self.merchant(), now, &events).await?;
        self.finished(transaction, &intent.trx_id).await
    }

    /// Gives up an update or a delete that has not come to its end: it is not sent again, and the account counts as it was.
    /// Should DOKU have done it all the same, the account there is another than here: look first.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchAccount`]; [`Error::NotNow`] where no change waits; [`Error::Underway`] while somebody is sending it;
    /// [`Error::Storage`].
    pub async fn give_up_change(&self, trx_id: &TrxId, reason: String) -> Result<Account, Error> {
        let now = self.now();
        let (mut transaction, account) = self.hold(trx_id.as_str()).await?;
        let last = self.last_intent(trx_id).await?;
        let Some(last) = last.filter(|last| last.is_open && last.intent.kind != Kind::Create)
        else {
            return Err(Error::NotNow {
                trx_id: trx_id.clone(),
                state: account.state,
            });
        };
        if last.is_being_sent(now) {
            return Err(underway(trx_id));
        }
        let closed = self
            .unchanged(
                &mut transaction,
                &account,
                &last.intent,
                End::GivenUp,
                reason,
            )
            .await?;
        if closed != Closed::Now {
            return Err(underway(trx_id));
        }
        self.finished(transaction, trx_id.as_str()).await
    }

    async fn last_intent(&self, trx_id: &TrxId) -> Result<Option<Last>, Error> {
        let statement = Statement::new(
            "SELECT i.id, a.trx_id, i.kind, i.external_id, i.content, i.bill_version, i.attempts, i.standing, \
             i.reason, i.lease_until, i.created_at FROM account a JOIN intent i ON i.account_id = a.id \
             WHERE a.merchant = $1 AND a.trx_id = $2 ORDER BY i.id DESC LIMIT 1",
        )
        .bind(self.merchant())
        .bind(trx_id.as_str());
        let row = self.database().row(statement).await?;
        row.as_ref().map(Last::of).transpose()
    }
}

fn underway(trx_id: &TrxId) -> Error {
    Error::Underway {
        trx_id: trx_id.clone(),
    }
}

/// Whether it is not known what DOKU made of it.
fn lacks_numbers(account: &Account) -> bool {
    account.virtual_account.is_none() || matches!(account.state, State::Creating | State::Unknown)
}

/// Whether it can be the account that was asked for.
fn fits(
    account: &Account,
    prepared: &PreparedCreate,
    made: &VirtualAccount,
) -> Result<(), doku_model::FieldError> {
    let differs = doku_model::FieldError::rule;
    if made.trx_id() != &account.trx_id {
        return Err(differs(TrxId::FIELD, "is that of another order"));
    }
    if prepared.made_as(&made.number())?.mode() != made.mode() {
        return Err(differs("mode", "is not the one that was asked for"));
    }
    let number = made.number();
    if account
        .number
        .as_deref()
        .is_some_and(|known| known != number.normalised())
    {
        return Err(differs(
            VirtualAccountNo::FIELD,
            "differs from the number that a payment has told",
        ));
    }
    if made.bill() != prepared.order().bill() {
        return Err(differs("bill", "is not the one that was asked for"));
    }
    Ok(())
}
