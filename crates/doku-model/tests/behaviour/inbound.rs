//! What DOKU asks and tells the merchant: read leniently, insisting on what nobody can do without.

use doku_model::request::{Inquiry, Payment};
use doku_model::wire::{self, InquiryRequest, PaymentRequest};
use doku_model::{Fault, FieldError, PositiveAmount, VirtualAccountNo};
use serde_json::{Value, json};

fn payment(body: &Value) -> Result<Payment, FieldError> {
    let body = body.to_string();
    let request: PaymentRequest<'_> = wire::decode(body.as_bytes()).unwrap();
    Payment::try_from(&request)
}

fn inquiry(body: &Value) -> Result<Inquiry, FieldError> {
    let body = body.to_string();
    let request: InquiryRequest<'_> = wire::decode(body.as_bytes()).unwrap();
    Inquiry::try_from(&request)
}

/// A payment with every member.
fn full() -> Value {
    json!({
        "partnerServiceId": "   77777",
        "customerNo": "0000000000001",
        "virtualAccountNo": "   777770000000000001",
        "virtualAccountName": "Toru Yamashita",
        "virtualAccountEmail": "toru@example.id",
        "virtualAccountPhone": "6281293912081",
        "trxId": "23219829713",
        "paymentRequestId": "12839218738127830",
        "paidAmount": { "value": "11500.00", "currency": "IDR" },
        "trxDateTime": "2026-09-13T10:16:10+07:00",
        "virtualAccountTrxType": "C",
        "additionalInfo": { "channel": "VIRTUAL_ACCOUNT_BTN" },
    })
}

fn with(path: &str, value: Value) -> Value {
    let mut body = full();
    *body.pointer_mut(path).unwrap() = value;
    body
}

#[test]
fn a_payment_with_every_member() {
    let payment = payment(&full()).unwrap();
    assert_eq!(payment.virtual_account_no.as_str(), "777770000000000001");
    assert_eq!(payment.partner_service_id.unwrap().digits(), "77777");
    assert_eq!(payment.customer_no.unwrap().as_str(), "0000000000001");
    assert_eq!(payment.trx_id.unwrap().as_str(), "23219829713");
    assert_eq!(payment.payment_request_id.as_str(), "12839218738127830");
    assert_eq!(payment.paid_amount, PositiveAmount::rupiah(11_500).unwrap());
    assert_eq!(payment.name.unwrap().as_str(), "Toru Yamashita");
    assert_eq!(payment.email.unwrap().as_str(), "toru@example.id");
    assert_eq!(payment.phone.unwrap().as_str(), "6281293912081");
    assert_eq!(payment.trx_type.unwrap().as_str(), "C");
    assert_eq!(payment.channel.unwrap().as_str(), "VIRTUAL_ACCOUNT_BTN");
    let paid_at = payment.trx_date_time.unwrap();
    assert_eq!(paid_at.as_str(), "2026-09-13T10:16:10+07:00");
}

#[test]
fn an_ornament_that_breaks_its_rule_is_left_out() {
    for path in [
        "/virtualAccountName",
        "/virtualAccountEmail",
        "/virtualAccountPhone",
        "/trxDateTime",
        "/virtualAccountTrxType",
        "/additionalInfo/channel",
        "/partnerServiceId",
        "/customerNo",
    ] {
        for value in [json!("\u{1}"), json!(""), Value::Null] {
            let payment = payment(&with(path, value)).unwrap();
            let left_out = [
                payment.name.is_none(),
                payment.email.is_none(),
                payment.phone.is_none(),
                payment.trx_date_time.is_none(),
                payment.trx_type.is_none(),
                payment.channel.is_none(),
                payment.partner_service_id.is_none(),
                payment.customer_no.is_none(),
            ];
            assert_eq!(left_out.iter().filter(|out| **out).count(), 1, "{path}");
        }
    }
}

#[test]
fn what_nobody_can_do_without_is_named() {
    for (path, field) in [
        ("/paymentRequestId", "paymentRequestId"),
        ("/paidAmount", "paidAmount.value"),
        ("/paidAmount/value", "paidAmount.value"),
    ] {
        for value in [Value::Null, json!(""), json!("  ")] {
            let error = payment(&with(path, value)).unwrap_err();
            assert_eq!(error.field(), field);
            assert_eq!(*error.fault(), Fault::Missing);
        }
    }
    let error = payment(&json!({})).unwrap_err();
    assert_eq!(error.field(), "virtualAccountNo");
}

#[test]
fn what_would_be_mistaken_for_something_else_is_refused() {
    for (path, value, field) in [
        ("/trxId", json!("INV\u{1}"), "trxId"),
        ("/trxId", json!("x".repeat(65)), "trxId"),
        (
            "/paymentRequestId",
            json!("x".repeat(129)),
            "paymentRequestId",
        ),
        ("/virtualAccountNo", json!("77777 0001"), "virtualAccountNo"),
        (
            "/virtualAccountNo",
            json!("7".repeat(29)),
            "virtualAccountNo",
        ),
        ("/paidAmount/currency", json!("USD"), "paidAmount.currency"),
        ("/paidAmount/currency", json!("360"), "paidAmount.currency"),
        ("/paidAmount/value", json!("0.00"), "paidAmount.value"),
        ("/paidAmount/value", json!("0"), "paidAmount.value"),
        ("/paidAmount/value", json!("-1.00"), "paidAmount.value"),
        ("/paidAmount/value", json!("11.500,00"), "paidAmount.value"),
        ("/paidAmount/value", json!("11500.005"), "paidAmount.value"),
        ("/paidAmount/value", json!("11500."), "paidAmount.value"),
        ("/paidAmount/value", json!(".50"), "paidAmount.value"),
        ("/paidAmount/value", json!("1e4"), "paidAmount.value"),
        (
            "/paidAmount/value",
            json!("99999999999999999.00"),
            "paidAmount.value",
        ),
    ] {
        let error = payment(&with(path, value.clone())).unwrap_err();
        assert_eq!(error.field(), field, "{value}");
    }
}

#[test]
fn an_amount_is_exact_in_any_number_of_decimals() {
    for (written, sen) in [
        ("11500.00", 1_150_000),
        ("11500", 1_150_000),
        ("11500.0", 1_150_000),
        ("11500.000", 1_150_000),
        ("11500.5", 1_150_050),
        ("11500.05", 1_150_005),
        ("11500.0500", 1_150_005),
        ("0.01", 1),
        ("9999999999999999.99", 999_999_999_999_999_999),
    ] {
        let payment = payment(&with("/paidAmount/value", json!(written))).unwrap();
        assert_eq!(payment.paid_amount.amount().sen(), sen, "{written}");
    }
}

#[test]
fn the_invoice_number_may_stand_in_additional_info() {
    let mut body = full();
    body["trxId"] = json!(" ");
    body["additionalInfo"]["trxId"] = json!("INV-1");
    assert_eq!(payment(&body).unwrap().trx_id.unwrap().as_str(), "INV-1");
    body["trxId"] = json!("INV-2");
    assert_eq!(payment(&body).unwrap().trx_id.unwrap().as_str(), "INV-2");
}

#[test]
fn a_number_is_made_of_its_parts_where_it_is_missing() {
    let asked = inquiry(&json!({ "partnerServiceId": "77062", "customerNo": "2007" })).unwrap();
    assert_eq!(asked.virtual_account_no.as_str(), "   770622007");
    for half in [
        json!({ "partnerServiceId": "77062" }),
        json!({ "customerNo": "2007" }),
    ] {
        let error = inquiry(&half).unwrap_err();
        assert_eq!(error, FieldError::missing("virtualAccountNo"));
    }
}

#[test]
fn an_inquiry_with_every_member() {
    let asked = inquiry(&json!({
        "partnerServiceId": "00077062",
        "customerNo": "2007",
        "virtualAccountNo": "000770622007",
        "trxDateInit": "2024-09-13T10:16:10+07:00",
        "inquiryRequestId": "DIPCVA003T240913101610069TxXxsQnHAYA",
        "additionalInfo": { "channel": "VIRTUAL_ACCOUNT_BTN", "trxId": "INV-1" },
    }))
    .unwrap();
    let number: VirtualAccountNo = "770622007".parse().unwrap();
    assert_eq!(asked.virtual_account_no, number);
    assert_eq!(asked.virtual_account_no.normalised(), "770622007");
    assert_eq!(number.normalised(), "770622007");
    assert_eq!(
        asked.trx_date_init.unwrap().as_str(),
        "2024-09-13T10:16:10+07:00"
    );
    assert_eq!(
        asked.inquiry_request_id.unwrap().as_str(),
        "DIPCVA003T240913101610069TxXxsQnHAYA"
    );
    assert_eq!(asked.channel.unwrap().as_str(), "VIRTUAL_ACCOUNT_BTN");
    assert_eq!(asked.trx_id.unwrap().as_str(), "INV-1");
}
