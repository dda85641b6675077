//! Create, update and delete: one set of members, of which each message uses some.
//!
//! | message | members |
//! |---|---|
//! | create request | all but `status` |
//! | update request | all but `freeText` and `reusableStatus` |
//! | delete request | the three numbers, `trxId`, `additionalInfo.channel` |
//! | every response | any of them, under `virtualAccountData` |

use serde::{Deserialize, Serialize};

use super::lenient::{flag, object, some_or_many};
use super::text::Text;

/// A virtual account as create, update and delete send it, and as their answers describe it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub struct VirtualAccountData<'a> {
    /// Channel and settings; in answers also the links of how to pay.
    #[serde(
        default,
        deserialize_with = "object",
        skip_serializing_if = "Option::is_none"
    )]
    pub additional_info: Option<AdditionalInfo<'a>>,
    /// 1 to 20 digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_no: Option<Text<'a>>,
    /// ISO 8601 with offset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expired_date: Option<Text<'a>>,
    /// Lines for the payer. Some senders spell it `freeTexts`.
    #[serde(
        default,
        alias = "freeTexts",
        deserialize_with = "some_or_many",
        skip_serializing_if = "Option::is_none"
    )]
    pub free_text: Option<Vec<Bilingual<'a>>>,
    /// 8 characters, padded with blanks on the left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner_service_id: Option<Text<'a>>,
    /// What is to be paid.
    #[serde(
        default,
        deserialize_with = "object",
        skip_serializing_if = "Option::is_none"
    )]
    pub total_amount: Option<Money<'a>>,
    /// The merchant's invoice number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trx_id: Option<Text<'a>>,
    /// The payer's e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub virtual_account_email: Option<Text<'a>>,
    /// The payer's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub virtual_account_name: Option<Text<'a>>,
    /// `partnerServiceId` followed by `customerNo`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub virtual_account_no: Option<Text<'a>>,
    /// The payer's phone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub virtual_account_phone: Option<Text<'a>>,
    /// `C`, `O` or `V`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub virtual_account_trx_type: Option<Text<'a>>,
}

/// The answer to create, update and delete, refusals included.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub struct VirtualAccountResponse<'a> {
    /// Where some servers put it; [`VirtualAccountResponse::additional_info`] looks in both places.
    #[serde(
        default,
        deserialize_with = "object",
        skip_serializing_if = "Option::is_none"
    )]
    pub additional_info: Option<AdditionalInfo<'a>>,
    /// Seven digits; success is the operation's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_code: Option<Text<'a>>,
    /// A text for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_message: Option<Text<'a>>,
    /// The account; may be missing, and may be there in a refusal.
    #[serde(
        default,
        deserialize_with = "object",
        skip_serializing_if = "Option::is_none"
    )]
    pub virtual_account_data: Option<VirtualAccountData<'a>>,
}

impl<'a> VirtualAccountResponse<'a> {
    /// `additionalInfo`, inside the account or at top level.
    #[must_use]
    pub fn additional_info(&self) -> Option<&AdditionalInfo<'a>> {
        self.virtual_account_data
            .as_ref()
            .and_then(|data| data.additional_info.as_ref())
            .or(self.additional_info.as_ref())
    }
}

/// `additionalInfo` of a virtual account.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub struct AdditionalInfo<'a> {
    /// `VIRTUAL_ACCOUNT_BTN`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Text<'a>>,
    /// Instructions for machines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub how_to_pay_api: Option<Text<'a>>,
    /// Instructions for the payer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub how_to_pay_page: Option<Text<'a>>,
    /// The merchant's invoice number, in inquiries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trx_id: Option<Text<'a>>,
    /// Settings. A text in its place, as one official SDK models it, is read as none.
    #[serde(
        default,
        deserialize_with = "object",
        skip_serializing_if = "Option::is_none"
    )]
    pub virtual_account_config: Option<VirtualAccountConfig<'a>>,
}

/// `additionalInfo.virtualAccountConfig`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub struct VirtualAccountConfig<'a> {
    /// The most that may be paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_amount: Option<Text<'a>>,
    /// The least that may be paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_amount: Option<Text<'a>>,
    /// Whether it may be paid more than once.
    #[serde(
        default,
        deserialize_with = "flag",
        skip_serializing_if = "Option::is_none"
    )]
    pub reusable_status: Option<bool>,
    /// `ACTIVE` or `INACTIVE`, in updates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Text<'a>>,
}

/// An amount with its currency.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub struct Money<'a> {
    /// `IDR`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Text<'a>>,
    /// `11500.00`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Text<'a>>,
}

/// The same text in two languages.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub struct Bilingual<'a> {
    /// English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub english: Option<Text<'a>>,
    /// Indonesian.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub indonesia: Option<Text<'a>>,
}
