//! One of DOKU's operations over HTTP: read, answered, written down, and spoilt if a fault was ordered.

use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::response::Response;
use bytes::Bytes;
use doku_model::Operation;
use hyper::http::request::Parts;

use super::entry::{entry, note_outcome, target};
use super::play::{Played, before_work};
use super::reply::json;
use super::spoil;
use crate::answer::Answer;
use crate::desk::Desk;
use crate::faults::{FaultKind, OperationName, Release, Turn};
use crate::journal::{JournalEntry, Verdict};
use crate::verify::Presented;

/// The largest body that is read. Documented ones have about one KiB.
const LARGEST_BODY: usize = 64 * 1024;

/// Answers a call of `operation`.
pub(super) async fn handle(desk: Arc<Desk>, operation: Operation, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let arrived = Arrived {
        operation,
        parts,
        body: to_bytes(body, LARGEST_BODY).await.ok(),
        fault: desk.faults.take(operation),
        turn: desk.turns.arrive(),
    };
    if arrived.fault != Some(FaultKind::OutOfOrder) {
        return arrived.deal_with(&desk, None).await;
    }
    let held = desk.turns.hold(arrived.turn);
    // A task of its own: DOKU works on what it was sent, whether the caller still waits or not.
    let late = tokio::spawn(async move {
        match held.released().await {
            Some(release) => arrived.deal_with(&desk, Some(release)).await,
            None => spoil::dropped(),
        }
    });
    late.await.unwrap_or_else(|_| spoil::dropped())
}

/// A call that was read, and has not been worked on.
struct Arrived {
    operation: Operation,
    parts: Parts,
    /// `None` where it is too large.
    body: Option<Bytes>,
    fault: Option<FaultKind>,
    turn: Turn,
}

impl Arrived {
    /// Works on it, plays its fault and writes it down.
    async fn deal_with(self, desk: &Desk, release: Option<Release>) -> Response {
        let call = Presented {
            operation: self.operation,
            target: target(&self.parts),
            headers: &self.parts.headers,
            body: self.body.as_deref().unwrap_or_default(),
        };
        let fault = self.fault.as_ref();
        if let Some(spoilt) = before_work(desk, &call, fault) {
            let mut entry = self.entry(desk, &call);
            spoilt.note(&mut entry);
            entry.answer = spoilt.said(desk, self.operation);
            desk.record(entry);
            desk.turns.done(self.turn);
            return spoilt.response;
        }
        if fault == Some(&FaultKind::Duplicate) {
            let (mut first, _) = self.work(desk, &call).await;
            first.verdict = Verdict::Faulted;
            first.status = 0;
            first.answer = None;
            first.add_reason(
                "worked on twice, because a fault was ordered: this answer went nowhere",
            );
            desk.record(first);
        }
        let (mut entry, answer) = self.work(desk, &call).await;
        if let Some(release) = release {
            entry.verdict = Verdict::Faulted;
            entry.add_reason(release.reason());
        }
        let played = fault.map_or(Played::Nothing, |fault| {
            Played::with(self.operation, &answer, fault)
        });
        played.note(desk, self.operation, &mut entry);
        desk.record(entry);
        desk.turns.done(self.turn);
        played.send(answer).await
    }

    /// Works on it once.
    async fn work(&self, desk: &Desk, call: &Presented<'_>) -> (JournalEntry, Answer) {
        let mut entry = self.entry(desk, call);
        let outcome = if self.body.is_some() {
            desk.answer(call).await
        } else {
            Desk::too_large(self.operation)
        };
        let answer = note_outcome(desk, self.operation, &mut entry, outcome);
        (entry, answer)
    }

    fn entry(&self, desk: &Desk, call: &Presented<'_>) -> JournalEntry {
        JournalEntry {
            operation: Some(OperationName::inbound(self.operation).as_str()),
            fault: self.fault.as_ref().map(FaultKind::name),
            ..entry(desk, &self.parts, call.body)
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
    let body = serde_json::json!({ "status": status, "error": reason }).to_string();
    entry.reason = Some(reason);
    entry.answer = Some(desk.scrubber.body(body.as_bytes()));
    desk.record(entry);
    json(status, body.into())
}
