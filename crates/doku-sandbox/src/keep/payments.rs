//! The payments of an account as they are kept.

use serde::{Deserialize as _, Deserializer, Serializer};

use super::payment::Line;
use crate::state::Payment;

pub(crate) fn serialize<S: Serializer>(
    payments: &[Payment],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(payments.iter().map(Line::from))
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Payment>, D::Error> {
    let lines: Vec<Line> = Vec::deserialize(from)?;
    Ok(lines.into_iter().map(Payment::from).collect())
}
