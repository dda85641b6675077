//! Who may use a page: the browser of the person who opened it, and no other site.
//!
//! A site somewhere else can make a browser send forms here, and can let its own name point at this address. The first is
//! told by `Sec-Fetch-Site` and `Origin`, the second by `Host`: a number or `localhost` is nobody's to point elsewhere.

use std::net::IpAddr;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use hyper::header::{HOST, ORIGIN};
use hyper::{HeaderMap, Method, StatusCode};

use super::language;
use super::problem::{self, Problem};
use crate::desk::Desk;

const FETCH_SITE: &str = "sec-fetch-site";

/// Lets a request for a page pass if it came by a name of the sandbox's own and, where it changes something, from a page of
/// the sandbox's own.
pub(super) async fn own_pages_only(
    State(desk): State<Arc<Desk>>,
    request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let refused = if !is_own_host(headers, &desk.base_url) {
        Some(Problem::ForeignHost)
    } else if !reads && !is_same_origin(headers) {
        Some(Problem::ForeignPage)
    } else {
        None
    };
    match refused {
        Some(problem) => {
            let language = language::chosen(request.uri().query(), headers);
            problem::response(&desk, problem, language)
        }
        None => next.run(request).await,
    }
}

/// The same for the control plane, which programs use that are no browsers and say nothing of where they come from. They
/// name the host, as everybody does: by a name that points here a foreign page would read what the sandbox remembers, and an
/// old browser would not say that it was one.
pub(crate) async fn no_foreign_page(
    State(desk): State<Arc<Desk>>,
    request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    let site = text(headers, FETCH_SITE);
    if !is_own_host(headers, &desk.base_url) {
        let reason = format!(
            "the control plane answers to an IP address, to localhost and to {}; if this name is yours, give it to the sandbox as its public URL (--public-url)",
            desk.base_url
        );
        return refused(StatusCode::MISDIRECTED_REQUEST, "foreignHost", &reason);
    }
    let from_a_page = headers.contains_key(ORIGIN) || site.is_some_and(|site| site != "none");
    if from_a_page && !is_same_origin(headers) {
        let reason = "a page of another site sent this; the control plane takes orders from programs and from its own page";
        return refused(StatusCode::FORBIDDEN, "foreignPage", reason);
    }
    next.run(request).await
}

fn refused(status: StatusCode, error: &str, reason: &str) -> Response {
    let body = serde_json::json!({ "error": error, "reason": reason });
    (status, Json(body)).into_response()
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Whether every sign that a browser gives says that a page of this very address sent the request, and there is one.
fn is_same_origin(headers: &HeaderMap) -> bool {
    let host = text(headers, HOST.as_str());
    let site = headers.get(FETCH_SITE).map(|site| site == "same-origin");
    let origin = headers.get(ORIGIN).map(|origin| {
        let origin = origin.to_str().ok();
        let authority = origin.and_then(authority);
        authority.is_some_and(|own| host.is_some_and(|host| own.eq_ignore_ascii_case(host)))
    });
    match (site, origin) {
        (Some(site), Some(origin)) => site && origin,
        (Some(known), None) | (None, Some(known)) => known,
        (None, None) => false,
    }
}

/// Host and port of an address.
fn authority(url: &str) -> Option<&str> {
    let rest = url
        .strip_prefix("http://")
        .or_else(|| url.strip_prefix("https://"))?;
    rest.split(['/', '?', '#']).next()
}

/// Whether the request was sent to a number, to `localhost`, or to the name that the sandbox was given.
fn is_own_host(headers: &HeaderMap, base_url: &str) -> bool {
    let mut hosts = headers.get_all(HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return false;
    };
    let Some(name) = host.to_str().ok().map(name) else {
        return false;
    };
    let local =
        name.eq_ignore_ascii_case("localhost") || name.to_ascii_lowercase().ends_with(".localhost");
    let own = authority(base_url).map(self::name);
    local || name.parse::<IpAddr>().is_ok() || own.is_some_and(|own| own.eq_ignore_ascii_case(name))
}

/// A host without its port, and an address of version 6 without its brackets.
fn name(host: &str) -> &str {
    if let Some(rest) = host.strip_prefix('[') {
        return rest.split(']').next().unwrap_or_default();
    }
    host.rsplit_once(':').map_or(host, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn knows_its_own_hosts() {
        for (host, own) in [
            ("127.0.0.1:8090", true),
            ("localhost:8090", true),
            ("LOCALHOST", true),
            ("doku.localhost:1", true),
            ("[::1]:8090", true),
            ("192.168.1.4:8090", true),
            ("sandbox.test", true),
            ("sandbox.test:443", true),
            ("evil.test", false),
            ("127.0.0.1.evil.test:8090", false),
            ("localhost.evil.test", false),
            ("", false),
        ] {
            let known = is_own_host(&headers(&[("host", host)]), "https://sandbox.test");
            assert_eq!(known, own, "{host}");
        }
        assert!(!is_own_host(&headers(&[]), "https://sandbox.test"));
    }

    #[test]
    fn knows_its_own_pages() {
        let host = ("host", "127.0.0.1:8090");
        for (signs, own) in [
            (vec![("origin", "http://127.0.0.1:8090")], true),
            (vec![("origin", "https://127.0.0.1:8090")], true),
            (vec![("sec-fetch-site", "same-origin")], true),
            (
                vec![
                    ("sec-fetch-site", "same-origin"),
                    ("origin", "http://127.0.0.1:8090"),
                ],
                true,
            ),
            (vec![], false),
            (vec![("origin", "null")], false),
            (vec![("origin", "http://127.0.0.1:3000")], false),
            (vec![("origin", "http://evil.test")], false),
            (vec![("sec-fetch-site", "same-site")], false),
            (vec![("sec-fetch-site", "cross-site")], false),
            (vec![("sec-fetch-site", "none")], false),
            (
                vec![
                    ("sec-fetch-site", "same-origin"),
                    ("origin", "http://evil.test"),
                ],
                false,
            ),
        ] {
            let all: Vec<_> = std::iter::once(host).chain(signs.clone()).collect();
            assert_eq!(is_same_origin(&headers(&all)), own, "{signs:?}");
        }
    }
}
