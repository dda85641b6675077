//! What check status says of one virtual account.

use doku_model::{Amount, PaymentRequestId};

/// Whether a virtual account was paid, as far as an answer that speaks of this account says.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PaymentStatus {
    /// Paid.
    Paid {
        /// How much, where the answer says it.
        amount: Option<Amount>,
        /// DOKU's id of the payment, where the answer says it.
        payment_request_id: Option<PaymentRequestId>,
    },
    /// Not paid yet.
    Pending,
    /// No longer payable.
    Expired,
    /// The answers do not say. Never read it as *paid* nor as *not paid*.
    Unknown(UnknownStatus),
}

/// Why an answer says nothing of the account that was asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnknownStatus {
    /// It speaks of another account, or does not say of which. The short number of a DGPC account is shared by all
    /// accounts of its prefix.
    NotIdentified,
    /// DOKU knows no such account.
    NotFound,
    /// It uses a word for the status that is not known.
    UnknownWord,
}

impl PaymentStatus {
    /// Whether this is [`PaymentStatus::Paid`].
    #[must_use]
    pub const fn is_paid(&self) -> bool {
        matches!(self, Self::Paid { .. })
    }

    /// Whether the answer decided anything, that is, whether this is not [`PaymentStatus::Unknown`].
    #[must_use]
    pub const fn is_decided(&self) -> bool {
        !matches!(self, Self::Unknown(_))
    }
}
