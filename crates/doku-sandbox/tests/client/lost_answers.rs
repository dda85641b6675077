//! Creates whose answer is lost: they end as one account or as a typed unknown, never as two.

use std::time::Duration;

use doku_model::Operation;
use doku_sandbox::{Fault, FaultKind};
use doku_va_btn::{BuildError, CreateVa, Error, Outcome, PreparedCreate};

use crate::shop::{Shop, closed, dgpc, mgpc};

/// What happens to the answer, and whether the account was made all the same.
fn losses() -> Vec<(FaultKind, bool)> {
    let status = |status, after_work| FaultKind::Status { status, after_work };
    vec![
        (FaultKind::DropBefore, false),
        (FaultKind::DropAfter, true),
        (FaultKind::CutBody, true),
        (FaultKind::Hang, true),
        (FaultKind::Conflict, true),
        (FaultKind::Html { status: 502 }, true),
        (FaultKind::Html { status: 200 }, true),
        (status(500, true), true),
        (status(500, false), false),
        (status(503, false), false),
        (status(504, true), true),
    ]
}

fn orders() -> [CreateVa; 2] {
    [
        dgpc("INV-D", closed(11_500)),
        mgpc("812", "INV-M", closed(11_500)),
    ]
}

#[tokio::test]
async fn a_lost_answer_is_unknown_and_sending_again_finds_the_one_account() {
    for (kind, made) in losses() {
        for order in orders() {
            let shop = Shop::open().await;
            let prepared = shop.client.prepare(&order).unwrap();
            shop.sandbox()
                .fault(Fault::once(kind.clone()).on(Operation::CreateVa))
                .unwrap();
            let error = shop
                .client
                .send(&prepared)
                .deadline(Duration::from_millis(500))
                .await
                .expect_err("the answer is lost");
            assert_eq!(error.outcome(), Outcome::Unknown, "{kind:?}: {error}");
            assert_eq!(error.external_id(), Some(prepared.external_id()), "{error}");
            assert_eq!(
                shop.sandbox().virtual_accounts().len(),
                usize::from(made),
                "{kind:?}"
            );

            let settled = shop.client.settle(&prepared).await.unwrap().value;
            let known = shop.numbers_of(settled.trx_id());
            assert_eq!(
                known,
                [settled.number().as_str()],
                "{kind:?}: one account, and this one"
            );
            assert_eq!(shop.sandbox().virtual_accounts().len(), 1, "{kind:?}");
        }
    }
}

#[tokio::test]
async fn a_new_create_for_the_same_order_never_makes_a_second_account() {
    for (kind, _) in losses() {
        for order in orders() {
            let shop = Shop::open().await;
            shop.sandbox()
                .fault(Fault::once(kind.clone()).on(Operation::CreateVa))
                .unwrap();
            let lost = shop
                .client
                .create(&order)
                .deadline(Duration::from_millis(500))
                .await;
            assert_eq!(lost.unwrap_err().outcome(), Outcome::Unknown);
            let second = shop.client.create(&order).await.unwrap().value;
            assert_eq!(
                shop.numbers_of(second.trx_id()),
                [second.number().as_str()],
                "{kind:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_409_counts_only_with_the_earlier_answer() {
    let shop = Shop::open().await;
    let prepared = shop.client.prepare(&dgpc("INV-1", closed(11_500))).unwrap();
    let first = shop.client.send(&prepared).await.unwrap().value;
    // DOKU answers 409 with the earlier answer.
    let repeated = shop.client.send(&prepared).await.unwrap();
    assert_eq!(repeated.answer.http_status(), 409);
    assert_eq!(repeated.value, first);
    // A bare 409 says nothing.
    shop.sandbox()
        .fault(Fault::once(FaultKind::Conflict).on(Operation::CreateVa))
        .unwrap();
    let error = shop.client.send(&prepared).await.unwrap_err();
    assert!(matches!(error, Error::Conflict { .. }), "{error}");
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert_eq!(shop.sandbox().virtual_accounts().len(), 1);
}

#[tokio::test]
async fn the_next_day_nothing_is_sent_again() {
    for (order, found) in orders().into_iter().zip([false, true]) {
        let shop = Shop::open().await;
        let prepared = shop.client.prepare(&order).unwrap();
        shop.sandbox()
            .fault(Fault::once(FaultKind::DropAfter).on(Operation::CreateVa))
            .unwrap();
        shop.client.send(&prepared).await.unwrap_err();
        shop.sandbox().advance(Duration::from_secs(24 * 60 * 60));

        let error = shop.client.send(&prepared).await.unwrap_err();
        assert!(
            matches!(error, Error::Build(BuildError::AnotherDay { .. })),
            "{error}"
        );
        // MGPC is found by its number; a DGPC number was never told, so a notification or a person has to settle it.
        let settled = shop.client.settle(&prepared).await;
        assert_eq!(settled.is_ok(), found, "{settled:?}");
        assert_eq!(shop.sandbox().virtual_accounts().len(), 1);
    }
}

#[tokio::test]
async fn a_prepared_create_survives_being_stored_and_is_signed_afresh() {
    let shop = Shop::open().await;
    let prepared = shop.client.prepare(&dgpc("INV-1", closed(11_500))).unwrap();
    let stored = serde_json::to_string(&prepared).unwrap();
    let restored: PreparedCreate = serde_json::from_str(&stored).unwrap();
    assert_eq!(restored, prepared);
    let one = shop.client.send(&prepared).await.unwrap().value;
    shop.sandbox().advance(Duration::from_secs(5));
    let other = shop.client.send(&restored).await.unwrap().value;
    assert_eq!(one, other);
    let journal = shop.sandbox().journal(0);
    let sent: Vec<_> = journal
        .iter()
        .filter(|entry| entry.operation == Some("createVa"))
        .collect();
    let header = |position: usize, name: &str| {
        let header = sent[position]
            .headers
            .iter()
            .find(|header| header.name == name);
        header.expect(name).value.clone()
    };
    assert_eq!(sent[0].body, sent[1].body);
    assert_eq!(header(0, "x-external-id"), header(1, "x-external-id"));
    assert_ne!(header(0, "x-timestamp"), header(1, "x-timestamp"));
}
