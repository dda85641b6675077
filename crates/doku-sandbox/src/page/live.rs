//! What changed since a page was written: the parts that are not as the browser has them.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use doku_model::Timestamp;

use super::parts::Part;
use super::visitor::Visitor;
use crate::desk::Desk;

/// The most parts that one question is about.
const PARTS: usize = 8;

/// Answers `?journal=15.VERSION&accounts=10.VERSION`.
pub(super) async fn changes(State(desk): State<Arc<Desk>>, visitor: Visitor) -> Response {
    let mut parts = serde_json::Map::new();
    for (name, had) in form_urlencoded::parse(visitor.query.as_bytes()).take(PARTS) {
        let (most, version) = had.split_once('.').unwrap_or((&had, ""));
        let most = most.parse().unwrap_or(10);
        let Some(part) = Part::named(&name, &desk, visitor.words, most) else {
            continue;
        };
        if part.version != version {
            let changed = serde_json::json!({ "version": part.version, "html": part.html });
            parts.insert(part.name.to_owned(), changed);
        }
    }
    let now = Timestamp::wib(desk.clock.now());
    Json(serde_json::json!({ "now": now.as_str(), "parts": parts })).into_response()
}
