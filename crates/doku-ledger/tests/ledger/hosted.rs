//! The ledger behind the endpoints: inquiries, claims, codes, and what was refused though DOKU said it.

use std::time::Duration;

use doku_ledger::account::State;
use doku_ledger::payment::{Late, Verdict};
use doku_model::request::Payment;
use doku_model::wire::{self, PaymentRequest};
use doku_model::{Bill, PositiveAmount, Timestamp};
use doku_va_btn::Change;
use doku_va_btn::hosted::{Claim, HandledStore, PaymentCode, PaymentCodeStore, PaymentKey};
use time::Duration as Span;

use crate::support::{NOW, Pay, Site, World, both};

fn key(id: &str) -> PaymentKey {
    let body = format!(
        r#"{{"virtualAccountNo":"   95962001","trxId":"INV-1","paymentRequestId":"{id}","paidAmount":{{"value":"1.00"}}}}"#
    );
    let told: PaymentRequest<'_> = wire::decode(body.as_bytes()).unwrap();
    let payment = Payment::try_from(&told).unwrap();
    PaymentKey::of(&"BRN-0211-1696919651918".parse().unwrap(), &payment)
}

fn rupiah(amount: u64) -> PositiveAmount {
    PositiveAmount::rupiah(amount).unwrap()
}

/// The code and the amount of an answer to an inquiry.
async fn asked(world: &World, number: &str) -> (String, Option<String>) {
    let answer = world.inquire(number).await;
    let amount = &answer["virtualAccountData"]["totalAmount"]["value"];
    (
        answer["responseCode"].as_str().unwrap().to_owned(),
        amount.as_str().map(str::to_owned),
    )
}

both! {
    async fn inquiries_are_answered_from_the_ledger(world) {
        assert_eq!(asked(&world, "770622007").await, ("4042412".to_owned(), None));
        let bill = World::bill("2007", "INV-1", "25000.00");
        world.ledger.register(bill, None).await.unwrap();
        let found = ("2002400".to_owned(), Some("25000.00".to_owned()));
        assert_eq!(asked(&world, "770622007").await, found);
        // Without a trxId it is matched by its number.
        world.acknowledges(&Pay::new("770622007", "", "P-1", "25000.00").without_trx_id()).await;
        assert_eq!(world.known("INV-1").await.state, State::Paid);
        assert_eq!(asked(&world, "770622007").await.0, "4042414");
        // The next bill under the same number is the one that is asked for, and a repeat of the first payment is none of it.
        let next = World::bill("2007", "INV-2", "30000.00");
        world.ledger.register(next, None).await.unwrap();
        let found = ("2002400".to_owned(), Some("30000.00".to_owned()));
        assert_eq!(asked(&world, "770622007").await, found);
        world.acknowledges(&Pay::new("770622007", "", "P-1", "25000.00").without_trx_id()).await;
        world.acknowledges(&Pay::new("770622007", "INV-2", "P-2", "30000.00")).await;
        assert_eq!(world.verdicts().await, [Verdict::Satisfied, Verdict::Satisfied]);
    }

    async fn a_bill_of_the_merchants_own_is_changed_and_deleted_in_the_ledger(world) {
        let expires = Timestamp::wib(NOW + Span::HOUR);
        let bill = World::bill("2007", "INV-1", "25000.00").expires(expires);
        let account = world.ledger.register(bill, None).await.unwrap();
        let cheaper = Change::new().bill(Bill::Closed("20000.00".parse().unwrap()));
        world.ledger.update(&world.client, &account.trx_id, &cheaper).await.unwrap();
        let found = ("2002400".to_owned(), Some("20000.00".to_owned()));
        assert_eq!(asked(&world, "770622007").await, found);
        world.clock.advance(Duration::from_secs(3600));
        assert_eq!(asked(&world, "770622007").await.0, "4042419");
        world.ledger.delete(&world.client, &account.trx_id).await.unwrap();
        assert_eq!(asked(&world, "770622007").await.0, "4042412");
        assert_eq!(world.doku.calls(doku_model::Operation::UpdateVa), 0);
        assert_eq!(
            world.event_names().await,
            ["account.requested", "account.activated", "account.updated", "account.deleted"]
        );
    }

    async fn a_newer_bill_that_is_over_does_not_hide_an_older_one_of_its_number(world) {
        let older = World::bill("2007", "INV-1", "25000.00");
        world.ledger.register(older, None).await.unwrap();
        let newer = World::bill("2007", "INV-2", "30000.00").expires(Timestamp::wib(NOW + Span::HOUR));
        let newer = world.ledger.register(newer, None).await.unwrap();
        let number = "770622007".parse().unwrap();
        let meant = async || world.ledger.account_by_number(&number).await.unwrap().unwrap().trx_id.to_string();
        assert_eq!(asked(&world, "770622007").await, ("2002400".to_owned(), Some("30000.00".to_owned())));
        assert_eq!(meant().await, "INV-2");
        // Nobody has closed it yet.
        world.clock.set(NOW + Span::HOUR);
        assert_eq!(world.known("INV-2").await.state, State::Active);
        assert_eq!(asked(&world, "770622007").await, ("2002400".to_owned(), Some("25000.00".to_owned())));
        assert_eq!(meant().await, "INV-1");
        // A refused call that names the number alone is taken for the one that may be paid.
        let unclear = r#"{"virtualAccountNo":"770622007","paymentRequestId":"P-0"}"#;
        assert_eq!(world.notify_raw(unclear).await, "5002500");
        world.kept(unclear).await;
        let refused = world.events().await.pop().unwrap();
        assert_eq!(refused.trx_id.unwrap().as_str(), "INV-1");
        // What was paid while the newer one was shown is a payment of that one, whenever it is told.
        let told = |id, amount| Pay::new("770622007", "", id, amount).without_trx_id();
        world.acknowledges(&told("P-1", "30000.00").at(NOW + Span::minutes(59))).await;
        world.acknowledges(&told("P-2", "25000.00").at(NOW + Span::minutes(61))).await;
        for (trx_id, credited) in [("INV-1", "25000.00"), ("INV-2", "30000.00")] {
            let known = world.known(trx_id).await;
            assert_eq!((known.state, known.credited.to_string()), (State::Paid, credited.to_owned()));
        }
        let late: Vec<_> = world.payments().await.iter().map(|payment| payment.late).collect();
        assert_eq!(late, [None, None]);
        assert_eq!(newer.number.as_deref(), Some("770622007"));
    }

    async fn of_bills_that_are_all_over_the_newest_is_meant(world) {
        for (trx_id, hours) in [("INV-1", 1), ("INV-2", 2)] {
            let bill = World::bill("2007", trx_id, "25000.00").expires(Timestamp::wib(NOW + Span::hours(hours)));
            world.ledger.register(bill, None).await.unwrap();
        }
        world.clock.set(NOW + Span::hours(3));
        assert_eq!(asked(&world, "770622007").await.0, "4042419");
        let pay = Pay::new("770622007", "", "P-1", "25000.00").without_trx_id();
        world.acknowledges(&pay).await;
        assert_eq!(world.known("INV-2").await.state, State::Paid);
        assert_eq!(world.payments().await[0].late, Some(Late::Expired));
    }

    async fn a_genuine_notification_that_is_not_understood_is_kept_and_asked_about(world) {
        let account = world.account("INV-1", "11500.00").await;
        let number = account.number.clone().unwrap();
        let body = format!(
            r#"{{"virtualAccountNo":"   {number}","trxId":"INV-1","paymentRequestId":"P-1","paidAmount":{{"value":"plenty"}}}}"#
        );
        assert_eq!(world.notify_raw(&body).await, "5002500");
        world.kept(&body).await;
        let kept = world.ledger.refused_calls(0, 10).await.unwrap();
        assert_eq!(kept.len(), 1);
        assert_eq!(kept[0].body, body.as_bytes());
        assert_eq!(kept[0].response_code, "5002500");
        assert_eq!(world.ledger.refused_calls_of(&account.trx_id).await.unwrap(), kept);
        let last = world.events().await.pop().unwrap();
        assert_eq!(last.kind.name(), "notification.refused");
        assert_eq!(last.trx_id.as_ref(), Some(&account.trx_id));
        // A minute later, and not before: DOKU wants to be left alone so long.
        assert_eq!(world.known("INV-1").await.check_at, Some(NOW + Span::MINUTE));
        assert_eq!(world.notify_raw("[]").await, "5002500");
        world.kept("[]").await;
        assert_eq!(world.ledger.refused_calls(kept[0].id, 10).await.unwrap().len(), 1);
        assert_eq!(world.ledger.refused_calls_of(&account.trx_id).await.unwrap(), kept);
    }

    async fn of_two_claims_one_is_new_until_it_lapses(world) {
        let (replica, _) = world.replica().await;
        let key_1 = key("P-1");
        let (ours, theirs) = tokio::join!(
            world.ledger.claim(&key_1, rupiah(1)),
            replica.claim(&key_1, rupiah(1)),
        );
        let claims = [ours.unwrap(), theirs.unwrap()];
        let new = Claim::New { other_amounts: Vec::new() };
        assert!(claims.contains(&new) && claims.contains(&Claim::Busy), "{claims:?}");
        // Other money is no repeat, and is told.
        let other = world.ledger.claim(&key("P-1"), rupiah(2)).await.unwrap();
        assert_eq!(other, Claim::New { other_amounts: vec![rupiah(1)] });
        // Whoever claimed it has died.
        world.clock.advance(Duration::from_secs(121));
        assert_eq!(replica.claim(&key("P-1"), rupiah(1)).await.unwrap(), Claim::New { other_amounts: vec![rupiah(2)] });
        // And comes back too late to release or complete what is another's.
        let (dead, alive) = (&world.ledger, &replica);
        dead.release(&key("P-1"), rupiah(1)).await.unwrap();
        assert_eq!(dead.claim(&key("P-1"), rupiah(1)).await.unwrap(), Claim::Busy);
        alive.complete(&key("P-1"), rupiah(1)).await.unwrap();
        assert_eq!(dead.claim(&key("P-1"), rupiah(1)).await.unwrap(), Claim::Handled);
        world.clock.advance(Duration::from_secs(24 * 3600));
        world.worker().round().await.unwrap();
        assert_eq!(dead.claim(&key("P-1"), rupiah(1)).await.unwrap(), Claim::Handled);
    }

    async fn a_claim_is_remembered_for_as_long_as_the_same_call_is_accepted(world) {
        // DOKU's last repeat comes 12 hours after the first, and is accepted for a day from then on, whoever sends it.
        let (replica, _) = world.replica().await;
        world.ledger.claim(&key("P-1"), rupiah(1)).await.unwrap();
        world.ledger.complete(&key("P-1"), rupiah(1)).await.unwrap();
        for repeat in 1..=3 {
            world.clock.advance(Duration::from_secs(36 * 3600 + 1800));
            world.worker().round().await.unwrap();
            // Each time it is as if it had been handled just now.
            assert_eq!(replica.claim(&key("P-1"), rupiah(1)).await.unwrap(), Claim::Handled, "repeat {repeat}");
        }
        world.clock.advance(Duration::from_secs(37 * 3600 + 1));
        world.worker().round().await.unwrap();
        let new = Claim::New { other_amounts: Vec::new() };
        assert_eq!(world.ledger.claim(&key("P-1"), rupiah(1)).await.unwrap(), new);
    }

    async fn a_flood_of_repeats_is_not_written_down_one_by_one(world) {
        world.ledger.claim(&key("P-1"), rupiah(1)).await.unwrap();
        world.ledger.complete(&key("P-1"), rupiah(1)).await.unwrap();
        let mut stranger = world.site.stranger().await;
        let mut counted = async || stranger.number("SELECT completed_at FROM claim").await;
        let first = counted().await;
        for _ in 0..3 {
            world.clock.advance(Duration::from_secs(60));
            assert_eq!(world.ledger.claim(&key("P-1"), rupiah(1)).await.unwrap(), Claim::Handled);
            assert_eq!(counted().await, first);
        }
        world.clock.advance(Duration::from_secs(3600));
        assert_eq!(world.ledger.claim(&key("P-1"), rupiah(1)).await.unwrap(), Claim::Handled);
        assert!(counted().await > first);
    }

    async fn a_claim_that_is_released_can_be_taken_again(world) {
        let new = Claim::New { other_amounts: Vec::new() };
        for _ in 0..3 {
            assert_eq!(world.ledger.claim(&key("P-1"), rupiah(1)).await.unwrap(), new);
            world.ledger.release(&key("P-1"), rupiah(1)).await.unwrap();
        }
        world.ledger.complete(&key("P-1"), rupiah(1)).await.unwrap();
        assert_eq!(world.ledger.claim(&key("P-1"), rupiah(1)).await.unwrap(), new);
    }

    async fn what_was_kept_is_handled(world) {
        let account = world.account("INV-1", "11500.00").await;
        let pay = Pay::of(&account, "P-1", "11500.00");
        world.acknowledges(&pay).await;
        let body = format!(
            r#"{{"virtualAccountNo":"{}","trxId":"INV-1","paymentRequestId":"P-1","paidAmount":{{"value":"1.00"}}}}"#,
            pay.number
        );
        let told: PaymentRequest<'_> = wire::decode(body.as_bytes()).unwrap();
        let key = PaymentKey::of(world.ledger.client_id(), &Payment::try_from(&told).unwrap());
        let store = world.ledger.kept_payments();
        assert_eq!(store.claim(&key, rupiah(11_500)).await.unwrap(), Claim::Handled);
        assert_eq!(world.ledger.claim(&key, rupiah(11_500)).await.unwrap(), Claim::Handled);
        let other = Claim::New { other_amounts: vec![rupiah(11_500)] };
        assert_eq!(store.claim(&key, rupiah(1)).await.unwrap(), other);
    }

    async fn of_many_claims_at_once_each_gets_its_own_answer(world) {
        let account = world.reusable("INV-1").await;
        for n in (0..150).step_by(3) {
            world.acknowledges(&Pay::of(&account, &format!("P-{n}"), "10000.00")).await;
        }
        let number = account.number.clone().unwrap();
        let store = world.ledger.kept_payments();
        let ask = |n: u64| {
            let (store, number, client_id) = (store.clone(), number.clone(), world.ledger.client_id().clone());
            async move {
                let body = format!(
                    r#"{{"virtualAccountNo":"{number}","trxId":"INV-1","paymentRequestId":"P-{n}","paidAmount":{{"value":"1.00"}}}}"#
                );
                let told: PaymentRequest<'_> = wire::decode(body.as_bytes()).unwrap();
                let key = PaymentKey::of(&client_id, &Payment::try_from(&told).unwrap());
                // Every other one is asked about with the amount that was kept.
                let amount = if n.is_multiple_of(2) { 10_000 } else { 1 };
                store.claim(&key, rupiah(amount)).await.unwrap()
            }
        };
        let claims = futures_util::future::join_all((0..150).map(ask)).await;
        for (n, claim) in claims.into_iter().enumerate() {
            let expected = match (n % 3, n % 2) {
                (0, 0) => Claim::Handled,
                (0, _) => Claim::New { other_amounts: vec![rupiah(10_000)] },
                _ => Claim::New { other_amounts: Vec::new() },
            };
            assert_eq!(claim, expected, "P-{n}");
        }
        let before = world.ledger.group_commits();
        let pays: Vec<_> = (200..264).map(|n| Pay::of(&account, &format!("P-{n}"), "10000.00")).collect();
        futures_util::future::join_all(pays.iter().map(|pay| world.acknowledges(pay))).await;
        let after = world.ledger.group_commits();
        assert_eq!(after.calls - before.calls, 64);
        assert!(after.commits - before.commits < 64, "what comes together shares a commit");
    }

    async fn a_payment_code_is_taken_once(world) {
        let code = PaymentCode::new("77062".parse().unwrap(), "2007".parse().unwrap()).unwrap();
        let (replica, _) = world.replica().await;
        let (ours, theirs) = tokio::join!(world.ledger.take(&code), replica.take(&code));
        assert!(ours.unwrap() != theirs.unwrap());
        assert!(!world.ledger.take(&code).await.unwrap());
    }

    async fn replicas_that_are_told_at_once_keep_one_payment(world) {
        let account = world.account("INV-1", "11500.00").await;
        let (_a, first) = world.replica().await;
        let (_b, second) = world.replica().await;
        let pay = Pay::of(&account, "P-1", "11500.00");
        let unknown = Pay::new("9596260000001", "INV-404", "P-1", "1.00");
        let (one, two, three, four, five) = tokio::join!(
            world.notify(&pay),
            world.notify_at(&first, &pay),
            world.notify_at(&second, &pay),
            world.notify(&unknown),
            world.notify_at(&first, &unknown),
        );
        for code in [one, two, three, four, five] {
            assert_eq!(code, "2002500");
        }
        let mut verdicts = world.verdicts().await;
        verdicts.sort_by_key(|verdict| verdict.as_str());
        assert_eq!(verdicts, [Verdict::Satisfied, Verdict::UnknownTrxId]);
        let names = world.event_names().await;
        assert_eq!(names.iter().filter(|name| **name == "account.paid").count(), 1);
    }
}
