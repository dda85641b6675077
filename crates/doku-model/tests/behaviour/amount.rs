//! `Amount` and `PositiveAmount`: what is money and what is not.

use doku_model::{Amount, Fault, PositiveAmount};
use proptest::prelude::*;

use crate::support::{cases, fault, refusal};

#[test]
fn reads_whole_rupiah_and_two_decimals_and_prints_two_decimals() {
    for (text, sen, printed) in [
        ("0", 0, "0.00"),
        ("0.00", 0, "0.00"),
        ("0.05", 5, "0.05"),
        ("0.50", 50, "0.50"),
        ("1", 100, "1.00"),
        ("11500", 1_150_000, "11500.00"),
        ("11500.00", 1_150_000, "11500.00"),
        ("11500.99", 1_150_099, "11500.99"),
        (
            "9007199254740993.00",
            900_719_925_474_099_300,
            "9007199254740993.00",
        ),
        (
            "9999999999999999",
            999_999_999_999_999_900,
            "9999999999999999.00",
        ),
        (
            "9999999999999999.99",
            999_999_999_999_999_999,
            "9999999999999999.99",
        ),
    ] {
        let amount: Amount = text.parse().unwrap();
        assert_eq!(amount.sen(), sen, "{text}");
        assert_eq!(amount.to_string(), printed, "{text}");
    }
    assert_eq!(
        Amount::MAX,
        "9999999999999999.99".parse::<Amount>().unwrap()
    );
    assert_eq!(Amount::ZERO, "0".parse::<Amount>().unwrap());
    assert_eq!(Amount::default(), Amount::ZERO);
}

#[test]
fn refuses_every_other_spelling() {
    for text in [
        " ",
        "-1",
        "+1",
        "-0.00",
        "1e3",
        "1E3",
        "11500.00e0",
        ".50",
        "0.",
        "11500.",
        "11500.0",
        "11500.000",
        "11500,00",
        "11.500",
        "1_000",
        "1,000.00",
        "01",
        "00",
        "00.00",
        "011500.00",
        "10000000000000000",
        "10000000000000000.00",
        "99999999999999999999999999.00",
        "1.2.3",
        "1..00",
        ".",
        " 11500.00",
        "11500.00 ",
        "11 500.00",
        "11500.00\n",
        "\u{661}\u{662}.00",
        "\u{ff11}\u{ff12}.00",
        "1.\u{661}\u{662}",
        "0x10",
        "NaN",
        "inf",
        "IDR 1.00",
        "null",
        "true",
    ] {
        assert!(
            matches!(fault::<Amount>(text), Fault::Format { .. }),
            "{text:?}"
        );
    }
    assert_eq!(
        refusal::<Amount>(""),
        ("totalAmount.value".to_owned(), Fault::Missing)
    );
}

#[test]
fn counts_in_whole_numbers_up_to_the_largest() {
    assert_eq!(Amount::rupiah(11_500).unwrap().parts(), (11_500, 0));
    assert_eq!(Amount::from_sen(1_150_099).unwrap().parts(), (11_500, 99));
    assert_eq!(
        Amount::rupiah(9_999_999_999_999_999)
            .unwrap()
            .to_string()
            .len(),
        19
    );
    assert!(Amount::rupiah(10_000_000_000_000_000).is_err());
    assert!(Amount::rupiah(u64::MAX).is_err());
    assert_eq!(
        Amount::from_sen(999_999_999_999_999_999).unwrap(),
        Amount::MAX
    );
    assert!(Amount::from_sen(1_000_000_000_000_000_000).is_err());
    assert!(Amount::from_sen(u64::MAX).is_err());
}

#[test]
fn a_positive_amount_is_not_zero() {
    for zero in ["0", "0.00"] {
        assert_eq!(
            fault::<PositiveAmount>(zero),
            Fault::Rule {
                broken: "must be more than zero"
            }
        );
    }
    assert!(PositiveAmount::try_from(Amount::ZERO).is_err());
    assert!(PositiveAmount::rupiah(0).is_err());
    assert_eq!(fault::<PositiveAmount>(""), Fault::Missing);

    let least: PositiveAmount = "0.01".parse().unwrap();
    assert_eq!(least.amount().sen(), 1);
    assert_eq!(Amount::from(least).to_string(), "0.01");
    assert_eq!(
        PositiveAmount::rupiah(11_500).unwrap().to_string(),
        "11500.00"
    );
    assert!(PositiveAmount::rupiah(u64::MAX).is_err());
}

#[test]
fn is_stored_as_a_text_and_never_read_from_a_number() {
    let amount: Amount = "9007199254740993.00".parse().unwrap();
    let stored = serde_json::to_string(&amount).unwrap();
    assert_eq!(stored, r#""9007199254740993.00""#);
    assert_eq!(serde_json::from_str::<Amount>(&stored).unwrap(), amount);
    assert!(serde_json::from_str::<Amount>("9007199254740993.00").is_err());
    assert!(serde_json::from_str::<Amount>("11500").is_err());
    assert!(serde_json::from_str::<PositiveAmount>(r#""0.00""#).is_err());
}

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn survives_text_and_json(sen in 0..=999_999_999_999_999_999_u64) {
        let amount = Amount::from_sen(sen).unwrap();
        prop_assert_eq!(amount.to_string().parse::<Amount>().unwrap(), amount);
        let stored = serde_json::to_string(&amount).unwrap();
        prop_assert_eq!(serde_json::from_str::<Amount>(&stored).unwrap(), amount);
        let (rupiah, rest) = amount.parts();
        prop_assert_eq!(rupiah * 100 + rest, sen);
    }

    #[test]
    fn orders_as_integers_do(one in 0..=999_999_999_999_999_999_u64, other in 0..=999_999_999_999_999_999_u64) {
        let order = Amount::from_sen(one).unwrap().cmp(&Amount::from_sen(other).unwrap());
        prop_assert_eq!(order, one.cmp(&other));
    }

    #[test]
    fn what_it_accepts_it_prints_back(text in "[0-9.eE+ _-]{0,20}") {
        if let Ok(amount) = text.parse::<Amount>() {
            let printed = amount.to_string();
            prop_assert!(printed == text || printed == format!("{text}.00"), "{} became {}", text, printed);
        }
    }
}
