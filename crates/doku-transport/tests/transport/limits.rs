//! Calls in flight, waiting for one's turn, timeouts and cancelling.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use doku_transport::{
    Acted, HttpTransport, ReqwestTransport, TotalTimeout, TransportErrorKind as Kind,
};
use tokio::sync::{Barrier, mpsc};
use tokio::task::JoinSet;

use crate::server::Server;

const SHORT: Duration = Duration::from_millis(200);
const CLOSING: &[u8] = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}";

/// Each answer waits until as many requests as allowed are there, so the bound is reached, and seen to hold.
#[tokio::test]
async fn no_more_calls_than_allowed_reach_the_server() {
    const ALLOWED: usize = 4;
    const CALLS: usize = 32;

    let open = Arc::new(AtomicUsize::new(0));
    let most = Arc::new(AtomicUsize::new(0));
    let together = Arc::new(Barrier::new(ALLOWED));
    let server = {
        let (open, most) = (Arc::clone(&open), Arc::clone(&most));
        Server::start(move |mut connection| {
            let (open, most, together) =
                (Arc::clone(&open), Arc::clone(&most), Arc::clone(&together));
            most.fetch_max(open.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            async move {
                connection.read_request().await;
                together.wait().await;
                open.fetch_sub(1, Ordering::SeqCst);
                connection.write(CLOSING).await;
            }
        })
        .await
    };
    let transport = Arc::new(
        ReqwestTransport::builder()
            .max_in_flight(ALLOWED)
            .build()
            .unwrap(),
    );
    let mut calls = JoinSet::new();
    for _ in 0..CALLS {
        let (transport, request) = (Arc::clone(&transport), server.post("/", "{}"));
        calls.spawn(async move { transport.send(request).await });
    }
    for outcome in calls.join_all().await {
        outcome.unwrap();
    }
    assert_eq!(most.load(Ordering::SeqCst), ALLOWED);
    assert_eq!(server.connections(), CALLS);
}

/// A server that says when a request has come, and never answers it.
async fn announcing() -> (Server, mpsc::UnboundedReceiver<()>) {
    let (arrived, arrivals) = mpsc::unbounded_channel();
    let server = Server::start(move |mut connection| {
        let arrived = arrived.clone();
        async move {
            while connection.read_request().await.is_some() {
                let _ = arrived.send(());
            }
        }
    })
    .await;
    (server, arrivals)
}

#[tokio::test]
async fn a_call_that_waits_too_long_for_its_turn_was_not_sent() {
    let (server, mut arrivals) = announcing().await;
    let transport = Arc::new(
        ReqwestTransport::builder()
            .max_in_flight(1)
            .build()
            .unwrap(),
    );
    let (first, request) = (Arc::clone(&transport), server.post("/", "{}"));
    let first = tokio::spawn(async move { first.send(request).await });
    arrivals.recv().await.unwrap();

    let mut second = server.post("/", "{}");
    second.extensions_mut().insert(TotalTimeout(SHORT));
    let error = transport.send(second).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.acted()),
        (Kind::QueueTimeout, Acted::No),
        "{error:?}"
    );
    assert_eq!(server.connections(), 1);
    assert!(arrivals.try_recv().is_err());
    first.abort();
}

#[tokio::test]
async fn dropping_a_call_makes_room_for_the_next() {
    let (server, mut arrivals) = announcing().await;
    let transport = Arc::new(
        ReqwestTransport::builder()
            .max_in_flight(1)
            .build()
            .unwrap(),
    );
    for _ in 0..3 {
        let call = transport.send(server.post("/", "{}"));
        tokio::select! {
            outcome = call => panic!("nobody answers, and yet: {outcome:?}"),
            arrived = arrivals.recv() => arrived.unwrap(),
        }
        // The call was dropped with its answer still out.
    }
    assert!(
        format!("{transport:?}").contains("free: 1"),
        "{transport:?}"
    );
}

#[tokio::test]
async fn dropping_a_call_that_waits_loses_nothing() {
    let (server, mut arrivals) = announcing().await;
    let transport = Arc::new(
        ReqwestTransport::builder()
            .max_in_flight(1)
            .build()
            .unwrap(),
    );
    let (first, request) = (Arc::clone(&transport), server.post("/", "{}"));
    let first = tokio::spawn(async move { first.send(request).await });
    arrivals.recv().await.unwrap();
    let waiting = transport.send(server.post("/", "{}"));
    assert!(tokio::time::timeout(SHORT, waiting).await.is_err());
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    assert!(
        format!("{transport:?}").contains("free: 1"),
        "{transport:?}"
    );
}

#[tokio::test]
async fn failed_calls_give_their_place_back() {
    let server = Server::answering("HTTP/1.1 200 OK\r\nContent-Len").await;
    let transport = ReqwestTransport::builder()
        .max_in_flight(1)
        .build()
        .unwrap();
    for _ in 0..3 {
        assert_eq!(
            transport
                .send(server.post("/", "{}"))
                .await
                .unwrap_err()
                .kind(),
            Kind::Interrupted
        );
    }
}

#[tokio::test]
async fn a_request_may_ask_for_more_time_than_the_transport_gives() {
    let (server, mut arrivals) = announcing().await;
    let transport = ReqwestTransport::builder()
        .total_timeout(SHORT)
        .build()
        .unwrap();
    let mut patient = server.post("/", "{}");
    patient.extensions_mut().insert(TotalTimeout(Duration::MAX));
    // The impatient one runs out of time. The patient one, sent before, is still waiting then.
    tokio::select! {
        biased;
        outcome = transport.send(patient) => panic!("nobody answers, and yet: {outcome:?}"),
        outcome = async {
            arrivals.recv().await.unwrap();
            transport.send(server.post("/", "{}")).await
        } => assert_eq!(outcome.unwrap_err().kind(), Kind::Timeout),
    }
}

#[tokio::test]
async fn no_time_at_all_is_not_sent() {
    let server = Server::silent().await;
    let mut request = server.post("/", "{}");
    request
        .extensions_mut()
        .insert(TotalTimeout(Duration::ZERO));
    let error = ReqwestTransport::new().send(request).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.acted()),
        (Kind::QueueTimeout, Acted::No)
    );
    assert_eq!(server.connections(), 0);
}

#[test]
fn settings_that_cannot_work_are_refused_and_absurd_ones_do_no_harm() {
    let none = ReqwestTransport::builder()
        .max_in_flight(0)
        .build()
        .unwrap_err();
    assert_eq!((none.kind(), none.acted()), (Kind::Setup, Acted::No));
    ReqwestTransport::builder()
        .max_in_flight(usize::MAX)
        .max_body(usize::MAX)
        .total_timeout(Duration::MAX)
        .connect_timeout(Duration::MAX)
        .build()
        .unwrap();
}

#[tokio::test]
async fn absurd_timeouts_still_carry_a_call() {
    let server = Server::answering(CLOSING).await;
    let transport = ReqwestTransport::builder()
        .max_in_flight(usize::MAX)
        .max_body(usize::MAX)
        .total_timeout(Duration::MAX)
        .connect_timeout(Duration::MAX)
        .build()
        .unwrap();
    assert_eq!(transport.send(server.get("/")).await.unwrap().body(), "{}");
}
