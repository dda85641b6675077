//! Payments, in the order in which they were kept.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::response::Response;
use http::StatusCode;

use super::problem::Problem;
use super::query::Query;
use super::view;
use crate::site::Site;

pub(super) async fn list(
    State(site): State<Arc<Site>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let query = Query::read(query.as_deref(), &["after", "limit"])?;
    let page = site
        .ledger
        .payments_after(query.after()?, query.limit()?)
        .await
        .map_err(|error| Problem::ledger(&error))?;
    let items = page.items.iter().map(view::payment).collect();
    Ok(view::answer(StatusCode::OK, &view::page(items, page.next)))
}
