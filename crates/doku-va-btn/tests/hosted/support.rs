//! DOKU and the merchant on one table: a clock that is set, keys, calls that are signed, and handlers that take notes.

use std::collections::VecDeque;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use bytes::Bytes;
use doku_model::request::Inquiry;
use doku_model::{Bill, Operation};
use doku_sign::{
    AccessToken, ClientSecret, DokuPrivateKey, MerchantPrivateKey, MerchantToken, MinifiedBody,
    StringToSign, TokenParties,
};
use doku_va_btn::Clock;
use doku_va_btn::hosted::{
    Credentials, Endpoints, EndpointsBuilder, Event, EventSink, HandlerError, InquiryAnswer,
    InquiryHandler, Notification, Payable, PaymentHandler, Refusal, Verified,
};
use http::{HeaderValue, Request, Response};
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::datetime;
use tokio::sync::Semaphore;

pub(crate) const CLIENT_ID: &str = "BRN-0211-1696919651918";
pub(crate) const SECRET: &str = "SK-THE-CURRENT-SECRET";
pub(crate) const PAYMENT_PATH: &str = "/v1/transfer-va/payment";
pub(crate) const INQUIRY_PATH: &str = "/v1.1/transfer-va/inquiry";
pub(crate) const TOKEN_PATH: &str = "/authorization/v1/access-token/b2b";
pub(crate) const NOW: OffsetDateTime = datetime!(2026-09-13 10:16:10 +07:00);

pub(crate) const MINUTE: Duration = Duration::from_secs(60);
pub(crate) const HOUR: Duration = Duration::from_secs(60 * 60);

/// Keys take long to make, so every test has the same.
pub(crate) static MERCHANT: LazyLock<MerchantPrivateKey> =
    LazyLock::new(|| MerchantPrivateKey::generate(2048).unwrap());
pub(crate) static DOKU: LazyLock<DokuPrivateKey> =
    LazyLock::new(|| DokuPrivateKey::generate(2048).unwrap());
/// Somebody else's pair.
pub(crate) static STRANGER: LazyLock<MerchantPrivateKey> =
    LazyLock::new(|| MerchantPrivateKey::generate(2048).unwrap());

pub(crate) const PAYMENT: &str = r#"{"additionalInfo":{"channel":"VIRTUAL_ACCOUNT_BTN"},"customerNo":"0000000000001","paidAmount":{"currency":"IDR","value":"11500.00"},"partnerServiceId":"   77777","paymentRequestId":"12839218738127830","trxId":"23219829713","virtualAccountName":"Toru Yamashita","virtualAccountNo":"   777770000000000001"}"#;

pub(crate) const INQUIRY: &str = r#"{"additionalInfo":{"channel":"VIRTUAL_ACCOUNT_BTN"},"customerNo":"2007","inquiryRequestId":"DIPCVA003T240913101610069TxXxsQnHAYA","partnerServiceId":"   77062","trxDateInit":"2024-09-13T10:16:10+07:00","virtualAccountNo":"   770622007"}"#;

/// A clock that stands still until it is set.
#[derive(Debug)]
pub(crate) struct SetClock(Mutex<OffsetDateTime>);

impl SetClock {
    pub(crate) fn advance(&self, by: Duration) {
        *self.0.lock().unwrap() += by;
    }
}

impl Clock for SetClock {
    fn now(&self) -> OffsetDateTime {
        *self.0.lock().unwrap()
    }
}

/// What a handler does when it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Behaviour {
    Succeed,
    Fail,
    Panic,
    /// Until the test opens the gate.
    Wait,
    WaitThenFail,
    Hang,
}

/// The merchant: notes what reaches it, and behaves as told.
#[derive(Debug)]
pub(crate) struct Merchant {
    pub(crate) paid: Mutex<Vec<Verified<Notification>>>,
    pub(crate) asked: Mutex<Vec<Verified<Inquiry>>>,
    /// How the next calls behave; `Succeed` when the list is empty.
    pub(crate) behaviour: Mutex<VecDeque<Behaviour>>,
    pub(crate) answer: Mutex<InquiryAnswer>,
    pub(crate) begun: Semaphore,
    pub(crate) gate: Semaphore,
    pub(crate) finished: Semaphore,
    pub(crate) events: Mutex<Vec<Event>>,
}

impl Merchant {
    fn new() -> Self {
        let payable = Payable::new(
            "Customer Name".parse().unwrap(),
            Bill::Closed("25000.00".parse().unwrap()),
            "INV_20240913001".parse().unwrap(),
        );
        Self {
            paid: Mutex::default(),
            asked: Mutex::default(),
            behaviour: Mutex::default(),
            answer: Mutex::new(payable.into()),
            begun: Semaphore::new(0),
            gate: Semaphore::new(0),
            finished: Semaphore::new(0),
            events: Mutex::default(),
        }
    }

    pub(crate) fn behave(&self, behaviour: impl IntoIterator<Item = Behaviour>) {
        self.behaviour.lock().unwrap().extend(behaviour);
    }

    /// How often a payment reached the merchant.
    pub(crate) fn payments(&self) -> usize {
        self.paid.lock().unwrap().len()
    }

    pub(crate) fn inquiries(&self) -> usize {
        self.asked.lock().unwrap().len()
    }

    pub(crate) fn last_paid(&self) -> Verified<Notification> {
        self.paid.lock().unwrap().last().unwrap().clone()
    }

    pub(crate) fn take_events(&self) -> Vec<Event> {
        std::mem::take(&mut *self.events.lock().unwrap())
    }

    async fn behave_now(&self) -> Result<(), HandlerError> {
        let behaviour = self.behaviour.lock().unwrap().pop_front();
        self.begun.add_permits(1);
        match behaviour.unwrap_or(Behaviour::Succeed) {
            Behaviour::Succeed => {}
            Behaviour::Fail => return Err("the database is down".into()),
            Behaviour::Panic => panic!("a bug of the merchant's"),
            Behaviour::Wait => self.gate.acquire().await.unwrap().forget(),
            Behaviour::WaitThenFail => {
                self.gate.acquire().await.unwrap().forget();
                return Err("the database went down".into());
            }
            Behaviour::Hang => std::future::pending().await,
        }
        self.finished.add_permits(1);
        Ok(())
    }
}

#[async_trait]
impl PaymentHandler for Merchant {
    async fn paid(&self, notification: Verified<Notification>) -> Result<(), HandlerError> {
        self.paid.lock().unwrap().push(notification);
        self.behave_now().await
    }
}

#[async_trait]
impl InquiryHandler for Merchant {
    async fn inquire(&self, inquiry: Verified<Inquiry>) -> InquiryAnswer {
        self.asked.lock().unwrap().push(inquiry);
        match self.behave_now().await {
            Ok(()) => self.answer.lock().unwrap().clone(),
            Err(_) => InquiryAnswer::Unavailable,
        }
    }
}

impl EventSink for Merchant {
    fn event(&self, event: Event) {
        self.events.lock().unwrap().push(event);
    }
}

/// A merchant with its endpoints, and DOKU's side of the secrets.
pub(crate) struct World {
    pub(crate) endpoints: Endpoints,
    pub(crate) merchant: Arc<Merchant>,
    pub(crate) clock: Arc<SetClock>,
}

pub(crate) fn secret() -> ClientSecret {
    ClientSecret::new(SECRET).unwrap()
}

pub(crate) fn credentials() -> Credentials {
    Credentials::new(
        CLIENT_ID.parse().unwrap(),
        secret(),
        MERCHANT.clone(),
        DOKU.public_key(),
    )
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(|builder| builder)
    }

    pub(crate) fn with(configure: impl FnOnce(EndpointsBuilder) -> EndpointsBuilder) -> Self {
        Self::of(credentials(), configure)
    }

    pub(crate) fn of(
        credentials: Credentials,
        configure: impl FnOnce(EndpointsBuilder) -> EndpointsBuilder,
    ) -> Self {
        let merchant = Arc::new(Merchant::new());
        let clock = Arc::new(SetClock(Mutex::new(NOW)));
        let builder = Endpoints::builder(credentials)
            .payments(Arc::clone(&merchant))
            .inquiries(Arc::clone(&merchant))
            .events(Arc::clone(&merchant))
            .clock(clock.clone());
        Self {
            endpoints: configure(builder).build(),
            merchant,
            clock,
        }
    }

    pub(crate) fn now(&self) -> SystemTime {
        self.clock.now().into()
    }

    /// X-TIMESTAMP of this moment, as DOKU writes it.
    pub(crate) fn timestamp(&self) -> String {
        self.clock.now().format(&Rfc3339).unwrap()
    }

    /// A token from the token endpoint, as DOKU gets one.
    pub(crate) async fn token(&self) -> String {
        let reply = Reply::of(self.endpoints.token(self.token_request().request()).await);
        reply.json()["accessToken"].as_str().unwrap().to_owned()
    }

    /// A token of ours, made in the test.
    pub(crate) fn issued(&self, key: &MerchantPrivateKey, lifetime: Duration) -> String {
        let parties = TokenParties {
            issuer: CLIENT_ID,
            client_id: CLIENT_ID,
        };
        MerchantToken::issue(key, parties, self.now(), lifetime)
            .unwrap()
            .expose()
            .to_owned()
    }

    pub(crate) fn token_request(&self) -> Call {
        let timestamp = self.timestamp();
        let signature = DOKU
            .sign(&StringToSign::snap_token(CLIENT_ID, &timestamp))
            .unwrap()
            .to_base64();
        Call {
            method: "POST",
            path: TOKEN_PATH.to_owned(),
            headers: [
                ("Content-Type", "application/json".to_owned()),
                ("X-CLIENT-KEY", CLIENT_ID.to_owned()),
                ("X-TIMESTAMP", timestamp),
                ("X-SIGNATURE", signature),
            ]
            .map(|(name, value)| (name, value.into_bytes()))
            .into(),
            body: br#"{"grantType":"client_credentials"}"#.to_vec(),
        }
    }

    /// A notification as DOKU sends it, with a token fetched for it.
    pub(crate) async fn payment(&self, body: &str) -> Call {
        let token = self.token().await;
        self.signed(PAYMENT_PATH, body.as_bytes(), &token)
    }

    /// An inquiry as DOKU sends it, with a token fetched for it.
    pub(crate) async fn inquiry(&self, body: &str) -> Call {
        let token = self.token().await;
        self.signed(INQUIRY_PATH, body.as_bytes(), &token)
    }

    /// A call signed now, with `token` as bearer and in the signature.
    pub(crate) fn signed(&self, path: &str, body: &[u8], token: &str) -> Call {
        Signing {
            path,
            body,
            token,
            timestamp: &self.timestamp(),
            ..Signing::default()
        }
        .call(path, body, token, &self.timestamp())
    }

    pub(crate) async fn notify(&self, call: &Call) -> Reply {
        Reply::of(self.endpoints.payment(call.request()).await)
    }

    pub(crate) async fn ask(&self, call: &Call) -> Reply {
        Reply::of(self.endpoints.inquiry(call.request()).await)
    }

    /// Sends it to the notification endpoint and sees that it is refused with `code`, reaches nobody, and was not genuine.
    /// Gives the reason.
    pub(crate) async fn refuses(&self, call: &Call, code: &str) -> Refusal {
        let (refusal, genuine) = self.refuses_payment(call, code).await;
        assert!(!genuine, "nobody without the secret is taken for DOKU");
        refusal
    }

    /// The same for a call that DOKU did sign.
    pub(crate) async fn refuses_genuine(&self, call: &Call, code: &str) -> Refusal {
        let (refusal, genuine) = self.refuses_payment(call, code).await;
        assert!(genuine, "{refusal}");
        refusal
    }

    async fn refuses_payment(&self, call: &Call, code: &str) -> (Refusal, bool) {
        let reached = self.merchant.payments();
        let reply = self.notify(call).await;
        assert_eq!(self.merchant.payments(), reached, "the handler was reached");
        self.only_refusal(&reply, Operation::Payment, code)
    }

    /// Sends it to the inquiry endpoint and sees that it is refused with `code` and reaches nobody.
    pub(crate) async fn refuses_inquiry(&self, call: &Call, code: &str) -> Refusal {
        let reached = self.merchant.inquiries();
        let reply = self.ask(call).await;
        assert_eq!(
            self.merchant.inquiries(),
            reached,
            "the handler was reached"
        );
        self.only_refusal(&reply, Operation::Inquiry, code).0
    }

    /// Sends it to the token endpoint and sees that it is refused with `code`.
    pub(crate) async fn refuses_token(&self, call: &Call, code: &str) -> Refusal {
        let reply = Reply::of(self.endpoints.token(call.request()).await);
        self.only_refusal(&reply, Operation::Token, code).0
    }

    fn only_refusal(&self, reply: &Reply, operation: Operation, code: &str) -> (Refusal, bool) {
        reply.is_two_members(code);
        let mut events = self.merchant.take_events();
        assert_eq!(events.len(), 1, "{events:?}");
        let Some(Event::Refused(refused)) = events.pop() else {
            panic!("no refusal");
        };
        assert_eq!(refused.operation, operation);
        assert_eq!(refused.response_code.as_str(), code);
        (refused.refusal, refused.genuine.is_some())
    }

    /// The payment is acknowledged.
    pub(crate) async fn acknowledges(&self, call: &Call) -> Reply {
        let reply = self.notify(call).await;
        assert_eq!(reply.code(), "2002500", "{reply:?}");
        assert_eq!(reply.status, 200);
        reply
    }
}

/// What a signature is made over. Every part may differ from what is sent.
#[derive(Clone)]
pub(crate) struct Signing<'s> {
    pub(crate) method: &'s str,
    pub(crate) path: &'s str,
    pub(crate) body: &'s [u8],
    pub(crate) token: &'s str,
    pub(crate) timestamp: &'s str,
    pub(crate) secret: &'s str,
    /// Not minified.
    pub(crate) raw: bool,
}

impl Default for Signing<'_> {
    fn default() -> Self {
        Self {
            method: "POST",
            path: PAYMENT_PATH,
            body: PAYMENT.as_bytes(),
            token: "",
            timestamp: "",
            secret: SECRET,
            raw: false,
        }
    }
}

impl Signing<'_> {
    pub(crate) fn signature(&self) -> String {
        let body = if self.raw {
            MinifiedBody::raw(self.body)
        } else {
            MinifiedBody::of(self.body)
        };
        let to_sign = StringToSign::snap_transaction(
            self.method,
            self.path,
            &AccessToken::new(self.token),
            &body,
            self.timestamp,
        );
        ClientSecret::new(self.secret)
            .unwrap()
            .sign(&to_sign)
            .to_base64()
    }

    /// A call that carries this signature and says what the arguments say.
    pub(crate) fn call(&self, path: &str, body: &[u8], token: &str, timestamp: &str) -> Call {
        Call {
            method: "POST",
            path: path.to_owned(),
            headers: [
                ("Content-Type", "application/json".to_owned()),
                ("X-TIMESTAMP", timestamp.to_owned()),
                ("X-SIGNATURE", self.signature()),
                ("X-PARTNER-ID", "821508239190".to_owned()),
                ("X-EXTERNAL-ID", "418075533589".to_owned()),
                ("CHANNEL-ID", "VA004".to_owned()),
                ("Authorization", format!("Bearer {token}")),
            ]
            .map(|(name, value)| (name, value.into_bytes()))
            .into(),
            body: body.to_vec(),
        }
    }
}

/// A request that is about to arrive.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) headers: Vec<(&'static str, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
}

impl Call {
    pub(crate) fn request(&self) -> Request<Bytes> {
        let mut request = Request::builder()
            .method(self.method)
            .uri(&self.path)
            .body(Bytes::from(self.body.clone()))
            .unwrap();
        for (name, value) in &self.headers {
            request
                .headers_mut()
                .append(*name, HeaderValue::from_bytes(value).unwrap());
        }
        request
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        let (_, value) = self
            .headers
            .iter()
            .find(|(found, _)| *found == name)
            .unwrap();
        str::from_utf8(value).unwrap()
    }

    /// Without a header.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(found, _)| *found != name);
        self
    }

    /// With another value of a header.
    pub(crate) fn with(self, name: &'static str, value: impl Into<Vec<u8>>) -> Self {
        let mut call = self.without(name);
        call.headers.push((name, value.into()));
        call
    }

    /// With one more of a header.
    pub(crate) fn and(mut self, name: &'static str, value: impl Into<Vec<u8>>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn of(response: Response<Bytes>) -> Self {
        let (parts, body) = response.into_parts();
        Self {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(crate) fn code(&self) -> String {
        self.json()["responseCode"].as_str().unwrap().to_owned()
    }

    /// It says the code, a message, and nothing else; the HTTP status is that of the code.
    pub(crate) fn is_two_members(&self, code: &str) {
        assert_eq!(self.code(), code, "{self:?}");
        assert_eq!(self.status.to_string(), code[..3]);
        assert_eq!(self.headers["content-type"], "application/json");
        let members = self.json();
        let members = members.as_object().unwrap();
        assert_eq!(members.len(), 2, "{self:?}");
        assert!(members["responseMessage"].is_string());
    }

    /// The answer for a snapshot: status, and body over several lines.
    pub(crate) fn shown(&self) -> String {
        format!(
            "HTTP {}\n{}",
            self.status,
            serde_json::to_string_pretty(&self.json()).unwrap()
        )
    }
}
