//! A reqwest client of the caller's own: the rules of this crate hold, and its promises are weaker.

use std::time::Duration;

use doku_transport::{
    Acted, HttpTransport, ReqwestTransport, TotalTimeout, TransportErrorKind as Kind,
};
use http::Method;

use crate::server::{ClosedPort, Server, ok, request};

fn given() -> reqwest::Client {
    // No TLS is spoken here, so no root certificates are loaded.
    reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([])
        .build()
        .unwrap()
}

#[tokio::test]
async fn it_carries_calls_under_the_same_rules() {
    let transport = ReqwestTransport::from_client(given());
    let server = Server::answering(ok("{}")).await;
    assert_eq!(
        transport.send(server.post("/", "{}")).await.unwrap().body(),
        "{}"
    );

    let error = transport
        .send(request(Method::GET, "http://example.com/", ""))
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.acted()),
        (Kind::RefusedByPolicy, Acted::No)
    );

    let silent = Server::silent().await;
    let mut waiting = silent.post("/", "{}");
    waiting
        .extensions_mut()
        .insert(TotalTimeout(Duration::from_millis(200)));
    let error = transport.send(waiting).await.unwrap_err();
    assert_eq!((error.kind(), error.acted()), (Kind::Timeout, Acted::Maybe));
    transport.preflight().unwrap();
}

#[tokio::test]
async fn an_answer_from_elsewhere_is_refused() {
    let elsewhere = Server::answering(ok("{}")).await;
    let server = Server::answering(format!(
        "HTTP/1.1 307 X\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n",
        elsewhere.url("/")
    ))
    .await;
    let error = ReqwestTransport::from_client(given())
        .send(server.post("/", "{}"))
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.acted()),
        (Kind::RefusedByPolicy, Acted::Maybe)
    );
    assert_eq!(
        elsewhere.connections(),
        1,
        "the client did follow, so the server may have acted"
    );
}

/// The first server has seen the request, and only then does a connection fail.
#[tokio::test]
async fn a_failed_connection_promises_nothing() {
    let closed = ClosedPort::new();
    let server = Server::answering(format!(
        "HTTP/1.1 307 X\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n",
        closed.url("http")
    ))
    .await;
    let error = ReqwestTransport::from_client(given())
        .send(server.post("/", "{}"))
        .await
        .unwrap_err();
    assert_eq!((error.kind(), error.acted()), (Kind::Connect, Acted::Maybe));
}

#[tokio::test]
async fn its_own_timeout_may_have_acted() {
    let client = reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([])
        .timeout(Duration::from_millis(200))
        .build()
        .unwrap();
    let silent = Server::silent().await;
    let error = ReqwestTransport::from_client(client)
        .send(silent.post("/", "{}"))
        .await
        .unwrap_err();
    assert_eq!((error.kind(), error.acted()), (Kind::Timeout, Acted::Maybe));
}
