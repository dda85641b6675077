//! The clock: what it shows, moving it forward, and setting it back.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hyper::StatusCode;

use super::form::Form;
use super::frame::{Frame, Section};
use super::parts::Part;
use super::reply::see;
use super::visitor::Visitor;
use super::words::Words;
use crate::desk::Desk;

#[derive(Template)]
#[template(path = "clock.html")]
struct Page {
    w: &'static Words,
    frame: Frame,
    part: Part,
    steps: [Step; 5],
    error: Option<&'static str>,
}

/// A move that has a button.
struct Step {
    minutes: u64,
    name: String,
}

impl Page {
    fn of(desk: &Desk, visitor: &Visitor, error: Option<&'static str>) -> Self {
        let words = visitor.words;
        let step = |minutes, number: u32, unit| Step {
            minutes,
            name: format!("{number} {unit}"),
        };
        Self {
            w: words,
            frame: visitor.frame(desk, Section::Clock),
            part: Part::clock(desk, words),
            steps: [
                step(15, 15, words.minute),
                step(30, 30, words.minute),
                step(60, 1, words.hour),
                step(6 * 60, 6, words.hour),
                step(24 * 60, 1, words.day),
            ],
            error,
        }
    }
}

pub(super) async fn show(State(desk): State<Arc<Desk>>, visitor: Visitor) -> Response {
    visitor.page(StatusCode::OK, &Page::of(&desk, &visitor, None))
}

pub(super) async fn advance(
    State(desk): State<Arc<Desk>>,
    visitor: Visitor,
    form: Form,
) -> Response {
    let minutes: Option<u64> = form.text("minutes").parse().ok();
    let seconds = minutes
        .filter(|minutes| *minutes > 0)
        .and_then(|minutes| minutes.checked_mul(60));
    match seconds {
        Some(seconds) => {
            desk.move_clock(Duration::from_secs(seconds)).await;
            see("/clock")
        }
        None => visitor.page(
            StatusCode::UNPROCESSABLE_ENTITY,
            &Page::of(&desk, &visitor, Some(visitor.words.odd_minutes)),
        ),
    }
}

pub(super) async fn set_back(State(desk): State<Arc<Desk>>) -> Response {
    desk.set_clock_back();
    see("/clock")
}
