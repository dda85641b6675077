//! Whatever comes in, there is an answer.

use std::fmt::Debug;
use std::str::FromStr;

use doku_model::request::{CheckStatus, CreateVa, DeleteVa, UpdateVa};
use doku_model::wire::{
    self, CheckStatusRequest, CheckStatusResponse, DecodeError, HowToPay, InquiryRequest,
    InquiryResponse, PaymentRequest, PaymentResponse, TokenRequest, TokenResponse,
    VirtualAccountData, VirtualAccountResponse,
};
use doku_model::{
    Amount, Channel, ClientId, CustomerNo, ExternalId, FieldError, FreeText, InquiryRequestId,
    Meaning, PartnerServiceId, PaymentFlag, PaymentRequestId, PositiveAmount, ResponseCode,
    Timestamp, TrxId, TrxType, VirtualAccountEmail, VirtualAccountName, VirtualAccountNo,
    VirtualAccountPhone, VirtualAccountStatus,
};
use proptest::prelude::*;
use serde_json::Value;

use crate::fixtures;
use crate::support::{cases, emitted};

/// Reads `text`; what it accepts it must give back as it came, unless it normalises.
fn read<T: FromStr<Err = FieldError> + Debug + ToString>(text: &str) -> Option<String> {
    match text.parse::<T>() {
        Ok(value) => {
            let _ = format!("{value:?}");
            Some(value.to_string())
        }
        Err(error) => {
            assert!(!error.to_string().is_empty());
            None
        }
    }
}

fn read_every_value(text: &str) {
    for accepted in [
        read::<Channel>(text),
        read::<ClientId>(text),
        read::<CustomerNo>(text),
        read::<ExternalId>(text),
        read::<InquiryRequestId>(text),
        read::<PaymentRequestId>(text),
        read::<Timestamp>(text),
        read::<TrxId>(text),
        read::<TrxType>(text),
        read::<VirtualAccountEmail>(text),
        read::<VirtualAccountName>(text),
        read::<VirtualAccountNo>(text),
        read::<VirtualAccountPhone>(text),
        read::<VirtualAccountStatus>(text),
    ]
    .into_iter()
    .flatten()
    {
        assert_eq!(accepted, text);
    }
    if let Some(printed) = read::<Amount>(text) {
        assert!(printed.starts_with(text));
        let _ = read::<PositiveAmount>(text);
    }
    if let Some(padded) = read::<PartnerServiceId>(text) {
        assert_eq!(padded.len(), 8);
        assert!(padded.ends_with(text.trim_start_matches(' ')));
    }
    let _ = FreeText::new(text, text);
    let _ = PaymentFlag::from_reason(Some(text), None);
    let code = ResponseCode::new(text.to_owned());
    assert_eq!(code.as_str(), text);
    assert!(code.http_status().is_some() || code.meaning() == Meaning::Unknown);
}

/// Reads `body` as `T`. What was read can be written, and what was written reads and writes as the same.
fn read_as<'a, T: serde::Deserialize<'a> + serde::Serialize + Debug>(
    body: &'a [u8],
) -> Result<String, DecodeError> {
    let payload: T = wire::decode(body)?;
    let _ = format!("{payload:?}");
    Ok(emitted(&payload))
}

macro_rules! read_as_each {
    ($body:expr; $($payload:ident),+ $(,)?) => {
        $(
            if let Ok(written) = read_as::<$payload<'_>>($body) {
                let again = read_as::<$payload<'_>>(written.as_bytes());
                assert_eq!(again.as_deref(), Ok(written.as_str()), stringify!($payload));
            }
        )+
    };
}

fn read_as_every_payload(body: &[u8]) {
    read_as_each!(body; VirtualAccountData, VirtualAccountResponse, TokenRequest, TokenResponse, CheckStatusRequest,
        CheckStatusResponse, InquiryRequest, InquiryResponse, PaymentRequest, PaymentResponse, HowToPay);
    if let Ok(data) = wire::decode::<VirtualAccountData<'_>>(body) {
        let _ = (
            CreateVa::try_from(&data),
            UpdateVa::try_from(&data),
            DeleteVa::try_from(&data),
        );
    }
    if let Ok(request) = wire::decode::<CheckStatusRequest<'_>>(body) {
        let _ = CheckStatus::try_from(&request);
    }
}

const MEMBERS: [&str; 44] = [
    "accessToken",
    "acquirer",
    "additionalInfo",
    "billAmount",
    "billDetails",
    "channel",
    "client",
    "currency",
    "customer",
    "customerNo",
    "english",
    "expiredDate",
    "expiresIn",
    "freeText",
    "freeTexts",
    "grantType",
    "howToPayApi",
    "howToPayPage",
    "id",
    "indonesia",
    "inquiryReason",
    "inquiryRequestId",
    "inquiryStatus",
    "maxAmount",
    "minAmount",
    "order",
    "paidAmount",
    "partnerServiceId",
    "paymentFlagReason",
    "payment_instruction",
    "responseCode",
    "reusableStatus",
    "status",
    "step",
    "totalAmount",
    "trxId",
    "value",
    "virtualAccountConfig",
    "virtualAccountData",
    "virtualAccountEmail",
    "virtualAccountName",
    "virtualAccountNo",
    "virtualAccountNumber",
    "virtualAccountTrxType",
];

/// Any JSON, with the names of our members in it.
fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        prop::sample::select(vec![
            "", "0", "11500.00", "   95962", "6", "C", "IDR", "true", "900"
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 48, 8, |inner| {
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            3 => prop::collection::btree_map(
                prop_oneof![9 => prop::sample::select(MEMBERS.to_vec()).prop_map(str::to_owned), 1 => any::<String>()],
                inner,
                0..8,
            )
            .prop_map(|members| members.into_iter().collect()),
        ]
    })
}

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn any_text(text in any::<String>()) {
        read_every_value(&text);
    }

    #[test]
    fn any_text_that_looks_like_a_value(text in r"[ 0-9A-Za-z:.+\-TZ_@é\u{0}\u{2028}]{0,40}") {
        read_every_value(&text);
    }

    #[test]
    fn any_text_that_looks_like_a_moment(text in r"[0-9]{4}[-/][0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{0,10})?[Zz+-]([0-9]{2}:?[0-9]{2})?") {
        read_every_value(&text);
    }

    #[test]
    fn any_bytes(body in prop::collection::vec(any::<u8>(), 0..200)) {
        read_as_every_payload(&body);
    }

    #[test]
    fn any_json(value in json()) {
        read_as_every_payload(value.to_string().as_bytes());
    }

    #[test]
    fn any_bent_payload(
        (_, body) in prop::sample::select(fixtures::ALL.to_vec()),
        place in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        remove in any::<bool>(),
    ) {
        let mut body = body.as_bytes().to_vec();
        let place = place.index(body.len());
        if remove {
            body.remove(place);
        } else {
            body[place] = byte;
        }
        read_as_every_payload(&body);
        read_as_every_payload(&body[..place]);
    }
}
