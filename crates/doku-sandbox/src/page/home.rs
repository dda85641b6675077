//! The overview: where to begin, the teller, and the newest of everything.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hyper::StatusCode;

use super::frame::{Frame, Section};
use super::parts::Part;
use super::start::Start;
use super::visitor::Visitor;
use super::words::Words;
use crate::desk::Desk;

#[derive(Template)]
#[template(path = "home.html")]
struct Page {
    w: &'static Words,
    frame: Frame,
    start: Start,
    accounts: Part,
    journal: Part,
    notifications: Part,
    faults: Part,
    clock: Part,
    number: String,
    error: Option<&'static str>,
}

pub(super) async fn show(State(desk): State<Arc<Desk>>, visitor: Visitor) -> Response {
    let words = visitor.words;
    let page = Page {
        w: words,
        frame: visitor.frame(&desk, Section::Overview),
        start: Start::of(&desk),
        accounts: Part::accounts(&desk, words, 8, None),
        journal: Part::journal(&desk, words, 15, u64::MAX),
        notifications: Part::notifications(&desk, words, 5, u64::MAX),
        faults: Part::faults(&desk, words),
        clock: Part::clock(&desk, words),
        number: String::new(),
        error: None,
    };
    visitor.page(StatusCode::OK, &page)
}
