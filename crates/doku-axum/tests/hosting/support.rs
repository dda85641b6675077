//! DOKU with its keys, and a merchant behind the router.

use std::sync::{Arc, LazyLock, Mutex};
use std::time::SystemTime;

use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use doku_sign::{
    AccessToken, ClientSecret, DokuPrivateKey, MerchantPrivateKey, MerchantToken, MinifiedBody,
    StringToSign, TokenParties,
};
use doku_va_btn::Clock;
use doku_va_btn::hosted::{
    Credentials, Endpoints, EndpointsBuilder, Event, EventSink, HandlerError, Notification,
    PaymentHandler, Refusal, Verified,
};
use http::{Request, Response};
use http_body_util::BodyExt;
use time::OffsetDateTime;
use time::macros::datetime;
use tokio::sync::Semaphore;
use tower::ServiceExt;

pub(crate) const CLIENT_ID: &str = "BRN-0211-1696919651918";
pub(crate) const SECRET: &str = "SK-THE-CURRENT-SECRET";
pub(crate) const TIMESTAMP: &str = "2026-09-13T10:16:10+07:00";
const NOW: OffsetDateTime = datetime!(2026-09-13 10:16:10 +07:00);

pub(crate) const TOKEN_PATH: &str = "/authorization/v1/access-token/b2b";
pub(crate) const PAYMENT_PATH: &str = "/v1/transfer-va/payment";

pub(crate) const PAYMENT: &str = r#"{"customerNo":"0001","paidAmount":{"currency":"IDR","value":"11500.00"},"partnerServiceId":"   77777","paymentRequestId":"12839218738127830","trxId":"23219829713","virtualAccountName":"Toru Yamashita","virtualAccountNo":"   777770001"}"#;

static MERCHANT: LazyLock<MerchantPrivateKey> =
    LazyLock::new(|| MerchantPrivateKey::generate(2048).unwrap());
static DOKU: LazyLock<DokuPrivateKey> = LazyLock::new(|| DokuPrivateKey::generate(2048).unwrap());

#[derive(Debug)]
struct StoppedClock;

impl Clock for StoppedClock {
    fn now(&self) -> OffsetDateTime {
        NOW
    }
}

/// What the merchant does with a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Behaviour {
    Succeed,
    Panic,
    /// Until the test opens the gate.
    Wait,
    Hang,
}

#[derive(Debug)]
pub(crate) struct Merchant {
    pub(crate) behaviour: Mutex<Behaviour>,
    pub(crate) begun: Semaphore,
    pub(crate) gate: Semaphore,
    pub(crate) paid: Semaphore,
    events: Mutex<Vec<Event>>,
}

#[async_trait]
impl PaymentHandler for Merchant {
    async fn paid(&self, _: Verified<Notification>) -> Result<(), HandlerError> {
        self.begun.add_permits(1);
        let behaviour = *self.behaviour.lock().unwrap();
        match behaviour {
            Behaviour::Succeed => {}
            Behaviour::Panic => panic!("a bug of the merchant's"),
            Behaviour::Wait => self.gate.acquire().await.unwrap().forget(),
            Behaviour::Hang => std::future::pending().await,
        }
        self.paid.add_permits(1);
        Ok(())
    }
}

impl EventSink for Merchant {
    fn event(&self, event: Event) {
        self.events.lock().unwrap().push(event);
    }
}

impl Merchant {
    pub(crate) fn behaving(behaviour: Behaviour) -> Arc<Self> {
        Arc::new(Self {
            behaviour: Mutex::new(behaviour),
            begun: Semaphore::new(0),
            gate: Semaphore::new(0),
            paid: Semaphore::new(0),
            events: Mutex::default(),
        })
    }

    pub(crate) fn payments(&self) -> usize {
        self.paid.available_permits()
    }

    /// The refusal that was reported, and no other event.
    pub(crate) fn refusal(&self) -> Refusal {
        let mut events = std::mem::take(&mut *self.events.lock().unwrap());
        assert_eq!(events.len(), 1, "{events:?}");
        match events.pop() {
            Some(Event::Refused(refused)) => refused.refusal,
            other => panic!("{other:?}"),
        }
    }
}

pub(crate) fn credentials() -> Credentials {
    Credentials::new(
        CLIENT_ID.parse().unwrap(),
        ClientSecret::new(SECRET).unwrap(),
        MERCHANT.clone(),
        DOKU.public_key(),
    )
}

pub(crate) fn endpoints(
    merchant: &Arc<Merchant>,
    configure: impl FnOnce(EndpointsBuilder) -> EndpointsBuilder,
) -> Endpoints {
    let builder = Endpoints::builder(credentials())
        .payments(Arc::clone(merchant))
        .events(Arc::clone(merchant))
        .clock(Arc::new(StoppedClock));
    configure(builder).build()
}

/// A bearer that the merchant issued.
pub(crate) fn bearer() -> AccessToken {
    let parties = TokenParties {
        issuer: CLIENT_ID,
        client_id: CLIENT_ID,
    };
    let life = std::time::Duration::from_secs(900);
    MerchantToken::issue(&MERCHANT, parties, SystemTime::from(NOW), life).unwrap()
}

/// A notification that DOKU sends to `url`, having signed `path`.
pub(crate) fn notification(url: &str, path: &str) -> Request<Body> {
    notification_with(url, path, Body::from(PAYMENT))
}

pub(crate) fn notification_with(url: &str, path: &str, body: Body) -> Request<Body> {
    signed(path, &bearer(), TIMESTAMP, PAYMENT)
        .uri(url)
        .body(body)
        .unwrap()
}

/// The head of a call that DOKU makes to `path` with `payload`, having signed it.
pub(crate) fn signed(
    path: &str,
    token: &AccessToken,
    timestamp: &str,
    payload: &str,
) -> http::request::Builder {
    let minified = MinifiedBody::of(payload.as_bytes());
    let text = StringToSign::snap_transaction("POST", path, token, &minified, timestamp);
    let signature = ClientSecret::new(SECRET).unwrap().sign(&text).to_base64();
    Request::post(path)
        .header("Authorization", format!("Bearer {}", token.expose()))
        .header("X-TIMESTAMP", timestamp)
        .header("X-SIGNATURE", signature)
        .header("X-EXTERNAL-ID", "729192008100")
}

pub(crate) fn token_request(url: &str) -> Request<Body> {
    token_request_at(url, TIMESTAMP)
}

pub(crate) fn token_request_at(url: &str, timestamp: &str) -> Request<Body> {
    let signature = DOKU
        .sign(&StringToSign::snap_token(CLIENT_ID, timestamp))
        .unwrap()
        .to_base64();
    Request::post(url)
        .header("X-CLIENT-KEY", CLIENT_ID)
        .header("X-TIMESTAMP", timestamp)
        .header("X-SIGNATURE", signature)
        .body(Body::from(r#"{"grantType":"client_credentials"}"#))
        .unwrap()
}

/// What a router answers, in short: the response code, or the bare status where there is none.
pub(crate) async fn code(app: &Router, request: Request<Body>) -> String {
    code_of(app.clone().oneshot(request).await.unwrap()).await
}

pub(crate) async fn code_of(response: Response<Body>) -> String {
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    let json: Option<serde_json::Value> = serde_json::from_slice(&body).ok();
    match json {
        Some(json) => json["responseCode"].as_str().unwrap().to_owned(),
        None => status.as_u16().to_string(),
    }
}
