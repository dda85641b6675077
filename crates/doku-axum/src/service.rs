//! The endpoints as a tower service and as an axum router.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::Body;
use axum::routing::any_service;
use bytes::Bytes;
use doku_model::Operation;
use doku_va_btn::hosted::Endpoints;
use http::{Request, Response, StatusCode};
use tower_service::Service;

use crate::call::{self, BoxError};
use crate::paths::Paths;

/// The endpoints at the paths of SNAP BI, as a router to merge or to nest.
///
/// The same as [`DokuService::into_router`] with the default [`Paths`].
///
/// ```no_run
/// use axum::Router;
/// use doku_va_btn::hosted::Endpoints;
///
/// async fn serve(shop: Router, endpoints: Endpoints) -> std::io::Result<()> {
///     let app = shop.merge(doku_axum::router(endpoints));
///     let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
///     axum::serve(listener, app).await
/// }
/// ```
pub fn router<S>(endpoints: Endpoints) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    DokuService::new(endpoints).into_router()
}

/// The three endpoints as a tower [`Service`], chosen by the path of the request. Cheap to clone.
///
/// Every answer of theirs is SNAP-shaped, those to other methods than `POST` and to bodies that do not arrive included.
/// Another path is answered with an empty 404. The service is always ready and never fails.
///
/// A handler that panics or takes too long is answered 5xx, so that DOKU tells of the payment again; one whose caller
/// has hung up goes on.
///
/// ```
/// use axum::body::Body;
/// use doku_axum::{DokuService, Paths};
/// use doku_sign::{ClientSecret, DokuPrivateKey, MerchantPrivateKey};
/// use doku_va_btn::hosted::{Credentials, Endpoints};
/// use http::Request;
/// use tower::ServiceExt;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let credentials = Credentials::new(
///     "BRN-0211-1696919651918".parse()?,
///     ClientSecret::new("SK-EXAMPLE")?,
///     MerchantPrivateKey::generate(2048)?,
///     DokuPrivateKey::generate(2048)?.public_key(),
/// );
/// let endpoints = Endpoints::builder(credentials).build();
/// let service = DokuService::new(endpoints).at(Paths::new("/token", "/inquiry", "/payment")?);
///
/// let response = service.oneshot(Request::post("/token").body(Body::empty())?).await?;
/// assert_eq!(response.status(), 400, "nobody signed it");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct DokuService {
    endpoints: Endpoints,
    paths: Arc<Paths>,
}

impl DokuService {
    /// The endpoints at the paths of SNAP BI.
    #[must_use]
    pub fn new(endpoints: Endpoints) -> Self {
        Self {
            endpoints,
            paths: Arc::default(),
        }
    }

    /// The same at other paths.
    #[must_use]
    pub fn at(self, paths: Paths) -> Self {
        Self {
            paths: Arc::new(paths),
            ..self
        }
    }

    /// Where the endpoints are.
    #[must_use]
    pub fn paths(&self) -> &Paths {
        &self.paths
    }

    /// A router with these paths and no other.
    ///
    /// Nested under a prefix it finds the path that DOKU called by itself. Where a proxy before the server cuts or changes
    /// the path, say so with [`SignedPath`](doku_va_btn::hosted::SignedPath).
    pub fn into_router<S>(self) -> Router<S>
    where
        S: Clone + Send + Sync + 'static,
    {
        let paths = Arc::clone(&self.paths);
        paths
            .each()
            .into_iter()
            .fold(Router::new(), |router, (operation, path)| {
                let endpoints = self.endpoints.clone();
                let endpoint =
                    Endpoint(move |request| call::answer(endpoints.clone(), operation, request));
                // Not as a plain service, which `merge` would wrap in another one.
                router.route(path, any_service(endpoint))
            })
    }
}

type Answering = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

impl<B> Service<Request<B>> for DokuService
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Answering;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Answering {
        match self.paths.operation(request.uri().path()) {
            Some(operation) => answering(self.endpoints.clone(), operation, request),
            None => Box::pin(std::future::ready(Ok(no_such_path()))),
        }
    }
}

/// One of the three, for a router that has chosen already and boxes its futures itself.
#[derive(Clone)]
struct Endpoint<F>(F);

impl<F, A> Service<Request<Body>> for Endpoint<F>
where
    F: Fn(Request<Body>) -> A,
    A: Future<Output = Result<Response<Body>, Infallible>>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = A;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> A {
        (self.0)(request)
    }
}

fn answering<B>(endpoints: Endpoints, operation: Operation, request: Request<B>) -> Answering
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    Box::pin(call::answer(endpoints, operation, request))
}

fn no_such_path() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}
