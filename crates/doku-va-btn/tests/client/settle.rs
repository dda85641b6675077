//! The way out of an unknown create.

use doku_transport::TransportErrorKind;
use doku_transport::testing::Scripted;
use doku_va_btn::{BuildError, CreateVa, Error, Outcome, PreparedCreate};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::macros::datetime;

use crate::support::{Bench, bare, created, dgpc, mgpc, paid, pending, status, then, with};

const MORNING: OffsetDateTime = datetime!(2026-01-31 10:55 +07:00);

/// A create that was prepared at this time and whose answer never came, and what DOKU says afterwards.
fn lost(order: &CreateVa, at: OffsetDateTime, script: Scripted) -> (Bench, PreparedCreate) {
    let bench = Bench::script(script);
    bench.clock.set(at);
    let prepared = bench.client.prepare(order).unwrap();
    (bench, prepared)
}

fn paths(bench: &Bench) -> Vec<&'static str> {
    let name = |path: &str| match path.rsplit_once('/').unwrap().1 {
        "create-va" => "create",
        "status" => "status",
        other => panic!("{other}"),
    };
    bench
        .calls()
        .iter()
        .map(|call| name(call.uri().path()))
        .collect()
}

#[tokio::test(start_paused = true)]
async fn on_the_same_day_it_is_sent_again() {
    for order in [dgpc(), mgpc()] {
        for (http, code) in [
            (200, "2002700"),
            (409, "2002700"),
            (409, "4092700"),
            (400, "4000500"),
        ] {
            let answer = with(created(), "/responseCode", code);
            let (bench, prepared) = lost(&order, MORNING, then(Scripted::new(), http, &answer));
            bench.clock.set(datetime!(2026-01-31 23:59:50 +07:00));
            let va = bench.client.settle(&prepared).await.unwrap().value;
            assert_eq!(va.customer_no().as_str(), "60000161862");
            assert_eq!(paths(&bench), ["create"]);
            let call = &bench.calls()[0];
            assert_eq!(
                call.header("x-external-id"),
                Some(prepared.external_id().as_str())
            );
            assert_eq!(call.body().as_ref(), prepared.body().as_bytes());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn on_another_day_it_is_never_sent() {
    for (prepared_at, now) in [
        // The day changed in Jakarta, and not yet in UTC.
        (
            datetime!(2026-01-31 23:00 +07:00),
            datetime!(2026-02-01 00:30 +07:00),
        ),
        // It changed in UTC, and had changed in Jakarta before.
        (
            datetime!(2026-01-31 06:30 +07:00),
            datetime!(2026-01-31 07:30 +07:00),
        ),
        (MORNING, datetime!(2026-02-01 12:00 +07:00)),
        (MORNING, datetime!(2026-01-30 12:00 +07:00)),
        (MORNING, datetime!(2027-01-31 10:55 +07:00)),
    ] {
        let (bench, prepared) = lost(&dgpc(), prepared_at, Scripted::new());
        bench.clock.set(now);
        let error = bench.client.send(&prepared).await.unwrap_err();
        assert!(matches!(
            &error,
            Error::Build(BuildError::AnotherDay { .. })
        ));
        let error = bench.client.settle(&prepared).await.unwrap_err();
        assert!(matches!(&error, Error::Unsettled { .. }), "{error}");
        assert_eq!(error.outcome(), Outcome::Unknown, "DGPC stays unknown");
        assert_eq!(error.external_id(), Some(prepared.external_id()));
        assert_eq!(bench.doku.count(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn check_status_settles_a_number_that_the_merchant_made() {
    for said in [paid(), pending(), status("Expired", "Kadaluarsa")] {
        let (bench, prepared) = lost(&mgpc(), MORNING, then(Scripted::new(), 200, &said));
        bench.clock.set(datetime!(2026-02-02 10:00 +07:00));
        let va = bench.client.settle(&prepared).await.unwrap().value;
        assert_eq!(va.number_as_typed(), "9596260000161862");
        assert_eq!(va.trx_id(), prepared.trx_id());
        assert_eq!(paths(&bench), ["status"]);

        let script = then(Scripted::new(), 409, &bare("4092700", "Conflict"));
        let (bench, prepared) = lost(&mgpc(), MORNING, then(script, 200, &said));
        bench.client.settle(&prepared).await.unwrap();
        assert_eq!(paths(&bench), ["create", "status"]);
    }
}

fn without_trx_id(answer: Value) -> Value {
    let answer = with(answer, "/virtualAccountData/trxId", Value::Null);
    with(answer, "/additionalInfo/trxId", Value::Null)
}

#[tokio::test(start_paused = true)]
async fn check_status_settles_nothing_unless_it_names_the_trx_id() {
    for (http, said) in [
        // The same number may have been registered before, for another order.
        (200, without_trx_id(paid())),
        (
            200,
            with(paid(), "/virtualAccountData/trxId", "INV-2026-0002"),
        ),
        (200, status("Perhaps", "Mungkin")),
        (200, bare("2002600", "Successful")),
        (403, bare("4032600", "Transaction Expired")),
        (404, bare("4042601", "Transaction Not Found")),
        (401, bare("4012600", "Unauthorized")),
        (500, bare("5002600", "")),
    ] {
        let script = then(Scripted::new(), 409, &bare("4092700", "Conflict"));
        let script = (0..3).fold(script, |script, _| then(script, http, &said));
        let (bench, prepared) = lost(&mgpc(), MORNING, script);
        let error = bench.client.settle(&prepared).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown, "{said}: {error}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_unknown_number_of_doku_stays_unknown() {
    for (http, answer) in [
        (409, bare("4092700", "Conflict")),
        (500, bare("5002700", "")),
        (202, bare("2022700", "Request In Progress")),
        (502, json!([])),
        (409, with(created(), "/virtualAccountData/trxId", "INV-2")),
    ] {
        let (bench, prepared) = lost(&dgpc(), MORNING, then(Scripted::new(), http, &answer));
        let error = bench.client.settle(&prepared).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown, "{answer}");
        assert_eq!(paths(&bench), ["create"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_question_that_could_not_be_asked_settles_nothing() {
    let script = (0..3).fold(Scripted::new(), |script, _| {
        script.then_fail(TransportErrorKind::Connect)
    });
    let (bench, prepared) = lost(&dgpc(), MORNING, script);
    let error = bench.client.settle(&prepared).await.unwrap_err();
    let Error::Unsettled { source, .. } = &error else {
        panic!("{error}")
    };
    assert!(matches!(**source, Error::NotSent { .. }));
    assert_eq!(source.outcome(), Outcome::NotDone, "of this sending");
    assert_eq!(error.outcome(), Outcome::Unknown, "of the account");

    let (bench, prepared) = lost(&dgpc(), MORNING, Scripted::new());
    bench.doku.inner().delay_tokens(std::time::Duration::MAX);
    let error = bench.client.settle(&prepared).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown, "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_refusal_of_the_content_is_as_old_as_the_content() {
    for code in ["4002700", "4002701", "4002702", "4032701", "4032715"] {
        let script = then(Scripted::new(), 400, &bare(code, ""));
        let (bench, prepared) = lost(&mgpc(), MORNING, script);
        let error = bench.client.settle(&prepared).await.unwrap_err();
        assert!(matches!(&error, Error::Refused(_)), "{error}");
        assert_eq!(error.outcome(), Outcome::NotDone);
        assert_eq!(paths(&bench), ["create"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_of_the_moment_says_nothing_of_the_first_sending() {
    for code in [
        "4012700", "4032700", "4032706", "4042718", "4292700", "4002799",
    ] {
        let script = (0..3).fold(Scripted::new(), |script, _| {
            then(script, 400, &bare(code, ""))
        });
        let (bench, prepared) = lost(&dgpc(), MORNING, script);
        let error = bench.client.settle(&prepared).await.unwrap_err();
        assert!(matches!(&error, Error::Unsettled { .. }), "{error}");
        assert_eq!(error.outcome(), Outcome::Unknown);
        assert_eq!(error.response_code().unwrap().as_str(), code);
    }
}
