//! Bodies that are too long, too slow, or end early.

use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use doku_axum::{DokuService, router};
use doku_va_btn::hosted::Refusal;
use http_body::Frame;
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::support::{
    Behaviour, Merchant, PAYMENT, PAYMENT_PATH, TOKEN_PATH, code, code_of, endpoints,
    notification_with, token_request,
};

/// A body in pieces, with no length announced.
fn pieces(parts: Vec<Result<Bytes, io::Error>>) -> Body {
    struct Parts(std::vec::IntoIter<Result<Bytes, io::Error>>);
    impl http_body::Body for Parts {
        type Data = Bytes;
        type Error = io::Error;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
            Poll::Ready(self.0.next().map(|part| part.map(Frame::data)))
        }
    }
    Body::new(Parts(parts.into_iter()))
}

async fn told(body: Body) -> (String, Refusal) {
    let merchant = Merchant::behaving(Behaviour::Succeed);
    let app: Router = router(endpoints(&merchant, |builder| builder));
    let answer = code(&app, notification_with(PAYMENT_PATH, PAYMENT_PATH, body)).await;
    assert_eq!(merchant.payments(), 0);
    (answer, merchant.refusal())
}

#[tokio::test]
async fn one_in_pieces_is_read_whole() {
    let merchant = Merchant::behaving(Behaviour::Succeed);
    let app: Router = router(endpoints(&merchant, |builder| builder));
    let (head, tail) = PAYMENT.split_at(100);
    let body = pieces(vec![Ok(head.into()), Ok(Bytes::new()), Ok(tail.into())]);
    let answer = code(&app, notification_with(PAYMENT_PATH, PAYMENT_PATH, body)).await;
    assert_eq!(answer, "2002500");
}

#[tokio::test]
async fn none_at_all_is_not_asked_again_after_its_end() {
    struct Ends(bool);
    impl http_body::Body for Ends {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            assert!(!std::mem::replace(&mut self.0, true), "it has ended");
            Poll::Ready(None)
        }
    }
    let merchant = Merchant::behaving(Behaviour::Succeed);
    let app: Router = router(endpoints(&merchant, |builder| builder));
    let request = token_request(TOKEN_PATH).map(|_| Body::new(Ends(false)));
    assert_eq!(code(&app, request).await, "2007300");
}

#[tokio::test]
async fn one_that_is_too_long_is_refused_while_it_comes() {
    let endless = (0..).map(|_| Ok(Bytes::from_static(&[b' '; 4096])));
    let (answer, refusal) = told(pieces(endless.take(1000).collect())).await;
    assert_eq!(answer, "4002500");
    assert!(
        matches!(
            refusal,
            Refusal::TooLarge {
                found: 65_537,
                limit: 65_536
            }
        ),
        "{refusal}"
    );
}

#[tokio::test]
async fn one_that_announces_to_be_too_long_is_not_read() {
    let merchant = Merchant::behaving(Behaviour::Succeed);
    let app: Router = router(endpoints(&merchant, |builder| builder));
    let never = Body::new(Never);
    let mut request = notification_with(PAYMENT_PATH, PAYMENT_PATH, never);
    request
        .headers_mut()
        .insert("content-length", "1000000".parse().unwrap());
    assert_eq!(code(&app, request).await, "4002500");
    assert!(matches!(
        merchant.refusal(),
        Refusal::TooLarge {
            found: 1_000_000,
            ..
        }
    ));
}

#[tokio::test(start_paused = true)]
async fn one_that_does_not_come_is_not_waited_for() {
    let begun = tokio::time::Instant::now();
    let (answer, refusal) = told(Body::new(Never)).await;
    assert_eq!(answer, "5042500");
    assert!(matches!(refusal, Refusal::TooSlow));
    assert_eq!(begun.elapsed().as_secs(), 10);
}

#[tokio::test]
async fn one_that_breaks_off_is_no_call() {
    let broken = io::Error::from(io::ErrorKind::ConnectionReset);
    let (answer, refusal) = told(pieces(vec![Ok("{".into()), Err(broken)])).await;
    assert_eq!(answer, "4002500");
    assert!(matches!(refusal, Refusal::BrokenOff));
}

#[tokio::test]
async fn the_service_takes_any_body() {
    let merchant = Merchant::behaving(Behaviour::Succeed);
    let service = DokuService::new(endpoints(&merchant, |builder| builder));
    let request = notification_with(PAYMENT_PATH, PAYMENT_PATH, Body::empty());
    let request = request.map(|_| http_body_util::Full::new(Bytes::from(PAYMENT)).boxed());
    assert_eq!(
        code_of(service.oneshot(request).await.unwrap()).await,
        "2002500"
    );
}

/// A stream in which nothing ever comes.
struct Never;

impl http_body::Body for Never {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Pending
    }
}
