//! The style and the script, which are in the program itself.

use axum::response::{IntoResponse as _, Response};
use hyper::header::CONTENT_TYPE;

pub(super) async fn style() -> Response {
    let kind = (CONTENT_TYPE, "text/css; charset=utf-8");
    ([kind], include_str!("../../templates/page.css")).into_response()
}

pub(super) async fn script() -> Response {
    let kind = (CONTENT_TYPE, "text/javascript; charset=utf-8");
    ([kind], include_str!("../../templates/page.js")).into_response()
}
