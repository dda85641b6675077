//! The stream of events, begun and gone on with.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

use crate::support::{KEY, World, dipc};

/// A reader of the stream. HTTP/1.0, so that nothing stands between the messages.
struct Reader(BufReader<TcpStream>);

impl Reader {
    async fn open(world: &World, query: &str, last: Option<&str>) -> Self {
        let mut stream = TcpStream::connect(world.server.api_address())
            .await
            .unwrap();
        let last = last.map_or_else(String::new, |last| format!("last-event-id: {last}\r\n"));
        let request =
            format!("GET /v1/events{query} HTTP/1.0\r\nauthorization: Bearer {KEY}\r\n{last}\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut reader = Self(BufReader::new(stream));
        let mut head = String::new();
        while let Some(line) = reader.line().await {
            if line.is_empty() {
                break;
            }
            head.push_str(&line);
            head.push('\n');
        }
        assert!(head.contains(" 200 OK"), "{head}");
        assert!(head.contains("content-type: text/event-stream"), "{head}");
        reader
    }

    async fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        let read = tokio::time::timeout(Duration::from_secs(30), self.0.read_line(&mut line));
        let read = read.await.expect("a line").unwrap();
        (read > 0).then(|| line.trim_end().to_owned())
    }

    /// The next message: its id, its event, its data.
    async fn message(&mut self) -> Option<(String, String, Value)> {
        let (mut id, mut event) = (String::new(), String::new());
        loop {
            let line = self.line().await?;
            if let Some(rest) = line.strip_prefix("id: ") {
                id = rest.to_owned();
            } else if let Some(rest) = line.strip_prefix("event: ") {
                event = rest.to_owned();
            } else if let Some(rest) = line.strip_prefix("data: ") {
                return Some((id, event, serde_json::from_str(rest).unwrap()));
            }
        }
    }
}

#[tokio::test]
async fn a_reader_goes_on_where_it_was() {
    let world = World::open().await;
    let schema = json!({ "$ref": "#/components/schemas/Event" });
    let mut reader = Reader::open(&world, "", None).await;
    world
        .caller
        .post("/v1/virtual-accounts", &dipc("INV-1", "1"))
        .await;
    let (first, kind, event) = reader.message().await.unwrap();
    assert_eq!(kind, "account.requested");
    assert_eq!(event["type"], kind);
    assert_eq!(event["cursor"], first);
    assert_eq!(event["trxId"], "INV-1");
    assert_eq!(event["data"]["mode"], "direct_inquiry");
    assert_eq!(
        event["data"]["bill"],
        json!({ "type": "closed", "amount": "25000.00" })
    );
    world.caller.conforms(&schema, &event, "event");
    let (second, kind, _) = reader.message().await.unwrap();
    assert_eq!(kind, "account.activated");
    drop(reader);

    // Something happens while nobody reads.
    world.caller.delete("/v1/virtual-accounts/INV-1").await;
    let mut by_header = Reader::open(&world, "?after=0.0.0", Some(&second)).await;
    assert_eq!(by_header.message().await.unwrap().1, "account.deleted");
    let mut by_query = Reader::open(&world, &format!("?after={first}"), None).await;
    assert_eq!(by_query.message().await.unwrap().0, second);
    assert_eq!(by_query.message().await.unwrap().1, "account.deleted");

    // And while both read.
    world
        .caller
        .post("/v1/virtual-accounts", &dipc("INV-2", "2"))
        .await;
    for reader in [&mut by_header, &mut by_query] {
        let (_, kind, event) = reader.message().await.unwrap();
        assert_eq!(
            (kind.as_str(), &event["trxId"]),
            ("account.requested", &json!("INV-2"))
        );
    }
    // A server that stops ends the stream.
    world.server.shutdown().await;
    assert_eq!(by_query.message().await.unwrap().1, "account.activated");
    assert!(by_query.message().await.is_none());
}

#[tokio::test]
async fn readers_are_bounded_and_their_cursors_read() {
    let world = World::open().await;
    for path in [
        "/v1/events?after=x",
        "/v1/events?since=0.0.0",
        "/v1/events?after=0.0.0&after=0.0.0",
    ] {
        let reply = world.caller.get(path).await;
        assert_eq!(reply.status, 400, "{path}");
    }
    let bearer = format!("Bearer {KEY}");
    let headers = [("authorization", bearer.as_str()), ("last-event-id", "x")];
    let reply = world
        .caller
        .raw(http::Method::GET, "/v1/events", None, &headers)
        .await;
    assert_eq!((reply.status, reply.places()), (400, vec!["Last-Event-ID"]));

    let mut readers = Vec::new();
    for _ in 0..64 {
        readers.push(Reader::open(&world, "", None).await);
    }
    assert_eq!(world.caller.get("/v1/events").await.status, 503);
}
