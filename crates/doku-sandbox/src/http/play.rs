//! What a fault does to a call of the merchant's: before it is worked on, and to its answer.

use std::time::Duration;

use axum::response::Response;
use bytes::Bytes;
use doku_model::Operation;
use doku_sign::AccessToken;

use super::entry::shown_answer;
use super::reply::json;
use super::spoil;
use crate::answer::Answer;
use crate::desk::Desk;
use crate::faults::FaultKind;
use crate::journal::{JournalEntry, Verdict};
use crate::verify::Presented;

/// What is sent instead of an answer.
pub(super) struct Instead {
    pub(super) response: Response,
    /// What of its body goes out; nothing where the connection is cut at once.
    body: Option<Bytes>,
}

impl Instead {
    fn of(answer: Answer) -> Self {
        Self {
            body: Some(answer.body.clone()),
            response: json(answer.status, answer.body),
        }
    }

    fn nothing() -> Self {
        Self {
            response: spoil::dropped(),
            body: None,
        }
    }

    /// Writes it down.
    pub(super) fn note(&self, entry: &mut JournalEntry) {
        entry.verdict = Verdict::Faulted;
        entry.status = match self.body {
            Some(_) => self.response.status().as_u16(),
            None => 0,
        };
    }

    /// What goes out of it, fit to be shown.
    pub(super) fn said(&self, desk: &Desk, operation: Operation) -> Option<String> {
        let body = self.body.as_ref()?;
        Some(shown_answer(desk, operation, body))
    }
}

/// What happens before anything is done; an answer is all there is to it.
pub(super) fn before_work(
    desk: &Desk,
    call: &Presented<'_>,
    fault: Option<&FaultKind>,
) -> Option<Instead> {
    match fault? {
        FaultKind::DropBefore => Some(Instead::nothing()),
        FaultKind::Status {
            status,
            after_work: false,
        } => Some(Instead::of(Answer::out_of_order(call.operation, *status))),
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
    Instead(Instead),
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
        let instead = |answer: Answer| Self::Instead(Instead::of(answer));
        match *fault {
            FaultKind::DropAfter => Self::Instead(Instead::nothing()),
            FaultKind::Delay { milliseconds } => Self::Late(Duration::from_millis(milliseconds)),
            FaultKind::Hang => Self::Never,
            FaultKind::Status { status, .. } => instead(Answer::out_of_order(operation, status)),
            FaultKind::Html { status } => {
                let (response, page) = spoil::html(status);
                let body = Some(page);
                Self::Instead(Instead { response, body })
            }
            FaultKind::Conflict => instead(Answer::conflict(operation)),
            FaultKind::CutBody => {
                let (response, half) = spoil::cut(answer);
                let body = Some(half);
                Self::Instead(Instead { response, body })
            }
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
    pub(super) fn note(&self, desk: &Desk, operation: Operation, entry: &mut JournalEntry) {
        match self {
            Self::Nothing => {}
            Self::Instead(instead) => {
                instead.note(entry);
                entry.answer = instead.said(desk, operation);
            }
            Self::Otherwise { said, body } => {
                entry.verdict = Verdict::Faulted;
                entry.answer = Some(shown_answer(desk, operation, body));
                entry.add_reason(said);
            }
            Self::NothingToSpoil(said) => entry.add_reason(said),
            Self::Late(_) => entry.verdict = Verdict::Faulted,
            Self::Never => {
                entry.verdict = Verdict::Faulted;
                entry.status = 0;
                entry.answer = None;
            }
        }
    }

    /// Sends it.
    pub(super) async fn send(self, answer: Answer) -> Response {
        match self {
            Self::Nothing | Self::NothingToSpoil(_) => json(answer.status, answer.body),
            Self::Instead(instead) => instead.response,
            Self::Otherwise { body, .. } => json(answer.status, body),
            Self::Late(wait) => {
                tokio::time::sleep(wait).await;
                json(answer.status, answer.body)
            }
            Self::Never => std::future::pending().await,
        }
    }
}
