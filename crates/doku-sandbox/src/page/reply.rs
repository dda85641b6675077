//! A page as an answer, and the answer to a form.

use askama::Template;
use axum::response::{Html, IntoResponse as _, Response};
use hyper::StatusCode;
use hyper::header::LOCATION;

/// A page, written.
pub(super) fn html(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => (status, Html(text)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// After a form: where to look. Loading that again sends nothing again.
pub(super) fn see(path: &str) -> Response {
    (StatusCode::SEE_OTHER, [(LOCATION, path)]).into_response()
}
