//! Payments: each is kept, once, before it is acknowledged, and judged against the bill.

mod accounts;
mod judge;
mod keep;
mod notified;
mod query;
mod rows;
mod tell;

use std::fmt;

use doku_model::{PaymentRequestId, PositiveAmount, TrxId};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::page::Cursor;

pub(crate) use accounts::Accounts;
pub(crate) use judge::{Judgement, Told, judge};
pub(crate) use keep::{Kept, keep};
pub(crate) use notified::Notified;
pub use query::RawNotification;
pub(crate) use tell::NewPayment;

/// The id of a payment in the ledger: `pay_17`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PaymentId(pub(crate) i64);

impl fmt::Display for PaymentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pay_{}", self.0)
    }
}

impl std::str::FromStr for PaymentId {
    type Err = InvalidPaymentId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.strip_prefix("pay_")
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(|digits| digits.parse().ok())
            .map(Self)
            .ok_or(InvalidPaymentId)
    }
}

/// A text that is no id of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no id of a payment; they look like pay_17")]
pub struct InvalidPaymentId;

impl Serialize for PaymentId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PaymentId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// Words that are stored, shown and serialised alike.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $unknown:ident, $what:literal, { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $word)] $variant,)*
        }

        impl $name {
            /// Its name.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $unknown;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($word => Ok(Self::$variant),)*
                    _ => Err($unknown),
                }
            }
        }

        #[doc = concat!("A word that is no ", $what, ".")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
        #[error("this is no {}", $what)]
        pub struct $unknown;
    };
}

words! {
    /// What a payment is to the account it was told for. Only one that satisfies the bill is credited.
    Verdict, UnknownVerdict, "verdict", {
        /// It satisfies a bill that may have been in force.
        Satisfied = "satisfied",
        /// No bill that may have been in force asks for this amount.
        WrongAmount = "wrong_amount",
        /// There is no account for its trxId.
        UnknownTrxId = "unknown_trx_id",
        /// It names no trxId, and no account has its number.
        UnknownNumber = "unknown_number",
        /// The account of its trxId has another number.
        NumberDiffers = "number_differs",
        /// The account may be paid once, and was.
        Second = "second",
        /// The same payment was told before with another amount.
        OtherAmount = "other_amount",
    }
}

words! {
    /// What had ended before a payment was made; where nobody says when that was, before it was told.
    Late, UnknownLate, "lateness", {
        /// The account's time was over.
        Expired = "expired",
        /// The account was deleted.
        Deleted = "deleted",
        /// The account was never made, as far as was known.
        Refused = "refused",
    }
}

words! {
    /// Who told of a payment.
    Source, UnknownSource, "source", {
        /// DOKU's notification.
        Notification = "notification",
        /// Check status, before any notification did.
        Reconciliation = "reconciliation",
    }
}

impl Verdict {
    /// Whether the payment counts towards the account.
    #[must_use]
    pub const fn is_credited(self) -> bool {
        matches!(self, Self::Satisfied)
    }
}

/// A payment as it was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Payment {
    /// Its own.
    pub id: PaymentId,
    /// Where it stands: read on after this.
    pub cursor: Cursor,
    /// The number that was paid, without padding.
    pub number: String,
    /// The invoice number that was told, where one was.
    pub told_trx_id: Option<TrxId>,
    /// The invoice number of the account it was matched to.
    pub trx_id: Option<TrxId>,
    /// DOKU's id of it; none where only check status told, without one.
    pub payment_request_id: Option<PaymentRequestId>,
    /// What was paid.
    pub amount: PositiveAmount,
    /// What it is to the account.
    pub verdict: Verdict,
    /// Where it came after the account's end.
    pub late: Option<Late>,
    /// Who told of it first.
    pub source: Source,
    /// Whether DOKU has notified it.
    pub notified: bool,
    /// When it was paid, as far as DOKU says.
    pub paid_at: Option<OffsetDateTime>,
    /// When it was recorded.
    pub recorded_at: OffsetDateTime,
}
