//! Looking at virtual accounts, and asking DOKU about one.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use doku_ledger::account::{Account, AccountFilter};
use doku_ledger::reconcile::Finding;
use doku_model::TrxId;
use http::StatusCode;
use http::header::RETRY_AFTER;
use serde_json::json;
use time::Duration;

use super::create::unfinished;
use super::problem::{Fault, Problem};
use super::query::Query;
use super::view;
use crate::site::Site;

/// The invoice number in a path.
pub(super) fn trx_id(path: Result<Path<String>, PathRejection>) -> Result<TrxId, Problem> {
    let fault = |detail: String| Problem::faults(vec![Fault::of_parameter("trxId", detail)]);
    let Path(text) = path.map_err(|_| fault("is no text".to_owned()))?;
    text.parse()
        .map_err(|error: doku_model::FieldError| fault(error.fault().to_string()))
}

/// Where an account is found.
pub(super) fn location(trx_id: &TrxId) -> String {
    let mut path = String::from("/v1/virtual-accounts/");
    for byte in trx_id.as_str().bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            path.push(char::from(byte));
        } else {
            path.push_str(&format!("%{byte:02X}"));
        }
    }
    path
}

/// The account, or that there is none.
pub(super) async fn found(site: &Site, trx_id: &TrxId) -> Result<Account, Problem> {
    let account = site.ledger.account(trx_id).await;
    account
        .map_err(|error| Problem::ledger(&error))?
        .ok_or_else(|| {
            Problem::not_found(format!("there is no account for {trx_id}")).about(trx_id)
        })
}

pub(super) async fn show(
    State(site): State<Arc<Site>>,
    path: Result<Path<String>, PathRejection>,
) -> Result<Response, Problem> {
    let account = found(&site, &trx_id(path)?).await?;
    Ok(view::answer(
        StatusCode::OK,
        &view::account(&site, &account),
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
    let items = page
        .items
        .iter()
        .map(|account| view::account(&site, account))
        .collect();
    Ok(view::answer(StatusCode::OK, &view::page(items, page.next)))
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
    let mut told = json!({ "finding": word, "account": view::account(&site, &account) });
    if let (Some(id), Some(members)) = (payment, told.as_object_mut()) {
        members.insert("payment".to_owned(), id.into());
    }
    let mut answer = view::answer(StatusCode::OK, &told);
    if let Finding::NotAsked { until } = finding {
        // Rounded up: who comes too early is not asked for either.
        let wait = (until - site.ledger.now() + Duration::milliseconds(999)).whole_seconds();
        let wait = wait.max(1);
        answer.headers_mut().insert(RETRY_AFTER, wait.into());
    }
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_is_one_segment() {
        let trx_id: TrxId = "INV/2026 %1".parse().unwrap();
        assert_eq!(location(&trx_id), "/v1/virtual-accounts/INV%2F2026%20%251");
    }
}
