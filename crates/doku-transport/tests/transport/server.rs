//! A tiny HTTP server: it reads a request, and then does exactly what a test says, rude things included.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use http::{Method, Request};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinHandle;

/// Listens on loopback until it is dropped.
pub(crate) struct Server {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Server {
    /// Runs `handler` for each connection.
    pub(crate) async fn start<H, F>(handler: H) -> Self
    where
        H: Fn(Connection) -> F + Send + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&connections);
        let task = tokio::spawn(async move {
            let mut handlers = tokio::task::JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                counter.fetch_add(1, Ordering::SeqCst);
                handlers.spawn(handler(Connection(stream)));
            }
        });
        Self {
            address,
            connections,
            task,
        }
    }

    /// Answers every request with these bytes, and closes the connection.
    pub(crate) async fn answering(answer: impl Into<Vec<u8>>) -> Self {
        let answer = answer.into();
        Self::start(move |mut connection| {
            let answer = answer.clone();
            async move {
                connection.read_request().await;
                connection.write(&answer).await;
            }
        })
        .await
    }

    /// Reads requests and never answers.
    pub(crate) async fn silent() -> Self {
        Self::start(
            |mut connection| async move { while connection.read_request().await.is_some() {} },
        )
        .await
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// How many connections were opened so far.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    pub(crate) fn get(&self, path: &str) -> Request<Bytes> {
        request(Method::GET, &self.url(path), "")
    }

    pub(crate) fn post(&self, path: &str, body: &'static str) -> Request<Bytes> {
        request(Method::POST, &self.url(path), body)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// One accepted connection.
pub(crate) struct Connection(pub(crate) TcpStream);

/// A request as it came over the wire.
pub(crate) struct Received {
    /// The request line and the headers.
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Connection {
    /// Reads one request, or `None` when the client hangs up first.
    pub(crate) async fn read_request(&mut self) -> Option<Received> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(self.0.read_u8().await.ok()?);
        }
        let head = String::from_utf8(head).unwrap();
        let length = head
            .lines()
            .find_map(|line| {
                line.to_ascii_lowercase()
                    .strip_prefix("content-length: ")?
                    .parse()
                    .ok()
            })
            .unwrap_or(0);
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).await.ok()?;
        Some(Received { head, body })
    }

    pub(crate) async fn write(&mut self, bytes: &[u8]) {
        // A client that has seen enough may hang up while we write.
        let _ = self.0.write_all(bytes).await;
        let _ = self.0.flush().await;
    }

    /// Keeps the connection open until the client closes it.
    pub(crate) async fn linger(&mut self) {
        while self.0.read_u8().await.is_ok() {}
    }
}

/// A 200 with this body and a stated length.
pub(crate) fn ok(body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

pub(crate) fn request(method: Method, url: &str, body: &'static str) -> Request<Bytes> {
    Request::builder()
        .method(method)
        .uri(url)
        .body(Bytes::from_static(body.as_bytes()))
        .unwrap()
}

/// A port on which nobody listens. It stays taken, so that no other test's server can get it.
pub(crate) struct ClosedPort {
    address: SocketAddr,
    _bound: TcpSocket,
}

impl ClosedPort {
    pub(crate) fn new() -> Self {
        let bound = TcpSocket::new_v4().unwrap();
        bound
            .bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
            .unwrap();
        Self {
            address: bound.local_addr().unwrap(),
            _bound: bound,
        }
    }

    pub(crate) fn url(&self, scheme: &str) -> String {
        format!("{scheme}://{}/", self.address)
    }
}
