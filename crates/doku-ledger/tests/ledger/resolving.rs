//! What cannot be settled blocks nothing, and a person can settle it.

use std::time::Duration;

use doku_ledger::account::{Account, Standing, State};
use doku_ledger::intent::Resolution;
use doku_ledger::payment::Verdict;
use doku_ledger::{Error, outbox::EventKind};
use doku_model::{Bill, Limits, Operation};
use doku_va_btn::{Change, CreateVa};

use crate::support::{Meanwhile, Mishap, Pay, Site, World, both};

/// Longer than any lease.
const LATER: Duration = Duration::from_secs(120);
const DAY: Duration = Duration::from_secs(24 * 3600);

const NUMBER: &str = "95962600000001";

fn higher() -> Change {
    let limits = Limits::at_least("20000.00".parse().unwrap());
    Change::new().bill(Bill::Open(Some(limits)))
}

fn never() -> Resolution {
    Resolution::NeverMade("the back office does not have it".to_owned())
}

/// Whoever was told nothing of a top-up but a payment of the next day.
async fn paid_and_unknown(world: &World) -> Account {
    world.doku.will(Mishap::LosesAnswer);
    world
        .ledger
        .create(&world.client, &World::top_up("TOPUP-1"), None)
        .await
        .unwrap();
    world.clock.advance(DAY);
    world.ledger.recover(&world.client, 10).await.unwrap();
    world
        .acknowledges(&Pay::new(NUMBER, "TOPUP-1", "P-1", "20000.00"))
        .await;
    world.known("TOPUP-1").await
}

both! {
    async fn a_change_that_could_never_be_sent_is_refused_before_it_is_recorded(world) {
        let account = paid_and_unknown(&world).await;
        assert_eq!((account.state, account.payments), (State::Active, 1));
        let trx_id = account.trx_id;
        for _ in 0..2 {
            let error = world.ledger.update(&world.client, &trx_id, &higher()).await.unwrap_err();
            assert!(matches!(error, Error::NumbersUnknown { .. }), "{error}");
            let error = world.ledger.delete(&world.client, &trx_id).await.unwrap_err();
            assert!(matches!(error, Error::NumbersUnknown { .. }), "{error}");
        }
        assert_eq!(world.ledger.open_intents().await.unwrap(), 0);
        assert_eq!(world.known("TOPUP-1").await.bills.len(), 1);
        // A person looks the number up.
        let made = Resolution::MadeAs(NUMBER.parse().unwrap());
        world.ledger.resolve_create(&trx_id, made).await.unwrap();
        let done = world.ledger.update(&world.client, &trx_id, &higher()).await.unwrap();
        assert!(done.failure.is_none(), "{done:?}");
        assert_eq!(done.account.payments, 1);
        // And it is asked about from now on.
        assert!(done.account.check_at.is_some());
        assert_eq!(
            world.event_names().await,
            ["account.requested", "account.unknown", "payment.received", "account.activated", "account.updated"]
        );
    }

    async fn what_cannot_be_settled_holds_nothing_else_up(world) {
        for trx_id in ["INV-1", "INV-2"] {
            let account = world.account(trx_id, "11500.00").await;
            world.doku.will(Mishap::LosesRequest);
            let dearer = Change::new().bill(Bill::Closed("12000.00".parse().unwrap()));
            world.ledger.update(&world.client, &account.trx_id, &dearer).await.unwrap();
            world.clock.advance(Duration::from_secs(1));
        }
        world.account("INV-3", "11500.00").await;
        let older = "(SELECT min(id) FROM intent WHERE standing = 'open')";
        let sql = format!("UPDATE intent SET content = 'no change' WHERE id = {older}");
        world.site.stranger().await.run(&sql).await;
        world.clock.advance(Duration::from_secs(3600));
        // Of the settled one another question is planned.
        let round = world.worker().round().await.unwrap();
        assert_eq!((round.recovered, round.checked), (2, 2));
        assert_eq!(world.known("INV-2").await.bill, Bill::Closed("12000.00".parse().unwrap()));
        // It waits ever longer, and says why.
        let trx_id = "INV-1".parse().unwrap();
        let unsettled = world.ledger.unsettled(&trx_id).await.unwrap().unwrap();
        assert_eq!((unsettled.asked, unsettled.attempts, unsettled.is_being_sent), ("update", 2, false));
        assert!(unsettled.reason.unwrap().contains("cannot be read"));
        assert_eq!(unsettled.again_at.unwrap() - world.ledger.now(), time::Duration::minutes(1));
        // Until somebody gives it up.
        let reason = "made by hand in the back office".to_owned();
        let account = world.ledger.give_up_change(&trx_id, reason.clone()).await.unwrap();
        assert_eq!(account.bill, Bill::Closed("11500.00".parse().unwrap()));
        assert_eq!(account.bills[1].standing, Standing::Replaced);
        assert_eq!(world.ledger.open_intents().await.unwrap(), 0);
        assert_eq!(world.ledger.unsettled(&trx_id).await.unwrap(), None);
        let told = world.events().await.pop().unwrap().kind;
        assert_eq!(told, EventKind::ChangeRefused { change: "update".to_owned(), reason });
        // It may have been done: somebody may be paying it.
        world.acknowledges(&Pay::of(&account, "P-1", "12000.00")).await;
        assert_eq!(world.verdicts().await, [Verdict::Satisfied]);
        let error = world.ledger.give_up_change(&trx_id, String::new()).await.unwrap_err();
        assert!(matches!(error, Error::NotNow { .. }), "{error}");
    }

    async fn a_saved_account_settles_a_create_and_another_does_not(world) {
        let other = world.account("INV-2", "11500.00").await.virtual_account.unwrap();
        world.doku.will(Mishap::LosesAnswer);
        let done = world.ledger.create(&world.client, &World::order("INV-1", "11500.00"), None).await.unwrap();
        let trx_id = done.account.trx_id;
        let made = Resolution::Made(Box::new(other));
        let error = world.ledger.resolve_create(&trx_id, made).await.unwrap_err();
        assert!(matches!(error, Error::Field(_)), "{error}");
        for number in ["77062600000001", "9596270000001", "959626"] {
            let made = Resolution::MadeAs(number.parse().unwrap());
            let error = world.ledger.resolve_create(&trx_id, made).await.unwrap_err();
            assert!(matches!(error, Error::Field(_)), "{number}: {error}");
        }
        assert_eq!(world.known("INV-1").await.state, State::Unknown);
        let prepared = world.client.prepare(&World::order("INV-1", "11500.00")).unwrap();
        let saved = prepared.made_as(&world.doku.number("INV-1").unwrap().parse().unwrap()).unwrap();
        let made = Resolution::Made(Box::new(saved));
        let account = world.ledger.resolve_create(&trx_id, made).await.unwrap();
        assert_eq!(account.state, State::Active);
        assert_eq!(world.ledger.open_intents().await.unwrap(), 0);
        // Now nothing is unknown about it.
        let error = world.ledger.resolve_create(&trx_id, never()).await.unwrap_err();
        assert!(matches!(error, Error::NotNow { .. }), "{error}");
    }

    async fn a_number_that_was_paid_is_not_told_otherwise(world) {
        let account = paid_and_unknown(&world).await;
        let made = Resolution::MadeAs("95962600000002".parse().unwrap());
        let error = world.ledger.resolve_create(&account.trx_id, made).await.unwrap_err();
        assert!(matches!(error, Error::Field(_)), "{error}");
        // Who is paid exists.
        let error = world.ledger.resolve_create(&account.trx_id, never()).await.unwrap_err();
        assert!(matches!(error, Error::NotNow { state: State::Active, .. }), "{error}");
    }

    async fn nobody_decides_while_it_is_being_sent(world) {
        let account = world.account("INV-1", "11500.00").await;
        world.doku.will(Mishap::LosesAnswer);
        world.ledger.create(&world.client, &World::order("INV-2", "11500.00"), None).await.unwrap();
        let delete = || world.ledger.delete(&world.client, &account.trx_id);
        world.doku.will(Mishap::LosesRequest);
        delete().await.unwrap();
        world.clock.advance(LATER);
        let ledger = world.ledger.clone();
        let decide = async move {
            let mut underway = 0;
            for trx_id in ["INV-1", "INV-2"] {
                let trx_id = trx_id.parse().unwrap();
                if ledger.unsettled(&trx_id).await.unwrap().unwrap().is_being_sent {
                    underway += 1;
                    for error in [
                        ledger.resolve_create(&trx_id, never()).await.unwrap_err(),
                        ledger.give_up_change(&trx_id, String::new()).await.unwrap_err(),
                    ] {
                        assert!(matches!(error, Error::Underway { .. } | Error::NotNow { .. }), "{error}");
                    }
                }
            }
            assert_eq!(underway, 1, "one is taken at a time");
        };
        let slow = Meanwhile::before(&world.client, decide);
        let recovered = world.ledger.recover(&slow, 10).await.unwrap();
        assert!(recovered.iter().all(|one| one.done.as_ref().is_ok_and(|done| done.failure.is_none())));
        assert_eq!(world.known("INV-1").await.state, State::Deleted);
        assert_eq!(world.known("INV-2").await.state, State::Active);
    }

    async fn a_number_of_the_merchants_that_never_came_into_being_is_given_up_in_the_end(world) {
        let order = CreateVa::merchant_generated(
            "600000161862".parse().unwrap(),
            "INV-1".parse().unwrap(),
            "Budi Santoso".parse().unwrap(),
            Bill::Closed("11500.00".parse().unwrap()),
        );
        world.doku.will(Mishap::LosesRequest);
        world.ledger.create(&world.client, &order, None).await.unwrap();
        world.clock.advance(DAY);
        world.ledger.recover(&world.client, 10).await.unwrap();
        assert_eq!(world.ledger.open_intents().await.unwrap(), 1, "it is looked for");
        world.clock.advance(3 * DAY);
        world.ledger.recover(&world.client, 10).await.unwrap();
        assert_eq!(world.ledger.open_intents().await.unwrap(), 0);
        assert_eq!(world.known("INV-1").await.state, State::Unknown);
        assert_eq!(world.doku.calls(Operation::CreateVa), 1);
        let trx_id = "INV-1".parse().unwrap();
        let unsettled = world.ledger.unsettled(&trx_id).await.unwrap().unwrap();
        assert_eq!((unsettled.asked, unsettled.again_at), ("create", None));
        let account = world.ledger.resolve_create(&trx_id, never()).await.unwrap();
        assert_eq!(account.state, State::Refused);
        assert_eq!(world.ledger.unsettled(&trx_id).await.unwrap(), None);
        assert_eq!(world.create(&order).await.state, State::Active);
    }
}
