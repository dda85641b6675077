//! What is stored between calls, and comes back the same.

use doku_model::Bill;
use doku_transport::testing::Scripted;
use doku_va_btn::{Change, PreparedCreate, VirtualAccount};
use serde_json::json;

use crate::support::{Bench, account, created, everything, then};

#[tokio::test(start_paused = true)]
async fn a_prepared_create_comes_back_and_is_sent_as_it_was() {
    let bench = Bench::script(then(Scripted::new(), 200, &created()));
    let id = "20260131000000000042".parse().unwrap();
    let mut stored = serde_json::to_value(bench.client.prepare(&everything()).unwrap()).unwrap();
    stored["externalId"] = serde_json::to_value::<doku_model::ExternalId>(id).unwrap();
    insta::with_settings!({ sort_maps => true }, { insta::assert_json_snapshot!(stored) });
    let prepared: PreparedCreate = serde_json::from_value(stored.clone()).unwrap();
    assert_eq!(serde_json::to_value(&prepared).unwrap(), stored);
    bench.client.send(&prepared).await.unwrap();
    let call = bench.calls().remove(0);
    assert_eq!(
        call.body().as_ref(),
        stored["body"].as_str().unwrap().as_bytes()
    );
    assert_eq!(call.header("x-external-id"), Some("20260131000000000042"));
}

#[test]
fn an_account_comes_back_and_knows_both_numbers() {
    let stored = serde_json::to_value(account()).unwrap();
    insta::with_settings!({ sort_maps => true }, { insta::assert_json_snapshot!(stored) });
    let back: VirtualAccount = serde_json::from_value(stored).unwrap();
    assert_eq!(back, account());
    assert_eq!(back.sent_customer_no().as_str(), "6");
    assert_eq!(back.customer_no().as_str(), "60000161862");
}

#[test]
fn a_stored_account_that_was_tampered_with_does_not_come_back() {
    for (member, value) in [
        ("mode", "somebodyElse"),
        ("partnerServiceId", "BTN"),
        ("customerNo", ""),
        ("trxId", " "),
        ("name", "Budi; drop"),
        ("expiredDate", "tomorrow"),
    ] {
        let mut stored = serde_json::to_value(account()).unwrap();
        stored[member] = value.into();
        assert!(
            serde_json::from_value::<VirtualAccount>(stored).is_err(),
            "{member}"
        );
    }
}

#[test]
fn a_change_comes_back_with_what_it_mentions_and_nothing_else() {
    let stored =
        json!({ "name": "Ani", "expiredDate": "2026-02-01T00:00:00+07:00", "active": false });
    let change = Change::new()
        .name("Ani".parse().unwrap())
        .expires("2026-02-01T00:00:00+07:00".parse().unwrap())
        .deactivate();
    assert_eq!(serde_json::to_value(&change).unwrap(), stored);
    assert_eq!(serde_json::from_value::<Change>(stored).unwrap(), change);
    let dearer = Change::new().bill(Bill::Closed("12000.00".parse().unwrap()));
    let back: Change = serde_json::from_value(serde_json::to_value(&dearer).unwrap()).unwrap();
    assert_eq!(back, dearer);
    assert_eq!(
        serde_json::from_value::<Change>(json!({})).unwrap(),
        Change::new()
    );
    for odd in [
        json!({ "amount": "1.00" }),
        json!({ "active": "no" }),
        json!({ "name": ";" }),
    ] {
        assert!(
            serde_json::from_value::<Change>(odd.clone()).is_err(),
            "{odd}"
        );
    }
}
