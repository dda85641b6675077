//! An entry: one request, and what became of it.

use std::borrow::Cow;

use doku_sign::diagnose::Cause;
use serde::{Deserialize, Deserializer, Serialize};

use crate::faults::{Direction, FaultKind, OperationName};

/// One of the names there are. Under its own name it is not taken for something borrowed from what is read.
pub(crate) type KnownName = Option<&'static str>;

/// One request and what became of it.
///
/// Secrets and tokens are never in it: the values of headers that carry them are replaced by their length, and
/// strings-to-sign are masked. Names and e-mail addresses of the body are in it, because in a sandbox they are test
/// data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "known_operation"
    )]
    pub operation: KnownName,
    /// The headers, names in lower case, in the order of arrival.
    pub headers: Vec<Header>,
    /// The body as text, cut after some KiB.
    pub body: String,
    /// How long the body was, in bytes.
    pub body_bytes: usize,
    /// What became of the request.
    pub verdict: Verdict,
    /// The HTTP status of the answer; 0 where none was sent.
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
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    /// What was found out about a signature that does not match.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<SignatureReport>,
    /// What DOKU signed, of a call to the merchant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<Signed>,
    /// The answer as text, cut after some KiB: DOKU's, or the merchant's. Of one that a fault spoilt, what was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// The fault that was ordered for it.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "known_fault"
    )]
    pub fault: KnownName,
}

impl JournalEntry {
    /// Says one more thing about it.
    pub(crate) fn add_reason(&mut self, more: &str) {
        self.reason = Some(match self.reason.take() {
            Some(reason) => format!("{reason}; {more}"),
            None => more.to_owned(),
        });
    }
}

/// A header of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Header {
    /// In lower case.
    pub name: String,
    /// The value, or its length in brackets where it may be a secret.
    pub value: String,
}

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Verdict {
    /// Done. Of a call to the merchant: answered with success, and understood.
    Accepted,
    /// Refused: not genuine, not understood, or against a rule. Of a call to the merchant: the answer is no success.
    Refused,
    /// Answered with an earlier answer, or with a conflict, because the external id was used before.
    Repeated,
    /// The answer was spoilt by a fault that was ordered: it is another one, comes late, in another order, or not at all.
    Faulted,
    /// The merchant gave no answer.
    Unanswered,
}

/// Something that DOKU accepts although its documentation says otherwise, or that is wrong in a merchant's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Note {
    /// The header or member.
    pub field: String,
    /// What is unusual about it.
    pub what: Cow<'static, str>,
}

/// What DOKU signed, for the merchant to compare with what it verifies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Signed {
    /// The string-to-sign, the token masked.
    pub string_to_sign: String,
    /// SHA-256 of the minified body, in lower-case hex, as it stands in that text. A request for a token signs no body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_sha256: Option<String>,
}

/// What was found out about a signature that does not match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    /// The mistake. None where none fits, and in an entry from before the sandbox was started again, of which the name is
    /// left.
    #[serde(skip)]
    pub cause: Option<Cause>,
    /// Its name, which is what JSON has as `cause`; `unknown` where none fits.
    #[serde(rename = "cause")]
    pub cause_name: Cow<'static, str>,
    /// Mistakes that were made beside it.
    #[serde(skip)]
    pub also: Vec<Cause>,
    /// Their names, which are what JSON has as `also`.
    #[serde(rename = "also", default, skip_serializing_if = "Vec::is_empty")]
    pub also_names: Vec<Cow<'static, str>>,
    /// The mistake is certain: the presented signature was made again with it, or it is plain to see. Otherwise it is
    /// what the signature looks like.
    pub proven: bool,
    /// What to do about it.
    pub advice: Cow<'static, str>,
    /// The same for people who read the page.
    #[serde(skip)]
    pub(crate) in_words: InWords,
}

/// The mistakes in both languages, and in Indonesian what the report itself tells in English.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InWords {
    pub(crate) english: Vec<String>,
    pub(crate) indonesian: Vec<String>,
    pub(crate) advice_indonesian: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) difference_indonesian: Option<String>,
}

/// The name of an operation, as one of those there are.
fn known_operation<'de, D: Deserializer<'de>>(from: D) -> Result<Option<&'static str>, D::Error> {
    let name: Option<String> = Option::deserialize(from)?;
    Ok(name.and_then(|name| Some(name.parse::<OperationName>().ok()?.as_str())))
}

/// The name of a fault, as one of those there are.
pub(crate) fn known_fault<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<&'static str>, D::Error> {
    let name: Option<String> = Option::deserialize(from)?;
    Ok(name.and_then(|name| FaultKind::named(&name)))
}
