//! The shapes of `--output json`. Members are only ever added; the crate's README lists them.

use doku::{Answer, Outcome, PaymentStatus, UnknownStatus, VirtualAccount};
use serde::Serialize;

use crate::exit::Failure;

/// What every answer of DOKU tells.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Call {
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_message: Option<String>,
    attempts: u32,
}

impl From<&Answer> for Call {
    fn from(answer: &Answer) -> Self {
        Self {
            external_id: answer.external_id().map(ToString::to_string),
            response_code: answer.response_code().map(ToString::to_string),
            response_message: answer.message().map(str::to_owned),
            attempts: answer.attempts(),
        }
    }
}

/// A virtual account that was created, changed, deleted or found.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Account<'a> {
    pub(crate) operation: &'static str,
    /// Of a create: whether the account was there before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) existed: Option<bool>,
    /// Of an update that changed it: ACTIVE or INACTIVE.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) virtual_account_status: Option<&'static str>,
    #[serde(flatten)]
    pub(crate) call: Call,
    /// Digits only, as the customer types it.
    pub(crate) virtual_account_no: String,
    /// What `--va` takes.
    pub(crate) virtual_account: &'a VirtualAccount,
}

/// What check status says.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Status<'a> {
    operation: &'static str,
    #[serde(flatten)]
    call: Call,
    virtual_account_no: String,
    trx_id: &'a str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    paid_amount: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_request_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'static str>,
}

impl<'a> Status<'a> {
    pub(crate) fn new(va: &'a VirtualAccount, status: &PaymentStatus, answer: &Answer) -> Self {
        let (paid_amount, payment_request_id) = match status {
            PaymentStatus::Paid {
                amount,
                payment_request_id,
            } => (
                amount.map(|amount| amount.to_string()),
                payment_request_id.as_ref().map(ToString::to_string),
            ),
            _ => (None, None),
        };
        Self {
            operation: "status",
            call: answer.into(),
            virtual_account_no: va.number_as_typed(),
            trx_id: va.trx_id().as_str(),
            status: word(status),
            paid_amount,
            payment_request_id,
            why: why(status),
        }
    }
}

/// A status in one word.
pub(crate) const fn word(status: &PaymentStatus) -> &'static str {
    match status {
        PaymentStatus::Paid { .. } => "paid",
        PaymentStatus::Pending => "pending",
        PaymentStatus::Expired => "expired",
        _ => "unknown",
    }
}

const fn why(status: &PaymentStatus) -> Option<&'static str> {
    match status {
        PaymentStatus::Unknown(UnknownStatus::NotIdentified) => Some("notIdentified"),
        PaymentStatus::Unknown(UnknownStatus::NotFound) => Some("notFound"),
        PaymentStatus::Unknown(UnknownStatus::UnknownWord) => Some("unknownWord"),
        _ => None,
    }
}

/// A token that was got.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Token<'a> {
    pub(crate) operation: &'static str,
    pub(crate) usable_for_seconds: u64,
    /// The credentials that the grant proves, as the configuration calls them.
    pub(crate) accepted: &'static [&'static str],
    /// The credentials that it says nothing of.
    pub(crate) not_tested: &'static [&'static str],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) access_token: Option<&'a str>,
}

/// A key pair that was made.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Keys {
    pub(crate) operation: &'static str,
    pub(crate) private_key_file: String,
    pub(crate) public_key_file: String,
    pub(crate) bits: usize,
    pub(crate) fingerprint: String,
}

/// A run that failed.
#[derive(Debug, Serialize)]
pub(crate) struct Failed<'a> {
    error: Error<'a>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Error<'a> {
    kind: &'static str,
    exit_code: u8,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    because: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    http_status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<&'a str>,
}

impl<'a> From<&'a Failure> for Failed<'a> {
    fn from(failure: &'a Failure) -> Self {
        let call = failure.call.as_deref();
        Self {
            error: Error {
                kind: failure.exit.kind(),
                exit_code: failure.exit.code(),
                message: &failure.message,
                because: failure.because.as_deref(),
                outcome: call.map(|call| match call.outcome {
                    Outcome::NotDone => "notDone",
                    Outcome::Unknown => "unknown",
                }),
                external_id: call.and_then(|call| call.external_id.as_deref()),
                response_code: call.and_then(|call| call.response_code.as_deref()),
                http_status: call.and_then(|call| call.http_status),
                next: failure.next.as_deref(),
            },
        }
    }
}
