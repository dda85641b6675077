//! The overview: where to begin, the teller, and the newest of everything.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hyper::StatusCode;

use super::parts::Part;
use super::words::Words;
use super::{Frame, Section, Visitor};
use crate::desk::Desk;

#[derive(Template)]
#[template(path = "home.html")]
struct Page {
    w: &'static Words,
    frame: Frame,
    base_url: String,
    /// Lines for a shell.
    lines: String,
    has_files: bool,
    accounts: Part,
    journal: Part,
    notifications: Part,
    faults: Part,
    clock: Part,
    number: String,
    error: Option<&'static str>,
}

/// A first order, to paste.
const FIRST: &str =
    "doku va create --trx-id INV-1 --name 'Budi Santoso' --amount 11500 --save va.json";

impl Page {
    fn first(&self) -> &'static str {
        FIRST
    }
}

pub(super) async fn show(State(desk): State<Arc<Desk>>, visitor: Visitor) -> Response {
    let words = visitor.words;
    let lines = desk
        .environment
        .iter()
        .map(|(name, value)| format!("export {name}={}\n", crate::merchant::quoted(value)))
        .collect();
    let page = Page {
        w: words,
        frame: visitor.frame(&desk, Section::Overview),
        base_url: desk.base_url.clone(),
        lines,
        has_files: desk
            .environment
            .iter()
            .any(|(name, _)| name.ends_with("_FILE")),
        accounts: Part::accounts(&desk, words, 8, None),
        journal: Part::journal(&desk, words, 15, u64::MAX),
        notifications: Part::notifications(&desk, words, 5, 0),
        faults: Part::faults(&desk, words),
        clock: Part::clock(&desk, words),
        number: String::new(),
        error: None,
    };
    visitor.page(StatusCode::OK, &page)
}
