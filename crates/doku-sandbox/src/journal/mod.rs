//! Every request with its verdict, and with the reason when it was refused: the merchant's to DOKU, and DOKU's to the
//! merchant. The last thousands are kept.

mod scrub;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;

pub(crate) use scrub::Scrubber;

use crate::faults::Direction;

/// How much of a body an entry keeps, in bytes.
pub(crate) const BODY_BYTES: usize = 4 * 1024;

/// One request and what became of it.
///
/// Secrets and tokens are never in it: the values of headers that carry them are replaced by their length, and
/// strings-to-sign are masked. Names and e-mail addresses of the body are in it, because in a sandbox they are test
/// data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct JournalEntry {
    /// Counts up from 1.
    pub number: u64,
    /// When, on the sandbox's clock, in Western Indonesian Time.
    pub at: String,
    /// Whether the merchant called DOKU or DOKU the merchant.
    pub direction: Direction,
    /// The HTTP method.
    pub method: String,
    /// The path, with the query if there was one.
    pub path: String,
    /// The whole URL, of a call to the merchant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// `token`, `createVa`, `updateVa`, `deleteVa` or `checkStatus`; of calls to the merchant `merchantToken`,
    /// `inquiry` or `payment`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<&'static str>,
    /// The headers, names in lower case, in the order of arrival.
    pub headers: Vec<Header>,
    /// The body as text, cut after some KiB.
    pub body: String,
    /// How long the body was, in bytes.
    pub body_bytes: usize,
    /// What became of the request.
    pub verdict: Verdict,
    /// The HTTP status of the answer; 0 where the connection was cut.
    pub status: u16,
    /// `responseCode` of the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_code: Option<String>,
    /// `responseMessage` of the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_message: Option<String>,
    /// More than the answer says: why it was refused, and what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What DOKU was seen to accept although its documentation says otherwise; of a call to the merchant, what is
    /// missing or wrong in the merchant's answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    /// What was found out about a signature that does not match.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<SignatureReport>,
    /// What the merchant answered, as text, cut after some KiB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// The fault that was ordered for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<&'static str>,
}

/// A header of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Header {
    /// In lower case.
    pub name: String,
    /// The value, or its length in brackets where it may be a secret.
    pub value: String,
}

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Verdict {
    /// Done. Of a call to the merchant: answered with success, and understood.
    Accepted,
    /// Refused: not genuine, not understood, or against a rule. Of a call to the merchant: the answer is no success.
    Refused,
    /// Answered with an earlier answer, or with a conflict, because the external id was used before.
    Repeated,
    /// The answer was spoilt by a fault that was ordered.
    Faulted,
    /// The merchant gave no answer.
    Unanswered,
}

/// Something that DOKU accepts although its documentation says otherwise, or that is wrong in a merchant's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Note {
    /// The header or member.
    pub field: String,
    /// What is unusual about it.
    pub what: &'static str,
}

/// What was found out about a signature that does not match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SignatureReport {
    /// The string-to-sign that this request should have been signed with, the token masked.
    pub expected: String,
    /// The string-to-sign that the presented signature belongs to, where it was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub presented: Option<String>,
    /// The first difference between the two.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub difference: Option<String>,
    /// The mistake.
    pub cause: Cause,
    /// What to do about it.
    pub advice: &'static str,
}

/// The mistake behind a signature that does not match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Cause {
    /// The body was hashed as it is instead of minified.
    RawBody,
    /// The body was not hashed at all.
    EmptyBody,
    /// The token was signed with the word `Bearer` before it.
    BearerInToken,
    /// The token slot was left empty.
    EmptyToken,
    /// The method was signed in lower case.
    LowerCaseMethod,
    /// The whole URL was signed instead of the path.
    WholeUrl,
    /// The query was left out.
    NoQuery,
    /// The right signature, written in hex instead of base64.
    Hex,
    /// The right signature, written in base64url instead of base64.
    Base64Url,
    /// Not text that could be a signature at all.
    NotBase64,
    /// None of the above: another secret or key, or another text.
    Unknown,
}

impl Cause {
    /// What to do, in a sentence.
    #[must_use]
    pub const fn advice(self) -> &'static str {
        match self {
            Self::RawBody => {
                "Hash the minified body: blanks and line ends outside strings do not count."
            }
            Self::EmptyBody => "Hash the body that is sent, of DELETE as well.",
            Self::BearerInToken => "Sign the token alone, without the word Bearer.",
            Self::EmptyToken => "Put the access token between the path and the hash of the body.",
            Self::LowerCaseMethod => "Sign the method in capitals.",
            Self::WholeUrl => "Sign the path only, without scheme and host.",
            Self::NoQuery => "Sign the path with its query.",
            Self::Hex => "The signature is right; write it in base64, not in hex.",
            Self::Base64Url => {
                "The signature is right; write it in standard base64 with + and / and padding."
            }
            Self::NotBase64 => "Send the signature's bytes in standard base64 and nothing else.",
            Self::Unknown => {
                "Compare your string-to-sign with the expected one, byte for byte; if they are the same, the secret or key is another one."
            }
        }
    }
}

/// The last entries, and how many there were in all.
#[derive(Debug)]
pub(crate) struct Journal {
    capacity: usize,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    last: u64,
    entries: VecDeque<Arc<JournalEntry>>,
}

impl Journal {
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            capacity,
            kept: Mutex::new(Kept::default()),
        }
    }

    /// Adds an entry, and gives the number that it gets.
    pub(crate) fn record(&self, mut entry: JournalEntry) -> u64 {
        let mut kept = self.lock();
        kept.last += 1;
        entry.number = kept.last;
        let oldest = if kept.entries.len() >= self.capacity {
            kept.entries.pop_front()
        } else {
            None
        };
        let number = kept.last;
        kept.entries.push_back(Arc::new(entry));
        drop(kept);
        // Freed outside the lock.
        drop(oldest);
        number
    }

    /// The entries that are kept with a number above `after`, oldest first.
    pub(crate) fn after(&self, after: u64) -> Vec<Arc<JournalEntry>> {
        let kept = self.lock();
        let first = kept.entries.front().map_or(0, |entry| entry.number);
        let skip = after.saturating_add(1).saturating_sub(first);
        let skip = usize::try_from(skip).unwrap_or(usize::MAX);
        kept.entries.iter().skip(skip).cloned().collect()
    }

    /// The number of the last entry.
    pub(crate) fn last(&self) -> u64 {
        self.lock().last
    }

    pub(crate) fn clear(&self) {
        *self.lock() = Kept::default();
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        // Numbering and adding are one step for every reader, panic or not.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
