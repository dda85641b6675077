//! How to pay, for machines: as JSON or, where JSON is not asked for, as XML.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use doku_model::wire::{self, HowToPay, Text};
use hyper::HeaderMap;
use hyper::header::{ACCEPT, CONTENT_TYPE};

use super::json;
use crate::desk::Desk;
use crate::how_to_pay::instructions;

/// Bank in small letters and visible number stand in the path.
pub(super) async fn api(
    State(desk): State<Arc<Desk>>,
    Path((bank, number)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let wants_json = headers
        .get(ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("application/json"));
    let found = instructions(&desk, &bank, &number).map(|found| found.how_to_pay);
    match found {
        None => json(404, r#"{"error":"No static resource","status":404}"#.into()),
        Some(found) if wants_json => json(200, wire::encode(&found).into()),
        Some(found) => ([(CONTENT_TYPE, "application/xml")], xml(&found)).into_response(),
    }
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

/// The text with nothing in it that XML would take for its own.
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
