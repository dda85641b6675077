//! An intent as a row: written before the call, closed after it.

use std::time::Duration;

use doku_model::ExternalId;
use time::OffsetDateTime;

use super::Failed;
use crate::account::Snapshot;
use crate::database::{Row, Statement, Transaction};
use crate::error::Error;
use crate::ledger::Ledger;
use crate::moment::{micros, span};

/// How much longer than its call a lease lasts.
const MARGIN: Duration = Duration::from_secs(30);

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Create,
    Update,
    Delete,
}

impl Kind {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Done,
    Refused,
    /// Nobody will ask again: only a notification or a person can tell.
    GivenUp,
}

impl End {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::GivenUp => "given_up",
        }
    }
}

/// An intent that is open.
#[derive(Debug, Clone)]
pub(crate) struct Intent {
    pub(crate) id: i64,
    pub(crate) trx_id: String,
    pub(crate) kind: Kind,
    pub(crate) external_id: ExternalId,
    pub(crate) content: String,
    pub(crate) bill_version: Option<i64>,
    /// How often it was sent, this time included.
    pub(crate) attempts: i64,
}

impl Intent {
    pub(crate) fn of(row: &Row) -> Result<Self, Error> {
        let kind = row.text("kind")?;
        Ok(Self {
            id: row.int("id")?,
            trx_id: row.text("trx_id")?,
            kind: [Kind::Create, Kind::Update, Kind::Delete]
                .into_iter()
                .find(|known| known.as_str() == kind)
                .ok_or_else(|| Error::unreadable("intent", "an unknown kind"))?,
            external_id: row.parsed("external_id")?,
            content: row.text("content")?,
            bill_version: row.maybe_int("bill_version")?,
            attempts: row.int("attempts")?,
        })
    }
}

/// An intent that is not written yet.
pub(crate) struct NewIntent {
    pub(crate) kind: Kind,
    pub(crate) external_id: ExternalId,
    pub(crate) content: String,
    pub(crate) bill_version: Option<i64>,
}

/// What closing an intent has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Closed {
    /// It is closed by this.
    Now,
    /// It was closed before.
    Before,
    /// Its lease ended, and somebody else is at it.
    TakenOver,
}

/// What is said of an answer that came too late to end anything.
pub(super) fn taken_over() -> Failed {
    Failed::unknown("it took longer than it may, and is being done once more; look at the account")
}

impl Ledger {
    /// When whoever sends now must have come back.
    pub(crate) fn lease_until(&self, now: OffsetDateTime) -> i64 {
        let lease = self.settings().deadline.saturating_add(MARGIN);
        micros(now).saturating_add(span(lease))
    }

    /// Writes it. A second one for an account that has one open is refused.
    pub(crate) async fn write_intent(
        &self,
        transaction: &mut Transaction,
        account_id: i64,
        trx_id: &str,
        intent: NewIntent,
        now: OffsetDateTime,
    ) -> Result<Intent, Error> {
        let NewIntent {
            kind,
            external_id,
            content,
            bill_version,
        } = intent;
        let statement = Statement::new(
            "INSERT INTO intent (merchant, account_id, kind, standing, external_id, content, bill_version, attempts, \
             lease_until, created_at) VALUES ($1, $2, $3, 'open', $4, $5, $6, 1, $7, $8) RETURNING id",
        )
        .bind(self.merchant())
        .bind(account_id)
        .bind(kind.as_str())
        .bind(external_id.as_str())
        .bind(content.as_str())
        .bind(bill_version)
        .bind(self.lease_until(now))
        .bind(micros(now));
        let id = transaction
            .row(statement)
            .await?
            .ok_or_else(|| Error::unreadable("intent", "it got no id"))?
            .int("id")?;
        Ok(Intent {
            id,
            trx_id: trx_id.to_owned(),
            kind,
            external_id,
            content,
            bill_version,
            attempts: 1,
        })
    }

    /// Closes it, where it is open and nobody else has taken it over.
    pub(crate) async fn close_intent(
        &self,
        transaction: &mut Transaction,
        intent: &Intent,
        end: End,
        reason: Option<&str>,
        now: OffsetDateTime,
    ) -> Result<Closed, Error> {
        let statement = Statement::new(
            "UPDATE intent SET standing = $1, reason = $2, resolved_at = $3, lease_until = NULL \
             WHERE id = $4 AND standing = 'open' AND attempts = $5",
        )
        .bind(end.as_str())
        .bind(reason)
        .bind(micros(now))
        .bind(intent.id)
        .bind(intent.attempts);
        if transaction.execute(statement).await? == 1 {
            return Ok(Closed::Now);
        }
        let open = Statement::new("SELECT id FROM intent WHERE id = $1 AND standing = 'open'")
            .bind(intent.id);
        Ok(match transaction.row(open).await? {
            Some(_) => Closed::TakenOver,
            None => Closed::Before,
        })
    }

    /// Closes a create, whoever is at it: that the account exists is true for everybody.
    pub(crate) async fn close_made(
        &self,
        transaction: &mut Transaction,
        intent: &Intent,
        now: OffsetDateTime,
    ) -> Result<(), Error> {
        let statement = Statement::new(
            "UPDATE intent SET standing = $1, reason = NULL, resolved_at = $2, lease_until = NULL \
             WHERE id = $3 AND standing <> $1",
        )
        .bind(End::Done.as_str())
        .bind(micros(now))
        .bind(intent.id);
        transaction.execute(statement).await.map(|_| ())
    }

    /// Leaves it open, to be found again after a while, where nobody else has taken it over.
    pub(crate) async fn postpone_intent(
        &self,
        transaction: &mut Transaction,
        intent: &Intent,
        reason: &str,
        now: OffsetDateTime,
    ) -> Result<(), Error> {
        let statement = postponed(intent.id, intent.attempts, reason, now);
        transaction.execute(statement).await.map(|_| ())
    }
}

/// An intent that waits has a reason, and one that is being sent has none.
pub(super) fn postponed(id: i64, attempts: i64, reason: &str, now: OffsetDateTime) -> Statement {
    Statement::new(
        "UPDATE intent SET reason = $1, lease_until = $2 \
         WHERE id = $3 AND standing = 'open' AND attempts = $4",
    )
    .bind(reason)
    .bind(micros(now).saturating_add(span(wait_after(attempts))))
    .bind(id)
    .bind(attempts)
}

/// Half a minute, then twice as long each time, up to six hours.
fn wait_after(attempts: i64) -> Duration {
    const FIRST: Duration = Duration::from_secs(30);
    const LONGEST: Duration = Duration::from_secs(6 * 60 * 60);
    let doublings = u32::try_from(attempts.clamp(1, 16) - 1).unwrap_or(0);
    FIRST
        .saturating_mul(2_u32.saturating_pow(doublings))
        .min(LONGEST)
}

/// Whether an account has an intent that is open.
pub(crate) async fn has_open(
    transaction: &mut Transaction,
    account: &Snapshot,
) -> Result<bool, Error> {
    let statement =
        Statement::new("SELECT id FROM intent WHERE account_id = $1 AND standing = 'open'")
            .bind(account.id);
    Ok(transaction.row(statement).await?.is_some())
}
