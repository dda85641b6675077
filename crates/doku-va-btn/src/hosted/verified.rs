//! What was verified, in a wrapper that only the verifier can make.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use doku_model::Operation;
use time::OffsetDateTime;

use crate::dialect::TokenSlot;

/// Something DOKU said, proven by its signature.
///
/// Handlers take nothing else, and nobody but the endpoints can make one, so a payment that nobody verified never reaches
/// the code that fulfils an order. It is read like the value inside.
///
/// It has no constructor:
///
/// ```compile_fail,E0451
/// use doku_model::request::Payment;
/// use doku_va_btn::hosted::Verified;
///
/// fn forge(other: Verified<Payment>, value: std::sync::Arc<Payment>) -> Verified<Payment> {
///     Verified { value, ..other }
/// }
/// ```
///
/// The one it has belongs to the verifier:
///
/// ```compile_fail,E0624
/// use doku_model::request::Payment;
/// use doku_va_btn::hosted::Verified;
///
/// fn forge(payment: Payment, other: &Verified<Payment>) -> Verified<Payment> {
///     Verified::new(payment, other.call().clone(), other.freshness())
/// }
/// ```
///
/// A value is not converted into one:
///
/// ```compile_fail,E0277
/// use doku_model::request::Payment;
/// use doku_va_btn::hosted::Verified;
///
/// fn forge(payment: Payment) -> Verified<Payment> {
///     payment.into()
/// }
/// ```
///
/// What is inside cannot be changed:
///
/// ```compile_fail,E0594
/// use doku_model::request::Payment;
/// use doku_va_btn::hosted::Verified;
///
/// fn forge(mut payment: Verified<Payment>) {
///     payment.paid_amount = "1.00".parse().unwrap();
/// }
/// ```
///
/// And it is not read from a store:
///
/// ```compile_fail,E0277
/// use doku_model::request::Payment;
/// use doku_va_btn::hosted::Verified;
///
/// fn forge(json: &str) -> Verified<Payment> {
///     serde_json::from_str(json).unwrap()
/// }
/// ```
///
/// Nor does a default exist:
///
/// ```compile_fail,E0277
/// use doku_model::request::Inquiry;
/// use doku_va_btn::hosted::Verified;
///
/// fn is_default<T: Default>() {}
/// is_default::<Verified<Inquiry>>();
/// ```
pub struct Verified<T> {
    value: Arc<T>,
    call: RawCall,
    freshness: Freshness,
}

impl<T> Verified<T> {
    pub(super) fn new(value: T, call: RawCall, freshness: Freshness) -> Self {
        Self {
            value: Arc::new(value),
            call,
            freshness,
        }
    }

    /// The call that carried it, as it arrived.
    #[must_use]
    pub const fn call(&self) -> &RawCall {
        &self.call
    }

    /// How the call was known to be fresh.
    #[must_use]
    pub const fn freshness(&self) -> Freshness {
        self.freshness
    }

    /// What a verified value says of itself is verified, too.
    pub(super) fn map<U>(&self, change: impl FnOnce(&T) -> U) -> Verified<U> {
        Verified::new(change(&self.value), self.call.clone(), self.freshness)
    }
}

impl<T> Deref for Verified<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> Clone for Verified<T> {
    fn clone(&self) -> Self {
        Self {
            value: Arc::clone(&self.value),
            call: self.call.clone(),
            freshness: self.freshness,
        }
    }
}

impl<T: fmt::Debug> fmt::Debug for Verified<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified")
            .field("value", &self.value)
            .field("call", &self.call)
            .field("freshness", &self.freshness)
            .finish()
    }
}

/// How a genuine call was known to be fresh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Freshness {
    /// It presents a bearer of ours that is alive.
    LiveBearer,
    /// It presents a bearer of ours that expired this long ago: a notification that was sent again, accepted because a
    /// refusal would lose a payment.
    LateBearer {
        /// How long ago, to the second.
        by: Duration,
    },
    /// It presents none of ours. X-TIMESTAMP lies within the window, which for a notification reaches back 24 hours.
    Timestamp {
        /// What stood in the token's place of the signature.
        slot: TokenSlot,
    },
}

/// A genuine call as it arrived, for storing beside what was understood of it, or instead where nothing was.
///
/// Without the bearer, which is a secret. Cheap to clone. `Debug` shows lengths only: the body holds personal data.
#[derive(Clone)]
pub struct RawCall(Arc<Call>);

struct Call {
    operation: Operation,
    /// Path, timestamp, signature and external id, one after the other: a single allocation.
    texts: Box<str>,
    /// Where each of the first three ends.
    ends: [usize; 3],
    body: Bytes,
    received_at: OffsetDateTime,
}

/// The headers of a call that are kept.
#[derive(Clone, Copy)]
pub(super) struct KeptHeaders<'h> {
    pub(super) timestamp: &'h str,
    pub(super) signature: &'h str,
    pub(super) external_id: Option<&'h str>,
}

impl RawCall {
    pub(super) fn new(
        operation: Operation,
        path: &str,
        headers: KeptHeaders<'_>,
        body: Bytes,
        received_at: OffsetDateTime,
    ) -> Self {
        let external_id = headers.external_id.unwrap_or_default();
        let texts = [path, headers.timestamp, headers.signature, external_id];
        let ends = [
            path.len(),
            path.len() + headers.timestamp.len(),
            path.len() + headers.timestamp.len() + headers.signature.len(),
        ];
        Self(Arc::new(Call {
            operation,
            texts: texts.concat().into(),
            ends,
            body,
            received_at,
        }))
    }

    /// What was called: an inquiry or a payment notification.
    #[must_use]
    pub fn operation(&self) -> Operation {
        self.0.operation
    }

    /// The path that DOKU signed, see [`SignedPath`](super::SignedPath). Its query is there only if it was signed, too.
    #[must_use]
    pub fn path(&self) -> &str {
        let [end, ..] = self.0.ends;
        self.text(0, end)
    }

    /// X-TIMESTAMP, exactly as it was signed.
    #[must_use]
    pub fn timestamp(&self) -> &str {
        let [start, end, _] = self.0.ends;
        self.text(start, end)
    }

    /// X-SIGNATURE, in base64.
    #[must_use]
    pub fn signature(&self) -> &str {
        let [_, start, end] = self.0.ends;
        self.text(start, end)
    }

    /// X-EXTERNAL-ID, cut at 128 characters, for finding the call in DOKU's logs. It is not signed: it may be missing,
    /// repeated or anybody's invention, and must not identify anything.
    #[must_use]
    pub fn unsigned_external_id(&self) -> Option<&str> {
        let [.., start] = self.0.ends;
        Some(self.text(start, self.0.texts.len())).filter(|id| !id.is_empty())
    }

    fn text(&self, start: usize, end: usize) -> &str {
        self.0.texts.get(start..end).unwrap_or_default()
    }

    /// The body, byte for byte.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.0.body
    }

    /// When it arrived.
    #[must_use]
    pub fn received_at(&self) -> OffsetDateTime {
        self.0.received_at
    }
}

impl fmt::Debug for RawCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawCall")
            .field("operation", &self.operation())
            .field("timestamp", &self.timestamp())
            .field("body_bytes", &self.body().len())
            .finish_non_exhaustive()
    }
}
