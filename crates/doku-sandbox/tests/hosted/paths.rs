//! The path that DOKU signed is the one it called, whatever routers and proxies make of it.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use doku_transport::{HttpTransport as _, ReqwestTransport};
use doku_va_btn::hosted::{Event, Refusal, SignedPath};
use http::{Response, StatusCode};

use crate::server::Server;
use crate::world::{Plan, World, closed, rupiah};

async fn assert_works(world: &World) {
    assert!(world.paid("INV-1").await.acknowledged);
    let number = world.offered("OWN-1", closed(10_000)).await;
    world.sandbox().inquire(&number).await.unwrap();
    let paid = world.pay(&number, rupiah(10_000)).await.unwrap();
    assert!(paid.notification.unwrap().acknowledged);
    assert!(world.books.take_events().is_empty());
    world.assert_settled();
}

#[tokio::test]
async fn a_router_that_nests_finds_the_whole_path() {
    for (prefix, mount) in [
        (
            "/doku",
            (|doku| Router::new().nest("/doku", doku)) as fn(Router) -> Router,
        ),
        ("/shop/pay/doku", |doku| {
            let pay = Router::new().nest("/doku", doku);
            Router::new().nest("/shop", Router::new().nest("/pay", pay))
        }),
        ("", |doku| Router::new().merge(doku)),
    ] {
        assert_works(&Plan::new().urls(prefix, "").mounted(mount).start().await).await;
    }
}

#[tokio::test]
async fn a_query_in_the_url_is_signed_and_found() {
    assert_works(&Plan::new().urls("", "?of=doku&shop=7").start().await).await;
}

/// Forwards what begins with `prefix` to `target`, without it.
fn cutting(prefix: &'static str, target: String) -> Router {
    let transport = Arc::new(ReqwestTransport::new());
    Router::new().fallback(move |request: Request| {
        let (transport, target) = (Arc::clone(&transport), target.clone());
        async move {
            let (mut head, body) = request.into_parts();
            let path = head.uri.path_and_query().unwrap().as_str();
            let Some(path) = path.strip_prefix(prefix) else {
                let mut nothing = Response::new(Body::empty());
                *nothing.status_mut() = StatusCode::NOT_FOUND;
                return nothing;
            };
            head.uri = format!("{target}{path}").parse().unwrap();
            head.headers.remove("host");
            let body = to_bytes(body, 64 * 1024).await.unwrap();
            let answer = transport.send(Request::from_parts(head, body)).await;
            answer.unwrap().map(Body::from)
        }
    })
}

/// A merchant behind a proxy that cuts `/pay` off.
async fn behind_a_proxy(plan: Plan, prefix: &'static str) -> (World, Server) {
    let mut proxy = Server::closed();
    let world = plan.behind(&proxy).urls(prefix, "").start().await;
    proxy.open(cutting("/pay", world.server.base_url()));
    (world, proxy)
}

#[tokio::test]
async fn a_path_that_a_proxy_cut_is_put_together_again() {
    let told = || {
        Plan::new()
            .endpoints(|builder| builder.signed_path(SignedPath::UnderPrefix("/pay".to_owned())))
    };
    let (world, _proxy) = behind_a_proxy(told(), "/pay").await;
    assert_works(&world).await;
    let nested = told().mounted(|doku| Router::new().nest("/doku", doku));
    let (world, _proxy) = behind_a_proxy(nested, "/pay/doku").await;
    assert_works(&world).await;
}

#[tokio::test]
async fn a_path_that_is_always_the_same_may_be_told_whole() {
    let path = "/pay/v1/transfer-va/payment".to_owned();
    let plan = Plan::new().endpoints(|builder| builder.signed_path(SignedPath::Exactly(path)));
    let (world, _proxy) = behind_a_proxy(plan, "/pay").await;
    assert!(world.paid("INV-1").await.acknowledged);
    world.assert_settled();
}

#[tokio::test]
async fn a_merchant_that_was_not_told_of_its_proxy_is_told_by_the_refusal() {
    let (world, _proxy) = behind_a_proxy(Plan::new(), "/pay").await;
    let told = world.paid("INV-1").await;
    assert_eq!(told.attempts[0].response_code.as_deref(), Some("4012500"));
    let events = world.books.take_events();
    let [Event::Refused(refused)] = &events[..] else {
        panic!("{events:?}")
    };
    assert!(matches!(refused.refusal, Refusal::Mismatch(_)));
    assert!(
        refused
            .refusal
            .to_string()
            .contains("POST:/v1/transfer-va/payment:")
    );
    assert!(refused.diagnosis.is_some());
    assert_eq!(world.books.runs(), 0);
}
