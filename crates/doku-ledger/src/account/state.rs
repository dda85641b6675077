//! What became of an account.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What became of an account.
///
/// ```text
/// creating -> active -> paid | expired | deleted | inactive
///     |
///     +-> refused, and unknown until it is settled
/// ```
///
/// Every state may become `paid`: money that arrives counts, whatever was thought before. A reusable account stays `active`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(
    clippy::exhaustive_enums,
    reason = "whoever handles an order must think of each of them"
)]
pub enum State {
    /// Recorded, and perhaps being sent.
    Creating,
    /// It exists and may be paid.
    Active,
    /// A payment satisfied its bill.
    Paid,
    /// Its time is over.
    Expired,
    /// It was deleted.
    Deleted,
    /// It was put out of service for a while.
    Inactive,
    /// It may exist: the answer to its create was lost.
    Unknown,
    /// DOKU refused to make it, or it was never sent. Its trxId may be used again.
    Refused,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Creating,
        Self::Active,
        Self::Paid,
        Self::Expired,
        Self::Deleted,
        Self::Inactive,
        Self::Unknown,
        Self::Refused,
    ];

    /// Its name: `active`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Creating => "creating",
            Self::Active => "active",
            Self::Paid => "paid",
            Self::Expired => "expired",
            Self::Deleted => "deleted",
            Self::Inactive => "inactive",
            Self::Unknown => "unknown",
            Self::Refused => "refused",
        }
    }

    /// Whether money may still be expected.
    #[must_use]
    pub const fn is_payable(self) -> bool {
        matches!(
            self,
            Self::Creating | Self::Active | Self::Inactive | Self::Unknown
        )
    }

    /// Whether it is known to exist at DOKU and not to be at its end.
    #[must_use]
    pub const fn is_changeable(self) -> bool {
        matches!(self, Self::Active | Self::Inactive | Self::Expired)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for State {
    type Err = UnknownState;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or(UnknownState)
    }
}

/// A word that names no state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "this is no state; there are creating, active, paid, expired, deleted, inactive, unknown and refused"
)]
pub struct UnknownState;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_comes_back_from_its_name() {
        for state in State::ALL {
            assert_eq!(state.as_str().parse(), Ok(state));
            assert_eq!(
                serde_json::to_string(&state).unwrap(),
                format!("\"{state}\"")
            );
        }
        assert!("gone".parse::<State>().is_err());
    }
}
