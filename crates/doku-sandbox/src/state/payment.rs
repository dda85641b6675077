//! A payment, and its form in a state file: one of them, or those of an account.

use doku_model::PositiveAmount;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::OffsetDateTime;

/// A payment of a virtual account.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Payment {
    /// The id of the payment, as DOKU makes one.
    pub payment_request_id: String,
    /// What was paid.
    pub amount: PositiveAmount,
    /// When.
    pub paid_at: OffsetDateTime,
}

/// The members of a payment as it is kept.
#[derive(Serialize, Deserialize)]
struct Line {
    id: String,
    amount: PositiveAmount,
    #[serde(with = "crate::moment")]
    at: OffsetDateTime,
}

impl From<&Payment> for Line {
    fn from(payment: &Payment) -> Self {
        Self {
            id: payment.payment_request_id.clone(),
            amount: payment.amount,
            at: payment.paid_at,
        }
    }
}

impl From<Line> for Payment {
    fn from(line: Line) -> Self {
        Self {
            payment_request_id: line.id,
            amount: line.amount,
            paid_at: line.at,
        }
    }
}

pub(crate) fn serialize<S: Serializer>(
    payment: &Payment,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    Line::from(payment).serialize(serializer)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Payment, D::Error> {
    Line::deserialize(from).map(Payment::from)
}

/// The same of all payments of an account.
pub(crate) mod list {
    use serde::{Deserialize as _, Deserializer, Serializer};

    use super::{Line, Payment};

    pub(crate) fn serialize<S: Serializer>(
        payments: &[Payment],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(payments.iter().map(Line::from))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<Payment>, D::Error> {
        let lines: Vec<Line> = Vec::deserialize(from)?;
        Ok(lines.into_iter().map(Payment::from).collect())
    }
}
