//! What the application is shown, as JSON: accounts, payments and events, in answers, on the stream and in webhooks alike.

use doku_ledger::Cursor;
use doku_ledger::account::Account;
use doku_ledger::outbox::{Event, EventKind};
use doku_ledger::payment::Payment;
use doku_model::{Bill, VirtualAccountNo};
use doku_va_btn::{Mode, grouped};
use serde::Serialize;
use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The types of events that there are.
pub(crate) const EVENT_TYPES: &[&str] = &[
    "account.requested",
    "account.activated",
    "account.refused",
    "account.unknown",
    "account.updated",
    "account.deactivated",
    "account.paid",
    "account.expired",
    "account.deleted",
    "account.change_refused",
    "account.change_unknown",
    "payment.received",
    "payment.flagged",
    "payment.confirmed",
    "payment.suspected",
    "notification.refused",
];

/// A page of items, and where to go on.
pub(crate) fn page(items: Vec<Value>, next: Cursor) -> Value {
    present(vec![
        ("items", Some(Value::Array(items))),
        ("next", text(next)),
    ])
}

/// An object of those members that are there.
fn present(members: Vec<(&str, Option<Value>)>) -> Value {
    let members: Map<String, Value> = members
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect();
    Value::Object(members)
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "values and references alike are made to text"
)]
fn text(text: impl ToString) -> Option<Value> {
    Some(Value::String(text.to_string()))
}

/// A moment in UTC.
pub(crate) fn moment(moment: OffsetDateTime) -> String {
    moment
        .checked_to_offset(time::UtcOffset::UTC)
        .unwrap_or(moment)
        .format(&Rfc3339)
        .unwrap_or_default()
}

fn maybe_moment(at: Option<OffsetDateTime>) -> Option<Value> {
    at.map(|at| Value::String(moment(at)))
}

/// The word for a mode.
pub(crate) const fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::DokuGenerated => "doku_generated",
        Mode::MerchantGenerated => "merchant_generated",
        Mode::DirectInquiry => "direct_inquiry",
    }
}

/// A bill: what a request says, too.
pub(crate) fn bill(bill: &Bill) -> Value {
    let kind = match bill {
        Bill::Closed(_) => "closed",
        Bill::Open(_) => "open",
        Bill::Variable { .. } => "variable",
    };
    let limits = bill.limits().map(|limits| {
        present(vec![
            ("min", limits.min().and_then(text)),
            ("max", limits.max().and_then(text)),
        ])
    });
    present(vec![
        ("type", text(kind)),
        ("amount", bill.amount().and_then(text)),
        ("limits", limits),
    ])
}

/// An account, for the merchant's own application, and where its payment page is.
pub(crate) fn account(account: &Account, pay_url: &str) -> Value {
    let grouped = account
        .number
        .as_ref()
        .and_then(|number| number.parse::<VirtualAccountNo>().ok())
        .map(|number| grouped(&number));
    let how_to_pay = account
        .virtual_account
        .as_ref()
        .and_then(|account| account.how_to_pay_page());
    present(vec![
        ("trxId", text(&account.trx_id)),
        ("publicId", text(&account.public_id)),
        ("mode", text(mode(account.mode))),
        ("state", text(account.state)),
        ("number", account.number.as_ref().and_then(text)),
        ("numberGrouped", grouped.and_then(text)),
        ("name", payer_name(account).and_then(text)),
        ("bill", Some(bill(&account.bill))),
        ("reusable", Some(account.reusable.into())),
        ("expiredDate", maybe_moment(account.expires_at)),
        ("credited", text(account.credited)),
        ("payments", Some(account.payments.into())),
        ("paidAt", maybe_moment(account.paid_at)),
        ("nextCheckAt", maybe_moment(account.check_at)),
        ("createdAt", text(moment(account.created_at))),
        ("updatedAt", text(moment(account.updated_at))),
        ("payUrl", text(pay_url)),
        ("howToPayUrl", how_to_pay.and_then(text)),
    ])
}

/// The payer's name: as DOKU returned it, or as it was asked for.
pub(crate) fn payer_name(account: &Account) -> Option<String> {
    if let Some(known) = &account.virtual_account {
        return Some(known.name().as_str().to_owned());
    }
    let asked = serde_json::to_value(&account.asked).ok()?;
    let name = asked.as_object()?.values().next()?.get("name")?;
    name.as_str().map(str::to_owned)
}

/// A payment.
pub(crate) fn payment(payment: &Payment) -> Value {
    present(vec![
        ("id", text(payment.id)),
        ("cursor", text(payment.cursor)),
        ("number", text(&payment.number)),
        ("trxId", payment.trx_id.as_ref().and_then(text)),
        ("toldTrxId", payment.told_trx_id.as_ref().and_then(text)),
        (
            "paymentRequestId",
            payment.payment_request_id.as_ref().and_then(text),
        ),
        ("amount", text(payment.amount)),
        ("verdict", text(payment.verdict)),
        ("late", payment.late.and_then(text)),
        ("source", text(payment.source)),
        ("notified", Some(payment.notified.into())),
        ("paidAt", maybe_moment(payment.paid_at)),
        ("recordedAt", text(moment(payment.recorded_at))),
    ])
}

/// An event, on the stream and in webhooks alike.
pub(crate) fn event(event: &Event) -> Value {
    present(vec![
        ("id", text(event.id)),
        ("type", text(event.kind.name())),
        ("timestamp", text(moment(event.at))),
        ("cursor", text(event.cursor)),
        ("trxId", event.trx_id.as_ref().and_then(text)),
        ("publicId", event.account.as_ref().and_then(text)),
        ("data", Some(data(&event.kind))),
    ])
}

/// What an event tells, in the words of this API.
fn data(kind: &EventKind) -> Value {
    match kind {
        EventKind::AccountRequested {
            mode: made_by,
            bill: asked,
        } => json!({ "mode": mode(*made_by), "bill": bill(asked) }),
        EventKind::AccountUpdated { bill: now } => json!({ "bill": bill(now) }),
        other => tagged(other),
    }
}

fn tagged(kind: &impl Serialize) -> Value {
    let mut whole = serde_json::to_value(kind).unwrap_or_default();
    let mut data = whole.get_mut("data").map_or_else(|| json!({}), Value::take);
    if let Some(members) = data.as_object_mut() {
        members.retain(|_, value| !value.is_null());
    }
    data
}
