//! The stream of events: server-sent, from a cursor on, for as long as the reader stays.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use bytes::Bytes;
use doku_ledger::outbox::Event;
use doku_ledger::{Cursor, InvalidCursor};
use futures_util::stream;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue};
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::{Instant, sleep, sleep_until};

use super::problem::{Fault, Problem};
use super::query::Query;
use crate::site::Site;
use crate::view;

/// How often a quiet stream says that it lives, so that nobody on the way cuts it.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// How often to look for what other processes have recorded.
const LOOK: Duration = Duration::from_secs(1);

/// How long to wait where the database does not answer.
const OUTAGE: Duration = Duration::from_secs(5);

const PAGE: usize = 100;

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

pub(super) async fn stream(
    State(site): State<Arc<Site>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let query = Query::read(query.as_deref(), &["after"])?;
    let after = query.after()?;
    // A browser that comes back says where it was; that counts more than the address it began with.
    let place = last_event_id(&headers)?.unwrap_or(after);
    let room = Arc::clone(&site.readers).try_acquire_owned().map_err(|_| {
        Problem::busy("too many read the stream of events; read /v1/events with fewer")
    })?;
    let reading = Reading {
        changes: site.ledger.changes(),
        stopped: site.stopped.clone(),
        place,
        heartbeat: Instant::now() + HEARTBEAT,
        greeted: false,
        site,
        _room: room,
    };
    let body = stream::unfold(reading, |mut reading| async move {
        let chunk = reading.next().await?;
        Some((Ok::<_, std::convert::Infallible>(chunk), reading))
    });
    let mut response = Response::new(Body::from_stream(body));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Proxies that gather answers would hold events back.
    headers.insert(
        HeaderName::from_static("x-accel-buffering"),
        HeaderValue::from_static("no"),
    );
    Ok(response)
}

fn last_event_id(headers: &HeaderMap) -> Result<Option<Cursor>, Problem> {
    let Some(id) = headers.get(&LAST_EVENT_ID).filter(|id| !id.is_empty()) else {
        return Ok(None);
    };
    id.to_str()
        .map_err(|_| InvalidCursor)
        .and_then(str::parse)
        .map(Some)
        .map_err(|error| {
            Problem::faults(vec![Fault::of_parameter(
                "Last-Event-ID",
                error.to_string(),
            )])
        })
}

/// One reader of the stream.
struct Reading {
    site: Arc<Site>,
    place: Cursor,
    changes: watch::Receiver<u64>,
    stopped: watch::Receiver<bool>,
    heartbeat: Instant,
    greeted: bool,
    _room: OwnedSemaphorePermit,
}

impl Reading {
    /// The next events, or a sign of life; none where the server stops.
    async fn next(&mut self) -> Option<Bytes> {
        if !self.greeted {
            self.greeted = true;
            return Some(Bytes::from_static(b"retry: 2000\n\n"));
        }
        loop {
            if *self.stopped.borrow() {
                return None;
            }
            self.changes.mark_unchanged();
            let pause = match self.site.ledger.events_after(self.place, PAGE).await {
                Ok(page) if page.items.is_empty() => {
                    // What others were told of meanwhile is not looked through again.
                    self.place = page.next;
                    LOOK
                }
                Ok(page) => {
                    self.place = page.next;
                    self.heartbeat = Instant::now() + HEARTBEAT;
                    return Some(page.items.iter().map(message).collect::<String>().into());
                }
                Err(error) => {
                    tracing::warn!(%error, "events could not be read");
                    OUTAGE
                }
            };
            tokio::select! {
                _ = self.stopped.wait_for(|stopped| *stopped) => return None,
                () = sleep_until(self.heartbeat) => {
                    self.heartbeat = Instant::now() + HEARTBEAT;
                    return Some(Bytes::from_static(b": still here\n\n"));
                }
                () = sleep(pause) => {}
                _ = self.changes.changed(), if pause == LOOK => {}
            }
        }
    }
}

fn message(event: &Event) -> String {
    // JSON on one line, as `Display` of a value writes it.
    format!(
        "id: {}\nevent: {}\ndata: {}\n\n",
        event.cursor,
        event.kind.name(),
        view::event(event)
    )
}
