//! HTTP: the router over the desk, and the connections under it.

mod control;
mod how_to_pay;
mod operation;
mod order;
mod play;
mod serve;
mod spoil;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodFilter, get, on};
use bytes::Bytes;
use doku_model::Method;
use hyper::StatusCode;
use hyper::header::CONTENT_TYPE;

pub(crate) use serve::{Server, serve};

use crate::desk::Desk;
use crate::faults::SERVED;
use crate::page;

/// Everything the sandbox answers to.
pub(crate) fn router(desk: Arc<Desk>) -> Router {
    let mut router = Router::new();
    for (operation, _) in SERVED {
        let method = match operation.method() {
            Method::Post => MethodFilter::POST,
            Method::Put => MethodFilter::PUT,
            Method::Delete => MethodFilter::DELETE,
        };
        let handler = move |State(desk): State<Arc<Desk>>, request: Request| async move {
            operation::handle(desk, operation, request).await
        };
        router = router.route(operation.path(), on(method, handler));
    }
    router
        .route(
            "/how-to-pay/virtual-account/{bank}/{number}",
            get(how_to_pay::page),
        )
        .route("/pay-instruction/{bank}/{number}", get(how_to_pay::api))
        .nest(
            "/_sandbox",
            control::routes().layer(middleware::from_fn_with_state(
                Arc::clone(&desk),
                page::no_foreign_page,
            )),
        )
        .merge(page::routes(&desk))
        .fallback(operation::nothing_here)
        .method_not_allowed_fallback(operation::nothing_here)
        .with_state(desk)
}

/// An answer of JSON that is written already.
fn json(status: u16, body: Bytes) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(CONTENT_TYPE, "application/json")], body).into_response()
}
