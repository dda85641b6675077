//! The merchant with its ledger, and a clock that is set.

use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use bytes::Bytes;
use doku_ledger::account::{Account, DirectBill};
use doku_ledger::outbox::Event;
use doku_ledger::payment::{Payment, Verdict};
use doku_ledger::reconcile::Worker;
use doku_ledger::{Cursor, Ledger, Settings};
use doku_model::{Bill, Limits, TrxId};
use doku_sign::{
    AccessToken, ClientSecret, DokuPrivateKey, MerchantPrivateKey, MinifiedBody, StringToSign,
};
use doku_va_btn::hosted::{Credentials, Endpoints, PaymentCode};
use doku_va_btn::{Client, Clock, Config, CreateVa, Environment};
use http::Request;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::datetime;

use super::database::Site;
use super::doku::FakeDoku;

pub(crate) const CLIENT_ID: &str = "BRN-0211-1696919651918";
const SECRET: &str = "SK-THE-SECRET";
pub(crate) const NOW: OffsetDateTime = datetime!(2026-09-13 10:16:10 +07:00);

const PAYMENT_PATH: &str = "/v1/transfer-va/payment";
const INQUIRY_PATH: &str = "/v1.1/transfer-va/inquiry";
const TOKEN_PATH: &str = "/authorization/v1/access-token/b2b";

/// Keys take long to make, so every test has the same.
static MERCHANT: LazyLock<MerchantPrivateKey> =
    LazyLock::new(|| MerchantPrivateKey::generate(2048).unwrap());
static DOKU: LazyLock<DokuPrivateKey> = LazyLock::new(|| DokuPrivateKey::generate(2048).unwrap());

/// A clock that stands still until it is set.
#[derive(Debug)]
pub(crate) struct SetClock(Mutex<OffsetDateTime>);

impl SetClock {
    pub(crate) fn advance(&self, by: Duration) {
        *self.0.lock().unwrap() += by;
    }

    pub(crate) fn set(&self, moment: OffsetDateTime) {
        *self.0.lock().unwrap() = moment;
    }
}

impl Clock for SetClock {
    fn now(&self) -> OffsetDateTime {
        *self.0.lock().unwrap()
    }
}

pub(crate) struct World {
    pub(crate) site: Site,
    pub(crate) clock: Arc<SetClock>,
    pub(crate) ledger: Ledger,
    pub(crate) endpoints: Endpoints,
    pub(crate) doku: FakeDoku,
    pub(crate) client: Client,
    /// Of one moment, and good at every endpoint of the merchant.
    token: Mutex<(String, String)>,
}

/// A payment that DOKU tells of.
#[derive(Debug, Clone)]
pub(crate) struct Pay {
    pub(crate) number: String,
    pub(crate) trx_id: Option<String>,
    pub(crate) id: String,
    pub(crate) amount: String,
    pub(crate) paid_at: Option<OffsetDateTime>,
}

impl Pay {
    pub(crate) fn new(number: &str, trx_id: &str, id: &str, amount: &str) -> Self {
        Self {
            number: number.to_owned(),
            trx_id: Some(trx_id.to_owned()),
            id: id.to_owned(),
            amount: amount.to_owned(),
            paid_at: None,
        }
    }

    /// For an account that is known, of the amount it asks for.
    pub(crate) fn of(account: &Account, id: &str, amount: &str) -> Self {
        let number = account.number.clone().unwrap();
        Self::new(&number, account.trx_id.as_str(), id, amount)
    }

    pub(crate) fn without_trx_id(mut self) -> Self {
        self.trx_id = None;
        self
    }

    pub(crate) fn at(mut self, paid_at: OffsetDateTime) -> Self {
        self.paid_at = Some(paid_at);
        self
    }

    fn body(&self) -> String {
        let mut body = json!({
            "virtualAccountNo": format!("   {}", self.number),
            "paymentRequestId": self.id,
            "paidAmount": {"value": self.amount, "currency": "IDR"},
            "virtualAccountName": "Budi",
            "additionalInfo": {"channel": "VIRTUAL_ACCOUNT_BTN"},
        });
        if let Some(trx_id) = &self.trx_id {
            body["trxId"] = json!(trx_id);
        }
        if let Some(paid_at) = self.paid_at {
            body["trxDateTime"] = json!(paid_at.format(&Rfc3339).unwrap());
        }
        body.to_string()
    }
}

impl World {
    pub(crate) async fn on(site: Site) -> Self {
        let clock = Arc::new(SetClock(Mutex::new(NOW)));
        let settings = site.settings().clock(clock.clone());
        let ledger = Ledger::open(settings).await.unwrap();
        let doku = FakeDoku::default();
        let endpoints = endpoints(&ledger, &clock);
        let config = Config::new(
            Environment::sandbox(),
            CLIENT_ID.parse().unwrap(),
            ClientSecret::new(SECRET).unwrap(),
            MERCHANT.clone(),
        )
        .with_partner_service_id("95962".parse().unwrap())
        .with_customer_no_prefix("6".parse().unwrap());
        let client = Client::with_clock(config, Arc::new(doku.clone()), clock.clone()).unwrap();
        Self {
            site,
            clock,
            ledger,
            endpoints,
            doku,
            client,
            token: Mutex::default(),
        }
    }

    pub(crate) fn settings(&self) -> Settings {
        self.site.settings().clock(self.clock.clone())
    }

    /// The process dies and starts again: nothing is closed in good order.
    pub(crate) async fn restart(&mut self) {
        self.ledger = Ledger::open(self.settings()).await.unwrap();
        self.endpoints = endpoints(&self.ledger, &self.clock);
    }

    /// Another process with the same ledger, and its endpoints.
    pub(crate) async fn replica(&self) -> (Ledger, Endpoints) {
        let ledger = self.site.replica(self.settings()).await;
        let endpoints = endpoints(&ledger, &self.clock);
        (ledger, endpoints)
    }

    pub(crate) fn worker(&self) -> Worker {
        Worker::new(self.ledger.clone(), Arc::new(self.client.clone())).per_second(1_000_000)
    }

    /// An order of a closed bill at DOKU.
    pub(crate) fn order(trx_id: &str, amount: &str) -> CreateVa {
        CreateVa::doku_generated(
            trx_id.parse().unwrap(),
            "Budi Santoso".parse().unwrap(),
            Bill::Closed(amount.parse().unwrap()),
        )
    }

    pub(crate) async fn create(&self, order: &CreateVa) -> Account {
        let done = self.ledger.create(&self.client, order, None).await.unwrap();
        assert!(done.failure.is_none(), "{:?}", done.failure);
        done.account
    }

    /// An account that may be paid once.
    pub(crate) async fn account(&self, trx_id: &str, amount: &str) -> Account {
        self.create(&Self::order(trx_id, amount)).await
    }

    /// An account that may be paid any number of times.
    pub(crate) async fn reusable(&self, trx_id: &str) -> Account {
        self.create(&Self::top_up(trx_id)).await
    }

    /// An order of an open bill that may be paid any number of times.
    pub(crate) fn top_up(trx_id: &str) -> CreateVa {
        let limits = Limits::at_least("10000.00".parse().unwrap());
        CreateVa::doku_generated(
            trx_id.parse().unwrap(),
            "Budi Santoso".parse().unwrap(),
            Bill::Open(Some(limits)),
        )
        .reusable()
    }

    /// A bill of the merchant's own number.
    pub(crate) fn bill(number: &str, trx_id: &str, amount: &str) -> DirectBill {
        let code = PaymentCode::new("77062".parse().unwrap(), number.parse().unwrap()).unwrap();
        DirectBill::new(
            &code,
            trx_id.parse().unwrap(),
            "Siti".parse().unwrap(),
            Bill::Closed(amount.parse().unwrap()),
        )
    }

    pub(crate) async fn known(&self, trx_id: &str) -> Account {
        let trx_id: TrxId = trx_id.parse().unwrap();
        self.ledger.account(&trx_id).await.unwrap().unwrap()
    }

    /// DOKU tells of a payment; the response code.
    pub(crate) async fn notify(&self, pay: &Pay) -> String {
        self.notify_at(&self.endpoints, pay).await
    }

    pub(crate) async fn notify_at(&self, endpoints: &Endpoints, pay: &Pay) -> String {
        self.call(endpoints, PAYMENT_PATH, &pay.body()).await["responseCode"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    pub(crate) async fn acknowledges(&self, pay: &Pay) {
        assert_eq!(self.notify(pay).await, "2002500", "{pay:?}");
    }

    /// DOKU tells something that is no payment; the response code.
    pub(crate) async fn notify_raw(&self, body: &str) -> String {
        self.notify_raw_at(&self.endpoints, body).await
    }

    pub(crate) async fn notify_raw_at(&self, endpoints: &Endpoints, body: &str) -> String {
        self.call(endpoints, PAYMENT_PATH, body).await["responseCode"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// Somebody typed a number; the answer.
    pub(crate) async fn inquire(&self, number: &str) -> Value {
        let body = json!({
            "virtualAccountNo": format!("   {number}"), "inquiryRequestId": "INQ-1",
            "additionalInfo": {"channel": "VIRTUAL_ACCOUNT_BTN"},
        });
        self.call(&self.endpoints, INQUIRY_PATH, &body.to_string())
            .await
    }

    /// Waits until a refused call with this body is kept, which happens beside its answer: what came before it has been dealt
    /// with then.
    pub(crate) async fn kept(&self, body: &str) {
        let mut changes = self.ledger.changes();
        loop {
            let all = self.ledger.refused_calls(0, 1000).await.unwrap();
            if all.iter().any(|call| call.body == body.as_bytes()) {
                return;
            }
            changes.changed().await.unwrap();
        }
    }

    /// The call that tells of a payment, signed now.
    pub(crate) async fn notification(&self, pay: &Pay) -> Request<Bytes> {
        self.signed(&self.endpoints, PAYMENT_PATH, &pay.body())
            .await
    }

    async fn call(&self, endpoints: &Endpoints, path: &str, body: &str) -> Value {
        let request = self.signed(endpoints, path, body).await;
        deliver(endpoints, request).await
    }

    /// A notification as DOKU sends it, for somebody to hold on to.
    pub(crate) async fn captured(&self, body: &str) -> Request<Bytes> {
        self.signed(&self.endpoints, PAYMENT_PATH, body).await
    }

    /// Somebody sends a notification that was captured; the response code.
    pub(crate) async fn replay(&self, request: Request<Bytes>) -> String {
        deliver(&self.endpoints, request).await["responseCode"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    async fn signed(&self, endpoints: &Endpoints, path: &str, body: &str) -> Request<Bytes> {
        let timestamp = self.clock.now().format(&Rfc3339).unwrap();
        let token = self.token(endpoints, &timestamp).await;
        let to_sign = StringToSign::snap_transaction(
            "POST",
            path,
            &AccessToken::new(&token),
            &MinifiedBody::of(body.as_bytes()),
            &timestamp,
        );
        let signature = ClientSecret::new(SECRET).unwrap().sign(&to_sign);
        Request::post(path)
            .header("Content-Type", "application/json")
            .header("X-TIMESTAMP", &timestamp)
            .header("X-SIGNATURE", signature.to_base64())
            .header("X-PARTNER-ID", CLIENT_ID)
            .header("X-EXTERNAL-ID", "418075533589")
            .header("CHANNEL-ID", "VA004")
            .header("Authorization", format!("Bearer {token}"))
            .body(Bytes::from(body.to_owned()))
            .unwrap()
    }

    async fn token(&self, endpoints: &Endpoints, timestamp: &str) -> String {
        let (of, token) = self.token.lock().unwrap().clone();
        if of == timestamp {
            return token;
        }
        let token = self.fetched(endpoints, timestamp).await;
        *self.token.lock().unwrap() = (timestamp.to_owned(), token.clone());
        token
    }

    async fn fetched(&self, endpoints: &Endpoints, timestamp: &str) -> String {
        let signature = DOKU
            .sign(&StringToSign::snap_token(CLIENT_ID, timestamp))
            .unwrap()
            .to_base64();
        let request = Request::post(TOKEN_PATH)
            .header("Content-Type", "application/json")
            .header("X-CLIENT-KEY", CLIENT_ID)
            .header("X-TIMESTAMP", timestamp)
            .header("X-SIGNATURE", signature)
            .body(Bytes::from_static(br#"{"grantType":"client_credentials"}"#))
            .unwrap();
        let answer = endpoints.token(request).await;
        let answer: Value = serde_json::from_slice(answer.body()).unwrap();
        answer["accessToken"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn payments(&self) -> Vec<Payment> {
        self.settled().await;
        let page = self.ledger.payments_after(Cursor::START, 1000).await;
        page.unwrap().items
    }

    /// What became of the payments, in order.
    pub(crate) async fn verdicts(&self) -> Vec<Verdict> {
        let payments = self.payments().await;
        payments.iter().map(|payment| payment.verdict).collect()
    }

    pub(crate) async fn events(&self) -> Vec<Event> {
        self.settled().await;
        let page = self.ledger.events_after(Cursor::START, 1000).await;
        page.unwrap().items
    }

    pub(crate) async fn event_names(&self) -> Vec<&'static str> {
        let events = self.events().await;
        events.iter().map(|event| event.kind.name()).collect()
    }

    /// Other tests write to the same cluster, and what is written there is shown once they have all committed: waits until
    /// everything that was written before is shown.
    pub(crate) async fn settled(&self) {
        if !self.site.is_postgres() {
            return;
        }
        let mut stranger = self.site.stranger().await;
        let reached = stranger
            .number("SELECT pg_current_xact_id()::text::bigint")
            .await;
        for _ in 0..100_000 {
            let oldest = stranger
                .number("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
                .await;
            if oldest > reached {
                return;
            }
        }
        panic!("somebody holds a transaction open");
    }
}

async fn deliver(endpoints: &Endpoints, request: Request<Bytes>) -> Value {
    let response = if request.uri().path() == PAYMENT_PATH {
        endpoints.payment(request).await
    } else {
        endpoints.inquiry(request).await
    };
    serde_json::from_slice(response.body()).unwrap()
}

fn endpoints(ledger: &Ledger, clock: &Arc<SetClock>) -> Endpoints {
    let credentials = Credentials::new(
        CLIENT_ID.parse().unwrap(),
        ClientSecret::new(SECRET).unwrap(),
        MERCHANT.clone(),
        DOKU.public_key(),
    );
    Endpoints::builder(credentials)
        .payments(ledger.clone())
        .inquiries(ledger.clone())
        .handled(ledger.kept_payments())
        .events(ledger.clone())
        .clock(clock.clone())
        .build()
}
