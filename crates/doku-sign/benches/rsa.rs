//! RSA-2048 signing and verifying on each backend, beside aws-lc-rs called directly.

use divan::{Bencher, black_box};
use doku_sign::{Backend, MerchantPrivateKey, StringToSign};

const KEY: &str = include_str!("../tests/fixtures/merchant.key");
const CLIENT_ID: &str = "MCH-0008-1296507211683";
const TIMESTAMP: &str = "2026-09-04T00:00:00Z";

fn main() {
    divan::main();
}

fn key(backend: Backend) -> MerchantPrivateKey {
    MerchantPrivateKey::from_pem(KEY)
        .unwrap()
        .on(backend)
        .unwrap()
}

#[divan::bench(args = Backend::all())]
fn b_ours_sign(bencher: Bencher<'_, '_>, backend: &Backend) {
    let key = key(*backend);
    bencher.bench_local(|| {
        let to_sign = StringToSign::snap_token(black_box(CLIENT_ID), black_box(TIMESTAMP));
        key.sign(&to_sign).unwrap()
    });
}

#[divan::bench(args = Backend::all())]
fn d_ours_verify(bencher: Bencher<'_, '_>, backend: &Backend) {
    let key = key(*backend);
    let signature = key
        .sign(&StringToSign::snap_token(CLIENT_ID, TIMESTAMP))
        .unwrap();
    let key = key.public_key();
    bencher.bench_local(|| {
        let to_sign = StringToSign::snap_token(black_box(CLIENT_ID), black_box(TIMESTAMP));
        key.verify(&to_sign, black_box(&signature)).unwrap();
    });
}

#[divan::bench(args = Backend::all())]
fn e_parse(backend: &Backend) -> MerchantPrivateKey {
    key(*backend)
}

#[cfg(feature = "aws-lc-rs")]
mod floor {
    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::signature::{
        ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair,
    };
    use rsa::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, EncodePublicKey as _};

    use super::{Bencher, CLIENT_ID, KEY, TIMESTAMP, black_box};

    fn key() -> rsa::PrivateKey {
        rsa::PrivateKey::from_pkcs8_pem(&KEY[KEY.find("-----").unwrap()..]).unwrap()
    }

    fn message() -> Vec<u8> {
        format!("{CLIENT_ID}|{TIMESTAMP}").into_bytes()
    }

    fn sign(pair: &RsaKeyPair, message: &[u8]) -> Vec<u8> {
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(
            &RSA_PKCS1_SHA256,
            &SystemRandom::new(),
            message,
            &mut signature,
        )
        .unwrap();
        signature
    }

    #[divan::bench]
    fn a_aws_lc_rs_sign(bencher: Bencher<'_, '_>) {
        let pair = RsaKeyPair::from_pkcs8(key().to_pkcs8_der().unwrap().as_bytes()).unwrap();
        let message = message();
        bencher.bench_local(|| sign(&pair, black_box(&message)));
    }

    #[divan::bench]
    fn c_aws_lc_rs_verify(bencher: Bencher<'_, '_>) {
        let pair = RsaKeyPair::from_pkcs8(key().to_pkcs8_der().unwrap().as_bytes()).unwrap();
        let message = message();
        let signature = sign(&pair, &message);
        let spki = key().to_public_key().to_public_key_der().unwrap();
        let public = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, spki.as_bytes()).unwrap();
        bencher.bench_local(|| {
            public
                .verify_sig(black_box(&message), black_box(&signature))
                .unwrap();
        });
    }
}
