//! Faults on the way to the merchant: what it hears, what DOKU thinks, and that every payment is told in the end.

use std::time::{Duration, Instant};

use doku_model::Operation;
use doku_sandbox::{EchoedMember, Fault, FaultKind, Notification, Resend, Trigger, Verdict};
use serde_json::json;

use crate::shop::{INQUIRY, PAYMENT, Shop, TOKEN};
use crate::support::{World, changed, create_own};

const TOLD: Operation = Operation::Payment;

async fn world() -> (World, Shop) {
    let shop = Shop::open().await;
    let world = World::with(|config| shop.known_to(config)).await;
    (world, shop)
}

/// Pays an account of its own with this fault on the notification.
async fn paid_with(world: &World, trx_id: &str, kind: FaultKind) -> Notification {
    world.sandbox().fault(Fault::once(kind).on(TOLD)).unwrap();
    paid(world, trx_id).await
}

async fn paid(world: &World, trx_id: &str) -> Notification {
    let data = world.created(trx_id).await;
    let number = data["virtualAccountNo"].as_str().unwrap().parse().unwrap();
    let paid = world
        .sandbox()
        .pay_and_notify(&number, "11500.00".parse().unwrap())
        .await;
    paid.unwrap().notification.unwrap()
}

#[tokio::test]
async fn a_notification_that_is_lost_comes_again() {
    for (kind, arrives) in [
        (FaultKind::DropBefore, 0),
        (FaultKind::DropAfter, 1),
        (
            FaultKind::Status {
                status: 503,
                after_work: false,
            },
            0,
        ),
        (
            FaultKind::Status {
                status: 503,
                after_work: true,
            },
            1,
        ),
        (FaultKind::Conflict, 1),
        (FaultKind::Html { status: 200 }, 1),
        (FaultKind::CutBody, 1),
    ] {
        for resend in [Resend::Fresh, Resend::Identical] {
            let shop = Shop::open().await;
            let world = World::with(|config| shop.known_to(config).resend(resend)).await;
            let name = kind.name();
            let notification = paid_with(&world, "INV-1", kind.clone()).await;
            assert!(!notification.acknowledged, "{name}");
            assert_eq!(notification.attempts[0].fault, Some(name));
            assert_eq!(shop.heard(PAYMENT).len(), arrives, "{name}");
            let entry = world.last_entry();
            assert_eq!((entry.verdict, entry.fault), (Verdict::Faulted, Some(name)));

            world.sandbox().advance(Duration::from_secs(30 * 60));
            world.sandbox().deliver_due().await;
            let told = world.sandbox().notifications().pop().unwrap();
            assert!(told.acknowledged, "{name}");
            assert_eq!(told.attempts[1].trigger, Trigger::Retry);
        }
    }
}

#[tokio::test]
async fn a_late_notification_is_told_all_the_same() {
    let (world, shop) = world().await;
    let begun = Instant::now();
    let notification = paid_with(&world, "INV-1", FaultKind::Delay { milliseconds: 60 }).await;
    assert!(begun.elapsed() >= Duration::from_millis(60));
    assert!(notification.acknowledged);
    assert_eq!(shop.heard(PAYMENT).len(), 1);
}

#[tokio::test]
async fn a_duplicate_is_the_same_bytes_twice() {
    let (world, shop) = world().await;
    let notification = paid_with(&world, "INV-1", FaultKind::Duplicate).await;
    assert!(notification.acknowledged);
    let told = shop.heard(PAYMENT);
    assert_eq!(told.len(), 2);
    assert_eq!(told[0], told[1]);
    let journal = world.sandbox().journal(0);
    let twice = journal
        .iter()
        .filter(|entry| entry.operation == Some("payment"));
    assert_eq!(twice.count(), 2);
}

#[tokio::test]
async fn a_notification_out_of_order_comes_after_the_next_one() {
    let (world, shop) = world().await;
    let held = paid_with(&world, "INV-1", FaultKind::OutOfOrder).await;
    assert!(held.attempts.is_empty() && !held.acknowledged);
    assert!(held.next_attempt.is_some());
    assert!(shop.heard(PAYMENT).is_empty());
    paid(&world, "INV-2").await;
    let order: Vec<_> = shop
        .heard(PAYMENT)
        .iter()
        .map(|told| told.json()["trxId"].clone())
        .collect();
    assert_eq!(order, ["INV-2", "INV-1"]);
    let all = world.sandbox().notifications();
    assert!(all.iter().all(|notification| notification.acknowledged));
    assert_eq!(all[0].attempts[0].trigger, Trigger::OutOfOrder);

    // Where none comes after it, its own time comes.
    paid_with(&world, "INV-3", FaultKind::OutOfOrder).await;
    world.sandbox().advance(Duration::from_secs(30 * 60));
    world.sandbox().deliver_due().await;
    assert!(world.sandbox().notifications()[2].acknowledged);
}

#[tokio::test]
async fn signatures_are_broken_and_replayed() {
    let (world, shop) = world().await;
    paid_with(&world, "INV-1", FaultKind::BrokenSignature).await;
    let broken = shop.last(PAYMENT);
    assert!(!broken.is_signed_over("opaque-token-1"));
    paid(&world, "INV-2").await;
    let genuine = shop.last(PAYMENT);
    assert!(genuine.is_signed_over("opaque-token-1"));
    paid_with(&world, "INV-3", FaultKind::ReplayedSignature).await;
    let replayed = shop.last(PAYMENT);
    assert_eq!(replayed.json()["trxId"], "INV-3");
    for header in ["x-signature", "x-timestamp"] {
        assert_eq!(replayed.header(header), genuine.header(header));
    }
    assert!(!replayed.is_signed_over("opaque-token-1"));

    // The same for the token: nothing was signed before, so there is nothing to replay.
    for kind in [FaultKind::BrokenSignature, FaultKind::ReplayedSignature] {
        world.sandbox().reset();
        let fault = Fault::once(kind).to_merchant().on(Operation::Token);
        world.sandbox().fault(fault).unwrap();
        paid(&world, "INV-1").await;
        assert!(!shop.last(TOKEN).is_signed_by_doku());
    }
}

#[tokio::test]
async fn what_is_sent_again_is_not_spoilt_again() {
    for kind in [
        FaultKind::BrokenSignature,
        FaultKind::WrongAmount,
        FaultKind::InvalidToken,
    ] {
        let shop = Shop::open().await;
        let world = World::with(|config| shop.known_to(config).resend(Resend::Identical)).await;
        paid_with(&world, "INV-1", kind).await;
        world.sandbox().resend(1).await.unwrap();
        let told = shop.last(PAYMENT);
        assert!(told.is_signed_over("opaque-token-1"));
        assert_eq!(told.json()["paidAmount"]["value"], "11500.00");
    }
}

#[tokio::test]
async fn a_token_may_be_forged_or_old() {
    let (world, shop) = world().await;
    let bearer = |path| {
        let heard = shop.last(path);
        let token = heard.header("authorization").unwrap();
        let token = token.strip_prefix("Bearer ").unwrap().to_owned();
        // Only the token is wrong: the signature is made with it.
        assert!(heard.is_signed_over(&token));
        token
    };
    paid_with(&world, "INV-1", FaultKind::InvalidToken).await;
    let forged = bearer(PAYMENT);
    assert_ne!(forged, "opaque-token-1");
    assert_eq!(forged.len(), "opaque-token-1".len());

    world.sandbox().advance(Duration::from_secs(901));
    paid_with(&world, "INV-2", FaultKind::ExpiredToken).await;
    assert_eq!(bearer(PAYMENT), "opaque-token-1");
    paid(&world, "INV-3").await;
    assert_eq!(bearer(PAYMENT), "opaque-token-2");

    let fault = Fault::once(FaultKind::InvalidToken).on(Operation::Inquiry);
    world.sandbox().fault(fault).unwrap();
    let number = "81302007".parse().unwrap();
    world.sandbox().inquire(&number).await.unwrap();
    assert_ne!(bearer(INQUIRY), "opaque-token-2");
}

#[tokio::test]
async fn another_amount_is_told_than_was_paid() {
    let (world, shop) = world().await;
    let notification = paid_with(&world, "INV-1", FaultKind::WrongAmount).await;
    let told = shop.last(PAYMENT);
    assert_eq!(told.json()["paidAmount"]["value"], "11501.00");
    assert!(told.is_signed_over("opaque-token-1"));
    assert_eq!(notification.paid_amount, "11500.00");
}

#[tokio::test]
async fn something_else_is_told_of_than_was_paid_and_is_signed_properly() {
    for (member, told) in [
        (EchoedMember::TrxId, json!({ "trxId": "INV-0" })),
        (
            EchoedMember::VirtualAccountNo,
            json!({ "customerNo": "9", "virtualAccountNo": "    81299" }),
        ),
        (
            EchoedMember::Currency,
            json!({ "paidAmount": { "currency": "USD", "value": "11500.00" } }),
        ),
    ] {
        let (world, shop) = world().await;
        let data = create_own("INV-1", "6");
        world.call(Operation::CreateVa, &data).await;
        let fault = Fault::once(FaultKind::WrongEcho { member }).on(TOLD);
        world.sandbox().fault(fault).unwrap();
        let number = "81296".parse().unwrap();
        let amount = "11500.00".parse().unwrap();
        let paid = world.sandbox().pay_and_notify(&number, amount).await;
        let paid = paid.unwrap().notification.unwrap();
        assert!(paid.acknowledged && paid.attempts[0].notes.is_empty());
        assert_eq!(paid.attempts[0].fault, Some("wrongEcho"));
        let wrong = shop.last(PAYMENT);
        assert!(wrong.is_signed_over("opaque-token-1"));

        // What is sent again tells the truth.
        world.sandbox().resend(paid.id).await.unwrap();
        let right = shop.last(PAYMENT).json();
        assert_eq!(changed(right, told), wrong.json(), "{member:?}");
    }
}

#[tokio::test]
async fn an_inquiry_meets_faults_too() {
    let (world, shop) = world().await;
    let order = json!({ "operation": "inquiry", "kind": "status", "status": 504 });
    assert_eq!(world.post("/_sandbox/faults", &order).await.status, 200);
    let ask = json!({ "virtualAccountNo": "81302007" });
    let reply = world.post("/_sandbox/inquire", &ask).await;
    assert_eq!(
        (reply.status, reply.json()["responseCode"].as_str()),
        (502, Some("5042400"))
    );
    assert_eq!(shop.heard(INQUIRY).len(), 1);
    let order = json!({ "operation": "merchantToken", "kind": "dropBefore" });
    world.sandbox().reset();
    world.post("/_sandbox/faults", &order).await;
    let reply = world.post("/_sandbox/inquire", &ask).await;
    assert_eq!(reply.json()["error"], "noAnswer");
    assert_eq!(world.post("/_sandbox/inquire", &ask).await.status, 200);
    for wrong in [
        json!({ "operation": "inquiry", "kind": "wrongAmount" }),
        json!({ "operation": "payment", "kind": "hang" }),
        json!({ "kind": "brokenSignature" }),
        json!({ "operation": "payment", "kind": "dropAfter", "percent": 0 }),
        json!({ "operation": "payment", "direction": "inbound", "kind": "dropAfter" }),
    ] {
        let reply = world.post("/_sandbox/faults", &wrong).await;
        assert!((400..500).contains(&reply.status), "{wrong}");
    }
}

#[tokio::test]
async fn whatever_happens_by_chance_every_payment_is_told_once_it_clears() {
    for seed in 1..=3 {
        let (world, shop) = world().await;
        for (percent, kind) in [
            (30, FaultKind::DropBefore),
            (30, FaultKind::DropAfter),
            (20, FaultKind::Duplicate),
            (20, FaultKind::OutOfOrder),
            (20, FaultKind::BrokenSignature),
            (
                20,
                FaultKind::Status {
                    status: 500,
                    after_work: true,
                },
            ),
        ] {
            let fault = Fault::once(kind).on(TOLD).by_chance(percent, seed);
            world.sandbox().fault(fault).unwrap();
        }
        for number in 0..20 {
            paid(&world, &format!("INV-{number}")).await;
        }
        world.sandbox().advance(Duration::from_secs(30 * 60));
        world.sandbox().deliver_due().await;
        world.sandbox().clear_faults();
        world.sandbox().advance(Duration::from_secs(6 * 60 * 60));
        world.sandbox().deliver_due().await;
        let all = world.sandbox().notifications();
        assert_eq!(all.len(), 20);
        assert!(all.iter().all(|told| told.acknowledged), "seed {seed}");
        let told: std::collections::HashSet<_> = shop
            .heard(PAYMENT)
            .iter()
            .map(|told| told.json()["paymentRequestId"].to_string())
            .collect();
        assert_eq!(told.len(), 20);
    }
}
