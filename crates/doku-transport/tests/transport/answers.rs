//! Answers of every sort come back as they are, and requests arrive as they were made.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use doku_transport::{HttpTransport, ReqwestTransport, TransportErrorKind as Kind};
use http::{HeaderValue, Method, StatusCode, header};
use proptest::prelude::*;

use crate::server::{Received, Server, ok, request};

/// A server that keeps each request and answers 200.
async fn keeping() -> (Server, Arc<Mutex<Vec<Received>>>) {
    let kept = Arc::new(Mutex::new(Vec::new()));
    let keep = Arc::clone(&kept);
    let server = Server::start(move |mut connection| {
        let keep = Arc::clone(&keep);
        async move {
            while let Some(received) = connection.read_request().await {
                keep.lock().unwrap().push(received);
                connection.write(&ok("{}")).await;
            }
        }
    })
    .await;
    (server, kept)
}

#[tokio::test]
async fn a_page_of_html_is_a_response() {
    let page = "<html><body>502 Bad Gateway</body></html>";
    let server = Server::answering(format!(
        "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n{page}",
        page.len()
    ))
    .await;
    let response = ReqwestTransport::new()
        .send(server.post("/", "{}"))
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::BAD_GATEWAY);
    assert_eq!(response.headers()[header::CONTENT_TYPE], "text/html");
    assert_eq!(response.body(), page);
}

#[tokio::test]
async fn every_status_is_a_response() {
    for status in [
        200, 202, 204, 301, 400, 401, 404, 409, 429, 500, 503, 504, 599,
    ] {
        let server =
            Server::answering(format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n")).await;
        let response = ReqwestTransport::new()
            .send(server.post("/", "{}"))
            .await
            .unwrap();
        assert_eq!(response.status().as_u16(), status);
        assert!(response.body().is_empty());
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        let elsewhere = Server::answering(ok("{}")).await;
        let server = Server::answering(format!(
            "HTTP/1.1 {status} Moved\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n",
            elsewhere.url("/")
        ))
        .await;
        let response = ReqwestTransport::new()
            .send(server.post("/", "{}"))
            .await
            .unwrap();
        assert_eq!(response.status().as_u16(), status);
        assert_eq!(
            response.headers()[header::LOCATION],
            elsewhere.url("/").as_str()
        );
        assert_eq!(elsewhere.connections(), 0);
    }
}

#[tokio::test]
async fn an_answer_that_ends_with_the_connection_is_whole() {
    let server = Server::answering("HTTP/1.1 200 OK\r\n\r\n{\"a\":1}").await;
    let response = ReqwestTransport::new().send(server.get("/")).await.unwrap();
    assert_eq!(response.body(), "{\"a\":1}");
}

#[tokio::test]
async fn repeated_headers_are_all_kept() {
    let server = Server::answering(
        "HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 0\r\n\r\n",
    )
    .await;
    let response = ReqwestTransport::new().send(server.get("/")).await.unwrap();
    let cookies: Vec<_> = response
        .headers()
        .get_all(header::SET_COOKIE)
        .iter()
        .collect();
    assert_eq!(cookies, ["a=1", "b=2"]);
}

#[tokio::test]
async fn a_delete_carries_its_body() {
    let (server, kept) = keeping().await;
    let body = r#"{"trxId":"INV-1"}"#;
    let sent = request(
        Method::DELETE,
        &server.url("/virtual-accounts/bi-snap-va/v1.1/delete-va"),
        body,
    );
    ReqwestTransport::new().send(sent).await.unwrap();
    let kept = kept.lock().unwrap();
    assert!(
        kept[0]
            .head
            .starts_with("DELETE /virtual-accounts/bi-snap-va/v1.1/delete-va HTTP/1.1\r\n"),
        "{}",
        kept[0].head
    );
    assert_eq!(kept[0].body, body.as_bytes());
}

#[tokio::test]
async fn headers_arrive_as_given_and_the_user_agent_names_the_crate() {
    let (server, kept) = keeping().await;
    let mut sent = server.post("/a?b=c&d=%20", "{}");
    sent.headers_mut()
        .insert("x-signature", HeaderValue::from_static("c2lnbg=="));
    sent.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    ReqwestTransport::new().send(sent).await.unwrap();
    let head = kept.lock().unwrap()[0].head.to_ascii_lowercase();
    assert!(head.starts_with("post /a?b=c&d=%20 http/1.1\r\n"), "{head}");
    for line in [
        "x-signature: c2lnbg==".to_owned(),
        "content-type: application/json".to_owned(),
        format!("user-agent: doku-transport/{}", env!("CARGO_PKG_VERSION")),
    ] {
        assert_eq!(
            head.lines().filter(|other| **other == line).count(),
            1,
            "{line} in {head}"
        );
    }
    assert!(
        !head.contains("accept-encoding"),
        "compression was not asked for: {head}"
    );
}

#[tokio::test]
async fn a_user_agent_of_the_request_or_the_builder_is_kept() {
    let (server, kept) = keeping().await;
    let transport = ReqwestTransport::builder()
        .user_agent(HeaderValue::from_static("shop/2"))
        .build()
        .unwrap();
    transport.send(server.get("/")).await.unwrap();
    let mut own = server.get("/");
    own.headers_mut()
        .insert(header::USER_AGENT, HeaderValue::from_static("own/3"));
    transport.send(own).await.unwrap();
    let kept = kept.lock().unwrap();
    assert!(
        kept[0].head.contains("user-agent: shop/2\r\n"),
        "{}",
        kept[0].head
    );
    assert!(
        kept[1].head.contains("user-agent: own/3\r\n"),
        "{}",
        kept[1].head
    );
    assert!(!kept[1].head.contains("shop/2"), "{}", kept[1].head);
}

#[tokio::test]
async fn calls_one_after_the_other_share_a_connection() {
    let (server, kept) = keeping().await;
    let transport = ReqwestTransport::new();
    for _ in 0..5 {
        transport.send(server.post("/", "{}")).await.unwrap();
    }
    assert_eq!(kept.lock().unwrap().len(), 5);
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn localhost_is_this_machine() {
    let (server, kept) = keeping().await;
    let url = format!("http://localhost:{}/", server.address().port());
    ReqwestTransport::new()
        .send(request(Method::GET, &url, ""))
        .await
        .unwrap();
    assert_eq!(kept.lock().unwrap().len(), 1);
}

fn chunked(chunks: &[Vec<u8>]) -> Vec<u8> {
    let mut answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    for chunk in chunks {
        answer.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        answer.extend_from_slice(chunk);
        answer.extend_from_slice(b"\r\n");
    }
    answer.extend_from_slice(b"0\r\n\r\n");
    answer
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Whatever the chunks, a body within the limit is whole and one above it is refused.
    #[test]
    fn a_chunked_body_is_put_together_up_to_the_limit(
        chunks in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..40), 0..8),
        limit in 0_usize..200,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let whole = chunks.concat();
        let answer = runtime.block_on(async {
            let server = Server::answering(chunked(&chunks)).await;
            let transport = ReqwestTransport::builder().max_body(limit).build().unwrap();
            transport.send(server.get("/")).await
        });
        if whole.len() <= limit {
            prop_assert_eq!(answer.unwrap().into_body(), Bytes::from(whole));
        } else {
            prop_assert_eq!(answer.unwrap_err().kind(), Kind::BodyTooLarge);
        }
    }
}
