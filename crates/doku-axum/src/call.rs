//! One call, from the socket to its answer: the body within its bounds, the path as DOKU called it, a span around it.

use std::convert::Infallible;
use std::future::Future;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::OriginalUri;
use bytes::Bytes;
use doku_model::{Operation, ResponseCode};
use doku_va_btn::hosted::{BodyFault, Endpoints};
use http::header::CONTENT_LENGTH;
use http::request::Parts;
use http::{HeaderMap, Request, Response};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tracing::{Instrument, Span, field};

/// The longest X-EXTERNAL-ID that a span shows. Nobody signs it, so it may be anything.
const SHOWN: usize = 128;

pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Answers a call of `operation`.
pub(crate) fn answer<B>(
    endpoints: Endpoints,
    operation: Operation,
    request: Request<B>,
) -> impl Future<Output = Result<Response<Body>, Infallible>>
where
    B: http_body::Body<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    let span = span(operation, request.headers());
    let (mut head, body) = request.into_parts();
    // What a router cut off was signed, too.
    if let Some(OriginalUri(called)) = head.extensions.remove() {
        head.uri = called;
    }
    let work = async move {
        let since = Instant::now();
        let answer = answer_read(&endpoints, operation, head, body).await;
        tell(&answer, since.elapsed());
        Ok(answer.map(Body::from))
    };
    work.instrument(span)
}

async fn answer_read<B>(
    endpoints: &Endpoints,
    operation: Operation,
    head: Parts,
    body: B,
) -> Response<Bytes>
where
    B: http_body::Body<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    let bounds = endpoints.bounds();
    let body = match whole(&head.headers, body, bounds.body, bounds.arrival).await {
        Ok(body) => body,
        Err(fault) => return endpoints.unread(operation, fault),
    };
    let request = Request::from_parts(head, body);
    match operation {
        Operation::Token => endpoints.token(request).await,
        Operation::Inquiry => endpoints.inquiry(request).await,
        // The paths know no fourth.
        _ => endpoints.payment(request).await,
    }
}

/// The whole body, if it is short enough and arrives in time.
async fn whole<B>(
    headers: &HeaderMap,
    body: B,
    limit: usize,
    arrival: Duration,
) -> Result<Bytes, BodyFault>
where
    B: http_body::Body<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    let announced = headers
        .get(CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if let Some(found) = announced.filter(|length| *length > limit) {
        return Err(BodyFault::TooLarge { found });
    }
    match tokio::time::timeout(arrival, Limited::new(body, limit).collect()).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(BodyFault::TooLarge {
            found: limit.saturating_add(1),
        }),
        Ok(Err(_)) => Err(BodyFault::BrokenOff),
        Err(_) => Err(BodyFault::TooSlow),
    }
}

/// Neither bearer, signature nor body belong in a log.
fn span(operation: Operation, headers: &HeaderMap) -> Span {
    let external_id = headers
        .get("X-EXTERNAL-ID")
        .and_then(|id| id.to_str().ok())
        .map(|id| id.get(..SHOWN).unwrap_or(id));
    tracing::info_span!(
        "doku_calls",
        %operation,
        external_id,
        code = field::Empty
    )
}

fn tell(answer: &Response<Bytes>, took: Duration) {
    let code = answer.extensions().get::<ResponseCode>();
    if let Some(code) = code {
        Span::current().record("code", code.as_str());
    }
    tracing::info!(
        status = answer.status().as_u16(),
        code = code.map(ResponseCode::as_str),
        microseconds = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
        "answered DOKU"
    );
}
