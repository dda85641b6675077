//! Webhooks that could not be delivered.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use doku_ledger::delivery::{DeadLetter, DeliveryId, InvalidDeliveryId};
use http::StatusCode;
use serde_json::{Value, json};

use super::answer;
use super::problem::{Fault, Problem};
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
        .dead_letters(query.after()?, query.limit()?)
        .await
        .map_err(|error| Problem::ledger(&error))?;
    Ok(answer::page(&page, letter))
}

fn letter(letter: &DeadLetter) -> Value {
    json!({
        "id": letter.id.to_string(),
        "webhook": letter.recipient,
        "attempts": letter.attempts,
        "reason": letter.reason,
        "since": view::moment(letter.since),
        "givenUpAt": view::moment(letter.given_up_at),
        "event": view::event(&letter.event),
    })
}

/// Lets one be sent again, by whichever process comes first.
pub(super) async fn resend(
    State(site): State<Arc<Site>>,
    path: Result<Path<String>, PathRejection>,
) -> Result<Response, Problem> {
    let fault = |detail: String| Problem::faults(vec![Fault::of_parameter("id", detail)]);
    let Path(text) = path.map_err(|_| fault("is no text".to_owned()))?;
    let id: DeliveryId = text
        .parse()
        .map_err(|error: InvalidDeliveryId| fault(error.to_string()))?;
    let done = site.ledger.send_again(id).await;
    if done.map_err(|error| Problem::ledger(&error))? {
        let told = json!({ "id": id.to_string(), "state": "waiting" });
        Ok(answer::json(StatusCode::ACCEPTED, &told))
    } else {
        Err(Problem::not_found(format!("there is no dead letter {id}")))
    }
}
