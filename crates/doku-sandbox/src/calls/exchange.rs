//! One call to the merchant from end to end: perhaps spoilt, sent, judged, and written into the journal.

use doku_model::{Operation, Timestamp};
use doku_sign::AccessToken;

use super::heard::{Exchanged, Heard, Judged};
use super::spoil::hides_the_answer;
use crate::desk::Desk;
use crate::faults::{Direction, FaultKind, OperationName};
use crate::journal::{JournalEntry, Signed, Verdict};
use crate::outbound::Outgoing;

impl Desk {
    /// Makes a call, twice if a fault says so, and writes it into the journal.
    pub(super) async fn exchange(
        &self,
        outgoing: &Outgoing,
        fault: Option<&FaultKind>,
        judge: impl Fn(&Heard) -> Judged,
    ) -> Exchanged {
        let spoilt = self.spoilt(outgoing, fault);
        let record = |heard: Heard| {
            let judged = judge(&heard);
            let journal = self.write_down(&spoilt, &heard, &judged, fault);
            Exchanged {
                heard,
                judged,
                journal,
            }
        };
        if fault == Some(&FaultKind::Duplicate) {
            let (first, second) = tokio::join!(self.send(&spoilt), self.send(&spoilt));
            let (first, second) = (record(first), record(second));
            return if second.judged.accepted {
                second
            } else {
                first
            };
        }
        record(self.carry(&spoilt, fault).await)
    }

    fn write_down(
        &self,
        outgoing: &Outgoing,
        heard: &Heard,
        judged: &Judged,
        fault: Option<&FaultKind>,
    ) -> u64 {
        let answer = match heard {
            Heard::Answer { body, .. } => Some(self.scrubber.answer(
                outgoing.operation == Operation::Token,
                outgoing.presented.as_ref().map(AccessToken::expose),
                body,
            )),
            Heard::Nothing(_) => None,
        };
        let hidden = fault.is_some_and(hides_the_answer);
        let verdict = match heard {
            _ if hidden => Verdict::Faulted,
            Heard::Nothing(_) => Verdict::Unanswered,
            Heard::Answer { .. } if judged.accepted => Verdict::Accepted,
            Heard::Answer { .. } => Verdict::Refused,
        };
        let shown = |text: &Option<String>| text.as_deref().map(|text| self.scrubber.text(text));
        let mut entry = JournalEntry {
            number: 0,
            at: self.shown_time(),
            direction: Direction::Outbound,
            method: outgoing.operation.method().as_str().to_owned(),
            path: self.scrubber.text(outgoing.url.path()),
            url: Some(self.scrubber.text(&outgoing.url.to_string())),
            operation: Some(OperationName::outbound(outgoing.operation).as_str()),
            headers: self.scrubber.headers(&outgoing.headers),
            body: self.scrubber.body(&outgoing.body),
            body_bytes: outgoing.body.len(),
            verdict,
            status: judged.status,
            response_code: shown(&judged.code),
            response_message: shown(&judged.message),
            reason: shown(&judged.reason),
            notes: judged.notes.clone(),
            signature: None,
            signed: Some(Signed {
                string_to_sign: self.scrubber.text(&outgoing.signed.string_to_sign),
                body_sha256: outgoing.signed.body_sha256.clone(),
            }),
            answer,
            fault: fault.map(FaultKind::name),
        };
        if !hidden && is_unauthorized(judged) {
            entry.add_reason(UNAUTHORIZED);
        }
        self.record(entry)
    }

    /// The moment on the sandbox's clock, for people.
    pub(super) fn shown_time(&self) -> String {
        Timestamp::wib(self.clock.now()).to_string()
    }
}

/// What to do where the merchant does not believe DOKU.
const UNAUTHORIZED: &str = "compare the string-to-sign that DOKU signed with the one that the merchant made: path, token, hash of the body, X-TIMESTAMP";

/// Whether the merchant took the call for a forged one.
fn is_unauthorized(judged: &Judged) -> bool {
    let code = judged.code.as_deref().unwrap_or_default();
    judged.status == 401 || code.starts_with("401")
}
