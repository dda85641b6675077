//! The notifications: what was told, what will be told again, and telling it now.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use hyper::StatusCode;

use super::frame::{Frame, Section};
use super::parts::Part;
use super::problem::{self, Problem};
use super::reply::see;
use super::visitor::Visitor;
use super::words::Words;
use crate::desk::Desk;

/// Notifications on one page.
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
        frame: visitor.frame(&desk, Section::Notifications),
        title: words.notifications,
        explanation: "",
        part: Part::notifications(&desk, words, MOST, before.unwrap_or(u64::MAX)),
        newest: before.map(|_| "/notifications"),
        said: words.new_notifications,
    };
    visitor.page(StatusCode::OK, &page)
}

pub(super) async fn resend(
    State(desk): State<Arc<Desk>>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Response {
    let sent = match id.parse() {
        Ok(id) => desk.notify_again(id).await,
        Err(_) => None,
    };
    match sent {
        Some(sent) => {
            let (newest, _) = desk.outbound.notifications.newest(u64::MAX, MOST);
            let page = match newest.iter().any(|record| record.id == sent.id) {
                true => String::new(),
                false => format!("?before={}", sent.id + 1),
            };
            see(&format!("/notifications{page}#notification-{}", sent.id))
        }
        None => problem::response(&desk, Problem::NoSuch, visitor.language),
    }
}
