//! What goes wrong on the wire, and whether the server may have acted.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use doku_transport::{
    Acted, HttpTransport, ReqwestTransport, TotalTimeout, TransportError,
    TransportErrorKind as Kind,
};
use http::{Method, Request};

use crate::server::{ClosedPort, Server, ok, request};

const SHORT: Duration = Duration::from_millis(200);

async fn failure(server: &Server) -> TransportError {
    ReqwestTransport::new()
        .send(server.post("/", "{}"))
        .await
        .unwrap_err()
}

#[track_caller]
fn assert_is(error: &TransportError, kind: Kind, acted: Acted) {
    assert_eq!((error.kind(), error.acted()), (kind, acted), "{error:?}");
}

#[tokio::test]
async fn a_closed_port_is_not_sent() {
    let closed = ClosedPort::new();
    let error = ReqwestTransport::new()
        .send(request(Method::POST, &closed.url("http"), "{}"))
        .await
        .unwrap_err();
    assert_is(&error, Kind::Connect, Acted::No);
    assert!(
        error.to_string().contains("refused the connection"),
        "{error}"
    );
    assert!(error.source().is_some());
}

#[tokio::test]
async fn a_server_that_never_answers_may_have_acted() {
    let server = Server::silent().await;
    let transport = ReqwestTransport::builder()
        .total_timeout(SHORT)
        .build()
        .unwrap();
    let error = transport.send(server.post("/", "{}")).await.unwrap_err();
    assert_is(&error, Kind::Timeout, Acted::Maybe);
}

#[tokio::test]
async fn a_server_that_stalls_in_the_body_may_have_acted() {
    let server = Server::start(|mut connection| async move {
        connection.read_request().await;
        connection
            .write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\"")
            .await;
        connection.linger().await;
    })
    .await;
    let mut slow = server.post("/", "{}");
    slow.extensions_mut().insert(TotalTimeout(SHORT));
    let error = ReqwestTransport::new().send(slow).await.unwrap_err();
    assert_is(&error, Kind::Timeout, Acted::Maybe);
}

#[tokio::test]
async fn a_connection_cut_anywhere_may_have_acted() {
    for cut in [
        "",
        "HTT",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\nContent-Len",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"a\":",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n",
    ] {
        let server = Server::answering(cut).await;
        let error = failure(&server).await;
        assert_eq!(
            (error.kind(), error.acted()),
            (Kind::Interrupted, Acted::Maybe),
            "{cut:?}"
        );
        assert!(error.source().is_some(), "{cut:?}");
        assert_eq!(server.connections(), 1, "{cut:?} was sent again");
    }
}

#[tokio::test]
async fn what_is_not_http_may_have_acted() {
    for noise in [
        "SSH-2.0-OpenSSH_9.6\r\n\r\n",
        "HTTP/1.1 abc\r\n\r\n",
        "\0\0\0\0\r\n\r\n",
    ] {
        let server = Server::answering(noise).await;
        let error = failure(&server).await;
        assert_eq!(
            (error.kind(), error.acted()),
            (Kind::Protocol, Acted::Maybe),
            "{noise:?}"
        );
    }
}

#[tokio::test]
async fn a_body_that_announces_too_much_is_refused_before_it_is_read() {
    let server = Server::start(|mut connection| async move {
        connection.read_request().await;
        connection
            .write(b"HTTP/1.1 200 OK\r\nContent-Length: 1048577\r\n\r\n")
            .await;
        connection.linger().await;
    })
    .await;
    let error = failure(&server).await;
    assert_is(&error, Kind::BodyTooLarge, Acted::Maybe);
    assert_eq!(
        error.source().unwrap().to_string(),
        "the limit is 1048576 bytes"
    );
}

#[tokio::test]
async fn a_body_that_never_ends_is_refused_at_the_limit() {
    let server = Server::start(|mut connection| async move {
        connection.read_request().await;
        connection
            .write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            .await;
        let chunk = [b"4000\r\n".as_slice(), &[b'x'; 0x4000], b"\r\n"].concat();
        // Ends when the client hangs up.
        use tokio::io::AsyncWriteExt;
        while connection.0.write_all(&chunk).await.is_ok() {}
    })
    .await;
    assert_is(&failure(&server).await, Kind::BodyTooLarge, Acted::Maybe);
}

#[tokio::test]
async fn a_body_of_exactly_the_limit_is_fine() {
    let server = Server::answering(ok("12345")).await;
    let with_limit = |limit| ReqwestTransport::builder().max_body(limit).build().unwrap();
    assert_eq!(
        with_limit(5).send(server.get("/")).await.unwrap().body(),
        "12345"
    );
    assert_is(
        &with_limit(4).send(server.get("/")).await.unwrap_err(),
        Kind::BodyTooLarge,
        Acted::Maybe,
    );
    let empty = Server::answering(ok("")).await;
    assert!(
        with_limit(0)
            .send(empty.get("/"))
            .await
            .unwrap()
            .body()
            .is_empty()
    );
}

/// A pooled connection that breaks after the server has read the request: it may have acted on it, so the request
/// must not be sent a second time.
#[tokio::test]
async fn a_reused_connection_that_breaks_is_not_tried_again() {
    let requests = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&requests);
    let server = Server::start(move |mut connection| {
        let count = Arc::clone(&count);
        async move {
            connection.read_request().await;
            count.fetch_add(1, Ordering::SeqCst);
            connection.write(&ok("{}")).await;
            if connection.read_request().await.is_some() {
                count.fetch_add(1, Ordering::SeqCst);
            }
        }
    })
    .await;
    let transport = ReqwestTransport::new();
    transport.send(server.post("/", "{}")).await.unwrap();
    let error = transport.send(server.post("/", "{}")).await.unwrap_err();
    assert_is(&error, Kind::Interrupted, Acted::Maybe);
    assert_eq!(requests.load(Ordering::SeqCst), 2);
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_server_without_tls_is_not_sent() {
    let server = Server::start(|mut connection| async move {
        connection
            .write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
            .await;
        connection.linger().await;
    })
    .await;
    let url = format!("https://{}/", server.address());
    let error = ReqwestTransport::new()
        .send(request(Method::POST, &url, "{}"))
        .await
        .unwrap_err();
    assert_is(&error, Kind::Tls, Acted::No);
}

#[tokio::test]
async fn a_server_that_hangs_up_during_the_handshake_is_not_sent() {
    let server = Server::start(|mut connection| async move {
        // The first flight of the handshake, and then nothing.
        let mut first = [0; 64];
        let _ = tokio::io::AsyncReadExt::read(&mut connection.0, &mut first).await;
        let _ = tokio::io::AsyncWriteExt::shutdown(&mut connection.0).await;
        connection.linger().await;
    })
    .await;
    let url = format!("https://{}/", server.address());
    let error = ReqwestTransport::new()
        .send(request(Method::POST, &url, "{}"))
        .await
        .unwrap_err();
    assert_is(&error, Kind::Tls, Acted::No);
}

#[tokio::test]
async fn a_handshake_that_takes_too_long_is_not_sent() {
    let server = Server::start(|mut connection| async move { connection.linger().await }).await;
    let url = format!("https://{}/", server.address());
    let transport = ReqwestTransport::builder()
        .connect_timeout(SHORT)
        .build()
        .unwrap();
    let error = transport
        .send(request(Method::POST, &url, "{}"))
        .await
        .unwrap_err();
    assert_is(&error, Kind::Connect, Acted::No);
    assert!(error.to_string().contains("took too long"), "{error}");
}

#[test]
fn a_call_outside_a_runtime_is_an_error_and_not_a_panic() {
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    let transport = ReqwestTransport::new();
    let mut call = pin!(transport.send(Request::new(bytes::Bytes::new())));
    let Poll::Ready(outcome) = call.as_mut().poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("the call waits for a runtime that is not there");
    };
    assert_is(&outcome.unwrap_err(), Kind::Setup, Acted::No);
}
