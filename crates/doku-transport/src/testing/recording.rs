//! A transport that keeps what was sent through another one.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, Uri};

use crate::{HttpTransport, Redacted, TotalTimeout, TransportError};

/// Passes every request on to another transport, and keeps a copy.
///
/// A request is kept before it is passed on, whatever becomes of it.
#[derive(Debug, Default)]
pub struct Recording<T> {
    inner: T,
    requests: Mutex<Vec<Recorded>>,
}

impl<T: HttpTransport> Recording<T> {
    /// Records what goes through `inner`.
    #[must_use]
    pub const fn new(inner: T) -> Self {
        Self {
            inner,
            requests: Mutex::new(Vec::new()),
        }
    }

    /// The requests so far, in the order in which they were sent.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.lock().clone()
    }

    /// The requests so far, which are then forgotten.
    #[must_use]
    pub fn take(&self) -> Vec<Recorded> {
        std::mem::take(&mut *self.lock())
    }

    /// The latest request, if there is one.
    #[must_use]
    pub fn last(&self) -> Option<Recorded> {
        self.lock().last().cloned()
    }

    /// How many requests there were.
    #[must_use]
    pub fn count(&self) -> usize {
        self.lock().len()
    }

    /// The transport underneath.
    #[must_use]
    pub const fn inner(&self) -> &T {
        &self.inner
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Recorded>> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl<T: HttpTransport> HttpTransport for Recording<T> {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        self.lock().push(Recorded(request.clone()));
        self.inner.send(request).await
    }
}

/// One request that was sent.
///
/// The accessors give everything. `Debug` is safe to print: it shows neither the query, nor a sensitive header, nor
/// the body.
#[derive(Clone)]
pub struct Recorded(Request<Bytes>);

impl Recorded {
    /// The method.
    #[must_use]
    pub fn method(&self) -> &Method {
        self.0.method()
    }

    /// The whole URI.
    #[must_use]
    pub fn uri(&self) -> &Uri {
        self.0.uri()
    }

    /// All headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.0.headers()
    }

    /// The first header of this name, when it is there and is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.0.headers().get(name)?.to_str().ok()
    }

    /// The body, byte for byte.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        self.0.body()
    }

    /// The timeout this request asked for, if it did.
    #[must_use]
    pub fn total_timeout(&self) -> Option<Duration> {
        self.0.extensions().get().map(|TotalTimeout(total)| *total)
    }

    /// The request itself.
    #[must_use]
    pub const fn as_request(&self) -> &Request<Bytes> {
        &self.0
    }

    /// The request itself, by value.
    #[must_use]
    pub fn into_request(self) -> Request<Bytes> {
        self.0
    }
}

impl fmt::Debug for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorded")
            .field("method", self.0.method())
            .field("host", &self.0.uri().host())
            .field("path", &self.0.uri().path())
            .field("headers", &Redacted::new(self.0.headers()))
            .field("body", &format_args!("[{} bytes]", self.0.body().len()))
            .finish()
    }
}
