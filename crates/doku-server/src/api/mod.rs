//! The merchant API: JSON over HTTP, for applications in any language.
//!
//! One file a resource. `path.rs` finds the account that a path names, `body.rs` reads requests, `strict.rs` and `members.rs`
//! understand them and refuse what is not known by name, `answer.rs` answers, and `problem.rs` says what went wrong and what
//! happened to the money.

mod accounts;
mod amount;
mod answer;
mod authorise;
mod body;
mod change;
mod create;
mod dead_letters;
mod events;
mod members;
mod openapi;
mod path;
mod payments;
mod problem;
mod query;
mod strict;

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, delete, get, patch, post};

use crate::health;
use crate::site::Site;
use problem::Problem;

/// How many items a page has where nothing is said.
const PAGE: usize = 100;

type Shared = Arc<Site>;

/// Every route with its method.
#[cfg(test)]
fn routes() -> Vec<(&'static str, &'static str, MethodRouter<Shared>)> {
    let mut routes = keyed();
    routes.extend(open());
    routes
}

/// What takes a key.
fn keyed() -> Vec<(&'static str, &'static str, MethodRouter<Shared>)> {
    const ACCOUNTS: &str = "/v1/virtual-accounts";
    const ACCOUNT: &str = "/v1/virtual-accounts/{trxId}";
    vec![
        ("get", ACCOUNTS, get(accounts::list)),
        ("post", ACCOUNTS, post(create::create)),
        ("get", ACCOUNT, get(accounts::show)),
        ("patch", ACCOUNT, patch(change::update)),
        ("delete", ACCOUNT, delete(change::delete)),
        (
            "post",
            "/v1/virtual-accounts/{trxId}/check",
            post(accounts::check),
        ),
        (
            "get",
            "/v1/virtual-accounts/{trxId}/payments",
            get(payments::of_one),
        ),
        ("get", "/v1/payments", get(payments::list)),
        ("get", "/v1/events", get(events::stream)),
        ("get", "/v1/webhooks/dead-letters", get(dead_letters::list)),
        (
            "post",
            "/v1/webhooks/dead-letters/{id}/resend",
            post(dead_letters::resend),
        ),
    ]
}

/// What takes none: it tells nothing of anybody.
fn open() -> Vec<(&'static str, &'static str, MethodRouter<Shared>)> {
    vec![
        ("get", "/openapi.json", get(openapi::document)),
        ("get", "/healthz", get(health::healthz)),
        ("get", "/readyz", get(health::readyz)),
        ("get", "/metrics", get(health::metrics)),
    ]
}

/// The router of the listener that faces inwards.
pub(crate) fn router(site: Shared) -> Router {
    let of = |routes: Vec<(&'static str, &'static str, MethodRouter<Shared>)>| {
        routes
            .into_iter()
            .fold(Router::new(), |router, (_, path, method)| {
                router.route(path, method)
            })
    };
    of(keyed())
        .route_layer(from_fn_with_state(Arc::clone(&site), authorise::authorise))
        .merge(of(open()))
        .method_not_allowed_fallback(|| async { Problem::method_not_allowed() })
        .fallback(|| async { Problem::no_such_path() })
        .with_state(site)
}
