//! What an answer says of its call: done, refused, failed, not decided, met before, or not to be understood.

use bytes::Bytes;
use doku_model::wire::{self, DecodeError, Text, VirtualAccountResponse};
use doku_model::{ExternalId, Meaning, Operation, ResponseCode};
use serde::Deserialize;

use crate::answer::{Answer, Response, presentable};
use crate::error::{Error, Mismatch, RESPONSE_CODE};

/// The two members that every answer has.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
struct Head<'a> {
    #[serde(default)]
    response_code: Option<Text<'a>>,
    #[serde(default)]
    response_message: Option<Text<'a>>,
}

/// An answer, and whether its head could be read.
pub(super) struct Received {
    pub(super) answer: Answer,
    head: Result<(), DecodeError>,
}

impl Received {
    /// Reads the head of an answer.
    pub(super) fn new(
        operation: Operation,
        external_id: Option<&ExternalId>,
        attempts: u32,
        http_status: u16,
        raw: Bytes,
    ) -> Self {
        let (head, response_code, message) = match wire::decode::<Head<'_>>(&raw) {
            Ok(head) => {
                let code = head
                    .response_code
                    .map(|code| ResponseCode::new(code.as_str().to_owned()));
                (
                    Ok(()),
                    code,
                    head.response_message.map(|text| presentable(text.as_str())),
                )
            }
            Err(error) => (Err(error), None, None),
        };
        let external_id = external_id.cloned();
        let answer = Answer {
            operation,
            external_id,
            attempts,
            http_status,
            response_code,
            message,
            raw,
        };
        Self { answer, head }
    }

    /// Success is the operation's own response code, whatever the HTTP status.
    pub(super) fn verdict(self) -> Verdict {
        let Self { answer, head } = self;
        if let Err(source) = head {
            return Verdict::NotUnderstood(answer, source);
        }
        let no_code = || DecodeError::Member {
            path: RESPONSE_CODE.to_owned(),
        };
        let Some(code) = answer.response_code.as_ref() else {
            return Verdict::NotUnderstood(answer, no_code());
        };
        if *code == answer.operation.success() {
            return Verdict::Success(answer);
        }
        let status = answer.status();
        match (code.meaning(), status) {
            (Meaning::Conflict | Meaning::DuplicateReference | Meaning::AlreadySuccess, _)
            | (_, 409) => Verdict::Earlier(answer),
            (_, 400..=499) => Verdict::Refused(answer),
            (_, 500..=599) => Verdict::Failed(answer),
            (_, 200..=299) if code.http_status().is_some() => Verdict::NotDecided(answer),
            _ => Verdict::NotUnderstood(answer, no_code()),
        }
    }

    /// The status that counts.
    pub(super) fn status(&self) -> u16 {
        self.answer.status()
    }

    /// Whether DOKU did not accept the token or the signature that was made with it.
    pub(super) fn is_unauthorised(&self) -> bool {
        self.status() == 401
    }
}

/// What an answer says of its call.
pub(super) enum Verdict {
    /// It was done.
    Success(Answer),
    /// It was refused, and not done.
    Refused(Answer),
    /// DOKU failed over it.
    Failed(Answer),
    /// It is not decided yet.
    NotDecided(Answer),
    /// The external id or the trxId was used before.
    Earlier(Answer),
    /// No telling.
    NotUnderstood(Answer, DecodeError),
}

/// How much an answer has to say before it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    /// The answer to this very request: what it says must not contradict it.
    Answer,
    /// The answer DOKU gave before to the same external id and body: it must say what it speaks of, and that must match.
    Repeated,
    /// An answer about something that another call made: whatever was asked for must be shown, and must match.
    Existing,
}

impl Verdict {
    /// The answer of a success and what it has to prove, or the error that says what it is instead.
    ///
    /// DOKU answers a repeated external id with the answer it gave before, under HTTP 409.
    pub(super) fn success(self) -> Result<(Answer, Proof), Error> {
        match self {
            Self::Success(answer) => {
                let proof = if answer.http_status == 409 {
                    Proof::Repeated
                } else {
                    Proof::Answer
                };
                Ok((answer, proof))
            }
            Self::Refused(answer) => Err(Error::Refused(Box::new(answer))),
            Self::Failed(answer) => Err(Error::Failed(Box::new(answer))),
            Self::NotDecided(answer) => Err(Error::NotDecided(Box::new(answer))),
            Self::Earlier(answer) => Err(Error::Conflict {
                answer: Box::new(answer),
                mismatch: Mismatch::NotShown,
            }),
            Self::NotUnderstood(answer, source) => Err(not_understood(answer, source)),
        }
    }

    /// The same, where an answer about something that exists already may turn out to be a success.
    pub(super) fn success_or_earlier(self) -> Result<(Answer, Proof), Error> {
        match self {
            Self::Earlier(answer) => {
                let proof = match answer.meaning() {
                    Meaning::Conflict => Proof::Repeated,
                    _ => Proof::Existing,
                };
                Ok((answer, proof))
            }
            other => other.success(),
        }
    }
}

/// Reads what an answer to create, update or delete says of an account, and makes of it what `check` finds.
pub(super) fn examined<T>(
    (answer, proof): (Answer, Proof),
    check: impl FnOnce(&VirtualAccountResponse<'_>, Proof) -> Result<T, Mismatch>,
) -> Result<Response<T>, Error> {
    // Cheap: the bytes are shared.
    let raw = answer.raw.clone();
    let response = match wire::decode::<VirtualAccountResponse<'_>>(&raw) {
        Ok(response) => response,
        Err(source) => return Err(not_understood(answer, source)),
    };
    match check(&response, proof) {
        Ok(value) => Ok(Response::new(value, answer)),
        Err(mismatch) => {
            let answer = Box::new(answer);
            Err(match proof {
                Proof::Answer => Error::Integrity { answer, mismatch },
                Proof::Repeated | Proof::Existing => Error::Conflict { answer, mismatch },
            })
        }
    }
}

pub(super) fn not_understood(answer: Answer, source: DecodeError) -> Error {
    Error::NotUnderstood {
        answer: Box::new(answer),
        source,
    }
}
