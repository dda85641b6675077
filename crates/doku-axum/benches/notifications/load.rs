//! The load, the rounds, and the table.
//!
//! Every request is written and signed before its round begins, and answers are only compared, so that the server is what
//! limits a round: the table shows how busy its core was. The load never sleeps. If it did, each answer would have to wake
//! it, at the expense of the server's core, and the more often the slower the server is.

use std::fmt::Write as _;
use std::fs;
use std::time::{Duration, Instant};

use doku_sign::{AccessToken, ClientSecret, MinifiedBody, StringToSign};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::LocalSet;

use super::{ANSWER, CLIENT_ID, EMPTY_PATH, PATH, SECRET};

/// Pairs of rounds that count; odd, so that there is a median.
const ROUNDS: usize = 9;
const CONNECTIONS: usize = 64;
/// Notifications of one connection in one round. All rounds together fit into the store of handled ones.
const EACH: usize = 150;

pub(crate) fn run(address: &str, server: &str, bearer: &str) {
    let load = Load {
        server,
        bearer: AccessToken::new(bearer),
        secret: ClientSecret::new(SECRET).expect("a secret"),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    LocalSet::new().block_on(&runtime, load.compare(address));
}

struct Load<'a> {
    server: &'a str,
    bearer: AccessToken,
    secret: ClientSecret,
}

/// What a round took.
struct Round {
    per_second: f64,
    /// The part of the round that the server's core worked, where the system tells.
    busy: f64,
}

impl Load<'_> {
    async fn compare(&self, address: &str) {
        let mut connections = Vec::new();
        for _ in 0..CONNECTIONS {
            let connection = TcpStream::connect(address).await.expect("a connection");
            connection.set_nodelay(true).expect("no delay");
            connections.push(connection);
        }
        let (mut ours, mut floors) = (Vec::new(), Vec::new());
        for round in 0..=ROUNDS {
            let notified = self.round(PATH, round, &mut connections).await;
            let floor = self.round(EMPTY_PATH, round, &mut connections).await;
            // The first pair warms connections, caches and the bearer.
            if round > 0 {
                ours.push(notified);
                floors.push(floor);
            }
        }
        print(&ours, &floors);
    }

    async fn round(&self, path: &str, round: usize, connections: &mut Vec<TcpStream>) -> Round {
        let requests: Vec<_> = (0..CONNECTIONS)
            .map(|connection| {
                let first = (round * CONNECTIONS + connection) * EACH;
                let each = |count| self.request(path, first + count);
                (0..EACH).map(each).collect::<Vec<_>>()
            })
            .collect();
        let awake = tokio::task::spawn_local(async {
            loop {
                tokio::task::yield_now().await;
            }
        });
        let worked = worked(self.server);
        let begun = Instant::now();
        let running: Vec<_> = connections
            .drain(..)
            .zip(requests)
            .map(|(connection, requests)| tokio::task::spawn_local(send(connection, requests)))
            .collect();
        for one in running {
            connections.push(one.await.expect("every notification is acknowledged"));
        }
        let took = begun.elapsed();
        let worked = worked_since(self.server, worked);
        awake.abort();
        Round {
            per_second: (CONNECTIONS * EACH) as f64 / took.as_secs_f64(),
            busy: worked / took.as_secs_f64(),
        }
    }

    /// A notification that no other has the `paymentRequestId` of, as it goes over the wire.
    fn request(&self, path: &str, count: usize) -> Vec<u8> {
        let body = format!(
            concat!(
                r#"{{"additionalInfo":{{"channel":"VIRTUAL_ACCOUNT_BTN","virtualAccountConfig":{{"reusableStatus":false}}}},"#,
                r#""customerEmail":"","customerNo":"00000000000000000001","paidAmount":{{"currency":"IDR","value":"11500.00"}},"#,
                r#""partnerServiceId":"   95962","paymentFlagReason":{{"english":"Success","indonesia":"Sukses"}},"#,
                r#""paymentRequestId":"128392187{count:08}","trxDateTime":"2026-09-04T07:00:00+07:00","#,
                r#""trxId":"INV-20260904-00000001","virtualAccountName":"Toru Yamashita","#,
                r#""virtualAccountNo":"   9596200000000000000000001"}}"#
            ),
            count = count
        );
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
             x-timestamp: {timestamp}\r\nx-signature: {signature}\r\nx-external-id: 7291{count:08}\r\n\
             x-partner-id: {CLIENT_ID}\r\nchannel-id: VA004\r\nauthorization: Bearer {}\r\n\
             content-length: {}\r\n\r\n{body}",
            self.bearer.expose(),
            body.len()
        )
        .expect("a request");
        request.into_bytes()
    }
}

/// Sends one after the other, each when the one before was answered.
async fn send(mut connection: TcpStream, requests: Vec<Vec<u8>>) -> TcpStream {
    let mut answer = vec![0_u8; 4096];
    for request in requests {
        connection.write_all(&request).await.expect("it is sent");
        let mut filled = 0;
        while !is_whole(&answer[..filled]) {
            let read = connection.read(&mut answer[filled..]).await;
            filled += read.expect("it is answered");
        }
    }
    connection
}

/// Whether the answer has arrived, and is the one that is expected.
fn is_whole(answer: &[u8]) -> bool {
    if !answer.ends_with(b"}}") {
        assert!(answer.len() < 4096, "an answer has some 400 bytes");
        return false;
    }
    assert!(answer.starts_with(b"HTTP/1.1 200 OK\r\n"), "acknowledged");
    answer
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .is_some_and(|head| answer.len() - head - 4 == ANSWER.len())
}

/// How long the server's only thread has worked so far.
fn worked(server: &str) -> Option<Duration> {
    let all = fs::read_to_string(format!("/proc/{server}/schedstat")).ok()?;
    let nanoseconds = all.split_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}

/// In seconds; not a number where the system does not tell.
fn worked_since(server: &str, before: Option<Duration>) -> f64 {
    before
        .zip(worked(server))
        .map_or(f64::NAN, |(before, after)| {
            after.saturating_sub(before).as_secs_f64()
        })
}

fn print(ours: &[Round], floors: &[Round]) {
    let body = ANSWER.len();
    println!(
        "notifications over loopback, server on core 0, load on core 1, {CONNECTIONS} connections, {ROUNDS} pairs of \
         rounds of {}; answers of {body} bytes",
        CONNECTIONS * EACH
    );
    println!("| | a second | server's core busy | µs of the core each |");
    println!("|---|---|---|---|");
    for (name, rounds) in [("notifications", ours), ("empty handler", floors)] {
        println!(
            "| {name} | {:.0} | {:.0} % | {:.1} |",
            median(rounds.iter().map(|round| round.per_second)),
            median(rounds.iter().map(|round| round.busy * 100.0)),
            median(rounds.iter().map(cost)),
        );
    }
    let pairs = || ours.iter().zip(floors);
    let ratios = || pairs().map(|(ours, floor)| ours.per_second / floor.per_second);
    let (least, most) = ratios().fold((f64::MAX, f64::MIN), |(least, most), ratio| {
        (least.min(ratio), most.max(ratio))
    });
    println!(
        "median ratio {:.2}, of rounds from {least:.2} to {most:.2}; by the core's time {:.2}",
        median(ratios()),
        median(pairs().map(|(ours, floor)| cost(floor) / cost(ours))),
    );
}

/// Microseconds of the server's core.
fn cost(round: &Round) -> f64 {
    round.busy / round.per_second * 1e6
}

fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<_> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
