//! What went wrong, by phase, and what happened to the money.

use std::sync::Arc;

use doku_model::wire::DecodeError;
use doku_model::{Action, ExternalId, FieldError, Operation, ResponseCode, Timestamp, TrxId};
use doku_sign::SignError;
use doku_transport::TransportError;

use crate::answer::Answer;
use crate::external_id::NoRandomNumbers;

/// The member that says what an answer is.
pub(crate) const RESPONSE_CODE: &str = "responseCode";

/// Whether the call changed something at DOKU.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "the question has these two answers"
)]
pub enum Outcome {
    /// Certainly not: nothing was created, changed or deleted.
    NotDone,
    /// Perhaps: find out before doing it again. [`crate::Client::settle`] does so for a create.
    Unknown,
}

/// A call that did not end in the success it asked for.
///
/// `Display` is one line: what happened, under which external id. [`Error::outcome`] tells whether a virtual account may
/// exist or have changed, and [`Error::advice`] what to do next.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The request could not be built. Nothing was sent.
    #[error("nothing was sent: {0}")]
    Build(#[from] BuildError),
    /// There was no access token to call with. The call itself was not sent.
    #[error("{for_lack_of_it}: {source}", for_lack_of_it = for_lack_of_a_token(*.operation))]
    NoToken {
        /// What was to be done.
        operation: Operation,
        /// Why there is none.
        source: NoToken,
    },
    /// The request never left.
    // The source begins with "not sent".
    #[error("{operation} was {source} (external id {external_id})")]
    NotSent {
        /// What was to be done.
        operation: Operation,
        /// X-EXTERNAL-ID of the call.
        external_id: ExternalId,
        /// How often it was tried.
        attempts: u32,
        /// Why.
        source: TransportError,
    },
    /// The deadline passed before the request could be sent. Of attempts before it, none was done.
    #[error("{operation} was not sent (external id {external_id}): the deadline had passed")]
    OutOfTime {
        /// What was to be done.
        operation: Operation,
        /// X-EXTERNAL-ID of the call.
        external_id: ExternalId,
        /// How often it was tried before.
        attempts: u32,
    },
    /// The request may have arrived, and no answer came.
    #[error(
        "{operation} {perhaps} (external id {external_id}): {source}",
        perhaps = perhaps(*.operation, "may have been done", "got no answer"),
    )]
    MaybeSent {
        /// What was to be done.
        operation: Operation,
        /// X-EXTERNAL-ID of the call.
        external_id: ExternalId,
        /// How often it was tried.
        attempts: u32,
        /// Why.
        source: TransportError,
    },
    /// DOKU refused.
    #[error("DOKU refused {operation}: {0}", operation = .0.operation())]
    Refused(Box<Answer>),
    /// DOKU failed while it worked on the request, which may have been done.
    #[error(
        "DOKU failed at {operation}{perhaps}: {0}",
        operation = .0.operation(),
        perhaps = perhaps(.0.operation(), ", which may have been done", ""),
    )]
    Failed(Box<Answer>),
    /// DOKU has accepted the request and not decided it.
    #[error("DOKU has not decided {operation} yet: {0}", operation = .0.operation())]
    NotDecided(Box<Answer>),
    /// The external id or the trxId was used before, and the answer does not show that what exists is what was asked for.
    #[error("{operation} met an earlier call that may be the same one: {answer}; {mismatch}", operation = .answer.operation())]
    Conflict {
        /// The answer.
        answer: Box<Answer>,
        /// What it lacks or says otherwise.
        mismatch: Mismatch,
    },
    /// The answer is not what SNAP BI and DOKU's documentation say.
    #[error(
        "the answer to {operation} was not understood: {why}; {answer}",
        operation = .answer.operation(),
        why = misread(.source),
    )]
    NotUnderstood {
        /// The answer, with its body.
        answer: Box<Answer>,
        /// The member, or that it is not JSON.
        source: DecodeError,
    },
    /// What became of a prepared create is still unknown, because the question could not be asked or its answer does not
    /// tell. The source speaks of that question alone: whatever it says, the account may exist.
    #[error("what became of create VA is still unknown (external id {external_id}): {source}")]
    Unsettled {
        /// X-EXTERNAL-ID of the create.
        external_id: ExternalId,
        /// How the last question ended.
        source: Box<Error>,
    },
    /// The instructions for paying could not be had. Nothing was created, changed or deleted.
    #[error("no instructions for paying: {0}")]
    HowToPay(#[from] HowToPayError),
    /// The answer reports success, but speaks of something else than was asked.
    #[error("the answer to {operation} does not match the question: {mismatch}; {answer}", operation = .answer.operation())]
    Integrity {
        /// The answer, with its body: what it describes may exist.
        answer: Box<Answer>,
        /// What differs.
        mismatch: Mismatch,
    },
}

/// Why a request could not be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A value breaks a rule.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// No BIN: neither the client nor the request names one.
    #[error("no partnerServiceId: set DOKU_PARTNER_SERVICE_ID, or name one with `CreateVa::under`")]
    NoPartnerServiceId,
    /// DGPC without a prefix.
    #[error(
        "no prefix for a number that DOKU generates: set DOKU_CUSTOMER_NO_PREFIX, or name one with `CreateVa::with_prefix`"
    )]
    NoPrefix,
    /// A DIPC number exists in the merchant's answers only; DOKU has nothing to update or delete.
    #[error("{trx_id} is a direct-inquiry number, which DOKU cannot update or delete")]
    DirectInquiry {
        /// The merchant's invoice number.
        trx_id: TrxId,
    },
    /// A prepared create from another day. Its external id no longer protects it: DOKU forgets it at the day's end.
    #[error(
        "this create was prepared at {prepared_at}, on another day in Jakarta or UTC, and its external id may no longer be known; find out whether it was sent before preparing a new one"
    )]
    AnotherDay {
        /// When it was prepared.
        prepared_at: Timestamp,
    },
    /// The operating system gave no random numbers.
    #[error(transparent)]
    NoRandomNumbers(#[from] NoRandomNumbers),
    /// A link or header that cannot be sent.
    #[error("{0}")]
    NotSendable(&'static str),
}

/// Why the instructions for paying could not be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HowToPayError {
    /// The create answer named no link.
    #[error("DOKU named no link for this virtual account")]
    NoLink,
    /// The link leads to a host that is neither DOKU's nor the one calls go to.
    #[error("the link leads to {host}, which is not DOKU's")]
    Elsewhere {
        /// The host.
        host: String,
    },
    /// The client's deadline leaves no time to ask.
    #[error("the deadline leaves no time to ask")]
    OutOfTime,
    /// No answer.
    #[error("{0}")]
    Transport(#[source] TransportError),
    /// The server refused.
    #[error("the server answered HTTP {status}")]
    Status {
        /// The HTTP status.
        status: u16,
    },
    /// The answer is no JSON of the known shape; perhaps XML or a page.
    #[error("the answer was not understood: {0}")]
    NotUnderstood(#[source] DecodeError),
}

/// Why there is no access token. Shared by all calls that waited for it.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum NoToken {
    /// The token request could not be signed.
    #[error("the token request could not be signed: {0}")]
    NotSigned(#[source] Arc<SignError>),
    /// The token request got no answer.
    #[error("the token request failed: {0}")]
    Transport(#[source] Arc<TransportError>),
    /// The deadline of the call passed before there was one.
    #[error("the deadline passed before there was an access token")]
    OutOfTime,
    /// DOKU refused the token request, or failed at it.
    #[error("DOKU gave no access token: {0}")]
    Refused(Box<Answer>),
    /// DOKU's answer to the token request was not understood.
    #[error("the answer to the token request was not understood: {}; {answer}", misread(.source))]
    NotUnderstood {
        /// The answer.
        answer: Box<Answer>,
        /// The member, or that it is not JSON.
        source: DecodeError,
    },
    /// DOKU's answer reports success and holds no usable token.
    #[error("the answer to the token request holds no usable token: {answer}")]
    Unusable {
        /// The answer.
        answer: Box<Answer>,
    },
}

/// What an answer says otherwise than the question, or does not say at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Mismatch {
    /// A member is another than was asked for.
    #[error("{member} is another than was asked for")]
    Differs {
        /// The member, as the wire spells it.
        member: &'static str,
    },
    /// A member that would identify the account is not there.
    #[error("{member} is missing")]
    Missing {
        /// The member, as the wire spells it.
        member: &'static str,
    },
    /// The answer refers to an earlier call, and does not show what became of it.
    #[error("it does not show what became of that one")]
    NotShown,
    /// A member does not hold what its rule asks for.
    #[error(transparent)]
    Invalid(#[from] FieldError),
}

/// What to say of an operation that may have been done, and of one that only asks.
fn perhaps(operation: Operation, changes: &'static str, asks: &'static str) -> &'static str {
    if operation.is_safe_to_repeat() {
        asks
    } else {
        changes
    }
}

fn for_lack_of_a_token(operation: Operation) -> String {
    match operation {
        Operation::Token => "there is no access token".to_owned(),
        operation => format!("{operation} was not sent"),
    }
}

/// What could not be understood. An answer without a code is the answer of somebody else, so that is said in words.
fn misread(source: &DecodeError) -> String {
    match source {
        DecodeError::Member { path } if path == RESPONSE_CODE => {
            format!("it has no `{RESPONSE_CODE}` that means something")
        }
        other => other.to_string(),
    }
}

impl Error {
    /// Whether the call changed something at DOKU. Of calls that only ask (check status, how to pay) it is always
    /// [`Outcome::NotDone`].
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        let ambiguous = match self {
            Self::Build(_)
            | Self::NoToken { .. }
            | Self::NotSent { .. }
            | Self::OutOfTime { .. }
            | Self::Refused(_)
            | Self::HowToPay(_) => false,
            Self::Unsettled { .. } => true,
            Self::MaybeSent { operation, .. } => !operation.is_safe_to_repeat(),
            Self::Failed(answer)
            | Self::NotDecided(answer)
            | Self::Conflict { answer, .. }
            | Self::NotUnderstood { answer, .. }
            | Self::Integrity { answer, .. } => !answer.operation().is_safe_to_repeat(),
        };
        if ambiguous {
            Outcome::Unknown
        } else {
            Outcome::NotDone
        }
    }

    /// DOKU's answer, where there was one.
    #[must_use]
    pub fn answer(&self) -> Option<&Answer> {
        match self {
            Self::Refused(answer)
            | Self::Failed(answer)
            | Self::NotDecided(answer)
            | Self::Conflict { answer, .. }
            | Self::NotUnderstood { answer, .. }
            | Self::Integrity { answer, .. } => Some(answer),
            Self::NoToken { source, .. } => source.answer(),
            Self::Unsettled { source, .. } => source.answer(),
            Self::Build(_)
            | Self::NotSent { .. }
            | Self::OutOfTime { .. }
            | Self::MaybeSent { .. }
            | Self::HowToPay(_) => None,
        }
    }

    /// X-EXTERNAL-ID of the call, where it had one.
    #[must_use]
    pub fn external_id(&self) -> Option<&ExternalId> {
        match self {
            Self::NotSent { external_id, .. }
            | Self::OutOfTime { external_id, .. }
            | Self::MaybeSent { external_id, .. }
            | Self::Unsettled { external_id, .. } => Some(external_id),
            other => other.answer().and_then(Answer::external_id),
        }
    }

    /// `responseCode`, where DOKU answered with one.
    #[must_use]
    pub fn response_code(&self) -> Option<&ResponseCode> {
        self.answer().and_then(Answer::response_code)
    }

    /// What to do next, in one sentence.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Build(source) => source.advice(),
            Self::NoToken { source, .. } => source.advice(),
            Self::NotSent { .. } => {
                "Nothing reached DOKU: check the network and the address, and send again."
            }
            Self::OutOfTime { .. } => "Nothing was done: send again with a longer deadline.",
            Self::Refused(answer) => match answer.meaning().action() {
                Action::AskLater | Action::SendAgain => Action::SendLater.advice(),
                action => action.advice(),
            },
            Self::HowToPay(_) => "Show the link of `how_to_pay_page` instead.",
            _ if self.outcome() == Outcome::NotDone => "Ask again later.",
            Self::NotDecided(_) => Action::AskLater.advice(),
            // Of another day: what cannot be sent again has advice of its own.
            Self::Unsettled { source, .. } if matches!(**source, Self::Build(_)) => source.advice(),
            Self::Conflict { answer, .. } if answer.operation() == Operation::CreateVa => {
                "The outcome is unknown: the external id, trxId or number was used before, and what exists is not shown to be what was asked for. If that was another order, take another trxId and number; if it was this one, ask DOKU with the external id."
            }
            other => unknown(other.operation()),
        }
    }

    /// What was to be done, where that is known.
    fn operation(&self) -> Option<Operation> {
        match self {
            Self::NoToken { operation, .. }
            | Self::NotSent { operation, .. }
            | Self::OutOfTime { operation, .. }
            | Self::MaybeSent { operation, .. } => Some(*operation),
            Self::Unsettled { .. } => Some(Operation::CreateVa),
            other => other.answer().map(Answer::operation),
        }
    }
}

/// What to do where nobody knows whether it was done.
fn unknown(operation: Option<Operation>) -> &'static str {
    match operation {
        Some(Operation::UpdateVa) => {
            "The outcome is unknown: the change may have been made. Make the same update again: done twice, it has the same effect."
        }
        Some(Operation::DeleteVa) => {
            "The outcome is unknown: the account may be gone. Delete it again, or ask for its status: no such account means that it is gone."
        }
        _ => {
            "The outcome is unknown: do not repeat it under a new external id. Send the prepared create again on the same day, settle it, or ask DOKU with the external id."
        }
    }
}

impl BuildError {
    const fn advice(&self) -> &'static str {
        match self {
            Self::NoPartnerServiceId | Self::NoPrefix => {
                "Complete the configuration or the request, and send again."
            }
            Self::DirectInquiry { .. } => {
                "Answer the inquiry about this number otherwise: it exists in your answers only."
            }
            Self::AnotherDay { .. } => {
                "Settle it, or ask DOKU with the external id; do not prepare a new one before that."
            }
            Self::NoRandomNumbers(_) => "Look at the machine: it gives no random numbers.",
            Self::Field(_) | Self::NotSendable(_) => Action::MendRequest.advice(),
        }
    }
}

impl NoToken {
    fn answer(&self) -> Option<&Answer> {
        match self {
            Self::NotSigned(_) | Self::Transport(_) | Self::OutOfTime => None,
            Self::Refused(answer)
            | Self::NotUnderstood { answer, .. }
            | Self::Unusable { answer } => Some(answer),
        }
    }

    fn advice(&self) -> &'static str {
        match self {
            Self::NotSigned(_) => "Check the private key.",
            Self::Transport(_) => {
                "Only a token was asked for: check the network and the address, and send again."
            }
            Self::OutOfTime => "Nothing was created: send again with a longer deadline.",
            Self::Refused(answer) => match answer.meaning().action() {
                Action::CheckCredentials => {
                    "Check the client id, the private key, that DOKU has its public half, and the clock."
                }
                action @ (Action::MendRequest | Action::AskDoku) => action.advice(),
                _ => "Nothing was created: send again later.",
            },
            Self::NotUnderstood { .. } | Self::Unusable { .. } => {
                "Check that the base URL is DOKU's; a proxy or a login page may have answered."
            }
        }
    }
}
