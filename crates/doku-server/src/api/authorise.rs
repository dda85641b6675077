//! Who asks: the bearer of a key.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::HeaderMap;
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use tracing::Instrument as _;

use super::problem::Problem;
use crate::config::{self, ApiKey};
use crate::site::Site;

/// Who asks, by the name of the key.
#[derive(Debug, Clone)]
pub(super) struct Caller(pub(super) String);

/// Lets nobody through without a key, and tells the handlers whose it is.
pub(super) async fn authorise(
    State(site): State<Arc<Site>>,
    mut request: Request,
    next: Next,
) -> Response {
    let Some(key) =
        bearer(request.headers()).and_then(|key| config::presented(&site.config.api_keys, key))
    else {
        let mut response = Problem::unauthorised().into_response();
        let challenge = http::HeaderValue::from_static("Bearer");
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        return response;
    };
    let name = ApiKey::name(key).to_owned();
    let span = tracing::info_span!(
        "merchant_calls",
        key = name,
        method = %request.method(),
        path = request.extensions().get::<axum::extract::MatchedPath>().map(axum::extract::MatchedPath::as_str),
        status = tracing::field::Empty,
    );
    request.extensions_mut().insert(Caller(name));
    async move {
        let response = next.run(request).await;
        tracing::Span::current().record("status", response.status().as_u16());
        tracing::debug!("answered the merchant");
        response
    }
    .instrument(span)
    .await
}

/// What stands behind `Bearer`; none where there are two.
fn bearer(headers: &HeaderMap) -> Option<&[u8]> {
    let mut all = headers.get_all(AUTHORIZATION).iter();
    let only = all.next().filter(|_| all.next().is_none())?;
    let (scheme, key) = only.as_bytes().split_at_checked(7)?;
    scheme
        .eq_ignore_ascii_case(b"Bearer ")
        .then(|| key.trim_ascii())
}
