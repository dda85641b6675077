//! The two directions of a call.

use serde::{Deserialize, Serialize};

/// Who calls whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::exhaustive_enums, reason = "there are two sides")]
pub enum Direction {
    /// The merchant calls DOKU.
    #[default]
    Inbound,
    /// DOKU calls the merchant.
    Outbound,
}
