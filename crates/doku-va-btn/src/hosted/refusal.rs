//! Why a call was refused, and what little of it the caller is told.

use std::borrow::Cow;
use std::time::Duration;

use doku_model::wire::DecodeError;
use doku_model::{FieldError, Operation, ResponseCode};
use doku_sign::{AuthorizationError, IssueError, SignatureError, TokenError};

use crate::dialect::TokenSlot;

/// Why a call was refused.
///
/// This is for the merchant. The caller learns a response code and the words SNAP BI has for it. `Display` is one line
/// and holds no secret, no token and nothing of the body.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// There is no handler for such calls here.
    #[error("no handler was given for this operation")]
    NotHosted,
    /// The body is larger than is read. It was not looked at.
    #[error("the body has {found} bytes or more, at most {limit} are read")]
    TooLarge {
        /// Bytes it has at least.
        found: usize,
        /// Bytes it may have.
        limit: usize,
    },
    /// The body did not arrive in time.
    #[error("the body did not arrive in time")]
    TooSlow,
    /// The body broke off.
    #[error("the connection broke in the middle of the body")]
    BrokenOff,
    /// Another method than `POST`.
    #[error("the method is not POST")]
    Method,
    /// A header that is read is not as it must be.
    #[error("the header {name} {fault}")]
    Header {
        /// Its name.
        name: &'static str,
        /// What is wrong with it.
        fault: HeaderFault,
    },
    /// No bearer, and no reading that does without is switched on.
    #[error(
        "there is no bearer token; if DOKU sends none, switch on the empty token slot or the merchant's own token"
    )]
    NoBearer,
    /// The header Authorization holds no bearer.
    #[error(transparent)]
    Authorization(AuthorizationError),
    /// X-CLIENT-KEY names somebody else.
    #[error("X-CLIENT-KEY is not the configured client id")]
    UnknownClient,
    /// X-SIGNATURE cannot be a signature.
    #[error("X-SIGNATURE: {0}")]
    Unreadable(SignatureError),
    /// The signature fits nothing it may fit.
    #[error("the signature does not match; expected one over {}", .0.first())]
    Mismatch(Box<SignatureFacts>),
    /// The signature is genuine by a reading that is not switched on.
    #[error(
        "the signature is genuine with {0} in the token slot, a reading that is not switched on"
    )]
    SlotNotEnabled(TokenSlot),
    /// The signature is genuine, and the bearer is not a valid one of ours.
    #[error("the bearer is refused: {0}")]
    Bearer(#[source] TokenError),
    /// X-TIMESTAMP is needed and cannot be read.
    #[error("{0}")]
    Timestamp(#[source] FieldError),
    /// X-TIMESTAMP is too old.
    #[error("X-TIMESTAMP is {} s old; check the clocks", by.as_secs())]
    Stale {
        /// How old.
        by: Duration,
    },
    /// X-TIMESTAMP is too far ahead.
    #[error("X-TIMESTAMP is {} s ahead; check the clocks", by.as_secs())]
    Early {
        /// How far.
        by: Duration,
    },
    /// The body is not UTF-8.
    #[error("the body is not UTF-8")]
    NotUtf8,
    /// The body is nested deeper than any call is.
    #[error("the body is nested too deeply")]
    TooDeep,
    /// The body is not the payload it should be.
    #[error(transparent)]
    Undecodable(DecodeError),
    /// A member does not hold what is needed.
    #[error(transparent)]
    Field(FieldError),
    /// The token could not be signed. The request was in order.
    #[error("no token was issued: {0}")]
    NotIssued(#[source] IssueError),
}

/// Why the body of a call did not arrive whole, as whoever reads the connection sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BodyFault {
    /// It is longer than [`Bounds::body`](super::Bounds::body).
    TooLarge {
        /// Bytes it has at least: those announced, or those read.
        found: usize,
    },
    /// It did not arrive within [`Bounds::arrival`](super::Bounds::arrival).
    TooSlow,
    /// The connection broke.
    BrokenOff,
}

/// What is wrong with a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HeaderFault {
    /// Absent or empty.
    #[error("is missing or empty")]
    Missing,
    /// There more than once: two readers might each take another one.
    #[error("stands there more than once")]
    Repeated,
    /// Longer than is read.
    #[error("has {found} bytes, at most {limit} are read")]
    TooLong {
        /// Bytes it has.
        found: usize,
        /// Bytes it may have.
        limit: usize,
    },
    /// Other characters than printable ASCII.
    #[error("holds other characters than printable ASCII")]
    NotAscii,
}

/// What is known of a signature that fits nothing.
///
/// Tokens are masked, so that it may be logged.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignatureFacts {
    /// The strings-to-sign that it was compared with, the likeliest first: one for each reading that is switched on, over
    /// the minified body.
    pub expected: Vec<String>,
    /// Bytes of the signature that was presented; 64 are right for a transaction.
    pub presented_bytes: usize,
    /// Bytes of the body as it arrived.
    pub body_bytes: usize,
}

impl SignatureFacts {
    fn first(&self) -> &str {
        self.expected.first().map_or("nothing", String::as_str)
    }
}

/// What the caller is told: HTTP status, case code and a message of SNAP BI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) status: u16,
    pub(super) case: u8,
    pub(super) message: Cow<'static, str>,
}

impl Told {
    pub(super) const fn new(status: u16, case: u8, message: &'static str) -> Self {
        Self {
            status,
            case,
            message: Cow::Borrowed(message),
        }
    }

    /// The handler failed, or something around it.
    pub(super) const GENERAL_ERROR: Self = Self::new(500, 0, "General Error");

    /// The handler took too long.
    pub(super) const TIMEOUT: Self = Self::new(504, 0, "Timeout");

    const INVALID_TOKEN: Self = Self::new(401, 1, "Invalid Token (B2B)");
    const TOKEN_NOT_FOUND: Self = Self::new(401, 3, "Token Not Found (B2B)");
    const INVALID_SIGNATURE: Self = Self::new(401, 0, "Unauthorized. Invalid Signature");
    const BAD_REQUEST: Self = Self::new(400, 0, "Bad Request");

    fn format(field: &str) -> Self {
        Self {
            status: 400,
            case: 1,
            message: format!("Invalid Field Format {{{field}}}").into(),
        }
    }

    fn mandatory(field: &str) -> Self {
        Self {
            status: 400,
            case: 2,
            message: format!("Invalid Mandatory Field {{{field}}}").into(),
        }
    }

    /// The code as `operation` spells it.
    pub(super) fn code(&self, operation: Operation) -> ResponseCode {
        ResponseCode::of(self.status, operation.service(), self.case)
    }
}

impl Refusal {
    /// What the caller of `operation` is told.
    pub(super) fn told(&self, operation: Operation) -> Told {
        match self {
            Self::NotHosted => Told::new(404, 2, "Invalid Routing"),
            Self::Method => Told::new(405, 0, "Requested Function Is Not Supported"),
            Self::TooLarge { .. } | Self::BrokenOff => Told::BAD_REQUEST,
            Self::TooSlow => Told::TIMEOUT,
            Self::Header { name, fault } => match fault {
                HeaderFault::Missing => Told::mandatory(name),
                _ => Told::format(name),
            },
            Self::NoBearer | Self::Authorization(AuthorizationError::NoToken) => {
                Told::TOKEN_NOT_FOUND
            }
            Self::Authorization(_) | Self::Bearer(_) => Told::INVALID_TOKEN,
            Self::UnknownClient => Told::new(401, 0, "Unauthorized. Unknown Client"),
            Self::Unreadable(_) | Self::Mismatch(_) | Self::SlotNotEnabled(_) => {
                Told::INVALID_SIGNATURE
            }
            Self::Timestamp(_) if operation != Operation::Payment => Told::format("X-TIMESTAMP"),
            Self::Timestamp(_) | Self::Stale { .. } | Self::Early { .. } => {
                Told::new(401, 0, "Unauthorized. Invalid Timestamp")
            }
            // A payment was made and we cannot read it: that is our failure, and DOKU shall send it again.
            Self::NotUtf8 | Self::TooDeep | Self::Undecodable(_) | Self::Field(_)
                if operation == Operation::Payment =>
            {
                Told::GENERAL_ERROR
            }
            Self::NotUtf8 | Self::TooDeep | Self::Undecodable(DecodeError::NotJson { .. }) => {
                Told::BAD_REQUEST
            }
            Self::Undecodable(DecodeError::Member { path }) if path != "." => Told::format(path),
            Self::Undecodable(_) => Told::BAD_REQUEST,
            Self::Field(error) => match error.fault() {
                doku_model::Fault::Missing => Told::mandatory(error.field()),
                _ => Told::format(error.field()),
            },
            Self::NotIssued(_) => Told::GENERAL_ERROR,
        }
    }
}
