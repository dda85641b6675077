//! Whether a virtual account was paid, and whether it may be.

use doku_model::{PaymentFlag, VirtualAccountStatus};
use proptest::prelude::*;

use crate::support::cases;

#[test]
fn the_documented_words_mean_something_in_either_language() {
    for (english, indonesia, flag) in [
        ("Paid", "Terbayar", PaymentFlag::Paid),
        ("Pending", "Belum Terbayar", PaymentFlag::Pending),
        ("Expired", "Kadaluarsa", PaymentFlag::Expired),
        ("Expired", "Kedaluwarsa", PaymentFlag::Expired),
        ("PAID", "terbayar", PaymentFlag::Paid),
        (" Paid ", "Terbayar\n", PaymentFlag::Paid),
    ] {
        assert_eq!(
            PaymentFlag::from_reason(Some(english), Some(indonesia)),
            flag
        );
        assert_eq!(PaymentFlag::from_reason(Some(english), None), flag);
        assert_eq!(PaymentFlag::from_reason(None, Some(indonesia)), flag);
        assert_eq!(PaymentFlag::from_reason(Some(english), Some("")), flag);
        assert_eq!(PaymentFlag::from_reason(Some(" "), Some(indonesia)), flag);
    }
}

#[test]
fn anything_else_is_unknown() {
    for (english, indonesia) in [
        (None, None),
        (Some(""), Some("")),
        (Some("Paid"), Some("Belum Terbayar")),
        (Some("Pending"), Some("Terbayar")),
        (Some("Paid"), Some("Sudah")),
        (Some("Settled"), Some("Terbayar")),
        (Some("Not Paid"), None),
        (Some("Unpaid"), None),
        (Some("Paid?"), None),
        (Some("Paid, reversed"), None),
        (Some("2002600"), None),
        (Some("true"), None),
    ] {
        assert_eq!(
            PaymentFlag::from_reason(english, indonesia),
            PaymentFlag::Unknown,
            "{english:?} {indonesia:?}"
        );
    }
}

#[test]
fn a_status_is_an_open_set() {
    assert!(VirtualAccountStatus::active().is_active());
    assert!(!VirtualAccountStatus::inactive().is_active());
    assert_eq!(
        VirtualAccountStatus::inactive(),
        "INACTIVE".parse().unwrap()
    );
    let deleted: VirtualAccountStatus = "DELETED".parse().unwrap();
    assert!(!deleted.is_active());
    assert!("Active".parse::<VirtualAccountStatus>().is_err());
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn only_the_word_itself_is_paid(english in "[ a-zA-Z]{0,12}", indonesia in "[ a-zA-Z]{0,12}") {
        let flag = PaymentFlag::from_reason(Some(&english), Some(&indonesia));
        if flag == PaymentFlag::Paid {
            let words = [english.trim().to_lowercase(), indonesia.trim().to_lowercase()];
            prop_assert!(words[0] == "paid" || words[1] == "terbayar");
        }
    }
}
