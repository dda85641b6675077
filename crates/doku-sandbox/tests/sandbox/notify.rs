//! Notifications: what they say, what counts as acknowledged, when they come again, and in which forms.

use std::time::Duration;

use doku_sandbox::{Dialect, HeaderClock, Notification, Resend, SandboxConfig, Trigger, Verdict};
use insta::assert_json_snapshot;
use serde_json::{Value, json};

use crate::shop::{INQUIRY, PAYMENT, Shop, TOKEN, thanks};
use crate::support::{DGPC, MERCHANT, World, changed};

async fn world(configure: impl FnOnce(SandboxConfig) -> SandboxConfig) -> (World, Shop) {
    let shop = Shop::open().await;
    let world = World::with(|config| configure(shop.known_to(config))).await;
    (world, shop)
}

/// Creates an account, pays it, and gives the notification after its first attempt.
async fn paid(world: &World, trx_id: &str) -> Notification {
    let data = world.created(trx_id).await;
    let number = data["virtualAccountNo"].as_str().unwrap().parse().unwrap();
    let amount = "11500.00".parse().unwrap();
    let paid = world
        .sandbox()
        .pay_and_notify(&number, amount)
        .await
        .unwrap();
    paid.notification.unwrap()
}

fn only(world: &World) -> Notification {
    let mut all = world.sandbox().notifications();
    assert_eq!(all.len(), 1);
    all.pop().unwrap()
}

async fn advance(world: &World, seconds: u64) {
    world.sandbox().advance(Duration::from_secs(seconds));
    world.sandbox().deliver_due().await;
}

fn triggers(notification: &Notification) -> Vec<Trigger> {
    notification
        .attempts
        .iter()
        .map(|attempt| attempt.trigger)
        .collect()
}

#[tokio::test]
async fn a_payment_is_told_signed_and_acknowledged() {
    let (world, shop) = world(|config| config).await;
    let notification = paid(&world, "INV-1").await;
    assert!(notification.acknowledged);
    assert_eq!(notification.next_attempt, None);
    let told = shop.last(PAYMENT);
    // The path of the merchant's URL is signed, with its query.
    assert!(told.is_signed_over("opaque-token-1"));
    assert_eq!(
        told.header("x-partner-id"),
        Some(MERCHANT.client_id().as_str())
    );
    assert_eq!(told.header("channel-id"), Some("VA004"));
    let mut body = told.json();
    assert_eq!(body["paymentRequestId"], notification.payment_request_id);
    let time: doku_model::Timestamp = body["trxDateTime"].as_str().unwrap().parse().unwrap();
    assert!(
        (time.instant() - world.sandbox().now().instant())
            .abs()
            .whole_seconds()
            < 60
    );
    body["paymentRequestId"] = json!("…");
    body["trxDateTime"] = json!("…");
    assert_json_snapshot!("notification", body);

    let entry = world.last_entry();
    assert_eq!(entry.operation, Some("payment"));
    assert_eq!(entry.verdict, Verdict::Accepted);
    assert_eq!(entry.response_code.as_deref(), Some("2002500"));
    assert_eq!(entry.answer, Some(thanks(&told.json()).to_string()));
    assert_eq!(notification.attempts[0].journal, Some(entry.number));
}

#[tokio::test]
async fn only_http_200_with_2002500_is_an_acknowledgement() {
    let (world, shop) = world(|config| config).await;
    let with = |code: &'static str| {
        move |told: &Value| changed(thanks(told), json!({ "responseCode": code })).to_string()
    };
    let number =
        |told: &Value| changed(thanks(told), json!({ "responseCode": 2_002_500 })).to_string();
    type Body = Box<dyn Fn(&Value) -> String + Send>;
    let cases: Vec<(u16, Body, bool, &str)> = vec![
        (200, Box::new(with("2002500")), true, ""),
        (200, Box::new(number), true, ""),
        (500, Box::new(with("2002500")), false, "HTTP 500"),
        (202, Box::new(with("2002500")), false, "HTTP 202"),
        (302, Box::new(with("2002500")), false, "HTTP 302"),
        (
            200,
            Box::new(with("2002700")),
            false,
            "2002700, the success code of another operation",
        ),
        (
            200,
            Box::new(with("4012501")),
            false,
            "responseCode is 4012501; DOKU waits for 2002500",
        ),
        (200, Box::new(with("")), false, "responseCode is missing"),
        (
            200,
            Box::new(|_| "{}".to_owned()),
            false,
            "responseCode is missing",
        ),
        (
            200,
            Box::new(|_| "<html>".to_owned()),
            false,
            "responseCode is missing",
        ),
        (
            200,
            Box::new(|_| String::new()),
            false,
            "responseCode is missing",
        ),
    ];
    for (index, (status, body, acknowledged, reason)) in cases.into_iter().enumerate() {
        shop.answer_payment(move |told| (status, body(told)));
        let notification = paid(&world, &format!("INV-{index}")).await;
        assert_eq!(notification.acknowledged, acknowledged, "{index}");
        let attempt = &notification.attempts[0];
        assert_eq!(
            (attempt.status, attempt.acknowledged),
            (status, acknowledged)
        );
        let said = attempt.reason.as_deref().unwrap_or_default();
        assert!(
            said.contains(reason) && said.is_empty() == reason.is_empty(),
            "{index}: {said}"
        );
        assert_eq!(notification.next_attempt.is_none(), acknowledged);
        let verdict = if acknowledged {
            Verdict::Accepted
        } else {
            Verdict::Refused
        };
        assert_eq!(world.last_entry().verdict, verdict);
    }
}

#[tokio::test]
async fn the_echo_is_judged_member_by_member() {
    let (world, shop) = world(|config| config).await;
    let notes = async |trx_id: &str| {
        let notification = paid(&world, trx_id).await;
        assert!(notification.acknowledged);
        let notes = &notification.attempts[0].notes;
        notes
            .iter()
            .map(|note| format!("{} {}", note.field, note.what))
            .collect::<Vec<_>>()
    };
    assert!(notes("INV-1").await.is_empty());
    shop.answer_payment(|told| {
        let mut answer = thanks(told);
        answer["virtualAccountData"] = json!({
            "partnerServiceId": "95962", "customerNo": "1", "virtualAccountNo": null,
            "virtualAccountName": "", "paymentRequestId": told["paymentRequestId"],
        });
        (200, answer.to_string())
    });
    assert_eq!(
        notes("INV-2").await,
        [
            "virtualAccountData.partnerServiceId is padded in another way than what was sent",
            "virtualAccountData.customerNo is not what was sent",
            "virtualAccountData.virtualAccountNo is missing",
            "virtualAccountData.virtualAccountName is missing",
        ]
    );
    // Flat and with numbers, as one official SDK answers.
    shop.answer_payment(|told| {
        let mut flat = thanks(told)["virtualAccountData"].clone();
        flat["responseCode"] = json!(2_002_500);
        (200, flat.to_string())
    });
    assert_eq!(
        notes("INV-3").await,
        [
            "responseCode is a number; DOKU's samples have a text",
            "responseMessage is missing",
            "virtualAccountData is missing",
        ]
    );
}

#[tokio::test]
async fn it_comes_again_after_30_minutes_6_hours_and_12_hours() {
    let (world, shop) = world(|config| config).await;
    shop.answer_payment(|_| (503, "{}".to_owned()));
    paid(&world, "INV-1").await;
    let mut heard = 1;
    let (minute, hour) = (60, 60 * 60);
    for (wait, comes) in [
        (29 * minute, false),
        (minute, true),
        (5 * hour, false),
        (hour / 2, true),
        (5 * hour, false),
        (hour, true),
        (48 * hour, false),
    ] {
        advance(&world, wait).await;
        heard += usize::from(comes);
        assert_eq!(shop.heard(PAYMENT).len(), heard);
    }
    let notification = only(&world);
    assert_eq!(
        triggers(&notification),
        [
            Trigger::Payment,
            Trigger::Retry,
            Trigger::Retry,
            Trigger::Retry
        ]
    );
    assert!(!notification.acknowledged);
    assert_eq!(notification.next_attempt, None);
    // Every attempt tells of the same payment under another external id.
    let told = shop.heard(PAYMENT);
    let ids: std::collections::HashSet<_> = told
        .iter()
        .map(|told| told.header("x-external-id"))
        .collect();
    assert_eq!(ids.len(), 4);
    assert!(told.iter().all(|again| again.body == told[0].body));
    for again in &told {
        let token = again
            .header("authorization")
            .unwrap()
            .trim_start_matches("Bearer ");
        assert!(again.is_signed_over(token));
    }
}

#[tokio::test]
async fn it_does_not_come_again_once_acknowledged() {
    let (world, shop) = world(|config| config).await;
    shop.answer_payment(|_| (503, "{}".to_owned()));
    paid(&world, "INV-1").await;
    shop.recover();
    advance(&world, 30 * 60).await;
    assert!(only(&world).acknowledged);
    advance(&world, 48 * 60 * 60).await;
    assert_eq!(shop.heard(PAYMENT).len(), 2);
}

#[tokio::test]
async fn what_became_due_meanwhile_comes_in_its_order() {
    let (world, shop) = world(|config| config).await;
    shop.answer_payment(|_| (503, "{}".to_owned()));
    paid(&world, "INV-1").await;
    paid(&world, "INV-2").await;
    let reply = world
        .post(
            "/_sandbox/clock",
            &json!({ "advanceSeconds": 24 * 60 * 60 }),
        )
        .await;
    assert_eq!(reply.status, 200);
    let trx_ids: Vec<_> = shop
        .heard(PAYMENT)
        .iter()
        .map(|told| told.json()["trxId"].clone())
        .collect();
    assert_eq!(trx_ids.len(), 8);
    assert_eq!(trx_ids[2..4], [json!("INV-1"), json!("INV-2")]);
}

#[tokio::test]
async fn the_schedule_is_kept_without_anybody_waiting() {
    let (world, shop) = world(|config| config).await;
    shop.answer_payment(|_| (503, "{}".to_owned()));
    paid(&world, "INV-1").await;
    shop.recover();
    world.sandbox().advance(Duration::from_secs(30 * 60));
    let acknowledged = async {
        while !only(&world).acknowledged {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), acknowledged)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_payer_who_walks_away_changes_nothing() {
    let (world, shop) = world(|config| config).await;
    let data = world.created("INV-1").await;
    let number = data["virtualAccountNo"].as_str().unwrap().parse().unwrap();
    let amount = "11500.00".parse().unwrap();
    {
        let mut paying = std::pin::pin!(world.sandbox().pay_and_notify(&number, amount));
        let taken = async {
            while world.sandbox().notifications().is_empty() {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            biased;
            _ = &mut paying => {}
            () = taken => {}
        }
    }
    world.sandbox().deliver_due().await;
    let acknowledged = async {
        while !only(&world).acknowledged {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), acknowledged)
        .await
        .unwrap();
    assert_eq!(shop.heard(PAYMENT).len(), 1);
}

#[tokio::test]
async fn a_fresh_resend_is_signed_anew() {
    let (world, shop) = world(|config| config).await;
    paid(&world, "INV-1").await;
    let reply = world
        .post("/_sandbox/notifications/1/resend", &json!({}))
        .await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(reply.json()["attempts"][1]["trigger"], "resend");
    let told = shop.heard(PAYMENT);
    assert_eq!(told[0].body, told[1].body);
    assert_ne!(
        told[0].header("x-external-id"),
        told[1].header("x-external-id")
    );
    assert!(told[1].is_signed_over("opaque-token-1"));
    for wrong in ["0", "2", "x"] {
        let target = format!("/_sandbox/notifications/{wrong}/resend");
        assert_eq!(world.post(&target, &json!({})).await.status, 404);
    }
    assert!(world.sandbox().resend(9).await.is_none());
    let list = world.get("/_sandbox/notifications").await.json();
    assert_eq!(list["notifications"][0]["paidAmount"], "11500.00");
}

#[tokio::test]
async fn an_identical_resend_is_the_same_bytes_even_after_12_hours() {
    let (world, shop) = world(|config| config.resend(Resend::Identical)).await;
    shop.answer_payment(|_| (503, "{}".to_owned()));
    paid(&world, "INV-1").await;
    advance(&world, 12 * 60 * 60).await;
    world.sandbox().resend(1).await.unwrap();
    let told = shop.heard(PAYMENT);
    assert_eq!(told.len(), 5);
    assert!(told.iter().all(|again| *again == told[0]), "{told:#?}");
    assert_eq!(shop.heard(TOKEN).len(), 1, "a repetition needs no token");
}

#[tokio::test]
async fn the_clock_of_the_headers_is_chosen() {
    for (clock, hours) in [(HeaderClock::Machine, 0), (HeaderClock::Sandbox, 6)] {
        let (world, shop) = world(|config| config.header_clock(clock)).await;
        world.sandbox().advance(Duration::from_secs(6 * 60 * 60));
        paid(&world, "INV-1").await;
        let told = shop.last(PAYMENT);
        let time: doku_model::Timestamp = told.header("x-timestamp").unwrap().parse().unwrap();
        let ahead = time.instant() - time::OffsetDateTime::now_utc();
        assert!((ahead - time::Duration::hours(hours)).abs() < time::Duration::minutes(1));
    }
}

#[tokio::test]
async fn every_dialect_is_spoken() {
    let speak = async |text: &str| {
        let dialect: Dialect = text.parse().unwrap();
        let (world, shop) = world(|config| config.dialect(dialect)).await;
        assert!(paid(&world, "INV-1").await.acknowledged, "{text}");
        let own = world.token().await;
        world.sandbox().resend(1).await.unwrap();
        let number = "81302007".parse().unwrap();
        world.sandbox().inquire(&number).await.unwrap();
        (shop, own)
    };
    for (text, psid) in [
        ("padding=blanks", DGPC),
        ("padding=none", "95962"),
        ("padding=zeros", "00095962"),
    ] {
        let (shop, _) = speak(text).await;
        let body = shop.last(PAYMENT).json();
        assert_eq!(body["partnerServiceId"], psid);
        let customer_no = body["customerNo"].as_str().unwrap();
        assert_eq!(body["virtualAccountNo"], format!("{psid}{customer_no}"));
    }
    for (text, ending, length) in [
        ("timestamp=wib", "+07:00", 25),
        ("timestamp=utc", "Z", 20),
        ("timestamp=utcMilliseconds", "Z", 24),
    ] {
        let (shop, _) = speak(text).await;
        for path in [TOKEN, PAYMENT, INQUIRY] {
            let heard = shop.last(path);
            let time = heard.header("x-timestamp").unwrap();
            assert!(time.ends_with(ending) && time.len() == length, "{time}");
        }
        assert_eq!(
            shop.last(PAYMENT).json()["trxDateTime"]
                .as_str()
                .unwrap()
                .len(),
            length
        );
    }
    for (text, length) in [("externalId=digits12", 12), ("externalId=long55", 55)] {
        let (shop, _) = speak(text).await;
        assert_eq!(
            shop.last(PAYMENT).header("x-external-id").unwrap().len(),
            length
        );
    }
    for (text, channel_id) in [
        ("channelId=H2H", Some("H2H")),
        ("channelId=name", Some("VIRTUAL_ACCOUNT_BTN")),
        ("channelId=absent", None),
    ] {
        let (shop, _) = speak(text).await;
        assert_eq!(shop.last(PAYMENT).header("channel-id"), channel_id);
    }
    let (shop, _) = speak("bearer=bearer").await;
    assert_eq!(
        shop.last(PAYMENT).header("authorization"),
        Some("bearer opaque-token-1")
    );

    let (shop, _) = speak("members=mandatory").await;
    let body = shop.last(PAYMENT).json();
    let members: Vec<_> = body.as_object().unwrap().keys().cloned().collect();
    assert_eq!(
        members,
        [
            "customerNo",
            "paidAmount",
            "partnerServiceId",
            "paymentRequestId",
            "trxId",
            "virtualAccountNo"
        ]
    );
}

#[tokio::test]
async fn every_reading_of_the_token_slot_is_signed() {
    for text in ["bearer", "empty", "noBearer", "dokuToken", "dokuBearer"] {
        let dialect: Dialect = format!("tokenSlot={text}").parse().unwrap();
        let (world, shop) = world(|config| config.dialect(dialect)).await;
        let data = world.created("INV-1").await;
        // The token that the merchant holds: the last one that DOKU issued.
        let own = world.token().await;
        let number = data["virtualAccountNo"].as_str().unwrap().parse().unwrap();
        let paid = world
            .sandbox()
            .pay_and_notify(&number, "11500.00".parse().unwrap())
            .await;
        assert!(paid.unwrap().notification.unwrap().acknowledged);
        let told = shop.last(PAYMENT);
        let (presented, signed) = match text {
            "bearer" => (Some("opaque-token-1"), "opaque-token-1"),
            "empty" => (Some("opaque-token-1"), ""),
            "noBearer" => (None, ""),
            "dokuToken" => (Some("opaque-token-1"), own.as_str()),
            _ => (Some(own.as_str()), own.as_str()),
        };
        let presented = presented.map(|token| format!("Bearer {token}"));
        assert_eq!(told.header("authorization"), presented.as_deref(), "{text}");
        assert!(told.is_signed_over(signed), "{text}");
        let fetched = shop.heard(TOKEN).len();
        assert_eq!(
            fetched,
            usize::from(!matches!(text, "noBearer" | "dokuBearer"))
        );
    }
}

#[tokio::test]
async fn tokens_and_signatures_stay_out_of_the_journal() {
    let (world, shop) = world(|config| config).await;
    shop.answer_payment(|told| {
        let leaky = changed(thanks(told), json!({ "youSent": "Bearer opaque-token-1" }));
        (200, leaky.to_string())
    });
    paid(&world, "INV-1").await;
    let signature = shop.last(PAYMENT).header("x-signature").unwrap().to_owned();
    let shown = world.get("/_sandbox/journal").await.text();
    let listed = world.get("/_sandbox/notifications").await.text();
    for secret in ["opaque-token-1", &signature, MERCHANT.client_secret()] {
        assert!(
            !shown.contains(secret) && !listed.contains(secret),
            "{secret}"
        );
        assert!(!format!("{:?}", world.sandbox()).contains(secret));
    }
    assert!(shown.contains("Bearer [token]"));
}

#[tokio::test]
async fn a_merchant_without_a_token_is_told_later() {
    let (world, shop) = world(|config| config).await;
    shop.answer_token(500, "{}");
    let notification = paid(&world, "INV-1").await;
    let attempt = &notification.attempts[0];
    assert_eq!((attempt.journal, attempt.status), (None, 0));
    assert!(
        attempt
            .reason
            .as_deref()
            .unwrap()
            .contains("merchantToken failed: HTTP 500")
    );
    assert!(shop.heard(PAYMENT).is_empty());
    shop.answer_token(200, r#"{"accessToken":"t","expiresIn":900}"#);
    advance(&world, 30 * 60).await;
    assert!(only(&world).acknowledged);
    assert!(shop.last(PAYMENT).is_signed_over("t"));
}

#[tokio::test]
async fn without_a_notification_url_nobody_is_told() {
    let world = World::start().await;
    let data = world.created("INV-1").await;
    let number = data["virtualAccountNo"].as_str().unwrap().parse().unwrap();
    let paid = world
        .sandbox()
        .pay_and_notify(&number, "11500.00".parse().unwrap())
        .await;
    assert_eq!(paid.unwrap().notification, None);
    assert!(world.sandbox().notifications().is_empty());
}

#[tokio::test]
async fn a_reset_forgets_what_was_to_be_told() {
    let (world, shop) = world(|config| config).await;
    shop.answer_payment(|_| (503, "{}".to_owned()));
    paid(&world, "INV-1").await;
    world.sandbox().reset();
    assert!(world.sandbox().notifications().is_empty());
    advance(&world, 48 * 60 * 60).await;
    assert_eq!(shop.heard(PAYMENT).len(), 1);
    shop.recover();
    assert_eq!(paid(&world, "INV-1").await.id, 1);
    assert_eq!(shop.heard(TOKEN).len(), 2, "the token is forgotten, too");
}
