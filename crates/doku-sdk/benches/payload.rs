//! What it costs to build, serialise and sign a create, beside the bare hashing of the same bytes.
//!
//! The floor is SHA-256 of the body, HMAC-SHA-512 of the string-to-sign and base64, with the key set up before: what no
//! client can do without.

use std::hint::black_box;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use divan::Bencher;
use doku::sign::{AccessToken, ClientSecret, MinifiedBody, StringToSign};
use doku::wire::{
    self, AdditionalInfo, Bilingual, Money, VirtualAccountConfig, VirtualAccountData,
};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256, Sha512};

const METHOD: &str = "POST";
const PATH: &str = "/virtual-accounts/bi-snap-va/v1.1/transfer-va/create-va";
const TIMESTAMP: &str = "2026-01-31T10:55:00+07:00";
const SECRET: &str = "SK-benchmark-0123456789abcdef";

fn main() {
    divan::main();
}

/// A create of 626 bytes, member by member.
fn payload(customer: &str) -> VirtualAccountData<'_> {
    VirtualAccountData {
        additional_info: Some(AdditionalInfo {
            channel: Some("VIRTUAL_ACCOUNT_BTN".into()),
            virtual_account_config: Some(VirtualAccountConfig {
                reusable_status: Some(false),
                ..VirtualAccountConfig::default()
            }),
            ..AdditionalInfo::default()
        }),
        customer_no: Some("6".into()),
        expired_date: Some("2026-12-31T23:59:59+07:00".into()),
        free_text: Some(vec![Bilingual {
            english: Some("Your order at the shop around the corner".into()),
            indonesia: Some("Pesanan Anda di toko di ujung jalan kami".into()),
        }]),
        partner_service_id: Some("   95962".into()),
        total_amount: Some(Money {
            currency: Some("IDR".into()),
            value: Some("11500.00".into()),
        }),
        trx_id: Some("INV-2026-0001-0123456789".into()),
        virtual_account_email: Some("customer.email@mail.example.id".into()),
        virtual_account_name: Some(customer.into()),
        virtual_account_no: Some("   959626".into()),
        virtual_account_phone: Some("6281293912081".into()),
        virtual_account_trx_type: Some("C".into()),
    }
}

/// A name that fills the body up to 626 bytes.
fn customer() -> String {
    let empty = wire::encode(&payload("")).len();
    "Customer Name "
        .chars()
        .cycle()
        .take(626 - empty)
        .collect::<String>()
        .replace("  ", " ")
}

fn token() -> String {
    "0123456789abcdefghij".repeat(27)
}

#[divan::bench]
fn floor_bare_hashing(bencher: Bencher<'_, '_>) {
    let body = wire::encode(&payload(&customer()));
    let token = token();
    let key = Hmac::<Sha512>::new_from_slice(SECRET.as_bytes()).expect("any length is a key");
    let mut text = Vec::with_capacity(1024);
    bencher.bench_local(|| {
        let hash = Sha256::digest(black_box(&body));
        let mut hex = [0_u8; 64];
        for (pair, byte) in hex.chunks_exact_mut(2).zip(hash) {
            pair[0] = b"0123456789abcdef"[usize::from(byte >> 4)];
            pair[1] = b"0123456789abcdef"[usize::from(byte & 15)];
        }
        text.clear();
        for part in [METHOD, ":", PATH, ":", &token, ":"] {
            text.extend_from_slice(part.as_bytes());
        }
        text.extend_from_slice(&hex);
        text.push(b':');
        text.extend_from_slice(TIMESTAMP.as_bytes());
        let mut mac = key.clone();
        mac.update(&text);
        STANDARD.encode(mac.finalize().into_bytes())
    });
}

#[divan::bench]
fn build_serialise_and_sign(bencher: Bencher<'_, '_>) {
    let customer = customer();
    let secret = ClientSecret::new(SECRET).expect("a secret");
    let token = AccessToken::new(token());
    assert_eq!(wire::encode(&payload(&customer)).len(), 626);
    bencher.bench_local(|| {
        let body = wire::encode(&payload(black_box(&customer)));
        let body_to_sign = MinifiedBody::from_compact(&body);
        let to_sign =
            StringToSign::snap_transaction(METHOD, PATH, &token, &body_to_sign, TIMESTAMP);
        let signature = secret.sign(&to_sign).to_base64();
        (body, signature)
    });
}

#[divan::bench]
fn build_and_serialise_alone(bencher: Bencher<'_, '_>) {
    let customer = customer();
    bencher.bench_local(|| wire::encode(&payload(black_box(&customer))));
}

#[divan::bench]
fn read_an_answer(bencher: Bencher<'_, '_>) {
    let body = wire::encode(&wire::VirtualAccountResponse {
        response_code: Some("2002700".into()),
        response_message: Some("Successful".into()),
        virtual_account_data: Some(payload("Budi Santoso")),
        ..wire::VirtualAccountResponse::default()
    });
    bencher.bench_local(|| {
        let answer: wire::VirtualAccountResponse<'_> =
            wire::decode(black_box(&body)).expect("an answer");
        answer.virtual_account_data.is_some()
    });
}
