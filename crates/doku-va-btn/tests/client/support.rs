//! What several subjects need.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use doku_model::{Bill, FreeText};
use doku_sign::{ClientSecret, MerchantPrivateKey};
use doku_transport::testing::{Recorded, Recording, Scripted};
use doku_transport::{HttpTransport, TransportError};
use doku_va_btn::{Client, Clock, Config, CreateVa, RetryPolicy, VirtualAccount};
use http::{Request, Response, StatusCode};
use proptest::test_runner::RngSeed;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::macros::datetime;

pub(crate) const SECRET: &str = "SK-planted-secret-7";
pub(crate) const TOKEN_PATH: &str = "/authorization/v1/access-token/b2b";

/// Property tests run the same cases every time.
pub(crate) fn cases(cases: u32) -> proptest::test_runner::Config {
    proptest::test_runner::Config {
        cases,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(0x00D0_1C0B),
        ..proptest::test_runner::Config::default()
    }
}

/// One key for all tests: making one takes a while.
pub(crate) fn key() -> MerchantPrivateKey {
    static KEY: OnceLock<MerchantPrivateKey> = OnceLock::new();
    KEY.get_or_init(|| MerchantPrivateKey::generate(2048).unwrap())
        .clone()
}

pub(crate) fn config() -> Config {
    Config::new(
        "sandbox".parse().unwrap(),
        "BRN-0259-1678068334526".parse().unwrap(),
        ClientSecret::new(SECRET).unwrap(),
        key(),
    )
    .with_partner_service_id("95962".parse().unwrap())
    .with_customer_no_prefix("6".parse().unwrap())
}

/// No waiting between attempts, so that a test may count them.
pub(crate) fn at_once() -> RetryPolicy {
    RetryPolicy {
        first_wait: Duration::ZERO,
        ..RetryPolicy::default()
    }
}

/// A clock that a test sets, and that moves on by a second each time it is read.
#[derive(Debug)]
pub(crate) struct Hand(Mutex<OffsetDateTime>);

impl Hand {
    pub(crate) fn set(&self, now: OffsetDateTime) {
        *self.0.lock().unwrap() = now;
    }
}

impl Clock for Hand {
    fn now(&self) -> OffsetDateTime {
        let mut now = self.0.lock().unwrap();
        *now += Duration::from_secs(1);
        *now
    }
}

type Answer = Result<Response<Bytes>, TransportError>;
type Rule = Box<dyn Fn(&Request<Bytes>) -> Answer + Send + Sync>;

enum Answers {
    Script(Scripted),
    Rule(Rule),
}

/// A DOKU of the test's making. Tokens come from their own script, and where that is empty, one by one: `token-1`,
/// `token-2`, …
pub(crate) struct Doku {
    answers: Answers,
    tokens: Scripted,
    granted: AtomicU32,
    token_delay: Mutex<Duration>,
    call_delay: Mutex<Duration>,
}

impl std::fmt::Debug for Doku {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Doku")
    }
}

impl Doku {
    /// The token endpoint answers after this long.
    pub(crate) fn delay_tokens(&self, delay: Duration) {
        *self.token_delay.lock().unwrap() = delay;
    }

    /// Every other endpoint answers after this long.
    pub(crate) fn delay_calls(&self, delay: Duration) {
        *self.call_delay.lock().unwrap() = delay;
    }

    async fn token(&self, request: Request<Bytes>) -> Answer {
        wait(&self.token_delay).await;
        if self.tokens.remaining() > 0 {
            return self.tokens.send(request).await;
        }
        let number = self.granted.fetch_add(1, Ordering::Relaxed) + 1;
        Ok(json_response(
            200,
            &granted(&format!("token-{number}"), 900),
        ))
    }
}

async fn wait(delay: &Mutex<Duration>) {
    let delay = *delay.lock().unwrap();
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
}

#[async_trait]
impl HttpTransport for Doku {
    async fn send(&self, request: Request<Bytes>) -> Answer {
        if request.uri().path() == TOKEN_PATH {
            return self.token(request).await;
        }
        wait(&self.call_delay).await;
        match &self.answers {
            Answers::Script(script) => script.send(request).await,
            Answers::Rule(rule) => {
                // Others get their turn, as they would while bytes travel.
                tokio::task::yield_now().await;
                rule(&request)
            }
        }
    }
}

/// A client, the DOKU it calls, and its clock.
pub(crate) struct Bench {
    pub(crate) client: Client,
    pub(crate) doku: Arc<Recording<Doku>>,
    pub(crate) clock: Arc<Hand>,
}

impl Bench {
    fn new(config: Config, answers: Answers, tokens: Scripted) -> Self {
        let doku = Arc::new(Recording::new(Doku {
            answers,
            tokens,
            granted: AtomicU32::new(0),
            token_delay: Mutex::new(Duration::ZERO),
            call_delay: Mutex::new(Duration::ZERO),
        }));
        let clock = Arc::new(Hand(Mutex::new(datetime!(2026-01-31 10:55 +07:00))));
        let client = Client::with_clock(config, doku.clone(), clock.clone()).unwrap();
        Self {
            client,
            doku,
            clock,
        }
    }

    /// DOKU answers from this script.
    pub(crate) fn script(script: Scripted) -> Self {
        Self::script_with(config().with_retry(at_once()), script)
    }

    pub(crate) fn script_with(config: Config, script: Scripted) -> Self {
        Self::new(config, Answers::Script(script), Scripted::new())
    }

    /// DOKU answers every call by this rule.
    pub(crate) fn rule(
        config: Config,
        rule: impl Fn(&Request<Bytes>) -> Answer + Send + Sync + 'static,
    ) -> Self {
        Self::new(config, Answers::Rule(Box::new(rule)), Scripted::new())
    }

    /// DOKU answers token requests from this script, and every other call with this answer.
    pub(crate) fn tokens(config: Config, tokens: Scripted) -> Self {
        let rule = |_: &Request<Bytes>| Ok(json_response(200, &pending()));
        Self::new(config, Answers::Rule(Box::new(rule)), tokens)
    }

    /// DOKU answers token requests from this script, and every other call by this rule.
    pub(crate) fn with_tokens(
        tokens: Scripted,
        rule: impl Fn(&Request<Bytes>) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let config = config().with_retry(at_once());
        Self::new(config, Answers::Rule(Box::new(rule)), tokens)
    }

    /// DOKU answers once, with this.
    pub(crate) fn answering(status: u16, body: &Value) -> Self {
        Self::script(then(Scripted::new(), status, body))
    }

    /// What was sent beside token requests.
    pub(crate) fn calls(&self) -> Vec<Recorded> {
        let mut requests = self.doku.requests();
        requests.retain(|request| request.uri().path() != TOKEN_PATH);
        requests
    }

    pub(crate) fn token_requests(&self) -> usize {
        self.doku.count() - self.calls().len()
    }
}

pub(crate) fn json_response(status: u16, body: &Value) -> Response<Bytes> {
    Response::builder()
        .status(status)
        .body(Bytes::from(body.to_string()))
        .unwrap()
}

pub(crate) fn then(script: Scripted, status: u16, body: &Value) -> Scripted {
    script.then_json(StatusCode::from_u16(status).unwrap(), body.to_string())
}

pub(crate) fn text_of(request: &Recorded) -> &str {
    std::str::from_utf8(request.body()).unwrap()
}

pub(crate) fn json_of(request: &Recorded) -> Value {
    serde_json::from_slice(request.body()).unwrap()
}

pub(crate) fn closed() -> Bill {
    Bill::Closed("11500.00".parse().unwrap())
}

pub(crate) fn dgpc() -> CreateVa {
    CreateVa::doku_generated(
        "INV-2026-0001".parse().unwrap(),
        "Budi Santoso".parse().unwrap(),
        closed(),
    )
}

pub(crate) fn mgpc() -> CreateVa {
    CreateVa::merchant_generated(
        "60000161862".parse().unwrap(),
        "INV-2026-0001".parse().unwrap(),
        "Budi Santoso".parse().unwrap(),
        closed(),
    )
}

/// An order with every member filled.
pub(crate) fn everything() -> CreateVa {
    mgpc()
        .email("budi@example.id".parse().unwrap())
        .phone("6281293912081".parse().unwrap())
        .reusable()
        .expires("2026-12-31T23:59:59+07:00".parse().unwrap())
        .free_text(FreeText::new("Order at Toko Maju", "Pesanan di Toko Maju").unwrap())
        .free_text(FreeText::new("Thank you", "Terima kasih").unwrap())
}

pub(crate) fn granted(token: &str, expires_in: impl Into<Value>) -> Value {
    json!({
        "responseCode": "2007300",
        "responseMessage": "Successful",
        "accessToken": token,
        "tokenType": "Bearer",
        "expiresIn": expires_in.into(),
        "additionalInfo": "",
    })
}

/// The answer to [`dgpc`] and to [`mgpc`].
pub(crate) fn created() -> Value {
    json!({
        "responseCode": "2002700",
        "responseMessage": "Successful",
        "virtualAccountData": {
            "partnerServiceId": "   95962",
            "customerNo": "60000161862",
            "virtualAccountNo": "   9596260000161862",
            "virtualAccountName": "Budi Santoso",
            "trxId": "INV-2026-0001",
            "totalAmount": { "value": "11500.00", "currency": "IDR" },
            "virtualAccountTrxType": "C",
            "additionalInfo": {
                "channel": "VIRTUAL_ACCOUNT_BTN",
                "howToPayPage": "https://app.doku.com/how-to-pay/btn/1",
                "howToPayApi": "https://api.doku.com/pay-instruction/btn/1",
            },
        },
    })
}

/// An answer with one member changed; `Null` takes it out.
pub(crate) fn with(mut answer: Value, pointer: &str, value: impl Into<Value>) -> Value {
    let (parent, member) = pointer.rsplit_once('/').unwrap();
    let parent = answer
        .pointer_mut(parent)
        .and_then(Value::as_object_mut)
        .unwrap();
    match value.into() {
        Value::Null => drop(parent.remove(member)),
        value => drop(parent.insert(member.to_owned(), value)),
    }
    answer
}

/// Nothing but a code.
pub(crate) fn bare(code: &str, message: &str) -> Value {
    json!({ "responseCode": code, "responseMessage": message })
}

/// A check-status answer about the account of [`created`].
pub(crate) fn status(english: &str, indonesia: &str) -> Value {
    json!({
        "responseCode": "2002600",
        "responseMessage": "Successful",
        "virtualAccountData": {
            "paymentFlagReason": { "english": english, "indonesia": indonesia },
            "partnerServiceId": "   95962",
            "customerNo": "60000161862",
            "virtualAccountNo": "   9596260000161862",
            "inquiryRequestId": "",
            "paymentRequestId": "PAY-1",
            "trxId": "INV-2026-0001",
            "paidAmount": { "value": "11500.00", "currency": "IDR" },
            "billDetails": [{ "billAmount": { "value": "11500.00", "currency": "IDR" } }],
        },
        "additionalInfo": { "acquirer": { "id": "BTN" }, "trxId": "INV-2026-0001" },
    })
}

pub(crate) fn paid() -> Value {
    status("Paid", "Terbayar")
}

pub(crate) fn pending() -> Value {
    status("Pending", "Belum Terbayar")
}

/// The account that DOKU made of [`dgpc`]: prefix 6, number 60000161862.
pub(crate) fn account() -> VirtualAccount {
    serde_json::from_value(json!({
        "mode": "dokuGenerated",
        "partnerServiceId": "   95962",
        "sentCustomerNo": "6",
        "customerNo": "60000161862",
        "trxId": "INV-2026-0001",
        "channel": "VIRTUAL_ACCOUNT_BTN",
        "name": "Budi Santoso",
        "bill": { "closed": "11500.00" },
        "reusable": false,
        "howToPayPage": "https://app.doku.com/how-to-pay/btn/1",
        "howToPayApi": "https://api.doku.com/pay-instruction/btn/1",
    }))
    .unwrap()
}

/// The same number, made by the merchant: there is one number only.
pub(crate) fn registered() -> VirtualAccount {
    let mut stored = serde_json::to_value(account()).unwrap();
    stored["mode"] = "merchantGenerated".into();
    stored["sentCustomerNo"] = "60000161862".into();
    serde_json::from_value(stored).unwrap()
}
