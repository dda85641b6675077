//! The page: what the sandbox remembers and can be told, for people with a browser.
//!
//! A view over the desk and nothing more. Every page is written on the server and works with plain links and forms; a script
//! makes the lists follow by themselves. It loads nothing from anywhere, and takes orders from its own pages only.
//!
//! `frame` stands around every page and `visitor` is who looks at it; a page and its forms have a file each, and `parts` has
//! the lists that several of them show.

mod accounts;
mod assets;
mod clock;
mod entry;
mod extent;
mod faults;
mod form;
mod frame;
mod guard;
mod home;
mod how_to_pay;
mod journal;
mod language;
mod live;
mod notifications;
mod parts;
mod policy;
mod problem;
mod reply;
mod shown;
mod start;
mod teller;
mod visitor;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::middleware;
use axum::routing::{get, post};

pub(crate) use guard::no_foreign_page;

use crate::desk::Desk;

/// The pages and their forms. None of these paths is one of DOKU's, but for the payer's page, which any name may point at.
pub(crate) fn routes(desk: &Arc<Desk>) -> Router<Arc<Desk>> {
    let of_the_payer = Router::new().route(
        "/how-to-pay/virtual-account/{bank}/{number}",
        get(how_to_pay::show),
    );
    Router::new()
        .route("/", get(home::show))
        .route("/accounts", get(accounts::list))
        .route("/accounts/{place}", get(accounts::one))
        .route("/journal", get(journal::list))
        .route("/journal/{number}", get(journal::one))
        .route("/notifications", get(notifications::list))
        .route("/notifications/{id}/resend", post(notifications::resend))
        .route("/teller", get(teller::counter))
        .route("/teller/ask", post(teller::ask))
        .route("/teller/pay", post(teller::pay))
        .route("/teller/{slip}", get(teller::slip))
        .route("/faults", get(faults::list).post(faults::order))
        .route("/faults/clear", post(faults::clear))
        .route("/clock", get(clock::show).post(clock::advance))
        .route("/clock/back", post(clock::set_back))
        .route("/live", get(live::changes))
        .route("/assets/page.css", get(assets::style))
        .route("/assets/page.js", get(assets::script))
        .route_layer(middleware::from_fn_with_state(
            Arc::clone(desk),
            guard::own_pages_only,
        ))
        .merge(of_the_payer)
        .route_layer(middleware::map_response(policy::with_headers))
}
