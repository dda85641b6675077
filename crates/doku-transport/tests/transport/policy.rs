//! Where the transport goes, and where it does not.

use doku_transport::{Acted, HttpTransport, ReqwestTransport, TransportErrorKind as Kind};
use http::{HeaderValue, Method, Request, header};
use proptest::prelude::*;

use crate::server::{Server, ok, request};

async fn refusal(url: &str) -> Kind {
    let error = ReqwestTransport::new()
        .send(request(Method::POST, url, "{}"))
        .await
        .unwrap_err();
    assert_eq!(error.acted(), Acted::No, "{url}: {error:?}");
    error.kind()
}

#[tokio::test]
async fn plain_http_leaves_this_machine_under_no_name() {
    for url in [
        "http://example.com",
        "http://api-sandbox.doku.com/authorization/v1/access-token/b2b",
        "http://128.0.0.1/",
        "http://10.0.0.1/",
        "http://0.0.0.0/",
        "http://[::2]/",
        "http://[::ffff:8.8.8.8]/",
        "http://localhost.example.com/",
        "http://notlocalhost/",
        "http://127.0.0.1.example.com/",
        "HTTP://EXAMPLE.COM/",
        "ftp://127.0.0.1/",
        "ws://localhost/",
    ] {
        assert_eq!(refusal(url).await, Kind::RefusedByPolicy, "{url}");
    }
}

#[tokio::test]
async fn what_would_change_on_the_way_is_not_sent() {
    for url in [
        "/relative",
        "localhost:80",
        "*",
        "http://127.0.0.1/a/../b",
        "http://127.0.0.1/a/./b",
        "http://127.0.0.1/a/%2e%2E/b",
        "http://127.0.0.1/?q='x'",
        "http://user:MARKER@127.0.0.1/",
        "http://user@127.0.0.1/",
    ] {
        let Ok(uri) = url.parse::<http::Uri>() else {
            panic!("{url} is no URI")
        };
        let mut odd = Request::new(bytes::Bytes::new());
        *odd.uri_mut() = uri;
        let error = ReqwestTransport::new().send(odd).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.acted()),
            (Kind::InvalidRequest, Acted::No),
            "{url}"
        );
        assert!(
            !format!("{error} {error:?}").contains("MARKER"),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn a_content_length_that_lies_is_not_sent() {
    let server = Server::answering(ok("{}")).await;
    for length in ["1", "3", "x", "-2"] {
        let mut lying = server.post("/", "{}");
        lying
            .headers_mut()
            .insert(header::CONTENT_LENGTH, HeaderValue::from_static(length));
        let error = ReqwestTransport::new().send(lying).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.acted()),
            (Kind::InvalidRequest, Acted::No),
            "{length}"
        );
    }
    assert_eq!(server.connections(), 0);
    let mut honest = server.post("/", "{}");
    honest
        .headers_mut()
        .insert(header::CONTENT_LENGTH, HeaderValue::from_static("2"));
    ReqwestTransport::new().send(honest).await.unwrap();
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    /// No spelling of an address outside 127.0.0.0/8 gets plain http out. Nothing here touches the network.
    #[test]
    fn no_address_outside_loopback_is_reached_over_plain_http(
        address in any::<u32>().prop_filter("outside 127.0.0.0/8", |address| address >> 24 != 127),
        spelling in 0_u8..4,
    ) {
        let [a, b, c, d] = address.to_be_bytes();
        let host = match spelling {
            0 => format!("{a}.{b}.{c}.{d}"),
            1 => format!("{address}"),
            2 => format!("{address:#x}"),
            _ => format!("[::ffff:{a}.{b}.{c}.{d}]"),
        };
        prop_assert_eq!(block_on(refusal(&format!("http://{host}/"))), Kind::RefusedByPolicy);
    }

    /// A path and query either arrive to the letter, or are refused before anything is sent.
    #[test]
    fn a_path_arrives_to_the_letter_or_not_at_all(path in r"/[ -~]{0,24}") {
        let seen = std::sync::Arc::new(std::sync::Mutex::new(None));
        let outcome = block_on(async {
            let keep = std::sync::Arc::clone(&seen);
            let server = Server::start(move |mut connection| {
                let keep = std::sync::Arc::clone(&keep);
                async move {
                    let received = connection.read_request().await;
                    *keep.lock().unwrap() = received.map(|received| received.head);
                    connection.write(&ok("")).await;
                }
            })
            .await;
            let uri = server.url(&path).parse::<http::Uri>().ok()?;
            let wanted = uri.path_and_query().map(ToString::to_string);
            let mut request = Request::new(bytes::Bytes::new());
            *request.uri_mut() = uri;
            Some((wanted, ReqwestTransport::new().send(request).await))
        });
        let Some((wanted, outcome)) = outcome else { return Ok(()) };
        let head = seen.lock().unwrap().take();
        match outcome {
            Ok(_) => {
                let head = head.unwrap_or_default();
                let line = head.lines().next().unwrap_or_default().to_owned();
                prop_assert_eq!(line.split(' ').nth(1), wanted.as_deref());
            }
            Err(error) => {
                prop_assert_eq!(error.kind(), Kind::InvalidRequest);
                prop_assert!(head.is_none());
            }
        }
    }
}
