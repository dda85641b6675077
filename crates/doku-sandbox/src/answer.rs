//! Answers in DOKU's words: a response code, a message, and a body.

use std::borrow::Cow;

use bytes::Bytes;
use doku_model::wire::{self, Text, VirtualAccountResponse};
use doku_model::{Fault, FieldError, Operation, ResponseCode, VirtualAccountNo};

/// The message of every success.
pub(crate) const SUCCESSFUL: &str = "Successful";

/// A finished answer.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub(crate) struct Answer {
    /// The HTTP status.
    pub(crate) status: u16,
    /// `responseCode`.
    pub(crate) code: ResponseCode,
    /// `responseMessage`.
    pub(crate) message: Cow<'static, str>,
    /// The JSON.
    #[serde(with = "text")]
    pub(crate) body: Bytes,
    /// More than the body says, for the journal.
    pub(crate) reason: Option<Cow<'static, str>>,
}

impl Answer {
    /// The success of an operation, whose payload has the code and the message in it.
    pub(crate) fn success<T: serde::Serialize>(operation: Operation, payload: &T) -> Self {
        Self {
            status: 200,
            code: operation.success(),
            message: Cow::Borrowed(SUCCESSFUL),
            body: wire::encode(payload).into(),
            reason: None,
        }
    }

    /// The bare conflict: an external id that was used for another call.
    pub(crate) fn conflict(operation: Operation) -> Self {
        Refusal::of(operation, 409, 0, "Conflict").into()
    }

    /// DOKU's own failure, in the words of the table where it has some.
    pub(crate) fn out_of_order(operation: Operation, status: u16) -> Self {
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

    /// This answer once more, as DOKU repeats one: the same body under HTTP 409.
    pub(crate) fn repeated(self) -> Self {
        Self {
            status: 409,
            ..self
        }
    }
}

/// The body as it is kept: answers are JSON that was written here, and so text.
mod text {
    use bytes::Bytes;
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(
        bytes: &Bytes,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&String::from_utf8_lossy(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Bytes, D::Error> {
        String::deserialize(from).map(Bytes::from)
    }
}

/// A call that is not done, and the code and message that say so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: ResponseCode,
    pub(crate) message: Cow<'static, str>,
    /// What to do about it, for the journal.
    pub(crate) reason: Option<Cow<'static, str>>,
}

impl Refusal {
    pub(crate) fn of(
        operation: Operation,
        http_status: u16,
        case: u8,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            code: ResponseCode::of(http_status, operation.service(), case),
            message: message.into(),
            reason: None,
        }
    }

    /// The same refusal, with more than DOKU would say.
    pub(crate) fn because(self, reason: impl Into<Cow<'static, str>>) -> Self {
        Self {
            reason: Some(reason.into()),
            ..self
        }
    }

    /// A mandatory header or member is not there.
    pub(crate) fn missing(operation: Operation, field: &str) -> Self {
        Self::of(
            operation,
            400,
            2,
            format!("Invalid Mandatory Field {{{field}}}"),
        )
    }

    /// A header or member has the wrong form.
    pub(crate) fn format(operation: Operation, field: &str) -> Self {
        Self::of(
            operation,
            400,
            1,
            format!("Invalid Field Format {{{field}}}"),
        )
    }

    /// The body is no JSON.
    pub(crate) fn bad_request(operation: Operation) -> Self {
        Self::of(operation, 400, 0, "Bad Request")
    }

    /// Not who the caller claims to be.
    pub(crate) fn unauthorized(operation: Operation, reason: &str) -> Self {
        Self::of(operation, 401, 0, format!("Unauthorized. {reason}"))
    }

    /// The bearer is none of ours, or has expired.
    pub(crate) fn invalid_token(operation: Operation) -> Self {
        Self::of(operation, 401, 1, "Access Token Invalid (B2B)")
    }

    /// The BIN is unknown, or not set up for what the numbers suppose.
    pub(crate) fn bin(operation: Operation, partner_service_id: &str) -> Self {
        let message = format!(
            "Feature Not Allowed [Identifier for BIN {} not configured properly]",
            partner_service_id.trim_start()
        );
        Self::of(operation, 403, 1, message)
    }

    /// The three numbers do not fit together.
    pub(crate) fn combination(operation: Operation) -> Self {
        let message = match operation {
            Operation::DeleteVa => {
                "Transaction Not Permitted [virtualAccountNo should be equal to partnerServiceId + customerNo]"
            }
            _ => {
                "Transaction Not Permitted [Combination of partnerServiceId, customerNo, and virtualAccountNo]"
            }
        };
        Self::of(operation, 403, 15, message)
    }

    /// There is no such virtual account to change.
    pub(crate) fn bill_not_found(operation: Operation) -> Self {
        Self::of(
            operation,
            404,
            12,
            "Invalid Bill/Virtual Account [Not Found]",
        )
    }

    /// It was paid, and may be paid only once.
    pub(crate) fn paid_bill(operation: Operation) -> Self {
        Self::of(operation, 404, 14, "Paid Bill").because("it was paid, and may be paid only once")
    }

    /// It has expired, or the trxId is another one's.
    pub(crate) fn invalid_bill(operation: Operation) -> Self {
        Self::of(operation, 404, 19, "Invalid Bill/Virtual Account")
    }

    /// What is wrong with a member, in DOKU's codes.
    pub(crate) fn field(operation: Operation, error: &FieldError) -> Self {
        let refusal = match error.fault() {
            Fault::Missing => Self::missing(operation, error.field()),
            Fault::Rule { .. } if error.field() == VirtualAccountNo::FIELD => {
                Self::combination(operation)
            }
            _ => Self::format(operation, error.field()),
        };
        refusal.because(error.to_string())
    }
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        let body = wire::encode(&VirtualAccountResponse {
            response_code: Some(Text::from(refusal.code.as_str())),
            response_message: Some(Text::from(&*refusal.message)),
            ..VirtualAccountResponse::default()
        });
        Self {
            status: refusal.code.http_status().unwrap_or(500),
            code: refusal.code,
            message: refusal.message,
            body: body.into(),
            reason: refusal.reason,
        }
    }
}
