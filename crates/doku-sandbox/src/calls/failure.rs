//! A call to the merchant that came to nothing, and in which way.

use doku_model::Operation;

use super::heard::{Exchanged, Heard};
use crate::journal::Note;

/// A call to the merchant that came to nothing.
#[derive(Debug)]
pub(crate) struct CallFailure {
    pub(crate) operation: Operation,
    pub(crate) what: Failing,
    pub(crate) notes: Vec<Note>,
}

impl CallFailure {
    /// A call that could not be made.
    pub(super) fn not_made(operation: Operation, reason: impl Into<String>) -> Self {
        Self {
            operation,
            what: Failing::NotMade(reason.into()),
            notes: Vec::new(),
        }
    }

    /// What a call came to that was no success.
    pub(super) fn of(operation: Operation, exchanged: Exchanged) -> Self {
        let Exchanged { heard, judged, .. } = exchanged;
        let reason = judged
            .reason
            .unwrap_or_else(|| "the answer cannot be used".to_owned());
        let success = operation.success();
        let what = match heard {
            Heard::Nothing(reason) => Failing::NoAnswer(reason),
            Heard::Answer { status: 200, .. }
                if judged.code.as_deref() == Some(success.as_str()) =>
            {
                Failing::Unusable(reason)
            }
            Heard::Answer { status, .. } => Failing::Refused {
                status,
                code: judged.code,
                message: judged.message,
                reason,
            },
        };
        Self {
            operation,
            what,
            notes: judged.notes,
        }
    }
}

/// In which way.
#[derive(Debug)]
pub(crate) enum Failing {
    /// The call could not be made.
    NotMade(String),
    /// There was no answer.
    NoAnswer(String),
    /// The merchant refused.
    Refused {
        status: u16,
        code: Option<String>,
        message: Option<String>,
        reason: String,
    },
    /// The answer is no use.
    Unusable(String),
}

impl Failing {
    /// In a sentence.
    pub(crate) fn reason(&self) -> &str {
        match self {
            Self::NotMade(reason)
            | Self::NoAnswer(reason)
            | Self::Refused { reason, .. }
            | Self::Unusable(reason) => reason,
        }
    }
}
