//! The example's shop, over real sockets.

#[path = "../../examples/shop.rs"]
#[expect(dead_code, reason = "its main is for those who run it")]
mod shop;

use axum::body::Body;
use bytes::Bytes;
use doku_transport::{HttpTransport, ReqwestTransport};
use http::{Request, Response};
use http_body_util::BodyExt;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::support::{PAYMENT_PATH, credentials, notification, token_request_at};

async fn send(base: &str, request: Request<Body>) -> Response<Bytes> {
    let (mut head, body) = request.into_parts();
    head.uri = format!("{base}{}", head.uri).parse().unwrap();
    let body = body.collect().await.unwrap().to_bytes();
    let transport = ReqwestTransport::new();
    transport
        .send(Request::from_parts(head, body))
        .await
        .unwrap()
}

#[tokio::test]
async fn the_example_sells_coffee() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async { axum::serve(listener, shop::app(credentials())).await });

    // This shop runs by the machine's clock.
    let now = OffsetDateTime::now_utc().replace_nanosecond(0).unwrap();
    let url = "/doku/authorization/v1/access-token/b2b";
    let request = token_request_at(url, &now.format(&Rfc3339).unwrap());
    let answer = send(&base, request).await;
    assert_eq!(answer.status(), 200, "{:?}", answer.body());

    // A notification of long ago proves nothing.
    let url = format!("/doku{PAYMENT_PATH}");
    let answer = send(&base, notification(&url, &url)).await;
    assert_eq!(answer.status(), 401, "{:?}", answer.body());

    let page = Request::get("/").body(Body::empty()).unwrap();
    let page = send(&base, page).await;
    assert_eq!((page.status().as_u16(), page.body().len()), (200, 0));
    server.abort();
}
