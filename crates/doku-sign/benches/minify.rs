//! Minifying in bytes a second, beside copying the body and beside the plain loop by the byte.

use std::fmt::Write as _;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use doku_sign::minify;
use serde_json::{Value, json};

fn main() {
    divan::main();
}

const SIZES: [usize; 3] = [1, 30, 300];

/// A list of bodies like those of create calls.
fn body(members: usize) -> Value {
    let mut list = Vec::new();
    for n in 0..members {
        let mut trx_id = String::new();
        write!(trx_id, "INV-20260904-{n:06}").unwrap();
        list.push(json!({
            "partnerServiceId": "   95962",
            "customerNo": "00000000000000000001",
            "virtualAccountNo": "   9596200000000000000000001",
            "virtualAccountName": "Toru Yamashita",
            "virtualAccountEmail": "toru@example.com",
            "trxId": trx_id,
            "totalAmount": { "value": "11500.00", "currency": "IDR" },
            "additionalInfo": {
                "channel": "VIRTUAL_ACCOUNT_BTN",
                "virtualAccountConfig": { "reusableStatus": false, "minAmount": "10000.00" },
            },
            "virtualAccountTrxType": "C",
            "expiredDate": "2026-09-05T10:55:00+07:00",
        }));
    }
    Value::Array(list)
}

#[divan::bench(args = SIZES, sample_size = 10, sample_count = 200)]
fn a_floor_copy(bencher: Bencher<'_, '_>, members: usize) {
    let body = serde_json::to_vec(&body(members)).unwrap();
    bencher
        .counter(BytesCount::of_slice(&body))
        .bench_local(|| black_box(&body).to_vec());
}

#[divan::bench(args = SIZES, sample_size = 10, sample_count = 200)]
fn b_plain_loop_pretty(bencher: Bencher<'_, '_>, members: usize) {
    let body = serde_json::to_vec_pretty(&body(members)).unwrap();
    bencher
        .counter(BytesCount::of_slice(&body))
        .bench_local(|| {
            let mut kept = Vec::with_capacity(body.len());
            let (mut inside, mut escaped) = (false, false);
            for &byte in black_box(&body) {
                if inside {
                    inside = escaped || byte != b'"';
                    escaped = !escaped && byte == b'\\';
                } else if byte == b'"' {
                    inside = true;
                } else if matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                    continue;
                }
                kept.push(byte);
            }
            kept
        });
}

#[divan::bench(args = SIZES, sample_size = 10, sample_count = 200)]
fn c_ours_compact(bencher: Bencher<'_, '_>, members: usize) {
    let body = serde_json::to_vec(&body(members)).unwrap();
    bencher
        .counter(BytesCount::of_slice(&body))
        .bench_local(|| minify(black_box(&body)).len());
}

#[divan::bench(args = SIZES, sample_size = 10, sample_count = 200)]
fn d_ours_pretty(bencher: Bencher<'_, '_>, members: usize) {
    let body = serde_json::to_vec_pretty(&body(members)).unwrap();
    bencher
        .counter(BytesCount::of_slice(&body))
        .bench_local(|| minify(black_box(&body)).len());
}

/// Every block holds an escape, so every block is walked by the byte.
#[divan::bench(args = SIZES, sample_size = 10, sample_count = 200)]
fn e_ours_escapes_everywhere(bencher: Bencher<'_, '_>, members: usize) {
    let body = serde_json::to_string(&body(members))
        .unwrap()
        .replace("0000", "\\/00");
    bencher
        .counter(BytesCount::of_str(&body))
        .bench_local(|| minify(black_box(body.as_bytes())).len());
}
