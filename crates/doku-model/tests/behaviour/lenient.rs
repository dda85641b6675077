//! The wire floor reads what servers were seen to send.

use doku_model::wire::{
    self, CheckStatusResponse, HowToPay, InquiryRequest, InquiryResponse, PaymentRequest, Seconds,
    Text, TokenResponse, VirtualAccountData, VirtualAccountResponse,
};
use doku_model::{Amount, Fault};

fn decode<'a, T: serde::Deserialize<'a>>(body: &'a str) -> T {
    match wire::decode(body.as_bytes()) {
        Ok(payload) => payload,
        Err(error) => panic!("{error}: {body}"),
    }
}

fn text<'t>(member: &'t Option<Text<'_>>) -> Option<&'t str> {
    member.as_ref().map(Text::as_str)
}

#[test]
fn a_text_may_be_a_number_a_boolean_null_or_absent() {
    for (json, read) in [
        (r#""11500.00""#, Some("11500.00")),
        ("11500.00", Some("11500.00")),
        ("9007199254740993.00", Some("9007199254740993.00")),
        (
            "99999999999999999999999999999999",
            Some("99999999999999999999999999999999"),
        ),
        ("1e400", Some("1e400")),
        ("-0", Some("-0")),
        ("true", Some("true")),
        ("false", Some("false")),
        ("null", None),
        (r#""""#, Some("")),
        (r#""null""#, Some("null")),
        (
            r#""a\"b\\c\/d\u00e9\ud83d\ude00""#,
            Some("a\"b\\c/dé\u{1f600}"),
        ),
        (r#""   95962""#, Some("   95962")),
    ] {
        let body = format!(r#"{{ "trxId" : {json} }}"#);
        let data: VirtualAccountData<'_> = decode(&body);
        assert_eq!(text(&data.trx_id), read, "{json}");
        let body = format!(r#"{{"totalAmount":{{"value":{json}}}}}"#);
        let data: VirtualAccountData<'_> = decode(&body);
        assert_eq!(text(&data.total_amount.unwrap().value), read, "{json}");
    }
    let empty: VirtualAccountData<'_> = decode("{}");
    assert_eq!(text(&empty.trx_id), None);
}

#[test]
fn every_text_member_of_every_payload_is_lenient() {
    /// Writes each payload with every text member replaced, and reads it back.
    fn check<T>(filled: &T)
    where
        T: serde::Serialize + serde::Deserialize<'static>,
    {
        let filled: serde_json::Value = serde_json::from_slice(&wire::encode(filled)).unwrap();
        for replacement in [
            serde_json::json!(7),
            serde_json::json!(11500.25),
            serde_json::json!(true),
            serde_json::Value::Null,
            serde_json::json!("text"),
        ] {
            let body = replace(&filled, &replacement).to_string();
            // A payload borrows from its body, and here it is one that borrows for ever.
            let body: &'static str = Box::leak(body.into_boxed_str());
            if let Err(error) = wire::decode::<T>(body.as_bytes()) {
                panic!("{error}: {body}");
            }
        }
    }

    fn replace(value: &serde_json::Value, by: &serde_json::Value) -> serde_json::Value {
        match value {
            serde_json::Value::Object(members) => members
                .iter()
                .map(|(name, value)| (name.clone(), replace(value, by)))
                .collect(),
            serde_json::Value::Array(items) => items.iter().map(|item| replace(item, by)).collect(),
            // A number of seconds is checked elsewhere.
            serde_json::Value::Number(number) => number.clone().into(),
            _ => by.clone(),
        }
    }

    use crate::support as filled;
    check(&filled::virtual_account_data());
    check(&filled::virtual_account_response());
    check(&filled::token_request());
    check(&filled::token_response());
    check(&filled::check_status_request());
    check(&filled::check_status_response());
    check(&filled::inquiry_request());
    check(&filled::inquiry_response());
    check(&filled::payment_request());
    check(&filled::payment_response());
    check(&filled::how_to_pay());
}

#[test]
fn an_amount_that_came_as_a_number_is_read_without_a_float() {
    let body = r#"{"totalAmount":{"value":9007199254740993.00,"currency":"IDR"}}"#;
    let data: VirtualAccountData<'_> = decode(body);
    let money = data.total_amount.unwrap();
    let amount: Amount = wire::required("totalAmount.value", money.value.as_ref()).unwrap();
    assert_eq!(amount.sen(), 900_719_925_474_099_300);
    assert!(
        wire::encode(&money).starts_with(br#"{"currency":"IDR","value":"9007199254740993.00""#)
    );
}

#[test]
fn numeric_response_codes() {
    let answer: VirtualAccountResponse<'_> = decode(r#"{"responseCode":2002700}"#);
    assert_eq!(text(&answer.response_code), Some("2002700"));
    let answer: CheckStatusResponse<'_> =
        decode(r#"{"responseCode":4032600,"responseMessage":null}"#);
    assert_eq!(text(&answer.response_code), Some("4032600"));
}

#[test]
fn seconds_are_a_number_or_a_text() {
    for json in ["900", r#""900""#, r#"" 900 ""#, "900.0", r#""900.00""#] {
        let body = format!(r#"{{"expiresIn":{json}}}"#);
        let token: TokenResponse<'_> = decode(&body);
        assert_eq!(token.expires_in, Some(Seconds::new(900)), "{json}");
        assert_eq!(token.expires_in.unwrap().as_u64(), 900);
    }
    for body in ["{}", r#"{"expiresIn":null}"#] {
        assert_eq!(decode::<TokenResponse<'_>>(body).expires_in, None);
    }
    for json in [
        "-1",
        "900.5",
        "9e2",
        "true",
        r#""""#,
        r#""soon""#,
        "{}",
        "[]",
        "18446744073709551616",
    ] {
        let body = format!(r#"{{"expiresIn":{json}}}"#);
        let error = wire::decode::<TokenResponse<'_>>(body.as_bytes()).unwrap_err();
        assert_eq!(
            error,
            wire::DecodeError::Member {
                path: "expiresIn".to_owned()
            },
            "{json}"
        );
    }
}

#[test]
fn check_status_data_is_one_many_or_none() {
    let one = r#"{"trxId":"A","paymentFlagReason":{"english":"Paid"}}"#;
    for (json, found) in [
        (one.to_owned(), 1),
        (format!("[{one}]"), 1),
        (format!("[{one},{one}]"), 2),
        (format!("[null,{one},7,[]]"), 1),
        ("[]".to_owned(), 0),
        ("null".to_owned(), 0),
        (r#""""#.to_owned(), 0),
        ("{}".to_owned(), 1),
    ] {
        let body = format!(r#"{{"responseCode":"2002600","virtualAccountData":{json}}}"#);
        let answer: CheckStatusResponse<'_> = decode(&body);
        assert_eq!(answer.virtual_account_data.len(), found, "{json}");
    }
    assert!(
        decode::<CheckStatusResponse<'_>>("{}")
            .virtual_account_data
            .is_empty()
    );
}

#[test]
fn the_number_of_a_status_has_two_names() {
    for (json, number) in [
        (r#"{"virtualAccountNo":"   959626"}"#, Some("   959626")),
        (r#"{"virtualAccountNumber":"959626"}"#, Some("959626")),
        (
            r#"{"virtualAccountNo":"   959626","virtualAccountNumber":"959626"}"#,
            Some("   959626"),
        ),
        (
            r#"{"virtualAccountNumber":"959626","virtualAccountNo":"   959626"}"#,
            Some("   959626"),
        ),
        (
            r#"{"virtualAccountNo":null,"virtualAccountNumber":"959626"}"#,
            Some("959626"),
        ),
        (
            r#"{"virtualAccountNo":"","virtualAccountNumber":"959626"}"#,
            Some("959626"),
        ),
        ("{}", None),
    ] {
        let body = format!(r#"{{"virtualAccountData":{json}}}"#);
        let answer: CheckStatusResponse<'_> = decode(&body);
        assert_eq!(
            text(&answer.virtual_account_data[0].virtual_account_no),
            number,
            "{json}"
        );
    }
}

#[test]
fn bill_details_are_one_or_many() {
    let amount = r#"{"billAmount":{"value":"1.00","currency":"IDR"}}"#;
    for (json, found) in [
        (amount.to_owned(), 1),
        (format!("[{amount},{amount}]"), 2),
        ("null".to_owned(), 0),
    ] {
        let body = format!(r#"{{"virtualAccountData":{{"billDetails":{json}}}}}"#);
        let answer: CheckStatusResponse<'_> = decode(&body);
        assert_eq!(
            answer.virtual_account_data[0].bill_details.len(),
            found,
            "{json}"
        );
    }
}

#[test]
fn additional_info_is_nested_or_at_top_level_or_nothing() {
    let page = |answer: &VirtualAccountResponse<'_>| {
        answer
            .additional_info()
            .and_then(|info| text(&info.how_to_pay_page).map(str::to_owned))
    };
    let info = r#"{"howToPayPage":"https://page"}"#;
    for body in [
        format!(r#"{{"virtualAccountData":{{"additionalInfo":{info}}}}}"#),
        format!(r#"{{"virtualAccountData":{{}},"additionalInfo":{info}}}"#),
        format!(r#"{{"additionalInfo":{info}}}"#),
        format!(r#"{{"virtualAccountData":{{"additionalInfo":{info}}},"additionalInfo":{{}}}}"#),
        format!(r#"{{"virtualAccountData":{{"additionalInfo":""}},"additionalInfo":{info}}}"#),
    ] {
        let answer: VirtualAccountResponse<'_> = decode(&body);
        assert_eq!(page(&answer).as_deref(), Some("https://page"), "{body}");
    }
    for nothing in [
        r#""""#,
        "[]",
        "null",
        "0",
        "false",
        r#"["https://page"]"#,
        r#"[{"howToPayPage":"https://page"}]"#,
    ] {
        let body = format!(
            r#"{{"virtualAccountData":{{"additionalInfo":{nothing}}},"additionalInfo":{nothing}}}"#
        );
        let answer: VirtualAccountResponse<'_> = decode(&body);
        assert_eq!(page(&answer), None, "{nothing}");
        assert!(answer.virtual_account_data.is_some());
        let body = format!(r#"{{"additionalInfo":{nothing}}}"#);
        assert!(decode::<TokenResponse<'_>>(&body).access_token.is_none());
        assert!(
            decode::<CheckStatusResponse<'_>>(&body)
                .additional_info
                .is_none()
        );
        assert!(
            decode::<InquiryRequest<'_>>(&body)
                .additional_info
                .is_none()
        );
    }
}

#[test]
fn anything_but_an_object_is_no_object_and_never_its_members_in_order() {
    for nothing in [r#""""#, r#"["IDR","11500.00"]"#, "[]", "null", "7", "true"] {
        let body = format!(
            r#"{{"totalAmount":{nothing},"paidAmount":{nothing},"virtualAccountData":{nothing},"trxId":"A"}}"#
        );
        let data: VirtualAccountData<'_> = decode(&body);
        assert!(data.total_amount.is_none(), "{nothing}");
        assert_eq!(text(&data.trx_id), Some("A"));
        assert!(
            decode::<PaymentRequest<'_>>(&body).paid_amount.is_none(),
            "{nothing}"
        );
        assert!(
            decode::<InquiryResponse<'_>>(&body)
                .virtual_account_data
                .is_none(),
            "{nothing}"
        );
        assert!(
            decode::<CheckStatusResponse<'_>>(&body)
                .virtual_account_data
                .is_empty(),
            "{nothing}"
        );
        let body = format!(r#"{{"virtualAccountData":{body}}}"#);
        let answer: CheckStatusResponse<'_> = decode(&body);
        assert!(
            answer.virtual_account_data[0].paid_amount.is_none(),
            "{nothing}"
        );
    }
}

#[test]
fn the_config_may_be_a_text_and_the_limits_anything() {
    for config in [r#""""#, r#""{}""#, "[]", "null"] {
        let body =
            format!(r#"{{"additionalInfo":{{"channel":"X","virtualAccountConfig":{config}}}}}"#);
        let data: VirtualAccountData<'_> = decode(&body);
        let info = data.additional_info.unwrap();
        assert!(info.virtual_account_config.is_none(), "{config}");
        assert_eq!(text(&info.channel), Some("X"));
    }
    for (limits, min, max) in [
        (
            r#""minAmount":"10000.00","maxAmount":"5000000.00""#,
            Some("10000.00"),
            Some("5000000.00"),
        ),
        (
            r#""minAmount":10000.00,"maxAmount":5000000.00"#,
            Some("10000.00"),
            Some("5000000.00"),
        ),
        (
            r#""minAmount":10000.0,"maxAmount":5E+6"#,
            Some("10000.0"),
            Some("5E+6"),
        ),
        (r#""minAmount":null,"maxAmount":null"#, None, None),
        (r#""reusableStatus":true"#, None, None),
    ] {
        let body = format!(r#"{{"additionalInfo":{{"virtualAccountConfig":{{{limits}}}}}}}"#);
        let data: VirtualAccountData<'_> = decode(&body);
        let config = data
            .additional_info
            .unwrap()
            .virtual_account_config
            .unwrap();
        assert_eq!(
            (text(&config.min_amount), text(&config.max_amount)),
            (min, max)
        );
    }
}

#[test]
fn a_flag_is_a_boolean_or_its_text() {
    for (json, flag) in [
        ("true", Some(true)),
        ("false", Some(false)),
        (r#""true""#, Some(true)),
        (r#""false""#, Some(false)),
        ("null", None),
        ("1", None),
        (r#""yes""#, None),
    ] {
        let body = format!(
            r#"{{"additionalInfo":{{"virtualAccountConfig":{{"reusableStatus":{json}}}}}}}"#
        );
        let data: VirtualAccountData<'_> = decode(&body);
        let config = data
            .additional_info
            .unwrap()
            .virtual_account_config
            .unwrap();
        assert_eq!(config.reusable_status, flag, "{json}");
    }
}

#[test]
fn free_text_has_two_names_and_several_shapes() {
    let line = r#"{"english":"Free text","indonesia":"Tulisan Bebas"}"#;
    for name in ["freeText", "freeTexts"] {
        for (json, found) in [
            (format!("[{line},{line}]"), 2),
            (line.to_owned(), 1),
            (format!("[null,{line}]"), 1),
            ("[]".to_owned(), 0),
            ("null".to_owned(), 0),
            (r#""""#.to_owned(), 0),
        ] {
            let body = format!(r#"{{"{name}":{json}}}"#);
            let data: VirtualAccountData<'_> = decode(&body);
            assert_eq!(data.free_text.unwrap_or_default().len(), found, "{body}");
        }
    }
}

#[test]
fn steps_are_texts_or_one_text() {
    for (json, steps) in [
        (r#"["one","two"]"#, vec!["one", "two"]),
        (r#"["one",null,2]"#, vec!["one", "2"]),
        (r#""one""#, vec!["one"]),
        (r#""o\u006ee""#, vec!["one"]),
        ("[]", vec![]),
        ("null", vec![]),
    ] {
        let body = format!(r#"{{"payment_instruction":[{{"step":{json}}}]}}"#);
        let page: HowToPay<'_> = decode(&body);
        let found: Vec<&str> = page.payment_instruction[0]
            .step
            .iter()
            .map(Text::as_str)
            .collect();
        assert_eq!(found, steps, "{json}");
    }
}

#[test]
fn unknown_members_are_ignored() {
    let body = r#"{
        "virtualAccounTrxType": "C",
        "origin": { "product": "SDK", "apiFormat": "SNAP" },
        "latestTransactionStatus": "00",
        "senderName": null,
        "nested": [[[{"trxId": "not this one"}]]],
        "trxId": "A"
    }"#;
    let data: VirtualAccountData<'_> = decode(body);
    assert_eq!(text(&data.trx_id), Some("A"));
    // The misspelt name of one official SDK is not the member.
    assert!(data.virtual_account_trx_type.is_none());
}

#[test]
fn depth_is_no_problem() {
    let deep = format!(
        r#"{{"x":{0}{1},"additionalInfo":{0}{1},"trxId":"A"}}"#,
        "[".repeat(50_000),
        "]".repeat(50_000)
    );
    let data: VirtualAccountData<'_> = decode(&deep);
    assert_eq!(text(&data.trx_id), Some("A"));
}

#[test]
fn texts_are_borrowed_until_they_are_made_their_own() {
    let owned = {
        let body = r#"{"trxId":"A","customerNo":"\u0036"}"#.to_owned();
        let data: VirtualAccountData<'_> = decode(&body);
        [
            data.trx_id.unwrap().into_owned(),
            data.customer_no.unwrap().into_owned(),
        ]
    };
    assert_eq!(owned, ["A".into(), "6".into()]);
}

#[test]
fn a_member_becomes_a_value_under_its_own_name() {
    let empty = Text::from("");
    let good = Text::from("11500.00");
    let bad = Text::from("11500");
    let amount = |member| wire::optional::<Amount>("paidAmount.value", member);
    assert_eq!(amount(None).unwrap(), None);
    assert_eq!(amount(Some(&empty)).unwrap(), None);
    assert_eq!(amount(Some(&good)).unwrap().unwrap().sen(), 1_150_000);
    assert_eq!(amount(Some(&bad)).unwrap().unwrap().sen(), 1_150_000);

    let error = wire::optional::<Amount>("paidAmount.value", Some(&"x".into())).unwrap_err();
    assert_eq!(error.field(), "paidAmount.value");
    for member in [None, Some(&empty)] {
        let error = wire::required::<Amount>("paidAmount.value", member).unwrap_err();
        assert_eq!(
            (error.field(), error.fault()),
            ("paidAmount.value", &Fault::Missing)
        );
    }
}
