//! Blocks of JSON are payloads: they decode as what they are, and no member is left over.

use doku::model::request::{CreateVa, Inquiry, Payment};
use doku::wire::{
    self, InquiryRequest, InquiryResponse, PaymentRequest, PaymentResponse, TokenRequest,
    TokenResponse, VirtualAccountData, VirtualAccountResponse,
};
use serde_json::Value;

use crate::page;

/// What was understood, written again: a member that is not in it was not understood.
fn understood(body: &[u8], value: &Value) -> Option<Value> {
    let has = |member: &str| value.get(member).is_some();
    let service = value["responseCode"]
        .as_str()
        .and_then(|code| code.get(3..5));
    let written = match service {
        None if has("grantType") => wire::encode(&wire::decode::<TokenRequest<'_>>(body).unwrap()),
        None if has("paidAmount") => {
            let read: PaymentRequest<'_> = wire::decode(body).unwrap();
            Payment::try_from(&read).unwrap();
            wire::encode(&read)
        }
        None if has("inquiryRequestId") => {
            let read: InquiryRequest<'_> = wire::decode(body).unwrap();
            Inquiry::try_from(&read).unwrap();
            wire::encode(&read)
        }
        None if has("totalAmount") => {
            let read: VirtualAccountData<'_> = wire::decode(body).unwrap();
            CreateVa::try_from(&read).unwrap();
            wire::encode(&read)
        }
        Some("73") => wire::encode(&wire::decode::<TokenResponse<'_>>(body).unwrap()),
        Some("24") => wire::encode(&wire::decode::<InquiryResponse<'_>>(body).unwrap()),
        Some("25") => wire::encode(&wire::decode::<PaymentResponse<'_>>(body).unwrap()),
        Some("27" | "28" | "31") => {
            wire::encode(&wire::decode::<VirtualAccountResponse<'_>>(body).unwrap())
        }
        _ => return None,
    };
    Some(serde_json::from_slice(&written).unwrap())
}

#[test]
fn each_is_the_payload_it_looks_like_to_the_last_member() {
    let blocks = page::blocks_in("json");
    assert!(blocks.len() >= 4, "{}", blocks.len());
    for (at, code) in blocks {
        let value: Value =
            serde_json::from_str(&code).unwrap_or_else(|error| panic!("{at}: {error}"));
        let understood = understood(code.as_bytes(), &value);
        assert_eq!(understood.as_ref(), Some(&value), "{at}");
    }
}
