//! `doku ledger show`: one account with all that is known of it.

use doku_ledger::Error;
use serde::Serialize;

use super::view::{AccountRow, BillRow, EventRow, PaymentRow};
use super::with_ledger;
use crate::args::ShowArguments;
use crate::exit::{Exit, Failure};
use crate::output::{Card, Format, Output, Style, Table, Tone};

#[derive(Serialize)]
struct Shown {
    operation: &'static str,
    account: AccountRow,
    bills: Vec<BillRow>,
    payments: Vec<PaymentRow>,
    events: Vec<EventRow>,
}

pub(super) fn show(arguments: &ShowArguments, output: &Output) -> Result<Exit, Failure> {
    let trx_id = &arguments.trx_id;
    let shown = with_ledger(&arguments.place, async |ledger| {
        let account = ledger.account(trx_id).await?;
        let account = account.ok_or_else(|| Error::NoSuchAccount {
            what: trx_id.to_string(),
        })?;
        let payments = ledger.payments_of(trx_id).await?;
        let events = ledger.events_of(trx_id).await?;
        Ok(Shown {
            operation: "ledgerShow",
            account: AccountRow::from(&account),
            bills: account.bills.iter().map(BillRow::from).collect(),
            payments: payments.iter().map(PaymentRow::from).collect(),
            events: events.iter().map(EventRow::from).collect(),
        })
    })?;
    match output.format() {
        Format::Json => output.json(&shown)?,
        Format::Text => output.text(|style| text(&shown, style))?,
    }
    Ok(Exit::Done)
}

fn text(shown: &Shown, style: Style) -> String {
    let account = &shown.account;
    let card = Card::new(format!("{} is {}.", account.trx_id, account.state))
        .maybe("number", account.number.as_ref())
        .fact("mode", account.mode)
        .fact("public id", &account.public_id)
        .fact("credited", &account.credited)
        .maybe("paid", account.paid_at.as_ref())
        .maybe("ends", account.expired_date.as_ref())
        .maybe("next check", account.next_check_at.as_ref())
        .fact("created", &account.created_at);
    let mut bills = Table::new(["version", "standing", "type", "amount", "from", "until"]);
    for bill in &shown.bills {
        bills.row([
            bill.version.to_string(),
            bill.standing.to_owned(),
            bill.bill_type.to_owned(),
            bill.amount.clone().unwrap_or_default(),
            bill.from.clone(),
            bill.until.clone().unwrap_or_default(),
        ]);
    }
    let mut payments = Table::new([
        "payment", "amount", "verdict", "late", "told by", "recorded",
    ]);
    for payment in &shown.payments {
        payments.row([
            payment.id.clone(),
            payment.amount.clone(),
            payment.verdict.to_owned(),
            payment.late.unwrap_or_default().to_owned(),
            payment.source.to_owned(),
            payment.recorded_at.clone(),
        ]);
    }
    let mut events = Table::new(["event", "type", "recorded"]);
    for event in &shown.events {
        events.row([event.id.clone(), event.kind.to_owned(), event.at.clone()]);
    }
    let mut text = card.printed(style);
    for (title, printed) in [
        ("Bills", bills.printed(style)),
        ("Payments", payments.printed(style)),
        ("Events", events.printed(style)),
    ] {
        if !printed.is_empty() {
            text.push_str(&format!("\n{}\n{printed}", style.paint(Tone::Title, title)));
        }
    }
    text
}
