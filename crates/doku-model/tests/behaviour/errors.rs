//! Errors: one line for a person, and nothing of what was wrong in it.

use std::fmt::Debug;
use std::str::FromStr;

use doku_model::wire::{self, DecodeError, PaymentRequest, TokenResponse, VirtualAccountData};
use doku_model::{
    Amount, Bill, Channel, ClientId, CustomerNo, ExternalId, Fault, FieldError, FreeText,
    InquiryRequestId, Limits, PartnerServiceId, PaymentRequestId, PositiveAmount, Timestamp, TrxId,
    TrxType, VirtualAccountEmail, VirtualAccountName, VirtualAccountNo, VirtualAccountPhone,
    VirtualAccountStatus,
};
use proptest::prelude::*;

use crate::support::{MARKER, cases};

fn shown<T: FromStr<Err = FieldError> + Debug>(text: &str) -> String {
    text.parse::<T>().unwrap_err().to_string()
}

#[test]
fn what_a_person_reads() {
    let lines = [
        shown::<CustomerNo>(""),
        shown::<CustomerNo>("123456789012345678901"),
        shown::<CustomerNo>("12x4"),
        shown::<PartnerServiceId>("95 62"),
        shown::<VirtualAccountNo>("        1"),
        shown::<VirtualAccountName>("Budi; Santoso"),
        shown::<VirtualAccountName>("Budi\u{202e}"),
        shown::<VirtualAccountEmail>("budi"),
        shown::<VirtualAccountPhone>("0812"),
        shown::<TrxId>(" INV-1"),
        shown::<ExternalId>("12-3"),
        shown::<InquiryRequestId>("a\nb"),
        shown::<ClientId>("MCH|1"),
        shown::<Channel>("btn"),
        shown::<VirtualAccountStatus>("Active"),
        shown::<Amount>("11.500"),
        shown::<PositiveAmount>("0.00"),
        shown::<Timestamp>("yesterday"),
        shown::<TrxType>("P"),
        Amount::rupiah(u64::MAX).unwrap_err().to_string(),
        FreeText::new("", "x").unwrap_err().to_string(),
        Limits::between(Amount::MAX, "1.00".parse().unwrap())
            .unwrap_err()
            .to_string(),
        Bill::from_parts(TrxType::Closed, None, None)
            .unwrap_err()
            .to_string(),
        Bill::from_parts(TrxType::Closed, None, Some(Limits::at_least(Amount::ZERO)))
            .unwrap_err()
            .to_string(),
        Bill::from_parts(TrxType::Open, Some(Amount::MAX), None)
            .unwrap_err()
            .to_string(),
        FieldError::new(
            "pin",
            Fault::Length {
                min: 6,
                max: 6,
                found: 5,
            },
        )
        .to_string(),
        wire::decode::<TokenResponse<'_>>(b"<html>")
            .unwrap_err()
            .to_string(),
        wire::decode::<TokenResponse<'_>>(br#"{"expiresIn":"soon"}"#)
            .unwrap_err()
            .to_string(),
        wire::decode::<TokenResponse<'_>>(b"[]")
            .unwrap_err()
            .to_string(),
    ];
    for line in &lines {
        assert!(!line.contains('\n'), "{line}");
    }
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn an_error_can_be_given_the_name_of_its_place() {
    let error = "".parse::<Amount>().unwrap_err().at("paidAmount.value");
    assert_eq!(error.field(), "paidAmount.value");
    assert_eq!(error.fault(), &Fault::Missing);
    assert_eq!(
        FieldError::missing("a").to_string(),
        "a: is mandatory and missing"
    );
    assert_eq!(
        FieldError::rule("a", "must be b").to_string(),
        "a: must be b"
    );
}

/// Whatever is wrong with a text that holds the marker, the error does not repeat it, nor does the storage's.
fn keeps_quiet<T>(text: &str)
where
    T: FromStr<Err = FieldError> + Debug + serde::de::DeserializeOwned,
{
    let error = text.parse::<T>().unwrap_err();
    let stored = serde_json::from_value::<T>(serde_json::json!(text)).unwrap_err();
    for line in [
        error.to_string(),
        format!("{error:?}"),
        stored.to_string(),
        format!("{stored:?}"),
    ] {
        assert!(!line.contains(MARKER), "{line}");
    }
}

#[test]
fn errors_of_values_do_not_show_the_value() {
    for text in [
        format!("{MARKER};"),
        format!("{MARKER}\u{0}"),
        format!("{MARKER}é"),
        MARKER.repeat(40),
        format!(" {MARKER}\n"),
    ] {
        keeps_quiet::<VirtualAccountName>(&text);
        keeps_quiet::<VirtualAccountEmail>(&text);
        keeps_quiet::<VirtualAccountPhone>(&text);
        keeps_quiet::<CustomerNo>(&text);
        keeps_quiet::<PartnerServiceId>(&text);
        keeps_quiet::<VirtualAccountNo>(&text);
        keeps_quiet::<ExternalId>(&text);
        keeps_quiet::<Amount>(&text);
        keeps_quiet::<Timestamp>(&text);
        keeps_quiet::<Channel>(&text);
    }
    keeps_quiet::<VirtualAccountEmail>(&format!("{MARKER}@nowhere"));
    keeps_quiet::<PaymentRequestId>(&MARKER.repeat(40));
    keeps_quiet::<TrxId>(&MARKER.repeat(40));
}

#[test]
fn a_number_that_stands_where_a_stored_phone_was_expected_is_not_shown() {
    for json in [
        "6281293912081",
        "-6281293912081",
        "6281293912081.5",
        "62812939120816281293912081",
    ] {
        let error = serde_json::from_str::<VirtualAccountPhone>(json)
            .unwrap_err()
            .to_string();
        assert!(error.starts_with("a text is expected"), "{error}");
        assert!(!error.contains("62812"), "{error}");
    }
}

#[test]
fn debug_of_personal_values_shows_their_length() {
    let name: VirtualAccountName = format!("Budi {MARKER}").parse().unwrap();
    let email: VirtualAccountEmail = format!("{MARKER}@example.id").parse().unwrap();
    let phone: VirtualAccountPhone = "6281293912081".parse().unwrap();
    assert_eq!(format!("{name:?}"), "VirtualAccountName(13 characters)");
    assert_eq!(format!("{email:?}"), "VirtualAccountEmail(19 characters)");
    assert_eq!(format!("{phone:?}"), "VirtualAccountPhone(13 characters)");
}

#[test]
fn decoding_names_the_member() {
    for (body, path) in [
        (r#"{"trxId":{}}"#, "trxId"),
        (r#"{"trxId":["x"]}"#, "trxId"),
        (r#"{"trxId":"\ud800"}"#, "trxId"),
        (r#"{"totalAmount":{"value":{}}}"#, "totalAmount.value"),
        (
            r#"{"additionalInfo":{"virtualAccountConfig":{"minAmount":[]}}}"#,
            "additionalInfo.virtualAccountConfig.minAmount",
        ),
        (
            r#"{"freeText":[{"english":"x"},{"english":{}}]}"#,
            "freeText[1].english",
        ),
        (r#"{"trxId":"a","trxId":"b"}"#, "."),
        (
            r#"{"totalAmount":{"value":"1","value":"2"}}"#,
            "totalAmount",
        ),
        ("[]", "."),
        (r#"["","6"]"#, "."),
        ("null", "."),
        ("5", "."),
        (r#""text""#, "."),
    ] {
        let error = wire::decode::<VirtualAccountData<'_>>(body.as_bytes()).unwrap_err();
        assert_eq!(
            error,
            DecodeError::Member {
                path: path.to_owned()
            },
            "{body}"
        );
    }
}

#[test]
fn decoding_says_where_the_json_ends() {
    for (body, line, column) in [
        (&b""[..], 1, 0),
        (b"   ", 1, 3),
        (b"<html>", 1, 1),
        (b"{\n  \"trxId\": \"a\",\n  oops}", 3, 3),
        (b"{\"trxId\":", 1, 9),
        (b"{} x", 1, 4),
        (b"\xff", 1, 1),
    ] {
        let error = wire::decode::<VirtualAccountData<'_>>(body).unwrap_err();
        assert_eq!(error, DecodeError::NotJson { line, column }, "{body:?}");
    }
}

proptest! {
    #![proptest_config(cases(256))]

    // The marker stands wherever a value or a member's name may stand; the body is then cut and bent.
    #[test]
    fn errors_of_decoding_never_show_the_body(
        member in prop::sample::select(vec![
            "virtualAccountName", "virtualAccountEmail", "trxId", "paidAmount", "additionalInfo", "Rahasia7",
        ]),
        value in prop::sample::select(vec![
            r#"{"Rahasia7":"Rahasia7"}"#, r#"["Rahasia7"]"#, r#""Rahasia7"#, r#""Rahasia7\ud800""#, "Rahasia7",
            r#"{"value":{"Rahasia7":1}}"#, r#""Rahasia7","virtualAccountName":"Rahasia7","virtualAccountName":1"#,
        ]),
        keep in 0.0..=1.0_f64,
    ) {
        let body = format!(r#"{{"{member}":{value}}}"#);
        // A cut body is mostly broken JSON, a whole one mostly a wrong member.
        for end in [(body.len() as f64 * keep) as usize, body.len()] {
            let body = body.as_bytes().get(..end).unwrap_or_default();
            if let Err(error) = wire::decode::<PaymentRequest<'_>>(body) {
                prop_assert!(!error.to_string().contains(MARKER), "{}", error);
                prop_assert!(!format!("{error:?}").contains(MARKER), "{:?}", error);
            }
        }
    }
}
