//! Answers: JSON, which nobody keeps.

use axum::body::Body;
use axum::response::Response;
use doku_ledger::Page;
use doku_ledger::account::Account;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};
use serde_json::Value;

use crate::site::Site;
use crate::view;

/// An answer with this status.
pub(super) fn json(status: StatusCode, value: &Value) -> Response {
    let mut response = Response::new(Body::from(value.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// A page of items, each as `show` has it, and where to go on.
pub(super) fn page<T>(page: &Page<T>, show: impl Fn(&T) -> Value) -> Response {
    let items = page.items.iter().map(show).collect();
    json(StatusCode::OK, &view::page(items, page.next))
}

/// An account, with the address of its payment page here.
pub(super) fn account(site: &Site, account: &Account) -> Value {
    view::account(account, &site.pay_url(&account.public_id))
}

/// Says beside an account why nobody knows what became of the last call.
pub(super) fn with_outcome(account: &mut Value, outcome: Option<Value>) {
    if let (Some(outcome), Some(members)) = (outcome, account.as_object_mut()) {
        members.insert("outcome".to_owned(), outcome);
    }
}
