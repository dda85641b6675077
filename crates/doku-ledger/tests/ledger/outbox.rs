//! Every event is seen once, in one order, however late somebody commits.

use doku_ledger::delivery::Recipient;
use doku_ledger::outbox::Event;
use doku_ledger::{Cursor, Ledger};

use crate::support::{Pay, Site, Stranger, World, both};

/// Everything after a cursor, three at a time.
async fn read(ledger: &Ledger, mut cursor: Cursor) -> Vec<Event> {
    let mut all = Vec::new();
    loop {
        let page = ledger.events_after(cursor, 3).await.unwrap();
        if page.items.is_empty() {
            assert!(page.next >= cursor);
            return all;
        }
        all.extend(page.items);
        cursor = page.next;
    }
}

both! {
    async fn pages_show_every_event_once_and_in_order(world) {
        for place in 0..4 {
            let account = world.account(&format!("INV-{place}"), "11500.00").await;
            world.acknowledges(&Pay::of(&account, &format!("P-{place}"), "11500.00")).await;
        }
        world.settled().await;
        let all = read(&world.ledger, Cursor::START).await;
        assert_eq!(all.len(), 16);
        assert!(all.windows(2).all(|pair| pair[0].cursor < pair[1].cursor));
        assert_eq!(all, world.events().await);
        for (place, event) in all.iter().enumerate() {
            let text = event.cursor.to_string().parse().unwrap();
            assert_eq!(read(&world.ledger, text).await, all[place + 1..]);
        }
    }

    async fn an_event_is_typed_and_tells_its_amounts_as_text(world) {
        let account = world.account("INV-1", "11500.00").await;
        world.acknowledges(&Pay::of(&account, "P-1", "11500.00")).await;
        let events = world.events().await;
        let paid = events.last().unwrap();
        assert_eq!(paid.account.as_ref(), Some(&account.public_id));
        assert_eq!(paid.trx_id.as_ref(), Some(&account.trx_id));
        let json = serde_json::to_value(&paid.kind).unwrap();
        assert_eq!(json["type"], "account.paid");
        assert_eq!(json["data"]["amount"], "11500.00");
        assert!(json["data"]["payment"].as_str().unwrap().starts_with("pay_"));
        assert!(paid.id.to_string().starts_with("evt_"));
    }

    async fn the_events_of_one_account_are_its_own_however_many_they_are(world) {
        let account = world.reusable("INV-1").await;
        let other = world.account("INV-2", "11500.00").await;
        let pays: Vec<_> = (0..520).map(|n| Pay::of(&account, &format!("P-{n}"), "10000.00")).collect();
        futures_util::future::join_all(pays.iter().map(|pay| world.acknowledges(pay))).await;
        world.acknowledges(&Pay::of(&other, "P-1", "11500.00")).await;
        world.settled().await;
        let all = read(&world.ledger, Cursor::START).await;
        for (trx_id, count) in [(&account.trx_id, 522), (&other.trx_id, 4)] {
            let expected: Vec<_> = all.iter().filter(|event| event.trx_id.as_ref() == Some(trx_id)).cloned().collect();
            assert_eq!(expected.len(), count);
            assert_eq!(world.ledger.events_of(trx_id).await.unwrap(), expected);
        }
        assert!(world.ledger.events_of(&"INV-3".parse().unwrap()).await.unwrap().is_empty());
    }

    async fn a_quiet_reader_goes_on_past_what_concerns_others(world) {
        world.account("INV-1", "11500.00").await;
        world.settled().await;
        let before = read(&world.ledger, Cursor::START).await.last().unwrap().cursor;
        let shop = Recipient::new("shop");
        world.ledger.enrol(&shop).await.unwrap();
        let mut stranger = world.site.stranger().await;
        let place = async |stranger: &mut Stranger| stranger.number("SELECT event_id FROM recipient").await;
        let enrolled = place(&mut stranger).await;
        // Somebody else's two thousand.
        stranger
            .run(
                "INSERT INTO merchant (client_id) VALUES ('BRN-9'); \
                 WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) \
                 INSERT INTO event (merchant, at, kind, data) \
                 SELECT merchant.id, 0, 'account.expired', '{\"type\":\"account.expired\",\"data\":{}}' \
                 FROM merchant CROSS JOIN n WHERE client_id = 'BRN-9'",
            )
            .await;
        world.settled().await;
        let page = world.ledger.events_after(before, 10).await.unwrap();
        assert!(page.items.is_empty());
        assert!(page.next > before, "it would look through all of them again");
        let types = world.ledger.event_types_after(before, 10).await.unwrap();
        assert_eq!((types.items.len(), types.next), (0, page.next));
        assert_eq!(world.ledger.end_of_events().await.unwrap(), page.next);
        // Who delivers is told so, too, and not one by one.
        assert_eq!(world.ledger.plan_deliveries(&shop, 100).await.unwrap(), 0);
        let moved = place(&mut stranger).await;
        assert!(moved >= enrolled + 2000, "{moved}");
        stranger
            .run("INSERT INTO event (merchant, at, kind, data) SELECT id, 0, 'account.expired', '{}' FROM merchant WHERE client_id = 'BRN-9'")
            .await;
        world.settled().await;
        assert_eq!(world.ledger.plan_deliveries(&shop, 100).await.unwrap(), 0);
        assert_eq!(place(&mut stranger).await, moved, "a write for each event of others");
        // What comes is seen from there.
        world.account("INV-2", "11500.00").await;
        world.settled().await;
        let names: Vec<_> = read(&world.ledger, page.next).await.iter().map(|event| event.kind.name()).collect();
        assert_eq!(names, ["account.requested", "account.activated"]);
        assert_eq!(read(&world.ledger, before).await.len(), 2);
        assert_eq!(world.ledger.plan_deliveries(&shop, 100).await.unwrap(), 2);
        // Payments are read in the same way.
        let paid = world.ledger.payments_after(Cursor::START, 10).await.unwrap();
        assert_eq!((paid.items.len(), paid.next), (0, Cursor::START));
    }

    async fn whoever_counts_is_told_the_types_alone(world) {
        let account = world.account("INV-1", "11500.00").await;
        world.acknowledges(&Pay::of(&account, "P-1", "11500.00")).await;
        let names = world.event_names().await;
        let all = world.ledger.events_after(Cursor::START, 10).await.unwrap();
        let types = world.ledger.event_types_after(Cursor::START, 3).await.unwrap();
        assert_eq!(types.items, names[..3]);
        assert_eq!(types.next, all.items[2].cursor);
        let rest = world.ledger.event_types_after(types.next, 3).await.unwrap();
        assert_eq!(rest.items, names[3..]);
        let end = world.ledger.event_types_after(rest.next, 3).await.unwrap();
        assert!(end.items.is_empty() && end.next == rest.next);
    }

    async fn whoever_waits_is_told(world) {
        let mut changes = world.ledger.changes();
        changes.mark_unchanged();
        let account = world.account("INV-1", "11500.00").await;
        assert!(changes.has_changed().unwrap());
        changes.mark_unchanged();
        world.acknowledges(&Pay::of(&account, "P-1", "11500.00")).await;
        assert!(changes.has_changed().unwrap());
    }

    async fn two_merchants_in_one_database_do_not_see_each_other(world) {
        let account = world.account("INV-1", "11500.00").await;
        world.acknowledges(&Pay::of(&account, "P-1", "11500.00")).await;
        let settings = doku_ledger::Settings::new(world.site.location(), "MCH-OTHER".parse().unwrap());
        let other = Ledger::open(settings).await.unwrap();
        world.settled().await;
        assert!(other.events_after(Cursor::START, 10).await.unwrap().items.is_empty());
        assert!(other.account(&account.trx_id).await.unwrap().is_none());
        assert!(other.payments_after(Cursor::START, 10).await.unwrap().items.is_empty());
    }
}

#[tokio::test]
async fn nothing_is_shown_past_the_oldest_open_transaction() {
    let Some(site) = Site::postgres().await else {
        return;
    };
    let world = World::on(site).await;
    world.account("INV-1", "11500.00").await;
    world.settled().await;
    let before = read(&world.ledger, Cursor::START).await;
    let cursor = before.last().unwrap().cursor;

    // Somebody writes an event and does not commit.
    let mut stalled = world.site.stranger().await;
    stalled.run("BEGIN").await;
    stalled
        .run(
            "INSERT INTO event (merchant, at, kind, data) SELECT id, 0, 'account.expired', \
             '{\"type\":\"account.expired\",\"data\":{}}' FROM merchant",
        )
        .await;
    // Others commit meanwhile: later events, and earlier in time.
    let account = world.account("INV-2", "11500.00").await;
    world
        .acknowledges(&Pay::of(&account, "P-1", "11500.00"))
        .await;
    assert!(
        read(&world.ledger, cursor).await.is_empty(),
        "a reader who goes on past the stalled one would miss it"
    );
    stalled.run("COMMIT").await;
    world.settled().await;
    let after = read(&world.ledger, cursor).await;
    let names: Vec<_> = after.iter().map(|event| event.kind.name()).collect();
    assert_eq!(
        names,
        [
            "account.expired",
            "account.requested",
            "account.activated",
            "payment.received",
            "account.paid"
        ]
    );
    // Who begins anew sees the same.
    let again = read(&world.ledger, Cursor::START).await;
    assert_eq!(again, [before, after].concat());
}

#[tokio::test]
async fn a_quiet_reader_does_not_go_past_a_stalled_writer() {
    const EVENT: &str = "INSERT INTO event (merchant, at, kind, data) SELECT id, 0, 'account.expired', \
                         '{\"type\":\"account.expired\",\"data\":{}}' FROM merchant WHERE client_id";
    let Some(site) = Site::postgres().await else {
        return;
    };
    let world = World::on(site).await;
    world.account("INV-1", "11500.00").await;
    world.settled().await;
    let mut place = read(&world.ledger, Cursor::START)
        .await
        .last()
        .unwrap()
        .cursor;
    let mut stalled = world.site.stranger().await;
    stalled.run(&format!("BEGIN; {EVENT} <> 'BRN-9'")).await;
    let mut others = world.site.stranger().await;
    others
        .run("INSERT INTO merchant (client_id) VALUES ('BRN-9')")
        .await;
    for _ in 0..3 {
        others.run(&format!("{EVENT} = 'BRN-9'")).await;
        let page = world.ledger.events_after(place, 10).await.unwrap();
        assert!(page.items.is_empty());
        place = page.next;
    }
    stalled.run("COMMIT").await;
    world.settled().await;
    assert_eq!(read(&world.ledger, place).await.len(), 1);
}

#[tokio::test]
async fn a_restored_dump_hides_nothing_and_shows_nothing_twice() {
    let Some(site) = Site::postgres().await else {
        return;
    };
    let mut world = World::on(site).await;
    world.account("INV-1", "11500.00").await;
    world.settled().await;
    let cursor = world.events().await.last().unwrap().cursor;
    // Another cluster has counted further than this one.
    let mut stranger = world.site.stranger().await;
    for table in ["event", "payment"] {
        let far =
            format!("UPDATE {table} SET xid = ((xid::text::bigint + 1000000000)::text)::xid8");
        stranger.run(&far).await;
    }
    let cursor = Cursor::from_text_with_xid(cursor, 1_000_000_000);
    world.restart().await;
    assert!(read(&world.ledger, cursor).await.is_empty());
    assert_eq!(read(&world.ledger, Cursor::START).await.len(), 2);
    world.account("INV-2", "11500.00").await;
    world.settled().await;
    let names: Vec<_> = read(&world.ledger, cursor).await;
    assert_eq!(names.len(), 2);
    assert_eq!(read(&world.ledger, Cursor::START).await.len(), 4);
}

trait FarAway {
    fn from_text_with_xid(cursor: Self, further: u64) -> Self;
}

impl FarAway for Cursor {
    /// The same place, in a cluster that has counted further.
    fn from_text_with_xid(cursor: Self, further: u64) -> Self {
        let text = cursor.to_string();
        let parts: Vec<u64> = text.split('.').map(|part| part.parse().unwrap()).collect();
        format!("{}.{}.{}", parts[0], parts[1] + further, parts[2])
            .parse()
            .unwrap()
    }
}
