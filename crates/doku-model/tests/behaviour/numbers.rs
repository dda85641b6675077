//! The three numbers: their padding, their parts and when two of them are the same.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use doku_model::request::Numbers;
use doku_model::{CustomerNo, Fault, PartnerServiceId, VirtualAccountNo};
use proptest::prelude::*;

use crate::support::{cases, fault, refusal};

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[test]
fn a_partner_service_id_is_eight_characters_wide() {
    for (text, wire, digits) in [
        ("1", "       1", "1"),
        ("95962", "   95962", "95962"),
        ("   95962", "   95962", "95962"),
        (" 95962", "   95962", "95962"),
        ("12345678", "12345678", "12345678"),
        ("00095962", "00095962", "00095962"),
    ] {
        let id: PartnerServiceId = text.parse().unwrap();
        assert_eq!(id.as_str(), wire, "{text:?}");
        assert_eq!(id.digits(), digits, "{text:?}");
        assert_eq!(id.to_string(), wire);
    }
    for missing in ["", " ", "        "] {
        assert_eq!(
            refusal::<PartnerServiceId>(missing),
            ("partnerServiceId".to_owned(), Fault::Missing),
            "{missing:?}"
        );
    }
    assert_eq!(
        fault::<PartnerServiceId>("123456789"),
        Fault::Length {
            min: 1,
            max: 8,
            found: 9
        }
    );
    for (text, found, position) in [
        ("95962 ", ' ', 5),
        ("95-62", '-', 2),
        ("\t95962", '\t', 0),
        ("959\u{661}", '\u{661}', 3),
    ] {
        assert_eq!(
            fault::<PartnerServiceId>(text),
            Fault::Character {
                found,
                position,
                allowed: "digits only"
            },
            "{text:?}"
        );
    }
}

#[test]
fn a_customer_number_is_one_to_twenty_digits() {
    for text in ["6", "12345678901234567890", "00000000000000000001"] {
        assert_eq!(text.parse::<CustomerNo>().unwrap().as_str(), text);
    }
    assert_eq!(
        refusal::<CustomerNo>(""),
        ("customerNo".to_owned(), Fault::Missing)
    );
    assert_eq!(
        fault::<CustomerNo>("123456789012345678901"),
        Fault::Length {
            min: 1,
            max: 20,
            found: 21
        }
    );
    for (text, found, position) in [
        (" 6", ' ', 0),
        ("6\n", '\n', 1),
        ("6a", 'a', 1),
        ("\u{ff16}", '\u{ff16}', 0),
    ] {
        assert_eq!(
            fault::<CustomerNo>(text),
            Fault::Character {
                found,
                position,
                allowed: "digits only"
            }
        );
    }
    // Leading zeros tell one customer from another.
    assert_ne!(
        "01".parse::<CustomerNo>().unwrap(),
        "1".parse::<CustomerNo>().unwrap()
    );
}

#[test]
fn a_virtual_account_number_is_padded_or_not() {
    for text in [
        "1",
        "   959626",
        "959626",
        "       1",
        "1234567812345678901234567890",
        "00095962600001",
    ] {
        assert_eq!(text.parse::<VirtualAccountNo>().unwrap().as_str(), text);
    }
    for missing in ["", "   "] {
        assert_eq!(fault::<VirtualAccountNo>(missing), Fault::Missing);
    }
    assert_eq!(
        fault::<VirtualAccountNo>("12345678123456789012345678901"),
        Fault::Length {
            min: 1,
            max: 28,
            found: 29
        }
    );
    assert_eq!(
        fault::<VirtualAccountNo>("        1"),
        Fault::Format {
            expected: "digits after at most 7 blanks"
        }
    );
    assert!(matches!(
        fault::<VirtualAccountNo>("   95962 6"),
        Fault::Character { found: ' ', .. }
    ));
}

#[test]
fn the_number_is_its_parts_joined_with_the_blanks() {
    let id: PartnerServiceId = "95962".parse().unwrap();
    let customer: CustomerNo = "6".parse().unwrap();
    let number = VirtualAccountNo::of(&id, &customer);
    assert_eq!(number.as_str(), "   959626");
    assert_eq!(number.digits(), "959626");
    assert!(number.is_exactly(&id, &customer));
    // Not byte for byte, although it is the same number.
    let unpadded: VirtualAccountNo = "959626".parse().unwrap();
    assert_eq!(unpadded, number);
    assert!(!unpadded.is_exactly(&id, &customer));
    assert_eq!(unpadded.customer_no(&id).unwrap(), customer);
    // Another BIN, or nothing after it.
    assert_eq!(unpadded.customer_no(&"12345".parse().unwrap()), None);
    assert_eq!(
        "95962"
            .parse::<VirtualAccountNo>()
            .unwrap()
            .customer_no(&id),
        None
    );

    let numbers = Numbers::of(id.clone(), customer.clone());
    assert_eq!(numbers.virtual_account_no.as_str(), "   959626");
}

#[test]
fn leading_zeros_of_the_customer_number_survive_the_join() {
    let id: PartnerServiceId = "19008".parse().unwrap();
    let customer: CustomerNo = "00000000000000000001".parse().unwrap();
    let number = VirtualAccountNo::of(&id, &customer);
    assert_eq!(number.as_str(), "   1900800000000000000000001");
    assert_eq!(
        number.customer_no(&id).unwrap().as_str(),
        "00000000000000000001"
    );
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn padding_makes_no_other_number(id in "[1-9][0-9]{0,7}", customer in "[0-9]{1,20}") {
        let blanks: PartnerServiceId = format!("{id:>8}").parse().unwrap();
        let zeros: PartnerServiceId = format!("{id:0>8}").parse().unwrap();
        let bare: PartnerServiceId = id.parse().unwrap();
        prop_assert_eq!(&blanks, &zeros);
        prop_assert_eq!(&blanks, &bare);
        prop_assert_eq!(hash(&blanks), hash(&zeros));
        prop_assert_eq!(hash(&blanks), hash(&bare));

        let numbers: Vec<VirtualAccountNo> = [format!("{id:>8}{customer}"), format!("{id:0>8}{customer}"), format!("{id}{customer}")]
            .iter()
            .map(|text| text.parse().unwrap())
            .collect();
        for number in &numbers {
            prop_assert_eq!(number, &numbers[0]);
            prop_assert_eq!(hash(number), hash(&numbers[0]));
            for id in [&blanks, &zeros, &bare] {
                let part = number.customer_no(id).unwrap();
                prop_assert_eq!(part.as_str(), &customer);
            }
        }
        let customer: CustomerNo = customer.parse().unwrap();
        prop_assert!(VirtualAccountNo::of(&bare, &customer).is_exactly(&bare, &customer));
        prop_assert_eq!(&VirtualAccountNo::of(&bare, &customer), &numbers[0]);
    }

    #[test]
    fn other_digits_make_another_number(one in "[1-9][0-9]{0,20}", other in "[1-9][0-9]{0,20}") {
        let equal = one.parse::<VirtualAccountNo>().unwrap() == other.parse::<VirtualAccountNo>().unwrap();
        prop_assert_eq!(equal, one == other);
    }

    #[test]
    fn a_stored_number_keeps_its_text(text in " {0,7}[0-9]{1,20}") {
        let number: VirtualAccountNo = text.parse().unwrap();
        let stored = serde_json::to_string(&number).unwrap();
        let again: VirtualAccountNo = serde_json::from_str(&stored).unwrap();
        prop_assert_eq!(again.as_str(), text);
    }
}
