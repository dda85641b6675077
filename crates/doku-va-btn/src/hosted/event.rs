//! What the merchant learns and the caller does not.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use bytes::Bytes;
use doku_model::request::Inquiry;
use doku_model::{Operation, ResponseCode};
use doku_sign::diagnose::{Diagnosis, Language};
use http::Response;

use super::handled::StoreError;
use super::handlers::HandlerError;
use super::notification::Notification;
use super::refusal::Refusal;
use super::reply;
use super::verified::{RawCall, Verified};

/// Something a merchant should know of. Fit for logs: `Debug` holds no secret, no token, and of personal data only lengths.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event {
    /// A call was refused.
    Refused(Refused),
    /// A genuine notification was not acknowledged. DOKU will send it again, three times in 12 hours.
    NotAcknowledged {
        /// It.
        notification: Verified<Notification>,
        /// Why.
        failure: Failure,
    },
    /// A notification speaks of a payment that was notified before with other money. The handler gets it, flagged.
    OtherMoney(Verified<Notification>),
    /// A notification was handled and acknowledged, and the store did not take note: a repeat will reach the handler again.
    NotRecorded {
        /// It.
        notification: Verified<Notification>,
        /// Why.
        failure: Failure,
    },
    /// A genuine inquiry could not be answered.
    NotAnswered {
        /// It.
        inquiry: Verified<Inquiry>,
        /// Why.
        failure: Failure,
    },
}

/// A call that was refused.
#[derive(Debug)]
#[non_exhaustive]
pub struct Refused {
    /// What was called.
    pub operation: Operation,
    /// Why, which the caller does not learn.
    pub refusal: Refusal,
    /// What the caller was told.
    pub response_code: ResponseCode,
    /// The call, where its signature proves that it is DOKU's. A notification that stands here is a payment somebody
    /// made: store it and check it by hand.
    pub genuine: Option<RawCall>,
    /// What is wrong with the signature, where that was the reason and the minute had a diagnosis left
    /// ([`Bounds::diagnoses`](super::Bounds::diagnoses)). Never tell the caller.
    pub diagnosis: Option<Box<Diagnosis>>,
}

impl Refused {
    /// What the caller is told: the response code, and SNAP BI's words for it.
    #[must_use]
    pub fn answer(&self) -> Response<Bytes> {
        reply::told(self.operation, &self.refusal.told(self.operation))
    }

    /// The cause in a few words, where it is known.
    fn cause(&self) -> Option<String> {
        let cause = self.diagnosis.as_ref()?.cause()?;
        Some(cause.describe(Language::English))
    }
}

/// Why the merchant's side did not do its part.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// The handler returned an error.
    #[error("the handler failed: {0}")]
    Handler(#[source] HandlerError),
    /// A handler or a store panicked.
    #[error("the handler or the store panicked")]
    Panicked,
    /// A handler or a store took too long.
    #[error("the handler or the store took too long")]
    TimedOut,
    /// The store of handled notifications failed.
    #[error(transparent)]
    Store(StoreError),
    /// Another process is handling the same notification.
    #[error("another process is handling the same notification")]
    Elsewhere,
    /// There is no tokio runtime to handle it on.
    #[error("there is no tokio runtime; poll the endpoints on one")]
    NoRuntime,
}

/// Takes the events of the endpoints.
///
/// Called on the task of the request, before the answer leaves. Be quick, for instance hand over to a channel; a panic is
/// caught. Every event is also traced.
///
/// ```
/// use doku_va_btn::hosted::{Event, EventSink};
///
/// #[derive(Debug)]
/// struct ToQueue(std::sync::mpsc::SyncSender<Event>);
///
/// impl EventSink for ToQueue {
///     fn event(&self, event: Event) {
///         // A full queue loses an event, and holds nobody up.
///         let _ = self.0.try_send(event);
///     }
/// }
/// ```
pub trait EventSink: Send + Sync + 'static {
    /// Takes one.
    fn event(&self, event: Event);
}

impl<S: EventSink + ?Sized> EventSink for Arc<S> {
    fn event(&self, event: Event) {
        (**self).event(event);
    }
}

/// Whoever asks for no events has them in the trace.
pub(super) struct TraceOnly;

impl EventSink for TraceOnly {
    fn event(&self, _: Event) {}
}

/// Traces and hands over.
pub(super) fn report(sink: &dyn EventSink, event: Event) {
    match &event {
        Event::Refused(refused) => tracing::warn!(
            operation = %refused.operation,
            code = %refused.response_code,
            genuine = refused.genuine.is_some(),
            reason = %refused.refusal,
            cause = refused.cause(),
            "a call was refused"
        ),
        Event::NotAcknowledged {
            notification,
            failure,
        } => tracing::error!(
            payment = %notification.key(),
            reason = %failure,
            "a payment was not acknowledged"
        ),
        Event::OtherMoney(notification) => tracing::error!(
            payment = %notification.key(),
            "a payment was notified with other money than before"
        ),
        Event::NotRecorded {
            notification,
            failure,
        } => tracing::error!(
            payment = %notification.key(),
            reason = %failure,
            "a payment was handled and not recorded as such"
        ),
        Event::NotAnswered { failure, .. } => {
            tracing::error!(reason = %failure, "an inquiry was not answered");
        }
    }
    if catch_unwind(AssertUnwindSafe(|| sink.event(event))).is_err() {
        tracing::error!("the event sink panicked");
    }
}
