//! What DOKU signed and was refused: kept once, told once, and never at the cost of payments.

use std::time::Duration;

use bytes::Bytes;
use doku_ledger::outbox::EventKind;
use futures_util::future::join_all;
use time::Duration as Span;

use crate::support::{NOW, Pay, Site, World, both};

/// A notification that is not understood.
fn unclear(number: &str, trx_id: &str) -> String {
    format!(
        r#"{{"virtualAccountNo":"   {number}","trxId":"{trx_id}","paymentRequestId":"P-1","paidAmount":{{"value":"plenty"}}}}"#
    )
}

both! {
    async fn what_is_refused_again_is_neither_kept_nor_told_again(world) {
        let account = world.account("INV-1", "11500.00").await;
        let body = unclear(account.number.as_deref().unwrap(), "INV-1");
        let captured = world.captured(&body).await;
        assert_eq!(world.replay(captured.clone()).await, "5002500");
        world.kept(&body).await;
        // The account is asked about for it, and is not paid.
        world.clock.set(NOW + Span::MINUTE);
        assert_eq!(world.worker().round().await.unwrap().checked, 1);
        let planned = world.known("INV-1").await.check_at;
        // White space is no part of what was signed, so anybody can add some.
        let mut spaced = captured.clone();
        *spaced.body_mut() = Bytes::from(body.replace(',', " ,\n"));
        for again in [captured.clone(), spaced, captured] {
            assert_eq!(world.replay(again).await, "5002500");
        }
        assert_eq!(world.notify_raw("[]").await, "5002500");
        world.kept("[]").await;
        assert_eq!(world.ledger.refused_calls(0, 100).await.unwrap().len(), 2);
        let names = world.event_names().await;
        assert_eq!(names.iter().filter(|name| **name == "notification.refused").count(), 2);
        assert_eq!(world.known("INV-1").await.check_at, planned);
    }

    async fn what_doku_tells_again_is_another_call(world) {
        let account = world.account("INV-1", "11500.00").await;
        let body = unclear(account.number.as_deref().unwrap(), "INV-1");
        for attempt in 1..=2 {
            // Signed anew, at another moment.
            world.clock.advance(Duration::from_secs(1));
            let mut changes = world.ledger.changes();
            changes.mark_unchanged();
            assert_eq!(world.notify_raw(&body).await, "5002500");
            changes.changed().await.unwrap();
            let calls = world.ledger.refused_calls(0, 100).await.unwrap();
            assert_eq!(calls.len(), attempt);
        }
    }

    async fn a_flood_of_refused_calls_waits_in_a_bounded_queue_and_leaves_room_for_payments(world) {
        const FLOOD: usize = 1100;
        let account = world.account("INV-1", "11500.00").await;
        let mut stranger = world.site.stranger().await;
        let hold = if world.site.is_postgres() {
            "BEGIN; LOCK TABLE refused_call IN ACCESS EXCLUSIVE MODE"
        } else {
            "BEGIN IMMEDIATE"
        };
        stranger.run(hold).await;
        let bodies: Vec<String> = (0..FLOOD).map(|n| unclear("95962001", &format!("INV-{n}X"))).collect();
        let flood = join_all(bodies.iter().map(|body| world.notify_raw(body))).await;
        assert!(flood.iter().all(|code| code == "5002500"));
        let pay = Pay::of(&account, "P-1", "11500.00");
        let (told, ()) = tokio::join!(world.notify(&pay), stranger.run("ROLLBACK"));
        assert_eq!(told, "2002500");
        // It stood behind the flood, so whatever was kept is kept by now.
        let calls = world.ledger.refused_calls(0, 1000).await.unwrap();
        assert!((1..1000).contains(&calls.len()), "{}", calls.len());
        // And none of them is lost for good: DOKU tells them again.
        assert_eq!(world.notify_raw("[]").await, "5002500");
        world.kept("[]").await;
        let refused = |event: &doku_ledger::outbox::Event| matches!(event.kind, EventKind::NotificationRefused { .. });
        assert_eq!(world.events().await.iter().filter(|event| refused(event)).count(), calls.len() + 1);
    }
}
