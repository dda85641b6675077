//! The example on another framework, over real sockets.

#[path = "../../examples/warp.rs"]
#[expect(dead_code, reason = "its main is for those who run it")]
mod example;

use bytes::Bytes;
use doku_sign::StringToSign;
use doku_transport::{HttpTransport, ReqwestTransport};
use http::{Method, Request};
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::support::{CLIENT_ID, DOKU, PAYMENT, PAYMENT_PATH, Signing, TOKEN_PATH, credentials};

/// Sends it, and reads the answer: the status, and the response code where there is one.
async fn send(base: &str, mut request: Request<Bytes>) -> (u16, Value) {
    let url = format!("{base}{}", request.uri());
    *request.uri_mut() = url.parse().unwrap();
    let answer = ReqwestTransport::new().send(request).await.unwrap();
    let json = serde_json::from_slice(answer.body()).unwrap_or_default();
    (answer.status().as_u16(), json)
}

#[tokio::test]
async fn doku_is_answered_by_warp() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let routes = example::routes(example::endpoints(credentials()));
    let server = tokio::spawn(warp::serve(routes).incoming(listener).run());

    let now = OffsetDateTime::now_utc().replace_nanosecond(0).unwrap();
    let timestamp = now.format(&Rfc3339).unwrap();
    let signature = DOKU
        .sign(&StringToSign::snap_token(CLIENT_ID, &timestamp))
        .unwrap()
        .to_base64();
    let request = Request::post(TOKEN_PATH)
        .header("X-CLIENT-KEY", CLIENT_ID)
        .header("X-TIMESTAMP", &timestamp)
        .header("X-SIGNATURE", signature)
        .body(Bytes::from_static(br#"{"grantType":"client_credentials"}"#));
    let (status, answer) = send(&base, request.unwrap()).await;
    assert_eq!((status, &answer["responseCode"]), (200, &"2007300".into()));
    let token = answer["accessToken"].as_str().unwrap();

    // The query belongs to what was signed.
    let path = format!("{PAYMENT_PATH}?from=doku");
    let call = Signing {
        path: &path,
        body: PAYMENT.as_bytes(),
        token,
        timestamp: &timestamp,
        ..Signing::default()
    }
    .call(&path, PAYMENT.as_bytes(), token, &timestamp);
    let (status, answer) = send(&base, call.request()).await;
    assert_eq!((status, &answer["responseCode"]), (200, &"2002500".into()));

    let forged = call.clone().with("X-SIGNATURE", "AAAA").request();
    let (status, answer) = send(&base, forged).await;
    assert_eq!((status, &answer["responseCode"]), (401, &"4012500".into()));

    let mut elsewhere = Request::new(Bytes::new());
    *elsewhere.method_mut() = Method::POST;
    *elsewhere.uri_mut() = "/elsewhere".parse().unwrap();
    assert_eq!(send(&base, elsewhere).await.0, 404);
    server.abort();
}
