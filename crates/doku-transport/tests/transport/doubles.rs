//! The doubles do what they say.

use std::error::Error;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use doku_transport::testing::{Chaos, Failing, Recording, ScriptExhausted, Scripted};
use doku_transport::{
    Acted, HttpTransport, TotalTimeout, TransportError, TransportErrorKind as Kind,
};
use http::{HeaderValue, Request, Response, StatusCode};
use proptest::prelude::*;

type Outcome = Result<Response<Bytes>, TransportError>;

/// Polls a call once: the doubles answer at once, or never.
fn once(transport: &dyn HttpTransport, body: &'static str) -> Poll<Outcome> {
    let mut call = pin!(transport.send(Request::new(Bytes::from_static(body.as_bytes()))));
    call.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}

fn ready(transport: &dyn HttpTransport, body: &'static str) -> Outcome {
    match once(transport, body) {
        Poll::Ready(outcome) => outcome,
        Poll::Pending => panic!("the call is pending"),
    }
}

#[test]
fn a_script_is_followed_in_order_and_then_ends() {
    let script = Scripted::new()
        .then_fail(Kind::Connect)
        .then_json(StatusCode::ACCEPTED, "{\"a\":1}")
        .then_call(|request| Ok(Response::new(request.into_body())))
        .then_fail(TransportError::new(Kind::Connect).perhaps_acted())
        .then(Response::new(Bytes::from_static(b"last")));
    assert_eq!(script.remaining(), 5);
    assert_eq!(ready(&script, "").unwrap_err().acted(), Acted::No);

    let json = ready(&script, "").unwrap();
    assert_eq!(json.status(), StatusCode::ACCEPTED);
    assert_eq!(
        json.headers()[http::header::CONTENT_TYPE],
        "application/json"
    );
    assert_eq!(json.body(), "{\"a\":1}");

    assert_eq!(ready(&script, "echo").unwrap().body(), "echo");
    assert_eq!(ready(&script, "").unwrap_err().acted(), Acted::Maybe);
    assert_eq!(ready(&script, "").unwrap().body(), "last");
    assert_eq!(script.remaining(), 0);

    let over = ready(&script, "").unwrap_err();
    assert_eq!(over.kind(), Kind::Other);
    assert!(
        over.source()
            .is_some_and(<dyn Error>::is::<ScriptExhausted>),
        "{over:?}"
    );
}

#[test]
fn a_step_that_never_answers_takes_one_call() {
    let script = Scripted::new().then_never().then_json(StatusCode::OK, "{}");
    assert!(once(&script, "").is_pending());
    assert_eq!(ready(&script, "").unwrap().body(), "{}");
}

#[test]
fn a_step_that_panics_does_not_take_the_others_along() {
    let script = Scripted::new()
        .then_call(|_| panic!("an assertion of the test"))
        .then_json(StatusCode::OK, "{}");
    let call = std::panic::AssertUnwindSafe(|| ready(&script, ""));
    assert!(std::panic::catch_unwind(call).is_err());
    assert_eq!(ready(&script, "").unwrap().body(), "{}");
}

#[test]
fn a_recording_keeps_each_request_whatever_becomes_of_it() {
    let recording = Arc::new(Recording::new(
        Scripted::new()
            .then_fail(Kind::Connect)
            .then_never()
            .then_json(StatusCode::OK, "{}"),
    ));
    let transport: Arc<dyn HttpTransport> = recording.clone();
    assert!(ready(&transport, "one").is_err());
    assert!(once(&transport, "two").is_pending());

    let mut request = Request::delete("http://localhost/va?x=1")
        .body(Bytes::from("three"))
        .unwrap();
    request
        .headers_mut()
        .insert("x-signature", HeaderValue::from_static("c2lnbg=="));
    request
        .extensions_mut()
        .insert(TotalTimeout(Duration::from_secs(3)));
    let mut call = pin!(transport.send(request));
    assert!(
        call.as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
            .is_ready()
    );

    assert_eq!(recording.count(), 3);
    let bodies: Vec<_> = recording
        .requests()
        .iter()
        .map(|sent| sent.body().clone())
        .collect();
    assert_eq!(bodies, ["one", "two", "three"]);
    let last = recording.last().unwrap();
    assert_eq!(last.method(), http::Method::DELETE);
    assert_eq!(last.uri(), "http://localhost/va?x=1");
    assert_eq!(last.header("X-Signature"), Some("c2lnbg=="));
    assert_eq!(last.header("x-absent"), None);
    assert_eq!(last.headers().len(), 1);
    assert_eq!(last.total_timeout(), Some(Duration::from_secs(3)));
    assert_eq!(
        last.as_request().method(),
        last.clone().into_request().method()
    );
    assert_eq!(recording.inner().remaining(), 0);
    assert_eq!(recording.take().len(), 3);
    assert_eq!(recording.count(), 0);
}

#[test]
fn failing_fails_the_same_way_every_time() {
    let closed = Failing::with(Kind::Connect);
    let vague = Failing::perhaps_acted(Kind::Connect);
    for _ in 0..3 {
        let error = ready(&closed, "").unwrap_err();
        assert_eq!((error.kind(), error.acted()), (Kind::Connect, Acted::No));
        let error = ready(&vague, "").unwrap_err();
        assert_eq!((error.kind(), error.acted()), (Kind::Connect, Acted::Maybe));
        assert!(once(&Failing::never(), "").is_pending());
    }
}

#[derive(Debug)]
struct Answering;

#[async_trait::async_trait]
impl HttpTransport for Answering {
    async fn send(&self, _: Request<Bytes>) -> Outcome {
        Ok(Response::new(Bytes::new()))
    }
}

fn fates(seed: u64, requests: u8, answers: u8, calls: usize) -> (Vec<Option<Kind>>, usize) {
    let chaos = Chaos::new(Recording::new(Answering), seed)
        .lose_requests(requests)
        .lose_answers(answers);
    let fates = (0..calls)
        .map(|_| ready(&chaos, "").err().map(|error| error.kind()))
        .collect();
    (fates, chaos.inner().count())
}

proptest! {
    /// The same seed gives the same fates, and an error that says "not sent" is true.
    #[test]
    fn chaos_is_the_same_for_the_same_seed_and_does_not_lie(
        seed in any::<u64>(), requests in 0_u8..=100, answers in 0_u8..=100,
    ) {
        let (first, reached) = fates(seed, requests, answers, 50);
        let (second, _) = fates(seed, requests, answers, 50);
        prop_assert_eq!(&first, &second);
        let lost = first.iter().filter(|fate| **fate == Some(Kind::Connect)).count();
        prop_assert_eq!(reached, 50 - lost);
        prop_assert!(first.iter().all(|fate| matches!(
            fate, None | Some(Kind::Connect | Kind::Interrupted)
        )));
    }
}

#[test]
fn chaos_keeps_to_its_shares() {
    let (fates, _) = fates(1, 20, 30, 10_000);
    let share = |kind| fates.iter().filter(|fate| **fate == kind).count();
    assert!((1_800..2_200).contains(&share(Some(Kind::Connect))));
    assert!((2_800..3_200).contains(&share(Some(Kind::Interrupted))));
    assert_eq!(fates_of_all(100, 0), Some(Kind::Connect));
    assert_eq!(fates_of_all(0, 100), Some(Kind::Interrupted));
    assert_eq!(fates_of_all(0, 0), None);
}

/// The fate that all calls share.
fn fates_of_all(requests: u8, answers: u8) -> Option<Kind> {
    let (fates, _) = fates(9, requests, answers, 100);
    assert!(fates.windows(2).all(|pair| pair[0] == pair[1]));
    fates[0]
}

#[test]
fn chaos_passes_an_inner_error_on() {
    let chaos = Chaos::new(Failing::with(Kind::Connect), 3)
        .lose_requests(0)
        .lose_answers(100);
    assert_eq!(ready(&chaos, "").unwrap_err().kind(), Kind::Connect);
}
