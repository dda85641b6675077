//! The checked texts: lengths, characters, and what may stand at their ends.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use doku_model::{
    Channel, ClientId, ExternalId, Fault, FieldError, FreeText, InquiryRequestId, PaymentRequestId,
    TrxId, VirtualAccountEmail, VirtualAccountName, VirtualAccountPhone, VirtualAccountStatus,
};

use crate::support::{fault, refusal};

/// A text of `filler` has `min` to `max` characters, and every error names `field`.
fn has_lengths<T: FromStr<Err = FieldError> + Debug + Display + AsRef<str>>(
    field: &str,
    filler: &str,
    min: usize,
    max: usize,
) {
    for accepted in [min, max] {
        let text = filler.repeat(accepted);
        let value: T = text.parse().unwrap();
        assert_eq!(value.as_ref(), text, "{field}");
        assert_eq!(value.to_string(), text, "{field}");
    }
    assert_eq!(refusal::<T>(""), (field.to_owned(), Fault::Missing));
    for found in [min - 1, max + 1] {
        if found > 0 {
            let length = Fault::Length { min, max, found };
            assert_eq!(
                refusal::<T>(&filler.repeat(found)),
                (field.to_owned(), length)
            );
        }
    }
}

/// The text is refused for this character at this place.
fn refuses<T: FromStr<Err = FieldError>>(text: &str, character: char, place: usize) {
    match fault::<T>(text) {
        Fault::Character {
            found, position, ..
        } => {
            assert_eq!((found, position), (character, place), "{text:?}");
        }
        other => panic!("{text:?}: {other:?}"),
    }
}

#[test]
fn lengths() {
    has_lengths::<VirtualAccountName>("virtualAccountName", "a", 1, 255);
    has_lengths::<VirtualAccountPhone>("virtualAccountPhone", "6", 9, 30);
    has_lengths::<TrxId>("trxId", "a", 1, 64);
    has_lengths::<ExternalId>("X-EXTERNAL-ID", "1", 1, 36);
    has_lengths::<InquiryRequestId>("inquiryRequestId", "a", 1, 128);
    has_lengths::<PaymentRequestId>("paymentRequestId", "a", 1, 128);
    has_lengths::<ClientId>("clientId", "a", 1, 64);
    has_lengths::<Channel>("additionalInfo.channel", "A", 1, 30);
    has_lengths::<VirtualAccountStatus>("additionalInfo.virtualAccountConfig.status", "A", 1, 20);
    // Characters are counted, not bytes.
    has_lengths::<InquiryRequestId>("inquiryRequestId", "é", 1, 128);
}

#[test]
fn a_name_holds_what_the_official_sdks_allow() {
    assert!("Toru Yamashita".parse::<VirtualAccountName>().is_ok());
    assert!(".-/+,=_:'@% aZ09".parse::<VirtualAccountName>().is_ok());
    for character in [
        '\\',
        '"',
        ';',
        '&',
        '<',
        '>',
        '#',
        '(',
        '\n',
        '\0',
        'é',
        '\u{a0}',
        '\u{1f600}',
    ] {
        refuses::<VirtualAccountName>(&format!("Budi{character}"), character, 4);
    }
}

#[test]
fn an_address_has_one_at_and_a_domain() {
    for text in [
        "a@b.c",
        "customer.email@mail.com",
        "a+b'c=d&e@x-y.co.id",
        &format!("{}@b.id", "a".repeat(250)),
    ] {
        assert!(text.parse::<VirtualAccountEmail>().is_ok(), "{text}");
    }
    for text in [
        "a", "a@", "@b.c", "a@b", "a@b.", "a@.c", "a@b..c", "a@b@c.d", "@", "a@@b.c",
    ] {
        assert!(
            matches!(fault::<VirtualAccountEmail>(text), Fault::Format { .. }),
            "{text}"
        );
    }
    refuses::<VirtualAccountEmail>("a b@c.d", ' ', 1);
    refuses::<VirtualAccountEmail>("a@c.d\n", '\n', 5);
    refuses::<VirtualAccountEmail>("a\"b@c.d", '"', 1);
    refuses::<VirtualAccountEmail>("é@c.d", 'é', 0);
    assert_eq!(
        refusal::<VirtualAccountEmail>(""),
        ("virtualAccountEmail".to_owned(), Fault::Missing)
    );
    assert_eq!(
        fault::<VirtualAccountEmail>(&format!("{}@b.id", "a".repeat(251))),
        Fault::Length {
            min: 1,
            max: 255,
            found: 256
        }
    );
}

#[test]
fn a_phone_number_is_digits_with_perhaps_a_plus() {
    for text in ["081293912081", "6281293912081", "+6281293912081"] {
        assert!(text.parse::<VirtualAccountPhone>().is_ok(), "{text}");
    }
    refuses::<VirtualAccountPhone>("+62a123456", 'a', 3);
    refuses::<VirtualAccountPhone>("62+123456", '+', 2);
    refuses::<VirtualAccountPhone>("++62123456", '+', 1);
    refuses::<VirtualAccountPhone>("0812 939 12", ' ', 4);
    refuses::<VirtualAccountPhone>("0812-939-12", '-', 4);
    refuses::<VirtualAccountPhone>("\u{660}81234567", '\u{660}', 0);
}

#[test]
fn an_invoice_number_is_printable_ascii_without_blanks_at_its_ends() {
    for text in ["INV-2026/0001", "a b", "#&(%)=<>'\"\\", "23219829713"] {
        assert!(text.parse::<TrxId>().is_ok(), "{text}");
    }
    for text in [" a", "a ", " "] {
        let expected = "without blanks at its ends";
        assert_eq!(fault::<TrxId>(text), Fault::Format { expected }, "{text:?}");
    }
    for character in ['\n', '\t', '\u{7f}', 'é', '\u{200b}'] {
        refuses::<TrxId>(&format!("INV{character}1"), character, 3);
    }
}

#[test]
fn an_external_id_is_digits() {
    assert!(
        "082150823919040624621823174737"
            .parse::<ExternalId>()
            .is_ok()
    );
    refuses::<ExternalId>("12-34", '-', 2);
    refuses::<ExternalId>("a", 'a', 0);
    refuses::<ExternalId>("1\u{661}", '\u{661}', 1);
}

#[test]
fn ids_made_by_doku_hold_anything_printable() {
    for text in [
        "DIPCVA003T240913101610069TxXxsQnHAYA",
        "a b",
        "日本",
        "/\"\\",
    ] {
        assert!(text.parse::<InquiryRequestId>().is_ok(), "{text}");
        assert!(text.parse::<PaymentRequestId>().is_ok(), "{text}");
    }
    for character in [
        '\0', '\n', '\u{7f}', '\u{85}', '\u{2028}', '\u{2029}', '\u{feff}', '\u{fffe}', '\u{ffff}',
    ] {
        refuses::<InquiryRequestId>(&format!("a{character}"), character, 1);
        refuses::<PaymentRequestId>(&format!("a{character}"), character, 1);
    }
}

#[test]
fn a_client_id_has_no_bar_and_no_blank() {
    for text in [
        "MCH-0008-1296507211683",
        "BRN-0259-1678068334526",
        "821508239190",
    ] {
        assert!(text.parse::<ClientId>().is_ok(), "{text}");
    }
    refuses::<ClientId>("MCH|1", '|', 3);
    refuses::<ClientId>("MCH 1", ' ', 3);
    refuses::<ClientId>("MCH\n", '\n', 3);
}

#[test]
fn a_channel_is_an_open_set_of_capitals() {
    for text in ["VIRTUAL_ACCOUNT_BTN", "VIRTUAL_ACCOUNT_BANK_SYARIAH_1"] {
        assert!(text.parse::<Channel>().is_ok(), "{text}");
    }
    assert_eq!(Channel::btn(), "VIRTUAL_ACCOUNT_BTN".parse().unwrap());
    refuses::<Channel>("VIRTUAL ACCOUNT", ' ', 7);
    refuses::<Channel>("virtual", 'v', 0);
    refuses::<Channel>("VIRTUAL-ACCOUNT", '-', 7);
}

#[test]
fn free_text_has_both_languages_of_up_to_64_characters() {
    let line = FreeText::new("Thanks – \"Toko\" \\ / <&>='", "Terima kasih").unwrap();
    assert_eq!(line.english(), "Thanks – \"Toko\" \\ / <&>='");
    assert_eq!(line.indonesia(), "Terima kasih");
    assert!(FreeText::new(&"é".repeat(64), "x").is_ok());

    for (english, indonesia, field, fault) in [
        ("", "x", "freeText.english", Fault::Missing),
        ("x", "", "freeText.indonesia", Fault::Missing),
        (
            &*"é".repeat(65),
            "x",
            "freeText.english",
            Fault::Length {
                min: 1,
                max: 64,
                found: 65,
            },
        ),
        (
            "x",
            &*"x".repeat(65),
            "freeText.indonesia",
            Fault::Length {
                min: 1,
                max: 64,
                found: 65,
            },
        ),
        (
            "a\tb",
            "x",
            "freeText.english",
            Fault::Character {
                found: '\t',
                position: 1,
                allowed: "printable characters only",
            },
        ),
    ] {
        let error = FreeText::new(english, indonesia).unwrap_err();
        assert_eq!((error.field(), error.fault()), (field, &fault));
    }

    let stored = serde_json::to_string(&line).unwrap();
    assert_eq!(serde_json::from_str::<FreeText>(&stored).unwrap(), line);
    assert!(serde_json::from_str::<FreeText>(r#"{"english":"","indonesia":"x"}"#).is_err());
}

#[test]
fn values_come_from_owned_texts_and_from_storage_by_the_same_rule() {
    assert_eq!(TrxId::try_from("INV-1").unwrap(), "INV-1".parse().unwrap());
    assert_eq!(
        TrxId::try_from("INV-1".to_owned()).unwrap().as_str(),
        "INV-1"
    );
    assert!(TrxId::try_from(String::new()).is_err());
    assert_eq!(
        serde_json::from_str::<TrxId>(r#""INV-\u0031""#)
            .unwrap()
            .as_str(),
        "INV-1"
    );
    assert_eq!(
        serde_json::to_string(&TrxId::try_from("a\"b").unwrap()).unwrap(),
        r#""a\"b""#
    );
    assert!(serde_json::from_str::<TrxId>(r#"" INV-1""#).is_err());
    assert!(serde_json::from_value::<TrxId>(serde_json::json!("INV-1")).is_ok());
}
