//! What the environment may change: proxies and root certificates.
//!
//! Variables belong to a process, so each of these tests runs an ignored one in a process of its own.

use std::process::Command;

use doku_transport::{Acted, HttpTransport, ReqwestTransport, TransportErrorKind as Kind};
use http::Method;
use tokio::sync::mpsc;

use crate::server::{ClosedPort, Server, ok, request};
use crate::tls::Authority;

const PROXY_VARIABLES: [&str; 6] = [
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
];

/// Runs one ignored test of this file in a new process.
#[track_caller]
fn run(test: &str, variables: &[(&str, &str)]) {
    let name = format!("environment::{test}");
    let mut child = Command::new(std::env::current_exe().unwrap());
    for variable in PROXY_VARIABLES.into_iter().chain(["NO_PROXY", "no_proxy"]) {
        child.env_remove(variable);
    }
    let output = child
        .args([name.as_str(), "--exact", "--ignored", "--test-threads=1"])
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && text.contains("1 passed"),
        "{text}"
    );
}

#[tokio::test]
async fn proxies_are_for_other_machines_only() {
    let closed = ClosedPort::new();
    let proxy = closed.url("http");
    let variables = PROXY_VARIABLES.map(|variable| (variable, proxy.as_str()));
    run(
        "in_child_a_closed_proxy_does_not_matter_on_loopback",
        &variables,
    );
}

#[tokio::test]
#[ignore = "run in a process of its own by proxies_are_for_other_machines_only"]
async fn in_child_a_closed_proxy_does_not_matter_on_loopback() {
    assert!(std::env::var_os("HTTP_PROXY").is_some());
    let server = Server::answering(ok("{}")).await;
    let transport = ReqwestTransport::new();
    assert_eq!(
        transport.send(server.post("/", "{}")).await.unwrap().body(),
        "{}"
    );
    let by_name = format!("http://localhost:{}/", server.address().port());
    transport
        .send(request(Method::GET, &by_name, ""))
        .await
        .unwrap();

    // https on loopback goes straight to the server as well: it sees a handshake.
    let (seen, mut first_bytes) = mpsc::unbounded_channel();
    let tls = Server::start(move |mut connection| {
        let seen = seen.clone();
        async move {
            let _ = seen.send(
                tokio::io::AsyncReadExt::read_u8(&mut connection.0)
                    .await
                    .ok(),
            );
        }
    })
    .await;
    let url = format!("https://{}/", tls.address());
    transport
        .send(request(Method::GET, &url, ""))
        .await
        .unwrap_err();
    assert_eq!(
        first_bytes.recv().await,
        Some(Some(0x16)),
        "a TLS handshake record"
    );

    // Any other https goes to the proxy, which is closed.
    let error = transport
        .send(request(Method::GET, "https://doku.invalid/", ""))
        .await
        .unwrap_err();
    assert_eq!((error.kind(), error.acted()), (Kind::Connect, Acted::No));
    assert!(
        error.to_string().contains("refused the connection"),
        "{error}"
    );

    // Unless told otherwise: then the name is looked up here.
    let direct = ReqwestTransport::builder()
        .ignore_proxies()
        .build()
        .unwrap();
    let error = direct
        .send(request(Method::GET, "https://doku.invalid/", ""))
        .await
        .unwrap_err();
    assert_eq!((error.kind(), error.acted()), (Kind::Connect, Acted::No));
    assert!(error.to_string().contains("cannot be resolved"), "{error}");
}

#[test]
fn without_root_certificates_https_is_a_typed_error_and_loopback_works() {
    let empty = tempfile::tempdir().unwrap();
    let file = empty.path().join("roots.pem");
    std::fs::write(&file, "").unwrap();
    let nothing = empty.path().join("none");
    std::fs::create_dir(&nothing).unwrap();
    run(
        "in_child_there_are_no_roots",
        &[
            ("SSL_CERT_FILE", file.to_str().unwrap()),
            ("SSL_CERT_DIR", nothing.to_str().unwrap()),
        ],
    );
    // Files that are not there are the same to a person.
    let gone = empty.path().join("gone");
    let gone = gone.to_str().unwrap();
    run(
        "in_child_there_are_no_roots",
        &[("SSL_CERT_FILE", gone), ("SSL_CERT_DIR", gone)],
    );
}

#[tokio::test]
#[ignore = "run in a process of its own by without_root_certificates_https_is_a_typed_error_and_loopback_works"]
async fn in_child_there_are_no_roots() {
    let transport = ReqwestTransport::new();
    let early = transport.preflight().unwrap_err();
    let late = transport
        .send(request(Method::POST, "https://doku.invalid/", "{}"))
        .await
        .unwrap_err();
    for error in [early, late] {
        assert_eq!(
            (error.kind(), error.acted()),
            (Kind::MissingRoots, Acted::No),
            "{error:?}"
        );
        assert!(error.to_string().contains("ca-certificates"), "{error}");
    }
    let server = Server::answering(ok("{}")).await;
    assert_eq!(
        transport.send(server.post("/", "{}")).await.unwrap().body(),
        "{}"
    );

    // Roots that the caller brings are enough.
    let own = ReqwestTransport::builder()
        .add_roots_pem(Authority::new().pem())
        .build()
        .unwrap();
    own.preflight().unwrap();
    let closed = ClosedPort::new();
    let url = closed.url("https");
    let error = own
        .send(request(Method::POST, &url, "{}"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Connect, "{error:?}");
}

#[test]
fn root_certificates_that_cannot_be_read_are_refused() {
    for pem in [
        "",
        "no certificate",
        "-----BEGIN CERTIFICATE-----\n%%%\n-----END CERTIFICATE-----\n",
    ] {
        let error = ReqwestTransport::builder()
            .add_roots_pem(pem)
            .build()
            .unwrap_err();
        assert_eq!(
            (error.kind(), error.acted()),
            (Kind::Setup, Acted::No),
            "{pem:?}"
        );
    }
}
