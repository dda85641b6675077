//! Why nothing is shown, or nothing taken.

use crate::journal::Note;
use crate::state::PayError;

/// Why the bank shows nothing, or takes nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TellerError {
    /// Against the rules of the bank.
    #[error(transparent)]
    Bank(#[from] PayError),
    /// The merchant should have been asked, and could not be.
    #[error("{operation} was not called: {reason}")]
    NotAsked {
        /// The call.
        operation: &'static str,
        /// What is missing.
        reason: String,
    },
    /// The merchant gave no answer.
    #[error("{operation} was not answered: {reason}")]
    NoAnswer {
        /// The call.
        operation: &'static str,
        /// Why.
        reason: String,
    },
    /// The merchant refused.
    #[error("the merchant refused {operation}: {reason}")]
    Refused {
        /// The call.
        operation: &'static str,
        /// The HTTP status.
        status: u16,
        /// `responseCode`.
        response_code: Option<String>,
        /// `responseMessage`.
        response_message: Option<String>,
        /// In a sentence.
        reason: String,
    },
    /// The merchant's answer is no use; a payer would be shown "General Error".
    #[error("the merchant's answer to {operation} cannot be used: {reason}")]
    Unusable {
        /// The call.
        operation: &'static str,
        /// In a sentence.
        reason: String,
        /// What is missing or wrong in it.
        notes: Vec<Note>,
    },
}

impl TellerError {
    /// A word for machines. What a merchant refuses for the reasons that a bank knows has the bank's word.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Bank(error) => error.kind(),
            Self::NotAsked { .. } => "notAsked",
            Self::NoAnswer { .. } => "noAnswer",
            Self::Unusable { .. } => "unusable",
            Self::Refused { response_code, .. } => match response_code.as_deref() {
                Some("4042412") => "notFound",
                Some("4042413") => "wrongAmount",
                Some("4042414") => "alreadyPaid",
                Some("4042419" | "4032400") => "expired",
                _ => "refused",
            },
        }
    }

    /// What is missing or wrong in the merchant's answer.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        match self {
            Self::Unusable { notes, .. } => notes,
            _ => &[],
        }
    }
}
