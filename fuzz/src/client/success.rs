//! What an answer must say for a call to have succeeded, read again by no code of the client's.

use std::borrow::Cow;

use doku_model::{Amount, CustomerNo, VirtualAccountNo};
use doku_sign::AccessToken;
use doku_va_btn::{Answer, Mode, PaymentStatus, Response, VirtualAccount};

use super::doku::Said;
use super::{AMOUNT, CUSTOMER_NO, NUMBER, PREFIX, TRX_ID};
use crate::lookup;

const DATA: &str = "virtualAccountData";

/// The answer as a text. What is skipped unread need not be one.
fn body(answer: &Answer) -> Cow<'_, str> {
    String::from_utf8_lossy(answer.raw())
}

fn has_code(answer: &Answer, code: &str) {
    let said = lookup::text(&body(answer), &["responseCode"]);
    assert_eq!(said.as_deref(), Some(code), "{answer}");
}

/// A token that DOKU granted.
pub(super) fn token(token: &AccessToken, said: &[Said]) {
    let last = String::from_utf8_lossy(&said.last().unwrap().body);
    let code = lookup::text(&last, &["responseCode"]);
    assert_eq!(code.as_deref(), Some("2007300"));
    let granted = lookup::text(&last, &["accessToken"]);
    assert_eq!(granted.as_deref(), Some(token.expose()));
    assert!(token.expose().bytes().all(|byte| byte.is_ascii_graphic()));
}

/// An account of this trxId, number and bill; or, where check status settled it, one that DOKU knows by them.
pub(super) fn created(response: &Response<VirtualAccount>, settled: bool) {
    let (va, answer) = (&response.value, &response.answer);
    assert_eq!(va.trx_id().as_str(), TRX_ID);
    assert_eq!(va.bill().amount(), AMOUNT.parse::<Amount>().ok());
    assert!(va.customer_no().as_str().starts_with(PREFIX));

    let text = |name: &str| lookup::text(&body(answer), &[DATA, name]);
    if answer.operation() == doku_model::Operation::CheckStatus {
        assert!(settled);
        has_code(answer, "2002600");
        assert!(names(&body(answer), "trxId", TRX_ID), "{}", body(answer));
        return;
    }
    if !answer.is_of_an_earlier_call() {
        has_code(answer, "2002700");
    } else {
        assert_eq!(text("trxId").as_deref(), Some(TRX_ID), "of which account");
    }
    if let Some(trx_id) = text("trxId") {
        assert_eq!(trx_id, TRX_ID);
    }
    let customer_no = text("customerNo");
    if let Some(customer_no) = &customer_no {
        assert_eq!(
            customer_no.parse::<CustomerNo>().as_ref(),
            Ok(va.customer_no())
        );
    }
    let number = text("virtualAccountNo");
    if let Some(number) = &number {
        assert_eq!(number.parse::<VirtualAccountNo>(), Ok(va.number()));
    }
    assert!(customer_no.is_some() || number.is_some(), "no number");
    if let Some(value) = lookup::text(&body(answer), &[DATA, "totalAmount", "value"]) {
        assert_eq!(value.parse::<Amount>().ok(), va.bill().amount());
    }
    if va.mode() == Mode::MerchantGenerated {
        assert_eq!(va.customer_no().as_str(), CUSTOMER_NO);
    }
}

/// The update that was asked for.
pub(super) fn updated(response: &Response<VirtualAccount>) {
    has_code(&response.answer, "2002800");
    assert_eq!(response.value.customer_no().as_str(), CUSTOMER_NO);
    let value = lookup::text(&body(&response.answer), &[DATA, "totalAmount", "value"]);
    if let Some(value) = value {
        assert_eq!(value.parse::<Amount>(), "12000.00".parse());
    }
    speaks_of_the_account(&response.answer);
}

/// The account is gone.
pub(super) fn deleted(response: &Response<()>) {
    has_code(&response.answer, "2003100");
    speaks_of_the_account(&response.answer);
}

fn speaks_of_the_account(answer: &Answer) {
    let text = |name: &str| lookup::text(&body(answer), &[DATA, name]);
    if let Some(trx_id) = text("trxId") {
        assert_eq!(trx_id, TRX_ID);
    }
    if let Some(number) = text("virtualAccountNo") {
        assert_eq!(number.parse::<VirtualAccountNo>(), NUMBER.parse());
    }
}

/// Paid is only what an answer calls so of this account.
pub(super) fn status(response: &Response<PaymentStatus>) {
    let answer = &response.answer;
    let json = body(answer);
    match &response.value {
        PaymentStatus::Paid { amount, .. } => {
            has_code(answer, "2002600");
            let entries = lookup::objects(&json, &[DATA]);
            let reason = |entry: &str, language| {
                lookup::text(entry, &["paymentFlagReason", language])
                    .map(|word| word.trim().to_lowercase())
            };
            let paid: Vec<_> = entries
                .iter()
                .filter(|entry| {
                    reason(entry, "english").is_some_and(|word| word == "paid")
                        || reason(entry, "indonesia").is_some_and(|word| word == "terbayar")
                })
                .collect();
            assert!(!paid.is_empty(), "{json}");
            is_identified(&json);
            if let Some(amount) = amount {
                let told = |entry: &str| lookup::text(entry, &["paidAmount", "value"]);
                let found = paid
                    .iter()
                    .any(|entry| told(entry).and_then(|text| text.parse().ok()) == Some(*amount));
                assert!(found, "{amount}: {json}");
            }
        }
        PaymentStatus::Pending => {
            has_code(answer, "2002600");
            is_identified(&json);
        }
        _ => {}
    }
}

/// Some entry names the account, by its trxId or its number.
fn is_identified(json: &str) {
    let by_number = lookup::objects(json, &[DATA]).iter().any(|entry| {
        ["virtualAccountNo", "virtualAccountNumber"]
            .into_iter()
            .filter_map(|name| lookup::text(entry, &[name]))
            .any(|number| number.parse::<VirtualAccountNo>() == NUMBER.parse())
    });
    assert!(by_number || names(json, "trxId", TRX_ID), "{json}");
}

/// Whether an entry, or what stands beside them, has this text under this name.
fn names(json: &str, name: &str, text: &str) -> bool {
    let beside = lookup::text(json, &["additionalInfo", name]);
    lookup::objects(json, &[DATA])
        .iter()
        .filter_map(|entry| lookup::text(entry, &[name]))
        .chain(beside)
        .any(|found| found == text)
}
