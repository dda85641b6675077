//! Verifying what DOKU sends, beside what no verification can do without.
//!
//! Rounds of ours and of the floor alternate, and the figure is the median of their ratios, so that a machine that slows
//! down slows down both.

#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

use std::hint::black_box;
use std::time::{Duration, Instant, SystemTime};

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use doku_model::Operation;
use doku_sign::{
    AccessToken, Backend, ClientSecret, DokuPrivateKey, MerchantPrivateKey, MerchantToken,
    MinifiedBody, StringToSign, TokenParties,
};
use doku_va_btn::hosted::{
    Credentials, Endpoints, HandlerError, Notification, PaymentHandler, Verified,
};
use doku_va_btn::{HostedDialect, TokenSlots};
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::Request;
use sha2::{Digest as _, Sha256, Sha512};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

const ROUNDS: usize = 41;
const CLIENT_ID: &str = "BRN-0211-1696919651918";
const SECRET: &str = "SK-0123456789abcdefghij";
const PATH: &str = "/v1/transfer-va/payment";
const TOKEN_PATH: &str = "/authorization/v1/access-token/b2b";
const LIFE: Duration = Duration::from_secs(15 * 60);

/// A notification as DOKU's documentation shows it, compact.
const BODY: &str = concat!(
    r#"{"additionalInfo":{"channel":"VIRTUAL_ACCOUNT_BTN","virtualAccountConfig":{"reusableStatus":false}},"#,
    r#""customerEmail":"","customerNo":"00000000000000000001","paidAmount":{"currency":"IDR","value":"11500.00"},"#,
    r#""partnerServiceId":"   95962","paymentFlagReason":{"english":"Success","indonesia":"Sukses"},"#,
    r#""paymentRequestId":"12839218738127830","trxDateTime":"2026-09-04T07:00:00+07:00","trxId":"INV-20260904-00000001","#,
    r#""virtualAccountName":"Toru Yamashita","virtualAccountNo":"   9596200000000000000000001"}"#,
);

struct Nobody;

#[async_trait]
impl PaymentHandler for Nobody {
    async fn paid(&self, _: Verified<Notification>) -> Result<(), HandlerError> {
        Ok(())
    }
}

fn main() {
    // `cargo bench` adds `--bench`; `cargo test --benches` does not, and has nothing to measure here.
    if !std::env::args().any(|argument| argument == "--bench") {
        println!("run with `cargo bench -p doku-va-btn --bench verify`");
        return;
    }
    println!("{ROUNDS} pairs of rounds; medians");
    println!("| | time | floor | ratio |");
    println!("|---|---|---|---|");
    for backend in Backend::all().iter().copied() {
        let name = match backend {
            Backend::RustCrypto => "rsa",
            _ => "aws-lc-rs",
        };
        let bench = Bench::on(backend);
        if backend == Backend::RustCrypto {
            bench.notification();
        }
        bench.bearer(name);
        bench.token_endpoint(name);
    }
}

struct Bench {
    merchant: MerchantPrivateKey,
    doku: DokuPrivateKey,
    credentials: Credentials,
    backend: Backend,
}

impl Bench {
    fn on(backend: Backend) -> Self {
        let merchant = MerchantPrivateKey::generate(2048)
            .unwrap()
            .on(backend)
            .unwrap();
        let doku = DokuPrivateKey::generate(2048).unwrap();
        let credentials = Credentials::new(
            CLIENT_ID.parse().unwrap(),
            ClientSecret::new(SECRET).unwrap(),
            merchant.clone(),
            doku.public_key().on(backend).unwrap(),
        );
        Self {
            merchant,
            doku,
            credentials,
            backend,
        }
    }

    fn parties() -> TokenParties<'static> {
        TokenParties {
            issuer: CLIENT_ID,
            client_id: CLIENT_ID,
        }
    }

    fn bearer_of_ours(&self) -> AccessToken {
        MerchantToken::issue(&self.merchant, Self::parties(), SystemTime::now(), LIFE).unwrap()
    }

    /// The whole verification of a notification, its bearer known, beside the hash, the HMAC and the comparison.
    fn notification(&self) {
        let endpoints = Endpoints::builder(self.credentials.clone())
            .payments(Nobody)
            .build();
        let token = self.bearer_of_ours();
        let timestamp = now();
        let call = signed(&token, &timestamp, true);
        let ours = || {
            let verified = endpoints.verify(Operation::Payment, black_box(&call));
            black_box(verified.unwrap());
        };
        let key = Hmac::<Sha512>::new_from_slice(SECRET.as_bytes()).unwrap();
        let presented = STANDARD
            .decode(call.headers()["x-signature"].as_bytes())
            .unwrap();
        let floor = || {
            let mac = floor(&key, black_box(token.expose()), &timestamp);
            mac.verify_slice(black_box(&presented)).unwrap();
        };
        row("notification, bearer known", 2000, ours, floor);

        // The same without a bearer, which by the empty slot is a signature over a shorter text.
        let slots = TokenSlots {
            empty: true,
            ..TokenSlots::default()
        };
        let dialect = HostedDialect {
            token_slots: slots,
            ..HostedDialect::default()
        };
        let lenient = Endpoints::builder(self.credentials.clone())
            .payments(Nobody)
            .dialect(dialect)
            .build();
        let bare = signed(&AccessToken::empty(), &timestamp, false);
        let without = || {
            let verified = lenient.verify(Operation::Payment, black_box(&bare));
            black_box(verified.unwrap());
        };
        row("  beside the same without a bearer", 2000, ours, without);
    }

    /// A bearer that is seen for the first time, beside RSA alone.
    fn bearer(&self, name: &str) {
        let public = self.merchant.public_key().on(self.backend).unwrap();
        let token = self.bearer_of_ours();
        let now = SystemTime::now();
        let keys = [public.clone()];
        let ours = || {
            let verified = MerchantToken::verify(black_box(&token), &keys, Self::parties(), now);
            black_box(verified.unwrap());
        };
        let text = StringToSign::snap_token(CLIENT_ID, "2026-09-04T07:00:00+07:00");
        let signature = self.merchant.sign(&text).unwrap();
        let floor = || {
            public
                .verify(black_box(&text), black_box(&signature))
                .unwrap();
        };
        row(&format!("bearer not known, {name}"), 200, ours, floor);
    }

    /// The token endpoint while its token is fresh, beside the one RSA verification that it cannot do without.
    fn token_endpoint(&self, name: &str) {
        let endpoints = Endpoints::builder(self.credentials.clone()).build();
        let timestamp = now();
        let text = StringToSign::snap_token(CLIENT_ID, &timestamp);
        let signature = self.doku.sign(&text).unwrap();
        let request = || {
            Request::post(TOKEN_PATH)
                .header("X-CLIENT-KEY", CLIENT_ID)
                .header("X-TIMESTAMP", &timestamp)
                .header("X-SIGNATURE", signature.to_base64())
                .body(Bytes::from_static(br#"{"grantType":"client_credentials"}"#))
                .unwrap()
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        // What carries the endpoints makes the request; that is not theirs.
        let requests = || (0..200).map(|_| request()).collect::<Vec<_>>();
        let key = self.doku.public_key().on(self.backend).unwrap();
        let (mut ours, mut floors, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..=ROUNDS {
            let calls = requests();
            let count = calls.len() as f64;
            let begun = Instant::now();
            for call in calls {
                let answer = runtime.block_on(endpoints.token(call));
                assert_eq!(black_box(answer).status(), 200);
            }
            let took = begun.elapsed().as_secs_f64() / count;
            let begun = Instant::now();
            for _ in 0..200 {
                key.verify(black_box(&text), black_box(&signature)).unwrap();
            }
            let floor = begun.elapsed().as_secs_f64() / count;
            if round > 0 {
                ours.push(took);
                floors.push(floor);
                ratios.push(took / floor);
            }
        }
        print(
            &format!("token endpoint, token fresh, {name}"),
            ours,
            floors,
            ratios,
        );
    }
}

fn now() -> String {
    let now = OffsetDateTime::now_utc().replace_nanosecond(0).unwrap();
    now.format(&Rfc3339).unwrap()
}

fn signed(token: &AccessToken, timestamp: &str, shown: bool) -> Request<Bytes> {
    let body = MinifiedBody::of(BODY.as_bytes());
    let text = StringToSign::snap_transaction("POST", PATH, token, &body, timestamp);
    let signature = ClientSecret::new(SECRET).unwrap().sign(&text).to_base64();
    let mut request = Request::post(PATH)
        .header("Content-Type", "application/json")
        .header("X-TIMESTAMP", timestamp)
        .header("X-SIGNATURE", signature)
        .header("X-EXTERNAL-ID", "729192008100")
        .header("X-PARTNER-ID", CLIENT_ID)
        .header("CHANNEL-ID", "VA004");
    if shown {
        request = request.header("Authorization", format!("Bearer {}", token.expose()));
    }
    request.body(Bytes::from_static(BODY.as_bytes())).unwrap()
}

/// The hash and the HMAC with nothing around them; the key is set up once on both sides.
fn floor(key: &Hmac<Sha512>, token: &str, timestamp: &str) -> Hmac<Sha512> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";

    let mut hash = [0_u8; 64];
    for (pair, byte) in hash
        .chunks_exact_mut(2)
        .zip(Sha256::digest(black_box(BODY)))
    {
        pair[0] = DIGITS[usize::from(byte >> 4)];
        pair[1] = DIGITS[usize::from(byte & 15)];
    }
    let mut mac = key.clone();
    mac.update(b"POST:");
    mac.update(PATH.as_bytes());
    mac.update(b":");
    mac.update(token.as_bytes());
    mac.update(b":");
    mac.update(&hash);
    mac.update(b":");
    mac.update(timestamp.as_bytes());
    mac
}

fn row(name: &str, times: u32, ours: impl Fn(), floor: impl Fn()) {
    let time = |work: &dyn Fn()| {
        let begun = Instant::now();
        for _ in 0..times {
            work();
        }
        begun.elapsed().as_secs_f64() / f64::from(times)
    };
    let (mut all, mut floors, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let (took, least) = (time(&ours), time(&floor));
        if round > 0 {
            all.push(took);
            floors.push(least);
            ratios.push(took / least);
        }
    }
    print(name, all, floors, ratios);
}

fn print(name: &str, ours: Vec<f64>, floors: Vec<f64>, ratios: Vec<f64>) {
    let micros = |seconds: f64| format!("{:.2} µs", seconds * 1e6);
    println!(
        "| {name} | {} | {} | {:.2} |",
        micros(median(ours)),
        micros(median(floors)),
        median(ratios)
    );
}

fn median(mut of: Vec<f64>) -> f64 {
    of.sort_by(f64::total_cmp);
    of[of.len() / 2]
}
