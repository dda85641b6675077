//! Why the bank does not take the money.

use doku_model::Amount;

/// Why the bank does not take the money.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PayError {
    /// Nobody has this number, or it was deleted.
    #[error("no virtual account has this number; create one, or check the digits")]
    NotFound,
    /// It was paid and takes only one payment.
    #[error("it was paid already, and may be paid only once")]
    AlreadyPaid,
    /// Its time ran out.
    #[error("it has expired; create another one")]
    Expired,
    /// It was switched off.
    #[error("it is INACTIVE; update its status to ACTIVE first")]
    Inactive,
    /// A closed bill takes exactly its amount.
    #[error("the bill is closed: pay exactly {expected}")]
    WrongAmount {
        /// The amount of the bill.
        expected: Amount,
    },
    /// The amount lies outside the limits.
    #[error("the amount lies outside the limits: {}", described(*min, *max))]
    OutsideLimits {
        /// The least that may be paid.
        min: Option<Amount>,
        /// The most that may be paid.
        max: Option<Amount>,
    },
}

impl PayError {
    /// A word for machines.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::NotFound => "notFound",
            Self::AlreadyPaid => "alreadyPaid",
            Self::Expired => "expired",
            Self::Inactive => "inactive",
            Self::WrongAmount { .. } => "wrongAmount",
            Self::OutsideLimits { .. } => "outsideLimits",
        }
    }
}

fn described(min: Option<Amount>, max: Option<Amount>) -> String {
    match (min, max) {
        (Some(min), Some(max)) => format!("pay from {min} to {max}"),
        (Some(min), None) => format!("pay at least {min}"),
        (None, Some(max)) => format!("pay at most {max}"),
        (None, None) => "none are set".to_owned(),
    }
}
