//! Check status: `POST /orders/v1.0/transfer-va/status`.

use serde::{Deserialize, Serialize};

use super::lenient::{object, one_or_many};
use super::text::Text;
use super::virtual_account::{Bilingual, Money};

/// The body of a check-status request. It has no `trxId`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub struct CheckStatusRequest<'a> {
    /// 1 to 20 digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_no: Option<Text<'a>>,
    /// The inquiry that is asked about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inquiry_request_id: Option<Text<'a>>,
    /// 8 characters, padded with blanks on the left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner_service_id: Option<Text<'a>>,
    /// The payment that is asked about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_request_id: Option<Text<'a>>,
    /// `partnerServiceId` followed by `customerNo`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub virtual_account_no: Option<Text<'a>>,
}

/// The answer to a check-status request.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub struct CheckStatusResponse<'a> {
    /// At top level here, unlike in the other answers.
    #[serde(
        default,
        deserialize_with = "object",
        skip_serializing_if = "Option::is_none"
    )]
    pub additional_info: Option<StatusAdditionalInfo<'a>>,
    /// Seven digits; success is `2002600`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_code: Option<Text<'a>>,
    /// A text for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_message: Option<Text<'a>>,
    /// One account, several, or none: an object, an array, or absent. Written as an object where there is one.
    #[serde(
        default,
        deserialize_with = "one_or_many",
        serialize_with = "one",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub virtual_account_data: Vec<StatusData<'a>>,
}

fn one<S: serde::Serializer>(data: &[StatusData<'_>], serializer: S) -> Result<S::Ok, S::Error> {
    match data {
        [only] => only.serialize(serializer),
        several => several.serialize(serializer),
    }
}

/// What a check-status answer says of one virtual account.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(
    rename_all = "camelCase",
    from = "StatusDataAsRead<'a>",
    bound(deserialize = "'de: 'a")
)]
pub struct StatusData<'a> {
    /// The bills behind the number.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bill_details: Vec<BillDetail<'a>>,
    /// 1 to 20 digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_no: Option<Text<'a>>,
    /// The inquiry, often empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inquiry_request_id: Option<Text<'a>>,
    /// An amount. It stands there while nothing was paid, too: never a proof of payment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paid_amount: Option<Money<'a>>,
    /// 8 characters, padded or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner_service_id: Option<Text<'a>>,
    /// Paid, pending or expired: see [`crate::PaymentFlag`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_flag_reason: Option<Bilingual<'a>>,
    /// The payment, often empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_request_id: Option<Text<'a>>,
    /// The merchant's invoice number, here or in `additionalInfo`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trx_id: Option<Text<'a>>,
    /// The number, padded or not. One official SDK models `virtualAccountNumber` beside it, which is read where this
    /// one is absent or empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub virtual_account_no: Option<Text<'a>>,
}

/// [`StatusData`] with both names of the number, because an answer may carry both and that is no reason not to read it.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
struct StatusDataAsRead<'a> {
    #[serde(deserialize_with = "one_or_many")]
    bill_details: Vec<BillDetail<'a>>,
    customer_no: Option<Text<'a>>,
    inquiry_request_id: Option<Text<'a>>,
    #[serde(deserialize_with = "object")]
    paid_amount: Option<Money<'a>>,
    partner_service_id: Option<Text<'a>>,
    #[serde(deserialize_with = "object")]
    payment_flag_reason: Option<Bilingual<'a>>,
    payment_request_id: Option<Text<'a>>,
    trx_id: Option<Text<'a>>,
    virtual_account_no: Option<Text<'a>>,
    virtual_account_number: Option<Text<'a>>,
}

impl<'a> From<StatusDataAsRead<'a>> for StatusData<'a> {
    fn from(read: StatusDataAsRead<'a>) -> Self {
        Self {
            bill_details: read.bill_details,
            customer_no: read.customer_no,
            inquiry_request_id: read.inquiry_request_id,
            paid_amount: read.paid_amount,
            partner_service_id: read.partner_service_id,
            payment_flag_reason: read.payment_flag_reason,
            payment_request_id: read.payment_request_id,
            trx_id: read.trx_id,
            virtual_account_no: match read.virtual_account_no {
                Some(number) if !number.as_str().is_empty() => Some(number),
                empty => read.virtual_account_number.or(empty),
            },
        }
    }
}

/// One item of `billDetails`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub struct BillDetail<'a> {
    /// What was billed.
    #[serde(
        default,
        deserialize_with = "object",
        skip_serializing_if = "Option::is_none"
    )]
    pub bill_amount: Option<Money<'a>>,
}

/// `additionalInfo` of a check-status answer.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub struct StatusAdditionalInfo<'a> {
    /// The bank. A text in its place, as one official SDK models it, is read as none.
    #[serde(
        default,
        deserialize_with = "object",
        skip_serializing_if = "Option::is_none"
    )]
    pub acquirer: Option<Acquirer<'a>>,
    /// The merchant's invoice number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trx_id: Option<Text<'a>>,
}

/// The bank behind a virtual account.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub struct Acquirer<'a> {
    /// `BTN`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Text<'a>>,
}
