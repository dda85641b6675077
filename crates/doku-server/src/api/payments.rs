//! Payments, in the order in which they were kept: all of them, or those of one order.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;

use super::answer;
use super::path::{found, trx_id};
use super::problem::Problem;
use super::query::Query;
use crate::site::Site;
use crate::view;

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
    Ok(answer::page(&page, view::payment))
}

/// Those that were matched to one account.
pub(super) async fn of_one(
    State(site): State<Arc<Site>>,
    path: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let trx_id = trx_id(path)?;
    let query = Query::read(query.as_deref(), &["after", "limit"])?;
    let (after, limit) = (query.after()?, query.limit()?);
    // An order without payments and one that nobody has made are two answers.
    found(&site, &trx_id).await?;
    let page = site
        .ledger
        .payments_of_after(&trx_id, after, limit)
        .await
        .map_err(|error| Problem::ledger(&error).about(&trx_id))?;
    Ok(answer::page(&page, view::payment))
}
