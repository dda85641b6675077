//! What is tried again by itself, and what never.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use doku_transport::testing::{Recorded, Scripted};
use doku_transport::{TransportError, TransportErrorKind};
use doku_va_btn::{Change, Error, Outcome, RetryPolicy};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{
    Bench, at_once, bare, cases, config, created, dgpc, json_response, pending, registered, then,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operation {
    Create,
    Update,
    Delete,
    Status,
}

const ALL: [Operation; 4] = [
    Operation::Create,
    Operation::Update,
    Operation::Delete,
    Operation::Status,
];

impl Operation {
    async fn call(self, bench: &Bench) -> Result<(), Error> {
        let va = registered();
        match self {
            Self::Create => bench.client.create(&dgpc()).await.map(drop),
            Self::Update => bench.client.update(&va, &Change::new()).await.map(drop),
            Self::Delete => bench.client.delete(&va).await.map(drop),
            Self::Status => bench.client.status(&va).await.map(drop),
        }
    }

    fn success(self) -> Value {
        match self {
            Self::Create => created(),
            Self::Update => bare("2002800", "Successful"),
            Self::Delete => bare("2003100", "Successful"),
            Self::Status => pending(),
        }
    }

    fn service(self) -> &'static str {
        match self {
            Self::Create => "27",
            Self::Update => "28",
            Self::Delete => "31",
            Self::Status => "26",
        }
    }
}

/// How often a call is sent whose first two attempts fail so, and how it ends.
async fn sent(operation: Operation, fail: impl Fn(Scripted) -> Scripted) -> (usize, bool) {
    let script = fail(fail(Scripted::new()));
    let bench = Bench::script(then(script, 200, &operation.success()));
    let succeeded = operation.call(&bench).await.is_ok();
    (bench.calls().len(), succeeded)
}

#[tokio::test(start_paused = true)]
async fn what_may_have_been_done_is_repeated_only_where_it_does_no_harm() {
    let maybe = [
        TransportErrorKind::Timeout,
        TransportErrorKind::Interrupted,
        TransportErrorKind::Protocol,
        TransportErrorKind::Other,
    ];
    for operation in ALL {
        let safe = operation == Operation::Status;
        let expected = if safe { (3, true) } else { (1, false) };
        for kind in maybe {
            let ended = sent(operation, |script| script.then_fail(kind)).await;
            assert_eq!(ended, expected, "{operation:?} {kind:?}");
        }
        let ended = sent(operation, |script| {
            script.then_fail(TransportError::new(TransportErrorKind::Connect).perhaps_acted())
        })
        .await;
        assert_eq!(
            ended, expected,
            "{operation:?}, a connect that may have sent"
        );
        let ended = sent(operation, |script| {
            script.then_fail(TransportErrorKind::BodyTooLarge)
        })
        .await;
        assert_eq!(ended, (1, false), "{operation:?}: it will not get smaller");
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_not_sent_is_sent_again_where_waiting_may_help() {
    for operation in ALL {
        for (kind, expected) in [
            (TransportErrorKind::Connect, (3, true)),
            (TransportErrorKind::RefusedByPolicy, (1, false)),
            (TransportErrorKind::InvalidRequest, (1, false)),
            (TransportErrorKind::Setup, (1, false)),
            (TransportErrorKind::MissingRoots, (1, false)),
            (TransportErrorKind::QueueTimeout, (1, false)),
            (TransportErrorKind::Tls, (1, false)),
        ] {
            let ended = sent(operation, |script| script.then_fail(kind)).await;
            assert_eq!(ended, expected, "{operation:?} {kind:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn one_call_too_many_is_asked_again_and_a_failing_server_where_it_does_no_harm() {
    for operation in ALL {
        let safe = operation == Operation::Status;
        let service = operation.service();
        let code = |status: u16| bare(&format!("{status}{service}00"), "");
        for (status, answer, again) in [
            (429, json!({}), true),
            (429, code(429), true),
            (200, code(429), true),
            (500, code(500), safe),
            (200, code(500), safe),
            (503, json!({}), safe),
            (400, code(400), false),
            (404, code(404), false),
            (409, code(409), false),
            (202, code(202), false),
        ] {
            let expected = if again { (3, true) } else { (1, false) };
            let ended = sent(operation, |script| then(script, status, &answer)).await;
            assert_eq!(ended, expected, "{operation:?} {status} {answer}");
        }
    }
}

fn distinct(calls: &[Recorded], header: &str) -> usize {
    let values: HashSet<_> = calls.iter().map(|call| call.header(header)).collect();
    values.len()
}

#[tokio::test(start_paused = true)]
async fn a_retry_is_a_new_signature_under_the_same_external_id() {
    for operation in ALL {
        let script = Scripted::new().then_fail(TransportErrorKind::Connect);
        let script = then(script, 429, &json!({}));
        let bench = Bench::script(then(script, 200, &operation.success()));
        operation.call(&bench).await.unwrap();
        let calls = bench.calls();
        assert_eq!(calls.len(), 3);
        assert_eq!(distinct(&calls, "x-timestamp"), 3);
        assert_eq!(distinct(&calls, "x-signature"), 3);
        assert_eq!(distinct(&calls, "x-external-id"), 1);
        assert_eq!(calls[0].body(), calls[2].body());
    }
}

#[tokio::test(start_paused = true)]
async fn the_external_id_of_the_caller_is_never_overridden() {
    let script = Scripted::new().then_fail(TransportErrorKind::Connect);
    let script = then(script, 401, &bare("4012701", "Invalid Token"));
    let bench = Bench::script(then(script, 200, &created()));
    let made = bench
        .client
        .create(&dgpc())
        .external_id("20260131000000000042".parse().unwrap())
        .await
        .unwrap();
    assert_eq!(made.answer.attempts(), 3);
    assert_eq!(
        made.answer.external_id().unwrap().as_str(),
        "20260131000000000042"
    );
    assert!(
        bench
            .calls()
            .iter()
            .all(|call| call.header("x-external-id") == Some("20260131000000000042"))
    );
}

#[tokio::test(start_paused = true)]
async fn each_call_has_an_external_id_of_its_own() {
    let bench = Bench::rule(config(), |_| Ok(json_response(200, &pending())));
    for _ in 0..10 {
        bench.client.status(&registered()).await.unwrap();
    }
    assert_eq!(distinct(&bench.calls(), "x-external-id"), 10);
}

#[tokio::test(start_paused = true)]
async fn an_exhausted_budget_stops_retries_until_answers_refill_it() {
    let broken = std::sync::Arc::new(AtomicUsize::new(1));
    let rule = {
        let broken = broken.clone();
        move |_: &_| match broken.load(Ordering::Relaxed) {
            0 => Ok(json_response(200, &pending())),
            _ => Err(TransportErrorKind::Connect.into()),
        }
    };
    let policy = RetryPolicy {
        budget: 2,
        ..at_once()
    };
    let bench = Bench::rule(config().with_retry(policy), rule);
    let va = registered();
    bench.client.token().await.unwrap();
    for expected in [3, 1, 1] {
        let before = bench.calls().len();
        bench.client.status(&va).await.unwrap_err();
        assert_eq!(bench.calls().len() - before, expected);
    }
    broken.store(0, Ordering::Relaxed);
    for _ in 0..10 {
        bench.client.clone().status(&va).await.unwrap();
    }
    broken.store(1, Ordering::Relaxed);
    for expected in [2, 1] {
        let before = bench.calls().len();
        bench.client.status(&va).await.unwrap_err();
        assert_eq!(bench.calls().len() - before, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn answers_of_a_failing_server_do_not_refill_the_budget() {
    let policy = RetryPolicy {
        budget: 1,
        attempts: 2,
        ..at_once()
    };
    let bench = Bench::rule(config().with_retry(policy), |_| {
        Ok(json_response(503, &json!({})))
    });
    let va = registered();
    for _ in 0..30 {
        bench.client.status(&va).await.unwrap_err();
    }
    assert_eq!(bench.calls().len(), 31, "one retry was paid for");
}

#[derive(Debug, Clone)]
enum Fate {
    Fails(TransportErrorKind),
    Answers(u16, &'static str),
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        Just(Fate::Fails(TransportErrorKind::Connect)),
        Just(Fate::Fails(TransportErrorKind::Timeout)),
        Just(Fate::Fails(TransportErrorKind::Interrupted)),
        Just(Fate::Answers(401, "4010001")),
        Just(Fate::Answers(429, "4290000")),
        Just(Fate::Answers(500, "5000000")),
        Just(Fate::Answers(400, "4000000")),
        Just(Fate::Answers(502, "")),
    ]
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn no_call_is_sent_more_often_than_the_policy_allows_nor_twice_when_it_may_have_been_done(
        fates in prop::collection::vec(fate(), 8),
        attempts in 0_u32..6,
        operation in prop::sample::select(&ALL[..]),
    ) {
        let script = fates.iter().fold(Scripted::new(), |script, fate| match fate {
            Fate::Fails(kind) => script.then_fail(*kind),
            Fate::Answers(status, code) => then(script, *status, &bare(code, "")),
        });
        let policy = RetryPolicy { attempts, ..RetryPolicy::default() };
        let bench = Bench::script_with(config().with_retry(policy), script);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        let error = runtime.block_on(operation.call(&bench)).unwrap_err();
        let sent = bench.calls().len();
        prop_assert!(sent <= attempts.max(1) as usize, "{sent} of {attempts}");
        // Before the last attempt stand only those that were certainly not done, unless that does not matter.
        for fate in &fates[..sent - 1] {
            let not_done = matches!(
                fate,
                Fate::Fails(TransportErrorKind::Connect) | Fate::Answers(401 | 429, _)
            );
            prop_assert!(not_done || operation == Operation::Status, "{fate:?}");
        }
        let not_done = !matches!(
            fates[sent - 1],
            Fate::Fails(TransportErrorKind::Timeout | TransportErrorKind::Interrupted)
                | Fate::Answers(500 | 502, _)
        );
        let expected = if not_done || operation == Operation::Status {
            Outcome::NotDone
        } else {
            Outcome::Unknown
        };
        prop_assert_eq!(error.outcome(), expected, "{}", error);
    }
}

#[tokio::test(start_paused = true)]
async fn waits_grow_and_stay_below_the_longest() {
    let policy = RetryPolicy {
        attempts: 5,
        first_wait: Duration::from_secs(1),
        longest_wait: Duration::from_secs(3),
        ..RetryPolicy::default()
    };
    let bench = Bench::rule(config().with_retry(policy), |_| {
        Err(TransportErrorKind::Connect.into())
    });
    let started = tokio::time::Instant::now();
    bench.client.create(&dgpc()).await.unwrap_err();
    assert_eq!(bench.calls().len(), 5);
    // 1 s, 2 s, 3 s and 3 s at most, and the timer's milliseconds.
    assert!(started.elapsed() < Duration::from_millis(9_010));
}

#[tokio::test(start_paused = true)]
async fn an_unknown_create_names_the_external_id_it_was_sent_under() {
    let bench = Bench::script(Scripted::new().then_fail(TransportErrorKind::Timeout));
    let error = bench.client.create(&dgpc()).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert_eq!(
        error.external_id().unwrap().as_str(),
        bench.calls()[0].header("x-external-id").unwrap()
    );
}
