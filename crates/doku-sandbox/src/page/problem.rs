//! A page that says why there is no page.

use askama::Template;
use axum::response::Response;
use hyper::StatusCode;

use super::frame::{Frame, Section};
use super::language::Language;
use super::reply::html;
use super::words::Words;
use crate::desk::Desk;

/// Why there is no page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Problem {
    /// Nothing has this address.
    NoSuch,
    /// The address has a name that anybody may point here.
    ForeignHost,
    /// The form is another site's.
    ForeignPage,
}

#[derive(Template)]
#[template(path = "problem.html")]
struct Page {
    w: &'static Words,
    frame: Frame,
    headline: &'static str,
    explanation: &'static str,
}

pub(super) fn response(desk: &Desk, problem: Problem, language: Language) -> Response {
    let words = Words::of(language);
    let (status, (headline, explanation)) = match problem {
        Problem::NoSuch => (StatusCode::NOT_FOUND, words.no_such),
        Problem::ForeignHost => (StatusCode::MISDIRECTED_REQUEST, words.foreign_host),
        Problem::ForeignPage => (StatusCode::FORBIDDEN, words.foreign_page),
    };
    let page = Page {
        w: words,
        frame: Frame::of(desk, language, Section::Elsewhere, "/"),
        headline,
        explanation,
    };
    html(status, &page)
}
