//! Other bodies than a genuine call has, and genuine ones in another writing.

use doku_model::Operation;
use serde_json::{Map, Value, json};

use super::payable::changed;

/// More than any server should read.
const HUGE: usize = 2 * 1024 * 1024;

/// Deeper than any payload is.
const DEEP: usize = 5_000;

/// The longest id that an inquiry or a payment may have.
const LONGEST_ID: usize = 128;

/// The order in which DOKU's samples show the members.
const AS_IN_SAMPLES: [&str; 10] = [
    "partnerServiceId",
    "customerNo",
    "virtualAccountNo",
    "virtualAccountName",
    "trxId",
    "paymentRequestId",
    "paidAmount",
    "trxDateInit",
    "trxDateTime",
    "inquiryRequestId",
];

/// How a body is written that is signed as it is sent.
#[derive(Debug, Clone, Copy)]
pub(super) enum Writing {
    EveryMember,
    LongestId,
    SampleOrder,
    UnknownMembers,
    AmountAsNumber,
    BinAsNumber,
    WithoutTrxId,
    Spread,
    UnknownNumber,
    OtherGrant,
    Deep,
    MoreBehind,
    NoUtf8,
    NoJson,
}

impl Writing {
    pub(super) fn of(self, body: &[u8], operation: Operation) -> Vec<u8> {
        match self {
            Self::EveryMember => with_every_member(body, operation),
            Self::LongestId => with_the_longest_id(body, operation),
            Self::SampleOrder => in_the_order_of_samples(body),
            Self::UnknownMembers => with_unknown_members(body),
            Self::AmountAsNumber => with_a_number_for(body, "value"),
            Self::BinAsNumber => with_a_number_for(body, "partnerServiceId"),
            Self::WithoutTrxId => changed(body, "trxId", |_| Value::Null),
            Self::Spread => spread(body),
            Self::UnknownNumber => about_another_number(body),
            Self::OtherGrant => changed(body, "grantType", |_| json!("password")),
            Self::Deep => deep(body),
            Self::MoreBehind => with_more_behind(body),
            Self::NoUtf8 => with_no_utf8(body),
            Self::NoJson => b"<html></html>".to_vec(),
        }
    }
}

/// How a body differs from the one that was signed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Altered {
    /// Other money, or another number.
    Worth,
    /// The same in a second member of the name.
    MemberTwice,
    MoreBehind,
    NoUtf8,
    Deep,
}

impl Altered {
    /// What is signed, and what is sent.
    pub(super) fn of(self, body: &[u8], operation: Operation) -> (Vec<u8>, Vec<u8>) {
        let sent = match self {
            Self::Worth => of_another_worth(body, operation),
            Self::MemberTwice => with_a_member_twice(body, operation),
            Self::MoreBehind => with_more_behind(body),
            Self::NoUtf8 => with_no_utf8(body),
            Self::Deep => deep(body),
        };
        let signed = match self {
            Self::NoUtf8 => with_a_replacement_character(body),
            _ => body.to_vec(),
        };
        (signed, sent)
    }
}

/// With a member that nobody knows.
fn with_unknown_members(body: &[u8]) -> Vec<u8> {
    changed(
        body,
        "conformanceUnknown",
        |_| json!({ "deep": [1, null, { "a": "b" }] }),
    )
}

/// With every optional member that DOKU or one of its SDKs is known to write.
fn with_every_member(body: &[u8], operation: Operation) -> Vec<u8> {
    let more = match operation {
        Operation::Inquiry => json!({
            "channelCode": 6011,
            "language": "ID",
        }),
        _ => json!({
            "virtualAccountEmail": "toru@example.com",
            "virtualAccountPhone": "6281234567890",
            "virtualAccountTrxType": "C",
        }),
    };
    let info = match operation {
        Operation::Inquiry => json!({ "trxId": "" }),
        _ => json!({
            "senderName": "Toru Yamashita",
            "sourceAccountNo": "1234567890",
            "sourceBankCode": "200",
            "sourceBankName": "BTN",
            "virtualAccountConfig": { "reusableStatus": false },
        }),
    };
    let mut body = changed(body, "additionalInfo", |here| joined(here, info));
    if let Value::Object(members) = more {
        for (name, value) in members {
            body = changed(&body, &name, |_| value);
        }
    }
    body
}

fn joined(here: &Value, more: Value) -> Value {
    match (here.clone(), more) {
        (Value::Object(mut members), Value::Object(more)) => {
            members.extend(more);
            Value::Object(members)
        }
        (_, more) => more,
    }
}

/// With its members in the order of DOKU's samples, which is not that of the alphabet.
fn in_the_order_of_samples(body: &[u8]) -> Vec<u8> {
    let Ok(members) = serde_json::from_slice::<Map<String, Value>>(body) else {
        return body.to_vec();
    };
    let first = AS_IN_SAMPLES
        .into_iter()
        .filter_map(|name| members.get_key_value(name));
    let rest = members
        .iter()
        .filter(|(name, _)| !AS_IN_SAMPLES.contains(&name.as_str()));
    let written: Vec<String> = first.chain(rest).map(member).collect();
    format!("{{{}}}", written.join(",")).into_bytes()
}

/// A member as it is written; of money the value comes first.
fn member((name, value): (&String, &Value)) -> String {
    let name = Value::from(name.as_str());
    match (value.get("value"), value.get("currency")) {
        (Some(amount), Some(currency)) => {
            format!(r#"{name}:{{"value":{amount},"currency":{currency}}}"#)
        }
        _ => format!("{name}:{value}"),
    }
}

/// With a JSON number for a text. Written out by hand: a parser may not keep the two decimals.
fn with_a_number_for(body: &[u8], member: &str) -> Vec<u8> {
    unquoted(&String::from_utf8_lossy(body), member).into_bytes()
}

/// With blanks between members, which are no part of what is signed.
fn spread(body: &[u8]) -> Vec<u8> {
    String::from_utf8_lossy(body)
        .replace(",\"", ",\n  \"")
        .into_bytes()
}

/// With an id as long as one may be.
fn with_the_longest_id(body: &[u8], operation: Operation) -> Vec<u8> {
    let name = match operation {
        Operation::Inquiry => "inquiryRequestId",
        _ => "paymentRequestId",
    };
    let longest = |id: &Value| {
        let id = id.as_str().unwrap_or_default();
        json!(format!("{id:0<LONGEST_ID$}"))
    };
    changed(body, name, longest)
}

/// About a number that nobody has.
fn about_another_number(body: &[u8]) -> Vec<u8> {
    let other = |value: &Value| match value.as_str() {
        Some(text) => json!(another_number(text)),
        None => value.clone(),
    };
    let body = changed(body, "virtualAccountNo", other);
    changed(&body, "customerNo", other)
}

/// Of other money, or about another number.
fn of_another_worth(body: &[u8], operation: Operation) -> Vec<u8> {
    let (name, worth) = worth(operation);
    changed(body, name, |_| worth)
}

/// With that in a second member of the name, before the one there is: whoever takes the first reads what was not signed, and
/// whoever writes the body anew before hashing it hashes what was.
fn with_a_member_twice(body: &[u8], operation: Operation) -> Vec<u8> {
    let (name, worth) = worth(operation);
    let there = format!("\"{name}\":");
    String::from_utf8_lossy(body)
        .replacen(&there, &format!("{there}{worth},{there}"), 1)
        .into_bytes()
}

fn worth(operation: Operation) -> (&'static str, Value) {
    match operation {
        Operation::Payment => (
            "paidAmount",
            json!({ "currency": "IDR", "value": "99999999.00" }),
        ),
        _ => ("virtualAccountNo", json!("9999999999")),
    }
}

/// With a second body behind it.
fn with_more_behind(body: &[u8]) -> Vec<u8> {
    [body, b"{}"].concat()
}

/// With a character that stands for what cannot be read.
fn with_a_replacement_character(body: &[u8]) -> Vec<u8> {
    changed(body, "conformanceUnknown", |_| json!("\u{fffd}"))
}

/// The same with a byte that is no UTF-8 in that character's place, which is what a lenient reader takes it for.
fn with_no_utf8(body: &[u8]) -> Vec<u8> {
    let with = with_a_replacement_character(body);
    let text = String::from_utf8_lossy(&with);
    match text.split_once('\u{fffd}') {
        Some((before, after)) => [before.as_bytes(), b"\xFF", after.as_bytes()].concat(),
        None => body.to_vec(),
    }
}

/// With the zeros in front of its numbers that DOKU's page about notifications describes.
pub(super) fn padded_with_zeros(body: &[u8]) -> Vec<u8> {
    let read: Value = serde_json::from_slice(body).unwrap_or_default();
    let bin = read.get("partnerServiceId").and_then(Value::as_str);
    let zeros = "0".repeat(8_usize.saturating_sub(bin.map_or(8, str::len)));
    let padded = |number: &Value| json!(format!("{zeros}{}", number.as_str().unwrap_or_default()));
    let body = changed(body, "partnerServiceId", padded);
    changed(&body, "virtualAccountNo", padded)
}

/// With more in it than anybody should read.
pub(super) fn huge(body: &[u8]) -> Vec<u8> {
    changed(body, "filler", |_| json!("x".repeat(HUGE)))
}

/// Deeper than a parser should follow.
fn deep(body: &[u8]) -> Vec<u8> {
    let deep = format!("{{\"deep\":{}1{},", "[".repeat(DEEP), "]".repeat(DEEP));
    String::from_utf8_lossy(body)
        .replacen('{', &deep, 1)
        .into_bytes()
}

/// The number with other last digits.
fn another_number(text: &str) -> String {
    let mut digits: Vec<char> = text.chars().collect();
    for digit in digits.iter_mut().rev().take(6) {
        *digit = if *digit == '9' { '8' } else { '9' };
    }
    digits.into_iter().collect()
}

/// The JSON with the text of a member as a number, which it must look like.
fn unquoted(json: &str, member: &str) -> String {
    let begins = format!("\"{member}\":\"");
    let Some((before, rest)) = json.split_once(&begins) else {
        return json.to_owned();
    };
    match rest.split_once('"') {
        Some((value, after)) => format!("{before}\"{member}\":{value}{after}"),
        None => json.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str =
        r#"{"a":"b","paidAmount":{"currency":"IDR","value":"11500.00"},"trxId":"1"}"#;

    fn text(body: Vec<u8>) -> String {
        String::from_utf8(body).unwrap()
    }

    #[test]
    fn a_text_becomes_a_number_and_nothing_else_changes() {
        let expected = r#"{"a":"b","paidAmount":{"currency":"IDR","value":11500.00},"trxId":"1"}"#;
        assert_eq!(unquoted(BODY, "value"), expected);
        assert_eq!(unquoted(BODY, "gone"), BODY);
    }

    #[test]
    fn another_number_has_the_same_length() {
        assert_eq!(another_number("9596260000161862"), "9596260000999999");
        assert_eq!(another_number("999"), "888");
    }

    #[test]
    fn the_order_changes_and_nothing_else() {
        let expected =
            r#"{"trxId":"1","paidAmount":{"value":"11500.00","currency":"IDR"},"a":"b"}"#;
        assert_eq!(text(in_the_order_of_samples(BODY.as_bytes())), expected);
    }

    #[test]
    fn a_member_twice_is_what_was_signed_to_whoever_takes_the_last() {
        let twice = with_a_member_twice(BODY.as_bytes(), Operation::Payment);
        assert!(text(twice.clone()).contains("99999999.00"));
        let read: Value = serde_json::from_slice(&twice).unwrap();
        assert_eq!(read, serde_json::from_str::<Value>(BODY).unwrap());
    }

    #[test]
    fn no_utf8_is_what_was_signed_to_whoever_reads_leniently() {
        let sent = with_no_utf8(BODY.as_bytes());
        assert!(std::str::from_utf8(&sent).is_err());
        let signed = with_a_replacement_character(BODY.as_bytes());
        assert_eq!(String::from_utf8_lossy(&sent), text(signed));
    }

    #[test]
    fn an_id_becomes_as_long_as_one_may_be() {
        let body = br#"{"paymentRequestId":"12"}"#;
        let long: Value =
            serde_json::from_slice(&with_the_longest_id(body, Operation::Payment)).unwrap();
        let id = long["paymentRequestId"].as_str().unwrap();
        assert_eq!((id.len(), id.starts_with("120")), (128, true));
    }

    #[test]
    fn zeros_come_before_both_numbers() {
        let body = br#"{"partnerServiceId":"95962","virtualAccountNo":"959626"}"#;
        let expected = r#"{"partnerServiceId":"00095962","virtualAccountNo":"000959626"}"#;
        assert_eq!(text(padded_with_zeros(body)), expected);
    }

    #[test]
    fn every_member_joins_those_there_are() {
        let body = br#"{"additionalInfo":{"channel":"VIRTUAL_ACCOUNT_BTN"},"trxId":"1"}"#;
        let all: Value =
            serde_json::from_slice(&with_every_member(body, Operation::Payment)).unwrap();
        assert_eq!(all["additionalInfo"]["channel"], "VIRTUAL_ACCOUNT_BTN");
        assert_eq!(all["additionalInfo"]["sourceBankName"], "BTN");
        assert_eq!(all["virtualAccountTrxType"], "C");
        assert_eq!(all["trxId"], "1");
    }
}
