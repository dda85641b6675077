//! Real TLS on loopback, with certificates made on the spot.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use doku_transport::{Acted, HttpTransport, ReqwestTransport, TransportErrorKind as Kind};
use http::{Method, Request, Response, Version};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::server::request;

/// Signs certificates, and is trusted by nobody until its own is handed out.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    pub(crate) fn pem(&self) -> String {
        self.0.pem()
    }

    fn server_config(&self, name: &str) -> ServerConfig {
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new([name.to_owned()])
            .unwrap()
            .signed_by(&key, &self.0)
            .unwrap();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let mut config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        config.alpn_protocols = vec![b"h2".to_vec()];
        config
    }
}

/// What an HTTP/2 server saw.
#[derive(Default)]
struct Seen {
    connections: AtomicUsize,
    requests: AtomicUsize,
}

/// The path under which a stream is reset instead of answered.
const RESET: &str = "/reset";

/// Answers every request with `{}`, or by resetting its stream.
async fn serve(config: ServerConfig) -> (SocketAddr, Arc<Seen>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let seen = Arc::new(Seen::default());
    let counters = Arc::clone(&seen);
    // Ends with the runtime of the test.
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, seen) = (acceptor.clone(), Arc::clone(&counters));
            tokio::spawn(async move {
                let Ok(stream) = acceptor.accept(stream).await else {
                    return;
                };
                seen.connections.fetch_add(1, Ordering::SeqCst);
                let service = service_fn(move |request: Request<Incoming>| {
                    let seen = Arc::clone(&seen);
                    async move {
                        seen.requests.fetch_add(1, Ordering::SeqCst);
                        if request.uri().path() == RESET {
                            return Err("hyper resets the stream of a service that fails");
                        }
                        Ok(Response::new(Full::new(Bytes::from_static(b"{}"))))
                    }
                });
                let _ = hyper::server::conn::http2::Builder::new(TokioExecutor::new())
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
            });
        }
    });
    (address, seen)
}

#[tokio::test]
async fn calls_over_https_share_one_http2_connection() {
    const CALLS: usize = 64;
    let authority = Authority::new();
    let (address, seen) = serve(authority.server_config("localhost")).await;
    let transport = Arc::new(
        ReqwestTransport::builder()
            .add_roots_pem(authority.pem())
            .build()
            .unwrap(),
    );
    let url = format!("https://localhost:{}/va", address.port());
    // Calls that start together each open a connection, until one turns out to be HTTP/2. So one goes ahead.
    transport
        .send(request(Method::GET, &url, ""))
        .await
        .unwrap();
    let mut calls = JoinSet::new();
    for _ in 0..CALLS {
        let (transport, request) = (Arc::clone(&transport), request(Method::POST, &url, "{}"));
        calls.spawn(async move { transport.send(request).await });
    }
    for outcome in calls.join_all().await {
        let response = outcome.unwrap();
        assert_eq!(
            (response.version(), response.body().as_ref()),
            (Version::HTTP_2, &b"{}"[..])
        );
    }
    assert_eq!(seen.requests.load(Ordering::SeqCst), 1 + CALLS);
    assert_eq!(seen.connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_not_sent() {
    let (address, seen) = serve(Authority::new().server_config("localhost")).await;
    // Another authority, so that the outcome does not hang on this machine's own roots.
    let transport = ReqwestTransport::builder()
        .add_roots_pem(Authority::new().pem())
        .build()
        .unwrap();
    let url = format!("https://localhost:{}/", address.port());
    let error = transport
        .send(request(Method::POST, &url, "{}"))
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.acted()),
        (Kind::Tls, Acted::No),
        "{error:?}"
    );
    assert_eq!(seen.requests.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_certificate_for_another_name_is_not_sent() {
    let authority = Authority::new();
    let (address, seen) = serve(authority.server_config("example.com")).await;
    let transport = ReqwestTransport::builder()
        .add_roots_pem(authority.pem())
        .build()
        .unwrap();
    let url = format!("https://localhost:{}/", address.port());
    let error = transport
        .send(request(Method::POST, &url, "{}"))
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.acted()),
        (Kind::Tls, Acted::No),
        "{error:?}"
    );
    assert_eq!(seen.requests.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_call_over_https_on_loopback_needs_no_proxy() {
    let authority = Authority::new();
    let (address, seen) = serve(authority.server_config("127.0.0.1")).await;
    let transport = ReqwestTransport::builder()
        .add_roots_pem(authority.pem())
        .build()
        .unwrap();
    for _ in 0..3 {
        let sent = request(Method::DELETE, &format!("https://{address}/"), "{}");
        assert_eq!(transport.send(sent).await.unwrap().body(), "{}");
    }
    assert_eq!(seen.connections.load(Ordering::SeqCst), 1);
}

/// The other calls on the connection go on.
#[tokio::test]
async fn a_stream_that_is_reset_may_have_acted() {
    let authority = Authority::new();
    let (address, seen) = serve(authority.server_config("localhost")).await;
    let transport = ReqwestTransport::builder()
        .add_roots_pem(authority.pem())
        .build()
        .unwrap();
    let url = |path| format!("https://localhost:{}{path}", address.port());
    let error = transport
        .send(request(Method::POST, &url(RESET), "{}"))
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.acted()),
        (Kind::Interrupted, Acted::Maybe),
        "{error:?}"
    );
    transport
        .send(request(Method::POST, &url("/"), "{}"))
        .await
        .unwrap();
    assert_eq!(
        seen.requests.load(Ordering::SeqCst),
        2,
        "nothing was sent twice"
    );
    assert_eq!(seen.connections.load(Ordering::SeqCst), 1);
}
