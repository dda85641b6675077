//! The control plane: what the sandbox remembers, and what it is told to do. Not part of DOKU.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use doku_model::{FieldError, PositiveAmount, Timestamp, VirtualAccountNo};
use hyper::StatusCode;
use serde::{Deserialize, Serialize};

use super::order::Order;
use crate::counter::TellerError;
use crate::desk::Desk;
use crate::faults::Fault;
use crate::journal::Note;
use crate::outbound::Notification;
use crate::view::VirtualAccount;

/// The accounts that one answer shows where no `limit` is given.
const PAGE: usize = 1000;

pub(super) fn routes() -> Router<Arc<Desk>> {
    Router::new()
        .route("/virtual-accounts", get(virtual_accounts))
        .route("/journal", get(journal))
        .route("/clock", get(clock).post(advance).delete(set_back))
        .route("/inquire", post(inquire))
        .route("/pay", post(pay))
        .route("/notifications", get(notifications))
        .route("/notifications/{id}/resend", post(resend))
        .route(
            "/faults",
            get(faults).post(order_fault).delete(clear_faults),
        )
        .route("/reset", post(reset))
}

/// Which part of a long list is wanted.
struct Page {
    after: u64,
    limit: usize,
}

impl Page {
    /// Reads `after=N&limit=N`; either may be left out.
    fn read(query: Option<&str>, default_limit: usize) -> Result<Self, NotANumber> {
        let mut page = Self {
            after: 0,
            limit: default_limit,
        };
        for (name, value) in query
            .unwrap_or_default()
            .split('&')
            .filter_map(|pair| pair.split_once('='))
        {
            let number: u64 = value.parse().map_err(|_| NotANumber)?;
            match name {
                "after" => page.after = number,
                "limit" => page.limit = usize::try_from(number).unwrap_or(usize::MAX),
                _ => {}
            }
        }
        Ok(page)
    }
}

/// A query with something else than a number in it.
struct NotANumber;

impl IntoResponse for NotANumber {
    fn into_response(self) -> Response {
        let reason = "after and limit must be numbers";
        refused(StatusCode::BAD_REQUEST, "badRequest", reason)
    }
}

async fn virtual_accounts(
    State(desk): State<Arc<Desk>>,
    RawQuery(query): RawQuery,
) -> Result<Response, NotANumber> {
    let page = Page::read(query.as_deref(), PAGE)?;
    let skip = usize::try_from(page.after).unwrap_or(usize::MAX);
    let accounts = VirtualAccount::list(&desk, skip, page.limit);
    Ok(Json(serde_json::json!({ "virtualAccounts": accounts })).into_response())
}

async fn journal(
    State(desk): State<Arc<Desk>>,
    RawQuery(query): RawQuery,
) -> Result<Response, NotANumber> {
    let page = Page::read(query.as_deref(), usize::MAX)?;
    let last = desk.journal.last();
    let entries = desk.journal.after(page.after);
    let entries = entries.iter().take(page.limit).map(AsRef::as_ref).collect();
    Ok(Json(Journal { last, entries }).into_response())
}

#[derive(Serialize)]
struct Journal<'j> {
    /// The number of the last entry there is.
    last: u64,
    entries: Vec<&'j crate::journal::JournalEntry>,
}

async fn clock(State(desk): State<Arc<Desk>>) -> Response {
    let now = Timestamp::wib(desk.clock.now());
    Json(serde_json::json!({ "now": now })).into_response()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Advance {
    advance_seconds: u64,
}

async fn advance(State(desk): State<Arc<Desk>>, Order(order): Order<Advance>) -> Response {
    desk.move_clock(Duration::from_secs(order.advance_seconds))
        .await;
    clock(State(desk)).await
}

async fn set_back(State(desk): State<Arc<Desk>>) -> Response {
    desk.set_clock_back();
    clock(State(desk)).await
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Pay {
    virtual_account_no: String,
    amount: String,
}

async fn pay(State(desk): State<Arc<Desk>>, Order(order): Order<Pay>) -> Response {
    let number: VirtualAccountNo = match order.virtual_account_no.trim().parse() {
        Ok(number) => number,
        Err(error) => return refused(StatusCode::BAD_REQUEST, "badRequest", &error.to_string()),
    };
    let amount = match order.amount.parse::<PositiveAmount>() {
        Ok(amount) => amount,
        Err(error) => return refused(StatusCode::BAD_REQUEST, "badRequest", &error.to_string()),
    };
    match desk.pay_and_notify(&number, amount).await {
        Ok(paid) => {
            let payment = paid.payment;
            let receipt = Receipt {
                payment_request_id: payment.payment_request_id,
                virtual_account_no: number.digits().to_owned(),
                paid_amount: payment.amount.to_string(),
                paid_at: Timestamp::wib(payment.paid_at),
                notification: paid.notification,
            };
            Json(receipt).into_response()
        }
        Err(error) => not_taken(&error),
    }
}

/// What somebody who paid is given.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Receipt {
    payment_request_id: String,
    virtual_account_no: String,
    paid_amount: String,
    paid_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    notification: Option<Notification>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Inquire {
    virtual_account_no: String,
}

async fn inquire(State(desk): State<Arc<Desk>>, Order(order): Order<Inquire>) -> Response {
    match order.virtual_account_no.trim().parse() {
        Err(error) => {
            let error: FieldError = error;
            refused(StatusCode::BAD_REQUEST, "badRequest", &error.to_string())
        }
        Ok(number) => match desk.inquire(&number).await {
            Ok(screen) => Json(screen).into_response(),
            Err(error) => not_taken(&error),
        },
    }
}

async fn notifications(State(desk): State<Arc<Desk>>) -> Response {
    let all = desk.outbound.notifications.all();
    let all: Vec<_> = all.iter().map(|record| record.view()).collect();
    Json(serde_json::json!({ "notifications": all })).into_response()
}

async fn resend(State(desk): State<Arc<Desk>>, Path(id): Path<String>) -> Response {
    let notification = match id.parse() {
        Ok(id) => desk.notify_again(id).await,
        Err(_) => None,
    };
    match notification {
        Some(notification) => Json(notification).into_response(),
        None => refused(
            StatusCode::NOT_FOUND,
            "notFound",
            "no notification has this id",
        ),
    }
}

/// What the bank says instead of taking money.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NotTaken<'e> {
    error: &'static str,
    reason: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_code: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_message: Option<&'e str>,
    #[serde(skip_serializing_if = "<[Note]>::is_empty")]
    notes: &'e [Note],
}

fn not_taken(error: &TellerError) -> Response {
    let status = match (error, error.kind()) {
        (_, "notFound") => StatusCode::NOT_FOUND,
        (TellerError::Bank(_) | TellerError::NotAsked { .. }, _)
        | (_, "alreadyPaid" | "expired" | "wrongAmount") => StatusCode::CONFLICT,
        _ => StatusCode::BAD_GATEWAY,
    };
    let (code, message) = match error {
        TellerError::Refused {
            response_code,
            response_message,
            ..
        } => (response_code.as_deref(), response_message.as_deref()),
        _ => (None, None),
    };
    let body = NotTaken {
        error: error.kind(),
        reason: error.to_string(),
        response_code: code,
        response_message: message,
        notes: error.notes(),
    };
    (status, Json(body)).into_response()
}

async fn faults(State(desk): State<Arc<Desk>>) -> Response {
    Json(serde_json::json!({ "faults": desk.faults.waiting() })).into_response()
}

async fn order_fault(State(desk): State<Arc<Desk>>, Order(fault): Order<Fault>) -> Response {
    match desk.faults.order(fault) {
        Ok(()) => faults(State(desk)).await,
        Err(error) => refused(StatusCode::BAD_REQUEST, "badRequest", &error.to_string()),
    }
}

async fn clear_faults(State(desk): State<Arc<Desk>>) -> Response {
    desk.faults.clear();
    faults(State(desk)).await
}

async fn reset(State(desk): State<Arc<Desk>>) -> StatusCode {
    desk.reset();
    StatusCode::NO_CONTENT
}

fn refused(status: StatusCode, error: &str, reason: &str) -> Response {
    let body = serde_json::json!({ "error": error, "reason": reason });
    (status, Json(body)).into_response()
}
