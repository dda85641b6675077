//! Looking at virtual accounts, and asking DOKU about one.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use doku_ledger::account::AccountFilter;
use doku_ledger::reconcile::Finding;
use http::StatusCode;
use http::header::RETRY_AFTER;
use serde_json::json;
use time::Duration;

use super::answer;
use super::path::{found, trx_id, unfinished};
use super::problem::{Fault, Problem};
use super::query::Query;
use crate::site::Site;

pub(super) async fn show(
    State(site): State<Arc<Site>>,
    path: Result<Path<String>, PathRejection>,
) -> Result<Response, Problem> {
    let account = found(&site, &trx_id(path)?).await?;
    Ok(answer::json(
        StatusCode::OK,
        &answer::account(&site, &account),
    ))
}

pub(super) async fn list(
    State(site): State<Arc<Site>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let query = Query::read(query.as_deref(), &["after", "limit", "state", "order"])?;
    let mut filter = AccountFilter::all();
    if let Some(state) = query.parsed("state")? {
        filter = filter.in_state(state);
    }
    match query.text("order") {
        None | Some("oldest") => {}
        Some("newest") => filter = filter.newest_first(),
        Some(_) => {
            let fault = Fault::of_parameter("order", "must be oldest or newest");
            return Err(Problem::faults(vec![fault]));
        }
    }
    let page = site
        .ledger
        .accounts(filter, query.after()?, query.limit()?)
        .await
        .map_err(|error| Problem::ledger(&error))?;
    Ok(answer::page(&page, |account| {
        answer::account(&site, account)
    }))
}

/// Asks DOKU now, whether the account is due or not.
pub(super) async fn check(
    State(site): State<Arc<Site>>,
    path: Result<Path<String>, PathRejection>,
) -> Result<Response, Problem> {
    let trx_id = trx_id(path)?;
    let work = {
        let (site, trx_id) = (Arc::clone(&site), trx_id.clone());
        async move { site.worker.check(&trx_id).await }
    };
    let checked = site.underway.run(work).await;
    let finding = checked
        .ok_or_else(|| unfinished(&trx_id))?
        .map_err(|error| Problem::ledger(&error).about(&trx_id))?
        .map_err(|failed| Problem::failed(&failed).about(&trx_id))?;
    let account = found(&site, &trx_id).await?;
    let (word, payment) = match finding {
        Finding::Payment(id) => ("payment", Some(id.to_string())),
        Finding::Suspicion => ("suspicion", None),
        Finding::Expired => ("expired", None),
        Finding::NotAsked { .. } => ("notAsked", None),
        _ => ("nothing", None),
    };
    let mut told = json!({ "finding": word, "account": answer::account(&site, &account) });
    if let (Some(id), Some(members)) = (payment, told.as_object_mut()) {
        members.insert("payment".to_owned(), id.into());
    }
    let mut answer = answer::json(StatusCode::OK, &told);
    if let Finding::NotAsked { until } = finding {
        // Rounded up: who comes too early is not asked for either.
        let wait = (until - site.ledger.now() + Duration::milliseconds(999)).whole_seconds();
        let wait = wait.max(1);
        answer.headers_mut().insert(RETRY_AFTER, wait.into());
    }
    Ok(answer)
}
