//! What may stand in the token's place of a signature: one reading by default, the others by choice.

use std::time::Duration;

use doku_sign::AccessToken;
use doku_va_btn::hosted::{Event, Freshness, Refusal};
use doku_va_btn::{HostedDialect, TokenSlot, TokenSlots};

use crate::support::{
    Call, HOUR, INQUIRY, INQUIRY_PATH, MERCHANT, MINUTE, PAYMENT, PAYMENT_PATH, Signing, World,
};

/// As DOKU's sample notification carries one: `iss` is DOKU.
const BY_DOKU: &str = "eyJhbGciOiJSUzI1NiJ9.eyJleHAiOjE2OTgwNTA3NDMsImlzcyI6IkRPS1UiLCJjbGllbnRJZCI6IkJSTi0wMjExIn0.c2ln";

fn with(token_slots: TokenSlots) -> World {
    let dialect = HostedDialect {
        token_slots,
        ..HostedDialect::default()
    };
    World::with(|builder| builder.dialect(dialect))
}

fn empty() -> World {
    with(TokenSlots {
        empty: true,
        ..TokenSlots::default()
    })
}

fn doku_bearer() -> World {
    with(TokenSlots {
        doku_bearer: true,
        ..TokenSlots::default()
    })
}

/// A call with `slot` in the token's place, presenting `bearer`.
fn call(world: &World, path: &str, slot: &str, bearer: Option<&str>) -> Call {
    let body = if path == PAYMENT_PATH {
        PAYMENT
    } else {
        INQUIRY
    };
    let timestamp = world.timestamp();
    let signed = Signing {
        path,
        body: body.as_bytes(),
        token: slot,
        timestamp: &timestamp,
        ..Signing::default()
    };
    let call = signed.call(path, body.as_bytes(), bearer.unwrap_or(""), &timestamp);
    match bearer {
        Some(_) => call,
        None => call.without("Authorization"),
    }
}

#[tokio::test]
async fn by_default_nothing_but_our_own_bearer_counts() {
    let world = World::new();
    let ours = world.token().await;
    for (slot, bearer, code) in [
        ("", None, "4012500"),
        ("", Some(ours.as_str()), "4012500"),
        (BY_DOKU, Some(BY_DOKU), "4012501"),
    ] {
        let call = call(&world, PAYMENT_PATH, slot, bearer);
        world.refuses_genuine(&call, code).await;
    }
    let of_the_merchant = call(&world, PAYMENT_PATH, "the merchant's own", Some(&ours));
    world.refuses(&of_the_merchant, "4012500").await;
}

#[tokio::test]
async fn a_reading_that_is_off_is_recognised_and_named_to_the_merchant() {
    let world = World::new();
    let call = call(&world, PAYMENT_PATH, "", None);
    let refusal = world.refuses_genuine(&call, "4012500").await;
    assert!(matches!(refusal, Refusal::SlotNotEnabled(TokenSlot::Empty)));
    assert_eq!(
        refusal.to_string(),
        "the signature is genuine with nothing in the token slot, a reading that is not switched on"
    );
}

#[tokio::test]
async fn empty_with_and_without_a_bearer() {
    let world = empty();
    let ours = world.token().await;
    for bearer in [None, Some(ours.as_str()), Some(BY_DOKU), Some("")] {
        let call = call(&world, PAYMENT_PATH, "", bearer);
        world.acknowledges(&call).await;
        let asked = self::call(&world, INQUIRY_PATH, "", bearer);
        assert_eq!(world.ask(&asked).await.code(), "2002400");
    }
    assert_eq!(
        world.merchant.last_paid().freshness(),
        Freshness::Timestamp {
            slot: TokenSlot::Empty
        }
    );
    // The default still counts.
    let own = call(&world, PAYMENT_PATH, &ours, Some(&ours));
    world.acknowledges(&own).await;
}

#[tokio::test]
async fn empty_can_still_not_be_forged() {
    let world = empty();
    let good = call(&world, PAYMENT_PATH, "", None);
    let tampered = Call {
        body: PAYMENT.replace("11500.00", "91500.00").into_bytes(),
        ..good
    };
    let refusal = world.refuses(&tampered, "4012500").await;
    assert!(matches!(refusal, Refusal::Mismatch(_)), "{refusal}");
}

#[tokio::test]
async fn a_bearer_by_doku() {
    let world = doku_bearer();
    let call = call(&world, PAYMENT_PATH, BY_DOKU, Some(BY_DOKU));
    world.acknowledges(&call).await;
    assert_eq!(
        world.merchant.last_paid().freshness(),
        Freshness::Timestamp {
            slot: TokenSlot::Presented
        }
    );
    let asked = self::call(&world, INQUIRY_PATH, BY_DOKU, Some(BY_DOKU));
    assert_eq!(world.ask(&asked).await.code(), "2002400");
}

#[tokio::test]
async fn a_bearer_by_doku_does_not_make_ours_live_longer() {
    let world = doku_bearer();
    let token = world.issued(&MERCHANT, Duration::from_secs(900));
    world.clock.advance(HOUR);
    let call = call(&world, INQUIRY_PATH, &token, Some(&token));
    world.refuses_inquiry(&call, "4012401").await;
}

#[tokio::test]
async fn doku_bearer_alone_takes_ours_for_ours() {
    let world = with(TokenSlots {
        own_bearer: false,
        doku_bearer: true,
        empty: false,
    });
    let ours = world.token().await;
    let call = call(&world, PAYMENT_PATH, &ours, Some(&ours));
    world.acknowledges(&call).await;
    assert_eq!(
        world.merchant.last_paid().freshness(),
        Freshness::LiveBearer
    );
}

#[tokio::test]
async fn the_merchants_own_token() {
    let world = World::with(|builder| {
        builder.merchant_tokens(|| vec![AccessToken::new("current"), AccessToken::new("previous")])
    });
    for slot in ["current", "previous"] {
        for bearer in [None, Some(BY_DOKU)] {
            let call = call(&world, PAYMENT_PATH, slot, bearer);
            world.acknowledges(&call).await;
        }
    }
    assert_eq!(
        world.merchant.last_paid().freshness(),
        Freshness::Timestamp {
            slot: TokenSlot::MerchantToken
        }
    );
    let call = call(&world, PAYMENT_PATH, "another", None);
    world.refuses(&call, "4012500").await;
}

#[tokio::test]
async fn a_source_of_tokens_that_breaks_leaves_the_default() {
    let world = World::with(|builder| builder.merchant_tokens(|| panic!("a bug")));
    let ours = world.token().await;
    let good = call(&world, PAYMENT_PATH, &ours, Some(&ours));
    world.acknowledges(&good).await;
    let bad = call(&world, PAYMENT_PATH, "x", None);
    world.refuses(&bad, "4012503").await;
}

#[tokio::test]
async fn without_a_bearer_of_ours_the_clock_decides() {
    let second = Duration::from_secs(1);
    // An inquiry: fifteen minutes. A notification: a day back.
    for (path, age, accepted) in [
        (INQUIRY_PATH, 15 * MINUTE, true),
        (INQUIRY_PATH, 15 * MINUTE + second, false),
        (PAYMENT_PATH, 12 * HOUR, true),
        (PAYMENT_PATH, 24 * HOUR, true),
        (PAYMENT_PATH, 24 * HOUR + second, false),
    ] {
        let world = empty();
        let call = call(&world, path, "", None);
        world.clock.advance(age);
        if path == PAYMENT_PATH {
            if accepted {
                world.acknowledges(&call).await;
            } else {
                let refusal = world.refuses_genuine(&call, "4012500").await;
                assert!(matches!(refusal, Refusal::Stale { .. }), "{refusal}");
            }
        } else if accepted {
            assert_eq!(world.ask(&call).await.code(), "2002400");
        } else {
            world.refuses_inquiry(&call, "4012400").await;
        }
    }
    // And ahead: fifteen minutes for both.
    for (ahead, accepted) in [(15 * MINUTE, true), (15 * MINUTE + second, false)] {
        let future = empty();
        future.clock.advance(ahead);
        let call = call(&future, PAYMENT_PATH, "", None);
        let world = empty();
        if accepted {
            world.acknowledges(&call).await;
        } else {
            let refusal = world.refuses_genuine(&call, "4012500").await;
            assert!(matches!(refusal, Refusal::Early { .. }), "{refusal}");
        }
    }
}

#[tokio::test]
async fn a_timestamp_that_is_none_is_needed_only_without_a_bearer() {
    let world = empty();
    let token = world.token().await;
    let timestamp = "2026-09-13 10:16:10";
    for (path, body) in [(PAYMENT_PATH, PAYMENT), (INQUIRY_PATH, INQUIRY)] {
        let sign = |token: &str| {
            Signing {
                path,
                body: body.as_bytes(),
                token,
                timestamp,
                ..Signing::default()
            }
            .call(path, body.as_bytes(), token, timestamp)
        };
        let with_bearer = sign(&token);
        let without = sign("").without("Authorization");
        if path == PAYMENT_PATH {
            world.acknowledges(&with_bearer).await;
            world.refuses_genuine(&without, "4012500").await;
        } else {
            assert_eq!(world.ask(&with_bearer).await.code(), "2002400");
            world.refuses_inquiry(&without, "4002401").await;
        }
    }
}

#[tokio::test]
async fn a_genuine_call_that_is_refused_is_handed_over_raw() {
    let world = World::new();
    let call = call(&world, PAYMENT_PATH, "", None);
    world.notify(&call).await.is_two_members("4012500");
    let events = world.merchant.take_events();
    let [Event::Refused(refused)] = events.as_slice() else {
        panic!("{events:?}");
    };
    let raw = refused.genuine.as_ref().unwrap();
    assert_eq!(raw.body(), PAYMENT);
    assert_eq!(raw.path(), PAYMENT_PATH);
    assert_eq!(raw.timestamp(), call.header("X-TIMESTAMP"));
    assert_eq!(raw.signature(), call.header("X-SIGNATURE"));
}
