//! The JSON of a valid request is a fixed point: whoever hashes it raw, minified, or read and written again, in the
//! order given or sorted, gets the same digest.

use doku_model::request::CreateVa;
use doku_model::wire::{
    self, AdditionalInfo, Bilingual, Money, Text, VirtualAccountConfig, VirtualAccountData,
};
use doku_model::{
    Amount, Bill, Channel, CustomerNo, FreeText, Limits, PartnerServiceId, Timestamp, TrxId,
    VirtualAccountEmail, VirtualAccountName, VirtualAccountNo, VirtualAccountPhone,
};
use proptest::prelude::*;
use time::OffsetDateTime;

use crate::support::{canonical, cases, emitted, minified};

#[expect(
    clippy::needless_pass_by_value,
    reason = "so that it stands in `and_then` as it is"
)]
fn text(value: impl ToString) -> Option<Text<'static>> {
    Some(value.to_string().into())
}

fn amounts() -> impl Strategy<Value = Amount> {
    (0..=999_999_999_999_999_999_u64).prop_map(|sen| Amount::from_sen(sen).unwrap())
}

fn bills() -> impl Strategy<Value = Bill> {
    (amounts(), amounts(), amounts(), 0..3).prop_map(|(amount, one, other, kind)| {
        let limits = Limits::between(one.min(other), one.max(other)).ok();
        match (kind, amount.try_into()) {
            (0, Ok(amount)) => Bill::Closed(amount),
            (1, _) => Bill::Open(limits),
            _ => Bill::Variable { amount, limits },
        }
    })
}

/// Lines with everything that JSON writers disagree on.
fn lines() -> impl Strategy<Value = Vec<FreeText>> {
    let line = r#"[ -~éßÿ€日本\u{1f600}"\\/'=<>&%+]{1,64}"#;
    prop::collection::vec((line, line), 0..3).prop_map(|lines| {
        lines
            .iter()
            .map(|(english, indonesia)| FreeText::new(english, indonesia).unwrap())
            .collect()
    })
}

fn email() -> impl Strategy<Value = VirtualAccountEmail> {
    r"[a-z0-9'=<>&%/+.]{1,20}@[a-z0-9-]{1,20}\.[a-z]{2,5}".prop_map(|text| text.parse().unwrap())
}

fn payer() -> impl Strategy<
    Value = (
        VirtualAccountName,
        Option<VirtualAccountEmail>,
        Option<VirtualAccountPhone>,
    ),
> {
    (
        r"[a-zA-Z0-9.\-/+,=_:'@% ]{1,255}".prop_map(|text| text.parse().unwrap()),
        prop::option::of(email()),
        prop::option::of(r"\+?[0-9]{9,29}".prop_map(|text| text.parse().unwrap())),
    )
}

prop_compose! {
    /// A create request made of valid values, as a client makes it.
    fn requests()(
        id in "[0-9]{1,8}",
        customer in "[0-9]{1,20}",
        (name, email, phone) in payer(),
        trx_id in r#"[!-~]([ -~]{0,62}[!-~])?"#,
        bill in bills(),
        reusable in any::<Option<bool>>(),
        expiry in prop::option::of(0..=253_402_300_799_i64),
        free_text in lines(),
    ) -> VirtualAccountData<'static> {
        let id: PartnerServiceId = id.parse().unwrap();
        let customer: CustomerNo = customer.parse().unwrap();
        let trx_id: TrxId = trx_id.parse().unwrap();
        let limits = bill.limits();
        VirtualAccountData {
            additional_info: Some(AdditionalInfo {
                channel: text(Channel::btn()),
                virtual_account_config: Some(VirtualAccountConfig {
                    max_amount: limits.and_then(|limits| limits.max()).and_then(text),
                    min_amount: limits.and_then(|limits| limits.min()).and_then(text),
                    reusable_status: reusable,
                    status: None,
                }),
                ..AdditionalInfo::default()
            }),
            expired_date: expiry.and_then(|unix| text(Timestamp::wib(OffsetDateTime::from_unix_timestamp(unix).unwrap()))),
            free_text: Some(
                free_text
                    .iter()
                    .map(|line| Bilingual { english: text(line.english()), indonesia: text(line.indonesia()) })
                    .collect(),
            ),
            total_amount: Some(Money { currency: text("IDR"), value: text(bill.amount().unwrap_or(Amount::ZERO)) }),
            trx_id: text(trx_id),
            virtual_account_email: email.and_then(text),
            virtual_account_name: text(name),
            virtual_account_no: text(VirtualAccountNo::of(&id, &customer)),
            virtual_account_phone: phone.and_then(text),
            virtual_account_trx_type: text(bill.trx_type()),
            partner_service_id: text(id),
            customer_no: text(customer),
        }
    }
}

proptest! {
    #![proptest_config(cases(192))]

    #[test]
    fn every_reading_of_a_request_has_the_same_bytes(request in requests()) {
        let raw = emitted(&request);
        let value: serde_json::Value = serde_json::from_str(&raw).unwrap();
        prop_assert_eq!(&serde_json::to_string(&value).unwrap(), &raw, "read and written again");
        prop_assert_eq!(&canonical(&value), &raw, "sorted, with the fewest escapes");
        prop_assert_eq!(&minified(&raw), &raw, "minified");
        prop_assert_eq!(&minified(&serde_json::to_string_pretty(&value).unwrap()), &raw, "spread out and minified");
        let again: VirtualAccountData<'_> = wire::decode(raw.as_bytes()).unwrap();
        prop_assert_eq!(&emitted(&again), &raw, "decoded and encoded");
    }

    #[test]
    fn every_request_of_valid_values_is_a_valid_request(request in requests()) {
        let raw = emitted(&request);
        let read: VirtualAccountData<'_> = wire::decode(raw.as_bytes()).unwrap();
        let create = CreateVa::try_from(&read).unwrap();
        prop_assert_eq!(create.trx_id.as_str(), request.trx_id.as_ref().unwrap().as_str());
        prop_assert_eq!(create.name.as_str(), request.virtual_account_name.as_ref().unwrap().as_str());
        prop_assert_eq!(create.free_text.len(), request.free_text.as_ref().unwrap().len());
        prop_assert_eq!(create.bill.trx_type().as_str(), request.virtual_account_trx_type.as_ref().unwrap().as_str());
        let sent = request.total_amount.as_ref().unwrap().value.as_ref().unwrap().as_str().to_owned();
        prop_assert_eq!(create.bill.amount().unwrap_or(Amount::ZERO).to_string(), sent);
    }
}

#[test]
fn the_reference_minifier_keeps_what_stands_in_texts() {
    let pretty = "{ \"a b\" : [ 1 ,\t\"x \\\" y\\\\\" ,\r\n true ] }";
    assert_eq!(minified(pretty), r#"{"a b":[1,"x \" y\\",true]}"#);
}
