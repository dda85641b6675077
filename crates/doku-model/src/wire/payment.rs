//! Payment notification: DOKU tells the merchant that a number was paid. There is no status member: it means *paid*.

use serde::{Deserialize, Serialize};

use super::lenient::object;
use super::text::Text;
use super::virtual_account::{AdditionalInfo, Money};

/// The body of a notification.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub struct PaymentRequest<'a> {
    /// Channel and settings.
    #[serde(
        default,
        deserialize_with = "object",
        skip_serializing_if = "Option::is_none"
    )]
    pub additional_info: Option<AdditionalInfo<'a>>,
    /// 1 to 20 digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_no: Option<Text<'a>>,
    /// What was paid.
    #[serde(
        default,
        deserialize_with = "object",
        skip_serializing_if = "Option::is_none"
    )]
    pub paid_amount: Option<Money<'a>>,
    /// Padded with blanks, with zeros, or not at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner_service_id: Option<Text<'a>>,
    /// The id of this payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_request_id: Option<Text<'a>>,
    /// When it was paid; sometimes missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trx_date_time: Option<Text<'a>>,
    /// The merchant's invoice number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trx_id: Option<Text<'a>>,
    /// The payer's e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub virtual_account_email: Option<Text<'a>>,
    /// The payer's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub virtual_account_name: Option<Text<'a>>,
    /// Padded or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub virtual_account_no: Option<Text<'a>>,
    /// The payer's phone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub virtual_account_phone: Option<Text<'a>>,
    /// `C`, `O` or `V`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub virtual_account_trx_type: Option<Text<'a>>,
}

/// The merchant's acknowledgement.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub struct PaymentResponse<'a> {
    /// `2002500`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_code: Option<Text<'a>>,
    /// A text for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_message: Option<Text<'a>>,
    /// The echo.
    #[serde(
        default,
        deserialize_with = "object",
        skip_serializing_if = "Option::is_none"
    )]
    pub virtual_account_data: Option<PaymentData<'a>>,
}

/// What an acknowledgement echoes.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub struct PaymentData<'a> {
    /// Echoed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_no: Option<Text<'a>>,
    /// Echoed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner_service_id: Option<Text<'a>>,
    /// Echoed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_request_id: Option<Text<'a>>,
    /// Echoed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub virtual_account_name: Option<Text<'a>>,
    /// Echoed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub virtual_account_no: Option<Text<'a>>,
}
