//! Direct inquiry: DOKU asks the merchant about a number.

use serde::{Deserialize, Serialize};

use super::lenient::{object, some_or_many};
use super::text::Text;
use super::virtual_account::{AdditionalInfo, Bilingual, Money};

/// The body of an inquiry.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub struct InquiryRequest<'a> {
    /// `channel`, perhaps `trxId`.
    #[serde(
        default,
        deserialize_with = "object",
        skip_serializing_if = "Option::is_none"
    )]
    pub additional_info: Option<AdditionalInfo<'a>>,
    /// 1 to 20 digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_no: Option<Text<'a>>,
    /// The id of this inquiry, to be echoed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inquiry_request_id: Option<Text<'a>>,
    /// Padded or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner_service_id: Option<Text<'a>>,
    /// When the payer asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trx_date_init: Option<Text<'a>>,
    /// Padded or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub virtual_account_no: Option<Text<'a>>,
}

/// The merchant's answer. A refusal has the first two members only.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub struct InquiryResponse<'a> {
    /// At top level by one report; inside the account by the official SDKs.
    #[serde(
        default,
        deserialize_with = "object",
        skip_serializing_if = "Option::is_none"
    )]
    pub additional_info: Option<AdditionalInfo<'a>>,
    /// `2002400` where the number may be paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_code: Option<Text<'a>>,
    /// A text for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_message: Option<Text<'a>>,
    /// What the payer is shown.
    #[serde(
        default,
        deserialize_with = "object",
        skip_serializing_if = "Option::is_none"
    )]
    pub virtual_account_data: Option<InquiryData<'a>>,
}

/// What the merchant says of a number.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub struct InquiryData<'a> {
    /// Channel, `trxId` and settings.
    #[serde(
        default,
        deserialize_with = "object",
        skip_serializing_if = "Option::is_none"
    )]
    pub additional_info: Option<AdditionalInfo<'a>>,
    /// Echoed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_no: Option<Text<'a>>,
    /// ISO 8601 with offset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expired_date: Option<Text<'a>>,
    /// Lines for the payer.
    #[serde(
        default,
        alias = "freeTexts",
        deserialize_with = "some_or_many",
        skip_serializing_if = "Option::is_none"
    )]
    pub free_text: Option<Vec<Bilingual<'a>>>,
    /// `Success` and `Sukses`.
    #[serde(
        default,
        deserialize_with = "object",
        skip_serializing_if = "Option::is_none"
    )]
    pub inquiry_reason: Option<Bilingual<'a>>,
    /// Echoed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inquiry_request_id: Option<Text<'a>>,
    /// `00` success, `01` failure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inquiry_status: Option<Text<'a>>,
    /// Echoed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner_service_id: Option<Text<'a>>,
    /// What is to be paid.
    #[serde(
        default,
        deserialize_with = "object",
        skip_serializing_if = "Option::is_none"
    )]
    pub total_amount: Option<Money<'a>>,
    /// The payer's e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub virtual_account_email: Option<Text<'a>>,
    /// The payer's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub virtual_account_name: Option<Text<'a>>,
    /// Echoed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub virtual_account_no: Option<Text<'a>>,
    /// The payer's phone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub virtual_account_phone: Option<Text<'a>>,
    /// `C`, `O` or `V`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub virtual_account_trx_type: Option<Text<'a>>,
}
