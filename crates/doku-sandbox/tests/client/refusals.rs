//! Every refusal that DOKU was reported to make, as the client tells it.

use bytes::Bytes;
use doku_model::wire::VirtualAccountData;
use doku_model::{Action, Bill, Meaning, Operation};
use doku_sandbox::{Fault, FaultKind};
use doku_transport::testing::Scripted;
use doku_va_btn::{Change, Client, Error, Outcome, VirtualAccount};
use http::StatusCode;
use std::sync::Arc;

use crate::shop::{Shop, closed, config_for, dgpc, mgpc};

/// The code of a refusal that changed nothing.
#[track_caller]
fn refused<T>(result: Result<T, Error>) -> String {
    let Err(error) = result else {
        panic!("it was not refused")
    };
    assert!(matches!(error, Error::Refused(_)), "{error}");
    assert_eq!(error.outcome(), Outcome::NotDone);
    let code = error.response_code().expect("a code").to_string();
    assert!(error.to_string().contains(&code), "{error}");
    let id = error.external_id().expect("an external id").to_string();
    assert!(error.to_string().contains(&id), "{error}");
    code
}

fn without_name(data: &mut VirtualAccountData<'_>) {
    data.virtual_account_name = None;
}

#[tokio::test]
async fn a_create_that_breaks_a_rule_is_refused_with_doku_s_code() {
    let shop = Shop::open().await;
    let order = dgpc("INV-1", closed(11_500));
    type Change = fn(&mut VirtualAccountData<'_>);
    let table: [(&str, &str, Change); 9] = [
        ("a missing name", "4002702", without_name),
        ("a missing trxId", "4002702", |data| data.trx_id = None),
        ("a missing channel", "4002702", |data| {
            data.additional_info = None;
        }),
        ("another currency", "4002701", |data| {
            data.total_amount.as_mut().unwrap().currency = Some("USD".into());
        }),
        ("an amount with one decimal", "4002701", |data| {
            data.total_amount.as_mut().unwrap().value = Some("11500.0".into());
        }),
        ("limits on a closed bill", "4002701", |data| {
            let info = data.additional_info.as_mut().unwrap();
            info.virtual_account_config.as_mut().unwrap().max_amount = Some("20000.00".into());
        }),
        ("an unpadded partnerServiceId", "4002701", |data| {
            data.partner_service_id = Some("95962".into());
        }),
        ("numbers that do not fit together", "4032715", |data| {
            data.virtual_account_no = Some("   959627".into());
        }),
        ("a zero-padded number", "4032715", |data| {
            data.virtual_account_no = Some("000959626".into());
        }),
    ];
    for (what, code, change) in table {
        let client = shop.meddled(change);
        assert_eq!(refused(client.create(&order).await), code, "{what}");
    }
    assert!(shop.sandbox().virtual_accounts().is_empty());
}

#[tokio::test]
async fn a_bin_that_is_not_configured_so_is_refused() {
    let shop = Shop::open().await;
    let long = dgpc("INV-1", closed(1)).with_prefix("60000161862".parse().unwrap());
    assert_eq!(refused(shop.client.create(&long).await), "4032701");
    let elsewhere = dgpc("INV-2", closed(1)).under("11111".parse().unwrap());
    assert_eq!(refused(shop.client.create(&elsewhere).await), "4032701");
}

#[tokio::test]
async fn a_wrong_secret_and_a_dead_token_are_refused() {
    let shop = Shop::open().await;
    let wrong = shop.client_with(|config| {
        let secret = doku_sign::ClientSecret::new("SK-another-secret").unwrap();
        doku_va_btn::Config::new(
            config.environment().clone(),
            config.client_id().clone(),
            secret,
            config.private_key().clone(),
        )
        .with_partner_service_id("95962".parse().unwrap())
        .with_customer_no_prefix("6".parse().unwrap())
    });
    let order = dgpc("INV-1", closed(1));
    assert_eq!(refused(wrong.create(&order).await), "4012700");

    // Once: the client takes a new token by itself. Twice: it says so.
    shop.sandbox()
        .fault(Fault::once(FaultKind::InvalidToken).on(Operation::CreateVa))
        .unwrap();
    shop.client.create(&order).await.unwrap();
    let twice = Fault::once(FaultKind::InvalidToken)
        .on(Operation::CreateVa)
        .times(2);
    shop.sandbox().fault(twice).unwrap();
    let order = dgpc("INV-2", closed(1));
    assert_eq!(refused(shop.client.create(&order).await), "4012701");
}

#[tokio::test]
async fn update_and_delete_are_refused_for_accounts_that_are_not_there_as_said() {
    let shop = Shop::open().await;
    let va = shop
        .client
        .create(&dgpc("INV-1", closed(11_500)))
        .await
        .unwrap()
        .value;
    let change = Change::new().bill(closed(12_000));

    let changed = |member: &str, value: &str| -> VirtualAccount {
        let mut stored = serde_json::to_value(&va).unwrap();
        stored[member] = value.into();
        serde_json::from_value(stored).unwrap()
    };
    // Delete wants the trxId of the create call; update takes any.
    let other_trx_id = changed("trxId", "INV-ANOTHER");
    assert_eq!(refused(shop.client.delete(&other_trx_id).await), "4043119");

    let nobody = changed("customerNo", "69999999999");
    assert!(refused(shop.client.update(&nobody, &change).await).starts_with("40428"));
    assert!(refused(shop.client.delete(&nobody).await).starts_with("40431"));

    let no_channel = shop.meddled(|data| data.additional_info = None);
    assert_eq!(refused(no_channel.update(&va, &change).await), "4002802");
    assert_eq!(refused(no_channel.delete(&va).await), "4003102");

    let apart = shop.meddled(|data| data.virtual_account_no = Some("   959627".into()));
    assert_eq!(refused(apart.delete(&va).await), "4033115");
    assert!(refused(apart.update(&va, &change).await).starts_with("40328"));

    assert_eq!(
        shop.sandbox().virtual_accounts()[0].amount.as_deref(),
        Some("11500.00")
    );
}

#[tokio::test]
async fn a_repeated_trx_id_is_told_from_a_new_account() {
    let shop = Shop::open().await;
    let order = dgpc("INV-1", closed(11_500));
    let first = shop.client.create(&order).await.unwrap().value;
    // The same order again: DOKU answers 4000500 with the account that exists, and it is the one that was asked for.
    let again = shop.client.create(&order).await.unwrap();
    assert_eq!(again.answer.response_code().unwrap().as_str(), "4000500");
    assert_eq!(again.value.number(), first.number());
    // The same trxId for another bill: what exists is not what was asked for.
    let error = shop
        .client
        .create(&dgpc("INV-1", closed(99_000)))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Conflict { .. }), "{error}");
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert_eq!(shop.sandbox().virtual_accounts().len(), 1);
}

#[tokio::test]
async fn an_external_id_that_was_used_for_another_body_is_a_conflict() {
    let shop = Shop::open().await;
    let external_id: doku_model::ExternalId = "12345".parse().unwrap();
    shop.client
        .create(&dgpc("INV-1", closed(1)))
        .external_id(external_id.clone())
        .await
        .unwrap();
    let other = mgpc("1", "INV-2", Bill::Open(None));
    let error = shop
        .client
        .create(&other)
        .external_id(external_id.clone())
        .await
        .unwrap_err();
    assert_eq!(error.response_code().unwrap().as_str(), "4092700");
    assert_eq!(error.external_id(), Some(&external_id));
    assert!(matches!(error, Error::Conflict { .. }), "{error}");
}

/// Codes that were reported, and that a sandbox has no reason to give: the client reads them all the same.
#[tokio::test]
async fn every_reported_code_is_read_with_its_meaning() {
    let table = [
        ("4032700", Meaning::TransactionExpired, true),
        ("4032701", Meaning::FeatureNotAllowed, true),
        ("4032715", Meaning::NotPermitted, true),
        ("4042701", Meaning::TransactionNotFound, true),
        ("4042712", Meaning::BillNotFound, true),
        ("4042714", Meaning::PaidBill, true),
        ("4042719", Meaning::BillExpired, true),
        ("4042512", Meaning::BillNotFound, true),
        ("4042513", Meaning::InvalidAmount, true),
        ("4012700", Meaning::Unauthorized, true),
        ("4012701", Meaning::InvalidToken, true),
        ("4007300", Meaning::BadRequest, true),
        ("4092700", Meaning::Conflict, false),
        ("4000500", Meaning::DuplicateReference, false),
        ("5002700", Meaning::GeneralError, false),
        ("5042700", Meaning::Timeout, false),
        ("2022700", Meaning::InProgress, false),
        ("9999999", Meaning::Unknown, false),
    ];
    for (code, meaning, refused) in table {
        let body = format!(r#"{{"responseCode":"{code}","responseMessage":"as it was reported"}}"#);
        let token = r#"{"responseCode":"2007300","accessToken":"t","expiresIn":900}"#;
        let status = StatusCode::from_bytes(&code.as_bytes()[..3]).unwrap_or(StatusCode::OK);
        let answer = || Bytes::from(body.clone());
        // A 401 is answered with a new token and one more attempt.
        let script = Scripted::new()
            .then_json(StatusCode::OK, token)
            .then_json(status, answer())
            .then_json(StatusCode::OK, token)
            .then_json(status, answer());
        let client = Client::new(config_for("http://127.0.0.1:9"), Arc::new(script)).unwrap();
        let error = client.create(&dgpc("INV-1", closed(1))).await.unwrap_err();
        let read = error.response_code().expect(code);
        assert_eq!(read.as_str(), code);
        assert_eq!(read.meaning(), meaning, "{code}");
        assert_eq!(
            matches!(error, Error::Refused(_)),
            refused,
            "{code}: {error}"
        );
        assert_eq!(
            error.outcome() == Outcome::NotDone,
            refused,
            "{code}: {error}"
        );
        assert!(!error.advice().is_empty());
        if meaning == Meaning::Unauthorized {
            assert_eq!(error.advice(), Action::CheckCredentials.advice());
        }
    }
}
