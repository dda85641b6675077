//! What we write: the exact text of every payload, and how little `Debug` shows of it.

use doku_model::wire::{
    CheckStatusRequest, CheckStatusResponse, HowToPay, InquiryData, InquiryRequest,
    InquiryResponse, PaymentRequest, PaymentResponse, StatusData, TokenRequest, TokenResponse,
    VirtualAccountData, VirtualAccountResponse,
};

use crate::support::{self as filled, MARKER, canonical, emitted, minified};

/// A snapshot of the text; and the text is compact, sorted at every level, and reads back as the same payload.
macro_rules! writes {
    ($($name:ident: $payload:ident),+ $(,)?) => {$(
        #[test]
        fn $name() {
            let payload = filled::$payload();
            let text = emitted(&payload);
            let value = serde_json::from_str(&text).unwrap();
            assert_eq!(canonical(&value), text);
            assert_eq!(minified(&text), text);
            insta::assert_snapshot!(concat!("json_", stringify!($payload)), text);

            let debug = format!("{payload:#?}");
            assert!(!debug.contains(MARKER), "{debug}");
            insta::assert_snapshot!(concat!("debug_", stringify!($payload)), debug);
        }
    )+};
}

writes! {
    create_update_and_delete: virtual_account_data,
    the_answer_to_create_update_and_delete: virtual_account_response,
    a_token_request: token_request,
    a_token: token_response,
    a_status_request: check_status_request,
    a_status: check_status_response,
    an_inquiry: inquiry_request,
    the_answer_to_an_inquiry: inquiry_response,
    a_payment: payment_request,
    the_answer_to_a_payment: payment_response,
    how_to_pay: how_to_pay,
}

#[test]
fn absent_members_are_left_out() {
    for text in [
        emitted(&VirtualAccountData::default()),
        emitted(&VirtualAccountResponse::default()),
        emitted(&TokenRequest::default()),
        emitted(&TokenResponse::default()),
        emitted(&CheckStatusRequest::default()),
        emitted(&CheckStatusResponse::default()),
        emitted(&StatusData::default()),
        emitted(&InquiryRequest::default()),
        emitted(&InquiryResponse::default()),
        emitted(&InquiryData::default()),
        emitted(&PaymentRequest::default()),
        emitted(&PaymentResponse::default()),
        emitted(&HowToPay::default()),
    ] {
        assert_eq!(text, "{}");
    }
}

#[test]
fn one_status_is_written_as_an_object_and_several_as_an_array() {
    let one = filled::check_status_response();
    assert!(emitted(&one).contains(r#""virtualAccountData":{"#));
    let two = CheckStatusResponse {
        virtual_account_data: vec![filled::status_data(), filled::status_data()],
        ..one
    };
    assert!(emitted(&two).contains(r#""virtualAccountData":[{"#));
}

#[test]
fn nothing_is_escaped_that_need_not_be() {
    let text = emitted(&filled::virtual_account_data());
    assert!(
        text.contains(
            r#"{"english":"Café at 5 o'clock <now> & later =","indonesia":"Kafé / warung"}"#
        ),
        "{text}"
    );
    assert!(
        text.contains(r#"{"english":"Order \"42\"","indonesia":"Pesanan \\ 42"}"#),
        "{text}"
    );
}
