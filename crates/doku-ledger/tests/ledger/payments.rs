//! Payments are kept once, judged against the bill, and acknowledged.

use std::time::Duration;

use doku_ledger::Cursor;
use doku_ledger::account::State;
use doku_ledger::outbox::EventKind;
use doku_ledger::payment::{Late, Source, Verdict};
use doku_model::{Bill, Timestamp};
use doku_va_btn::Change;
use time::Duration as Span;

use crate::support::{NOW, Pay, Site, World, both};

both! {
    async fn a_payment_of_the_bill_makes_the_account_paid(world) {
        let account = world.account("INV-1", "11500.00").await;
        world.acknowledges(&Pay::of(&account, "P-1", "11500.00")).await;
        let paid = world.known("INV-1").await;
        assert_eq!(paid.state, State::Paid);
        assert_eq!(paid.credited.to_string(), "11500.00");
        assert_eq!(paid.payments, 1);
        assert_eq!(paid.check_at, None);
        assert_eq!(
            world.event_names().await,
            ["account.requested", "account.activated", "payment.received", "account.paid"]
        );
        let payments = world.payments().await;
        assert_eq!(payments.len(), 1);
        assert_eq!(payments[0].source, Source::Notification);
        assert!(payments[0].notified);
        assert_eq!(payments[0].trx_id.as_ref().unwrap().as_str(), "INV-1");
    }

    async fn the_payments_of_an_account_come_in_pages_and_are_nobody_elses(world) {
        let mine = world.account("INV-1", "11500.00").await;
        let other = world.account("INV-2", "11500.00").await;
        world.acknowledges(&Pay::of(&mine, "P-1", "11500.00")).await;
        world.acknowledges(&Pay::of(&other, "P-2", "11500.00")).await;
        world.acknowledges(&Pay::of(&mine, "P-3", "11500.00")).await;
        world.settled().await;
        let mut found = Vec::new();
        let mut after = Cursor::START;
        loop {
            let page = world.ledger.payments_of_after(&mine.trx_id, after, 1).await.unwrap();
            let Some(payment) = page.items.into_iter().next() else {
                break;
            };
            assert_eq!(page.next, payment.cursor);
            after = page.next;
            found.push((payment.trx_id.unwrap(), payment.verdict));
        }
        let mine = &mine.trx_id;
        assert_eq!(found, [(mine.clone(), Verdict::Satisfied), (mine.clone(), Verdict::Second)]);
        let nobody = "INV-9".parse().unwrap();
        let none = world.ledger.payments_of_after(&nobody, Cursor::START, 10).await.unwrap();
        assert!(none.items.is_empty() && none.next == Cursor::START);
    }

    async fn a_repeat_is_acknowledged_and_changes_nothing(world) {
        let account = world.account("INV-1", "11500.00").await;
        let pay = Pay::of(&account, "P-1", "11500.00");
        let padded = Pay { number: format!("0{}", pay.number), ..pay.clone() };
        for told in [&pay, &pay, &padded] {
            world.acknowledges(told).await;
        }
        assert_eq!(world.verdicts().await, [Verdict::Satisfied]);
        assert_eq!(world.known("INV-1").await.payments, 1);
    }

    async fn a_repeat_is_recognised_after_a_restart_and_by_another_replica(world) {
        let mut world = world;
        let account = world.account("INV-1", "11500.00").await;
        let pay = Pay::of(&account, "P-1", "11500.00");
        world.acknowledges(&pay).await;
        world.restart().await;
        world.acknowledges(&pay).await;
        let (_replica, endpoints) = world.replica().await;
        assert_eq!(world.notify_at(&endpoints, &pay).await, "2002500");
        assert_eq!(world.verdicts().await, [Verdict::Satisfied]);
    }

    async fn a_wrong_amount_is_kept_and_flagged_and_pays_nothing(world) {
        let account = world.account("INV-1", "11500.00").await;
        world.acknowledges(&Pay::of(&account, "P-1", "11499.99")).await;
        let after = world.known("INV-1").await;
        assert_eq!(after.state, State::Active);
        assert!(after.credited.is_zero());
        assert_eq!(world.verdicts().await, [Verdict::WrongAmount]);
        assert_eq!(world.event_names().await[2..], ["payment.flagged"]);
        // The right one still counts.
        world.acknowledges(&Pay::of(&account, "P-2", "11500.00")).await;
        assert_eq!(world.known("INV-1").await.state, State::Paid);
    }

    async fn the_same_payment_with_other_money_is_kept_and_flagged(world) {
        let account = world.reusable("TOPUP-1").await;
        world.acknowledges(&Pay::of(&account, "P-1", "20000.00")).await;
        world.acknowledges(&Pay::of(&account, "P-1", "30000.00")).await;
        assert_eq!(world.verdicts().await, [Verdict::Satisfied, Verdict::OtherAmount]);
        assert_eq!(world.known("TOPUP-1").await.credited.to_string(), "20000.00");
    }

    async fn what_nobody_knows_is_kept_and_flagged(world) {
        world.acknowledges(&Pay::new("9596260000001", "INV-404", "P-1", "1.00")).await;
        world.acknowledges(&Pay::new("9596260000001", "", "P-2", "1.00").without_trx_id()).await;
        assert_eq!(world.verdicts().await, [Verdict::UnknownTrxId, Verdict::UnknownNumber]);
        let events = world.events().await;
        assert!(matches!(
            &events[0].kind,
            EventKind::PaymentFlagged { trx_id: Some(trx_id), .. } if trx_id.as_str() == "INV-404"
        ));
        assert_eq!(events[0].account, None);
    }

    async fn a_payment_to_another_number_than_the_accounts_is_flagged(world) {
        world.account("INV-1", "11500.00").await;
        world.acknowledges(&Pay::new("9596299999999", "INV-1", "P-1", "11500.00")).await;
        assert_eq!(world.verdicts().await, [Verdict::NumberDiffers]);
        assert_eq!(world.known("INV-1").await.state, State::Active);
    }

    async fn a_second_payment_of_an_account_that_is_paid_once_is_flagged(world) {
        let account = world.account("INV-1", "11500.00").await;
        world.acknowledges(&Pay::of(&account, "P-1", "11500.00")).await;
        world.acknowledges(&Pay::of(&account, "P-2", "11500.00")).await;
        assert_eq!(world.verdicts().await, [Verdict::Satisfied, Verdict::Second]);
        assert_eq!(world.known("INV-1").await.credited.to_string(), "11500.00");
        let names = world.event_names().await;
        assert_eq!(names.iter().filter(|name| **name == "account.paid").count(), 1);
    }

    async fn a_reusable_account_stays_active_and_counts_every_payment(world) {
        let account = world.reusable("TOPUP-1").await;
        for (id, amount) in [("P-1", "10000.00"), ("P-2", "25000.50"), ("P-3", "10000.00")] {
            world.acknowledges(&Pay::of(&account, id, amount)).await;
        }
        world.acknowledges(&Pay::of(&account, "P-4", "9999.99")).await;
        let after = world.known("TOPUP-1").await;
        assert_eq!(after.state, State::Active);
        assert_eq!(after.credited.to_string(), "45000.50");
        assert_eq!(after.payments, 3);
        let names = world.event_names().await;
        assert_eq!(names.iter().filter(|name| **name == "payment.received").count(), 3);
        assert!(!names.contains(&"account.paid"));
    }

    async fn money_for_a_deleted_account_counts_and_is_flagged_as_late(world) {
        let account = world.account("INV-1", "11500.00").await;
        world.ledger.delete(&world.client, &account.trx_id).await.unwrap();
        assert_eq!(world.known("INV-1").await.state, State::Deleted);
        world.acknowledges(&Pay::of(&account, "P-1", "11500.00")).await;
        assert_eq!(world.known("INV-1").await.state, State::Paid);
        assert_eq!(world.payments().await[0].late, Some(Late::Deleted));
        assert_eq!(
            world.event_names().await[2..],
            ["account.deleted", "payment.received", "account.paid", "payment.flagged"]
        );
    }

    async fn money_after_the_end_counts_and_is_flagged_before_anybody_has_closed_the_account(world) {
        let end = NOW + Span::minutes(5);
        let account = world.create(&World::order("INV-1", "11500.00").expires(Timestamp::wib(end))).await;
        world.clock.set(end + Span::seconds(1));
        assert_eq!(world.known("INV-1").await.state, State::Active);
        world.acknowledges(&Pay::of(&account, "P-1", "11500.00")).await;
        assert_eq!(world.known("INV-1").await.state, State::Paid);
        let payment = &world.payments().await[0];
        assert_eq!((payment.verdict, payment.late), (Verdict::Satisfied, Some(Late::Expired)));
        assert_eq!(
            world.event_names().await[2..],
            ["payment.received", "account.paid", "payment.flagged"]
        );
        // Each says so: whoever goes by one of them need not read the others.
        for event in &world.events().await[2..] {
            let (EventKind::PaymentReceived { late, .. }
            | EventKind::AccountPaid { late, .. }
            | EventKind::PaymentFlagged { late, .. }) = &event.kind
            else {
                panic!("{event:?}");
            };
            assert_eq!(*late, Some(Late::Expired), "{}", event.kind.name());
        }
    }

    async fn whether_it_was_late_is_told_by_when_it_was_paid(world) {
        let end = NOW + Span::minutes(5);
        let mut late = Vec::new();
        for (place, paid_at) in [end - Span::seconds(1), end, end + Span::seconds(1)].into_iter().enumerate() {
            let trx_id = format!("INV-{place}");
            let account = world.create(&World::order(&trx_id, "11500.00").expires(Timestamp::wib(end))).await;
            late.push(Pay::of(&account, "P-1", "11500.00").at(paid_at));
        }
        // All of them are told long after the end, and before the account is closed.
        world.clock.set(end + Span::HOUR);
        for pay in &late {
            world.acknowledges(pay).await;
        }
        let found: Vec<_> = world.payments().await.iter().map(|payment| payment.late).collect();
        assert_eq!(found, [None, None, Some(Late::Expired)]);
    }

    async fn money_after_the_end_of_a_reusable_account_counts_and_is_flagged(world) {
        let end = NOW + Span::minutes(5);
        let account = world.create(&World::top_up("TOPUP-1").expires(Timestamp::wib(end))).await;
        world.acknowledges(&Pay::of(&account, "P-1", "10000.00")).await;
        world.clock.set(end + Span::MINUTE);
        world.acknowledges(&Pay::of(&account, "P-2", "10000.00")).await;
        let payments = world.payments().await;
        assert_eq!((payments[0].late, payments[1].late), (None, Some(Late::Expired)));
        assert_eq!(world.known("TOPUP-1").await.credited.to_string(), "20000.00");
        assert_eq!(world.event_names().await[3..], ["payment.received", "payment.flagged"]);
    }

    async fn money_for_an_account_that_was_closed_counts_and_is_late_unless_it_was_paid_in_time(world) {
        let end = NOW + Span::minutes(5);
        let mut accounts = Vec::new();
        for trx_id in ["INV-1", "INV-2"] {
            accounts.push(world.create(&World::order(trx_id, "11500.00").expires(Timestamp::wib(end))).await);
            world.doku.says(trx_id, "Expired", None, None);
        }
        world.clock.set(end + Span::minutes(2));
        assert_eq!(world.worker().round().await.unwrap().expired, 2);
        world.acknowledges(&Pay::of(&accounts[0], "P-1", "11500.00")).await;
        world.acknowledges(&Pay::of(&accounts[1], "P-2", "11500.00").at(end - Span::MINUTE)).await;
        let late: Vec<_> = world.payments().await.iter().map(|payment| payment.late).collect();
        assert_eq!(late, [Some(Late::Expired), None]);
        for trx_id in ["INV-1", "INV-2"] {
            assert_eq!(world.known(trx_id).await.state, State::Paid);
        }
    }

    async fn money_that_check_status_finds_after_the_end_is_late_as_far_as_anybody_knows(world) {
        let end = NOW + Span::minutes(5);
        world.create(&World::order("INV-1", "11500.00").expires(Timestamp::wib(end))).await;
        world.doku.says("INV-1", "Paid", Some("11500.00"), None);
        world.clock.set(end + Span::minutes(2));
        assert_eq!(world.worker().round().await.unwrap().payments, 1);
        assert_eq!(world.payments().await[0].late, Some(Late::Expired));
        assert_eq!(world.known("INV-1").await.state, State::Paid);
    }

    async fn a_bill_that_may_have_been_in_force_may_be_satisfied(world) {
        let account = world.account("INV-1", "11500.00").await;
        let dearer = Change::new().bill(Bill::Closed("12000.00".parse().unwrap()));
        let done = world.ledger.update(&world.client, &account.trx_id, &dearer).await.unwrap();
        assert!(done.failure.is_none(), "{:?}", done.failure);
        assert_eq!(done.account.bill, Bill::Closed("12000.00".parse().unwrap()));
        // Paid before the change, told an hour after it.
        world.clock.advance(Duration::from_secs(3600));
        let before = Pay::of(&account, "P-1", "11500.00").at(NOW);
        world.acknowledges(&before).await;
        assert_eq!(world.known("INV-1").await.state, State::Paid);
    }

    async fn a_bill_that_was_long_replaced_is_not_satisfied(world) {
        let account = world.account("INV-1", "11500.00").await;
        let dearer = Change::new().bill(Bill::Closed("12000.00".parse().unwrap()));
        world.ledger.update(&world.client, &account.trx_id, &dearer).await.unwrap();
        world.clock.advance(Duration::from_secs(3600));
        let after = Pay::of(&account, "P-1", "11500.00").at(NOW + Duration::from_secs(3000));
        world.acknowledges(&after).await;
        assert_eq!(world.known("INV-1").await.state, State::Active);
        assert_eq!(world.verdicts().await, [Verdict::WrongAmount]);
    }

    async fn the_evidence_is_kept_byte_for_byte(world) {
        let account = world.account("INV-1", "11500.00").await;
        world.acknowledges(&Pay::of(&account, "P-1", "11500.00")).await;
        let payment = &world.payments().await[0];
        let raw = world.ledger.notification(payment.id).await.unwrap().unwrap();
        let body: serde_json::Value = serde_json::from_slice(&raw.body).unwrap();
        assert_eq!(body["paidAmount"]["value"], "11500.00");
        let headers: serde_json::Value = serde_json::from_str(&raw.headers).unwrap();
        assert_eq!(headers["X-EXTERNAL-ID"], "418075533589");
        assert!(headers["X-SIGNATURE"].as_str().is_some_and(|text| text.len() > 80));
        assert_eq!(raw.path, "/v1/transfer-va/payment");
        assert_eq!(raw.received_at, NOW);
    }

    async fn many_at_once_share_commits_and_are_each_kept_once(world) {
        let account = world.reusable("TOPUP-1").await;
        let pays: Vec<Pay> = (0..150)
            .map(|place| Pay::of(&account, &format!("P-{}", place % 100), "10000.00"))
            .collect();
        let told = futures_util::future::join_all(pays.iter().map(|pay| world.notify(pay))).await;
        assert!(told.iter().all(|code| code == "2002500"));
        let after = world.known("TOPUP-1").await;
        assert_eq!(after.payments, 100);
        assert_eq!(after.credited.to_string(), "1000000.00");
        assert_eq!(world.payments().await.len(), 100);
    }
}
