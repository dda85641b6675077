//! What a fault does to a call of the merchant's: before it is worked on, and to its answer.

use std::time::Duration;

use axum::response::Response;
use bytes::Bytes;
use doku_model::Operation;
use doku_sign::AccessToken;

use super::json;
use super::spoil::{self, Cut};
use crate::answer::{Answer, Refusal};
use crate::desk::Desk;
use crate::faults::FaultKind;
use crate::journal::{JournalEntry, Verdict};
use crate::verify::Presented;

/// What happens before anything is done; an answer is all there is to it.
pub(super) fn before_work(
    desk: &Desk,
    call: &Presented<'_>,
    fault: Option<&FaultKind>,
) -> Option<Response> {
    match fault? {
        FaultKind::DropBefore => Some(spoil::dropped()),
        FaultKind::Status {
            status,
            after_work: false,
        } => {
            let answer = out_of_order(call.operation, *status);
            Some(json(answer.status, answer.body))
        }
        FaultKind::InvalidToken => {
            if let Some(token) = presented_token(call) {
                desk.tokens().revoke(token.expose());
            }
            None
        }
        FaultKind::ExpiredToken => {
            if let Some(token) = presented_token(call) {
                desk.tokens().expire(token.expose(), desk.clock.now());
            }
            None
        }
        _ => None,
    }
}

fn presented_token(call: &Presented<'_>) -> Option<AccessToken> {
    let presented = call.headers.get("authorization")?.to_str().ok()?;
    AccessToken::from_authorization(presented).ok()
}

/// What becomes of an answer.
pub(super) enum Played {
    /// It is sent as it is.
    Nothing,
    /// Something else is sent.
    Instead(Response),
    /// Its body is another one.
    Otherwise { body: Bytes, said: String },
    /// It should have been another one, and does not say what it should have said otherwise.
    NothingToSpoil(String),
    /// It is sent late.
    Late(Duration),
    /// It is never sent.
    Never,
}

impl Played {
    /// What a fault makes of this answer.
    pub(super) fn with(operation: Operation, answer: &Answer, fault: &FaultKind) -> Self {
        let instead = |answer: Answer| Self::Instead(json(answer.status, answer.body));
        match *fault {
            FaultKind::DropAfter => Self::Instead(spoil::dropped()),
            FaultKind::Delay { milliseconds } => Self::Late(Duration::from_millis(milliseconds)),
            FaultKind::Hang => Self::Never,
            FaultKind::Status { status, .. } => instead(out_of_order(operation, status)),
            FaultKind::Html { status } => Self::Instead(spoil::html(status)),
            FaultKind::Conflict => instead(Answer::conflict(operation)),
            FaultKind::CutBody => Self::Instead(spoil::cut(answer)),
            FaultKind::WrongEcho { member } => match member.changed_in(&answer.body) {
                Some(body) => Self::Otherwise {
                    body,
                    said: format!(
                        "the answer has another {} than it should, because a fault was ordered",
                        member.name()
                    ),
                },
                None => Self::NothingToSpoil(format!(
                    "a fault was ordered that had nothing to spoil: the answer has no {}",
                    member.name()
                )),
            },
            // The rest happens before the work, or to calls in the other direction.
            _ => Self::Nothing,
        }
    }

    /// Writes down what is sent, which the entry's own codes no longer tell.
    pub(super) fn note(&self, entry: &mut JournalEntry) {
        match self {
            Self::Nothing => {}
            Self::Instead(response) => note_instead(entry, response),
            Self::Otherwise { said, .. } => {
                entry.verdict = Verdict::Faulted;
                entry.add_reason(said);
            }
            Self::NothingToSpoil(said) => entry.add_reason(said),
            Self::Late(_) => entry.verdict = Verdict::Faulted,
            Self::Never => {
                entry.verdict = Verdict::Faulted;
                entry.status = 0;
            }
        }
    }

    /// Sends it.
    pub(super) async fn send(self, answer: Answer) -> Response {
        match self {
            Self::Nothing | Self::NothingToSpoil(_) => json(answer.status, answer.body),
            Self::Instead(response) => response,
            Self::Otherwise { body, .. } => json(answer.status, body),
            Self::Late(wait) => {
                tokio::time::sleep(wait).await;
                json(answer.status, answer.body)
            }
            Self::Never => std::future::pending().await,
        }
    }
}

/// The answer that is sent instead.
pub(super) fn note_instead(entry: &mut JournalEntry, response: &Response) {
    entry.verdict = Verdict::Faulted;
    let cut = response.extensions().get::<Cut>().is_some();
    entry.status = if cut { 0 } else { response.status().as_u16() };
}

/// DOKU's own failure, in the words of the table where it has some.
pub(crate) fn out_of_order(operation: Operation, status: u16) -> Answer {
    let message = match status {
        409 => "Conflict",
        429 => "Too Many Requests",
        503 => "Service Unavailable",
        504 => "Timeout",
        400..500 => "Bad Request",
        _ => "General Error",
    };
    Refusal::of(operation, status, 0, message).into()
}
