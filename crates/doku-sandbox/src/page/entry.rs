//! An entry of the journal as it is shown, in a list or by itself.

use super::shown::{Difference, Moment};
use super::words::{Words, called};
use crate::faults::Direction;
use crate::journal::{Header, JournalEntry, Note, SignatureReport, Signed, Verdict};

/// One call, and what became of it.
pub(super) struct Entry {
    pub(super) number: u64,
    pub(super) at: Moment,
    pub(super) direction: &'static str,
    pub(super) inbound: bool,
    pub(super) method: String,
    pub(super) address: String,
    pub(super) title: String,
    pub(super) verdict: &'static str,
    pub(super) verdict_name: &'static str,
    pub(super) status: Option<u16>,
    pub(super) code: String,
    pub(super) message: String,
    pub(super) reason: Option<String>,
    pub(super) headers: Vec<Header>,
    pub(super) body: String,
    pub(super) body_bytes: usize,
    pub(super) answer: Option<String>,
    pub(super) notes: Vec<Note>,
    pub(super) fault: Option<&'static str>,
    pub(super) signature: Option<Signature>,
    pub(super) signed: Option<Signed>,
}

/// What was found out about a signature.
pub(super) struct Signature {
    pub(super) causes: Vec<String>,
    pub(super) cause_name: String,
    pub(super) proven: bool,
    pub(super) advice: String,
    pub(super) expected: String,
    /// Both texts in three parts each, the middle one being what differs.
    pub(super) difference: Option<Difference>,
    pub(super) first_difference: Option<String>,
}

impl Entry {
    pub(super) fn of(entry: &JournalEntry, words: &'static Words) -> Self {
        let inbound = entry.direction == Direction::Inbound;
        let verdict = match entry.verdict {
            Verdict::Accepted => "accepted",
            Verdict::Refused => "refused",
            Verdict::Repeated => "repeated",
            Verdict::Faulted => "faulted",
            Verdict::Unanswered => "unanswered",
        };
        Self {
            number: entry.number,
            at: Moment::written(&entry.at),
            direction: if inbound {
                words.to_doku
            } else {
                words.to_merchant
            },
            inbound,
            method: entry.method.clone(),
            address: entry.url.as_ref().unwrap_or(&entry.path).clone(),
            title: entry
                .operation
                .map_or_else(|| entry.path.clone(), str::to_owned),
            verdict,
            verdict_name: called(&words.verdicts, verdict),
            status: (entry.status > 0).then_some(entry.status),
            code: entry.response_code.clone().unwrap_or_default(),
            message: entry.response_message.clone().unwrap_or_default(),
            reason: entry.reason.clone(),
            headers: entry.headers.clone(),
            body: entry.body.clone(),
            body_bytes: entry.body_bytes,
            answer: entry.answer.clone(),
            notes: entry.notes.clone(),
            fault: entry.fault,
            signature: entry
                .signature
                .as_ref()
                .map(|report| Signature::of(report, words)),
            signed: entry.signed.clone(),
        }
    }
}

impl Signature {
    fn of(report: &SignatureReport, words: &Words) -> Self {
        let indonesian = words.lang == "id";
        let in_words = &report.in_words;
        let (causes, advice, difference) = if indonesian {
            (
                &in_words.indonesian,
                in_words.advice_indonesian.as_str(),
                &in_words.difference_indonesian,
            )
        } else {
            (&in_words.english, &*report.advice, &report.difference)
        };
        Self {
            causes: causes.clone(),
            cause_name: report.cause_name.to_string(),
            proven: report.proven,
            advice: advice.to_owned(),
            expected: report.expected.clone(),
            difference: report
                .presented
                .as_ref()
                .map(|presented| Difference::between(&report.expected, presented)),
            first_difference: difference.clone(),
        }
    }
}
