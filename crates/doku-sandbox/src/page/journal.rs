//! The journal: page by page, and one entry by itself.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use hyper::StatusCode;

use super::entry::Entry;
use super::frame::{Frame, Section};
use super::parts::Part;
use super::problem::{self, Problem};
use super::visitor::Visitor;
use super::words::Words;
use crate::desk::Desk;

/// Entries on one page.
const MOST: usize = 50;

#[derive(Template)]
#[template(path = "list.html")]
struct List {
    w: &'static Words,
    frame: Frame,
    title: &'static str,
    explanation: &'static str,
    part: Part,
    newest: Option<&'static str>,
    said: &'static str,
}

pub(super) async fn list(State(desk): State<Arc<Desk>>, visitor: Visitor) -> Response {
    let before = visitor.number("before");
    let words = visitor.words;
    let page = List {
        w: words,
        frame: visitor.frame(&desk, Section::Journal),
        title: words.journal,
        explanation: words.journal_how,
        part: Part::journal(&desk, words, MOST, before.unwrap_or(u64::MAX)),
        newest: before.map(|_| "/journal"),
        said: words.new_entries,
    };
    visitor.page(StatusCode::OK, &page)
}

#[derive(Template)]
#[template(path = "one_entry.html")]
struct One {
    w: &'static Words,
    frame: Frame,
    entry: Entry,
}

pub(super) async fn one(
    State(desk): State<Arc<Desk>>,
    Path(number): Path<String>,
    visitor: Visitor,
) -> Response {
    let number: Option<u64> = number.parse().ok();
    let Some(entry) = number.and_then(|number| desk.journal.entry(number)) else {
        return problem::response(&desk, Problem::NoSuch, visitor.language);
    };
    let page = One {
        w: visitor.words,
        frame: visitor.frame(&desk, Section::Journal),
        entry: Entry::of(&entry, visitor.words),
    };
    visitor.page(StatusCode::OK, &page)
}
