//! Every payload, read from any bytes.

use std::fmt::Debug;

use doku_model::FieldError;
use doku_model::request::{CheckStatus, CreateVa, DeleteVa, Inquiry, Payment, UpdateVa};
use doku_model::wire::{
    self, CheckStatusRequest, CheckStatusResponse, DecodeError, HowToPay, InquiryRequest,
    InquiryResponse, PaymentRequest, PaymentResponse, TokenRequest, TokenResponse,
    VirtualAccountData, VirtualAccountResponse,
};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

/// What is read can be written, and what was written reads as the same payload and the same value, whoever hashes it.
/// What is not read names its place. Both are the same whether all of JSON is looked for or only what is plain.
pub fn wire(input: &[u8]) {
    // A line end changes nothing but that: plain JSON is of one line.
    let in_full = [input, b"\n"].concat();
    /// Reads a payload and each value that is made of it.
    macro_rules! each {
        ($($payload:ident => [$($value:ident),*]),+ $(,)?) => {
            $(let found = written::<$payload<'_>>(input);
            assert_eq!(written::<$payload<'_>>(&in_full), found, stringify!($payload));
            if let Some(body) = found {
                let again = written::<$payload<'_>>(&body);
                assert_eq!(again.as_ref(), Some(&body), stringify!($payload));
                $({
                    let first = $value::try_from(&wire::decode::<$payload<'_>>(input).unwrap());
                    names_its_member(&first);
                    let second = $value::try_from(&wire::decode::<$payload<'_>>(&body).unwrap());
                    assert_eq!(first, second, stringify!($value));
                })*
            })+
        };
    }
    each!(
        CheckStatusRequest => [CheckStatus],
        CheckStatusResponse => [],
        HowToPay => [],
        InquiryRequest => [Inquiry],
        InquiryResponse => [],
        PaymentRequest => [Payment],
        PaymentResponse => [],
        TokenRequest => [],
        TokenResponse => [],
        VirtualAccountData => [CreateVa, UpdateVa, DeleteVa],
        VirtualAccountResponse => [],
    );
}

/// The payload written again, where the input is one.
fn written<'a, T: Deserialize<'a> + Serialize + Debug>(input: &'a [u8]) -> Option<Vec<u8>> {
    match wire::decode::<T>(input) {
        Ok(payload) => {
            assert!(
                serde_json::from_slice::<IgnoredAny>(input).is_ok(),
                "read what is no JSON"
            );
            let written = wire::encode(&payload);
            assert_eq!(written, serde_json::to_vec(&payload).unwrap());
            assert_eq!(
                doku_sign::minify(&written).len(),
                written.len(),
                "written with white space"
            );
            assert!(!format!("{payload:?}").is_empty());
            Some(written)
        }
        Err(error) => {
            match &error {
                DecodeError::NotJson { line, .. } => {
                    assert!(*line > 0 || input.is_empty(), "counted from 1");
                }
                DecodeError::Member { path } => {
                    assert!(!path.is_empty(), "names no member");
                }
                _ => {}
            }
            let told = error.to_string();
            assert!(!told.is_empty());
            None
        }
    }
}

/// A value that is refused names the member, in one line.
fn names_its_member<V>(made: &Result<V, FieldError>) {
    if let Err(error) = made {
        assert!(!error.field().is_empty(), "names no member");
        let told = error.to_string();
        assert!(told.starts_with(error.field()), "{told}");
        assert!(!told.contains('\n'), "{told}");
    }
}
