//! Which key a request is verified with, and where it is found.

use crate::args::{Formula, Party};
use crate::command::keyring::Keyring;

/// A key that a formula wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Secret,
    Merchant,
    Doku,
}

impl Role {
    pub(super) const ALL: [Self; 3] = [Self::Secret, Self::Merchant, Self::Doku];

    /// The variable that gives it.
    pub(super) const fn variable(self) -> &'static str {
        match self {
            Self::Secret => "DOKU_SECRET_KEY_FILE",
            Self::Merchant => "DOKU_PRIVATE_KEY_FILE",
            Self::Doku => "DOKU_PUBLIC_KEY_FILE",
        }
    }

    /// Whether it is in a keyring.
    pub(super) const fn is_in(self, keys: &Keyring) -> bool {
        match self {
            Self::Secret => keys.secret.is_some(),
            Self::Merchant => keys.merchant.is_some(),
            Self::Doku => keys.doku.is_some(),
        }
    }

    /// The key that verifies a request.
    pub(super) const fn due(formula: Formula, from: Party) -> Self {
        match (formula, from) {
            (Formula::Transaction | Formula::NonSnap, _) => Self::Secret,
            (_, Party::Merchant) => Self::Merchant,
            (_, Party::Doku) => Self::Doku,
        }
    }
}
