//! A virtual account as the control plane shows it.

use doku_model::{Amount, Timestamp};
use serde::Serialize;
use time::OffsetDateTime;

use crate::bin::Bin;
use crate::desk::Desk;
use crate::state::{Account, Standing, acquirer};

/// A virtual account in the sandbox's memory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct VirtualAccount {
    /// The BIN, 8 characters.
    pub partner_service_id: String,
    /// The customer's part, in full.
    pub customer_no: String,
    /// Both together, padded.
    pub virtual_account_no: String,
    /// The name the payer sees.
    pub virtual_account_name: String,
    /// The merchant's invoice number.
    pub trx_id: String,
    /// `C`, `O` or `V`.
    pub virtual_account_trx_type: &'static str,
    /// What is asked for, `11500.00`.
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
    /// When it stops being payable, as it was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expired_date: Option<String>,
    /// How it stands now.
    pub standing: Standing,
    /// The bank in small letters, as links have it.
    #[serde(skip)]
    pub(crate) bank: String,
    /// Its payments, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub payments: Vec<PaymentView>,
}

/// A payment in the sandbox's memory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PaymentView {
    /// The id of the payment.
    pub payment_request_id: String,
    /// What was paid, `11500.00`.
    pub paid_amount: String,
    /// When, in Western Indonesian Time.
    pub paid_at: String,
}

impl VirtualAccount {
    /// At most `limit` accounts from the `skip`th on, in the order of creation.
    pub(crate) fn list(desk: &Desk, skip: usize, limit: usize) -> Vec<Self> {
        let now = desk.clock.now();
        let memory = desk.memory();
        let accounts = memory.accounts();
        accounts
            .iter_from(skip)
            .take(limit)
            .filter_map(|account| Some(Self::of(account, accounts.bin(account)?, now)))
            .collect()
    }

    /// How an account stands now.
    pub(crate) fn of(account: &Account, bin: &Bin, now: OffsetDateTime) -> Self {
        let limits = account.bill.limits();
        let shown = |amount: Option<Amount>| amount.map(|amount| amount.to_string());
        Self {
            partner_service_id: bin.partner_service_id().to_string(),
            customer_no: account.customer_no.to_string(),
            virtual_account_no: account.number(bin).to_string(),
            virtual_account_name: account.name.to_string(),
            trx_id: account.trx_id.to_string(),
            virtual_account_trx_type: account.bill.trx_type().as_str(),
            amount: shown(account.bill.amount()),
            min_amount: shown(limits.and_then(|limits| limits.min())),
            max_amount: shown(limits.and_then(|limits| limits.max())),
            reusable: account.reusable,
            expired_date: account.expired_date.as_ref().map(ToString::to_string),
            standing: account.standing(now),
            bank: acquirer(bin).to_ascii_lowercase(),
            payments: account
                .payments
                .iter()
                .map(|payment| PaymentView {
                    payment_request_id: payment.payment_request_id.clone(),
                    paid_amount: payment.amount.to_string(),
                    paid_at: Timestamp::wib(payment.paid_at).to_string(),
                })
                .collect(),
        }
    }
}
