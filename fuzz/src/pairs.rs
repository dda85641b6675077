//! The keys of a merchant and of DOKU. Fixed, so that an input means the same in every run.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use doku_sign::{Backend, DokuPrivateKey, MerchantPrivateKey};

/// The merchant's private key, as a PEM text.
pub(crate) const MERCHANT_PEM: &str =
    include_str!("../../crates/doku-sign/tests/fixtures/merchant.key");

/// DOKU's private key, as a PEM text.
pub(crate) const DOKU_PEM: &str = include_str!("../../crates/doku-sign/tests/fixtures/doku.key");

/// The merchant's pair, on the faster backend.
pub(crate) static MERCHANT: LazyLock<MerchantPrivateKey> = LazyLock::new(|| {
    let key = MerchantPrivateKey::from_pem(MERCHANT_PEM).unwrap();
    key.on(Backend::AwsLcRs).unwrap()
});

/// DOKU's pair, on the faster backend.
pub(crate) static DOKU: LazyLock<DokuPrivateKey> = LazyLock::new(|| {
    let key = DokuPrivateKey::from_pem(DOKU_PEM).unwrap();
    key.on(Backend::AwsLcRs).unwrap()
});

/// The bytes of a PEM text between its lines of dashes; what stands before them is a remark.
pub(crate) fn der(pem: &str) -> Vec<u8> {
    let lines = pem.lines().skip_while(|line| !line.starts_with('-'));
    let body = lines.filter(|line| !line.starts_with('-'));
    STANDARD.decode(body.collect::<String>()).unwrap()
}
