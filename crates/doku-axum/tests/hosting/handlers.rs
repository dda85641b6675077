//! Handlers that panic, hang, and go on after DOKU has hung up.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use axum::Router;
use doku_axum::router;
use tower::ServiceExt;

use crate::support::{Behaviour, Merchant, PAYMENT_PATH, code, code_of, endpoints, notification};

fn call() -> http::Request<axum::body::Body> {
    notification(PAYMENT_PATH, PAYMENT_PATH)
}

#[tokio::test]
async fn a_panic_is_answered_and_the_repeat_is_handled() {
    let merchant = Merchant::behaving(Behaviour::Panic);
    let app: Router = router(endpoints(&merchant, |builder| builder));
    assert_eq!(code(&app, call()).await, "5002500");
    *merchant.behaviour.lock().unwrap() = Behaviour::Succeed;
    assert_eq!(code(&app, call()).await, "2002500");
    assert_eq!(merchant.payments(), 1);
}

#[tokio::test(start_paused = true)]
async fn one_that_hangs_is_not_waited_for() {
    let merchant = Merchant::behaving(Behaviour::Hang);
    let app: Router = router(endpoints(&merchant, |builder| builder));
    assert_eq!(code(&app, call()).await, "5042500");
    assert_eq!(merchant.payments(), 0);
}

#[tokio::test]
async fn one_goes_on_when_its_caller_hangs_up() {
    let merchant = Merchant::behaving(Behaviour::Wait);
    let app: Router = router(endpoints(&merchant, |builder| builder));
    {
        // Polled until the handler has begun, and then dropped, as a server does with a connection that is gone.
        let mut answering = pin!(app.clone().oneshot(call()));
        let mut begun = pin!(merchant.begun.acquire());
        poll_fn(|context| {
            assert!(answering.as_mut().poll(context).is_pending());
            match begun.as_mut().poll(context) {
                Poll::Ready(permit) => {
                    permit.unwrap().forget();
                    Poll::Ready(())
                }
                Poll::Pending => Poll::Pending,
            }
        })
        .await;
    }
    assert_eq!(merchant.payments(), 0);
    let repeat = tokio::spawn(app.oneshot(call()));
    merchant.gate.add_permits(1);
    let answer = repeat.await.unwrap().unwrap();
    assert_eq!(code_of(answer).await, "2002500");
    assert_eq!(merchant.payments(), 1, "once, whoever was waiting");
    assert_eq!(merchant.begun.available_permits(), 0);
}
