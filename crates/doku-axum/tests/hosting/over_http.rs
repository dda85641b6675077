//! The example's shop, over real sockets.

#[path = "../../examples/shop.rs"]
#[expect(dead_code, reason = "its main is for those who run it")]
mod shop;

use axum::body::Body;
use bytes::Bytes;
use doku_sign::AccessToken;
use doku_transport::{HttpTransport, ReqwestTransport};
use http::{Request, Response};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::support::{PAYMENT_PATH, credentials, notification, signed, token_request_at};

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

/// Makes the call and reads the answer, which must be `code`.
async fn answered(base: &str, request: Request<Body>, code: &str) -> Value {
    let answer = send(base, request).await;
    let answer: Value = serde_json::from_slice(answer.body()).unwrap();
    assert_eq!(answer["responseCode"], code, "{answer}");
    answer
}

#[tokio::test]
async fn the_example_sells_coffee() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async { axum::serve(listener, shop::app(credentials())).await });

    // This shop runs by the machine's clock.
    let now = OffsetDateTime::now_utc().replace_nanosecond(0).unwrap();
    let now = now.format(&Rfc3339).unwrap();
    let request = token_request_at("/doku/authorization/v1/access-token/b2b", &now);
    let answer = answered(&base, request, "2007300").await;
    let token = AccessToken::new(answer["accessToken"].as_str().unwrap());

    // Somebody types a number at an ATM, sees what there is, and pays it.
    let call = |path: &str, payload: String| {
        let head = signed(path, &token, &now, &payload);
        head.body(Body::from(payload)).unwrap()
    };
    let inquiry = json!({ "virtualAccountNo": "   813007", "inquiryRequestId": "DIPC-1" });
    let path = "/doku/v1.1/transfer-va/inquiry";
    let answer = answered(&base, call(path, inquiry.to_string()), "2002400").await;
    let bill = &answer["virtualAccountData"];
    assert_eq!(bill["virtualAccountName"], "Kopi Tubruk");
    assert_eq!(bill["totalAmount"]["value"], "18000.00");
    let payment = json!({
        "virtualAccountNo": "   813007",
        "trxId": bill["additionalInfo"]["trxId"],
        "paymentRequestId": "P-1",
        "paidAmount": bill["totalAmount"],
    });
    let path = format!("/doku{PAYMENT_PATH}");
    for _ in 0..2 {
        answered(&base, call(&path, payment.to_string()), "2002500").await;
    }

    // One of long ago, with a bearer of long ago, proves nothing.
    answered(&base, notification(&path, &path), "4012501").await;

    let page = Request::get("/").body(Body::empty()).unwrap();
    let page = send(&base, page).await;
    let takings = "payment P-1 of 813007 for COFFEE-813007: 18000.00\n";
    assert_eq!(page.body(), takings, "{:?}", page.body());
    server.abort();
}
