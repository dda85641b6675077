//! The control plane: what the sandbox remembers, and what it is told to do. Not part of DOKU.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::rejection::JsonRejection;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use doku_model::{PositiveAmount, Timestamp, VirtualAccountNo};
use hyper::StatusCode;
use serde::{Deserialize, Serialize};

use crate::desk::Desk;
use crate::faults::Fault;
use crate::state::PayError;
use crate::view::VirtualAccount;

/// The accounts that one answer shows where no `limit` is given.
const PAGE: usize = 1000;

pub(super) fn routes() -> Router<Arc<Desk>> {
    Router::new()
        .route("/virtual-accounts", get(virtual_accounts))
        .route("/journal", get(journal))
        .route("/clock", get(clock).post(advance))
        .route("/pay", post(pay))
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

async fn advance(
    State(desk): State<Arc<Desk>>,
    order: Result<Json<Advance>, JsonRejection>,
) -> Response {
    match order {
        Ok(Json(order)) => {
            desk.clock
                .advance(Duration::from_secs(order.advance_seconds));
            clock(State(desk)).await
        }
        Err(rejection) => not_understood(&rejection),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Pay {
    virtual_account_no: String,
    amount: String,
}

async fn pay(State(desk): State<Arc<Desk>>, order: Result<Json<Pay>, JsonRejection>) -> Response {
    let order = match order {
        Ok(Json(order)) => order,
        Err(rejection) => return not_understood(&rejection),
    };
    let number: VirtualAccountNo = match order.virtual_account_no.trim().parse() {
        Ok(number) => number,
        Err(error) => return refused(StatusCode::BAD_REQUEST, "badRequest", &error.to_string()),
    };
    let amount = match order.amount.parse::<PositiveAmount>() {
        Ok(amount) => amount,
        Err(error) => return refused(StatusCode::BAD_REQUEST, "badRequest", &error.to_string()),
    };
    let now = desk.clock.now();
    let paid = desk.memory().pay(now, &number, amount);
    match paid {
        Ok(payment) => Json(serde_json::json!({
            "paymentRequestId": payment.payment_request_id,
            "virtualAccountNo": number.digits(),
            "paidAmount": payment.amount.amount(),
            "paidAt": Timestamp::wib(payment.paid_at),
        }))
        .into_response(),
        Err(error) => {
            let status = match error {
                PayError::NotFound => StatusCode::NOT_FOUND,
                _ => StatusCode::CONFLICT,
            };
            refused(status, error.kind(), &error.to_string())
        }
    }
}

async fn faults(State(desk): State<Arc<Desk>>) -> Response {
    Json(serde_json::json!({ "faults": desk.faults.waiting() })).into_response()
}

async fn order_fault(
    State(desk): State<Arc<Desk>>,
    order: Result<Json<Fault>, JsonRejection>,
) -> Response {
    let ordered = match order {
        Ok(Json(fault)) => desk.faults.order(fault),
        Err(rejection) => return not_understood(&rejection),
    };
    match ordered {
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

fn not_understood(rejection: &JsonRejection) -> Response {
    refused(rejection.status(), "badRequest", &rejection.body_text())
}

fn refused(status: StatusCode, error: &str, reason: &str) -> Response {
    let body = serde_json::json!({ "error": error, "reason": reason });
    (status, Json(body)).into_response()
}
