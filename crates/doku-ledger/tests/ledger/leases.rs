//! What is taken is taken for as long as it may take, and nobody decides for whoever took it over.

use std::sync::Arc;
use std::time::Duration;

use doku_ledger::Error;
use doku_ledger::account::State;
use doku_ledger::intent::{Begun, Failed};
use doku_model::Bill;
use doku_va_btn::Change;
use tokio::sync::oneshot;

use crate::support::{Meanwhile, Mishap, Site, World, both};

/// Longer than any lease.
const LATER: Duration = Duration::from_secs(120);

fn of(amount: &str) -> Change {
    Change::new().bill(Bill::Closed(amount.parse().unwrap()))
}

both! {
    async fn what_somebody_else_has_done_meanwhile_is_not_sent_again(world) {
        for trx_id in ["INV-1", "INV-2"] {
            let account = world.account(trx_id, "11500.00").await;
            world.doku.will(Mishap::LosesRequest);
            world.ledger.update(&world.client, &account.trx_id, &of("10000.00")).await.unwrap();
            // The older one comes first.
            world.clock.advance(Duration::from_secs(1));
        }
        world.clock.advance(LATER);
        let (replica, _) = world.replica().await;
        let (clock, client) = (Arc::clone(&world.clock), world.client.clone());
        let slow = Meanwhile::after(&world.client, async move {
            clock.advance(LATER);
            replica.recover(&client, 10).await.unwrap();
            let trx_id = "INV-2".parse().unwrap();
            let done = replica.update(&client, &trx_id, &of("12000.00")).await.unwrap();
            assert!(done.failure.is_none(), "{done:?}");
        });
        world.ledger.recover(&slow, 10).await.unwrap();
        assert_eq!(world.known("INV-2").await.bill, Bill::Closed("12000.00".parse().unwrap()));
        assert_eq!(world.doku.amount("INV-2").unwrap(), "12000.00");
    }

    async fn an_answer_that_comes_after_its_lease_ends_nothing(world) {
        let account = world.account("INV-1", "11500.00").await;
        let (sent, was_sent) = oneshot::channel();
        let (arrive, arrives) = oneshot::channel::<()>();
        let slow = Meanwhile::after(&world.client, async move {
            sent.send(()).unwrap();
            arrives.await.unwrap();
        });
        let (ledger, trx_id) = (world.ledger.clone(), account.trx_id.clone());
        let first = tokio::spawn(async move { ledger.update(&slow, &trx_id, &of("10000.00")).await });
        was_sent.await.unwrap();
        world.clock.advance(LATER);
        let (ledger, client, trx_id) = (world.ledger.clone(), world.client.clone(), account.trx_id.clone());
        let second = Meanwhile::before(&world.client, async move {
            arrive.send(()).unwrap();
            let late = first.await.unwrap().unwrap();
            assert!(late.failure.is_some(), "it is under way elsewhere");
            let error = ledger.update(&client, &trx_id, &of("12000.00")).await.unwrap_err();
            assert!(matches!(error, Error::Underway { .. }), "{error}");
        });
        world.ledger.recover(&second, 10).await.unwrap();
        assert_eq!(world.known("INV-1").await.bill, Bill::Closed("10000.00".parse().unwrap()));
        let done = world.ledger.update(&world.client, &account.trx_id, &of("12000.00")).await.unwrap();
        assert!(done.failure.is_none());
        assert_eq!(world.doku.amount("INV-1").unwrap(), "12000.00");
    }

    async fn a_refusal_that_comes_after_its_lease_frees_no_invoice_number(world) {
        let prepared = world.client.prepare(&World::order("INV-1", "11500.00")).unwrap();
        let Begun::New(first) = world.ledger.begin_create(prepared, None).await.unwrap() else {
            panic!("nobody asked for it before");
        };
        world.clock.advance(LATER);
        let (ledger, client) = (world.ledger.clone(), world.client.clone());
        let second = Meanwhile::before(&world.client, async move {
            let late = Failed::not_done("the network was away");
            let done = ledger.finish_create(&first, Err(late)).await.unwrap();
            assert_ne!(done.account.state, State::Refused);
            let again = ledger.create(&client, &World::order("INV-1", "11500.00"), None).await;
            assert!(matches!(again, Err(Error::TrxIdTaken { .. })), "{again:?}");
        });
        world.ledger.recover(&second, 10).await.unwrap();
        assert_eq!(world.known("INV-1").await.state, State::Active);
        assert_eq!(world.doku.accounts("INV-1"), 1);
    }
}
