//! What the merchant implements: one trait to be told of payments, one to be asked about numbers.

use std::sync::Arc;

use async_trait::async_trait;
use doku_model::request::Inquiry;
use doku_model::{
    Bill, Channel, FreeText, Timestamp, TrxId, VirtualAccountEmail, VirtualAccountName,
    VirtualAccountPhone,
};

use super::notification::Notification;
use super::verified::Verified;

/// Why a handler or a store did not do its work. Its text reaches the merchant's events, never the caller.
pub type HandlerError = Box<dyn std::error::Error + Send + Sync>;

/// Is told of payments.
///
/// # Contract
///
/// * `Ok` means that the payment is kept for good: DOKU is then told `2002500` and will not mention it again.
/// * A handler runs at least once until it succeeds. It is not run again for a repeat of what it handled, as far as the
///   store of handled notifications remembers, and never twice at a time for the same payment through the same endpoints.
/// * An error, a panic or taking longer than [`Bounds::payment`](super::Bounds::payment) answers 5xx, so that DOKU sends
///   again, about 30 minutes, 6 hours and 12 hours after the first time.
/// * It goes on when DOKU hangs up. When it takes too long its future is dropped at an `await`.
///
/// ```
/// use async_trait::async_trait;
/// use doku_va_btn::hosted::{HandlerError, Notification, PaymentHandler, Verified};
///
/// struct Orders;
///
/// #[async_trait]
/// impl PaymentHandler for Orders {
///     async fn paid(&self, notification: Verified<Notification>) -> Result<(), HandlerError> {
///         // Match trxId (or the number, for DIPC) and the amount against the order; keep the key.
///         println!("{} paid {}", notification.key(), notification.paid_amount);
///         Ok(())
///     }
/// }
/// ```
#[async_trait]
pub trait PaymentHandler: Send + Sync + 'static {
    /// Keeps the payment, and returns when it is kept.
    async fn paid(&self, notification: Verified<Notification>) -> Result<(), HandlerError>;
}

/// Is asked about the merchant's own numbers (DIPC).
///
/// Every inquiry is asked afresh, repeats included: what may be paid can change between two of them. A panic, or taking
/// longer than [`Bounds::inquiry`](super::Bounds::inquiry), answers 5xx.
#[async_trait]
pub trait InquiryHandler: Send + Sync + 'static {
    /// What there is to pay for the number.
    async fn inquire(&self, inquiry: Verified<Inquiry>) -> InquiryAnswer;
}

#[async_trait]
impl<H: PaymentHandler + ?Sized> PaymentHandler for Arc<H> {
    async fn paid(&self, notification: Verified<Notification>) -> Result<(), HandlerError> {
        (**self).paid(notification).await
    }
}

#[async_trait]
impl<H: InquiryHandler + ?Sized> InquiryHandler for Arc<H> {
    async fn inquire(&self, inquiry: Verified<Inquiry>) -> InquiryAnswer {
        (**self).inquire(inquiry).await
    }
}

/// What the merchant says of a number.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum InquiryAnswer {
    /// It may be paid: `2002400`.
    Found(Box<Payable>),
    /// There is no such number: `4042412`.
    NotFound,
    /// It was paid already: `4042414`.
    Paid,
    /// It may not be paid any more: `4042419`.
    Expired,
    /// The amount does not fit: `4042413`.
    InvalidAmount,
    /// The merchant cannot say just now: `5002401`.
    Unavailable,
}

/// What the payer is shown, and what may be paid.
///
/// ```
/// use doku_model::Bill;
/// use doku_va_btn::hosted::{InquiryAnswer, Payable};
///
/// let payable = Payable::new(
///     "Budi Santoso".parse()?,
///     Bill::Closed("25000.00".parse()?),
///     "INV_20240913001".parse()?,
/// )
/// .with_reusable(true);
/// let answer = InquiryAnswer::from(payable);
/// # Ok::<(), doku_model::FieldError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payable {
    pub(super) name: VirtualAccountName,
    pub(super) bill: Bill,
    pub(super) trx_id: TrxId,
    pub(super) email: Option<VirtualAccountEmail>,
    pub(super) phone: Option<VirtualAccountPhone>,
    pub(super) reusable: bool,
    pub(super) expired_date: Option<Timestamp>,
    pub(super) free_text: Vec<FreeText>,
    pub(super) channel: Option<Channel>,
}

impl Payable {
    /// What an answer needs: the name the payer sees, the bill with its limits, and the invoice number that comes back in
    /// the notification.
    #[must_use]
    pub const fn new(name: VirtualAccountName, bill: Bill, trx_id: TrxId) -> Self {
        Self {
            name,
            bill,
            trx_id,
            email: None,
            phone: None,
            reusable: false,
            expired_date: None,
            free_text: Vec::new(),
            channel: None,
        }
    }

    /// With the payer's e-mail address.
    #[must_use]
    pub fn with_email(mut self, email: VirtualAccountEmail) -> Self {
        self.email = Some(email);
        self
    }

    /// With the payer's phone number.
    #[must_use]
    pub fn with_phone(mut self, phone: VirtualAccountPhone) -> Self {
        self.phone = Some(phone);
        self
    }

    /// Whether it may be paid more than once; not, unless said here.
    #[must_use]
    pub const fn with_reusable(mut self, reusable: bool) -> Self {
        self.reusable = reusable;
        self
    }

    /// With the moment it stops being payable.
    #[must_use]
    pub fn with_expired_date(mut self, expired_date: Timestamp) -> Self {
        self.expired_date = Some(expired_date);
        self
    }

    /// With one more line for the payer.
    #[must_use]
    pub fn with_free_text(mut self, line: FreeText) -> Self {
        self.free_text.push(line);
        self
    }

    /// With another channel than the one DOKU asked for.
    #[must_use]
    pub fn with_channel(mut self, channel: Channel) -> Self {
        self.channel = Some(channel);
        self
    }
}

impl From<Payable> for InquiryAnswer {
    fn from(payable: Payable) -> Self {
        Self::Found(Box::new(payable))
    }
}
