//! Everything that happened, in an order that never changes: what an application reads to follow along.

mod read;
mod write;

use std::fmt;

use doku_model::{Amount, Bill, PaymentRequestId, PositiveAmount, TrxId};
use doku_va_btn::Mode;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::account::{PublicId, State};
use crate::page::Cursor;
use crate::payment::{Late, PaymentId, Source, Verdict};

pub(crate) use read::{cursor, event};
pub(crate) use write::{NewEvent, write};

/// Something that happened.
///
/// Events are shown in one order to everybody: those of one account in the order in which they happened. Each has an id
/// that stays its own, for a webhook's receiver to recognise a repeat by.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// Its own.
    pub id: EventId,
    /// Where it stands: read on after this.
    pub cursor: Cursor,
    /// When it was recorded, on the ledger's clock.
    pub at: OffsetDateTime,
    /// The account it concerns, where one is known.
    pub account: Option<PublicId>,
    /// The account's invoice number.
    pub trx_id: Option<TrxId>,
    /// What happened.
    pub kind: EventKind,
}

/// The id of an event: `evt_17`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventId(pub(crate) i64);

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "evt_{}", self.0)
    }
}

/// What happened. Serialises as `{"type": "account.paid", "data": {…}}`, amounts as text such as `11500.00`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum EventKind {
    /// An account is to be made, and will be asked for.
    #[serde(rename = "account.requested")]
    AccountRequested {
        /// Who makes the number.
        mode: Mode,
        /// What is to be paid.
        bill: Bill,
    },
    /// It exists and may be paid; or may be paid again.
    #[serde(rename = "account.activated")]
    AccountActivated {
        /// Its number, without padding.
        number: String,
    },
    /// DOKU refused to make it, or it was never sent.
    #[serde(rename = "account.refused")]
    AccountRefused {
        /// Why.
        reason: String,
    },
    /// It may exist: the answer was lost.
    #[serde(rename = "account.unknown")]
    AccountUnknown {
        /// Why.
        reason: String,
    },
    /// Its bill or its end is another.
    #[serde(rename = "account.updated")]
    AccountUpdated {
        /// What is to be paid now.
        bill: Bill,
    },
    /// It is out of service for a while.
    #[serde(rename = "account.deactivated")]
    AccountDeactivated {},
    /// Its bill is satisfied: fulfil the order. There is one for each account that may be paid once.
    #[serde(rename = "account.paid")]
    AccountPaid {
        /// By this payment.
        payment: PaymentId,
        /// So much.
        amount: PositiveAmount,
        /// Where it came after the account's end: the order may have been given up.
        late: Option<Late>,
    },
    /// Its time is over.
    #[serde(rename = "account.expired")]
    AccountExpired {},
    /// It was deleted.
    #[serde(rename = "account.deleted")]
    AccountDeleted {},
    /// An update or a delete was refused, or never sent. The account is as it was.
    #[serde(rename = "account.change_refused")]
    ChangeRefused {
        /// `update` or `delete`.
        change: String,
        /// Why.
        reason: String,
    },
    /// An update or a delete may have been done. It is tried again.
    #[serde(rename = "account.change_unknown")]
    ChangeUnknown {
        /// `update` or `delete`.
        change: String,
        /// Why.
        reason: String,
    },
    /// A payment that satisfies the bill. Of a reusable account, credit it once for each of these.
    #[serde(rename = "payment.received")]
    PaymentReceived {
        /// The payment.
        payment: PaymentId,
        /// How much.
        amount: PositiveAmount,
        /// DOKU's id of it, where it was told.
        payment_request_id: Option<PaymentRequestId>,
        /// Who told of it.
        source: Source,
        /// Where it came after the account's end.
        late: Option<Late>,
    },
    /// A payment that a person should look at: kept, and acknowledged to DOKU.
    #[serde(rename = "payment.flagged")]
    PaymentFlagged {
        /// The payment.
        payment: PaymentId,
        /// How much.
        amount: PositiveAmount,
        /// DOKU's id of it, where it was told.
        payment_request_id: Option<PaymentRequestId>,
        /// The number that was paid, without padding.
        number: String,
        /// The invoice number that was told.
        trx_id: Option<TrxId>,
        /// What is odd about it.
        verdict: Verdict,
        /// Where it came after the account's end.
        late: Option<Late>,
    },
    /// A payment that reconciliation had found was notified after all. Nothing more was paid.
    #[serde(rename = "payment.confirmed")]
    PaymentConfirmed {
        /// The payment.
        payment: PaymentId,
        /// How much.
        amount: PositiveAmount,
        /// DOKU's id of it.
        payment_request_id: PaymentRequestId,
    },
    /// Check status says that a reusable account was paid, and does not say by which payment. Nothing is credited.
    #[serde(rename = "payment.suspected")]
    PaymentSuspected {
        /// How much, where it is told.
        amount: Option<Amount>,
    },
    /// A call that DOKU signed was not accepted, and is kept as it was: it may tell of a payment.
    #[serde(rename = "notification.refused")]
    NotificationRefused {
        /// What DOKU was told.
        response_code: String,
        /// Why.
        reason: String,
    },
}

impl EventKind {
    /// Its type: `account.paid`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::AccountRequested { .. } => "account.requested",
            Self::AccountActivated { .. } => "account.activated",
            Self::AccountRefused { .. } => "account.refused",
            Self::AccountUnknown { .. } => "account.unknown",
            Self::AccountUpdated { .. } => "account.updated",
            Self::AccountDeactivated {} => "account.deactivated",
            Self::AccountPaid { .. } => "account.paid",
            Self::AccountExpired {} => "account.expired",
            Self::AccountDeleted {} => "account.deleted",
            Self::ChangeRefused { .. } => "account.change_refused",
            Self::ChangeUnknown { .. } => "account.change_unknown",
            Self::PaymentReceived { .. } => "payment.received",
            Self::PaymentFlagged { .. } => "payment.flagged",
            Self::PaymentConfirmed { .. } => "payment.confirmed",
            Self::PaymentSuspected { .. } => "payment.suspected",
            Self::NotificationRefused { .. } => "notification.refused",
        }
    }

    /// The state that the account has from then on, where the event changes it.
    #[must_use]
    pub const fn state(&self) -> Option<State> {
        match self {
            Self::AccountRequested { .. } => Some(State::Creating),
            Self::AccountActivated { .. } => Some(State::Active),
            Self::AccountRefused { .. } => Some(State::Refused),
            Self::AccountUnknown { .. } => Some(State::Unknown),
            Self::AccountDeactivated {} => Some(State::Inactive),
            Self::AccountPaid { .. } => Some(State::Paid),
            Self::AccountExpired {} => Some(State::Expired),
            Self::AccountDeleted {} => Some(State::Deleted),
            _ => None,
        }
    }
}
