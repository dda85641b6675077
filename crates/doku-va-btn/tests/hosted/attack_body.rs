//! Bodies that are no payload. Unsigned they are not even looked at; signed, they are DOKU's and not understood, which loses
//! nothing: the merchant gets them raw, and DOKU is told to send again.

use std::borrow::Cow;

use doku_va_btn::hosted::Refusal;

use crate::support::{Call, INQUIRY_PATH, PAYMENT, PAYMENT_PATH, World};

/// Bodies, each with what is wrong.
fn bodies() -> Vec<(&'static str, Cow<'static, [u8]>)> {
    let text = |text: String| Cow::Owned(text.into_bytes());
    let deep = |open: &str, close: &str, levels: usize| {
        text(PAYMENT.replacen(
            '{',
            &format!(
                r#"{{"deep":{}1{},"#,
                open.repeat(levels),
                close.repeat(levels)
            ),
            1,
        ))
    };
    let mut not_utf8 = PAYMENT.replace("Toru", "T\u{1}ru").into_bytes();
    let at = not_utf8.iter().position(|byte| *byte == 1).unwrap();
    not_utf8[at] = 0xFF;
    let mut hidden = PAYMENT
        .replacen('{', "{\"unknown\":\"\u{1}\",", 1)
        .into_bytes();
    let at = hidden.iter().position(|byte| *byte == 1).unwrap();
    hidden[at] = 0xC0;
    vec![
        ("deeply nested arrays", deep("[", "]", 5_000)),
        ("deeply nested objects", deep("{\"a\":", "}", 5_000)),
        ("nested a little too deeply", deep("[", "]", 32)),
        ("nesting that never ends", text("[".repeat(60_000))),
        (
            "a member twice",
            text(PAYMENT.replacen('{', r#"{"trxId":"OTHER","#, 1)),
        ),
        (
            "an amount twice",
            text(PAYMENT.replace(
                r#""value":"11500.00""#,
                r#""value":"11500.00","value":"1.00""#,
            )),
        ),
        ("bytes after the end", text(format!("{PAYMENT}{PAYMENT}"))),
        ("a brace after the end", text(format!("{PAYMENT}}}"))),
        ("not UTF-8 in a member", not_utf8.into()),
        ("not UTF-8 where nobody looks", hidden.into()),
        (
            "UTF-16",
            PAYMENT
                .encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect::<Vec<_>>()
                .into(),
        ),
        ("a byte order mark", text(format!("\u{feff}{PAYMENT}"))),
        (
            "cut off",
            PAYMENT.as_bytes()[..PAYMENT.len() - 1].to_vec().into(),
        ),
        ("empty", b"".as_slice().into()),
        ("null", b"null".as_slice().into()),
        ("an array", b"[]".as_slice().into()),
        ("HTML", b"<html></html>".as_slice().into()),
        ("an empty object", b"{}".as_slice().into()),
        (
            "no payment id",
            text(PAYMENT.replace("paymentRequestId", "x")),
        ),
        ("no amount", text(PAYMENT.replace("paidAmount", "x"))),
        ("no money", text(PAYMENT.replace("11500.00", "0.00"))),
        (
            "less than no money",
            text(PAYMENT.replace("11500.00", "-1.00")),
        ),
        (
            "money in powers of ten",
            text(PAYMENT.replace("11500.00", "1e4")),
        ),
        ("other money", text(PAYMENT.replace("IDR", "USD"))),
        (
            "a number that is none",
            text(PAYMENT.replace("777770000000000001", "7777O0000000000001")),
        ),
        (
            "an object where a text belongs",
            text(PAYMENT.replace("\"23219829713\"", "{}")),
        ),
    ]
}

#[tokio::test]
async fn unsigned_bodies_are_not_read() {
    let world = World::new();
    let good = world.payment(PAYMENT).await;
    for (what, body) in bodies() {
        let call = Call {
            body: body.into_owned(),
            ..good.clone()
        };
        let refusal = world.refuses(&call, "4012500").await;
        assert!(matches!(refusal, Refusal::Mismatch(_)), "{what}: {refusal}");
    }
}

#[tokio::test]
async fn signed_bodies_that_are_not_understood_are_kept_and_sent_again() {
    let world = World::new();
    let token = world.token().await;
    for (what, body) in bodies() {
        let call = world.signed(PAYMENT_PATH, &body, &token);
        let refusal = world.refuses_genuine(&call, "5002500").await;
        assert!(
            matches!(
                refusal,
                Refusal::NotUtf8 | Refusal::TooDeep | Refusal::Undecodable(_) | Refusal::Field(_)
            ),
            "{what}: {refusal}"
        );
    }
}

#[tokio::test]
async fn over_the_limit() {
    let world = World::new();
    let token = world.token().await;
    let limit = world.endpoints.bounds().body;
    let filler = " ".repeat(limit - PAYMENT.len());
    let fits = format!("{PAYMENT}{filler}");
    world
        .acknowledges(&world.signed(PAYMENT_PATH, fits.as_bytes(), &token))
        .await;
    let too_large = format!("{fits} ");
    let call = world.signed(PAYMENT_PATH, too_large.as_bytes(), &token);
    let refusal = world.refuses(&call, "4002500").await;
    assert!(matches!(refusal, Refusal::TooLarge { found, .. } if found == limit + 1));
}

#[tokio::test]
async fn of_an_inquiry_the_member_is_named() {
    let world = World::new();
    let token = world.token().await;
    for (body, code, message) in [
        ("", "4002400", "Bad Request"),
        ("[]", "4002400", "Bad Request"),
        (
            "{}",
            "4002402",
            "Invalid Mandatory Field {virtualAccountNo}",
        ),
        (
            r#"{"virtualAccountNo":"7706 2007"}"#,
            "4002401",
            "Invalid Field Format {virtualAccountNo}",
        ),
        (
            r#"{"virtualAccountNo":["770622007"]}"#,
            "4002401",
            "Invalid Field Format {virtualAccountNo}",
        ),
    ] {
        let call = world.signed(INQUIRY_PATH, body.as_bytes(), &token);
        let reply = world.ask(&call).await;
        assert_eq!(
            (&*reply.code(), &reply.json()["responseMessage"]),
            (code, &message.into())
        );
        world.merchant.take_events();
    }
    assert_eq!(world.merchant.inquiries(), 0);
}
