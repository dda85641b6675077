//! How to pay: a page for the payer, and the same for machines as JSON or, where JSON is not asked for, as XML.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse as _, Response};
use doku_model::wire::{
    self, HowToPay, HowToPayAccount, HowToPayClient, HowToPayCustomer, HowToPayInstruction,
    HowToPayOrder, Text,
};
use doku_model::{Amount, FreeText, Timestamp, WIB};
use hyper::header::{ACCEPT, CONTENT_TYPE};
use hyper::{HeaderMap, StatusCode};
use time::OffsetDateTime;

use super::json;
use crate::desk::Desk;
use crate::state::{Account, Standing, acquirer};

/// The path of a link: the bank in small letters, and the visible number.
type Link = Path<(String, String)>;

/// The page for the payer.
pub(super) async fn page(State(desk): State<Arc<Desk>>, Path((bank, number)): Link) -> Response {
    match instructions(&desk, &bank, &number) {
        Some((found, lines)) => Html(html(&found, &lines)).into_response(),
        None => (StatusCode::NOT_FOUND, Html(NOT_FOUND_PAGE)).into_response(),
    }
}

/// The same for machines.
pub(super) async fn api(
    State(desk): State<Arc<Desk>>,
    Path((bank, number)): Link,
    headers: HeaderMap,
) -> Response {
    let wants_json = headers
        .get(ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("application/json"));
    match instructions(&desk, &bank, &number) {
        None => json(404, r#"{"error":"No static resource","status":404}"#.into()),
        Some((found, _)) if wants_json => json(200, wire::encode(&found).into()),
        Some((found, _)) => ([(CONTENT_TYPE, "application/xml")], xml(&found)).into_response(),
    }
}

const NOT_FOUND_PAGE: &str =
    "<!DOCTYPE html>\n<title>Not found</title>\n<p>No virtual account has this number.\n";

/// What the links of one account show, and the merchant's own lines; `None` where there is none at this bank.
fn instructions(
    desk: &Desk,
    bank: &str,
    number: &str,
) -> Option<(HowToPay<'static>, Vec<FreeText>)> {
    let number = number.parse().ok()?;
    let now = desk.clock.now();
    let memory = desk.memory();
    let accounts = memory.accounts();
    let account = accounts.at(accounts.by_typed_number(&number)?)?;
    let bin = accounts.bin(account)?;
    if account.deleted || !acquirer(bin).eq_ignore_ascii_case(bank) {
        return None;
    }
    let visible = account.number(bin).digits().to_owned();
    let found = HowToPay {
        client: Some(HowToPayClient {
            id: text(desk.client_id.as_str()),
            name: text("Merchant"),
        }),
        customer: Some(HowToPayCustomer {
            email: account
                .email
                .as_ref()
                .and_then(|email| text(email.as_str())),
            name: text(account.name.as_str()),
        }),
        order: Some(HowToPayOrder {
            amount: text(&whole_rupiah(account.bill.amount())),
            invoice_number: text(account.trx_id.as_str()),
        }),
        payment_instruction: steps(acquirer(bin), &visible),
        virtual_account_info: Some(info(account, visible, now)),
    };
    Some((found, account.free_text.clone()))
}

fn info(account: &Account, visible: String, now: OffsetDateTime) -> HowToPayAccount<'static> {
    let expiry = account.expired_date.as_ref().map(Timestamp::instant);
    let created = OffsetDateTime::from_unix_timestamp(account.created).unwrap_or(now);
    let left = expiry.map(|expiry| (expiry - now).whole_minutes().max(0));
    let status = match account.standing(now) {
        Standing::Paid => "SUCCESS",
        Standing::Expired => "EXPIRED",
        Standing::Inactive => "INACTIVE",
        Standing::Pending | Standing::Deleted => "PENDING",
    };
    HowToPayAccount {
        created_date: Some(compact(created).into()),
        expired_date: expiry.map(|expiry| compact(expiry).into()),
        expired_in: left.map(|minutes| format!("{minutes} minutes").into()),
        status: text(status),
        virtual_account_number: Some(visible.into()),
    }
}

/// The steps at the two places where everybody can pay, in both languages.
fn steps(bank: &str, number: &str) -> Vec<HowToPayInstruction<'static>> {
    let instruction = |channel: &str, language: &str, steps: [String; 3]| HowToPayInstruction {
        channel: text(channel),
        language: text(language),
        step: steps.into_iter().map(Text::from).collect(),
    };
    vec![
        instruction(
            "ATM",
            "ID",
            [
                format!("Masukkan kartu ATM {bank} dan PIN."),
                "Pilih Pembayaran, lalu Virtual Account.".to_owned(),
                format!("Masukkan nomor {number} dan konfirmasi."),
            ],
        ),
        instruction(
            "ATM",
            "EN",
            [
                format!("Insert your {bank} ATM card and enter the PIN."),
                "Choose Payment, then Virtual Account.".to_owned(),
                format!("Enter the number {number} and confirm."),
            ],
        ),
        instruction(
            "MOBILE BANKING",
            "ID",
            [
                format!("Buka aplikasi {bank}."),
                "Pilih Pembayaran, lalu Virtual Account.".to_owned(),
                format!("Masukkan nomor {number} dan konfirmasi."),
            ],
        ),
        instruction(
            "MOBILE BANKING",
            "EN",
            [
                format!("Open the {bank} app."),
                "Choose Payment, then Virtual Account.".to_owned(),
                format!("Enter the number {number} and confirm."),
            ],
        ),
    ]
}

/// `20210124104512`, in Western Indonesian Time.
fn compact(moment: OffsetDateTime) -> String {
    let local = moment.checked_to_offset(WIB).unwrap_or(moment);
    let (year, month, day) = (local.year(), u8::from(local.month()), local.day());
    let (hour, minute, second) = local.to_hms();
    format!("{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}")
}

fn whole_rupiah(amount: Option<Amount>) -> String {
    amount.map_or(0, |amount| amount.parts().0).to_string()
}

fn text(text: &str) -> Option<Text<'static>> {
    Some(text.to_owned().into())
}

fn shown<'t>(text: Option<&'t Text<'_>>) -> &'t str {
    text.map_or("", Text::as_str)
}

/// The page. Nothing of the payer's goes in unescaped, and nothing is loaded from anywhere.
fn html(found: &HowToPay<'_>, lines: &[FreeText]) -> String {
    let account = found.virtual_account_info.as_ref();
    let order = found.order.as_ref();
    let customer = found.customer.as_ref();
    let rows = [
        (
            "Number",
            shown(account.and_then(|account| account.virtual_account_number.as_ref())),
        ),
        (
            "Amount, IDR",
            shown(order.and_then(|order| order.amount.as_ref())),
        ),
        (
            "Invoice",
            shown(order.and_then(|order| order.invoice_number.as_ref())),
        ),
        (
            "Name",
            shown(customer.and_then(|customer| customer.name.as_ref())),
        ),
        (
            "Status",
            shown(account.and_then(|account| account.status.as_ref())),
        ),
        (
            "Expires in",
            shown(account.and_then(|account| account.expired_in.as_ref())),
        ),
    ];
    let mut page = String::from(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>How to pay</title></head>\n<body><h1>How to pay</h1>\n<dl>\n",
    );
    for (name, value) in rows {
        // Writing to a text cannot fail.
        let _written = writeln!(page, "<dt>{name}</dt><dd>{}</dd>", escaped(value));
    }
    page.push_str("</dl>\n");
    for line in lines {
        let (english, indonesia) = (escaped(line.english()), escaped(line.indonesia()));
        let _written = writeln!(page, "<p>{english}<br><i>{indonesia}</i></p>");
    }
    for instruction in &found.payment_instruction {
        let _written = writeln!(
            page,
            "<h2>{} ({})</h2>\n<ol>",
            escaped(shown(instruction.channel.as_ref())),
            escaped(shown(instruction.language.as_ref()))
        );
        for step in &instruction.step {
            let _written = writeln!(page, "<li>{}</li>", escaped(step.as_str()));
        }
        page.push_str("</ol>\n");
    }
    page.push_str("</body></html>\n");
    page
}

/// The same members as elements; a list is wrapped in an element of its own name.
fn xml(found: &HowToPay<'_>) -> String {
    let mut xml = String::from("<HowToPayResponseDto>");
    if let Some(client) = &found.client {
        let members = [("id", &client.id), ("name", &client.name)];
        group(&mut xml, "client", &members);
    }
    if let Some(order) = &found.order {
        let members = [
            ("invoice_number", &order.invoice_number),
            ("amount", &order.amount),
        ];
        group(&mut xml, "order", &members);
    }
    if let Some(account) = &found.virtual_account_info {
        let members = [
            ("virtual_account_number", &account.virtual_account_number),
            ("status", &account.status),
            ("created_date", &account.created_date),
            ("expired_date", &account.expired_date),
            ("expired_in", &account.expired_in),
        ];
        group(&mut xml, "virtual_account_info", &members);
    }
    if let Some(customer) = &found.customer {
        let members = [("name", &customer.name), ("email", &customer.email)];
        group(&mut xml, "customer", &members);
    }
    xml.push_str("<payment_instruction>");
    for instruction in &found.payment_instruction {
        xml.push_str("<payment_instruction>");
        element(&mut xml, "channel", instruction.channel.as_ref());
        element(&mut xml, "language", instruction.language.as_ref());
        xml.push_str("<step>");
        for step in &instruction.step {
            element(&mut xml, "step", Some(step));
        }
        xml.push_str("</step></payment_instruction>");
    }
    xml.push_str("</payment_instruction></HowToPayResponseDto>");
    xml
}

fn group(xml: &mut String, name: &str, members: &[(&str, &Option<Text<'_>>)]) {
    let _written = write!(xml, "<{name}>");
    for (name, value) in members {
        element(xml, name, value.as_ref());
    }
    let _written = write!(xml, "</{name}>");
}

fn element(xml: &mut String, name: &str, value: Option<&Text<'_>>) {
    if let Some(value) = value {
        let _written = write!(xml, "<{name}>{}</{name}>", escaped(value.as_str()));
    }
}

/// The text with nothing in it that HTML or XML would take for its own.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}
