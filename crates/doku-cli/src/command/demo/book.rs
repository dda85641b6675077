//! The shop's book: what it was paid, what it is owed under numbers of its own, and whom it sent away.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use doku::hosted::{
    Event, EventSink, Freshness, HandlerError, InquiryAnswer, InquiryHandler, Notification,
    Payable, PaymentCode, PaymentHandler, PaymentKey, Refused, Verified,
};
use doku::model::request::Inquiry;
use doku::{Amount, FieldError, PositiveAmount};

/// One line of the book: a payment as DOKU told it.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) key: PaymentKey,
    pub(super) amount: PositiveAmount,
    /// X-EXTERNAL-ID of the notification.
    pub(super) external_id: Option<String>,
    pub(super) freshness: Freshness,
}

/// What somebody owes under a number that only the shop knows.
#[derive(Debug)]
struct Owed {
    code: PaymentCode,
    payable: Payable,
    paid: bool,
}

#[derive(Debug, Default)]
struct Pages {
    paid: Vec<Entry>,
    owed: Vec<Owed>,
    events: Vec<Event>,
}

/// The book. All clones are the same one.
#[derive(Debug, Clone, Default)]
pub(super) struct Book(Arc<Mutex<Pages>>);

impl Book {
    fn pages(&self) -> MutexGuard<'_, Pages> {
        // Every change is a single push or assignment.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The payments, in the order in which the handler was called: one that was handled twice stands there twice.
    pub(super) fn paid(&self) -> Vec<Entry> {
        self.pages().paid.clone()
    }

    /// What all payments come to.
    pub(super) fn takings(&self) -> Result<Amount, FieldError> {
        let entries = &self.pages().paid;
        Amount::from_sen(
            entries
                .iter()
                .map(|entry| entry.amount.amount().sen())
                .sum(),
        )
    }

    /// Writes down what may be paid under a number of the shop's own.
    pub(super) fn owe(&self, code: PaymentCode, payable: Payable) {
        self.pages().owed.push(Owed {
            code,
            payable,
            paid: false,
        });
    }

    /// The call that was refused since this was last asked; none unless it is the only event.
    pub(super) fn refused(&self) -> Option<Refused> {
        let mut events = std::mem::take(&mut self.pages().events);
        match (events.pop(), events.is_empty()) {
            (Some(Event::Refused(refused)), true) => Some(refused),
            _ => None,
        }
    }

    /// Whether anything is amiss that nobody asked about.
    pub(super) fn has_events(&self) -> bool {
        !self.pages().events.is_empty()
    }
}

#[async_trait]
impl PaymentHandler for Book {
    async fn paid(&self, notification: Verified<Notification>) -> Result<(), HandlerError> {
        let mut pages = self.pages();
        if let Some(owed) = pages
            .owed
            .iter_mut()
            .find(|owed| owed.code.is(&notification.virtual_account_no))
        {
            owed.paid = true;
        }
        let call = notification.call();
        pages.paid.push(Entry {
            key: notification.key().clone(),
            amount: notification.paid_amount,
            external_id: call.unsigned_external_id().map(str::to_owned),
            freshness: notification.freshness(),
        });
        Ok(())
    }
}

#[async_trait]
impl InquiryHandler for Book {
    async fn inquire(&self, inquiry: Verified<Inquiry>) -> InquiryAnswer {
        let pages = self.pages();
        let owed = pages
            .owed
            .iter()
            .find(|owed| owed.code.is(&inquiry.virtual_account_no));
        match owed {
            None => InquiryAnswer::NotFound,
            Some(Owed { paid: true, .. }) => InquiryAnswer::Paid,
            Some(Owed { payable, .. }) => payable.clone().into(),
        }
    }
}

impl EventSink for Book {
    fn event(&self, event: Event) {
        self.pages().events.push(event);
    }
}
