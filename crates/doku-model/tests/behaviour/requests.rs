//! Requests that somebody receives: valid ones are made of values, others name the first member that is wrong.

use doku_model::request::{CheckStatus, CreateVa, DeleteVa, UpdateVa};
use doku_model::wire::{CheckStatusRequest, VirtualAccountData};
use doku_model::{Bill, Fault, FieldError, TrxType};
use serde_json::{Value, json};

/// A create request of an open bill with limits, with every member.
fn valid() -> Value {
    json!({
        "partnerServiceId": "   95962",
        "customerNo": "6",
        "virtualAccountNo": "   959626",
        "virtualAccountName": "Budi Santoso",
        "virtualAccountEmail": "budi@example.id",
        "virtualAccountPhone": "6281293912081",
        "trxId": "INV-1",
        "totalAmount": { "value": "0", "currency": "IDR" },
        "additionalInfo": {
            "channel": "VIRTUAL_ACCOUNT_BTN",
            "virtualAccountConfig": { "reusableStatus": true, "minAmount": "10000.00", "maxAmount": "5000000.00" },
        },
        "virtualAccountTrxType": "O",
        "expiredDate": "2026-12-31T23:59:59+07:00",
        "freeText": [{ "english": "Free text", "indonesia": "Tulisan Bebas" }],
    })
}

/// The request with one member replaced, named by its path; `None` removes it.
fn with(path: &str, value: Option<Value>) -> Value {
    let mut body = valid();
    replace(&mut body, path, value);
    body
}

fn replace(body: &mut Value, path: &str, value: Option<Value>) {
    let (parent, name) = path.rsplit_once('/').unwrap();
    let parent = body.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    match value {
        Some(value) => {
            parent.insert(name.to_owned(), value);
        }
        None => {
            parent.remove(name);
        }
    }
}

fn create(body: &Value) -> Result<CreateVa, FieldError> {
    let body = body.to_string();
    let data: VirtualAccountData<'_> = doku_model::wire::decode(body.as_bytes()).unwrap();
    CreateVa::try_from(&data)
}

fn update(body: &Value) -> Result<UpdateVa, FieldError> {
    let body = body.to_string();
    let data: VirtualAccountData<'_> = doku_model::wire::decode(body.as_bytes()).unwrap();
    UpdateVa::try_from(&data)
}

fn delete(body: &Value) -> Result<DeleteVa, FieldError> {
    let body = body.to_string();
    let data: VirtualAccountData<'_> = doku_model::wire::decode(body.as_bytes()).unwrap();
    DeleteVa::try_from(&data)
}

fn check_status(body: &Value) -> Result<CheckStatus, FieldError> {
    let body = body.to_string();
    let request: CheckStatusRequest<'_> = doku_model::wire::decode(body.as_bytes()).unwrap();
    CheckStatus::try_from(&request)
}

#[test]
fn the_valid_request_is_valid() {
    let create = create(&valid()).unwrap();
    assert!(matches!(create.bill, Bill::Open(Some(_))));
    assert!(create.reusable);
    assert!(update(&valid()).is_ok() && delete(&valid()).is_ok() && check_status(&valid()).is_ok());
}

#[test]
fn each_mandatory_member_of_create_is_missed_by_name() {
    for (path, field) in [
        ("/partnerServiceId", "partnerServiceId"),
        ("/customerNo", "customerNo"),
        ("/virtualAccountNo", "virtualAccountNo"),
        ("/virtualAccountName", "virtualAccountName"),
        ("/trxId", "trxId"),
        ("/totalAmount", "totalAmount.value"),
        ("/totalAmount/value", "totalAmount.value"),
        ("/totalAmount/currency", "totalAmount.currency"),
        ("/additionalInfo", "additionalInfo.channel"),
        ("/additionalInfo/channel", "additionalInfo.channel"),
        ("/virtualAccountTrxType", "virtualAccountTrxType"),
    ] {
        for value in [None, Some(Value::Null), Some(json!(""))] {
            let error = create(&with(path, value.clone())).unwrap_err();
            assert_eq!(
                (error.field(), error.fault()),
                (field, &Fault::Missing),
                "{value:?}"
            );
        }
    }
}

#[test]
fn each_optional_member_of_create_may_be_missing() {
    for path in [
        "/virtualAccountEmail",
        "/virtualAccountPhone",
        "/expiredDate",
        "/freeText",
        "/additionalInfo/virtualAccountConfig",
        "/additionalInfo/virtualAccountConfig/reusableStatus",
        "/additionalInfo/virtualAccountConfig/minAmount",
        "/additionalInfo/virtualAccountConfig/maxAmount",
    ] {
        for value in [None, Some(Value::Null), Some(json!(""))] {
            assert!(
                create(&with(path, value.clone())).is_ok(),
                "{path} {value:?}"
            );
        }
    }
    assert!(
        !create(&with("/additionalInfo/virtualAccountConfig", None))
            .unwrap()
            .reusable
    );
}

#[test]
fn each_wrong_member_is_named_as_the_wire_spells_it() {
    for (path, value, field) in [
        ("/partnerServiceId", json!("95-62"), "partnerServiceId"),
        ("/customerNo", json!("6x"), "customerNo"),
        ("/virtualAccountNo", json!("   959627"), "virtualAccountNo"),
        ("/virtualAccountName", json!("Budi;"), "virtualAccountName"),
        ("/virtualAccountEmail", json!("budi"), "virtualAccountEmail"),
        ("/virtualAccountPhone", json!("0812"), "virtualAccountPhone"),
        ("/trxId", json!(" INV"), "trxId"),
        ("/totalAmount/value", json!("-1.00"), "totalAmount.value"),
        ("/totalAmount/value", json!("11500.00"), "totalAmount.value"),
        (
            "/totalAmount/currency",
            json!("USD"),
            "totalAmount.currency",
        ),
        (
            "/totalAmount/currency",
            json!("idr"),
            "totalAmount.currency",
        ),
        (
            "/additionalInfo/channel",
            json!("btn"),
            "additionalInfo.channel",
        ),
        (
            "/additionalInfo/virtualAccountConfig/minAmount",
            json!("1.5"),
            "additionalInfo.virtualAccountConfig.minAmount",
        ),
        (
            "/additionalInfo/virtualAccountConfig/maxAmount",
            json!("9999.99"),
            "additionalInfo.virtualAccountConfig.maxAmount",
        ),
        (
            "/virtualAccountTrxType",
            json!("P"),
            "virtualAccountTrxType",
        ),
        (
            "/virtualAccountTrxType",
            json!("C"),
            "additionalInfo.virtualAccountConfig",
        ),
        (
            "/expiredDate",
            json!("2026-99-31T23:59:59+07:00"),
            "expiredDate",
        ),
        (
            "/freeText",
            json!([{ "english": "x" }]),
            "freeText.indonesia",
        ),
        (
            "/freeText",
            json!([{ "indonesia": "x" }]),
            "freeText.english",
        ),
    ] {
        let error = create(&with(path, Some(value.clone()))).unwrap_err();
        assert_eq!(error.field(), field, "{path} {value}");
    }
}

#[test]
fn the_first_wrong_member_is_named_in_the_documented_order() {
    let mut body = valid();
    let wrong = [
        ("/partnerServiceId", json!("x"), "partnerServiceId"),
        ("/customerNo", json!("x"), "customerNo"),
        ("/virtualAccountNo", json!("x"), "virtualAccountNo"),
        ("/virtualAccountName", json!(";"), "virtualAccountName"),
        ("/virtualAccountEmail", json!("x"), "virtualAccountEmail"),
        ("/virtualAccountPhone", json!("x"), "virtualAccountPhone"),
        ("/trxId", json!(" "), "trxId"),
        ("/totalAmount/value", json!(""), "totalAmount.value"),
        (
            "/totalAmount/currency",
            json!("USD"),
            "totalAmount.currency",
        ),
        (
            "/additionalInfo/channel",
            json!("x"),
            "additionalInfo.channel",
        ),
        (
            "/additionalInfo/virtualAccountConfig/minAmount",
            json!("x"),
            "additionalInfo.virtualAccountConfig.minAmount",
        ),
        (
            "/virtualAccountTrxType",
            json!("x"),
            "virtualAccountTrxType",
        ),
        ("/expiredDate", json!("x"), "expiredDate"),
        ("/freeText", json!([{}]), "freeText.english"),
    ];
    for (path, value, _) in &wrong {
        replace(&mut body, path, Some(value.clone()));
    }
    // Mended one after the other, each lets the next one show.
    let right = valid();
    for (path, _, field) in &wrong {
        assert_eq!(create(&body).unwrap_err().field(), *field);
        replace(&mut body, path, right.pointer(path).cloned());
    }
    assert!(create(&body).is_ok());
}

#[test]
fn the_numbers_fit_byte_for_byte() {
    let length = Fault::Length {
        min: 8,
        max: 8,
        found: 5,
    };
    let unpadded = create(&with("/partnerServiceId", Some(json!("95962")))).unwrap_err();
    assert_eq!(
        (unpadded.field(), unpadded.fault()),
        ("partnerServiceId", &length)
    );
    for number in [
        "959626",
        "00095962 6",
        "000959626",
        "    959626",
        "   9596266",
    ] {
        let error = create(&with("/virtualAccountNo", Some(json!(number)))).unwrap_err();
        assert_eq!(error.field(), "virtualAccountNo", "{number}");
    }
    let mut zeros = valid();
    replace(&mut zeros, "/partnerServiceId", Some(json!("00095962")));
    replace(&mut zeros, "/virtualAccountNo", Some(json!("000959626")));
    assert!(create(&zeros).is_ok());

    for body in [
        with("/virtualAccountNo", Some(json!("959626"))),
        with("/customerNo", None),
    ] {
        assert!(update(&body).is_err() && delete(&body).is_err() && check_status(&body).is_err());
    }
}

#[test]
fn an_update_needs_the_account_the_invoice_and_the_channel() {
    let least = json!({
        "partnerServiceId": "   95962",
        "customerNo": "6",
        "virtualAccountNo": "   959626",
        "trxId": "INV-2",
        "additionalInfo": { "channel": "VIRTUAL_ACCOUNT_BTN" },
    });
    let change = update(&least).unwrap();
    assert_eq!(
        (change.name, change.email, change.phone),
        (None, None, None)
    );
    assert_eq!(
        (change.trx_type, change.amount, change.limits),
        (None, None, None)
    );
    assert_eq!((change.status, change.expired_date), (None, None));
    assert!(delete(&least).is_ok());

    for (path, field) in [
        ("/partnerServiceId", "partnerServiceId"),
        ("/customerNo", "customerNo"),
        ("/virtualAccountNo", "virtualAccountNo"),
        ("/trxId", "trxId"),
        ("/additionalInfo/channel", "additionalInfo.channel"),
    ] {
        let mut body = least.clone();
        replace(&mut body, path, None);
        assert_eq!(update(&body).unwrap_err(), FieldError::missing(field));
        assert_eq!(delete(&body).unwrap_err(), FieldError::missing(field));
    }
}

#[test]
fn an_update_checks_what_it_carries() {
    for (path, value, field) in [
        ("/virtualAccountName", json!(";"), "virtualAccountName"),
        ("/virtualAccountEmail", json!("x"), "virtualAccountEmail"),
        ("/virtualAccountPhone", json!("x"), "virtualAccountPhone"),
        ("/totalAmount/value", json!("x"), "totalAmount.value"),
        (
            "/totalAmount/currency",
            json!("USD"),
            "totalAmount.currency",
        ),
        (
            "/totalAmount",
            json!({ "currency": "USD" }),
            "totalAmount.currency",
        ),
        (
            "/totalAmount",
            json!({ "value": "1.00" }),
            "totalAmount.currency",
        ),
        (
            "/virtualAccountTrxType",
            json!("P"),
            "virtualAccountTrxType",
        ),
        ("/expiredDate", json!("yesterday"), "expiredDate"),
        (
            "/additionalInfo/virtualAccountConfig/status",
            json!("gone"),
            "additionalInfo.virtualAccountConfig.status",
        ),
        (
            "/additionalInfo/virtualAccountConfig/maxAmount",
            json!("0.00"),
            "additionalInfo.virtualAccountConfig.maxAmount",
        ),
    ] {
        let error = update(&with(path, Some(value.clone()))).unwrap_err();
        assert_eq!(error.field(), field, "{path} {value}");
    }
    let nulls = update(&with(
        "/totalAmount",
        Some(json!({ "value": null, "currency": null })),
    ))
    .unwrap();
    assert_eq!((nulls.amount, nulls.trx_type), (None, Some(TrxType::Open)));
}

#[test]
fn a_status_request_may_name_an_inquiry_or_a_payment() {
    let mut body = valid();
    replace(&mut body, "/inquiryRequestId", Some(json!("INQ-1")));
    replace(&mut body, "/paymentRequestId", Some(json!("")));
    let ask = check_status(&body).unwrap();
    assert_eq!(ask.inquiry_request_id.unwrap().as_str(), "INQ-1");
    assert_eq!(ask.payment_request_id, None);
    replace(&mut body, "/paymentRequestId", Some(json!("x".repeat(129))));
    assert_eq!(check_status(&body).unwrap_err().field(), "paymentRequestId");
}

#[test]
fn debug_of_a_request_hides_who_pays() {
    let shown = format!("{:?}", create(&valid()).unwrap());
    for personal in ["Budi", "budi@example.id", "6281293912081"] {
        assert!(!shown.contains(personal), "{shown}");
    }
}
