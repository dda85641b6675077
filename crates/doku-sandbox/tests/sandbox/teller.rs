//! The teller with a merchant behind it: what an ATM shows, what it takes, and whom DOKU asks.

use std::time::Duration;

use doku_model::Operation;
use doku_sandbox::{
    Direction, Endpoints, PayError, Sandbox, SandboxConfig, ScreenSource, StartError, TellerError,
    Verdict,
};
use insta::assert_json_snapshot;
use serde_json::{Value, json};

use crate::shop::{INQUIRY, PAYMENT, Shop, TOKEN, bill};
use crate::support::{DIPC, MERCHANT, World, ask, changed, create_own};

const NUMBER: &str = "81302007";

async fn world() -> (World, Shop) {
    let shop = Shop::open().await;
    let world = World::with(|config| shop.known_to(config)).await;
    (world, shop)
}

async fn inquire(world: &World, number: &str) -> crate::support::Reply {
    let order = json!({ "virtualAccountNo": number });
    world.post("/_sandbox/inquire", &order).await
}

async fn pay(world: &World, number: &str, amount: &str) -> crate::support::Reply {
    let order = json!({ "virtualAccountNo": number, "amount": amount });
    world.post("/_sandbox/pay", &order).await
}

#[tokio::test]
async fn an_atm_shows_what_doku_has_on_record() {
    let (world, shop) = world().await;
    let data = world.created("INV-1").await;
    let number = data["virtualAccountNo"].as_str().unwrap();
    let reply = inquire(&world, number).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    insta::with_settings!({ sort_maps => true }, { assert_json_snapshot!("screen_of_the_record", reply.json()) });
    assert_eq!(inquire(&world, number.trim()).await.json(), reply.json());
    assert!(shop.heard(INQUIRY).is_empty(), "nobody is asked");
}

#[tokio::test]
async fn an_atm_shows_what_the_merchant_answers() {
    let (world, shop) = world().await;
    let reply = inquire(&world, NUMBER).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    insta::with_settings!({ sort_maps => true }, { assert_json_snapshot!("screen_of_the_merchant", reply.json()) });

    let token = shop.last(TOKEN);
    assert!(token.is_signed_by_doku());
    assert_eq!(
        token.header("x-client-key"),
        Some(MERCHANT.client_id().as_str())
    );
    assert_eq!(token.json(), json!({ "grantType": "client_credentials" }));
    let inquiry = shop.last(INQUIRY);
    assert!(inquiry.is_signed_over("opaque-token-1"));
    assert_eq!(
        inquiry.header("authorization"),
        Some("Bearer opaque-token-1")
    );
    assert_eq!(
        inquiry.header("x-partner-id"),
        Some(MERCHANT.client_id().as_str())
    );
    let body = inquiry.json();
    assert_eq!(body["partnerServiceId"], DIPC);
    assert_eq!(body["customerNo"], "2007");
    assert_eq!(body["virtualAccountNo"], format!("{DIPC}2007"));
    assert_eq!(body["additionalInfo"]["channel"], "VIRTUAL_ACCOUNT_BTN");
    assert!(body["trxDateInit"].as_str().unwrap().ends_with("+07:00"));
    assert!(
        body["inquiryRequestId"]
            .as_str()
            .unwrap()
            .starts_with("DIPC")
    );

    let journal = world.sandbox().journal(0);
    let told: Vec<_> = journal
        .iter()
        .map(|entry| (entry.direction, entry.operation.unwrap(), entry.verdict))
        .collect();
    let outbound = |operation| (Direction::Outbound, operation, Verdict::Accepted);
    assert_eq!(told, [outbound("merchantToken"), outbound("inquiry")]);
    assert_eq!(journal[1].path, INQUIRY);
    assert_eq!(journal[1].url, Some(shop.url(INQUIRY)));
}

#[tokio::test]
async fn a_token_is_kept_until_it_expires() {
    let (world, shop) = world().await;
    inquire(&world, NUMBER).await;
    world.sandbox().advance(Duration::from_secs(890));
    inquire(&world, NUMBER).await;
    assert_eq!(shop.heard(TOKEN).len(), 1);
    world.sandbox().advance(Duration::from_secs(10));
    inquire(&world, NUMBER).await;
    assert_eq!(shop.heard(TOKEN).len(), 2);
    assert!(shop.last(INQUIRY).is_signed_over("opaque-token-2"));
}

#[tokio::test]
async fn a_token_that_the_merchant_refuses_is_given_up() {
    let (world, shop) = world().await;
    let refusal = r#"{"responseCode":"4012401","responseMessage":"Invalid Token (B2B)"}"#;
    shop.answer_inquiry(move |_| (401, refusal.to_owned()));
    let reply = inquire(&world, NUMBER).await;
    assert_eq!(
        (reply.status, &reply.json()["error"]),
        (502, &json!("refused"))
    );
    inquire(&world, NUMBER).await;
    assert_eq!(shop.heard(TOKEN).len(), 2);
}

#[tokio::test]
async fn a_refusal_of_the_merchant_is_passed_on() {
    let (world, shop) = world().await;
    for (code, message, status, error) in [
        ("4042412", "Bill not found", 404, "notFound"),
        ("4042413", "Invalid Amount", 409, "wrongAmount"),
        ("4042414", "Bill has been paid", 409, "alreadyPaid"),
        ("4042419", "Bill expired", 409, "expired"),
        ("5002401", "Internal Server Error", 502, "refused"),
    ] {
        let answer = json!({ "responseCode": code, "responseMessage": message }).to_string();
        shop.answer_inquiry(move |_| (code[..3].parse().unwrap(), answer.clone()));
        for reply in [
            inquire(&world, NUMBER).await,
            pay(&world, NUMBER, "25000.00").await,
        ] {
            let body = reply.json();
            assert_eq!(
                (reply.status, body["error"].as_str()),
                (status, Some(error)),
                "{code}"
            );
            assert_eq!(body["responseCode"], code);
            assert_eq!(body["responseMessage"], message);
        }
        let entry = world.last_entry();
        assert_eq!(
            (entry.verdict, entry.response_code.as_deref()),
            (Verdict::Refused, Some(code))
        );
        assert!(entry.notes.is_empty(), "{:?}", entry.notes);
    }
    assert!(shop.heard(PAYMENT).is_empty());
    assert!(world.sandbox().notifications().is_empty());

    // A refusal that says more than DOKU wants to hear.
    shop.answer_inquiry(|asked| {
        let more = changed(bill(asked), json!({ "responseCode": "4042412" }));
        (404, more.to_string())
    });
    assert_eq!(inquire(&world, NUMBER).await.status, 404);
    let note = &world.last_entry().notes[0];
    assert_eq!(note.field, "virtualAccountData");
}

#[tokio::test]
async fn an_answer_that_no_atm_could_show_is_named_by_its_member() {
    let (world, shop) = world().await;
    let data = |members: Value| {
        move |asked: &Value| {
            let mut answer = bill(asked);
            answer["virtualAccountData"] =
                changed(answer["virtualAccountData"].clone(), members.clone());
            (200, answer.to_string())
        }
    };
    let money = |value: &str, currency: &str| json!({ "totalAmount": { "value": value, "currency": currency } });
    for (members, field) in [
        (
            json!({ "virtualAccountName": null }),
            "virtualAccountData.virtualAccountName",
        ),
        (
            json!({ "virtualAccountTrxType": null }),
            "virtualAccountData.virtualAccountTrxType",
        ),
        (
            json!({ "virtualAccountTrxType": "P" }),
            "virtualAccountData.virtualAccountTrxType",
        ),
        (
            json!({ "totalAmount": null }),
            "virtualAccountData.totalAmount.value",
        ),
        (
            money("25.000", "IDR"),
            "virtualAccountData.totalAmount.value",
        ),
        (
            money("25000.00", "USD"),
            "virtualAccountData.totalAmount.currency",
        ),
        (
            json!({ "inquiryStatus": "01" }),
            "virtualAccountData.inquiryStatus",
        ),
        (
            json!({ "virtualAccountNo": "    81302008" }),
            "virtualAccountData.virtualAccountNo",
        ),
        (
            json!({ "expiredDate": "tomorrow" }),
            "virtualAccountData.expiredDate",
        ),
    ] {
        shop.answer_inquiry(data(members));
        let reply = inquire(&world, NUMBER).await;
        let body = reply.json();
        assert_eq!(
            (reply.status, body["error"].as_str()),
            (502, Some("unusable")),
            "{field}"
        );
        let fields: Vec<_> = body["notes"].as_array().unwrap().iter().collect();
        assert!(
            fields.iter().any(|note| note["field"] == field),
            "{field}: {fields:?}"
        );
        assert_eq!(world.last_entry().verdict, Verdict::Refused);
    }
    shop.answer_inquiry(|_| {
        (
            200,
            r#"{"responseCode":"2002400","responseMessage":"Successful"}"#.to_owned(),
        )
    });
    assert!(
        inquire(&world, NUMBER)
            .await
            .text()
            .contains("virtualAccountData is missing")
    );
    shop.answer_inquiry(|_| (200, "<html>".to_owned()));
    assert!(
        inquire(&world, NUMBER)
            .await
            .text()
            .contains("responseCode is missing")
    );
}

#[tokio::test]
async fn what_an_atm_can_do_without_is_only_noted_unless_doku_is_strict() {
    let lacking = |asked: &Value| {
        let mut answer = bill(asked);
        answer["virtualAccountData"] = changed(
            answer["virtualAccountData"].clone(),
            json!({
                "inquiryReason": null, "inquiryRequestId": "another", "partnerServiceId": "8130",
                "additionalInfo": { "channel": "VIRTUAL_ACCOUNT_BTN" },
            }),
        );
        answer["responseCode"] = json!(2_002_400);
        (200, answer.to_string())
    };
    let (world, shop) = world().await;
    shop.answer_inquiry(lacking);
    let reply = inquire(&world, NUMBER).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_json_snapshot!("notes_of_an_inquiry", reply.json()["notes"]);

    let shop = Shop::open().await;
    shop.answer_inquiry(lacking);
    let world = World::with(|config| shop.known_to(config).strict(true)).await;
    let reply = inquire(&world, NUMBER).await;
    assert_eq!(reply.json()["error"], "unusable", "{}", reply.text());

    // Where additionalInfo stands is disputed, so either place will do.
    shop.answer_inquiry(|asked| {
        let mut answer = bill(asked);
        let info = answer["virtualAccountData"]["additionalInfo"].take();
        answer["virtualAccountData"] = changed(
            answer["virtualAccountData"].clone(),
            json!({ "additionalInfo": null }),
        );
        answer["additionalInfo"] = info;
        (200, answer.to_string())
    });
    assert_eq!(inquire(&world, NUMBER).await.json()["trxId"], "DIPC-1");
}

#[tokio::test]
async fn a_merchant_without_a_good_token_is_not_asked() {
    let (world, shop) = world().await;
    for (status, body, error) in [
        (
            401,
            r#"{"responseCode":"4017300","responseMessage":"Unauthorized. Invalid Signature"}"#,
            "refused",
        ),
        (
            200,
            r#"{"responseCode":"2007300","responseMessage":"Successful"}"#,
            "unusable",
        ),
        (
            200,
            r#"{"responseCode":"2007300","accessToken":"a b"}"#,
            "unusable",
        ),
        (200, "no JSON", "refused"),
    ] {
        shop.answer_token(status, body);
        let reply = inquire(&world, NUMBER).await;
        assert_eq!(reply.json()["error"], error, "{body}: {}", reply.text());
        assert_eq!(world.last_entry().operation, Some("merchantToken"));
    }
    assert!(shop.heard(INQUIRY).is_empty());
    shop.answer_token(200, r#"{"accessToken":"plain"}"#);
    assert_eq!(inquire(&world, NUMBER).await.status, 200);
    let journal = world.sandbox().journal(0);
    let entry = &journal[journal.len() - 2];
    let fields: Vec<_> = entry.notes.iter().map(|note| note.field.as_str()).collect();
    assert_eq!(
        fields,
        ["responseCode", "responseMessage", "expiresIn", "tokenType"]
    );
}

#[tokio::test]
async fn nobody_at_the_counter_is_no_answer() {
    let shop = Shop::open().await;
    let world = World::with(|config| {
        let gone = Endpoints::new().inquiry_url("http://127.0.0.1:1/inquiry".parse().unwrap());
        shop.known_to(config)
            .endpoints_of(DIPC.parse().unwrap(), gone)
    })
    .await;
    let error = world
        .sandbox()
        .inquire(&NUMBER.parse().unwrap())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), "noAnswer");
    assert!(error.to_string().contains("could not connect"), "{error}");
    assert_eq!(world.last_entry().verdict, Verdict::Unanswered);
    assert_eq!(
        shop.heard(TOKEN).len(),
        1,
        "the token URL of all BINs is used"
    );
}

#[tokio::test]
async fn a_number_of_nobody_is_refused_without_asking() {
    let (world, shop) = world().await;
    for number in ["123", "95962699", "8131"] {
        assert_eq!(inquire(&world, number).await.status, 404);
        assert_eq!(pay(&world, number, "1.00").await.status, 404);
    }
    assert_eq!(inquire(&world, "x").await.status, 400);
    assert!(shop.heard(TOKEN).is_empty());
    let alone = World::start().await;
    let reply = inquire(&alone, NUMBER).await;
    assert_eq!(
        (reply.status, &reply.json()["error"]),
        (409, &json!("notAsked"))
    );
}

#[tokio::test]
async fn a_direct_payment_is_asked_about_taken_told_and_found() {
    let (world, shop) = world().await;
    for (amount, error) in [("24999.99", "wrongAmount"), ("25000.01", "wrongAmount")] {
        let reply = pay(&world, NUMBER, amount).await;
        assert_eq!(
            (reply.status, reply.json()["error"].as_str()),
            (409, Some(error))
        );
    }
    assert!(shop.heard(PAYMENT).is_empty());
    let reply = pay(&world, NUMBER, "25000.00").await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let notification = &reply.json()["notification"];
    assert_eq!(notification["acknowledged"], true);
    assert_eq!(notification["trxId"], "DIPC-1");

    let told = shop.last(PAYMENT);
    assert!(told.is_signed_over("opaque-token-1"));
    let body = told.json();
    assert_eq!(body["trxId"], "DIPC-1");
    assert_eq!(body["virtualAccountNo"], format!("{DIPC}2007"));
    assert_eq!(body["virtualAccountName"], "Siti Rahma");
    assert_eq!(
        body["paidAmount"],
        json!({ "value": "25000.00", "currency": "IDR" })
    );

    let numbers = json!({
        "partnerServiceId": DIPC, "customerNo": "2007", "virtualAccountNo": format!("{DIPC}2007"),
    });
    let status = world.call(Operation::CheckStatus, &ask(&numbers)).await;
    let data = &status.json()["virtualAccountData"];
    assert_eq!(
        data["paymentFlagReason"]["english"],
        "Paid",
        "{}",
        status.text()
    );
    assert_eq!(data["trxId"], "DIPC-1");
    assert_eq!(data["paymentRequestId"], body["paymentRequestId"]);
}

#[tokio::test]
async fn the_rules_of_the_bank_hold_for_what_the_merchant_answers() {
    let (world, shop) = world().await;
    let answer = |members: Value, config: Value| {
        move |asked: &Value| {
            let mut answer = bill(asked);
            let data = &mut answer["virtualAccountData"];
            *data = changed(data.clone(), members.clone());
            data["additionalInfo"]["virtualAccountConfig"] = config.clone();
            (200, answer.to_string())
        }
    };
    let number = NUMBER.parse().unwrap();
    let paid = async |amount: &str| {
        let paid = world
            .sandbox()
            .pay_and_notify(&number, amount.parse().unwrap())
            .await;
        paid.map(|paid| paid.payment.amount.to_string())
    };
    let open =
        json!({ "virtualAccountTrxType": "O", "totalAmount": { "value": "0", "currency": "IDR" } });
    shop.answer_inquiry(answer(
        open,
        json!({ "minAmount": "10000.00", "maxAmount": "20000.00" }),
    ));
    for amount in ["9999.99", "20000.01"] {
        let refused = paid(amount).await.unwrap_err();
        assert!(
            matches!(refused, TellerError::Bank(PayError::OutsideLimits { .. })),
            "{refused}"
        );
    }
    assert_eq!(paid("12345.67").await.unwrap(), "12345.67");
    let expired = json!({ "expiredDate": "2001-01-01T00:00:00+07:00" });
    shop.answer_inquiry(answer(expired, Value::Null));
    assert_eq!(
        paid("25000.00").await,
        Err(TellerError::Bank(PayError::Expired))
    );
    assert_eq!(
        world.sandbox().inquire(&number).await,
        Err(TellerError::Bank(PayError::Expired))
    );
    // A closed bill with limits, as DOKU's own sample has it: the amount counts.
    let limits = json!({ "minAmount": "10000.00", "maxAmount": "100000.00" });
    shop.answer_inquiry(answer(json!({}), limits));
    assert!(paid("30000.00").await.is_err());
    assert!(paid("25000.00").await.is_ok());
}

#[tokio::test]
async fn the_rules_of_the_bank_hold_for_the_record() {
    let (world, shop) = world().await;
    let data = world.created("INV-1").await;
    let number = data["virtualAccountNo"].as_str().unwrap();
    let error = async |amount: &str| pay(&world, number, amount).await.json()["error"].clone();
    assert_eq!(error("1.00").await, "wrongAmount");
    assert_eq!(pay(&world, number, "11500.00").await.status, 200);
    assert_eq!(error("11500.00").await, "alreadyPaid");
    assert_eq!(inquire(&world, number).await.json()["error"], "alreadyPaid");
    assert_eq!(shop.heard(PAYMENT).len(), 1);

    let soon = (world.sandbox().now().instant() + time::Duration::hours(1)).unix_timestamp();
    let soon = doku_model::Timestamp::wib(time::OffsetDateTime::from_unix_timestamp(soon).unwrap());
    let late = changed(
        create_own("INV-2", "77"),
        json!({ "expiredDate": soon.as_str() }),
    );
    assert_eq!(
        world.call(Operation::CreateVa, &late).await.code(),
        "2002700"
    );
    let reusable = changed(
        create_own("INV-3", "78"),
        json!({ "additionalInfo": {
            "channel": "VIRTUAL_ACCOUNT_BTN", "virtualAccountConfig": { "reusableStatus": true },
        } }),
    );
    assert_eq!(
        world.call(Operation::CreateVa, &reusable).await.code(),
        "2002700"
    );
    for _ in 0..2 {
        assert_eq!(pay(&world, "812978", "11500.00").await.status, 200);
    }
    assert_eq!(shop.heard(PAYMENT).len(), 3);
    world.sandbox().advance(Duration::from_secs(3600));
    assert_eq!(
        pay(&world, "812977", "11500.00").await.json()["error"],
        "expired"
    );
    assert_eq!(inquire(&world, "812977").await.json()["error"], "expired");
}

#[tokio::test]
async fn the_longest_bin_is_the_one_that_is_asked() {
    let shop = Shop::open().await;
    let world = World::with(|config| {
        shop.known_to(config)
            .with_bin("81302:dipc".parse().unwrap())
    })
    .await;
    let screen = world
        .sandbox()
        .inquire(&NUMBER.parse().unwrap())
        .await
        .unwrap();
    assert_eq!(screen.source, ScreenSource::Merchant);
    assert_eq!(shop.last(INQUIRY).json()["customerNo"], "007");
}

#[tokio::test]
async fn a_sandbox_that_could_not_call_does_not_start() {
    let url = |path: &str| format!("http://127.0.0.1:1{path}").parse().unwrap();
    let config = || SandboxConfig::for_merchant(&MERCHANT).unwrap();
    let told = Endpoints::new().notification_url(url("/payment"));
    let started = Sandbox::start(config().endpoints(told.clone()), "127.0.0.1:0").await;
    assert!(matches!(started, Err(StartError::NoTransport)));

    let shop = Shop::open().await;
    let known = |endpoints| shop.known_to(config()).endpoints(endpoints);
    let started = Sandbox::start(known(told.clone()), "127.0.0.1:0").await;
    assert!(matches!(started, Err(StartError::NoTokenUrl)));
    let without = known(told.clone()).dialect("tokenSlot=noBearer".parse().unwrap());
    assert!(Sandbox::start(without, "127.0.0.1:0").await.is_ok());
    // A token URL alone is never called, and needs nothing else.
    let token = config().endpoints(Endpoints::new().token_url(url("/token")));
    assert!(Sandbox::start(token, "127.0.0.1:0").await.is_ok());
}
