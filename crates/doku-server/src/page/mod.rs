//! The payment page: what a customer sees who is to pay.
//!
//! One address, by a name that nobody guesses. It shows the number, the amount and the way to pay, never an e-mail address or
//! a phone number, and of the name what the merchant has chosen. It loads nothing from anywhere, runs one script whose hash the
//! policy names, and works without it. Asked for JSON it tells its version alone, by which the script learns that it changed.

mod language;
mod policy;
mod view;
mod words;

use std::sync::Arc;

use askama::Template as _;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse as _, Response};
use doku_ledger::account::{Account, PublicId};
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, StatusCode};
use serde_json::json;

use crate::config::Language;
use crate::site::Site;
use view::{Gone, Pay};

/// Shows the page, or its version.
pub(crate) async fn show(
    State(site): State<Arc<Site>>,
    path: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let language = language::chosen(query.as_deref(), &headers, site.config.language);
    let found = match path.ok().and_then(|Path(id)| id.parse::<PublicId>().ok()) {
        None => Ok(None),
        Some(id) => site.ledger.account_by_public_id(&id).await,
    };
    match found {
        Ok(Some(account)) if wants_json(&headers) => version(&site, &account),
        Ok(Some(account)) => page(&site, &account, language),
        Ok(None) => gone(StatusCode::NOT_FOUND, &Gone::unknown(language)),
        Err(error) => {
            tracing::error!(%error, "a payment page could not be shown");
            gone(StatusCode::SERVICE_UNAVAILABLE, &Gone::later(language))
        }
    }
}

/// Browsers ask for HTML first; the script asks for JSON and nothing else.
fn wants_json(headers: &HeaderMap) -> bool {
    headers
        .get(ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.trim() == "application/json")
}

fn version(site: &Site, account: &Account) -> Response {
    let told = json!({ "version": view::version(account, site.ledger.now()) });
    let json = (CONTENT_TYPE, "application/json");
    (policy::headers(), [json], told.to_string()).into_response()
}

fn page(site: &Site, account: &Account, language: Language) -> Response {
    let view = Pay::of(account, &site.config, site.ledger.now(), language);
    match view.render() {
        Ok(html) => html_response(StatusCode::OK, html),
        Err(error) => {
            tracing::error!(%error, "a payment page could not be written");
            gone(StatusCode::INTERNAL_SERVER_ERROR, &Gone::later(language))
        }
    }
}

fn gone(status: StatusCode, view: &Gone) -> Response {
    html_response(status, view.render().unwrap_or_default())
}

fn html_response(status: StatusCode, html: String) -> Response {
    let kind = (CONTENT_TYPE, "text/html; charset=utf-8");
    (status, policy::headers(), [kind], html).into_response()
}
