//! What several tests need: two fixed keys and a way to call `openssl`.

#![allow(dead_code, reason = "each test uses its own part of this")]

use std::io::Write as _;
use std::process::{Command, Stdio};

use doku_sign::{DokuPrivateKey, MerchantPrivateKey};

pub(crate) const MERCHANT_KEY: &str = include_str!("../fixtures/merchant.key");
pub(crate) const MERCHANT_PUBLIC_KEY: &str = include_str!("../fixtures/merchant.pub");
pub(crate) const MERCHANT_KEY_PBE_SHA1_3DES: &str =
    include_str!("../fixtures/merchant.pbe-sha1-3des.key");
pub(crate) const PASSPHRASE: &str = "kata sandi toko";
pub(crate) const DOKU_KEY: &str = include_str!("../fixtures/doku.key");

pub(crate) fn merchant() -> MerchantPrivateKey {
    MerchantPrivateKey::from_pem(MERCHANT_KEY).unwrap()
}

pub(crate) fn doku() -> DokuPrivateKey {
    DokuPrivateKey::from_pem(DOKU_KEY).unwrap()
}

/// Runs `openssl` with the given standard input. A machine without it fails the test: keys that
/// openssl makes are the ones merchants have.
pub(crate) fn openssl(arguments: &[&str], input: &str) -> String {
    let mut child = Command::new("openssl")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("these tests need the openssl command; install the package openssl");
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(
        output.status.success(),
        "openssl {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}
