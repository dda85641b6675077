//! A call ends when its time is over, and nothing is sent after it.

use std::time::Duration;

use doku_transport::TransportErrorKind;
use doku_transport::testing::Scripted;
use doku_va_btn::{Error, NoToken, Outcome, RetryPolicy};
use tokio::time::Instant;

use crate::support::{
    Bench, account, bare, config, created, dgpc, json_response, paid, pending, registered, then,
};

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn without_time_nothing_is_sent_not_even_for_a_token() {
    let bench = Bench::script(then(Scripted::new(), 200, &created()));
    let error = bench
        .client
        .create(&dgpc())
        .deadline(Duration::ZERO)
        .await
        .unwrap_err();
    assert!(
        matches!(
            &error,
            Error::NoToken {
                source: NoToken::OutOfTime,
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(error.outcome(), Outcome::NotDone);
    assert_eq!(bench.doku.count(), 0);
    bench.client.token().await.unwrap();
    let error = bench
        .client
        .create(&dgpc())
        .deadline(Duration::ZERO)
        .await
        .unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotDone);
    assert!(bench.calls().is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_attempt_without_time_is_not_made() {
    let policy = RetryPolicy {
        attempt: Duration::ZERO,
        ..RetryPolicy::default()
    };
    let bench = Bench::script_with(config().with_retry(policy), Scripted::new());
    let error = bench.client.create(&dgpc()).await.unwrap_err();
    assert!(matches!(error, Error::NoToken { .. }));
    assert_eq!(bench.doku.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_transport_that_never_answers_is_given_up_shortly_after_the_deadline() {
    let bench = Bench::script(Scripted::new().then_never());
    let started = Instant::now();
    let error = bench
        .client
        .create(&dgpc())
        .deadline(2 * SECOND)
        .await
        .unwrap_err();
    assert!(matches!(&error, Error::MaybeSent { .. }), "{error}");
    assert_eq!(error.outcome(), Outcome::Unknown);
    let took = started.elapsed();
    assert!(took >= 2 * SECOND && took < 3 * SECOND, "{took:?}");
    assert_eq!(bench.calls()[0].total_timeout(), Some(2 * SECOND));
}

#[tokio::test(start_paused = true)]
async fn the_time_for_a_token_counts() {
    let bench = Bench::script(Scripted::new());
    bench.doku.inner().delay_tokens(Duration::MAX);
    let started = Instant::now();
    let error = bench
        .client
        .create(&dgpc())
        .deadline(2 * SECOND)
        .await
        .unwrap_err();
    assert!(matches!(
        &error,
        Error::NoToken {
            source: NoToken::OutOfTime,
            ..
        }
    ));
    assert!(started.elapsed() < 3 * SECOND);
    assert!(bench.calls().is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_attempt_gets_what_is_left_and_no_more_than_its_own_bound() {
    let bench = Bench::rule(config(), |_| Ok(json_response(200, &pending())));
    bench.doku.inner().delay_tokens(20 * SECOND);
    bench.client.status(&registered()).await.unwrap();
    let left = bench.calls()[0].total_timeout().unwrap();
    assert!(left <= 25 * SECOND && left > 24 * SECOND, "{left:?}");
    bench.client.status(&registered()).await.unwrap();
    assert_eq!(bench.calls()[1].total_timeout(), Some(30 * SECOND));
}

#[tokio::test(start_paused = true)]
async fn retries_end_with_the_deadline() {
    let policy = RetryPolicy {
        attempts: 1_000,
        budget: 1_000,
        deadline: 4 * SECOND,
        ..RetryPolicy::default()
    };
    let bench = Bench::rule(config().with_retry(policy), |_| {
        Err(TransportErrorKind::Connect.into())
    });
    let started = Instant::now();
    let error = bench.client.create(&dgpc()).await.unwrap_err();
    assert!(matches!(&error, Error::NotSent { .. }), "{error}");
    assert!(started.elapsed() <= 4 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn both_numbers_of_a_status_are_asked_within_one_deadline() {
    let answers = || then(Scripted::new(), 200, &bare("2002600", "Successful"));
    let va = account();
    for (deadline, calls, paid_in_time) in [(3, 2, false), (5, 2, true), (2, 1, false)] {
        let bench = Bench::script(then(answers(), 200, &paid()));
        bench.client.token().await.unwrap();
        bench.doku.inner().delay_calls(2 * SECOND);
        let started = Instant::now();
        let call = bench.client.status(&va).deadline(deadline * SECOND);
        let said = call.await;
        assert!(started.elapsed() < (deadline + 1) * SECOND, "{deadline}");
        assert_eq!(bench.calls().len(), calls);
        assert_eq!(said.is_ok_and(|said| said.value.is_paid()), paid_in_time);
    }
}
