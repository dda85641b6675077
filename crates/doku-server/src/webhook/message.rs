//! One webhook: the event as its body, signed by the scheme.

use bytes::Bytes;
use doku_ledger::delivery::Delivery;
use doku_transport::TotalTimeout;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderName, HeaderValue, Method, Request, Response};
use std::time::Duration;
use time::OffsetDateTime;

use crate::config::Target;
use crate::view;

const WEBHOOK_ID: HeaderName = HeaderName::from_static("webhook-id");
const WEBHOOK_TIMESTAMP: HeaderName = HeaderName::from_static("webhook-timestamp");
const WEBHOOK_SIGNATURE: HeaderName = HeaderName::from_static("webhook-signature");

/// How long a receiver may take.
pub(super) const TIMEOUT: Duration = Duration::from_secs(15);

/// The request that tells a target of an event. The id is the event's, the same at each attempt.
pub(super) fn request(
    target: &Target,
    delivery: &Delivery,
    now: OffsetDateTime,
) -> Option<Request<Bytes>> {
    let id = delivery.event.id.to_string();
    let body = serde_json::to_vec(&view::event(&delivery.event)).ok()?;
    let seconds = now.unix_timestamp();
    let signatures = target
        .secrets
        .iter()
        .map(|secret| secret.sign(&id, seconds, &body))
        .collect::<Option<Vec<_>>>()?
        .join(" ");
    let mut request = Request::new(Bytes::from(body));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = target.url.uri().clone();
    let mut signature = HeaderValue::from_str(&signatures).ok()?;
    signature.set_sensitive(true);
    let headers = request.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(WEBHOOK_ID, HeaderValue::from_str(&id).ok()?);
    headers.insert(WEBHOOK_TIMESTAMP, HeaderValue::from(seconds));
    headers.insert(WEBHOOK_SIGNATURE, signature);
    request.extensions_mut().insert(TotalTimeout(TIMEOUT));
    Some(request)
}

/// How long the receiver asks to be left alone, where it says so in seconds.
pub(super) fn asked_to_wait(response: &Response<Bytes>) -> Option<Duration> {
    let seconds = response.headers().get(RETRY_AFTER)?.to_str().ok()?;
    seconds.trim().parse().ok().map(Duration::from_secs)
}
