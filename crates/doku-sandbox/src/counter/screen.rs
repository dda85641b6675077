//! What an ATM shows.

use doku_model::Timestamp;
use serde::Serialize;

use crate::config::Bin;
use crate::journal::Note;
use crate::state::{Offer, written};

/// What an ATM shows before it takes money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AtmScreen {
    /// The number as the payer types it.
    pub virtual_account_no: String,
    /// Who is to be paid for.
    pub virtual_account_name: String,
    /// The merchant's invoice number, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trx_id: Option<String>,
    /// `C`, `O` or `V`.
    pub virtual_account_trx_type: &'static str,
    /// What is asked for, `11500.00`; none for an open bill.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
    /// The least that may be paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_amount: Option<String>,
    /// The most that may be paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_amount: Option<String>,
    /// Whether it may be paid more than once.
    pub reusable: bool,
    /// When it stops being payable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expired_date: Option<String>,
    /// Lines for the payer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub free_text: Vec<ScreenLine>,
    /// Who said so.
    pub source: ScreenSource,
    /// What is missing or wrong in the merchant's answer, where there was one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

/// A line for the payer, in two languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ScreenLine {
    /// English.
    pub english: String,
    /// Indonesian.
    pub indonesia: String,
}

/// Where the bank has it from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum ScreenSource {
    /// DOKU's own record (DGPC, MGPC).
    Record,
    /// The merchant, who was asked (DIPC).
    Merchant,
}

impl AtmScreen {
    /// What is shown of an offer.
    pub(crate) fn of(bin: &Bin, offer: &Offer, source: ScreenSource, notes: Vec<Note>) -> Self {
        let limits = offer.bill.limits();
        Self {
            virtual_account_no: format!(
                "{}{}",
                bin.partner_service_id().digits(),
                offer.customer_no
            ),
            virtual_account_name: offer.name.clone(),
            trx_id: offer.trx_id.clone(),
            virtual_account_trx_type: offer.bill.trx_type().as_str(),
            amount: written(offer.bill.amount()),
            min_amount: written(limits.and_then(|limits| limits.min())),
            max_amount: written(limits.and_then(|limits| limits.max())),
            reusable: offer.reusable,
            expired_date: offer.expired_date.as_ref().map(Timestamp::to_string),
            free_text: offer
                .free_text
                .iter()
                .map(|(english, indonesia)| ScreenLine {
                    english: english.clone(),
                    indonesia: indonesia.clone(),
                })
                .collect(),
            source,
            notes,
        }
    }
}
