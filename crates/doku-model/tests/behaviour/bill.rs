//! `Bill` and `Limits`: the combinations that exist.

use doku_model::{Amount, Bill, Fault, Limits, PositiveAmount, TrxType};
use proptest::prelude::*;

use crate::support::cases;

fn amount(text: &str) -> Amount {
    text.parse().unwrap()
}

fn positive(text: &str) -> PositiveAmount {
    text.parse().unwrap()
}

#[test]
fn every_combination_of_type_amount_and_limits_is_a_bill_or_names_its_fault() {
    let some = Some(amount("11500.00"));
    let zero = Some(Amount::ZERO);
    let limits = Some(Limits::at_least(amount("10000.00")));
    let missing = Err(("totalAmount.value", None));
    let fault = |field, broken| Err((field, Some(broken)));
    let closed_limits = fault(
        "additionalInfo.virtualAccountConfig",
        "minAmount and maxAmount are for types O and V only",
    );
    let variable = |amount, limits| Ok(Bill::Variable { amount, limits });

    for (trx_type, amount, limits, expected) in [
        (
            TrxType::Closed,
            some,
            None,
            Ok(Bill::Closed(positive("11500.00"))),
        ),
        (
            TrxType::Closed,
            zero,
            None,
            fault("totalAmount.value", "must be more than zero"),
        ),
        (TrxType::Closed, None, None, missing),
        (TrxType::Closed, some, limits, closed_limits),
        (TrxType::Closed, zero, limits, closed_limits),
        (TrxType::Closed, None, limits, closed_limits),
        (
            TrxType::Open,
            some,
            None,
            fault("totalAmount.value", "must be 0 for type O"),
        ),
        (TrxType::Open, zero, None, Ok(Bill::Open(None))),
        (TrxType::Open, None, None, Ok(Bill::Open(None))),
        (
            TrxType::Open,
            some,
            limits,
            fault("totalAmount.value", "must be 0 for type O"),
        ),
        (TrxType::Open, zero, limits, Ok(Bill::Open(limits))),
        (TrxType::Open, None, limits, Ok(Bill::Open(limits))),
        (
            TrxType::Variable,
            some,
            None,
            variable(amount("11500.00"), None),
        ),
        (TrxType::Variable, zero, None, variable(Amount::ZERO, None)),
        (TrxType::Variable, None, None, missing),
        (
            TrxType::Variable,
            some,
            limits,
            variable(amount("11500.00"), limits),
        ),
        (
            TrxType::Variable,
            zero,
            limits,
            variable(Amount::ZERO, limits),
        ),
        (TrxType::Variable, None, limits, missing),
    ] {
        let found = Bill::from_parts(trx_type, amount, limits);
        match (found, expected) {
            (Ok(bill), Ok(expected)) => {
                assert_eq!(bill, expected);
                assert_eq!(bill.trx_type(), trx_type);
                assert_eq!(bill.limits(), limits);
            }
            (Err(error), Err((field, broken))) => {
                assert_eq!(error.field(), field, "{trx_type} {amount:?} {limits:?}");
                let fault = broken.map_or(Fault::Missing, |broken| Fault::Rule { broken });
                assert_eq!(error.fault(), &fault, "{trx_type} {amount:?} {limits:?}");
            }
            (found, expected) => {
                panic!("{trx_type} {amount:?} {limits:?}: {found:?}, not {expected:?}")
            }
        }
    }
}

#[test]
fn limits_need_one_end_and_the_ends_in_order() {
    let (low, high) = (amount("10000.00"), amount("5000000.00"));
    assert_eq!(Limits::from_parts(None, None).unwrap(), None);
    assert_eq!(
        Limits::from_parts(Some(low), None).unwrap(),
        Some(Limits::at_least(low))
    );
    assert_eq!(
        Limits::from_parts(None, Some(high)).unwrap(),
        Some(Limits::at_most(positive("5000000.00")))
    );
    assert_eq!(
        Limits::from_parts(Some(low), Some(high)).unwrap(),
        Some(Limits::between(low, high).unwrap())
    );
    assert!(Limits::between(low, low).is_ok());
    assert!(Limits::between(Amount::ZERO, high).is_ok());

    let max = "additionalInfo.virtualAccountConfig.maxAmount";
    let backwards = Limits::between(high, low).unwrap_err();
    assert_eq!(
        (backwards.field(), backwards.fault()),
        (
            max,
            &Fault::Rule {
                broken: "must not be below minAmount"
            }
        )
    );
    for min in [None, Some(Amount::ZERO), Some(low)] {
        let zero = Limits::from_parts(min, Some(Amount::ZERO)).unwrap_err();
        assert_eq!(
            (zero.field(), zero.fault()),
            (
                max,
                &Fault::Rule {
                    broken: "must be more than zero"
                }
            )
        );
    }
    // Two amounts that a float cannot tell apart.
    assert!(Limits::between(amount("9007199254740993.00"), amount("9007199254740992.00")).is_err());
}

#[test]
fn a_bill_accepts_what_settles_it() {
    let limits = Limits::between(amount("10000.00"), amount("20000.00")).unwrap();
    let closed = Bill::Closed(positive("11500.00"));
    let variable = Bill::Variable {
        amount: amount("11500.00"),
        limits: Some(limits),
    };
    for (bill, paid, accepted) in [
        (closed, "11500.00", true),
        (closed, "11500.01", false),
        (closed, "11499.99", false),
        (Bill::Open(None), "0.01", true),
        (Bill::Open(None), "9999999999999999.99", true),
        (Bill::Open(Some(limits)), "9999.99", false),
        (Bill::Open(Some(limits)), "10000.00", true),
        (Bill::Open(Some(limits)), "20000.00", true),
        (Bill::Open(Some(limits)), "20000.01", false),
        (variable, "12000.00", true),
        (variable, "9999.99", false),
        (
            Bill::Open(Some(Limits::at_least(amount("10000.00")))),
            "20000.01",
            true,
        ),
        (
            Bill::Open(Some(Limits::at_most(positive("20000.00")))),
            "0.01",
            true,
        ),
        (
            Bill::Open(Some(Limits::at_most(positive("20000.00")))),
            "20000.01",
            false,
        ),
    ] {
        assert_eq!(bill.accepts(positive(paid)), accepted, "{bill:?} {paid}");
    }
    assert_eq!(closed.amount(), Some(amount("11500.00")));
    assert_eq!(variable.amount(), Some(amount("11500.00")));
    assert_eq!(Bill::Open(Some(limits)).amount(), None);
    assert_eq!(limits.min(), Some(amount("10000.00")));
    assert_eq!(limits.max(), Some(amount("20000.00")));
}

#[test]
fn the_type_is_one_letter() {
    for (letter, trx_type) in [
        ("C", TrxType::Closed),
        ("O", TrxType::Open),
        ("V", TrxType::Variable),
    ] {
        assert_eq!(letter.parse::<TrxType>().unwrap(), trx_type);
        assert_eq!(trx_type.to_string(), letter);
    }
    for text in ["c", "P", "1", "CC", " C", "FIX_BILL"] {
        let error = text.parse::<TrxType>().unwrap_err();
        assert_eq!(
            error.fault(),
            &Fault::Format {
                expected: "C, O or V"
            }
        );
        assert_eq!(error.field(), "virtualAccountTrxType");
    }
    assert_eq!("".parse::<TrxType>().unwrap_err().fault(), &Fault::Missing);
}

#[test]
fn a_stored_bill_is_checked_when_it_is_read() {
    for stored in [
        r#"{"closed":"0.00"}"#,
        r#"{"open":{}}"#,
        r#"{"open":{"min":"2.00","max":"1.00"}}"#,
        r#"{"open":{"max":"0.00"}}"#,
        r#"{"open":{"min":"1.00","most":"2.00"}}"#,
        r#"{"variable":{"limits":null}}"#,
        r#"{"partial":"1.00"}"#,
    ] {
        assert!(serde_json::from_str::<Bill>(stored).is_err(), "{stored}");
    }
    assert_eq!(
        serde_json::to_string(&Bill::Closed(positive("11500.00"))).unwrap(),
        r#"{"closed":"11500.00"}"#
    );
    assert_eq!(
        serde_json::to_string(&Bill::Open(Some(Limits::at_least(amount("1.00"))))).unwrap(),
        r#"{"open":{"min":"1.00"}}"#
    );
}

fn amounts() -> impl Strategy<Value = Amount> {
    prop_oneof![
        Just(Amount::ZERO),
        (0..=999_999_999_999_999_999_u64).prop_map(|sen| Amount::from_sen(sen).unwrap()),
    ]
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn every_bill_survives_its_parts_and_its_storage(
        trx_type in prop::sample::select(vec![TrxType::Closed, TrxType::Open, TrxType::Variable]),
        amount in prop::option::of(amounts()),
        min in prop::option::of(amounts()),
        max in prop::option::of(amounts()),
    ) {
        let Ok(limits) = Limits::from_parts(min, max) else {
            return Ok(());
        };
        let Ok(bill) = Bill::from_parts(trx_type, amount, limits) else {
            return Ok(());
        };
        let again = Bill::from_parts(bill.trx_type(), bill.amount(), bill.limits());
        prop_assert_eq!(again.unwrap(), bill);
        let stored = serde_json::to_string(&bill).unwrap();
        prop_assert_eq!(serde_json::from_str::<Bill>(&stored).unwrap(), bill);
    }

    #[test]
    fn limits_allow_what_lies_between(min in amounts(), max in amounts(), paid in amounts()) {
        if let Ok(limits) = Limits::between(min, max) {
            prop_assert_eq!(limits.allow(paid), min <= paid && paid <= max);
        } else {
            prop_assert!(max < min || max.is_zero());
        }
    }
}
