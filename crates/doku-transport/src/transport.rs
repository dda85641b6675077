//! The seam itself: one trait, and what a caller may say about a single request.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};

use crate::TransportError;

/// Carries one HTTP request to a server and its answer back.
///
/// # Contract
///
/// * The method, the path, the query, the headers and the body reach the server as given. A transport may add
///   headers (`Host`, `User-Agent`), and it never changes one that is there, because requests are signed.
/// * One call is at most one request. A transport does not follow redirects and does not repeat a request that may
///   have reached the server.
/// * Every HTTP status is an `Ok`. An error means that there is no complete answer.
/// * An error whose [`acted`](TransportError::acted) is [`Acted::No`](crate::Acted::No) promises that the server
///   has not seen the request.
/// * Dropping the future abandons the call and frees what it held. Whether the server acted is then unknown.
///
/// # Example
///
/// A transport that adds a header to every call of another one:
///
/// ```
/// use async_trait::async_trait;
/// use bytes::Bytes;
/// use doku_transport::{HttpTransport, TransportError};
/// use http::{HeaderValue, Request, Response};
///
/// #[derive(Debug)]
/// struct Tagged<T>(T);
///
/// #[async_trait]
/// impl<T: HttpTransport> HttpTransport for Tagged<T> {
///     async fn send(&self, mut request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
///         request.headers_mut().insert("x-shop", HeaderValue::from_static("jakarta"));
///         self.0.send(request).await
///     }
/// }
/// ```
#[async_trait]
pub trait HttpTransport: fmt::Debug + Send + Sync + 'static {
    /// Sends `request` and waits for the whole answer.
    ///
    /// The URI must be absolute. A [`TotalTimeout`] among the request's extensions overrides the transport's own.
    ///
    /// # Errors
    ///
    /// [`TransportError`], when there is no complete answer. Its `acted` says whether the server may have acted.
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError>;
}

#[async_trait]
impl<T: HttpTransport + ?Sized> HttpTransport for Arc<T> {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        (**self).send(request).await
    }
}

#[async_trait]
impl<T: HttpTransport + ?Sized> HttpTransport for Box<T> {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        (**self).send(request).await
    }
}

/// How long one request may take in all, as an extension of that request.
///
/// The time counts from the call of [`HttpTransport::send`] to the last byte of the answer. It includes waiting for
/// a free place among the calls in flight, resolving the name, connecting and the TLS handshake. Without it the
/// transport's own default holds.
///
/// ```
/// use std::time::Duration;
///
/// use bytes::Bytes;
/// use doku_transport::TotalTimeout;
///
/// let mut request = http::Request::new(Bytes::new());
/// request.extensions_mut().insert(TotalTimeout(Duration::from_secs(10)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TotalTimeout(pub Duration);
