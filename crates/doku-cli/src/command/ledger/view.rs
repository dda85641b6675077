//! What is told of accounts, payments and events. No name, e-mail address or phone number is among it.

use doku::{Bill, Mode};
use doku_ledger::account::{Account, BillVersion};
use doku_ledger::outbox::Event;
use doku_ledger::payment::Payment;
use serde::Serialize;
use serde_json::Value;
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

/// An account, in the words of the merchant API.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AccountRow {
    pub(super) trx_id: String,
    pub(super) public_id: String,
    pub(super) mode: &'static str,
    pub(super) state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) number: Option<String>,
    pub(super) bill_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) amount: Option<String>,
    pub(super) reusable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) expired_date: Option<String>,
    pub(super) credited: String,
    pub(super) payments: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) paid_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next_check_at: Option<String>,
    pub(super) created_at: String,
    pub(super) updated_at: String,
}

impl AccountRow {
    /// The columns of an export.
    pub(super) const HEAD: [&'static str; 15] = [
        "trxId",
        "publicId",
        "mode",
        "state",
        "number",
        "billType",
        "amount",
        "reusable",
        "expiredDate",
        "credited",
        "payments",
        "paidAt",
        "nextCheckAt",
        "createdAt",
        "updatedAt",
    ];

    pub(super) fn cells(self) -> [String; 15] {
        [
            self.trx_id,
            self.public_id,
            self.mode.to_owned(),
            self.state.to_owned(),
            self.number.unwrap_or_default(),
            self.bill_type.to_owned(),
            self.amount.unwrap_or_default(),
            self.reusable.to_string(),
            self.expired_date.unwrap_or_default(),
            self.credited,
            self.payments.to_string(),
            self.paid_at.unwrap_or_default(),
            self.next_check_at.unwrap_or_default(),
            self.created_at,
            self.updated_at,
        ]
    }
}

impl From<&Account> for AccountRow {
    fn from(account: &Account) -> Self {
        Self {
            trx_id: account.trx_id.to_string(),
            public_id: account.public_id.to_string(),
            mode: match account.mode {
                Mode::DokuGenerated => "doku_generated",
                Mode::MerchantGenerated => "merchant_generated",
                Mode::DirectInquiry => "direct_inquiry",
            },
            state: account.state.as_str(),
            number: account.number.clone(),
            bill_type: bill_type(&account.bill),
            amount: account.bill.amount().map(|amount| amount.to_string()),
            reusable: account.reusable,
            expired_date: account.expires_at.map(moment),
            credited: account.credited.to_string(),
            payments: account.payments,
            paid_at: account.paid_at.map(moment),
            next_check_at: account.check_at.map(moment),
            created_at: moment(account.created_at),
            updated_at: moment(account.updated_at),
        }
    }
}

/// A version of a bill.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BillRow {
    pub(super) version: i64,
    pub(super) standing: &'static str,
    pub(super) bill_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) amount: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) expired_date: Option<String>,
    pub(super) from: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) until: Option<String>,
}

impl From<&BillVersion> for BillRow {
    fn from(version: &BillVersion) -> Self {
        Self {
            version: version.version,
            standing: version.standing.as_str(),
            bill_type: bill_type(&version.bill),
            amount: version.bill.amount().map(|amount| amount.to_string()),
            expired_date: version.expires_at.map(moment),
            from: moment(version.from),
            until: version.until.map(moment),
        }
    }
}

/// A payment, in the words of the merchant API.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PaymentRow {
    pub(super) id: String,
    pub(super) number: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) trx_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) told_trx_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) payment_request_id: Option<String>,
    pub(super) amount: String,
    pub(super) verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) late: Option<&'static str>,
    pub(super) source: &'static str,
    pub(super) notified: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) paid_at: Option<String>,
    pub(super) recorded_at: String,
}

impl PaymentRow {
    /// The columns of an export.
    pub(super) const HEAD: [&'static str; 12] = [
        "id",
        "number",
        "trxId",
        "toldTrxId",
        "paymentRequestId",
        "amount",
        "verdict",
        "late",
        "source",
        "notified",
        "paidAt",
        "recordedAt",
    ];

    pub(super) fn cells(self) -> [String; 12] {
        [
            self.id,
            self.number,
            self.trx_id.unwrap_or_default(),
            self.told_trx_id.unwrap_or_default(),
            self.payment_request_id.unwrap_or_default(),
            self.amount,
            self.verdict.to_owned(),
            self.late.unwrap_or_default().to_owned(),
            self.source.to_owned(),
            self.notified.to_string(),
            self.paid_at.unwrap_or_default(),
            self.recorded_at,
        ]
    }
}

impl From<&Payment> for PaymentRow {
    fn from(payment: &Payment) -> Self {
        Self {
            id: payment.id.to_string(),
            number: payment.number.clone(),
            trx_id: payment.trx_id.as_ref().map(ToString::to_string),
            told_trx_id: payment.told_trx_id.as_ref().map(ToString::to_string),
            payment_request_id: payment.payment_request_id.as_ref().map(ToString::to_string),
            amount: payment.amount.to_string(),
            verdict: payment.verdict.as_str(),
            late: payment.late.map(doku_ledger::payment::Late::as_str),
            source: payment.source.as_str(),
            notified: payment.notified,
            paid_at: payment.paid_at.map(moment),
            recorded_at: moment(payment.recorded_at),
        }
    }
}

/// An event, as the ledger keeps it.
#[derive(Debug, Serialize)]
pub(super) struct EventRow {
    pub(super) id: String,
    pub(super) at: String,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) data: Value,
}

impl From<&Event> for EventRow {
    fn from(event: &Event) -> Self {
        let mut whole = serde_json::to_value(&event.kind).unwrap_or_default();
        Self {
            id: event.id.to_string(),
            at: moment(event.at),
            kind: event.kind.name(),
            data: whole.get_mut("data").map(Value::take).unwrap_or_default(),
        }
    }
}

const fn bill_type(bill: &Bill) -> &'static str {
    match bill {
        Bill::Closed(_) => "closed",
        Bill::Open(_) => "open",
        Bill::Variable { .. } => "variable",
    }
}

/// A moment in UTC.
pub(super) fn moment(moment: OffsetDateTime) -> String {
    moment
        .checked_to_offset(UtcOffset::UTC)
        .unwrap_or(moment)
        .format(&Rfc3339)
        .unwrap_or_default()
}
