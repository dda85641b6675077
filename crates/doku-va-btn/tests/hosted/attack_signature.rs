//! The signature does not fit what is sent. The bearer is good: somebody got hold of one.

use doku_va_btn::hosted::Refusal;

use crate::support::{
    Call, HOUR, INQUIRY, INQUIRY_PATH, PAYMENT, PAYMENT_PATH, Signing, TOKEN_PATH, World,
};

/// A call whose signature is over `signing`, and everything else as it should be.
async fn call(world: &World, change: impl FnOnce(Signing<'_>) -> String) -> Call {
    let token = world.token().await;
    let timestamp = world.timestamp();
    let right = Signing {
        token: &token,
        timestamp: &timestamp,
        ..Signing::default()
    };
    let sent = right.call(PAYMENT_PATH, PAYMENT.as_bytes(), &token, &timestamp);
    sent.with("X-SIGNATURE", change(right))
}

async fn does_not_match(change: impl Fn(Signing<'_>) -> String) {
    for bearer_is_known in [false, true] {
        let world = World::new();
        if bearer_is_known {
            let genuine = call(&world, |right| right.signature()).await;
            world.acknowledges(&genuine).await;
        }
        let call = call(&world, &change).await;
        let refusal = world.refuses(&call, "4012500").await;
        assert!(matches!(refusal, Refusal::Mismatch(_)), "{refusal}");
    }
}

#[tokio::test]
async fn the_right_one_is_accepted() {
    // Without this, the tests below would prove nothing.
    let world = World::new();
    let call = call(&world, |right| right.signature()).await;
    world.acknowledges(&call).await;
}

#[tokio::test]
async fn over_another_path() {
    for path in [
        INQUIRY_PATH,
        TOKEN_PATH,
        "/v1/transfer-va/payment/",
        "/V1/transfer-va/payment",
        "v1/transfer-va/payment",
        "https://shop.example/v1/transfer-va/payment",
        "/v1/transfer-va/payment?",
        "",
    ] {
        does_not_match(|right| Signing { path, ..right }.signature()).await;
    }
}

#[tokio::test]
async fn an_inquiry_sent_as_a_notification() {
    // The same bearer serves both, so only the path tells them apart.
    let world = World::new();
    let mut call = world.inquiry(PAYMENT).await;
    call.path = PAYMENT_PATH.to_owned();
    let refusal = world.refuses(&call, "4012500").await;
    assert!(matches!(refusal, Refusal::Mismatch(_)), "{refusal}");
}

#[tokio::test]
async fn over_another_method() {
    for method in ["GET", "PUT", "post", "Post", ""] {
        does_not_match(|right| Signing { method, ..right }.signature()).await;
    }
}

#[tokio::test]
async fn over_another_body() {
    let body = PAYMENT.replace("11500.00", "1.00");
    does_not_match(|right| {
        let body = body.as_bytes();
        Signing { body, ..right }.signature()
    })
    .await;
}

#[tokio::test]
async fn the_body_is_changed_on_the_way() {
    let world = World::new();
    let good = world.payment(PAYMENT).await;
    for (from, to) in [
        ("11500.00", "91500.00"),
        ("23219829713", "23219829714"),
        ("12839218738127830", "12839218738127831"),
        ("Toru Yamashita", "ToruYamashita"),
        ("   77777", "77777"),
        ("\"IDR\"", "\"idr\""),
    ] {
        let body = PAYMENT.replace(from, to);
        assert_ne!(body, PAYMENT);
        let call = Call {
            body: body.into_bytes(),
            ..good.clone()
        };
        let refusal = world.refuses(&call, "4012500").await;
        assert!(matches!(refusal, Refusal::Mismatch(_)), "{refusal}");
    }
}

#[tokio::test]
async fn over_another_token() {
    let world = World::new();
    let other = world.issued(&crate::support::MERCHANT, HOUR);
    for token in [other.as_str(), "x"] {
        does_not_match(|right| Signing { token, ..right }.signature()).await;
    }
    does_not_match(|right| {
        let token = &format!("Bearer {}", right.token);
        Signing { token, ..right }.signature()
    })
    .await;
}

#[tokio::test]
async fn over_another_timestamp() {
    for timestamp in [
        "2026-09-13T10:16:11+07:00",
        // The same moment, written otherwise.
        "2026-09-13T03:16:10Z",
        "2026-09-13T10:16:10.000+07:00",
        "",
    ] {
        does_not_match(|right| Signing { timestamp, ..right }.signature()).await;
    }
}

#[tokio::test]
async fn with_another_secret() {
    for secret in [
        "SK-SOMEBODY-ELSES",
        "sk-the-current-secret",
        "SK-THE-CURRENT-SECRE",
    ] {
        does_not_match(|right| Signing { secret, ..right }.signature()).await;
    }
}

#[tokio::test]
async fn base64_in_another_case() {
    let world = World::new();
    let good = call(&world, |right| right.signature()).await;
    let signature = good.header("X-SIGNATURE");
    for other in [
        signature.to_ascii_uppercase(),
        signature.to_ascii_lowercase(),
    ] {
        // The last letter holds bits that must be zero, so another one may be no base64 at all.
        world
            .refuses(&good.clone().with("X-SIGNATURE", other), "4012500")
            .await;
    }
    does_not_match(|right| {
        let signature = right.signature();
        let at = signature.find(|c: char| c.is_ascii_lowercase()).unwrap();
        let mut one = signature.into_bytes();
        one[at].make_ascii_uppercase();
        String::from_utf8(one).unwrap()
    })
    .await;
}

#[tokio::test]
async fn cut_short_or_made_longer() {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    for change in [
        (|bytes: &mut Vec<u8>| bytes.truncate(63)) as fn(&mut Vec<u8>),
        |bytes| bytes.truncate(32),
        |bytes| bytes.truncate(1),
        |bytes| bytes.push(0),
        |bytes| bytes.fill(0),
    ] {
        does_not_match(|right| {
            let mut bytes = STANDARD.decode(right.signature()).unwrap();
            change(&mut bytes);
            STANDARD.encode(bytes)
        })
        .await;
    }
}

#[tokio::test]
async fn no_signature_in_base64() {
    let world = World::new();
    for signature in [
        "85be817c55b2c135157c7e89f52499bf0c25ad6eeebe04a986e8c862561b19a5",
        "not base64!",
        "A",
    ] {
        let call = call(&world, |_| signature.to_owned()).await;
        let refusal = world.refuses(&call, "4012500").await;
        assert!(matches!(refusal, Refusal::Unreadable(_)), "{refusal}");
    }
}

#[tokio::test]
async fn an_inquiry_is_no_weaker() {
    let world = World::new();
    let good = world.inquiry(INQUIRY).await;
    assert_eq!(world.ask(&good).await.code(), "2002400");
    let tampered = Call {
        body: INQUIRY.replace("2007", "2008").into_bytes(),
        ..good.clone()
    };
    let refusal = world.refuses_inquiry(&tampered, "4012400").await;
    assert!(matches!(refusal, Refusal::Mismatch(_)), "{refusal}");
}

#[tokio::test]
async fn the_merchant_learns_what_was_expected_and_no_token() {
    let world = World::new();
    let token = world.token().await;
    let call = world
        .signed(PAYMENT_PATH, PAYMENT.as_bytes(), &token)
        .with("X-SIGNATURE", "AAAA");
    let refusal = world.refuses(&call, "4012500").await;
    let Refusal::Mismatch(facts) = &refusal else {
        panic!("{refusal}");
    };
    assert_eq!(facts.presented_bytes, 3);
    assert_eq!(facts.body_bytes, PAYMENT.len());
    let [expected] = facts.expected.as_slice() else {
        panic!("{facts:?}");
    };
    assert!(
        expected.starts_with("POST:/v1/transfer-va/payment:[token, "),
        "{expected}"
    );
    assert!(
        expected.ends_with(":2026-09-13T10:16:10+07:00"),
        "{expected}"
    );
    assert!(!format!("{refusal} {refusal:?}").contains(&token));
}
