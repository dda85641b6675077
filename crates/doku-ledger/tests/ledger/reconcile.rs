//! Check status finds what no notification told, once.

use std::sync::Arc;
use std::time::Duration;

use doku_ledger::account::State;
use doku_ledger::payment::{Source, Verdict};
use doku_ledger::reconcile::{Finding, Worker};
use doku_model::{Operation, Timestamp};
use time::Duration as Span;

use crate::support::{Meanwhile, NOW, Pay, Site, World, both};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

both! {
    async fn what_is_found_paid_is_recorded_and_the_notification_completes_it(world) {
        let account = world.account("INV-1", "11500.00").await;
        world.doku.says("INV-1", "Paid", Some("11500.00"), None);
        world.clock.advance(HOUR);
        let round = world.worker().round().await.unwrap();
        assert_eq!((round.checked, round.payments), (1, 1));
        assert_eq!(world.known("INV-1").await.state, State::Paid);
        let found = &world.payments().await[0];
        assert_eq!((found.source, found.notified), (Source::Reconciliation, false));
        assert_eq!(found.payment_request_id, None);
        assert!(world.ledger.notification(found.id).await.unwrap().is_none());

        let pay = Pay::of(&account, "P-1", "11500.00");
        for _ in 0..2 {
            world.acknowledges(&pay).await;
        }
        let completed = world.payments().await;
        assert_eq!(completed.len(), 1);
        assert!(completed[0].notified);
        assert_eq!(completed[0].source, Source::Reconciliation);
        assert_eq!(completed[0].payment_request_id.as_ref().unwrap().as_str(), "P-1");
        assert!(world.ledger.notification(completed[0].id).await.unwrap().is_some());
        assert_eq!(
            world.event_names().await[2..],
            ["payment.received", "account.paid", "payment.confirmed"]
        );
        // A second one is a second one.
        world.acknowledges(&Pay::of(&account, "P-2", "11500.00")).await;
        assert_eq!(world.verdicts().await, [Verdict::Satisfied, Verdict::Second]);
        assert_eq!(world.known("INV-1").await.credited.to_string(), "11500.00");
    }

    async fn of_a_reusable_account_only_a_new_id_is_a_payment(world) {
        let account = world.reusable("TOPUP-1").await;
        world.doku.says("TOPUP-1", "Paid", Some("20000.00"), None);
        let check = || async {
            world.worker().check(&account.trx_id).await.unwrap().unwrap()
        };
        assert_eq!(check().await, Finding::Suspicion);
        // It is said once.
        assert_eq!(check().await, Finding::Nothing);
        assert!(world.known("TOPUP-1").await.credited.is_zero());

        world.doku.says("TOPUP-1", "Paid", Some("20000.00"), Some("P-1"));
        assert!(matches!(check().await, Finding::Payment(_)));
        assert_eq!(check().await, Finding::Nothing);
        assert_eq!(world.known("TOPUP-1").await.credited.to_string(), "20000.00");
        assert_eq!(world.known("TOPUP-1").await.state, State::Active);
        // Its notification completes it; another one of the same amount is another one.
        world.acknowledges(&Pay::of(&account, "P-2", "20000.00")).await;
        world.acknowledges(&Pay::of(&account, "P-1", "20000.00").without_trx_id()).await;
        assert_eq!(world.known("TOPUP-1").await.credited.to_string(), "40000.00");
        assert_eq!(world.known("TOPUP-1").await.payments, 2);
        // What a notification told first is known, once DOKU may be asked again.
        world.clock.advance(MINUTE);
        world.doku.says("TOPUP-1", "Paid", Some("20000.00"), Some("P-2"));
        assert_eq!(check().await, Finding::Nothing);
        assert_eq!(
            world.event_names().await[2..],
            ["payment.suspected", "payment.received", "payment.received", "payment.confirmed"]
        );
    }

    async fn what_was_notified_is_not_found_again(world) {
        let account = world.account("INV-1", "11500.00").await;
        world.acknowledges(&Pay::of(&account, "P-1", "11499.00")).await;
        world.doku.says("INV-1", "Paid", Some("11499.00"), None);
        world.clock.advance(MINUTE);
        let finding = world.worker().check(&account.trx_id).await.unwrap().unwrap();
        assert_eq!(finding, Finding::Nothing);
        assert_eq!(world.verdicts().await, [Verdict::WrongAmount]);
        assert_eq!(world.known("INV-1").await.state, State::Active);
    }

    async fn nobody_is_asked_about_within_a_minute_of_a_payment(world) {
        let account = world.reusable("TOPUP-1").await;
        world.clock.set(account.check_at.unwrap());
        world.acknowledges(&Pay::of(&account, "P-1", "20000.00")).await;
        assert_eq!(world.worker().round().await.unwrap().checked, 0);
        world.clock.advance(Duration::from_secs(59));
        assert_eq!(world.worker().round().await.unwrap().checked, 0);
        world.clock.advance(Duration::from_secs(1));
        assert_eq!(world.worker().round().await.unwrap().checked, 1);
    }

    async fn not_by_hand_either(world) {
        let account = world.reusable("TOPUP-1").await;
        world.acknowledges(&Pay::of(&account, "P-1", "20000.00")).await;
        let check = || async { world.worker().check(&account.trx_id).await.unwrap().unwrap() };
        let until = world.ledger.now() + Span::MINUTE;
        assert_eq!(check().await, Finding::NotAsked { until });
        world.clock.advance(MINUTE - Duration::from_secs(1));
        assert_eq!(check().await, Finding::NotAsked { until });
        assert_eq!(world.doku.calls(Operation::CheckStatus), 0);
        world.clock.advance(Duration::from_secs(1));
        assert_eq!(check().await, Finding::Nothing);
    }

    async fn nor_about_one_that_was_paid_while_others_were_asked_about(world) {
        let mut accounts = Vec::new();
        for place in 0..2 {
            accounts.push(world.reusable(&format!("TOPUP-{place}")).await);
            world.clock.advance(Duration::from_secs(1));
        }
        world.clock.advance(HOUR);
        let (endpoints, pay) = (world.endpoints.clone(), Pay::of(&accounts[1], "P-1", "20000.00"));
        let notify = world.notification(&pay).await;
        let paid = Meanwhile::after(&world.client, async move {
            endpoints.payment(notify).await;
        });
        let worker = Worker::new(world.ledger.clone(), Arc::new(paid)).per_second(1_000_000);
        assert_eq!(worker.round().await.unwrap().checked, 1);
        let paid = world.known("TOPUP-1").await;
        assert_eq!((paid.payments, paid.check_at), (1, Some(world.ledger.now() + Span::MINUTE)));
    }

    async fn an_end_that_only_doku_knows_is_an_end(world) {
        // No end was asked for, and none is told.
        world.account("INV-1", "11500.00").await;
        world.doku.says("INV-1", "Expired", None, None);
        world.clock.advance(HOUR);
        assert_eq!(world.worker().round().await.unwrap().expired, 1);
        let found = world.ledger.now();
        assert_eq!(world.known("INV-1").await.expires_at, Some(found));
        let mut asked = Vec::new();
        for _ in 0..200 {
            world.clock.advance(10 * MINUTE);
            if world.worker().round().await.unwrap().checked > 0 {
                asked.push((world.ledger.now() - found).whole_minutes());
            }
        }
        assert_eq!(asked, [10, 60, 780]);
        assert_eq!(world.known("INV-1").await.check_at, None);
    }

    async fn about_what_was_deleted_one_question_is_enough(world) {
        let account = world.account("INV-1", "11500.00").await;
        world.ledger.delete(&world.client, &account.trx_id).await.unwrap();
        let finding = world.worker().check(&account.trx_id).await.unwrap().unwrap();
        assert_eq!(finding, Finding::Nothing);
        assert_eq!(world.known("INV-1").await.check_at, None);
        world.ledger.hint(&account.trx_id).await.unwrap();
        assert!(world.known("INV-1").await.check_at.is_some());
        world.clock.advance(HOUR);
        assert_eq!(world.worker().round().await.unwrap().checked, 1);
        assert_eq!(world.known("INV-1").await.check_at, None);
    }

    async fn what_was_begun_is_settled_while_doku_keeps_a_question_waiting(world) {
        let account = world.account("INV-1", "11500.00").await;
        world.clock.advance(HOUR);
        let (ledger, client, clock) = (world.ledger.clone(), world.client.clone(), Arc::clone(&world.clock));
        let kept_waiting = Meanwhile::before(&world.client, async move {
            let cut_off = client.prepare(&World::order("INV-2", "11500.00")).unwrap();
            let _never_finished = ledger.begin_create(cut_off, None).await.unwrap();
            clock.advance(HOUR);
            std::future::pending::<()>().await;
        });
        let worker = Worker::new(world.ledger.clone(), Arc::new(kept_waiting));
        let mut changes = world.ledger.changes();
        let settled = async {
            let trx_id = "INV-2".parse().unwrap();
            while world.ledger.account(&trx_id).await.unwrap().is_none_or(|known| known.state != State::Active) {
                changes.changed().await.unwrap();
            }
        };
        let settled = tokio::time::timeout(MINUTE, async { worker.run(settled).await });
        settled.await.expect("a cut-off create waits for nobody's answer");
        assert_eq!(world.known("INV-1").await.state, account.state);
    }

    async fn a_settling_that_gets_no_answer_holds_no_other_up(world) {
        for place in 0..2 {
            let cut_off = world.client.prepare(&World::order(&format!("INV-{place}"), "11500.00")).unwrap();
            let _never_finished = world.ledger.begin_create(cut_off, None).await.unwrap();
            world.clock.advance(Duration::from_secs(1));
        }
        world.clock.advance(HOUR);
        let no_answer = Meanwhile::before(&world.client, std::future::pending());
        let worker = Worker::new(world.ledger.clone(), Arc::new(no_answer)).per_second(1_000_000);
        let mut changes = world.ledger.changes();
        let settled = async {
            while world.known("INV-1").await.state != State::Active {
                changes.changed().await.unwrap();
            }
        };
        tokio::select! {
            round = worker.round() => panic!("the first is not answered: {round:?}"),
            settled = tokio::time::timeout(MINUTE, settled) => settled.expect("the other is settled"),
        }
        assert_eq!(world.known("INV-0").await.state, State::Creating);
    }

    async fn somebody_who_asks_for_a_bill_may_be_about_to_pay_it(world) {
        let registered = world.ledger.register(World::bill("2007", "INV-1", "25000.00"), None).await.unwrap();
        let planned = registered.check_at.unwrap();
        assert_eq!(planned, NOW + Span::minutes(10));
        let mut changes = world.ledger.changes();
        let answer = world.inquire("770622007").await;
        assert_eq!(answer["responseCode"], "2002400", "{answer}");
        let planned = tokio::time::timeout(MINUTE, changes.changed()).await;
        planned.expect("a question is planned").unwrap();
        assert_eq!(world.known("INV-1").await.check_at, Some(NOW + Span::minutes(5)));
        // Whoever asks again puts it off no further.
        world.clock.advance(MINUTE);
        world.inquire("770622007").await;
        // A notification is all that was waited for; it is written after whatever the inquiry may have handed over.
        world.acknowledges(&Pay::of(&registered, "P-1", "24000.00")).await;
        assert_eq!(world.known("INV-1").await.check_at, Some(NOW + Span::minutes(5)));
        world.acknowledges(&Pay::of(&registered, "P-2", "25000.00")).await;
        world.inquire("770622007").await;
        world.acknowledges(&Pay::of(&registered, "P-3", "25000.00")).await;
        assert_eq!(world.known("INV-1").await.check_at, None);
    }

    async fn an_account_is_asked_about_thrice_after_its_end_and_closed(world) {
        let end = NOW + Span::minutes(5);
        let order = World::order("INV-1", "11500.00").expires(Timestamp::wib(end));
        world.create(&order).await;
        let mut asked = Vec::new();
        // Minute by minute, and later by tens of them.
        for place in 0..200 {
            let minutes = if place < 75 { 1 } else { 10 };
            world.clock.advance(Duration::from_secs(60 * minutes));
            if world.worker().round().await.unwrap().checked > 0 {
                asked.push((world.ledger.now() - end).whole_minutes());
            }
        }
        assert_eq!(asked, [2, 60, 780]);
        assert_eq!(world.known("INV-1").await.state, State::Expired);
        assert_eq!(world.event_names().await[2..], ["account.expired"]);
    }

    async fn money_found_after_the_end_still_counts(world) {
        let end = NOW + Span::minutes(5);
        let order = World::order("INV-1", "11500.00").expires(Timestamp::wib(end));
        world.create(&order).await;
        world.doku.says("INV-1", "Expired", None, None);
        world.clock.advance(HOUR);
        assert_eq!(world.worker().round().await.unwrap().expired, 1);
        world.doku.says("INV-1", "Paid", Some("11500.00"), None);
        world.clock.advance(13 * HOUR);
        assert_eq!(world.worker().round().await.unwrap().payments, 1);
        assert_eq!(world.known("INV-1").await.state, State::Paid);
    }

    async fn a_question_that_gets_no_answer_is_asked_ever_more_seldom(world) {
        let account = world.account("INV-1", "11500.00").await;
        // DOKU has lost it, and its network too.
        world.doku.goes_away();
        let mut asked = Vec::new();
        for _ in 0..20 {
            world.clock.advance(Duration::from_secs(600));
            let round = world.worker().round().await.unwrap();
            if round.failed > 0 {
                asked.push((world.ledger.now() - NOW).whole_minutes());
            }
        }
        assert_eq!(asked, [10, 20, 40, 80, 160]);
        assert_eq!(world.known("INV-1").await.state, account.state);
    }

    async fn a_worker_that_dies_holds_nothing_up_for_long(world) {
        for place in 0..3 {
            world.account(&format!("INV-{place}"), "11500.00").await;
        }
        world.clock.advance(HOUR);
        // It dies after the first answer, with the others taken and not asked about.
        let (died, death) = tokio::sync::oneshot::channel();
        let mut died = Some(died);
        let worker = world.worker().per_second(1);
        let round = worker.round_with(|progress| {
            assert_eq!(progress.due, 3);
            if let Some(died) = died.take() {
                died.send(()).unwrap();
            }
        });
        tokio::select! {
            _ = round => panic!("it should have died"),
            death = death => death.unwrap(),
        }
        assert_eq!(world.ledger.due().await.unwrap(), 0);
        world.clock.advance(HOUR);
        assert_eq!(world.worker().round().await.unwrap().checked, 3);
    }

    async fn replicas_ask_about_different_accounts(world) {
        for place in 0..12 {
            world.account(&format!("INV-{place}"), "11500.00").await;
        }
        world.clock.advance(HOUR);
        let (replica, _) = world.replica().await;
        let second = Worker::new(
            replica,
            Arc::new(world.client.clone()),
        )
        .per_second(1_000_000);
        let first = world.worker();
        let (ours, theirs) = tokio::join!(first.round(), second.round());
        assert_eq!(ours.unwrap().checked + theirs.unwrap().checked, 12);
        // Two numbers were sent for a generated one, so there are two questions at most.
        assert!(world.doku.calls(Operation::CheckStatus) <= 24);
    }
}
