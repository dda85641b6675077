//! Valid requests: what create, update, delete and check status ask for, and what DOKU asks and tells the merchant, made
//! from the wire.
//!
//! This is how somebody who *receives* such a call reads it: a merchant, a local DOKU, a proxy, a test. Every conversion
//! names the first member that is wrong, in the order in which DOKU's documentation lists them. What DOKU sends is read
//! more leniently than what it receives.

mod inbound;

pub use inbound::{Inquiry, Payment};

use crate::error::{Fault, FieldError};
use crate::value::{
    Amount, Bill, Channel, CustomerNo, FreeText, InquiryRequestId, Limits, PartnerServiceId,
    PaymentRequestId, Timestamp, TrxId, TrxType, VirtualAccountEmail, VirtualAccountName,
    VirtualAccountNo, VirtualAccountPhone, VirtualAccountStatus,
};
use crate::wire::{self, optional, required};

/// The three numbers of a virtual account, which fit together byte for byte.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Numbers {
    /// The merchant's BIN.
    pub partner_service_id: PartnerServiceId,
    /// The customer's part.
    pub customer_no: CustomerNo,
    /// Both together, padded.
    pub virtual_account_no: VirtualAccountNo,
}

impl Numbers {
    /// The numbers that belong to these two parts.
    #[must_use]
    pub fn of(partner_service_id: PartnerServiceId, customer_no: CustomerNo) -> Self {
        let virtual_account_no = VirtualAccountNo::of(&partner_service_id, &customer_no);
        Self {
            partner_service_id,
            customer_no,
            virtual_account_no,
        }
    }

    /// The rule of DOKU: exactly 8 characters, and the number is the two parts joined.
    fn from_wire(
        partner_service_id: Option<&wire::Text<'_>>,
        customer_no: Option<&wire::Text<'_>>,
        virtual_account_no: Option<&wire::Text<'_>>,
    ) -> Result<Self, FieldError> {
        let sent: PartnerServiceId = required(PartnerServiceId::FIELD, partner_service_id)?;
        if partner_service_id.is_some_and(|text| text.as_str().len() != 8) {
            let found = partner_service_id.map_or(0, |text| text.as_str().len());
            return Err(FieldError::new(
                PartnerServiceId::FIELD,
                Fault::Length {
                    min: 8,
                    max: 8,
                    found,
                },
            ));
        }
        let customer_no: CustomerNo = required(CustomerNo::FIELD, customer_no)?;
        let number: VirtualAccountNo = required(VirtualAccountNo::FIELD, virtual_account_no)?;
        if number.is_exactly(&sent, &customer_no) {
            Ok(Self {
                partner_service_id: sent,
                customer_no,
                virtual_account_no: number,
            })
        } else {
            Err(FieldError::rule(
                VirtualAccountNo::FIELD,
                "must be partnerServiceId followed by customerNo, blanks included",
            ))
        }
    }
}

/// A create request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CreateVa {
    /// The numbers as sent; of DGPC, `customerNo` is the prefix.
    pub numbers: Numbers,
    /// The payer's name.
    pub name: VirtualAccountName,
    /// The payer's e-mail address.
    pub email: Option<VirtualAccountEmail>,
    /// The payer's phone number.
    pub phone: Option<VirtualAccountPhone>,
    /// The merchant's invoice number.
    pub trx_id: TrxId,
    /// What is to be paid.
    pub bill: Bill,
    /// The bank.
    pub channel: Channel,
    /// Whether it may be paid more than once.
    pub reusable: bool,
    /// When it stops being payable.
    pub expired_date: Option<Timestamp>,
    /// Lines for the payer.
    pub free_text: Vec<FreeText>,
}

/// An update request. A member that is absent stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UpdateVa {
    /// The numbers as DOKU returned them.
    pub numbers: Numbers,
    /// The merchant's invoice number; another one than the create call's is accepted.
    pub trx_id: TrxId,
    /// The bank.
    pub channel: Channel,
    /// The payer's name.
    pub name: Option<VirtualAccountName>,
    /// The payer's e-mail address.
    pub email: Option<VirtualAccountEmail>,
    /// The payer's phone number.
    pub phone: Option<VirtualAccountPhone>,
    /// The type, where it was given.
    pub trx_type: Option<TrxType>,
    /// The amount, where it was given.
    pub amount: Option<Amount>,
    /// The limits, where they were given.
    pub limits: Option<Limits>,
    /// Whether it may be paid.
    pub status: Option<VirtualAccountStatus>,
    /// When it stops being payable.
    pub expired_date: Option<Timestamp>,
}

/// A delete request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeleteVa {
    /// The numbers as DOKU returned them.
    pub numbers: Numbers,
    /// The invoice number of the create call.
    pub trx_id: TrxId,
    /// The bank.
    pub channel: Channel,
}

/// A check-status request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckStatus {
    /// The numbers that are asked about.
    pub numbers: Numbers,
    /// The inquiry that is asked about.
    pub inquiry_request_id: Option<InquiryRequestId>,
    /// The payment that is asked about.
    pub payment_request_id: Option<PaymentRequestId>,
}

const EXPIRED_DATE: &str = "expiredDate";
const CURRENCY: &str = "totalAmount.currency";
const MIN_AMOUNT: &str = "additionalInfo.virtualAccountConfig.minAmount";
const MAX_AMOUNT: &str = "additionalInfo.virtualAccountConfig.maxAmount";

impl TryFrom<&wire::VirtualAccountData<'_>> for CreateVa {
    type Error = FieldError;

    fn try_from(data: &wire::VirtualAccountData<'_>) -> Result<Self, FieldError> {
        let numbers = numbers(data)?;
        let name = required(
            VirtualAccountName::FIELD,
            data.virtual_account_name.as_ref(),
        )?;
        let (email, phone) = contact(data)?;
        let trx_id = required(TrxId::FIELD, data.trx_id.as_ref())?;
        let amount = required(Amount::FIELD, amount(data))?;
        currency(data)?;
        let channel = channel(data)?;
        let limits = limits(data)?;
        let trx_type = required(TrxType::FIELD, data.virtual_account_trx_type.as_ref())?;
        Ok(Self {
            numbers,
            name,
            email,
            phone,
            trx_id,
            bill: Bill::from_parts(trx_type, Some(amount), limits)?,
            channel,
            reusable: config(data)
                .and_then(|config| config.reusable_status)
                .unwrap_or(false),
            expired_date: optional(EXPIRED_DATE, data.expired_date.as_ref())?,
            free_text: free_text(data)?,
        })
    }
}

impl TryFrom<&wire::VirtualAccountData<'_>> for UpdateVa {
    type Error = FieldError;

    fn try_from(data: &wire::VirtualAccountData<'_>) -> Result<Self, FieldError> {
        let numbers = numbers(data)?;
        let name = optional(
            VirtualAccountName::FIELD,
            data.virtual_account_name.as_ref(),
        )?;
        let (email, phone) = contact(data)?;
        let trx_id = required(TrxId::FIELD, data.trx_id.as_ref())?;
        let amount = optional(Amount::FIELD, amount(data))?;
        currency(data)?;
        Ok(Self {
            numbers,
            name,
            email,
            phone,
            trx_id,
            amount,
            channel: channel(data)?,
            limits: limits(data)?,
            status: optional(
                VirtualAccountStatus::FIELD,
                config(data).and_then(|config| config.status.as_ref()),
            )?,
            trx_type: optional(TrxType::FIELD, data.virtual_account_trx_type.as_ref())?,
            expired_date: optional(EXPIRED_DATE, data.expired_date.as_ref())?,
        })
    }
}

impl TryFrom<&wire::VirtualAccountData<'_>> for DeleteVa {
    type Error = FieldError;

    fn try_from(data: &wire::VirtualAccountData<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            numbers: numbers(data)?,
            trx_id: required(TrxId::FIELD, data.trx_id.as_ref())?,
            channel: channel(data)?,
        })
    }
}

impl TryFrom<&wire::CheckStatusRequest<'_>> for CheckStatus {
    type Error = FieldError;

    fn try_from(request: &wire::CheckStatusRequest<'_>) -> Result<Self, FieldError> {
        Ok(Self {
            numbers: Numbers::from_wire(
                request.partner_service_id.as_ref(),
                request.customer_no.as_ref(),
                request.virtual_account_no.as_ref(),
            )?,
            inquiry_request_id: optional(
                InquiryRequestId::FIELD,
                request.inquiry_request_id.as_ref(),
            )?,
            payment_request_id: optional(
                PaymentRequestId::FIELD,
                request.payment_request_id.as_ref(),
            )?,
        })
    }
}

fn numbers(data: &wire::VirtualAccountData<'_>) -> Result<Numbers, FieldError> {
    Numbers::from_wire(
        data.partner_service_id.as_ref(),
        data.customer_no.as_ref(),
        data.virtual_account_no.as_ref(),
    )
}

fn contact(
    data: &wire::VirtualAccountData<'_>,
) -> Result<(Option<VirtualAccountEmail>, Option<VirtualAccountPhone>), FieldError> {
    Ok((
        optional(
            VirtualAccountEmail::FIELD,
            data.virtual_account_email.as_ref(),
        )?,
        optional(
            VirtualAccountPhone::FIELD,
            data.virtual_account_phone.as_ref(),
        )?,
    ))
}

fn amount<'d, 'a>(data: &'d wire::VirtualAccountData<'a>) -> Option<&'d wire::Text<'a>> {
    data.total_amount.as_ref()?.value.as_ref()
}

/// Beside an amount stands its currency, and there is one only.
fn currency(data: &wire::VirtualAccountData<'_>) -> Result<(), FieldError> {
    let Some(money) = &data.total_amount else {
        return Ok(());
    };
    let has_value = money
        .value
        .as_ref()
        .is_some_and(|text| !text.as_str().is_empty());
    match money.currency.as_ref().map(wire::Text::as_str) {
        Some("IDR") => Ok(()),
        None | Some("") if has_value => Err(FieldError::missing(CURRENCY)),
        None | Some("") => Ok(()),
        Some(_) => Err(FieldError::new(CURRENCY, Fault::Format { expected: "IDR" })),
    }
}

fn config<'d, 'a>(
    data: &'d wire::VirtualAccountData<'a>,
) -> Option<&'d wire::VirtualAccountConfig<'a>> {
    data.additional_info
        .as_ref()?
        .virtual_account_config
        .as_ref()
}

fn limits(data: &wire::VirtualAccountData<'_>) -> Result<Option<Limits>, FieldError> {
    let Some(config) = config(data) else {
        return Ok(None);
    };
    Limits::from_parts(
        optional(MIN_AMOUNT, config.min_amount.as_ref())?,
        optional(MAX_AMOUNT, config.max_amount.as_ref())?,
    )
}

fn channel(data: &wire::VirtualAccountData<'_>) -> Result<Channel, FieldError> {
    required(
        Channel::FIELD,
        data.additional_info
            .as_ref()
            .and_then(|info| info.channel.as_ref()),
    )
}

fn free_text(data: &wire::VirtualAccountData<'_>) -> Result<Vec<FreeText>, FieldError> {
    data.free_text
        .iter()
        .flatten()
        .map(|line| {
            let text = |text: &Option<wire::Text<'_>>| {
                text.as_ref()
                    .map_or(String::new(), |text| text.as_str().to_owned())
            };
            FreeText::new(&text(&line.english), &text(&line.indonesia))
        })
        .collect()
}
