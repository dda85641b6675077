//! Whatever is taken here is read as serde_json reads it, and what is plain is taken.

use proptest::prelude::*;
use serde::Serialize;
use serde::de::IgnoredAny;

use super::*;
use crate::wire::lenient::Body;
use crate::wire::{
    InquiryRequest, PaymentRequest, StatusData, TokenResponse, VirtualAccountResponse, encode,
};

/// Whether it was taken. If so, serde_json must agree about it.
fn taken<'t, T: Deserialize<'t> + Serialize>(text: &'t str) -> bool {
    let Ok(Body(payload)) = read::<Body<T>>(text) else {
        return false;
    };
    let Ok(Body(other)) = serde_json::from_str::<Body<T>>(text) else {
        panic!("serde_json does not take {text}");
    };
    assert_eq!(encode(&payload), encode(&other), "{text}");
    true
}

fn all_agree(text: &str) {
    taken::<InquiryRequest<'_>>(text);
    taken::<PaymentRequest<'_>>(text);
    taken::<StatusData<'_>>(text);
    taken::<TokenResponse<'_>>(text);
    taken::<VirtualAccountResponse<'_>>(text);
    if read::<IgnoredAny>(text).is_ok() {
        assert!(serde_json::from_str::<IgnoredAny>(text).is_ok(), "{text}");
    }
}

/// A notification as DOKU's documentation shows it.
const NOTIFICATION: &str = concat!(
    r#"{"partnerServiceId":"   95962", "customerNo":"00000000000000000001", "virtualAccountNo":"   959620001","#,
    r#""virtualAccountName": "Toru Yamashita", "trxId": null, "paymentRequestId": "12839218738127830","#,
    r#""paidAmount": {"value":"11500.00","currency":"IDR"},"#,
    r#""additionalInfo":{"channel":"VIRTUAL_ACCOUNT_BTN" ,"virtualAccountConfig":{"reusableStatus": false} } ,"#,
    r#""paymentFlagReason": {"english":"Success","indonesia":"Sukses"},"flags":[ true , null,[], {} ,"é"] }"#,
);

#[test]
fn what_doku_sends_is_plain() {
    assert!(taken::<PaymentRequest<'_>>(NOTIFICATION));
    assert!(taken::<PaymentRequest<'_>>("{}"));
    assert!(taken::<PaymentRequest<'_>>(" { } "));
}

#[test]
fn one_character_more_less_or_other_is_no_reason_to_disagree() {
    for (at, _) in NOTIFICATION.char_indices() {
        let (before, after) = NOTIFICATION.split_at(at);
        let mut rest = after.chars();
        rest.next();
        all_agree(before);
        all_agree(&format!("{before}{}", rest.as_str()));
        for other in "{}[],:\"\\ \n\u{1}\u{7f}0-tnx".chars() {
            all_agree(&format!("{before}{other}{after}"));
            all_agree(&format!("{before}{other}{}", rest.as_str()));
        }
    }
}

#[test]
fn everything_else_is_left_to_serde_json() {
    for text in [
        "",
        "[]",
        "\"\"",
        r#"{"customerNo":1}"#,
        r#"{"customerNo":"\u0031"}"#,
        r#"{"customerNo":"a\"}"#,
        "{\"customerNo\":\"a\n\"}",
        "{\n\"customerNo\":\"a\"}",
        "{\"customerNo\":\"a\t\"}",
        r#"{"customerNo":"1","customerNo":"2"}"#,
        r#"{"customerNo":["1"]}"#,
        r#"{"customerNo":"1",}"#,
        r#"{,"customerNo":"1"}"#,
        r#"{"customerNo" "1"}"#,
        r#"{"customerNo":truex}"#,
        r#"{"a":[true false]}"#,
        r#"{"a":[true,]}"#,
        r#"{"customerNo":"1"} 2"#,
        r#"{"customerNo":"1""#,
    ] {
        assert!(!taken::<PaymentRequest<'_>>(text), "{text}");
    }
}

#[test]
fn nothing_is_read_deeper_than_payloads_go() {
    let nested = |levels: usize| {
        let (open, close) = (r#"{"a":"#.repeat(levels), "}".repeat(levels));
        format!("{open}null{close}")
    };
    assert!(taken::<PaymentRequest<'_>>(&nested(DEEPEST)));
    assert!(!taken::<PaymentRequest<'_>>(&nested(DEEPEST + 1)));
    assert!(read::<IgnoredAny>(&"[".repeat(100_000)).is_err());
}

#[test]
fn eight_bytes_are_read_as_each_of_them() {
    for byte in 0..=u8::MAX {
        for (at, after) in [(0, 20), (3, 9), (7, 0), (8, 1), (12, 0), (23, 40)] {
            let bytes = [vec![b'!'; at], vec![byte; 1], vec![b'#'; after]].concat();
            let found = (byte == b'"').then_some(at);
            assert_eq!(quote(&bytes), found, "{byte} at {at}");
        }
    }
}

/// JSON with the members that payloads have, plain or not.
fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        4 => r#""[ -!#-\[\]-~é]{0,12}""#,
        1 => r#""(\\n|\\u00e9|\\ud800|[a-z]){0,4}""#,
        1 => "(true|false|null|0|-1.50|9e99)",
    ];
    leaf.prop_recursive(4, 40, 8, |inner| {
        let name = prop_oneof![
            3 => "(additionalInfo|channel|customerNo|freeText|paidAmount|totalAmount|trxId|value|currency)",
            2 => "(virtualAccountConfig|virtualAccountData|virtualAccountNo|reusableStatus|expiresIn|english)",
            1 => "[a-zé]{0,3}",
        ];
        let blank = " {0,2}";
        let member = (blank, name, blank, inner.clone())
            .prop_map(|(before, name, after, value)| format!("{before}\"{name}\"{after}:{value}{after}"));
        prop_oneof![
            3 => prop::collection::vec(member, 0..6).prop_map(|all| format!("{{{}}}", all.join(","))),
            1 => prop::collection::vec(inner, 0..4).prop_map(|all| format!("[{}]", all.join(", "))),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn nobody_disagrees(text in json()) {
        all_agree(&text);
        all_agree(&text.replace(',', "\n,"));
        // Neither a number nor an escape.
        let is_plain = !text.contains('\\') && !text.contains("0") && !text.contains("-1.50") && !text.contains("9e99");
        if is_plain {
            prop_assert!(read::<IgnoredAny>(&text).is_ok(), "{}", text);
        }
    }
}
