//! The JSON that is signed is the same however it is hashed.

use doku_model::wire::{self, VirtualAccountData};
use doku_model::{Amount, Bill, FreeText, Limits, PositiveAmount, Timestamp};
use doku_transport::testing::Scripted;
use doku_va_btn::CreateVa;
use proptest::prelude::*;
use time::OffsetDateTime;

use crate::support::{Bench, cases};

fn positive() -> impl Strategy<Value = PositiveAmount> {
    (1_u64..=999_999_999_999, 0_u8..100)
        .prop_map(|(rupiah, sen)| format!("{rupiah}.{sen:02}").parse().unwrap())
}

fn amount() -> impl Strategy<Value = Amount> {
    prop_oneof![
        Just(Amount::ZERO),
        positive().prop_map(PositiveAmount::amount)
    ]
}

fn limits() -> impl Strategy<Value = Option<Limits>> {
    prop_oneof![
        Just(None),
        amount().prop_map(|min| Some(Limits::at_least(min))),
        positive().prop_map(|max| Some(Limits::at_most(max))),
        (positive(), positive()).prop_map(|(one, other)| {
            let (one, other) = (one.amount(), other.amount());
            Some(Limits::between(one.min(other), one.max(other)).unwrap())
        }),
    ]
}

fn bill() -> impl Strategy<Value = Bill> {
    prop_oneof![
        positive().prop_map(Bill::Closed),
        limits().prop_map(Bill::Open),
        (amount(), limits()).prop_map(|(amount, limits)| Bill::Variable { amount, limits }),
    ]
}

fn free_text() -> impl Strategy<Value = FreeText> {
    ("\\PC{1,64}", "\\PC{1,64}")
        .prop_filter_map("a line", |(one, other)| FreeText::new(&one, &other).ok())
}

#[derive(Debug, Clone)]
struct Order {
    create: CreateVa,
    bill: Bill,
    trx_id: String,
    name: String,
    email: Option<String>,
    phone: Option<String>,
    reusable: bool,
    expired_date: Option<Timestamp>,
    free_text: Vec<FreeText>,
}

fn order() -> impl Strategy<Value = Order> {
    let texts = (
        "[!-~]{1,64}",
        "[a-zA-Z0-9.\\-/+,=_:'@% ]{1,255}",
        prop::option::of("[a-z0-9.+_'<>&/-]{1,20}@[a-z]{1,10}\\.id"),
        prop::option::of("\\+?[0-9]{9,29}"),
    );
    let rest = (
        any::<bool>(),
        prop::option::of(0_i64..4_000_000_000),
        prop::collection::vec(free_text(), 0..4),
        prop::option::of("[0-9]{1,20}"),
    );
    (texts, bill(), rest).prop_map(
        |((trx_id, name, email, phone), bill, (reusable, seconds, free_text, number))| {
            let (trx, named) = (trx_id.parse().unwrap(), name.parse().unwrap());
            let mut create = match number {
                Some(number) => {
                    CreateVa::merchant_generated(number.parse().unwrap(), trx, named, bill)
                }
                None => CreateVa::doku_generated(trx, named, bill),
            };
            if let Some(email) = &email {
                create = create.email(email.parse().unwrap());
            }
            if let Some(phone) = &phone {
                create = create.phone(phone.parse().unwrap());
            }
            if reusable {
                create = create.reusable();
            }
            let expired_date = seconds.map(|seconds| {
                Timestamp::wib(OffsetDateTime::from_unix_timestamp(seconds).unwrap())
            });
            if let Some(date) = &expired_date {
                create = create.expires(date.clone());
            }
            for line in &free_text {
                create = create.free_text(line.clone());
            }
            Order {
                create,
                bill,
                trx_id,
                name,
                email,
                phone,
                reusable,
                expired_date,
                free_text,
            }
        },
    )
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn raw_minified_and_serialised_again_are_the_same_and_say_what_was_asked(order in order()) {
        let bench = Bench::script(Scripted::new());
        let prepared = bench.client.prepare(&order.create).unwrap();
        let raw = prepared.body().as_bytes();

        prop_assert_eq!(&*doku_sign::minify(raw), raw);
        // This reader sorts members by name, so that their order is proved too.
        let value: serde_json::Value = serde_json::from_slice(raw).unwrap();
        prop_assert_eq!(value.to_string(), prepared.body());

        let data: VirtualAccountData<'_> = wire::decode(raw).unwrap();
        let read = doku_model::request::CreateVa::try_from(&data).unwrap();
        prop_assert_eq!(read.trx_id.as_str(), order.trx_id);
        prop_assert_eq!(read.name.as_str(), order.name);
        prop_assert_eq!(read.email.map(|email| email.as_str().to_owned()), order.email);
        prop_assert_eq!(read.phone.map(|phone| phone.as_str().to_owned()), order.phone);
        prop_assert_eq!(read.bill, order.bill);
        prop_assert_eq!(read.reusable, order.reusable);
        prop_assert_eq!(
            read.expired_date.map(|date| date.as_str().to_owned()),
            order.expired_date.map(|date| date.as_str().to_owned())
        );
        prop_assert_eq!(read.free_text, order.free_text);
        prop_assert_eq!(read.channel.as_str(), "VIRTUAL_ACCOUNT_BTN");
    }
}
