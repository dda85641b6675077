//! What DOKU calls, carried by warp: any framework that gives method, URI, headers and body as bytes can do the same.
//!
//! Give it the settings of a merchant, such as `doku sandbox` prints when it starts.

#![expect(clippy::print_stdout, reason = "an example tells what it does")]

use std::convert::Infallible;

use async_trait::async_trait;
use bytes::Bytes;
use doku_model::Operation;
use doku_va_btn::Config;
use doku_va_btn::hosted::{
    Credentials, Endpoints, HandlerError, Notification, PaymentHandler, Verified,
};
use http::{HeaderMap, Method, Request, Response};
use warp::Filter;
use warp::path::FullPath;

struct Orders;

#[async_trait]
impl PaymentHandler for Orders {
    async fn paid(&self, notification: Verified<Notification>) -> Result<(), HandlerError> {
        println!("{} paid {}", notification.key(), notification.paid_amount);
        Ok(())
    }
}

/// Endpoints that print what was paid.
pub(crate) fn endpoints(credentials: Credentials) -> Endpoints {
    Endpoints::builder(credentials).payments(Orders).build()
}

/// The routes that DOKU calls. What is none of them is rejected, for other filters to take.
pub(crate) fn routes(
    endpoints: Endpoints,
) -> impl Filter<Extract = (Response<Bytes>,), Error = warp::Rejection> + Clone {
    let limit = u64::try_from(endpoints.bounds().body).unwrap_or(u64::MAX);
    let operation = warp::path::full().and_then(|path: FullPath| async move {
        [Operation::Token, Operation::Inquiry, Operation::Payment]
            .into_iter()
            .find(|operation| operation.path() == path.as_str())
            .map(|operation| (operation, path))
            .ok_or_else(warp::reject::not_found)
    });
    operation
        .and(warp::query::raw().or(warp::any().map(String::new)).unify())
        .and(warp::method())
        .and(warp::header::headers_cloned())
        .and(warp::body::content_length_limit(limit))
        .and(warp::body::bytes())
        .and_then(
            move |(operation, path), query: String, method, headers, body| {
                let endpoints = endpoints.clone();
                async move {
                    let request = request(method, &path, &query, headers, body);
                    let answer = match request {
                        Some(request) => endpoints.answer(operation, request).await,
                        None => None,
                    };
                    answer.ok_or_else(warp::reject::not_found)
                }
            },
        )
}

fn request(
    method: Method,
    path: &FullPath,
    query: &str,
    headers: HeaderMap,
    body: Bytes,
) -> Option<Request<Bytes>> {
    let mut request = Request::new(body);
    *request.method_mut() = method;
    let path = path.as_str();
    *request.uri_mut() = match query {
        "" => path.parse(),
        query => format!("{path}?{query}").parse(),
    }
    .ok()?;
    *request.headers_mut() = headers;
    Some(request)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let credentials = Credentials::from_config(&Config::from_env()?)?;
    let routes = routes(endpoints(credentials)).map(Ok::<_, Infallible>);
    println!("http://127.0.0.1:8080");
    warp::serve(routes).run(([127, 0, 0, 1], 8080)).await;
    Ok(())
}
