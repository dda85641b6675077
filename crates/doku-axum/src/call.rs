//! One call, from the socket to its answer: the body within its bounds, the path as DOKU called it, a span around it.

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::OriginalUri;
use bytes::Bytes;
use doku_model::{Operation, ResponseCode};
use doku_va_btn::hosted::{BodyFault, Endpoints};
use http::header::{CONTENT_LENGTH, HeaderName};
use http::{HeaderMap, Request, Response};
use http_body::Frame;
use tracing::{Instrument, Level, Span, field};

/// The longest X-EXTERNAL-ID that a span shows. Nobody signs it, so it may be anything.
const SHOWN: usize = 128;

static EXTERNAL_ID: HeaderName = HeaderName::from_static("x-external-id");

pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Answers a call of `operation`.
pub(crate) fn answer<B>(
    endpoints: Endpoints,
    operation: Operation,
    request: Request<B>,
) -> impl Future<Output = Result<Response<Body>, Infallible>>
where
    B: http_body::Body<Data = Bytes> + Send,
    B::Error: Into<BoxError>,
{
    let span = span(operation, request.headers());
    let announced = announced(request.headers());
    let (mut head, body) = request.into_parts();
    // What a router cut off was signed, too.
    if let Some(OriginalUri(called)) = head.extensions.remove() {
        head.uri = called;
    }
    let mut request = Request::from_parts(head, Bytes::new());
    let work = async move {
        // The clock is read where somebody is told.
        let since = tracing::enabled!(Level::INFO).then(Instant::now);
        let bounds = endpoints.bounds();
        let answer = match whole(announced, body, bounds.body, bounds.arrival).await {
            Err(fault) => endpoints.unread(operation, fault),
            Ok(body) => {
                *request.body_mut() = body;
                match operation {
                    Operation::Token => endpoints.token(request).await,
                    // Boxed, so that a notification is not as large.
                    Operation::Inquiry => Box::pin(endpoints.inquiry(request)).await,
                    // The paths know no fourth.
                    _ => endpoints.payment(request).await,
                }
            }
        };
        tell(&answer, since.map(|since| since.elapsed()));
        Ok(answer.map(Body::from))
    };
    work.instrument(span)
}

/// The body's length, where the head tells.
fn announced(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// The whole body, if it is short enough and arrives in time.
async fn whole<B>(
    announced: Option<usize>,
    body: B,
    limit: usize,
    arrival: Duration,
) -> Result<Bytes, BodyFault>
where
    B: http_body::Body<Data = Bytes> + Send,
    B::Error: Into<BoxError>,
{
    if let Some(found) = announced.filter(|length| *length > limit) {
        return Err(BodyFault::TooLarge { found });
    }
    let mut body = pin!(body);
    // A short body has arrived with its head as a rule: it needs neither a copy nor a timer.
    let first = poll_fn(|context| Poll::Ready(body.as_mut().poll_frame(context).map(data))).await;
    let begun = match first {
        Poll::Ready(Some(data)) => data?,
        // Some bodies must not be asked again after their end.
        Poll::Ready(None) => return Ok(Bytes::new()),
        Poll::Pending => Bytes::new(),
    };
    if body.is_end_stream() && begun.len() <= limit {
        return Ok(begun);
    }
    // Boxed, so that a call that need not wait is not as large.
    Box::pin(tokio::time::timeout(arrival, rest(begun, body, limit)))
        .await
        .unwrap_or(Err(BodyFault::TooSlow))
}

/// What has arrived and what follows it.
async fn rest<B>(begun: Bytes, mut body: Pin<&mut B>, limit: usize) -> Result<Bytes, BodyFault>
where
    B: http_body::Body<Data = Bytes> + Send,
{
    let mut whole = Vec::from(begun);
    loop {
        if whole.len() > limit {
            return Err(BodyFault::TooLarge {
                found: limit.saturating_add(1),
            });
        }
        match poll_fn(|context| body.as_mut().poll_frame(context).map(data)).await {
            Some(data) => whole.extend(data?),
            None => return Ok(whole.into()),
        }
    }
}

/// What a frame brings of the body. Trailers bring nothing.
fn data<E>(frame: Option<Result<Frame<Bytes>, E>>) -> Option<Result<Bytes, BodyFault>> {
    let frame = frame?.map_err(|_| BodyFault::BrokenOff);
    Some(frame.map(|frame| frame.into_data().unwrap_or_default()))
}

/// Neither bearer, signature nor body belong in a log.
fn span(operation: Operation, headers: &HeaderMap) -> Span {
    tracing::info_span!(
        "doku_calls",
        %operation,
        external_id = external_id(headers),
        code = field::Empty
    )
}

fn external_id(headers: &HeaderMap) -> Option<&str> {
    let id = headers.get(&EXTERNAL_ID)?.to_str().ok()?;
    Some(id.get(..SHOWN).unwrap_or(id))
}

fn tell(answer: &Response<Bytes>, took: Option<Duration>) {
    let code = answer.extensions().get::<ResponseCode>();
    if let Some(code) = code {
        Span::current().record("code", code.as_str());
    }
    tracing::info!(
        status = answer.status().as_u16(),
        code = code.map(ResponseCode::as_str),
        microseconds = took.map(|took| u64::try_from(took.as_micros()).unwrap_or(u64::MAX)),
        "answered DOKU"
    );
}
