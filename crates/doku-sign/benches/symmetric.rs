//! A symmetric signature beside its floor: the same hash, the same HMAC and the same base64 over
//! the same bytes, with nothing of ours around them. The HMAC key is set up once on both sides.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use divan::{Bencher, black_box};
use doku_sign::{AccessToken, ClientSecret, MinifiedBody, StringToSign};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256, Sha512};

const SECRET: &str = "SK-0123456789abcdefghij";
const METHOD: &str = "POST";
const PATH: &str = "/virtual-accounts/bi-snap-va/v1.1/transfer-va/create-va";
const TIMESTAMP: &str = "2026-09-04T07:00:00+07:00";

/// A compact create body of 626 bytes.
const BODY: &str = concat!(
    r#"{"additionalInfo":{"channel":"VIRTUAL_ACCOUNT_BTN","origin":{"product":"SDK","source":"rust","#,
    r#""sourceVersion":"0.1.0"},"#,
    r#""virtualAccountConfig":{"maxAmount":"5000000.00","minAmount":"10000.00","reusableStatus":false}},"#,
    r#""customerNo":"00000000000000000001","expiredDate":"2026-09-05T10:55:00+07:00","#,
    r#""freeTexts":[{"english":"Thanks","indonesia":"Terima kasih"}],"#,
    r#""partnerServiceId":"   95962","totalAmount":{"currency":"IDR","value":"11500.00"},"#,
    r#""trxId":"INV-20260904-00000001","virtualAccountEmail":"toru@example.com","#,
    r#""virtualAccountName":"Toru Yamashita","virtualAccountNo":"   9596200000000000000000001","#,
    r#""virtualAccountTrxType":"C"}"#,
);

fn main() {
    assert_eq!(BODY.len(), 626);
    assert_eq!(
        floor(&Hmac::new_from_slice(SECRET.as_bytes()).unwrap(), &token()),
        {
            let secret = ClientSecret::new(SECRET).unwrap();
            let body = MinifiedBody::of(BODY.as_bytes());
            sign(&secret, &AccessToken::new(token()), &body)
        }
    );
    divan::main();
}

/// As long as the tokens DOKU issues.
fn token() -> String {
    "eyJhbGciOiJSUzI1NiJ9".repeat(27)
}

fn floor(key: &Hmac<Sha512>, token: &str) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";

    let mut hash = [0_u8; 64];
    for (pair, byte) in hash.chunks_exact_mut(2).zip(Sha256::digest(BODY)) {
        pair[0] = DIGITS[usize::from(byte >> 4)];
        pair[1] = DIGITS[usize::from(byte & 15)];
    }
    let mut mac = key.clone();
    mac.update(METHOD.as_bytes());
    mac.update(b":");
    mac.update(PATH.as_bytes());
    mac.update(b":");
    mac.update(token.as_bytes());
    mac.update(b":");
    mac.update(&hash);
    mac.update(b":");
    mac.update(TIMESTAMP.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

fn sign(secret: &ClientSecret, token: &AccessToken, body: &MinifiedBody<'_>) -> String {
    let to_sign = StringToSign::snap_transaction(METHOD, PATH, token, body, TIMESTAMP);
    secret.sign(&to_sign).to_base64()
}

#[divan::bench(sample_size = 50, sample_count = 400)]
fn a_floor(bencher: Bencher<'_, '_>) {
    let key = Hmac::new_from_slice(SECRET.as_bytes()).unwrap();
    let token = token();
    bencher.bench_local(|| floor(black_box(&key), black_box(&token)));
}

#[divan::bench(sample_size = 50, sample_count = 400)]
fn b_ours_compact(bencher: Bencher<'_, '_>) {
    let secret = ClientSecret::new(SECRET).unwrap();
    let token = AccessToken::new(token());
    bencher.bench_local(|| {
        let body = MinifiedBody::from_compact(black_box(BODY.as_bytes()));
        sign(black_box(&secret), black_box(&token), &body)
    });
}

#[divan::bench(sample_size = 50, sample_count = 400)]
fn c_ours_minifying(bencher: Bencher<'_, '_>) {
    let secret = ClientSecret::new(SECRET).unwrap();
    let token = AccessToken::new(token());
    bencher.bench_local(|| {
        let body = MinifiedBody::of(black_box(BODY.as_bytes()));
        sign(black_box(&secret), black_box(&token), &body)
    });
}

#[divan::bench(sample_size = 50, sample_count = 400)]
fn d_ours_minifying_pretty(bencher: Bencher<'_, '_>) {
    let secret = ClientSecret::new(SECRET).unwrap();
    let token = AccessToken::new(token());
    let value: serde_json::Value = serde_json::from_str(BODY).unwrap();
    let pretty = serde_json::to_vec_pretty(&value).unwrap();
    bencher.bench_local(|| {
        let body = MinifiedBody::of(black_box(&pretty));
        sign(black_box(&secret), black_box(&token), &body)
    });
}

#[divan::bench(sample_size = 50, sample_count = 400)]
fn e_ours_verifying(bencher: Bencher<'_, '_>) {
    let secret = ClientSecret::new(SECRET).unwrap();
    let token = AccessToken::new(token());
    let header = sign(
        &secret,
        &token,
        &MinifiedBody::from_compact(BODY.as_bytes()),
    );
    bencher.bench_local(|| {
        let body = MinifiedBody::of(black_box(BODY.as_bytes()));
        let to_sign = StringToSign::snap_transaction(METHOD, PATH, &token, &body, TIMESTAMP);
        let signature = doku_sign::Signature::from_base64(black_box(&header)).unwrap();
        secret.verify(&to_sign, &signature).unwrap();
    });
}
