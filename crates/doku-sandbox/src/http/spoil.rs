//! Answers that are none: cut off, half sent, or a page of HTML.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use hyper::StatusCode;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use hyper::header::CONTENT_TYPE;

use super::reply::json;
use crate::answer::Answer;

/// Stands in a response's extensions where the connection is to be closed and nothing to be sent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cut;

/// No answer: the connection closes.
pub(super) fn dropped() -> Response {
    let mut response = ().into_response();
    response.extensions_mut().insert(Cut);
    response
}

/// What a proxy shows when it cannot reach what lies behind it, and its page.
pub(super) fn html(status: u16) -> (Response, Bytes) {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    let page = Bytes::from(format!(
        "<!DOCTYPE html>\n<html><head><title>{status}</title></head>\n<body><h1>{status}</h1></body></html>\n"
    ));
    let response = (status, [(CONTENT_TYPE, "text/html")], page.clone()).into_response();
    (response, page)
}

/// An answer that promises its whole body and breaks off after half of it, and that half.
pub(super) fn cut(answer: &Answer) -> (Response, Bytes) {
    let whole = answer.body.len();
    let half = answer.body.slice(..whole / 2);
    let mut response = json(answer.status, Bytes::new());
    *response.body_mut() = Body::new(Half {
        whole: u64::try_from(whole).unwrap_or(u64::MAX),
        left: vec![Step::BreakOff, Step::LetThrough, Step::Send(half.clone())],
    });
    // Axum counted the empty body; the promise is made from `Half::size_hint`.
    response.headers_mut().remove(hyper::header::CONTENT_LENGTH);
    (response, half)
}

/// A body that ends in an error, which makes the server close the connection.
struct Half {
    whole: u64,
    /// The steps in reverse order.
    left: Vec<Step>,
}

enum Step {
    Send(Bytes),
    /// Gives the server a chance to send what it has before it hears of the error.
    LetThrough,
    BreakOff,
}

impl HttpBody for Half {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        match self.left.pop() {
            Some(Step::Send(half)) => Poll::Ready(Some(Ok(Frame::data(half)))),
            Some(Step::LetThrough) => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Some(Step::BreakOff) => Poll::Ready(Some(Err(std::io::Error::other(
                "cut, because a fault was ordered",
            )))),
            None => Poll::Ready(None),
        }
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.whole)
    }
}
