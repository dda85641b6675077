//! What is reached from outside: DOKU's calls and the payment pages, and nothing else.

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::get;
use doku_axum::{DokuService, Paths};
use doku_model::{Operation, ResponseCode};
use doku_va_btn::hosted::Endpoints;

use crate::metrics::{Direction, Metrics};
use crate::page;
use crate::site::Site;

/// The router of the listener that faces outwards.
pub(crate) fn router(site: Arc<Site>, endpoints: Endpoints) -> Router {
    let measured = Measured {
        metrics: site.metrics.clone(),
        paths: Arc::new(site.config.paths.clone()),
    };
    DokuService::new(endpoints)
        .at(site.config.paths.clone())
        .into_router()
        .layer(from_fn_with_state(measured, measure))
        .merge(
            Router::new()
                .route("/pay/{public_id}", get(page::show))
                .with_state(site),
        )
}

#[derive(Clone)]
struct Measured {
    metrics: Metrics,
    paths: Arc<Paths>,
}

/// Counts calls by operation and code, and times acknowledgements.
async fn measure(State(measured): State<Measured>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let operation = if path == measured.paths.payment() {
        Operation::Payment
    } else if path == measured.paths.inquiry() {
        Operation::Inquiry
    } else {
        Operation::Token
    };
    let since = Instant::now();
    let response = next.run(request).await;
    let code = response.extensions().get::<ResponseCode>();
    if operation == Operation::Payment && code == Some(&operation.success()) {
        measured.metrics.acknowledged(since.elapsed());
    }
    let code = code.map_or("none", ResponseCode::as_str);
    measured.metrics.call(Direction::Inbound, operation, code);
    response
}
