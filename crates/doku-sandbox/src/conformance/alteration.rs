//! How a genuine call becomes the one that a case sends: another form that DOKU has, or something that DOKU never does.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use doku_model::Operation;
use doku_sign::{AccessToken, ClientSecret, DokuPrivateKey, MerchantPrivateKey};
use hyper::Method;
use serde_json::{Value, json};

use super::draft::{Draft, now};
use super::forgery::{Forgery, forged};
use super::payable::{Form, changed};
use super::target::Target;
use crate::config::{ExternalIdForm, Members, Padding, TimestampForm};
use crate::outbound::form;

/// More than any server should read.
const HUGE: usize = 2 * 1024 * 1024;

/// Deeper than any payload is.
const DEEP: usize = 5_000;

/// What is other than usual about a call.
#[derive(Debug, Clone, Copy)]
pub(super) enum Alteration {
    Nothing,
    Padding(Padding),
    Timestamps(TimestampForm),
    LongExternalId,
    LowerCaseBearer,
    Channel(Option<&'static str>),
    Mandatory,
    UnknownMembers,
    AmountAsNumber,
    NumbersAsNumbers,
    WithoutTrxId,
    Spread,
    /// Twice the same bytes.
    Again,
    /// Twice the same payment, signed anew.
    AgainFresh,
    /// X-TIMESTAMP lies so far back, and is signed.
    Stale(Duration),
    /// X-TIMESTAMP lies ahead, and is signed.
    Early(Duration),
    UnknownNumber,
    Forged(Forgery),
    NoBearer,
    OtherPath,
    OtherMethodSigned,
    OtherBody,
    OtherTimestamp,
    OtherToken,
    TokenWithWord,
    OtherSecret,
    OtherKey,
    OtherClient,
    Hex,
    CutShort,
    Unsigned,
    Without(&'static str),
    Twice(&'static str),
    Put,
    HugeBody,
    DeepBody,
    NoJson,
}

impl Alteration {
    /// How the body is written.
    pub(super) fn form(self) -> Form {
        let usual = Form::default();
        match self {
            Self::Padding(padding) => Form { padding, ..usual },
            Self::Timestamps(timestamp) => Form { timestamp, ..usual },
            Self::Mandatory => Form {
                members: Members::Mandatory,
                ..usual
            },
            _ => usual,
        }
    }

    /// Whether the call is made twice, and then whether it is signed anew.
    pub(super) const fn repeats(self) -> Option<bool> {
        match self {
            Self::Again => Some(false),
            Self::AgainFresh => Some(true),
            _ => None,
        }
    }
}

/// Keys and secrets of somebody who is neither DOKU nor the merchant.
pub(super) struct Stranger {
    pub(super) doku: DokuPrivateKey,
    pub(super) merchant: MerchantPrivateKey,
    pub(super) secret: ClientSecret,
}

impl Stranger {
    /// Takes seconds.
    pub(super) fn make() -> Result<Self, String> {
        let failed = |error: doku_sign::KeyError| error.to_string();
        let merchant = MerchantPrivateKey::generate(2048).map_err(failed)?;
        let pem = merchant.to_pkcs8_pem().map_err(failed)?;
        Ok(Self {
            // One stranger plays both parts.
            doku: DokuPrivateKey::from_pem(&pem).map_err(failed)?,
            merchant,
            secret: ClientSecret::new("SK-0000000000000000").map_err(|error| error.to_string())?,
        })
    }
}

/// Makes a call the one that is to be sent; an error says why it cannot be made.
pub(super) fn apply(
    alteration: Alteration,
    draft: &mut Draft,
    target: &Target,
    stranger: &Stranger,
) -> Result<(), String> {
    let before = |by: Duration| form::timestamp(TimestampForm::Wib, now() - by);
    match alteration {
        Alteration::Nothing
        | Alteration::Padding(_)
        | Alteration::Mandatory
        | Alteration::Again
        | Alteration::AgainFresh => {}
        Alteration::Timestamps(form) => draft.timestamp = form::timestamp(form, now()),
        Alteration::LongExternalId => {
            draft.external_id = form::external_id(ExternalIdForm::Long, now(), 1);
        }
        Alteration::LowerCaseBearer => draft.bearer_word = "bearer",
        Alteration::Channel(channel) => draft.channel = channel.map(str::to_owned),
        Alteration::Stale(by) => draft.timestamp = before(by),
        Alteration::Early(by) => draft.timestamp = form::timestamp(TimestampForm::Wib, now() + by),
        Alteration::Forged(forgery) => {
            let genuine = draft.bearer.clone().unwrap_or_else(AccessToken::empty);
            draft.bearer = Some(forged(forgery, &genuine, target, &stranger.merchant)?);
        }
        Alteration::NoBearer => draft.bearer = None,
        Alteration::OtherPath => draft.signed.path = Some("/v1/transfer-va/another".to_owned()),
        Alteration::OtherMethodSigned => draft.signed.method = Some("GET"),
        Alteration::OtherTimestamp => {
            draft.signed.timestamp = Some(before(Duration::from_secs(60)));
        }
        Alteration::OtherToken => draft.signed.token = Some(AccessToken::new("another")),
        Alteration::TokenWithWord => {
            let token = draft.bearer.as_ref().map_or("", AccessToken::expose);
            draft.signed.token = Some(AccessToken::new(format!("Bearer {token}")));
        }
        Alteration::OtherSecret => draft.signed.secret = Some(stranger.secret.clone()),
        Alteration::OtherKey => draft.signed.key = Some(stranger.doku.clone()),
        Alteration::OtherClient => draft.client_id = "BRN-0000-0000000000000".to_owned(),
        Alteration::Hex => draft.spoil = Some(hex),
        Alteration::CutShort => draft.spoil = Some(cut_short),
        Alteration::Unsigned => draft.spoil = Some(zeros),
        Alteration::Without(name) => draft.without = Some(name),
        Alteration::Twice(name) => draft.twice = Some(name),
        Alteration::Put => draft.method = Method::PUT,
        Alteration::UnknownMembers
        | Alteration::AmountAsNumber
        | Alteration::NumbersAsNumbers
        | Alteration::WithoutTrxId
        | Alteration::Spread
        | Alteration::UnknownNumber
        | Alteration::OtherBody
        | Alteration::HugeBody
        | Alteration::DeepBody
        | Alteration::NoJson => apply_to_body(alteration, draft),
    }
    Ok(())
}

fn apply_to_body(alteration: Alteration, draft: &mut Draft) {
    let body = &draft.body;
    let new = match alteration {
        Alteration::UnknownMembers => changed(
            body,
            "conformanceUnknown",
            |_| json!({ "deep": [1, null, { "a": "b" }] }),
        ),
        Alteration::AmountAsNumber => {
            // Written out by hand: a parser may not keep the two decimals.
            let text = String::from_utf8_lossy(body).into_owned();
            unquoted(&text, "value").into_bytes()
        }
        Alteration::NumbersAsNumbers => {
            let text = String::from_utf8_lossy(body).into_owned();
            unquoted(&text, "partnerServiceId").into_bytes()
        }
        Alteration::WithoutTrxId => changed(body, "trxId", |_| Value::Null),
        Alteration::Spread => {
            // Blanks between members are no part of what is signed.
            let text = String::from_utf8_lossy(body).replace(",\"", ",\n  \"");
            text.into_bytes()
        }
        Alteration::UnknownNumber => {
            let other = |value: &Value| match value.as_str() {
                Some(text) => json!(another_number(text)),
                None => value.clone(),
            };
            let body = changed(body, "virtualAccountNo", other);
            changed(&body, "customerNo", other)
        }
        Alteration::OtherBody => {
            draft.signed.body = Some(body.clone());
            match draft.operation {
                Operation::Payment => changed(
                    body,
                    "paidAmount",
                    |_| json!({ "currency": "IDR", "value": "99999999.00" }),
                ),
                _ => changed(body, "virtualAccountNo", |_| json!("9999999999")),
            }
        }
        Alteration::HugeBody => {
            draft.spoil = Some(zeros);
            draft.alone = true;
            changed(body, "filler", |_| json!("x".repeat(HUGE)))
        }
        Alteration::DeepBody => {
            let deep = format!("{{\"deep\":{}1{},", "[".repeat(DEEP), "]".repeat(DEEP));
            let text = String::from_utf8_lossy(body).replacen('{', &deep, 1);
            text.into_bytes()
        }
        Alteration::NoJson => b"<html></html>".to_vec(),
        _ => return,
    };
    draft.body = new;
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

fn hex(signature: &str) -> String {
    let bytes = STANDARD.decode(signature).unwrap_or_default();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn cut_short(signature: &str) -> String {
    let mut bytes = STANDARD.decode(signature).unwrap_or_default();
    bytes.truncate(bytes.len() / 2);
    STANDARD.encode(bytes)
}

fn zeros(signature: &str) -> String {
    STANDARD.encode(vec![
        0_u8;
        STANDARD
            .decode(signature)
            .map_or(64, |bytes| bytes.len())
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_a_number_and_nothing_else_changes() {
        let body = r#"{"a":"b","paidAmount":{"currency":"IDR","value":"11500.00"},"trxId":"1"}"#;
        let expected = r#"{"a":"b","paidAmount":{"currency":"IDR","value":11500.00},"trxId":"1"}"#;
        assert_eq!(unquoted(body, "value"), expected);
        assert_eq!(unquoted(body, "gone"), body);
    }

    #[test]
    fn another_number_has_the_same_length() {
        assert_eq!(another_number("9596260000161862"), "9596260000999999");
        assert_eq!(another_number("999"), "888");
    }

    #[test]
    fn signatures_are_spoilt() {
        let good = STANDARD.encode([7_u8; 64]);
        assert_eq!(hex(&good), "07".repeat(64));
        assert_eq!(cut_short(&good), STANDARD.encode([7_u8; 32]));
        assert_eq!(zeros(&good), STANDARD.encode([0_u8; 64]));
    }
}
