//! Numbers of the merchant's own: composed, checked, and made up without ever giving one twice.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use doku_va_btn::hosted::{
    NoPaymentCode, PaymentCode, PaymentCodeStore, PaymentCodes, PaymentCodesError, StoreError,
    TakenInMemory,
};
use proptest::prelude::*;

#[test]
fn a_bin_of_five_digits_leaves_twenty() {
    let twenty = "12345678901234567890";
    let code = PaymentCode::new("77062".parse().unwrap(), twenty.parse().unwrap()).unwrap();
    assert_eq!(code.virtual_account_no().as_str().len(), 28);
    assert_eq!(code.to_string(), format!("77062{twenty}"));
    assert!(
        "123456789012345678901"
            .parse::<doku_model::CustomerNo>()
            .is_err()
    );
}

#[test]
fn a_bin_of_zeros_could_not_be_told_from_padding() {
    let error = PaymentCode::new("000".parse().unwrap(), "2007".parse().unwrap()).unwrap_err();
    assert_eq!(error.field(), "partnerServiceId");
}

#[test]
fn a_number_is_taken_apart_whatever_its_padding() {
    let id = || "77062".parse().unwrap();
    for number in ["770622007", "   770622007", "000770622007"] {
        let code = PaymentCode::from_number(id(), &number.parse().unwrap()).unwrap();
        assert_eq!(code.customer_no().as_str(), "2007");
        assert!(code.is(&number.parse().unwrap()));
    }
    for number in ["77062", "770632007", "2007"] {
        assert!(PaymentCode::from_number(id(), &number.parse().unwrap()).is_err());
    }
}

proptest! {
    #[test]
    fn a_code_and_its_parts_are_one(id in "[1-9][0-9]{0,7}", no in "[0-9]{1,20}") {
        let code = PaymentCode::new(id.parse().unwrap(), no.parse().unwrap()).unwrap();
        let padded = code.virtual_account_no().as_str();
        prop_assert!(padded.len() <= 28);
        prop_assert_eq!(padded, format!("{id:>8}{no}"));
        let again = PaymentCode::from_number(id.parse().unwrap(), code.virtual_account_no()).unwrap();
        prop_assert_eq!(&again, &code);
        prop_assert_eq!(code.to_string(), format!("{id}{no}"));
    }
}

fn codes(digits: usize, store: Arc<dyn PaymentCodeStore>) -> PaymentCodes {
    PaymentCodes::new("77062".parse().unwrap(), digits, store).unwrap()
}

#[tokio::test]
async fn codes_have_the_length_and_the_prefix_that_was_asked_for() {
    let store = Arc::new(TakenInMemory::new());
    let prefix = "6".parse().unwrap();
    let codes = PaymentCodes::with_prefix("77062".parse().unwrap(), &prefix, 11, store).unwrap();
    for _ in 0..100 {
        let code = codes.next().await.unwrap();
        assert_eq!(code.customer_no().as_str().len(), 11);
        assert!(code.customer_no().as_str().starts_with('6'));
        assert_eq!(code.to_string().len(), 16);
    }
}

#[tokio::test]
async fn every_digit_comes_up() {
    let codes = codes(20, Arc::new(TakenInMemory::new()));
    let mut digits = HashSet::new();
    for _ in 0..100 {
        digits.extend(codes.next().await.unwrap().customer_no().as_str().chars());
    }
    assert_eq!(digits.len(), 10);
}

#[tokio::test]
async fn no_code_is_given_twice_not_even_to_many_at_once() {
    let codes = codes(3, Arc::new(TakenInMemory::new()));
    let tasks: Vec<_> = (0..200)
        .map(|_| {
            let codes = codes.clone();
            tokio::spawn(async move { codes.next().await.unwrap() })
        })
        .collect();
    let mut given = HashSet::new();
    for task in tasks {
        assert!(given.insert(task.await.unwrap()));
    }
}

/// Says that the first so many are taken.
struct Taken {
    first: u32,
    asked: Mutex<Vec<PaymentCode>>,
}

#[async_trait]
impl PaymentCodeStore for Taken {
    async fn take(&self, code: &PaymentCode) -> Result<bool, StoreError> {
        let mut asked = self.asked.lock().unwrap();
        asked.push(code.clone());
        Ok(asked.len() > self.first as usize)
    }
}

fn taken(first: u32) -> Arc<Taken> {
    Arc::new(Taken {
        first,
        asked: Mutex::default(),
    })
}

#[tokio::test]
async fn a_code_that_is_taken_is_tried_again_and_not_for_ever() {
    let store = taken(15);
    let code = codes(11, store.clone()).next().await.unwrap();
    let asked = store.asked.lock().unwrap().clone();
    assert_eq!(asked.len(), 16);
    assert_eq!(asked.last(), Some(&code));
    assert_eq!(
        asked.iter().collect::<HashSet<_>>().len(),
        16,
        "each is another one"
    );

    let store = taken(u32::MAX);
    let error = codes(11, store.clone()).next().await.unwrap_err();
    assert!(matches!(error, NoPaymentCode::AllTaken { attempts: 16 }));
    assert_eq!(store.asked.lock().unwrap().len(), 16);
}

#[tokio::test]
async fn a_full_store_gives_nothing_rather_than_a_code_twice() {
    let codes = codes(11, Arc::new(TakenInMemory::with_capacity(1)));
    codes.next().await.unwrap();
    let error = codes.next().await.unwrap_err();
    assert!(matches!(
        error,
        NoPaymentCode::Store(StoreError::Full { capacity: 1 })
    ));
}

#[test]
fn a_length_that_does_not_serve_is_refused_at_once() {
    let make = |prefix: Option<&str>, digits| {
        let store = Arc::new(TakenInMemory::new());
        let id = "77062".parse().unwrap();
        match prefix {
            None => PaymentCodes::new(id, digits, store).err(),
            Some(prefix) => {
                PaymentCodes::with_prefix(id, &prefix.parse().unwrap(), digits, store).err()
            }
        }
    };
    assert_eq!(make(None, 1), None);
    assert_eq!(make(None, 20), None);
    assert_eq!(make(Some("66"), 3), None);
    for (prefix, digits) in [(None, 0), (None, 21), (Some("66"), 2), (Some("66"), 1)] {
        assert!(matches!(
            make(prefix, digits),
            Some(PaymentCodesError::Digits { .. })
        ));
    }
}
