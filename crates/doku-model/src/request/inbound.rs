//! What DOKU asks and tells the merchant: an inquiry, a payment.
//!
//! Who refuses one of these loses a sale or, worse, a payment that was made. So only what the merchant cannot do
//! without is insisted on: the number, and of a payment its id and its amount. Any padding will do, and an ornament that
//! breaks its rule is read as absent.

use std::borrow::Cow;
use std::str::FromStr;

use crate::error::{Fault, FieldError};
use crate::value::{
    Amount, Channel, CustomerNo, InquiryRequestId, PartnerServiceId, PaymentRequestId,
    PositiveAmount, Timestamp, TrxId, TrxType, VirtualAccountEmail, VirtualAccountName,
    VirtualAccountNo, VirtualAccountPhone,
};
use crate::wire::{self, Text};

/// An inquiry: somebody stands at an ATM and typed this number (DIPC).
///
/// ```
/// use doku_model::request::Inquiry;
/// use doku_model::wire::{self, InquiryRequest};
///
/// let body = br#"{"partnerServiceId":"95962","customerNo":"2007","inquiryRequestId":"DIPC-1"}"#;
/// let inquiry = Inquiry::try_from(&wire::decode::<InquiryRequest<'_>>(body)?)?;
/// assert_eq!(inquiry.virtual_account_no.digits(), "959622007");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Inquiry {
    /// The number that is asked about. Compares equal in any padding.
    pub virtual_account_no: VirtualAccountNo,
    /// The merchant's BIN.
    pub partner_service_id: Option<PartnerServiceId>,
    /// The customer's part.
    pub customer_no: Option<CustomerNo>,
    /// The id of this inquiry. A bank that asks again may or may not use it again.
    pub inquiry_request_id: Option<InquiryRequestId>,
    /// When the payer asked.
    pub trx_date_init: Option<Timestamp>,
    /// The bank.
    pub channel: Option<Channel>,
    /// The merchant's invoice number, where DOKU knows one already.
    pub trx_id: Option<TrxId>,
}

/// A payment that was made. There is no status: that it is told means that it was paid.
///
/// ```
/// use doku_model::request::Payment;
/// use doku_model::wire::{self, PaymentRequest};
///
/// let body = br#"{"virtualAccountNo":"   959622007","paymentRequestId":"12839",
///                 "paidAmount":{"value":11500.0,"currency":"IDR"}}"#;
/// let payment = Payment::try_from(&wire::decode::<PaymentRequest<'_>>(body)?)?;
/// assert_eq!(payment.paid_amount.to_string(), "11500.00");
/// assert_eq!(payment.trx_id, None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Payment {
    /// The number that was paid. Compares equal in any padding.
    pub virtual_account_no: VirtualAccountNo,
    /// The merchant's BIN.
    pub partner_service_id: Option<PartnerServiceId>,
    /// The customer's part.
    pub customer_no: Option<CustomerNo>,
    /// The merchant's invoice number. Without one (DIPC) the payment is matched by its number.
    pub trx_id: Option<TrxId>,
    /// The id of the payment.
    pub payment_request_id: PaymentRequestId,
    /// What was paid.
    pub paid_amount: PositiveAmount,
    /// When it was paid.
    pub trx_date_time: Option<Timestamp>,
    /// The payer's name.
    pub name: Option<VirtualAccountName>,
    /// The payer's e-mail address.
    pub email: Option<VirtualAccountEmail>,
    /// The payer's phone number.
    pub phone: Option<VirtualAccountPhone>,
    /// The type of the bill.
    pub trx_type: Option<TrxType>,
    /// The bank.
    pub channel: Option<Channel>,
}

const PAID_AMOUNT: &str = "paidAmount.value";
const CURRENCY: &str = "paidAmount.currency";

impl TryFrom<&wire::InquiryRequest<'_>> for Inquiry {
    type Error = FieldError;

    fn try_from(request: &wire::InquiryRequest<'_>) -> Result<Self, FieldError> {
        let numbers = Asked::from_wire(
            request.partner_service_id.as_ref(),
            request.customer_no.as_ref(),
            request.virtual_account_no.as_ref(),
        )?;
        let info = request.additional_info.as_ref();
        Ok(Self {
            virtual_account_no: numbers.virtual_account_no,
            partner_service_id: numbers.partner_service_id,
            customer_no: numbers.customer_no,
            inquiry_request_id: ornament(request.inquiry_request_id.as_ref()),
            trx_date_init: ornament(request.trx_date_init.as_ref()),
            channel: ornament(info.and_then(|info| info.channel.as_ref())),
            trx_id: ornament(info.and_then(|info| info.trx_id.as_ref())),
        })
    }
}

impl TryFrom<&wire::PaymentRequest<'_>> for Payment {
    type Error = FieldError;

    fn try_from(request: &wire::PaymentRequest<'_>) -> Result<Self, FieldError> {
        let numbers = Asked::from_wire(
            request.partner_service_id.as_ref(),
            request.customer_no.as_ref(),
            request.virtual_account_no.as_ref(),
        )?;
        let info = request.additional_info.as_ref();
        let trx_id = present(request.trx_id.as_ref())
            .or_else(|| present(info.and_then(|info| info.trx_id.as_ref())));
        Ok(Self {
            virtual_account_no: numbers.virtual_account_no,
            partner_service_id: numbers.partner_service_id,
            customer_no: numbers.customer_no,
            // Not an ornament: read as absent, it would be matched to another order.
            trx_id: trx_id.map(str::parse).transpose()?,
            payment_request_id: present(request.payment_request_id.as_ref())
                .ok_or_else(|| FieldError::missing(PaymentRequestId::FIELD))?
                .parse()?,
            paid_amount: paid_amount(request.paid_amount.as_ref())?,
            trx_date_time: ornament(request.trx_date_time.as_ref()),
            name: ornament(request.virtual_account_name.as_ref()),
            email: ornament(request.virtual_account_email.as_ref()),
            phone: ornament(request.virtual_account_phone.as_ref()),
            trx_type: ornament(request.virtual_account_trx_type.as_ref()),
            channel: ornament(info.and_then(|info| info.channel.as_ref())),
        })
    }
}

/// The numbers of a call from DOKU. The whole number counts; where it is missing, its parts make it.
struct Asked {
    virtual_account_no: VirtualAccountNo,
    partner_service_id: Option<PartnerServiceId>,
    customer_no: Option<CustomerNo>,
}

impl Asked {
    fn from_wire(
        partner_service_id: Option<&Text<'_>>,
        customer_no: Option<&Text<'_>>,
        virtual_account_no: Option<&Text<'_>>,
    ) -> Result<Self, FieldError> {
        let partner_service_id: Option<PartnerServiceId> = ornament(partner_service_id);
        let customer_no: Option<CustomerNo> = ornament(customer_no);
        let virtual_account_no = match (
            present(virtual_account_no),
            &partner_service_id,
            &customer_no,
        ) {
            (Some(number), _, _) => number.parse()?,
            (None, Some(id), Some(no)) => VirtualAccountNo::of(id, no),
            (None, _, _) => return Err(FieldError::missing(VirtualAccountNo::FIELD)),
        };
        Ok(Self {
            virtual_account_no,
            partner_service_id,
            customer_no,
        })
    }
}

/// What a member says, without blanks around it; an empty one says nothing.
///
/// Blanks before a number are padding, and [`VirtualAccountNo`] does without them.
fn present<'t>(member: Option<&'t Text<'_>>) -> Option<&'t str> {
    let text = member?.as_str();
    // As a rule there are none, and looking for them from both ends costs more than the rest.
    let text = if text.starts_with(' ') || text.ends_with(' ') {
        text.trim_matches(' ')
    } else {
        text
    };
    (!text.is_empty()).then_some(text)
}

/// A member that we can do without.
fn ornament<T: FromStr>(member: Option<&Text<'_>>) -> Option<T> {
    present(member)?.parse().ok()
}

/// An amount as senders spell it: `11500.00`, `11500`, and from writers of JSON numbers `11500.0` and `11500.5`.
fn paid_amount(money: Option<&wire::Money<'_>>) -> Result<PositiveAmount, FieldError> {
    match present(money.and_then(|money| money.currency.as_ref())) {
        // Virtual accounts are in rupiah, so a sender that leaves it out means rupiah.
        None | Some("IDR") => {}
        Some(_) => return Err(FieldError::new(CURRENCY, Fault::Format { expected: "IDR" })),
    }
    let text = present(money.and_then(|money| money.value.as_ref()))
        .ok_or_else(|| FieldError::missing(PAID_AMOUNT))?;
    two_decimals(text)
        .parse::<Amount>()
        .and_then(PositiveAmount::try_from)
        .map_err(|error| error.at(PAID_AMOUNT))
}

/// The same amount with two decimals, where it has another number of them.
fn two_decimals(text: &str) -> Cow<'_, str> {
    let Some((whole, decimals)) = text.split_once('.') else {
        return Cow::Borrowed(text);
    };
    if decimals.len() == 2 {
        return Cow::Borrowed(text);
    }
    let significant = decimals.trim_end_matches('0');
    if decimals.is_empty() || significant.len() > 2 {
        return Cow::Borrowed(text);
    }
    Cow::Owned(format!("{whole}.{significant:0<2}"))
}
