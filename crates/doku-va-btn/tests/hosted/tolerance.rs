//! Every form in which DOKU was reported to call, or documents that it does. All are accepted.

use std::time::Duration;

use doku_model::{PositiveAmount, VirtualAccountNo};
use doku_va_btn::hosted::{Freshness, SignedPath};

use crate::support::{
    Call, INQUIRY, INQUIRY_PATH, MERCHANT, PAYMENT, PAYMENT_PATH, Signing, World,
};

/// A call signed over what it says, in this writing of the time.
fn at(path: &str, body: &str, token: &str, timestamp: &str) -> Call {
    Signing {
        path,
        body: body.as_bytes(),
        token,
        timestamp,
        ..Signing::default()
    }
    .call(path, body.as_bytes(), token, timestamp)
}

#[tokio::test]
async fn numbers_padded_with_blanks_with_zeros_or_not_at_all() {
    for (id, number) in [
        ("   77777", "   777770000000000001"),
        ("77777", "777770000000000001"),
        ("00077777", "000777770000000000001"),
        ("77777", "   777770000000000001"),
        ("   77777", "777770000000000001"),
        (" 77777 ", " 777770000000000001 "),
    ] {
        let world = World::new();
        let body = PAYMENT
            .replace("   777770000000000001", number)
            .replace("\"   77777\"", &format!("\"{id}\""));
        let reply = world.acknowledges(&world.payment(&body).await).await;
        let data = &reply.json()["virtualAccountData"];
        assert_eq!(data["virtualAccountNo"], number);
        assert_eq!(data["partnerServiceId"], id);
        let paid = world.merchant.last_paid();
        let expected: VirtualAccountNo = "777770000000000001".parse().unwrap();
        assert_eq!(paid.virtual_account_no, expected);
        assert_eq!(paid.key().number(), "777770000000000001");
    }
}

#[tokio::test]
async fn a_number_in_parts_or_whole() {
    for missing in [
        r#""virtualAccountNo":"   777770000000000001""#,
        r#""partnerServiceId":"   77777""#,
        r#""customerNo":"0000000000001""#,
    ] {
        let world = World::new();
        let body = PAYMENT.replace(missing, r#""unknown":null"#);
        assert_ne!(body, PAYMENT);
        world.acknowledges(&world.payment(&body).await).await;
        assert_eq!(
            world.merchant.last_paid().key().number(),
            "777770000000000001"
        );
    }
}

#[tokio::test]
async fn parts_that_say_less_than_the_number() {
    // After DGPC, the short number that was sent may stand beside the full one.
    let world = World::new();
    let body = PAYMENT.replace("\"0000000000001\"", "\"0\"");
    world.acknowledges(&world.payment(&body).await).await;
    assert_eq!(
        world.merchant.last_paid().key().number(),
        "777770000000000001"
    );
}

#[tokio::test]
async fn timestamps_in_every_writing() {
    for timestamp in [
        "2026-09-13T03:16:10Z",
        "2026-09-13T03:16:10.000Z",
        "2026-09-13T03:16:10.123456Z",
        "2026-09-13T10:16:10+07:00",
        "2026-09-13T10:16:10.987+07:00",
        "2026-09-12T22:16:10-05:00",
        "2026-09-13T03:16:10-00:00",
    ] {
        let world = World::new();
        let token = world.token().await;
        world
            .acknowledges(&at(PAYMENT_PATH, PAYMENT, &token, timestamp))
            .await;
        let asked = at(INQUIRY_PATH, INQUIRY, &token, timestamp);
        assert_eq!(world.ask(&asked).await.code(), "2002400");
        assert_eq!(world.merchant.last_paid().call().timestamp(), timestamp);
    }
}

#[tokio::test]
async fn token_requests_with_milliseconds() {
    let world = World::new();
    let timestamp = "2026-09-13T03:16:10.000Z";
    let signature = crate::support::DOKU
        .sign(&doku_sign::StringToSign::snap_token(
            crate::support::CLIENT_ID,
            timestamp,
        ))
        .unwrap()
        .to_base64();
    let call = world
        .token_request()
        .with("X-TIMESTAMP", timestamp)
        .with("X-SIGNATURE", signature);
    assert_eq!(world.endpoints.token(call.request()).await.status(), 200);
}

#[tokio::test]
async fn external_ids_of_55_letters_and_digits() {
    let world = World::new();
    let id = "VIRTUAL_ACCOUNT2226230726182946130107164433001000268204";
    assert_eq!(id.len(), 55);
    let call = world.payment(PAYMENT).await.with("X-EXTERNAL-ID", id);
    world.acknowledges(&call).await;
    assert_eq!(
        world.merchant.last_paid().call().unsigned_external_id(),
        Some(id)
    );
}

#[tokio::test]
async fn unsigned_headers_with_anything_in_them() {
    for channel in [
        "VA002",
        "VA003",
        "VA004",
        "VA008",
        "H2H",
        "SDK",
        "VIRTUAL_ACCOUNT_BTN",
        "95221",
        "",
    ] {
        let world = World::new();
        let call = world
            .payment(PAYMENT)
            .await
            .with("CHANNEL-ID", channel)
            .with("X-PARTNER-ID", "82150823919040624621823174737537")
            .with("Content-Type", "text/plain; charset=ISO-8859-1");
        world.acknowledges(&call).await;
    }
}

#[tokio::test]
async fn bearer_in_lower_case() {
    for scheme in ["bearer", "BEARER", "Bearer "] {
        let world = World::new();
        let token = world.token().await;
        let call = world
            .signed(PAYMENT_PATH, PAYMENT.as_bytes(), &token)
            .with("Authorization", format!("{scheme} {token}"));
        world.acknowledges(&call).await;
    }
}

#[tokio::test]
async fn a_trx_date_time_of_any_kind_or_none() {
    for member in [
        r#""trxDateTime":"2026-09-13T10:16:10+07:00""#,
        r#""trxDateTime":"2026-09-13T03:16:10.000Z""#,
        r#""trxDateTime":"20260913101610""#,
        r#""trxDateTime":"""#,
        r#""trxDateTime":null"#,
        r#""unknown":1"#,
    ] {
        let world = World::new();
        let body = PAYMENT.replacen('{', &format!("{{{member},"), 1);
        world.acknowledges(&world.payment(&body).await).await;
        let known = world.merchant.last_paid().trx_date_time.is_some();
        assert_eq!(known, member.contains("2026-"), "{member}");
    }
}

#[tokio::test]
async fn amounts_as_texts_and_as_numbers() {
    for (written, rupiah) in [
        (r#""11500.00""#, 1_150_000),
        (r#""11500""#, 1_150_000),
        ("11500.00", 1_150_000),
        ("11500.0", 1_150_000),
        ("11500", 1_150_000),
        ("11500.5", 1_150_050),
        (r#""11500.5000""#, 1_150_050),
        ("9007199254740993.00", 900_719_925_474_099_300),
    ] {
        let world = World::new();
        let body = PAYMENT.replace(r#""11500.00""#, written);
        world.acknowledges(&world.payment(&body).await).await;
        let paid: PositiveAmount = world.merchant.last_paid().paid_amount;
        assert_eq!(paid.amount().sen(), rupiah, "{written}");
    }
}

#[tokio::test]
async fn a_currency_that_is_left_out() {
    for currency in [r#""currency":"","#, r#""currency":null,"#, ""] {
        let world = World::new();
        let body = PAYMENT.replace(r#""currency":"IDR","#, currency);
        world.acknowledges(&world.payment(&body).await).await;
    }
}

#[tokio::test]
async fn other_members_numbers_for_texts_and_texts_for_objects() {
    let world = World::new();
    let body = r#"{
        "partnerServiceId": 77777,
        "customerNo": 1,
        "virtualAccountNo": 777771,
        "virtualAccountName": "Günther; \"Öztürk\" \\ <b>",
        "virtualAccountEmail": "no address",
        "virtualAccountPhone": 81234,
        "trxId": 23219829713,
        "paymentRequestId": 12839218738127830,
        "paidAmount": { "value": 11500.00, "currency": "IDR", "unknown": {} },
        "virtualAccountTrxType": "X",
        "additionalInfo": "",
        "senderName": "Somebody", "sourceAccountNo": null, "sourceBankCode": [1, 2, {"a": []}],
        "flags": { "deep": { "deeper": [[[]]] } }
    }"#;
    let reply = world.acknowledges(&world.payment(body).await).await;
    insta::assert_snapshot!(reply.shown());
    let paid = world.merchant.last_paid();
    assert_eq!(paid.trx_id.as_ref().unwrap().as_str(), "23219829713");
    assert!(paid.name.is_none());
    assert_eq!(paid.call().body(), body);
}

#[tokio::test]
async fn the_documented_sample_with_its_order_of_members() {
    let world = World::new();
    let body = r#"{"partnerServiceId":"   77777","customerNo":"0000000000001","virtualAccountNo":"   777770000000000001","virtualAccountName":"Toru Yamashita","trxId":"23219829713","paymentRequestId":"12839218738127830","paidAmount":{"value":"11500.00","currency":"IDR"}}"#;
    world.acknowledges(&world.payment(body).await).await;
}

#[tokio::test]
async fn bodies_signed_minified_or_as_they_are() {
    let pretty = PAYMENT.replace(",\"", ",\n  \"").replace("\":", "\" : ");
    let escaped = PAYMENT.replace("Toru Yamashita", r"Toru\/Yam\u0061shita");
    for body in [pretty.as_str(), &escaped] {
        for raw in [false, true] {
            let world = World::new();
            let token = world.token().await;
            let timestamp = world.timestamp();
            let signing = Signing {
                body: body.as_bytes(),
                token: &token,
                timestamp: &timestamp,
                raw,
                ..Signing::default()
            };
            let call = signing.call(PAYMENT_PATH, body.as_bytes(), &token, &timestamp);
            world.acknowledges(&call).await;
        }
    }
}

#[tokio::test]
async fn a_query_signed_or_not() {
    let world = World::new();
    let token = world.token().await;
    let called = "/v1/transfer-va/payment?shop=1";
    for signed in [called, PAYMENT_PATH] {
        let mut call = world.signed(signed, PAYMENT.as_bytes(), &token);
        call.path = called.to_owned();
        world.acknowledges(&call).await;
    }
    let mut call = world.signed("/v1/transfer-va/payment?shop=2", PAYMENT.as_bytes(), &token);
    call.path = called.to_owned();
    world.refuses(&call, "4012500").await;
}

#[tokio::test]
async fn behind_a_proxy_that_cuts_or_rewrites_the_path() {
    for (path, arrives, signed) in [
        (SignedPath::AsReceived, PAYMENT_PATH, PAYMENT_PATH),
        (
            SignedPath::UnderPrefix("/pay".to_owned()),
            PAYMENT_PATH,
            "/pay/v1/transfer-va/payment",
        ),
        (
            SignedPath::UnderPrefix("pay/doku/".to_owned()),
            "/notify?a=b",
            "/pay/doku/notify?a=b",
        ),
        (
            SignedPath::UnderPrefix("/pay".to_owned()),
            "/notify?a=b",
            "/pay/notify",
        ),
        (
            SignedPath::UnderPrefix("/".to_owned()),
            PAYMENT_PATH,
            PAYMENT_PATH,
        ),
        (
            SignedPath::Exactly("/doku/notification".to_owned()),
            "/internal/7",
            "/doku/notification",
        ),
        (
            SignedPath::AsReceived,
            "https://shop.example/notify",
            "/notify",
        ),
    ] {
        let world = World::with(|builder| builder.signed_path(path.clone()));
        let token = world.token().await;
        let mut call = world.signed(signed, PAYMENT.as_bytes(), &token);
        call.path = arrives.to_owned();
        world.acknowledges(&call).await;
        let mut other = world.signed("/other", PAYMENT.as_bytes(), &token);
        other.path = arrives.to_owned();
        world.refuses(&other, "4012500").await;
    }
}

/// DOKU's retries: 30 minutes, 6 hours and 12 hours after the first try, which failed.
const RETRIES: [Duration; 3] = [
    Duration::from_secs(30 * 60),
    Duration::from_secs(6 * 3600),
    Duration::from_secs(12 * 3600),
];

#[tokio::test]
async fn sent_again_byte_for_byte_up_to_12_hours_later() {
    for age in RETRIES {
        let world = World::new();
        let call = world.payment(PAYMENT).await;
        world.clock.advance(age);
        world.acknowledges(&call).await;
        assert!(matches!(
            world.merchant.last_paid().freshness(),
            Freshness::LateBearer { .. }
        ));
    }
}

#[tokio::test]
async fn sent_again_signed_anew_with_a_new_token() {
    for age in RETRIES {
        let world = World::new();
        world.payment(PAYMENT).await;
        world.clock.advance(age);
        world.acknowledges(&world.payment(PAYMENT).await).await;
        assert_eq!(
            world.merchant.last_paid().freshness(),
            Freshness::LiveBearer
        );
    }
}

#[tokio::test]
async fn sent_again_signed_anew_with_the_old_token() {
    for age in RETRIES {
        let world = World::new();
        let token = world.token().await;
        world.clock.advance(age);
        let call = world.signed(PAYMENT_PATH, PAYMENT.as_bytes(), &token);
        world.acknowledges(&call).await;
    }
}

#[tokio::test]
async fn a_clock_that_is_wrong_does_not_matter_beside_a_live_bearer() {
    for moment in ["2020-12-21T07:56:11.000Z", "2031-01-01T00:00:00Z"] {
        let world = World::new();
        let token = world.token().await;
        world
            .acknowledges(&at(PAYMENT_PATH, PAYMENT, &token, moment))
            .await;
    }
}

#[tokio::test]
async fn inquiries_with_the_least_in_them() {
    let world = World::new();
    for body in [
        r#"{"virtualAccountNo":"770622007"}"#,
        r#"{"partnerServiceId":"77062","customerNo":"2007"}"#,
        r#"{"virtualAccountNo":770622007,"additionalInfo":null,"language":"ID","channelCode":6011}"#,
        r#"{"virtualAccountNo":"   770622007","trxDateInit":"yesterday","inquiryRequestId":""}"#,
    ] {
        let reply = world.ask(&world.inquiry(body).await).await;
        assert_eq!(reply.code(), "2002400", "{body}");
        let answered = reply.json()["virtualAccountData"]["virtualAccountNo"].clone();
        assert_eq!(answered.as_str().unwrap().trim(), "770622007");
        let asked = world.merchant.asked.lock().unwrap();
        assert_eq!(
            asked.last().unwrap().virtual_account_no,
            "770622007".parse().unwrap()
        );
    }
}

#[tokio::test]
async fn a_token_of_ours_from_another_replica() {
    // Issued elsewhere with the same key, a moment ago by a clock that is a little ahead.
    let ahead = World::new();
    ahead.clock.advance(Duration::from_secs(30));
    let token = ahead.issued(&MERCHANT, Duration::from_secs(900));
    let world = World::new();
    let call = world.signed(PAYMENT_PATH, PAYMENT.as_bytes(), &token);
    world.acknowledges(&call).await;
}
