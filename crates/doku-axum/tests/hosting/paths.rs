//! Whatever a router or a proxy does to the path, the one that DOKU called is the one that counts.

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use doku_axum::{DokuService, Paths, router};
use doku_va_btn::hosted::{Refusal, SignedPath};
use http::Request;
use tower::ServiceExt;

use crate::support::{
    Behaviour, Merchant, PAYMENT_PATH, TOKEN_PATH, code, code_of, endpoints, notification,
    token_request,
};

#[tokio::test]
async fn by_default_they_are_at_the_paths_of_snap_bi() {
    let merchant = Merchant::behaving(Behaviour::Succeed);
    let app: Router = router(endpoints(&merchant, |builder| builder));
    let answer = code(&app, notification(PAYMENT_PATH, PAYMENT_PATH)).await;
    assert_eq!(answer, "2002500");
    assert_eq!(merchant.payments(), 1);
    assert_eq!(code(&app, token_request(TOKEN_PATH)).await, "2007300");
    let inquiry = Request::post("/v1.1/transfer-va/inquiry");
    let answer = code(&app, inquiry.body(Body::empty()).unwrap()).await;
    assert_eq!(answer, "4042402", "nobody answers inquiries here");
}

#[tokio::test]
async fn nested_they_verify_the_path_that_was_called() {
    let merchant = Merchant::behaving(Behaviour::Succeed);
    let endpoints = endpoints(&merchant, |builder| builder);
    let inner: Router = Router::new().nest("/doku", router(endpoints));
    let app = Router::new().nest("/pay", inner);
    let url = format!("/pay/doku{PAYMENT_PATH}");
    assert_eq!(code(&app, notification(&url, &url)).await, "2002500");

    let cut = code(&app, notification(&url, PAYMENT_PATH)).await;
    assert_eq!(
        cut, "4012500",
        "the path below the prefix is not what DOKU called"
    );
    assert!(matches!(merchant.refusal(), Refusal::Mismatch(_)));
}

#[tokio::test]
async fn a_service_is_nested_likewise() {
    let merchant = Merchant::behaving(Behaviour::Succeed);
    let service = DokuService::new(endpoints(&merchant, |builder| builder));
    let app: Router = Router::new().nest_service("/pay", service);
    let url = format!("/pay{PAYMENT_PATH}?from=doku");
    assert_eq!(code(&app, notification(&url, &url)).await, "2002500");
}

#[tokio::test]
async fn behind_a_proxy_the_public_path_is_told() {
    for path in [
        SignedPath::UnderPrefix("/shop".to_owned()),
        SignedPath::Exactly(format!("/shop{PAYMENT_PATH}")),
    ] {
        let merchant = Merchant::behaving(Behaviour::Succeed);
        let endpoints = endpoints(&merchant, |builder| builder.signed_path(path));
        let app: Router = router(endpoints);
        let public = format!("/shop{PAYMENT_PATH}");
        assert_eq!(
            code(&app, notification(PAYMENT_PATH, &public)).await,
            "2002500"
        );
        assert_eq!(
            code(&app, notification(PAYMENT_PATH, PAYMENT_PATH)).await,
            "4012500"
        );
    }
}

#[tokio::test]
async fn behind_a_proxy_and_nested_both_prefixes_count() {
    let merchant = Merchant::behaving(Behaviour::Succeed);
    let path = SignedPath::UnderPrefix("shop".to_owned());
    let endpoints = endpoints(&merchant, |builder| builder.signed_path(path));
    let app: Router = Router::new().nest("/doku", router(endpoints));
    let called = format!("/doku{PAYMENT_PATH}");
    let signed = format!("/shop/doku{PAYMENT_PATH}");
    assert_eq!(code(&app, notification(&called, &signed)).await, "2002500");
}

#[tokio::test]
async fn other_paths_and_other_routes_live_beside() {
    let merchant = Merchant::behaving(Behaviour::Succeed);
    let paths = Paths::new("/a/token", "/a/inquiry", "/a/payment/").unwrap();
    let service = DokuService::new(endpoints(&merchant, |builder| builder)).at(paths);
    assert_eq!(service.paths().payment(), "/a/payment/");
    let app = Router::new()
        .route("/", get(|| async { "a shop" }))
        .merge(service.clone().into_router());
    assert_eq!(
        code(&app, notification("/a/payment/", "/a/payment/")).await,
        "2002500"
    );
    assert_eq!(
        code(&app, notification(PAYMENT_PATH, PAYMENT_PATH)).await,
        "404"
    );
    assert_eq!(
        code(&app, Request::get("/").body(Body::empty()).unwrap()).await,
        "200"
    );

    let elsewhere = notification("/a/payment", "/a/payment");
    let answer = service.oneshot(elsewhere).await.unwrap();
    assert_eq!(code_of(answer).await, "404");
}

#[tokio::test]
async fn another_method_is_answered_in_the_shape_of_snap() {
    let merchant = Merchant::behaving(Behaviour::Succeed);
    let app: Router = router(endpoints(&merchant, |builder| builder));
    for method in ["GET", "PUT", "DELETE", "HEAD"] {
        let request = Request::builder().method(method).uri(PAYMENT_PATH);
        let response = app.clone().oneshot(request.body(Body::empty()).unwrap());
        assert_eq!(response.await.unwrap().status(), 405, "{method}");
        assert!(matches!(merchant.refusal(), Refusal::Method));
    }
}
