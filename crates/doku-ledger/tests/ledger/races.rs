//! Replicas that work on one account at the same moment.

use doku_ledger::account::State;
use doku_ledger::payment::Verdict;
use time::Duration as Span;

use crate::support::{NOW, Pay, Site, Stranger, World};

/// Looks until so many connections of this database wait for somebody, or `done`.
async fn waiting(watcher: &mut Stranger, count: i64, done: impl Fn() -> bool) {
    const SQL: &str = "SELECT count(DISTINCT l.pid) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid \
                       WHERE NOT l.granted AND a.datname = current_database()";
    for _ in 0..100_000 {
        if done() || watcher.number(SQL).await >= count {
            return;
        }
    }
    panic!("nobody waits");
}

/// A transaction that keeps the first replica from writing what it has read: it has the same payment, and may commit it.
async fn held_up(world: &World, pay: &Pay) -> Stranger {
    let mut stranger = world.site.stranger().await;
    let insert = format!(
        "BEGIN; INSERT INTO payment (merchant, number, trx_id, payment_request_id, sen, verdict, source, recorded_at) \
         SELECT id, '{}', '{}', '{}', {}, 'satisfied', 'notification', 0 FROM merchant",
        pay.number,
        pay.trx_id.as_deref().unwrap_or_default(),
        pay.id,
        pay.amount.replace('.', ""),
    );
    stranger.run(&insert).await;
    stranger
}

/// One tells of the account by its invoice number and a wrong number, the other by its number alone: they have no name in
/// common, and the account all the same.
#[tokio::test(flavor = "multi_thread")]
async fn a_payment_is_not_written_over_by_one_that_found_the_account_another_way() {
    let Some(site) = Site::postgres_database().await else {
        return;
    };
    let world = World::on(site).await;
    let account = world.account("INV-1", "11500.00").await;
    let (_replica, other) = world.replica().await;
    let elsewhere = Pay::new("9596299999999", "INV-1", "P-1", "11500.00");
    let by_number = Pay::of(&account, "P-2", "11500.00").without_trx_id();
    let mut stranger = held_up(&world, &elsewhere).await;
    let mut watcher = world.site.stranger().await;
    let told = std::sync::atomic::AtomicBool::new(false);
    let (first, second, ()) = tokio::join!(
        world.notify(&elsewhere),
        async {
            // The first has read the account, and waits.
            let mut watcher = world.site.stranger().await;
            waiting(&mut watcher, 1, || false).await;
            let code = world.notify_at(&other, &by_number).await;
            told.store(true, std::sync::atomic::Ordering::Relaxed);
            code
        },
        async {
            // The second has written it, or waits for the first.
            let done = || told.load(std::sync::atomic::Ordering::Relaxed);
            waiting(&mut watcher, 2, done).await;
            stranger.run("ROLLBACK").await;
        }
    );
    assert_eq!([first.as_str(), second.as_str()], ["2002500", "2002500"]);
    let known = world.known("INV-1").await;
    assert_eq!(known.state, State::Paid);
    assert_eq!(
        (known.payments, known.credited.to_string()),
        (1, "11500.00".to_owned())
    );
    let mut verdicts = world.verdicts().await;
    verdicts.sort_by_key(|verdict| verdict.as_str());
    assert_eq!(verdicts, [Verdict::NumberDiffers, Verdict::Satisfied]);
}

/// The same with a refused call: that the account is to be asked about is not forgotten.
#[tokio::test(flavor = "multi_thread")]
async fn a_hint_is_not_written_over_by_a_payment_that_found_the_account_another_way() {
    let Some(site) = Site::postgres_database().await else {
        return;
    };
    let world = World::on(site).await;
    let account = world.account("INV-1", "11500.00").await;
    let (replica, other) = world.replica().await;
    let elsewhere = Pay::new("9596299999999", "INV-1", "P-1", "11500.00");
    let mut stranger = held_up(&world, &elsewhere).await;
    let mut watcher = world.site.stranger().await;
    let mut changes = replica.changes();
    changes.mark_unchanged();
    let (first, ()) = tokio::join!(world.notify(&elsewhere), async {
        waiting(&mut watcher, 1, || false).await;
        let body = format!(
            r#"{{"virtualAccountNo":"{}","paymentRequestId":"P-2"}}"#,
            account.number.as_deref().unwrap()
        );
        assert_eq!(world.notify_raw_at(&other, &body).await, "5002500");
        let done = || changes.has_changed().unwrap();
        waiting(&mut watcher, 2, done).await;
        stranger.run("ROLLBACK").await;
    });
    assert_eq!(first, "2002500");
    changes.changed().await.unwrap();
    assert_eq!(
        world.known("INV-1").await.check_at,
        Some(NOW + Span::MINUTE)
    );
}
