//! What needs no socket: the trait's shape, errors and redaction.

use std::error::Error;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use doku_transport::{Acted, HttpTransport, Redacted, TransportError, TransportErrorKind as Kind};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response};
use proptest::prelude::*;

const NOT_SENT: [Kind; 7] = [
    Kind::RefusedByPolicy,
    Kind::InvalidRequest,
    Kind::Setup,
    Kind::MissingRoots,
    Kind::QueueTimeout,
    Kind::Connect,
    Kind::Tls,
];
const MAYBE_SENT: [Kind; 5] = [
    Kind::Timeout,
    Kind::Interrupted,
    Kind::BodyTooLarge,
    Kind::Protocol,
    Kind::Other,
];

#[derive(Debug)]
struct Echo;

#[async_trait]
impl HttpTransport for Echo {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        Ok(Response::new(request.into_body()))
    }
}

#[tokio::test]
async fn a_transport_can_be_shared_boxed_and_held_as_an_object() {
    let shared: Arc<dyn HttpTransport> = Arc::new(Echo);
    let twice: Box<dyn HttpTransport> = Box::new(Arc::clone(&shared));
    let answer = twice
        .send(Request::new(Bytes::from_static(b"hello")))
        .await
        .unwrap();
    assert_eq!(answer.body(), "hello");
}

#[test]
fn every_kind_says_whether_the_server_may_have_acted() {
    for kind in NOT_SENT {
        let error = TransportError::new(kind);
        assert_eq!(
            (kind.acted(), error.acted()),
            (Acted::No, Acted::No),
            "{kind:?}"
        );
        let text = error.to_string();
        assert!(text.starts_with("not sent: "), "{text}");
        assert!(!text.contains("may have acted"), "{text}");
    }
    for kind in MAYBE_SENT {
        let error = TransportError::new(kind);
        assert_eq!(
            (kind.acted(), error.acted()),
            (Acted::Maybe, Acted::Maybe),
            "{kind:?}"
        );
        let text = error.to_string();
        assert!(!text.contains("not sent"), "{text}");
        assert!(text.ends_with("; the server may have acted"), "{text}");
    }
}

#[test]
fn a_promise_can_be_taken_back_and_the_message_follows() {
    let error = TransportError::new(Kind::Connect).perhaps_acted();
    assert_eq!(error.kind(), Kind::Connect);
    assert_eq!(error.acted(), Acted::Maybe);
    assert_eq!(
        error.to_string(),
        "could not connect to the server; the server may have acted"
    );
}

#[test]
fn missing_roots_name_the_package_that_brings_them() {
    assert!(
        TransportError::from(Kind::MissingRoots)
            .to_string()
            .contains("ca-certificates")
    );
}

#[test]
fn messages_are_one_line_and_sources_are_kept() {
    for kind in NOT_SENT.into_iter().chain(MAYBE_SENT) {
        let error = TransportError::new(kind)
            .with_detail("some words")
            .with_source(std::io::Error::other("beneath"));
        let text = error.to_string();
        assert!(
            !text.contains('\n') && text.contains(": some words"),
            "{text}"
        );
        assert_eq!(
            error.source().map(ToString::to_string).as_deref(),
            Some("beneath")
        );
    }
}

#[test]
fn sensitive_headers_show_their_length_only() {
    let mut headers = HeaderMap::new();
    for name in [
        "authorization",
        "proxy-authorization",
        "authorization-customer",
        "cookie",
        "set-cookie",
        "x-signature",
        "signature",
        "signature-input",
        "x-client-key",
        "x-api-key",
        "x-access-token",
        "client-secret",
    ] {
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static("MARKER-7f"),
        );
    }
    let lines = headers.len();
    let (display, debug) = (
        Redacted::new(&headers).to_string(),
        format!("{:#?}", Redacted::new(&headers)),
    );
    for text in [display, debug] {
        assert!(!text.contains("MARKER"), "{text}");
        assert_eq!(text.matches("[redacted, 9 bytes]").count(), lines, "{text}");
    }
}

#[test]
fn other_headers_stay_readable() {
    let mut headers = HeaderMap::new();
    headers.insert("x-external-id", HeaderValue::from_static("4711"));
    headers.append("x-external-id", HeaderValue::from_static("4712"));
    headers.insert("x-note", HeaderValue::from_bytes(b"caf\xe9").unwrap());
    assert_eq!(
        Redacted::new(&headers).to_string(),
        "x-external-id: 4711, x-external-id: 4712, x-note: [not text, 4 bytes]",
    );
    assert_eq!(
        format!("{:?}", Redacted::new(&headers)),
        r#"{"x-external-id": "4711", "x-external-id": "4712", "x-note": [not text, 4 bytes]}"#,
    );
}

#[test]
fn a_caller_can_add_names_and_values_can_ask_for_it() {
    let mut headers = HeaderMap::new();
    headers.insert("x-partner-id", HeaderValue::from_static("MARKER"));
    let mut shy = HeaderValue::from_static("MARKER");
    shy.set_sensitive(true);
    headers.insert("x-shy", shy);
    let text = Redacted::new(&headers).and(&["X-PARTNER-ID"]).to_string();
    assert_eq!(
        text,
        "x-partner-id: [redacted, 6 bytes], x-shy: [redacted, 6 bytes]"
    );
}

proptest! {
    #[test]
    fn a_sensitive_value_never_shows_whatever_the_name_around_it(
        before in "[a-z-]{0,8}",
        word in prop::sample::select(vec![
            "authorization", "signature", "cookie", "token", "secret", "password", "credential",
            "api-key", "client-key", "private-key",
        ]),
        after in "[a-z-]{0,8}",
        value in "[#-&A-Z]{4,40}",
    ) {
        let name = HeaderName::try_from(format!("{before}{word}{after}")).unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::try_from(value.clone()).unwrap());
        let redacted = Redacted::new(&headers);
        prop_assert!(!redacted.to_string().contains(&value));
        let debug = format!("{redacted:?}");
        prop_assert!(!debug.contains(&value), "{}", debug);
    }
}
