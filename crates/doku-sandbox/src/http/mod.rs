//! HTTP: the router over the desk, and the connections under it.
//!
//! `operation` is a call of the merchant's from its arrival to its answer: `entry` writes it down, and `play` and `spoil` are
//! what faults make of it. `control` is the control plane, `how_to_pay` the links in the answers of create.

mod control;
mod entry;
mod how_to_pay;
mod operation;
mod order;
mod play;
mod reply;
mod serve;
mod spoil;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware;
use axum::routing::{MethodFilter, get, on};
use doku_model::Method;

use reply::json;
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
