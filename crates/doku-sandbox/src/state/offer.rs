//! What a number may be paid with: what the bank shows, and what it goes by when it takes money.

use doku_model::{Amount, Bill, CustomerNo, PositiveAmount, Timestamp};
use time::OffsetDateTime;

use super::account::Account;
use super::pay_error::PayError;

/// What is to be paid under a number, from DOKU's own record or from the merchant's answer to an inquiry.
///
/// Texts are as the merchant wrote them: an answer to an inquiry is shown as it is.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Offer {
    /// Which of the merchant's BINs.
    pub(crate) bin: u16,
    pub(crate) customer_no: CustomerNo,
    pub(crate) name: String,
    pub(crate) email: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) trx_id: Option<String>,
    pub(crate) bill: Bill,
    pub(crate) reusable: bool,
    pub(crate) expired_date: Option<Timestamp>,
    /// English and Indonesian.
    pub(crate) free_text: Vec<(String, String)>,
}

impl Offer {
    /// What the record says.
    pub(super) fn of(account: &Account) -> Self {
        Self {
            bin: account.bin,
            customer_no: account.customer_no.clone(),
            name: account.name.to_string(),
            email: account
                .email
                .as_ref()
                .map(|email| email.as_str().to_owned()),
            phone: account
                .phone
                .as_ref()
                .map(|phone| phone.as_str().to_owned()),
            trx_id: Some(account.trx_id.to_string()),
            bill: account.bill,
            reusable: account.reusable,
            expired_date: account.expired_date.clone(),
            free_text: account
                .free_text
                .iter()
                .map(|line| (line.english().to_owned(), line.indonesia().to_owned()))
                .collect(),
        }
    }

    /// Whether the time to pay is over.
    pub(crate) fn must_not_have_expired(&self, now: OffsetDateTime) -> Result<(), PayError> {
        match &self.expired_date {
            Some(date) if date.instant() <= now => Err(PayError::Expired),
            _ => Ok(()),
        }
    }
}

/// Whether the bank takes `amount` for this bill.
pub(super) fn must_accept(bill: &Bill, amount: PositiveAmount) -> Result<(), PayError> {
    if bill.accepts(amount) {
        return Ok(());
    }
    Err(match (bill.limits(), bill.amount()) {
        (None, Some(expected)) => PayError::WrongAmount { expected },
        (limits, _) => PayError::OutsideLimits {
            min: limits.and_then(|limits| limits.min()),
            max: limits.and_then(|limits| limits.max()),
        },
    })
}

/// An amount in words, where there is one.
pub(crate) fn written(amount: Option<Amount>) -> Option<String> {
    amount.map(|amount| amount.to_string())
}
