//! A notification and its attempts, as they are shown.

use serde::{Deserialize, Serialize};

use crate::journal::{KnownName, Note};

/// A notification, and what came of it so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Notification {
    /// Counts up from 1; what a resend is asked for by.
    pub id: u64,
    /// The id of the payment.
    pub payment_request_id: String,
    /// The number that was paid, padded.
    pub virtual_account_no: String,
    /// The merchant's invoice number, where DOKU knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trx_id: Option<String>,
    /// What was paid, `11500.00`.
    pub paid_amount: String,
    /// Whether the merchant answered HTTP 200 with `2002500`.
    pub acknowledged: bool,
    /// When DOKU tries again by itself, in Western Indonesian Time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_attempt: Option<String>,
    /// The attempts, oldest first.
    pub attempts: Vec<Attempt>,
}

/// An attempt to tell the merchant of a payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Attempt {
    /// When, on the sandbox's clock, in Western Indonesian Time.
    pub at: String,
    /// Why it was made.
    pub trigger: Trigger,
    /// Its entry in the journal; none where the notification could not be sent at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub journal: Option<u64>,
    /// The HTTP status of the answer; 0 where there was none.
    pub status: u16,
    /// `responseCode` of the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_code: Option<String>,
    /// Whether the answer is an acknowledgement.
    pub acknowledged: bool,
    /// Why it is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What is missing or wrong in the answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    /// The fault that was ordered for it.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::journal::known_fault"
    )]
    pub fault: KnownName,
}

/// Why a notification was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Trigger {
    /// The payment.
    Payment,
    /// The schedule, because it was not acknowledged.
    Retry,
    /// It was held back, and the one after it went first.
    OutOfOrder,
    /// Somebody asked for it.
    Resend,
}
