//! What DOKU answered, kept whole beside what it means.

use std::fmt;

use bytes::Bytes;
use doku_model::{ExternalId, Meaning, Operation, ResponseCode};

/// One answer of DOKU: enough to find the call in DOKU's logs and in one's own.
///
/// `Debug` shows the length of the body only: it holds personal data.
#[derive(Clone)]
pub struct Answer {
    pub(crate) operation: Operation,
    pub(crate) external_id: Option<ExternalId>,
    pub(crate) attempts: u32,
    pub(crate) http_status: u16,
    pub(crate) response_code: Option<ResponseCode>,
    pub(crate) message: Option<String>,
    pub(crate) raw: Bytes,
}

impl Answer {
    /// What was asked.
    #[must_use]
    pub const fn operation(&self) -> Operation {
        self.operation
    }

    /// X-EXTERNAL-ID of the call, which DOKU calls the request id. The token call and how-to-pay have none.
    #[must_use]
    pub const fn external_id(&self) -> Option<&ExternalId> {
        self.external_id.as_ref()
    }

    /// How many times the request was sent, all under the same external id.
    #[must_use]
    pub const fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Whether it speaks of an earlier call: DOKU knew the external id, or the trxId, and made nothing new.
    ///
    /// An account that existed already may have been paid or deleted meanwhile; check status tells.
    #[must_use]
    pub fn is_of_an_earlier_call(&self) -> bool {
        self.http_status == 409
            || matches!(
                self.meaning(),
                Meaning::Conflict | Meaning::DuplicateReference | Meaning::AlreadySuccess
            )
    }

    /// The HTTP status.
    #[must_use]
    pub const fn http_status(&self) -> u16 {
        self.http_status
    }

    /// `responseCode`, where the answer has one.
    #[must_use]
    pub const fn response_code(&self) -> Option<&ResponseCode> {
        self.response_code.as_ref()
    }

    /// `responseMessage`, shortened to 200 characters and freed of control characters.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// The body, byte for byte.
    #[must_use]
    pub const fn raw(&self) -> &Bytes {
        &self.raw
    }

    /// The status that counts: the response code's, or HTTP's where there is no code that has one.
    pub(crate) fn status(&self) -> u16 {
        self.response_code
            .as_ref()
            .and_then(ResponseCode::http_status)
            .unwrap_or(self.http_status)
    }

    /// What the response code says.
    pub(crate) fn meaning(&self) -> Meaning {
        self.response_code
            .as_ref()
            .map_or(Meaning::Unknown, ResponseCode::meaning)
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.response_code {
            Some(code) => write!(f, "{code}")?,
            None => write!(f, "HTTP {} without a response code", self.http_status)?,
        }
        if let Some(message) = &self.message {
            write!(f, " {message:?}")?;
        }
        match &self.external_id {
            Some(id) => write!(f, " (external id {id})"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("operation", &self.operation)
            .field("external_id", &self.external_id)
            .field("attempts", &self.attempts)
            .field("http_status", &self.http_status)
            .field("response_code", &self.response_code)
            .field("message", &self.message)
            .field("raw", &format_args!("[{} bytes]", self.raw.len()))
            .finish()
    }
}

/// A value and the answer it was read from.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Response<T> {
    /// What the answer means.
    pub value: T,
    /// The answer itself.
    pub answer: Answer,
}

impl<T> Response<T> {
    pub(crate) const fn new(value: T, answer: Answer) -> Self {
        Self { value, answer }
    }

    /// The same answer with another reading.
    pub(crate) fn map<U>(self, read: impl FnOnce(T) -> U) -> Response<U> {
        Response {
            value: read(self.value),
            answer: self.answer,
        }
    }
}

/// A message for a person: at most 200 characters, none of them able to move the cursor.
pub(crate) fn presentable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}
