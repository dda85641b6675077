//! The body of a request, within bounds.

use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde_json::Value;
use tokio::time::timeout;

use super::problem::{Fault, Problem};
use super::strict::Strict;

/// Bytes of a body. The longest order has a tenth of it.
const LIMIT: usize = 32 * 1024;

/// How long a body may take to arrive.
const ARRIVAL: Duration = Duration::from_secs(10);

/// The longest idempotency key.
const LONGEST_KEY: usize = 255;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The JSON of a request.
pub(super) async fn json(request: Request) -> Result<Value, Problem> {
    let (head, body) = request.into_parts();
    if !is_json(&head.headers) {
        return Err(
            Problem::media_type("send application/json, and say so in Content-Type").untouched(),
        );
    }
    let bytes = whole(body).await?;
    match serde_json::from_slice(&bytes) {
        Ok(Strict(value)) => Ok(value),
        Err(error) => Err(Problem::faults(vec![Fault::at(
            "",
            format!("this is not JSON as it is expected: {error}"),
        )])),
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .and_then(|kind| kind.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

async fn whole(body: Body) -> Result<bytes::Bytes, Problem> {
    match timeout(ARRIVAL, Limited::new(body, LIMIT).collect()).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if is_too_long(&*error) => {
            Err(Problem::too_large(format!("a body has at most {LIMIT} bytes")).untouched())
        }
        Ok(Err(_)) => Err(Problem::invalid("the body broke off").untouched()),
        Err(_) => Err(Problem::too_slow("the body did not arrive in time").untouched()),
    }
}

fn is_too_long(error: &(dyn std::error::Error + 'static)) -> bool {
    error.is::<LengthLimitError>()
        || error
            .source()
            .is_some_and(<dyn std::error::Error + 'static>::is::<LengthLimitError>)
}

/// The caller's own key for a request, where there is one.
pub(super) fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut all = headers.get_all(&IDEMPOTENCY_KEY).iter();
    let Some(only) = all.next() else {
        return Ok(None);
    };
    let fault = |detail: &str| {
        Problem::faults(vec![Fault::of_parameter(
            "Idempotency-Key",
            detail.to_owned(),
        )])
    };
    if all.next().is_some() {
        return Err(fault("is there twice"));
    }
    only.to_str()
        .ok()
        .map(str::trim)
        .filter(|key| !key.is_empty() && key.len() <= LONGEST_KEY)
        .map(|key| Some(key.to_owned()))
        .ok_or_else(|| fault("must be 1 to 255 printable ASCII characters"))
}
