//! What the journal says of a call of the merchant's.

use doku_model::{Operation, Timestamp};
use hyper::http::request::Parts;

use crate::answer::Answer;
use crate::desk::{Desk, Outcome};
use crate::faults::Direction;
use crate::journal::{JournalEntry, Verdict};

/// Path and query, as they stand in the request line.
pub(super) fn target(parts: &Parts) -> &str {
    parts
        .uri
        .path_and_query()
        .map_or(parts.uri.path(), |target| target.as_str())
}

/// The beginning of an entry: the request.
pub(super) fn entry(desk: &Desk, parts: &Parts, body: &[u8]) -> JournalEntry {
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
        signed: None,
        answer: None,
        fault: None,
    }
}

/// An answer of DOKU's, without the token that may be in it.
pub(super) fn shown_answer(desk: &Desk, operation: Operation, body: &[u8]) -> String {
    desk.scrubber
        .answer(operation == Operation::Token, None, body)
}

/// The rest of an entry: what became of the request.
pub(super) fn note_outcome(
    desk: &Desk,
    operation: Operation,
    entry: &mut JournalEntry,
    outcome: Outcome,
) -> Answer {
    let Outcome {
        answer,
        verdict,
        reason,
        notes,
        signature,
    } = outcome;
    entry.verdict = verdict;
    entry.status = answer.status;
    entry.answer = Some(shown_answer(desk, operation, &answer.body));
    entry.response_code = Some(answer.code.to_string());
    entry.response_message = Some(answer.message.to_string());
    entry.reason = reason.map(|reason| desk.scrubber.text(&reason));
    entry.notes = notes;
    entry.signature = signature.map(|mut report| {
        report.expected = desk.scrubber.text(&report.expected);
        for text in [
            &mut report.presented,
            &mut report.difference,
            &mut report.in_words.difference_indonesian,
        ] {
            *text = text.take().map(|text| desk.scrubber.text(&text));
        }
        report
    });
    answer
}
