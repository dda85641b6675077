//! A payment as it is kept.

use doku_model::PositiveAmount;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::OffsetDateTime;

use crate::state::Payment;

/// The members of a payment.
#[derive(Serialize, Deserialize)]
pub(super) struct Line {
    id: String,
    amount: PositiveAmount,
    #[serde(with = "super::moment")]
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
