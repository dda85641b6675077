//! Every value that is read from a text: what is printed reads as the same.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use doku_model::{
    Amount, Channel, ClientId, CustomerNo, ExternalId, FieldError, FreeText, InquiryRequestId,
    Meaning, PartnerServiceId, PaymentFlag, PaymentRequestId, PositiveAmount, ResponseCode,
    Timestamp, TrxId, TrxType, VirtualAccountEmail, VirtualAccountName, VirtualAccountNo,
    VirtualAccountPhone, VirtualAccountStatus,
};
use doku_sign::{AccessToken, BodyHash, ClientSecret, NonSnapSignature, Signature};
use doku_va_btn::Environment;
use serde::{Serialize, de::DeserializeOwned};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

/// The moments that four digits of a year can write, in UTC.
const FIRST: OffsetDateTime = datetime!(0000-01-01 0:00 UTC);
const LAST: OffsetDateTime = datetime!(9999-12-31 23:59:59 UTC);

/// Reading, printing and reading again is the identity, and so is storing.
pub fn values(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else {
        return;
    };
    as_written::<Channel>(text);
    as_written::<ClientId>(text);
    as_written::<CustomerNo>(text);
    as_written::<ExternalId>(text);
    as_written::<InquiryRequestId>(text);
    as_written::<PaymentRequestId>(text);
    as_written::<Timestamp>(text);
    as_written::<TrxId>(text);
    as_written::<VirtualAccountEmail>(text);
    as_written::<VirtualAccountName>(text);
    as_written::<VirtualAccountNo>(text);
    as_written::<VirtualAccountPhone>(text);
    as_written::<VirtualAccountStatus>(text);
    if let Ok(trx_type) = text.parse::<TrxType>() {
        assert_eq!(trx_type.to_string(), text);
    }
    moment(text);
    money(text);
    numbers(text);
    response_code(text);
    lines(text);
    headers(text);
    environment(text);
}

/// What is accepted prints as it came.
fn as_written<T>(text: &str)
where
    T: FromStr<Err = FieldError> + Display + Debug + PartialEq + Serialize + DeserializeOwned,
{
    if let Some(value) = round_trip::<T>(text) {
        assert_eq!(value.to_string(), text);
    }
}

/// The value, printed, stored, and each time read again.
fn round_trip<T>(text: &str) -> Option<T>
where
    T: FromStr<Err = FieldError> + Display + Debug + PartialEq + Serialize + DeserializeOwned,
{
    match text.parse::<T>() {
        Ok(value) => {
            let printed = value.to_string();
            assert_eq!(printed.parse::<T>().as_ref(), Ok(&value), "{value:?}");
            let stored = serde_json::to_string(&value).unwrap();
            assert_eq!(serde_json::from_str::<T>(&stored).unwrap(), value);
            Some(value)
        }
        Err(error) => {
            assert!(!error.field().is_empty());
            None
        }
    }
}

/// A moment is the same in every writing, to the second.
fn moment(text: &str) {
    let Ok(read) = text.parse::<Timestamp>() else {
        return;
    };
    for ours in [
        Timestamp::utc(read.instant()),
        Timestamp::wib(read.instant()),
    ] {
        let again: Timestamp = ours.as_str().parse().unwrap();
        assert_eq!(again, ours);
        assert_eq!(again.instant().offset(), ours.instant().offset());
        // The first and the last day that can be written may not be there on another clock.
        let day = Duration::DAY;
        if (FIRST + day..LAST - day).contains(&read.instant()) {
            assert_eq!(
                again.instant().unix_timestamp(),
                read.instant().unix_timestamp()
            );
        }
    }
}

fn money(text: &str) {
    if let Some(amount) = round_trip::<Amount>(text) {
        assert!(amount.to_string().starts_with(text), "{amount}");
        assert_eq!(Amount::from_sen(amount.sen()), Ok(amount));
        assert!(amount <= Amount::MAX);
        let (rupiah, sen) = amount.parts();
        assert_eq!(rupiah * 100 + sen, amount.sen());
        let positive = round_trip::<PositiveAmount>(text);
        assert_eq!(positive.is_none(), amount.is_zero());
        assert!(doku_va_btn::rupiah(amount).starts_with("Rp"));
    }
}

/// A number is the same number in any padding, and its parts make it.
fn numbers(text: &str) {
    if let Some(id) = round_trip::<PartnerServiceId>(text) {
        assert_eq!(id.as_str().len(), 8);
        assert!(id.as_str().ends_with(text.trim_start_matches(' ')));
        let customer: CustomerNo = "7".parse().unwrap();
        let number = VirtualAccountNo::of(&id, &customer);
        assert!(number.is_exactly(&id, &customer));
        assert_eq!(number.customer_no(&id), Some(customer));
        assert_eq!(number.digits().parse(), Ok(number.clone()));
    }
    if let Some(number) = round_trip::<VirtualAccountNo>(text) {
        let digits = number.digits();
        assert!(digits.bytes().all(|byte| byte.is_ascii_digit()));
        assert_eq!(digits.parse(), Ok(number.clone()));
        assert!(digits.ends_with(number.normalised()));
    }
}

/// Seven digits are their three parts; everything else has no parts.
fn response_code(text: &str) {
    let code = ResponseCode::new(text.to_owned());
    assert_eq!(code.as_str(), text);
    let shown = code.to_string();
    assert!(!shown.contains(char::is_control) && shown.chars().count() <= 40);
    assert!(!text.starts_with(|c: char| c.is_ascii_graphic()) || !shown.is_empty());
    match (code.http_status(), code.service(), code.case()) {
        (Some(status), Some(service), Some(case)) => {
            assert_eq!(ResponseCode::of(status, service, case), code);
            assert_eq!(shown, text);
        }
        parts => {
            assert_eq!(parts, (None, None, None));
            assert_eq!(code.meaning(), Meaning::Unknown);
        }
    }
}

/// Two texts for the payer, as they are stored.
fn lines(text: &str) {
    let (english, indonesia) = text.split_once('\n').unwrap_or((text, text));
    if let Ok(line) = FreeText::new(english, indonesia) {
        assert_eq!((line.english(), line.indonesia()), (english, indonesia));
    }
    let flag = PaymentFlag::from_reason(Some(english), Some(indonesia));
    assert_eq!(
        flag,
        PaymentFlag::from_reason(Some(indonesia), Some(english))
    );
    if flag == PaymentFlag::Paid {
        assert!(!english.trim().is_empty() || !indonesia.trim().is_empty());
    }
}

/// What stands in headers and keys: decoded and encoded again it is the same text.
fn headers(text: &str) {
    if let Ok(signature) = Signature::from_base64(text) {
        assert_eq!(signature.to_base64(), text);
        assert!(signature.as_bytes().len() <= 512);
    }
    if let Ok(signature) = NonSnapSignature::from_header(text) {
        assert_eq!(signature.to_header(), text);
    }
    if let Ok(hash) = BodyHash::from_hex(text) {
        assert_eq!(hash.as_str(), text);
    }
    if let Ok(token) = AccessToken::from_authorization(text) {
        assert!(text.ends_with(token.expose()) || text.trim_end().ends_with(token.expose()));
        assert!(!token.expose().contains(char::is_whitespace));
    }
    if let Ok(secret) = ClientSecret::new(text) {
        let another = ClientSecret::new("SK-penanda7rahasia").unwrap();
        assert_eq!(format!("{secret:?}"), format!("{another:?}"));
    }
}

fn environment(text: &str) {
    if let Ok(environment) = text.parse::<Environment>() {
        let base_url = environment.base_url();
        assert_eq!(base_url.parse::<Environment>().as_ref(), Ok(&environment));
        assert!(!base_url.ends_with('/'));
        assert!(base_url.starts_with("https://") || base_url.starts_with("http://"));
    }
}
