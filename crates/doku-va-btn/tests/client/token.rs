//! One token for everybody.

use std::time::Duration;

use doku_transport::TransportErrorKind;
use doku_transport::testing::Scripted;
use doku_va_btn::{Error, NoToken, Outcome, PaymentStatus, RetryPolicy};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::{Instant, advance};

use crate::support::{
    Bench, at_once, bare, config, granted, json_response, pending, registered, then,
};

fn once() -> doku_va_btn::Config {
    config().with_retry(RetryPolicy::once())
}

async fn token(bench: &Bench) -> String {
    let token = bench.client.token().await.unwrap();
    token.access_token().expose().to_owned()
}

/// Asks for the token this many times at once; the results in the order in which they came, each with its delay.
async fn all_at_once(bench: &Bench, callers: usize) -> Vec<(Duration, Result<String, Error>)> {
    let started = Instant::now();
    let mut calls = JoinSet::new();
    for _ in 0..callers {
        let client = bench.client.clone();
        calls.spawn(async move {
            let token = client.token().await;
            let token = token.map(|token| token.access_token().expose().to_owned());
            (started.elapsed(), token)
        });
    }
    let mut results = Vec::with_capacity(callers);
    while let Some(result) = calls.join_next().await {
        results.push(result.unwrap());
    }
    results
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_calls_of_a_cold_client_cost_one_token_request() {
    let bench = Bench::tokens(config(), Scripted::new());
    bench.doku.inner().delay_tokens(Duration::from_millis(300));
    let results = all_at_once(&bench, 10_000).await;
    assert_eq!(results.len(), 10_000);
    assert!(
        results
            .iter()
            .all(|(_, token)| token.as_ref().is_ok_and(|token| token == "token-1"))
    );
    assert_eq!(bench.token_requests(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_token_request_is_signed_for_this_client_and_moment() {
    let bench = Bench::tokens(config(), Scripted::new());
    token(&bench).await;
    let request = bench.doku.last().unwrap();
    assert_eq!(request.method(), "POST");
    assert_eq!(
        request.uri(),
        "https://api-sandbox.doku.com/authorization/v1/access-token/b2b"
    );
    assert_eq!(
        request.body().as_ref(),
        br#"{"grantType":"client_credentials"}"#
    );
    assert_eq!(
        request.header("x-client-key"),
        Some("BRN-0259-1678068334526")
    );
    assert_eq!(request.header("x-timestamp"), Some("2026-01-31T03:55:01Z"));
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.header("authorization"), None);
    let to_sign =
        doku_sign::StringToSign::snap_token("BRN-0259-1678068334526", "2026-01-31T03:55:01Z");
    let signature =
        doku_sign::Signature::from_base64(request.header("x-signature").unwrap()).unwrap();
    crate::support::key()
        .public_key()
        .verify(&to_sign, &signature)
        .unwrap();
}

#[tokio::test(start_paused = true)]
async fn one_caller_refreshes_ahead_of_expiry_and_the_others_go_on() {
    let bench = Bench::tokens(config(), Scripted::new());
    assert_eq!(token(&bench).await, "token-1");
    advance(Duration::from_secs(779)).await;
    assert_eq!(token(&bench).await, "token-1");
    assert_eq!(bench.token_requests(), 1);
    advance(Duration::from_secs(2)).await;
    bench.doku.inner().delay_tokens(Duration::from_secs(1));
    let results = all_at_once(&bench, 100).await;
    let (renewed, kept): (Vec<_>, Vec<_>) = results
        .into_iter()
        .map(|(after, token)| (after, token.unwrap()))
        .partition(|(_, token)| token == "token-2");
    assert_eq!((renewed.len(), kept.len()), (1, 99));
    assert!(kept.iter().all(|(after, _)| after.is_zero()));
    assert_eq!(token(&bench).await, "token-2");
    assert_eq!(bench.token_requests(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_token_endpoint_that_never_answers_blocks_nobody_who_has_a_token() {
    let bench = Bench::tokens(config(), Scripted::new());
    token(&bench).await;
    advance(Duration::from_secs(800)).await;
    bench.doku.inner().delay_tokens(Duration::MAX);
    let mut results = all_at_once(&bench, 50).await;
    results.sort_by_key(|(after, _)| *after);
    assert!(
        results
            .iter()
            .all(|(_, token)| token.as_ref().is_ok_and(|token| token == "token-1"))
    );
    let waited: Vec<_> = results
        .iter()
        .filter(|(after, _)| !after.is_zero())
        .collect();
    assert_eq!(waited.len(), 1, "one caller tries");
    assert!(
        waited
            .iter()
            .all(|(after, _)| *after <= Duration::from_secs(6))
    );
    assert_eq!(bench.token_requests(), 2);
}

#[tokio::test(start_paused = true)]
async fn after_an_early_refresh_that_failed_nobody_tries_again_for_a_while() {
    let tokens = then(Scripted::new(), 200, &granted("first", 900))
        .then_fail(TransportErrorKind::Tls)
        .then_fail(TransportErrorKind::Tls);
    let bench = Bench::tokens(once(), tokens);
    token(&bench).await;
    advance(Duration::from_secs(800)).await;
    for _ in 0..20 {
        assert_eq!(token(&bench).await, "first");
    }
    assert_eq!(bench.token_requests(), 2);
    advance(Duration::from_secs(6)).await;
    for _ in 0..20 {
        assert_eq!(token(&bench).await, "first");
    }
    assert_eq!(bench.token_requests(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_call_with_a_short_deadline_does_not_spend_it_on_an_early_refresh() {
    let bench = Bench::tokens(config(), Scripted::new());
    token(&bench).await;
    advance(Duration::from_secs(800)).await;
    bench.doku.inner().delay_tokens(Duration::MAX);
    let va = registered();
    let said = bench
        .client
        .status(&va)
        .deadline(Duration::from_secs(2))
        .await
        .unwrap();
    assert_eq!(said.value, PaymentStatus::Pending);
}

#[tokio::test(start_paused = true)]
async fn an_expired_token_is_not_used() {
    let bench = Bench::tokens(config(), Scripted::new());
    token(&bench).await;
    advance(Duration::from_secs(886)).await;
    assert_eq!(token(&bench).await, "token-2");
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_leader_hands_over() {
    let bench = Bench::tokens(config(), Scripted::new());
    bench.doku.inner().delay_tokens(Duration::from_secs(3));
    let leader = tokio::spawn({
        let client = bench.client.clone();
        async move { client.token().await.map(drop) }
    });
    tokio::task::yield_now().await;
    let follower = tokio::spawn({
        let client = bench.client.clone();
        async move { client.token().await.map(drop) }
    });
    tokio::task::yield_now().await;
    assert_eq!(bench.token_requests(), 1);
    leader.abort();
    follower.await.unwrap().unwrap();
    assert_eq!(bench.token_requests(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_shared_for_a_moment_and_not_repeated_by_each() {
    let tokens = Scripted::new()
        .then_fail(TransportErrorKind::Tls)
        .then_fail(TransportErrorKind::Tls);
    let bench = Bench::tokens(once(), tokens);
    bench.doku.inner().delay_tokens(Duration::from_millis(100));
    let results = all_at_once(&bench, 1_000).await;
    assert!(results.iter().all(|(_, token)| matches!(
        token,
        Err(Error::NoToken { source: NoToken::Transport(error), .. })
            if error.kind() == TransportErrorKind::Tls
    )));
    assert_eq!(bench.token_requests(), 1);
    advance(Duration::from_millis(300)).await;
    bench.client.token().await.unwrap_err();
    assert_eq!(bench.token_requests(), 2);
    advance(Duration::from_millis(300)).await;
    assert_eq!(token(&bench).await, "token-1", "and it recovers");
}

#[tokio::test(start_paused = true)]
async fn the_life_of_a_token_is_what_the_answer_says_less_a_margin() {
    for (expires_in, life) in [
        (json!(900), 885),
        (json!("900"), 885),
        (json!("900.0"), 885),
        (json!(100), 95),
        (Value::Null, 57),
        (json!(u64::MAX), 86_385),
        (json!(u64::MAX.to_string()), 86_385),
    ] {
        let tokens = then(Scripted::new(), 200, &granted("short", expires_in.clone()));
        let bench = Bench::tokens(once(), tokens);
        let token = bench.client.token().await.unwrap();
        assert_eq!(token.life_left().as_secs(), life, "{expires_in}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_no_token_is_not_used() {
    for answer in [
        granted("", 900),
        granted("two words", 900),
        granted("two\r\nx-evil: 1", 900),
        granted("tokén", 900),
        granted("dead", 0),
        crate::support::with(granted("", 900), "/accessToken", Value::Null),
    ] {
        let bench = Bench::tokens(once(), then(Scripted::new(), 200, &answer));
        let error = bench.client.token().await.unwrap_err();
        assert!(
            matches!(
                &error,
                Error::NoToken {
                    source: NoToken::Unusable { .. },
                    ..
                }
            ),
            "{answer}: {error}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_life_that_is_no_number_of_seconds_is_named() {
    for expires_in in [json!(-1), json!("soon"), json!(1.5), json!({})] {
        let tokens = then(Scripted::new(), 200, &granted("odd", expires_in.clone()));
        let bench = Bench::tokens(once(), tokens);
        let error = bench.client.token().await.unwrap_err().to_string();
        assert!(error.contains("`expiresIn`"), "{expires_in}: {error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_token_is_renewed_once_and_then_the_answer_counts() {
    let unauthorised = bare("4012601", "Access Token Invalid (B2B)");
    let script = then(Scripted::new(), 401, &unauthorised);
    let bench = Bench::script(then(script, 200, &pending()));
    let said = bench.client.status(&registered()).await.unwrap();
    assert_eq!(said.answer.attempts(), 2);
    let tokens: Vec<_> = bench
        .calls()
        .iter()
        .map(|call| call.header("authorization").unwrap().to_owned())
        .collect();
    assert_eq!(tokens, ["Bearer token-1", "Bearer token-2"]);

    let script = then(Scripted::new(), 401, &unauthorised);
    let script = then(script, 401, &unauthorised);
    let bench = Bench::script(then(script, 200, &pending()));
    let error = bench.client.status(&registered()).await.unwrap_err();
    assert!(matches!(&error, Error::Refused(_)), "{error}");
    assert_eq!(error.outcome(), Outcome::NotDone);
    assert_eq!((bench.calls().len(), bench.token_requests()), (2, 2));
}

#[tokio::test(start_paused = true)]
async fn where_one_attempt_is_allowed_a_refused_token_is_replaced_for_the_next_call() {
    let script = then(Scripted::new(), 401, &bare("4012601", "Invalid Token"));
    let bench = Bench::script_with(once(), then(script, 200, &pending()));
    bench.client.status(&registered()).await.unwrap_err();
    assert_eq!(bench.calls().len(), 1);
    bench.client.status(&registered()).await.unwrap();
    assert_eq!(
        bench.calls()[1].header("authorization"),
        Some("Bearer token-2")
    );
}

#[tokio::test(start_paused = true)]
async fn sixty_four_refusals_of_one_token_cost_one_refresh() {
    let bench = Bench::rule(config().with_retry(at_once()), |request| {
        if request.headers()["authorization"] == "Bearer token-1" {
            Ok(json_response(401, &bare("4012601", "Invalid Token")))
        } else {
            Ok(json_response(200, &pending()))
        }
    });
    token(&bench).await;
    let mut calls = JoinSet::new();
    for _ in 0..64 {
        let client = bench.client.clone();
        calls.spawn(async move { client.status(&registered()).await.map(drop) });
    }
    while let Some(result) = calls.join_next().await {
        result.unwrap().unwrap();
    }
    assert_eq!(bench.calls().len(), 128);
    assert_eq!(bench.token_requests(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_call_without_a_token_is_not_sent() {
    let tokens = then(
        Scripted::new(),
        401,
        &bare("4017300", "Unauthorized. Unknown Client"),
    );
    let bench = Bench::tokens(once(), tokens);
    let error = bench.client.status(&registered()).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotDone);
    assert_eq!(error.response_code().unwrap().as_str(), "4017300");
    assert!(bench.calls().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_failing_token_endpoint_is_asked_again_within_the_attempts() {
    let tokens = Scripted::new().then_fail(TransportErrorKind::Timeout);
    let tokens = then(tokens, 503, &json!({}));
    let bench = Bench::tokens(config().with_retry(at_once()), tokens);
    assert_eq!(token(&bench).await, "token-1");
    let requests = bench.doku.requests();
    assert_eq!(requests.len(), 3);
    let stamp = |n: usize| requests[n].header("x-timestamp").unwrap().to_owned();
    assert!(stamp(0) < stamp(1) && stamp(1) < stamp(2), "signed anew");
}

#[tokio::test(start_paused = true)]
async fn the_texts_say_why_there_is_no_token() {
    let mut told = Vec::new();
    for (status, answer) in [
        (
            401,
            bare("4017300", "Unauthorized. Unknown Client").to_string(),
        ),
        (500, bare("5007300", "Internal Server Error").to_string()),
        (409, bare("4097300", "Conflict").to_string()),
        (200, "<html>Sign in</html>".to_owned()),
        (200, granted("", 900).to_string()),
        (200, json!({ "accessToken": "planted" }).to_string()),
    ] {
        let status = http::StatusCode::from_u16(status).unwrap();
        let bench = Bench::tokens(once(), Scripted::new().then_json(status, answer));
        let error = bench.client.token().await.unwrap_err();
        told.push(format!("{error}\n  {}", error.advice()));
    }
    let bench = Bench::tokens(
        once(),
        Scripted::new().then_fail(TransportErrorKind::Connect),
    );
    let error = bench.client.token().await.unwrap_err();
    told.push(format!("{error}\n  {}", error.advice()));
    insta::assert_snapshot!(told.join("\n"));
}
