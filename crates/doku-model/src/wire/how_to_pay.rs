//! How to pay, for machines: what the link `howToPayApi` answers.
//!
//! Not documented for SNAP. The members are those of DOKU's other products, every one of them optional. Ask with
//! `Accept: application/json`: without it the same names come as XML.

use serde::{Deserialize, Serialize};

use super::lenient::{object, one_or_many, texts};
use super::text::Text;

/// Instructions for paying one virtual account.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
pub struct HowToPay<'a> {
    /// The merchant.
    #[serde(
        default,
        deserialize_with = "object",
        skip_serializing_if = "Option::is_none"
    )]
    pub client: Option<HowToPayClient<'a>>,
    /// The payer.
    #[serde(
        default,
        deserialize_with = "object",
        skip_serializing_if = "Option::is_none"
    )]
    pub customer: Option<HowToPayCustomer<'a>>,
    /// The order.
    #[serde(
        default,
        deserialize_with = "object",
        skip_serializing_if = "Option::is_none"
    )]
    pub order: Option<HowToPayOrder<'a>>,
    /// The steps, by place and language.
    #[serde(
        default,
        deserialize_with = "one_or_many",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub payment_instruction: Vec<HowToPayInstruction<'a>>,
    /// The account.
    #[serde(
        default,
        deserialize_with = "object",
        skip_serializing_if = "Option::is_none"
    )]
    pub virtual_account_info: Option<HowToPayAccount<'a>>,
}

/// The merchant.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
pub struct HowToPayClient<'a> {
    /// The client id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Text<'a>>,
    /// The name the payer knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Text<'a>>,
}

/// The payer.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
pub struct HowToPayCustomer<'a> {
    /// The e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Text<'a>>,
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Text<'a>>,
}

/// The order.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
pub struct HowToPayOrder<'a> {
    /// In rupiah, as a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Text<'a>>,
    /// The merchant's invoice number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice_number: Option<Text<'a>>,
}

/// The account.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
pub struct HowToPayAccount<'a> {
    /// `20210124104512`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_date: Option<Text<'a>>,
    /// `20210124114512`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expired_date: Option<Text<'a>>,
    /// The time that is left, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expired_in: Option<Text<'a>>,
    /// `PENDING`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Text<'a>>,
    /// The number, unpadded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub virtual_account_number: Option<Text<'a>>,
}

/// The steps at one place in one language.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
pub struct HowToPayInstruction<'a> {
    /// `ATM`, `MOBILE BANKING`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Text<'a>>,
    /// `ID` or `EN`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Text<'a>>,
    /// One step a text.
    #[serde(default, deserialize_with = "texts")]
    pub step: Vec<Text<'a>>,
}
