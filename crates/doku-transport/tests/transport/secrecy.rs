//! Nothing that is printed shows a URL's query, a header or a body.

use std::error::Error;
use std::fmt::Write;
use std::time::Duration;

use bytes::Bytes;
use doku_transport::{HttpTransport, ReqwestTransport, TotalTimeout, TransportError};
use http::{HeaderValue, Request};

use crate::server::{ClosedPort, Server, ok};

const MARKER: &str = "PLANTED-5ecre7";

/// A request with the marker in every place that can hold one.
fn marked(url: &str) -> Request<Bytes> {
    let mut request = Request::post(format!("{url}?token={MARKER}"))
        .body(MARKER.into())
        .unwrap();
    for name in ["authorization", "x-signature", "x-anything"] {
        request
            .headers_mut()
            .insert(name, HeaderValue::from_static(MARKER));
    }
    request
        .extensions_mut()
        .insert(TotalTimeout(Duration::from_millis(200)));
    request
}

/// The error and all its sources, in every way they can be printed.
fn printed(error: &TransportError) -> String {
    let mut text = format!("{error} {error:?} {error:#?}");
    let mut next = error.source();
    while let Some(cause) = next {
        write!(text, " {cause} {cause:?} {cause:#?}").unwrap();
        next = cause.source();
    }
    text
}

#[tokio::test]
async fn no_error_shows_what_was_sent_or_received() {
    let closed = ClosedPort::new();
    let silent = Server::silent().await;
    let secret_head = format!("HTTP/1.1 200 OK\r\nSet-Cookie: {MARKER}\r\n");
    let cut_head = Server::answering(secret_head.clone()).await;
    let cut_body =
        Server::answering(format!("{secret_head}Content-Length: 99\r\n\r\n{MARKER}")).await;
    let noise = Server::answering(format!("{MARKER}\r\n\r\n")).await;
    let large = Server::answering(format!(
        "{secret_head}Content-Length: 9999999\r\n\r\n{MARKER}"
    ))
    .await;
    let plain = Server::answering(ok(MARKER)).await;
    let urls = [
        closed.url("http"),
        silent.url("/"),
        cut_head.url("/"),
        cut_body.url("/"),
        noise.url("/"),
        large.url("/"),
        plain.url("/").replace("http://", "https://"),
        "http://example.com/".to_owned(),
        "http://127.0.0.1/a/../b".to_owned(),
        format!("http://{MARKER}:{MARKER}@127.0.0.1/"),
    ];
    let given = reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([])
        .build()
        .unwrap();
    for transport in [
        ReqwestTransport::new(),
        ReqwestTransport::from_client(given),
    ] {
        for url in &urls {
            let error = transport.send(marked(url)).await.unwrap_err();
            let text = printed(&error);
            assert!(!text.contains(MARKER), "{url}: {text}");
        }
    }
}

#[test]
fn neither_the_transport_nor_its_builder_shows_a_secret() {
    let mut headers = http::HeaderMap::new();
    headers.insert("authorization", HeaderValue::from_static(MARKER));
    let client = reqwest::Client::builder()
        .tls_certs_only([])
        .default_headers(headers)
        .build()
        .unwrap();
    let transport = ReqwestTransport::from_client(client);
    let builder = ReqwestTransport::builder()
        .user_agent(HeaderValue::from_static(MARKER))
        .add_roots_pem(MARKER);
    let text = format!("{transport:?} {transport:#?} {builder:?} {builder:#?}");
    assert!(!text.contains(MARKER), "{text}");
    assert!(printed(&builder.build().unwrap_err()).contains("PEM"));
}

#[cfg(feature = "testing")]
#[test]
fn no_double_shows_a_secret() {
    use doku_transport::TransportErrorKind;
    use doku_transport::testing::{Chaos, Failing, Recording, Scripted};

    let doubled = Chaos::new(
        Recording::new(
            Scripted::new()
                .then_json(http::StatusCode::OK, MARKER)
                .then_fail(TransportErrorKind::Connect)
                .then_never(),
        ),
        7,
    )
    .lose_requests(0)
    .lose_answers(0);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let mut request = marked("http://localhost/pay");
    // The one header that is not known to be sensitive says so itself.
    if let Some(value) = request.headers_mut().get_mut("x-anything") {
        value.set_sensitive(true);
    }
    runtime.block_on(doubled.send(request)).unwrap();
    let recorded = doubled.inner().requests();
    assert_eq!(recorded[0].body(), MARKER);
    let text = format!(
        "{doubled:?} {doubled:#?} {recorded:?} {:?}",
        Failing::never()
    );
    assert!(!text.contains(MARKER), "{text}");
    assert!(
        text.contains("/pay") && text.contains("[redacted, 14 bytes]"),
        "{text}"
    );
}
