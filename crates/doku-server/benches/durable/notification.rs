//! Notifications as DOKU sends them, signed before they are measured and never twice the same, and bare connections.
//!
//! Answers are only looked at, so that the server is what limits a round.

use std::fmt::Write as _;
use std::time::Instant;

use doku_sign::{AccessToken, ClientSecret, MinifiedBody, StringToSign};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::spawn_local;

use super::accounts::{CLIENT_ID, body};

/// As long as the notification's path.
pub(crate) const EMPTY_PATH: &str = "/v1/transfer-va/nothing";

/// As long as what a notification is answered with.
pub(crate) const ANSWER: &str = concat!(
    r#"{"responseCode":"2002500","responseMessage":"Successful","virtualAccountData":{"#,
    r#""customerNo":"10000000001","partnerServiceId":"   95962","paymentRequestId":"12839218700000000","#,
    r#""virtualAccountName":"Toru Yamashita","virtualAccountNo":"   9596210000000001"}}"#
);

/// What signs.
pub(crate) struct Signer {
    bearer: AccessToken,
    secret: ClientSecret,
}

impl Signer {
    pub(crate) fn new(bearer: &str, secret: &str) -> Self {
        Self {
            bearer: AccessToken::new(bearer),
            secret: ClientSecret::new(secret).expect("a secret"),
        }
    }

    /// The notification that the n-th account was paid, as it goes over the wire.
    pub(crate) fn request(&self, path: &str, n: u64) -> Vec<u8> {
        let body = body(n);
        let now = OffsetDateTime::now_utc().replace_nanosecond(0);
        let timestamp = now
            .expect("a second")
            .format(&Rfc3339)
            .expect("a timestamp");
        let minified = MinifiedBody::of(body.as_bytes());
        let text =
            StringToSign::snap_transaction("POST", path, &self.bearer, &minified, &timestamp);
        let signature = self.secret.sign(&text).to_base64();
        let mut request = String::new();
        write!(
            request,
            "POST {path} HTTP/1.1\r\nhost: shop.example.com\r\ncontent-type: application/json\r\n\
             x-timestamp: {timestamp}\r\nx-signature: {signature}\r\nx-external-id: 7291{n:08}\r\n\
             x-partner-id: {CLIENT_ID}\r\nchannel-id: VA004\r\nauthorization: Bearer {}\r\n\
             content-length: {}\r\n\r\n{body}",
            self.bearer.expose(),
            body.len()
        )
        .expect("a request");
        request.into_bytes()
    }
}

/// Keeps this thread awake while it lives. If the load slept, each answer would have to wake it, at the expense of the
/// server's core, and the more often the slower the server is.
pub(crate) struct Awake(tokio::task::JoinHandle<()>);

impl Awake {
    pub(crate) fn keep() -> Self {
        Self(spawn_local(async {
            loop {
                tokio::task::yield_now().await;
            }
        }))
    }
}

impl Drop for Awake {
    fn drop(&mut self) {
        self.0.abort();
    }
}

pub(crate) async fn connect(address: &str) -> TcpStream {
    let connection = TcpStream::connect(address).await.expect("a connection");
    connection.set_nodelay(true).expect("no delay");
    connection
}

/// Sends each connection's requests over it, one after the other, and says how many seconds all of them took.
pub(crate) async fn flood(connections: &mut Vec<TcpStream>, requests: Vec<Vec<Vec<u8>>>) -> f64 {
    let _awake = Awake::keep();
    let begun = Instant::now();
    let running: Vec<_> = connections
        .drain(..)
        .zip(requests)
        .map(|(mut connection, requests)| {
            spawn_local(async move {
                for request in requests {
                    send(&mut connection, &request).await;
                }
                connection
            })
        })
        .collect();
    for one in running {
        connections.push(one.await.expect("every notification is acknowledged"));
    }
    begun.elapsed().as_secs_f64()
}

/// Sends one, and returns when it is answered as it should be.
pub(crate) async fn send(connection: &mut TcpStream, request: &[u8]) {
    connection.write_all(request).await.expect("it is sent");
    let mut answer = [0_u8; 2048];
    let mut filled = 0;
    loop {
        let read = connection.read(&mut answer[filled..]).await;
        filled += read.expect("it is answered");
        let so_far = &answer[..filled];
        if is_whole(so_far) {
            return;
        }
        assert!(
            read_on(so_far),
            "not acknowledged: {}",
            String::from_utf8_lossy(so_far)
        );
    }
}

fn read_on(so_far: &[u8]) -> bool {
    so_far.starts_with(b"HTTP/1.1 200 OK\r\n") && !so_far.ends_with(b"}}") && so_far.len() < 2048
}

/// Whether the answer has arrived, and is the one that is expected.
fn is_whole(answer: &[u8]) -> bool {
    answer.starts_with(b"HTTP/1.1 200 OK\r\n")
        && answer.ends_with(b"}}")
        && answer
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
            .is_some_and(|head| answer.len() - head - 4 == ANSWER.len())
}
