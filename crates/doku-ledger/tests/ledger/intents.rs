//! What is asked of DOKU is recorded first, found again, and never doubled.

use std::time::Duration;

use doku_ledger::account::{AccountFilter, State};
use doku_ledger::intent::{Begun, IdempotencyKey, Resolution};
use doku_ledger::{Cursor, payment::Verdict};
use doku_ledger::{Error, Fault, Kept};
use doku_model::{Bill, Operation};
use doku_va_btn::{Change, CreateVa};

use crate::support::{Mishap, Pay, Site, World, both};

/// Longer than any lease.
const LATER: Duration = Duration::from_secs(120);

fn registered(trx_id: &str) -> CreateVa {
    CreateVa::merchant_generated(
        "600000161862".parse().unwrap(),
        trx_id.parse().unwrap(),
        "Budi Santoso".parse().unwrap(),
        Bill::Closed("11500.00".parse().unwrap()),
    )
}

fn dearer() -> Change {
    Change::new().bill(Bill::Closed("12000.00".parse().unwrap()))
}

both! {
    async fn a_create_is_recorded_before_it_is_sent(world) {
        let prepared = world.client.prepare(&World::order("INV-1", "11500.00")).unwrap();
        let begun = world.ledger.begin_create(prepared.clone(), None).await.unwrap();
        assert!(matches!(begun, Begun::New(_)));
        assert_eq!(world.doku.calls(Operation::CreateVa), 0);
        let account = world.known("INV-1").await;
        assert_eq!(account.state, State::Creating);
        assert!(account.virtual_account.is_none());
        assert_eq!(world.ledger.open_intents().await.unwrap(), 1);
        assert_eq!(world.event_names().await, ["account.requested"]);
    }

    async fn a_crash_before_and_after_sending_ends_with_one_account(world) {
        let mut world = world;
        // Before it was sent.
        let unsent = world.client.prepare(&World::order("INV-1", "11500.00")).unwrap();
        let _never_finished = world.ledger.begin_create(unsent, None).await.unwrap();
        // After it was sent, before the answer was recorded.
        let sent = world.client.prepare(&World::order("INV-2", "11500.00")).unwrap();
        let _never_finished = world.ledger.begin_create(sent.clone(), None).await.unwrap();
        world.client.send(&sent).await.unwrap();
        world.restart().await;
        // Whoever sends is given time.
        assert!(world.ledger.recover(&world.client, 10).await.unwrap().is_empty());
        world.clock.advance(LATER);
        let recovered = world.ledger.recover(&world.client, 10).await.unwrap();
        assert_eq!(recovered.len(), 2);
        for trx_id in ["INV-1", "INV-2"] {
            assert_eq!(world.known(trx_id).await.state, State::Active);
            assert_eq!(world.doku.accounts(trx_id), 1, "{trx_id}");
        }
        assert_eq!(world.ledger.open_intents().await.unwrap(), 0);
    }

    async fn a_database_that_fails_before_a_change_is_sent_is_told_from_one_that_fails_after(world) {
        world.account("INV-1", "11500.00").await;
        let trx_id = "INV-1".parse().unwrap();
        let mut stranger = world.site.stranger().await;
        let postgres = world.site.is_postgres();
        if postgres {
            let raise = "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS \
                         $$ BEGIN RAISE EXCEPTION 'refused'; END $$";
            stranger.run(raise).await;
        }
        for (moment, sent) in [("INSERT", 0), ("UPDATE", 1)] {
            let body = if postgres { "FOR EACH ROW EXECUTE FUNCTION refuse()" } else { "BEGIN SELECT RAISE(ABORT, 'refused'); END" };
            stranger.run(&format!("CREATE TRIGGER refuse BEFORE {moment} ON intent {body}")).await;
            let error = world.ledger.update(&world.client, &trx_id, &dearer()).await.unwrap_err();
            assert_eq!(world.doku.calls(Operation::UpdateVa), sent, "{moment}");
            match moment {
                "INSERT" => assert_eq!(error.kept(), Kept::No, "{error}"),
                _ => assert!(matches!(error, Error::HowItEnded { .. }), "{error}"),
            }
            assert_eq!(error.fault(), Some(Fault::Row), "{error}");
            stranger.run(if postgres { "DROP TRIGGER refuse ON intent" } else { "DROP TRIGGER refuse" }).await;
        }
        // It is found and done again, to the same effect.
        world.clock.advance(LATER);
        world.ledger.recover(&world.client, 10).await.unwrap();
        assert_eq!(world.known("INV-1").await.bill, Bill::Closed("12000.00".parse().unwrap()));
    }

    async fn a_lost_answer_is_unknown_until_it_is_settled(world) {
        world.doku.will(Mishap::LosesAnswer);
        let order = World::order("INV-1", "11500.00");
        let done = world.ledger.create(&world.client, &order, None).await.unwrap();
        assert_eq!(done.account.state, State::Unknown);
        assert!(done.failure.is_some());
        world.clock.advance(LATER);
        world.ledger.recover(&world.client, 10).await.unwrap();
        assert_eq!(world.known("INV-1").await.state, State::Active);
        assert_eq!(world.doku.accounts("INV-1"), 1);
        assert_eq!(
            world.event_names().await,
            ["account.requested", "account.unknown", "account.activated"]
        );
    }

    async fn an_account_that_is_unknown_may_be_paid(world) {
        world.doku.will(Mishap::LosesAnswer);
        let order = World::order("INV-1", "11500.00");
        world.ledger.create(&world.client, &order, None).await.unwrap();
        world.acknowledges(&Pay::new("95962600000001", "INV-1", "P-1", "11500.00")).await;
        let paid = world.known("INV-1").await;
        assert_eq!(paid.state, State::Paid);
        assert_eq!(paid.number.as_deref(), Some("95962600000001"));
        // What is settled later does not undo it.
        world.clock.advance(LATER);
        world.ledger.recover(&world.client, 10).await.unwrap();
        assert_eq!(world.known("INV-1").await.state, State::Paid);
        assert!(world.known("INV-1").await.virtual_account.is_some());
    }

    async fn a_generated_number_stays_unknown_on_another_day(world) {
        world.doku.will(Mishap::LosesAnswer);
        let order = World::order("INV-1", "11500.00");
        world.ledger.create(&world.client, &order, None).await.unwrap();
        world.clock.advance(Duration::from_secs(24 * 3600));
        world.ledger.recover(&world.client, 10).await.unwrap();
        assert_eq!(world.known("INV-1").await.state, State::Unknown);
        // Nobody asks again; a person settles it.
        assert_eq!(world.ledger.open_intents().await.unwrap(), 0);
        assert_eq!(world.doku.accounts("INV-1"), 1);
        let trx_id = "INV-1".parse().unwrap();
        let never = Resolution::NeverMade("asked DOKU".to_owned());
        let account = world.ledger.resolve_create(&trx_id, never).await.unwrap();
        assert_eq!(account.state, State::Refused);
        // And should it be paid after all, it counts.
        world.acknowledges(&Pay::new("95962600000001", "INV-1", "P-1", "11500.00")).await;
        assert_eq!(world.known("INV-1").await.state, State::Paid);
    }

    async fn a_number_of_the_merchants_is_settled_by_its_status_on_another_day(world) {
        world.doku.will(Mishap::LosesAnswer);
        let done = world.ledger.create(&world.client, &registered("INV-1"), None).await.unwrap();
        assert_eq!(done.account.state, State::Unknown);
        world.clock.advance(Duration::from_secs(24 * 3600));
        world.ledger.recover(&world.client, 10).await.unwrap();
        assert_eq!(world.known("INV-1").await.state, State::Active);
    }

    async fn what_was_refused_may_be_asked_again(world) {
        for mishap in [Mishap::Refuses, Mishap::NotSent, Mishap::NotSent, Mishap::NotSent] {
            world.doku.will(mishap);
        }
        for _ in 0..2 {
            let order = World::order("INV-1", "11500.00");
            let done = world.ledger.create(&world.client, &order, None).await.unwrap();
            assert_eq!(done.account.state, State::Refused);
            assert!(done.failure.is_some());
        }
        let account = world.account("INV-1", "12000.00").await;
        assert_eq!(account.state, State::Active);
        assert_eq!(account.bill, Bill::Closed("12000.00".parse().unwrap()));
        assert_eq!(world.doku.accounts("INV-1"), 1);
    }

    async fn an_invoice_number_is_used_once(world) {
        world.account("INV-1", "11500.00").await;
        let order = World::order("INV-1", "11500.00");
        let error = world.ledger.create(&world.client, &order, None).await.unwrap_err();
        assert!(matches!(error, Error::TrxIdTaken { state: State::Active, .. }), "{error}");
        let bill = World::bill("2007", "INV-1", "1.00");
        assert!(world.ledger.register(bill, None).await.is_err());
        assert_eq!(world.doku.accounts("INV-1"), 1);
    }

    async fn the_same_request_twice_creates_one_account(world) {
        let key = IdempotencyKey::new("KEY-1", b"the request");
        let order = World::order("INV-1", "11500.00");
        let create = || world.ledger.create(&world.client, &order, Some(&key));
        let (first, second) = tokio::join!(create(), create());
        let [first, second] = [first.unwrap(), second.unwrap()];
        assert_eq!(first.account.public_id, second.account.public_id);
        assert_eq!(world.doku.accounts("INV-1"), 1);
        let other = IdempotencyKey::new("KEY-1", b"another request");
        let order = World::order("INV-2", "11500.00");
        let error = world.ledger.create(&world.client, &order, Some(&other)).await.unwrap_err();
        assert!(matches!(error, Error::KeyReused), "{error}");
        let bill = World::bill("2007", "INV-3", "1.00");
        let key = IdempotencyKey::new("KEY-2", b"a bill");
        let first = world.ledger.register(bill.clone(), Some(&key)).await.unwrap();
        let again = world.ledger.register(bill, Some(&key)).await.unwrap();
        assert_eq!(first.public_id, again.public_id);
    }

    async fn while_an_update_is_unknown_both_bills_may_be_satisfied(world) {
        let account = world.account("INV-1", "11500.00").await;
        world.doku.will(Mishap::LosesAnswer);
        let done = world.ledger.update(&world.client, &account.trx_id, &dearer()).await.unwrap();
        assert!(done.failure.is_some());
        assert_eq!(done.account.bill, account.bill, "it is not certain yet");
        let error = world.ledger.delete(&world.client, &account.trx_id).await.unwrap_err();
        assert!(matches!(error, Error::Underway { .. }), "{error}");
        world.acknowledges(&Pay::of(&account, "P-1", "12000.00")).await;
        assert_eq!(world.known("INV-1").await.state, State::Paid);
    }

    async fn an_update_whose_answer_was_lost_is_made_again(world) {
        let account = world.account("INV-1", "11500.00").await;
        world.doku.will(Mishap::LosesRequest);
        world.ledger.update(&world.client, &account.trx_id, &dearer()).await.unwrap();
        world.clock.advance(LATER);
        let recovered = world.ledger.recover(&world.client, 10).await.unwrap();
        assert_eq!(recovered.len(), 1);
        let after = world.known("INV-1").await;
        assert_eq!(after.bill, Bill::Closed("12000.00".parse().unwrap()));
        assert_eq!(
            world.event_names().await[2..],
            ["account.change_unknown", "account.updated"]
        );
    }

    async fn an_update_that_was_refused_never_counts(world) {
        let account = world.account("INV-1", "11500.00").await;
        world.doku.will(Mishap::Refuses);
        let done = world.ledger.update(&world.client, &account.trx_id, &dearer()).await.unwrap();
        assert!(done.failure.is_some());
        world.acknowledges(&Pay::of(&account, "P-1", "12000.00")).await;
        assert_eq!(world.verdicts().await, [Verdict::WrongAmount]);
    }

    async fn a_delete_whose_answer_was_lost_comes_to_its_end(world) {
        let account = world.account("INV-1", "11500.00").await;
        world.doku.will(Mishap::LosesAnswer);
        let done = world.ledger.delete(&world.client, &account.trx_id).await.unwrap();
        assert_eq!(done.account.state, State::Active);
        world.clock.advance(LATER);
        world.ledger.recover(&world.client, 10).await.unwrap();
        assert_eq!(world.known("INV-1").await.state, State::Deleted);
        assert_eq!(world.doku.accounts("INV-1"), 0);
    }

    async fn money_that_comes_while_a_delete_is_unknown_counts_more(world) {
        let account = world.account("INV-1", "11500.00").await;
        world.doku.will(Mishap::LosesAnswer);
        world.ledger.delete(&world.client, &account.trx_id).await.unwrap();
        world.acknowledges(&Pay::of(&account, "P-1", "11500.00")).await;
        world.clock.advance(LATER);
        world.ledger.recover(&world.client, 10).await.unwrap();
        assert_eq!(world.known("INV-1").await.state, State::Paid);
        assert_eq!(world.ledger.open_intents().await.unwrap(), 0);
    }

    async fn out_of_service_and_back(world) {
        let account = world.account("INV-1", "11500.00").await;
        let off = Change::new().active(false);
        let done = world.ledger.update(&world.client, &account.trx_id, &off).await.unwrap();
        assert_eq!(done.account.state, State::Inactive);
        let on = Change::new().active(true);
        let done = world.ledger.update(&world.client, &account.trx_id, &on).await.unwrap();
        assert_eq!(done.account.state, State::Active);
    }

    async fn replicas_settle_different_intents(world) {
        for place in 0..6 {
            world.doku.will(Mishap::LosesAnswer);
            let order = World::order(&format!("INV-{place}"), "11500.00");
            world.ledger.create(&world.client, &order, None).await.unwrap();
        }
        world.clock.advance(LATER);
        let (replica, _) = world.replica().await;
        let (ours, theirs) = tokio::join!(
            world.ledger.recover(&world.client, 10),
            replica.recover(&world.client, 10),
        );
        let mut settled: Vec<String> = [ours.unwrap(), theirs.unwrap()]
            .concat_ids();
        settled.sort();
        assert_eq!(settled.len(), 6);
        settled.dedup();
        assert_eq!(settled.len(), 6);
    }

    async fn accounts_are_found_and_listed(world) {
        for place in 0..5 {
            world.account(&format!("INV-{place}"), "11500.00").await;
        }
        let account = world.known("INV-3").await;
        let number = account.virtual_account.as_ref().unwrap().number();
        let by_number = world.ledger.account_by_number(&number).await.unwrap().unwrap();
        assert_eq!(by_number.trx_id, account.trx_id);
        let by_name = world.ledger.account_by_public_id(&account.public_id).await.unwrap();
        assert_eq!(by_name.unwrap().trx_id, account.trx_id);
        let mut seen = Vec::new();
        let mut cursor = Cursor::START;
        loop {
            let page = world.ledger.accounts(AccountFilter::all(), cursor, 2).await.unwrap();
            if page.items.is_empty() {
                break;
            }
            seen.extend(page.items.into_iter().map(|account| account.trx_id.to_string()));
            cursor = page.next;
        }
        assert_eq!(seen, ["INV-0", "INV-1", "INV-2", "INV-3", "INV-4"]);
        let newest = AccountFilter::all().newest_first().in_state(State::Active);
        let page = world.ledger.accounts(newest, Cursor::START, 2).await.unwrap();
        assert_eq!(page.items[0].trx_id.as_str(), "INV-4");
        let page = world.ledger.accounts(newest, page.next, 2).await.unwrap();
        assert_eq!(page.items[0].trx_id.as_str(), "INV-2");
        let none = AccountFilter::all().in_state(State::Paid);
        assert!(world.ledger.accounts(none, Cursor::START, 10).await.unwrap().items.is_empty());
    }
}

trait ConcatIds {
    fn concat_ids(self) -> Vec<String>;
}

impl ConcatIds for [Vec<doku_ledger::intent::Recovered>; 2] {
    fn concat_ids(self) -> Vec<String> {
        self.into_iter()
            .flatten()
            .map(|recovered| recovered.trx_id.to_string())
            .collect()
    }
}
