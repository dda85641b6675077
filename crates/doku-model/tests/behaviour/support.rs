//! What several subjects need.

use std::str::FromStr;

use doku_model::wire::{
    Acquirer, AdditionalInfo, Bilingual, BillDetail, CheckStatusRequest, CheckStatusResponse,
    HowToPay, HowToPayAccount, HowToPayClient, HowToPayCustomer, HowToPayInstruction,
    HowToPayOrder, InquiryData, InquiryRequest, InquiryResponse, Money, PaymentData,
    PaymentRequest, PaymentResponse, Seconds, StatusAdditionalInfo, StatusData, Text, TokenRequest,
    TokenResponse, VirtualAccountConfig, VirtualAccountData, VirtualAccountResponse, encode,
};
use doku_model::{Fault, FieldError};
use proptest::test_runner::{Config, RngSeed};
use serde_json::Value;

/// Property tests run the same cases every time.
pub(crate) fn cases(cases: u32) -> Config {
    Config {
        cases,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(0x00D0_1C0B),
        ..Config::default()
    }
}

/// The fault of a text that must be refused, and the member it is about.
pub(crate) fn refusal<T: FromStr<Err = FieldError>>(text: &str) -> (String, Fault) {
    match text.parse::<T>() {
        Ok(_) => panic!("{text:?} was accepted"),
        Err(error) => (error.field().to_owned(), error.fault().clone()),
    }
}

/// Like [`refusal`], without the member.
pub(crate) fn fault<T: FromStr<Err = FieldError>>(text: &str) -> Fault {
    refusal::<T>(text).1
}

/// A payload as the text that goes over the wire.
pub(crate) fn emitted<T: serde::Serialize>(payload: &T) -> String {
    String::from_utf8(encode(payload)).expect("JSON is UTF-8")
}

/// JSON as the strictest reader would write it: compact, members sorted by bytes, nothing escaped that need not be.
pub(crate) fn canonical(value: &Value) -> String {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::String(text) => quoted(text),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(canonical).collect();
            format!("[{}]", items.join(","))
        }
        Value::Object(members) => {
            let mut members: Vec<(&String, &Value)> = members.iter().collect();
            members.sort_by_key(|(name, _)| name.as_bytes());
            let members: Vec<String> = members
                .iter()
                .map(|(name, value)| format!("{}:{}", quoted(name), canonical(value)))
                .collect();
            format!("{{{}}}", members.join(","))
        }
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// JSON without the blanks between its tokens, everything else as it stands.
pub(crate) fn minified(json: &str) -> String {
    let mut compact = String::new();
    let (mut inside, mut escaped) = (false, false);
    for character in json.chars() {
        if inside || !matches!(character, ' ' | '\t' | '\r' | '\n') {
            compact.push(character);
        }
        if inside && !escaped && character == '\\' {
            escaped = true;
            continue;
        }
        if character == '"' && !escaped {
            inside = !inside;
        }
        escaped = false;
    }
    compact
}

/// What a planted text must never show up as.
pub(crate) const MARKER: &str = "Rahasia7";

fn text(text: &'static str) -> Option<Text<'static>> {
    Some(text.into())
}

pub(crate) fn money(value: &'static str) -> Option<Money<'static>> {
    Some(Money {
        currency: text("IDR"),
        value: text(value),
    })
}

pub(crate) fn bilingual(english: &'static str, indonesia: &'static str) -> Bilingual<'static> {
    Bilingual {
        english: text(english),
        indonesia: text(indonesia),
    }
}

pub(crate) fn additional_info() -> AdditionalInfo<'static> {
    AdditionalInfo {
        channel: text("VIRTUAL_ACCOUNT_BTN"),
        how_to_pay_api: text("https://api.doku.test/pay-instruction/btn/Rahasia7"),
        how_to_pay_page: text("https://app.doku.test/how-to-pay/btn/Rahasia7"),
        trx_id: text("INV-Rahasia7"),
        virtual_account_config: Some(VirtualAccountConfig {
            max_amount: text("5000000.00"),
            min_amount: text("10000.00"),
            reusable_status: Some(true),
            status: text("ACTIVE"),
        }),
    }
}

pub(crate) fn virtual_account_data() -> VirtualAccountData<'static> {
    VirtualAccountData {
        additional_info: Some(additional_info()),
        customer_no: text("60000161862"),
        expired_date: text("2026-12-31T23:59:59+07:00"),
        free_text: Some(vec![
            bilingual("Order \"42\"", "Pesanan \\ 42"),
            bilingual("Café at 5 o'clock <now> & later =", "Kafé / warung"),
        ]),
        partner_service_id: text("   95962"),
        total_amount: money("11500.00"),
        trx_id: text("INV-Rahasia7"),
        virtual_account_email: text("Rahasia7@example.id"),
        virtual_account_name: text("Budi Rahasia7"),
        virtual_account_no: text("   9596260000161862"),
        virtual_account_phone: text("6281293912081"),
        virtual_account_trx_type: text("V"),
    }
}

pub(crate) fn virtual_account_response() -> VirtualAccountResponse<'static> {
    VirtualAccountResponse {
        additional_info: Some(additional_info()),
        response_code: text("2002700"),
        response_message: text("Successful"),
        virtual_account_data: Some(virtual_account_data()),
    }
}

pub(crate) fn token_request() -> TokenRequest<'static> {
    TokenRequest::client_credentials()
}

pub(crate) fn token_response() -> TokenResponse<'static> {
    TokenResponse {
        access_token: text("eyJ.Rahasia7.sig"),
        expires_in: Some(Seconds::new(900)),
        response_code: text("2007300"),
        response_message: text("Successful"),
        token_type: text("Bearer"),
    }
}

pub(crate) fn check_status_request() -> CheckStatusRequest<'static> {
    CheckStatusRequest {
        customer_no: text("6"),
        inquiry_request_id: text("INQ-Rahasia7"),
        partner_service_id: text("   95962"),
        payment_request_id: text("PAY-Rahasia7"),
        virtual_account_no: text("   959626"),
    }
}

pub(crate) fn status_data() -> StatusData<'static> {
    StatusData {
        bill_details: vec![BillDetail {
            bill_amount: money("11500.00"),
        }],
        customer_no: text("60000161862"),
        inquiry_request_id: text("INQ-Rahasia7"),
        paid_amount: money("11500.00"),
        partner_service_id: text("   95962"),
        payment_flag_reason: Some(bilingual("Paid", "Terbayar")),
        payment_request_id: text("PAY-Rahasia7"),
        trx_id: text("INV-Rahasia7"),
        virtual_account_no: text("   9596260000161862"),
    }
}

pub(crate) fn check_status_response() -> CheckStatusResponse<'static> {
    CheckStatusResponse {
        additional_info: Some(StatusAdditionalInfo {
            acquirer: Some(Acquirer { id: text("BTN") }),
            trx_id: text("INV-Rahasia7"),
        }),
        response_code: text("2002600"),
        response_message: text("Successful"),
        virtual_account_data: vec![status_data()],
    }
}

pub(crate) fn inquiry_request() -> InquiryRequest<'static> {
    InquiryRequest {
        additional_info: Some(additional_info()),
        customer_no: text("2007"),
        inquiry_request_id: text("INQ-Rahasia7"),
        partner_service_id: text("   77062"),
        trx_date_init: text("2026-01-31T10:55:00+07:00"),
        virtual_account_no: text("   770622007"),
    }
}

pub(crate) fn inquiry_response() -> InquiryResponse<'static> {
    InquiryResponse {
        additional_info: Some(additional_info()),
        response_code: text("2002400"),
        response_message: text("Successful"),
        virtual_account_data: Some(InquiryData {
            additional_info: Some(additional_info()),
            customer_no: text("2007"),
            expired_date: text("2026-12-31T23:59:59+07:00"),
            free_text: Some(vec![bilingual("Free text", "Tulisan Bebas")]),
            inquiry_reason: Some(bilingual("Success", "Sukses")),
            inquiry_request_id: text("INQ-Rahasia7"),
            inquiry_status: text("00"),
            partner_service_id: text("   77062"),
            total_amount: money("25000.00"),
            virtual_account_email: text("Rahasia7@example.id"),
            virtual_account_name: text("Budi Rahasia7"),
            virtual_account_no: text("   770622007"),
            virtual_account_phone: text("6281293912081"),
            virtual_account_trx_type: text("C"),
        }),
    }
}

pub(crate) fn payment_request() -> PaymentRequest<'static> {
    PaymentRequest {
        additional_info: Some(additional_info()),
        customer_no: text("60000161862"),
        paid_amount: money("11500.00"),
        partner_service_id: text("   95962"),
        payment_request_id: text("PAY-Rahasia7"),
        trx_date_time: text("2026-01-31T10:55:00+07:00"),
        trx_id: text("INV-Rahasia7"),
        virtual_account_email: text("Rahasia7@example.id"),
        virtual_account_name: text("Budi Rahasia7"),
        virtual_account_no: text("   9596260000161862"),
        virtual_account_phone: text("6281293912081"),
        virtual_account_trx_type: text("C"),
    }
}

pub(crate) fn payment_response() -> PaymentResponse<'static> {
    PaymentResponse {
        response_code: text("2002500"),
        response_message: text("Successful"),
        virtual_account_data: Some(PaymentData {
            customer_no: text("60000161862"),
            partner_service_id: text("   95962"),
            payment_request_id: text("PAY-Rahasia7"),
            virtual_account_name: text("Budi Rahasia7"),
            virtual_account_no: text("   9596260000161862"),
        }),
    }
}

pub(crate) fn how_to_pay() -> HowToPay<'static> {
    HowToPay {
        client: Some(HowToPayClient {
            id: text("BRN-0001-Rahasia7"),
            name: text("Toko Maju"),
        }),
        customer: Some(HowToPayCustomer {
            email: text("Rahasia7@example.id"),
            name: text("Budi Rahasia7"),
        }),
        order: Some(HowToPayOrder {
            amount: text("150000"),
            invoice_number: text("INV-Rahasia7"),
        }),
        payment_instruction: vec![HowToPayInstruction {
            channel: text("ATM"),
            language: text("EN"),
            step: vec!["Insert the card".into(), "Enter the number".into()],
        }],
        virtual_account_info: Some(HowToPayAccount {
            created_date: text("20260131104512"),
            expired_date: text("20260131114512"),
            expired_in: text("one hour"),
            status: text("PENDING"),
            virtual_account_number: text("9596260000161862"),
        }),
    }
}
