//! Updating and deleting a virtual account.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use doku_ledger::intent::Done;
use doku_ledger::{Error, Kept};
use doku_model::TrxId;
use doku_va_btn::{Change, Outcome};
use http::StatusCode;
use serde_json::Value;

use super::members::{Faults, Members};
use super::path::{found, location, trx_id, unfinished};
use super::problem::Problem;
use super::{answer, body, problem};
use crate::site::Site;

/// What a request may say.
pub(super) const MEMBERS: &[&str] = &["name", "email", "phone", "bill", "expiredDate", "active"];

pub(super) async fn update(
    State(site): State<Arc<Site>>,
    path: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Response, Problem> {
    let trx_id = trx_id(path)?;
    let asked = body::json(request).await?;
    let change = change(&asked)?;
    // There is nothing to change about what is not there, whatever is wrong with the rest.
    found(&site, &trx_id).await?;
    let work = {
        let (site, trx_id) = (Arc::clone(&site), trx_id.clone());
        async move { site.ledger.update(&*site.doku, &trx_id, &change).await }
    };
    let done = site.underway.run(work).await;
    told(&site, &trx_id, done)
}

pub(super) async fn delete(
    State(site): State<Arc<Site>>,
    path: Result<Path<String>, PathRejection>,
) -> Result<Response, Problem> {
    let trx_id = trx_id(path)?;
    let work = {
        let (site, trx_id) = (Arc::clone(&site), trx_id.clone());
        async move { site.ledger.delete(&*site.doku, &trx_id).await }
    };
    let done = site.underway.run(work).await;
    told(&site, &trx_id, done)
}

fn change(asked: &Value) -> Result<Change, Problem> {
    let mut faults = Faults::default();
    let change = read(asked, &mut faults);
    faults.settle(change)
}

fn read(asked: &Value, faults: &mut Faults) -> Option<Change> {
    let members = Members::of(asked, "", MEMBERS, faults)?;
    for name in MEMBERS {
        if members.is_null(name) {
            // Elsewhere null means that a member is absent; here somebody may mean that it shall be taken away.
            let detail =
                "must not be null: what is left out stays as it is, and nothing can be taken away";
            faults.add(format!("/{name}"), detail);
        }
    }
    let mut change = Change::new();
    change.name = members.parsed("name", faults);
    change.email = members.parsed("email", faults);
    change.phone = members.parsed("phone", faults);
    change.bill = members.bill("bill", faults);
    change.expired_date = members.parsed("expiredDate", faults);
    change.active = members.flag("active", faults);
    if MEMBERS
        .iter()
        .all(|name| members.value(name).is_none() && !members.is_null(name))
    {
        faults.add(
            "",
            format!("there is nothing to change; say {}", MEMBERS.join(", ")),
        );
    }
    Some(change)
}

/// What became of it: done, perhaps done, or not.
fn told(
    site: &Site,
    trx_id: &TrxId,
    done: Option<Result<Done, Error>>,
) -> Result<Response, Problem> {
    let done = done.ok_or_else(|| unfinished(trx_id))?;
    let done = done.map_err(|error| {
        let problem = Problem::ledger(&error).about(trx_id);
        match error.kept() {
            // What was recorded as begun is found and done, if it was not done at once.
            Kept::Perhaps => problem.unknown(location(trx_id)),
            Kept::No => problem,
        }
    })?;
    let mut account = answer::account(site, &done.account);
    match done.failure {
        None => Ok(answer::json(StatusCode::OK, &account)),
        Some(failed) if failed.outcome() == Outcome::Unknown => {
            answer::with_outcome(&mut account, Some(problem::outcome(&failed)));
            Ok(answer::json(StatusCode::ACCEPTED, &account))
        }
        Some(failed) => Err(Problem::failed(&failed).about(trx_id)),
    }
}
