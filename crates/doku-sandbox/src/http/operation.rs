//! One of DOKU's operations over HTTP: read, answer, journal, and spoil if a fault was ordered.

use std::sync::Arc;
use std::time::Duration;

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::response::Response;
use doku_model::{Operation, Timestamp};
use doku_sign::AccessToken;
use hyper::http::request::Parts;

use super::json;
use super::spoil::{self, Cut};
use crate::answer::{Answer, Refusal};
use crate::desk::{Desk, Outcome};
use crate::faults::{Direction, FaultKind, OperationName};
use crate::journal::{JournalEntry, Verdict};
use crate::verify::Presented;

/// The largest body that is read. Documented ones have about one KiB.
const LARGEST_BODY: usize = 64 * 1024;

/// Answers a call of `operation`.
pub(super) async fn handle(desk: &Desk, operation: Operation, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, LARGEST_BODY).await;
    let fault = desk.faults.take(operation);
    let read = body.as_deref().unwrap_or_default();
    let call = Presented {
        operation,
        target: target(&parts),
        headers: &parts.headers,
        body: read,
    };
    let mut entry = entry(desk, &parts, read);
    entry.operation = Some(OperationName::inbound(operation).as_str());
    entry.fault = fault.as_ref().map(FaultKind::name);

    if let Some(spoilt) = before_work(desk, &call, fault.as_ref()) {
        note_fault(&mut entry, &spoilt);
        desk.journal.record(entry);
        return spoilt;
    }
    let outcome = if body.is_ok() {
        desk.answer(&call).await
    } else {
        Desk::too_large(operation)
    };
    let answer = note_outcome(desk, &mut entry, outcome);
    let spoilt = fault.and_then(|fault| after_work(operation, &answer, &fault));
    match spoilt {
        None => {
            desk.journal.record(entry);
            json(answer.status, answer.body)
        }
        Some(Spoilt::Now(response)) => {
            note_fault(&mut entry, &response);
            desk.journal.record(entry);
            response
        }
        Some(Spoilt::Later(wait)) => {
            entry.verdict = Verdict::Faulted;
            desk.journal.record(entry);
            tokio::time::sleep(wait).await;
            json(answer.status, answer.body)
        }
        Some(Spoilt::Never) => {
            entry.verdict = Verdict::Faulted;
            entry.status = 0;
            desk.journal.record(entry);
            std::future::pending().await
        }
    }
}

/// A path or a method that DOKU does not have.
pub(super) async fn nothing_here(State(desk): State<Arc<Desk>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let mut entry = entry(&desk, &parts, &[]);
    let known = [Operation::Token, Operation::CreateVa, Operation::UpdateVa]
        .into_iter()
        .chain([Operation::DeleteVa, Operation::CheckStatus])
        .find(|operation| operation.path() == parts.uri.path());
    let (status, reason) = match known {
        Some(operation) => (
            405,
            format!("this operation is {}", operation.method().as_str()),
        ),
        None => (404, "No static resource".to_owned()),
    };
    entry.status = status;
    entry.reason = Some(reason.clone());
    desk.journal.record(entry);
    let body = serde_json::json!({ "status": status, "error": reason });
    json(status, body.to_string().into())
}

fn target(parts: &Parts) -> &str {
    parts
        .uri
        .path_and_query()
        .map_or(parts.uri.path(), |target| target.as_str())
}

/// What happens before anything is done.
fn before_work(desk: &Desk, call: &Presented<'_>, fault: Option<&FaultKind>) -> Option<Response> {
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
            let presented = call.headers.get("authorization");
            let presented = presented.and_then(|value| value.to_str().ok());
            if let Some(Ok(token)) = presented.map(AccessToken::from_authorization) {
                desk.tokens().revoke(token.expose());
            }
            None
        }
        _ => None,
    }
}

enum Spoilt {
    Now(Response),
    Later(Duration),
    Never,
}

/// What happens instead of the answer.
fn after_work(operation: Operation, answer: &Answer, fault: &FaultKind) -> Option<Spoilt> {
    let spoilt = |answer: Answer| Spoilt::Now(json(answer.status, answer.body));
    match *fault {
        FaultKind::DropAfter => Some(Spoilt::Now(spoil::dropped())),
        FaultKind::Delay { milliseconds } => {
            Some(Spoilt::Later(Duration::from_millis(milliseconds)))
        }
        FaultKind::Hang => Some(Spoilt::Never),
        FaultKind::Status { status, .. } => Some(spoilt(out_of_order(operation, status))),
        FaultKind::Html { status } => Some(Spoilt::Now(spoil::html(status))),
        FaultKind::Conflict => Some(spoilt(Answer::conflict(operation))),
        FaultKind::CutBody => Some(Spoilt::Now(spoil::cut(answer))),
        // The rest happens before the work, or to calls in the other direction.
        _ => None,
    }
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

/// The beginning of an entry: the request.
fn entry(desk: &Desk, parts: &Parts, body: &[u8]) -> JournalEntry {
    JournalEntry {
        number: 0,
        at: Timestamp::wib(desk.clock.now()).to_string(),
        direction: Direction::Inbound,
        method: parts.method.to_string(),
        path: desk.scrubber.text(target(parts)),
        url: None,
        operation: None,
        headers: desk.scrubber.headers(&parts.headers),
        body: desk.scrubber.body(body),
        body_bytes: body.len(),
        verdict: Verdict::Refused,
        status: 0,
        response_code: None,
        response_message: None,
        reason: None,
        notes: Vec::new(),
        signature: None,
        answer: None,
        fault: None,
    }
}

/// The rest of an entry: what became of the request.
fn note_outcome(desk: &Desk, entry: &mut JournalEntry, outcome: Outcome) -> Answer {
    let Outcome {
        answer,
        verdict,
        reason,
        notes,
        signature,
    } = outcome;
    entry.verdict = verdict;
    entry.status = answer.status;
    entry.response_code = Some(answer.code.to_string());
    entry.response_message = Some(answer.message.to_string());
    entry.reason = reason.map(|reason| desk.scrubber.text(&reason));
    entry.notes = notes;
    entry.signature = signature.map(|mut report| {
        for text in [Some(&mut report.expected), report.presented.as_mut()]
            .into_iter()
            .flatten()
        {
            *text = desk.scrubber.text(text);
        }
        report.difference = report
            .difference
            .map(|difference| desk.scrubber.text(&difference));
        report
    });
    answer
}

/// The answer that was sent instead, which the entry's own codes no longer tell.
fn note_fault(entry: &mut JournalEntry, response: &Response) {
    entry.verdict = Verdict::Faulted;
    let cut = response.extensions().get::<Cut>().is_some();
    entry.status = if cut { 0 } else { response.status().as_u16() };
}
