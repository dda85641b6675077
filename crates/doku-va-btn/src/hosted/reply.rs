//! Answers in the shape of SNAP BI, refusals included.

use bytes::Bytes;
use doku_model::wire::{self, PaymentResponse};
use doku_model::{Operation, ResponseCode};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{Extensions, HeaderValue, Response, StatusCode};
use serde::Serialize;

use super::refusal::Told;

/// An answer with a body, and the HTTP status that its code begins with.
pub(super) fn with(code: &ResponseCode, body: &impl Serialize) -> Response<Bytes> {
    written(code, wire::encode(body), Extensions::new())
}

/// The same of a body that was written before, with a table of extensions that may have room.
pub(super) fn written(code: &ResponseCode, body: Vec<u8>, table: Extensions) -> Response<Bytes> {
    let status = code
        .http_status()
        .and_then(|status| StatusCode::from_u16(status).ok())
        .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    *response.extensions_mut() = table;
    response.extensions_mut().insert(code.clone());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// An answer that is no success: the two members that DOKU asks for, and no other.
pub(super) fn told(operation: Operation, told: &Told) -> Response<Bytes> {
    let code = told.code(operation);
    // Every answer has these two members under these names.
    let body = PaymentResponse {
        response_code: Some(code.as_str().into()),
        response_message: Some((*told.message).into()),
        ..PaymentResponse::default()
    };
    with(&code, &body)
}
