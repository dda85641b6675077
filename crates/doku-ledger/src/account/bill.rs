//! Every version of a bill that may have been in force, because a payment may satisfy any of them.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use doku_model::{Amount, Bill, Limits, PositiveAmount, TrxType};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::database::{Row, Statement, Transaction, Value};
use crate::error::Error;
use crate::moment::{micros, moment};

/// How long a bill that was replaced may still be paid: somebody at an ATM has seen it already, and clocks differ.
const GRACE: Duration = Duration::from_secs(15 * 60);

/// One version of a bill.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BillVersion {
    /// Counted from 1.
    pub version: i64,
    /// Whether it is in force.
    pub standing: Standing,
    /// What is to be paid.
    pub bill: Bill,
    /// When the account ends under this version, where that is known.
    pub expires_at: Option<OffsetDateTime>,
    /// When it was first asked for.
    pub from: OffsetDateTime,
    /// When it was certainly replaced.
    pub until: Option<OffsetDateTime>,
}

/// Whether a version of a bill is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "a version is one of these four")]
pub enum Standing {
    /// Asked for; DOKU may have taken it.
    Pending,
    /// In force, as far as is known.
    InForce,
    /// Replaced by a later one.
    Replaced,
    /// Refused: it never was in force.
    Refused,
}

impl Standing {
    const ALL: [Self; 4] = [Self::Pending, Self::InForce, Self::Replaced, Self::Refused];

    /// Its name: `in_force`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::InForce => "in_force",
            Self::Replaced => "replaced",
            Self::Refused => "refused",
        }
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Standing {
    type Err = UnknownStanding;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|standing| standing.as_str() == text)
            .ok_or(UnknownStanding)
    }
}

/// A word that names no standing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no standing of a bill")]
pub struct UnknownStanding;

impl BillVersion {
    /// Whether it may have been in force at `paid_at`.
    pub(crate) fn may_have_counted(&self, paid_at: OffsetDateTime) -> bool {
        self.standing != Standing::Refused
            && self.until.is_none_or(|until| {
                paid_at <= until.saturating_add(time::Duration::seconds_f64(GRACE.as_secs_f64()))
            })
    }

    /// The version of a row that joins `bill`.
    pub(super) fn of(row: &Row) -> Result<Option<Self>, Error> {
        let Some(version) = row.maybe_int("b_version")? else {
            return Ok(None);
        };
        let trx_type: TrxType = row.parsed("b_trx_type")?;
        let stored = |column| -> Result<Option<Amount>, Error> {
            row.maybe_int(column)?.map(amount).transpose()
        };
        let limits = Limits::from_parts(stored("b_min_sen")?, stored("b_max_sen")?)?;
        Ok(Some(Self {
            version,
            standing: row.parsed("b_standing")?,
            bill: Bill::from_parts(trx_type, stored("b_sen")?, limits)?,
            expires_at: row.maybe_int("b_expires_at")?.map(moment),
            from: moment(row.int("b_from_at")?),
            until: row.maybe_int("b_until_at")?.map(moment),
        }))
    }
}

/// An amount from its sen.
pub(crate) fn amount(sen: i64) -> Result<Amount, Error> {
    let unreadable =
        |error: Box<dyn std::error::Error + Send + Sync>| Error::unreadable("amount", error);
    u64::try_from(sen)
        .map_err(|error| unreadable(error.into()))
        .and_then(|sen| Amount::from_sen(sen).map_err(|error| unreadable(error.into())))
}

/// The same where nothing is no amount.
pub(crate) fn positive(sen: i64) -> Result<PositiveAmount, Error> {
    PositiveAmount::try_from(amount(sen)?).map_err(|error| Error::unreadable("amount", error))
}

/// Sen as they are stored; an amount has at most 18 digits of them.
pub(crate) fn sen(amount: Amount) -> i64 {
    i64::try_from(amount.sen()).unwrap_or(i64::MAX)
}

/// Type, amount and limits as they are stored.
pub(crate) fn on_wire(bill: &Bill) -> [Value; 4] {
    let limits = bill.limits();
    [
        bill.trx_type().as_str().into(),
        bill.amount().map(sen).into(),
        limits.and_then(|limits| limits.min()).map(sen).into(),
        limits.and_then(|limits| limits.max()).map(sen).into(),
    ]
}

/// Writes a version down.
pub(crate) async fn insert_bill(
    transaction: &mut Transaction,
    account_id: i64,
    version: i64,
    standing: Standing,
    bill: &Bill,
    expires_at: Option<OffsetDateTime>,
    now: OffsetDateTime,
) -> Result<(), Error> {
    const SQL: &str = "INSERT INTO bill \
        (account_id, version, standing, trx_type, sen, min_sen, max_sen, expires_at, from_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let statement = Statement::new(SQL)
        .bind(account_id)
        .bind(version)
        .bind(standing.as_str())
        .bind_all(on_wire(bill))
        .bind(expires_at.map(micros))
        .bind(micros(now));
    transaction.execute(statement).await.map(|_| ())
}
