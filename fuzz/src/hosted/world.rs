//! A merchant with its endpoints, and DOKU's side of the secrets. Made anew for every call: what one input leaves behind
//! must not decide what the next one does.

use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use bytes::Bytes;
use doku_model::request::{Inquiry, Payment};
use doku_model::{Bill, Operation};
use doku_sign::{
    AccessToken, ClientSecret, MerchantToken, MinifiedBody, StringToSign, TokenParties,
};
use doku_va_btn::hosted::{
    Bounds, Credentials, Endpoints, Event, EventSink, HandlerError, InquiryAnswer, InquiryHandler,
    Notification, Payable, PaymentHandler, RawCall, Refused, Verified,
};
use doku_va_btn::{Clock, HostedDialect};
use http::Request;
use time::OffsetDateTime;
use time::macros::datetime;
use tokio::runtime::{Builder, Runtime};

use super::answer::Answer;
use super::message;
use crate::pairs::{DOKU, MERCHANT};

pub(super) const CLIENT_ID: &str = "BRN-0211-1696919651918";
pub(super) const SECRET: &str = "SK-penanda7rahasia";
pub(super) const PAYMENT_PATH: &str = "/v1/transfer-va/payment";
pub(super) const INQUIRY_PATH: &str = "/v1.1/transfer-va/inquiry";
const TOKEN_PATH: &str = "/authorization/v1/access-token/b2b";

const NOW: OffsetDateTime = datetime!(2026-09-13 10:16:10 +07:00);
const TIMESTAMP: &str = "2026-09-13T10:16:10+07:00";

pub(super) const PAYMENT: &str = r#"{"additionalInfo":{"channel":"VIRTUAL_ACCOUNT_BTN"},"customerNo":"0000000000001","paidAmount":{"currency":"IDR","value":"11500.00"},"partnerServiceId":"   77777","paymentRequestId":"12839218738127830","trxId":"23219829713","virtualAccountName":"Toru Yamashita","virtualAccountNo":"   777770000000000001"}"#;

pub(super) const INQUIRY: &str = r#"{"additionalInfo":{"channel":"VIRTUAL_ACCOUNT_BTN"},"customerNo":"2007","inquiryRequestId":"DIPCVA003T240913101610069TxXxsQnHAYA","partnerServiceId":"   77062","trxDateInit":"2026-09-13T10:16:10+07:00","virtualAccountNo":"   770622007"}"#;

static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_current_thread().enable_time().build().unwrap());

static BEARER: LazyLock<AccessToken> = LazyLock::new(|| {
    let parties = TokenParties {
        issuer: CLIENT_ID,
        client_id: CLIENT_ID,
    };
    let life = Duration::from_secs(900);
    MerchantToken::issue(&MERCHANT, parties, SystemTime::from(NOW), life).unwrap()
});

/// A token of the merchant's that is alive.
pub(super) fn bearer() -> &'static str {
    BEARER.expose()
}

/// It is always the same moment.
#[derive(Debug)]
struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> OffsetDateTime {
        NOW
    }
}

/// Takes note of everything and agrees to it.
#[derive(Debug, Default)]
struct Merchant {
    paid: Mutex<Vec<Payment>>,
    asked: Mutex<Vec<Inquiry>>,
    events: Mutex<Vec<Event>>,
}

#[async_trait]
impl PaymentHandler for Merchant {
    async fn paid(&self, notification: Verified<Notification>) -> Result<(), HandlerError> {
        let payment = notification.payment().clone();
        self.paid.lock().unwrap().push(payment);
        Ok(())
    }
}

#[async_trait]
impl InquiryHandler for Merchant {
    async fn inquire(&self, inquiry: Verified<Inquiry>) -> InquiryAnswer {
        self.asked.lock().unwrap().push(Inquiry::clone(&inquiry));
        let bill = Bill::Closed("25000.00".parse().unwrap());
        let name = "Customer Name".parse().unwrap();
        Payable::new(name, bill, "INV_20240913001".parse().unwrap()).into()
    }
}

impl EventSink for Merchant {
    fn event(&self, event: Event) {
        self.events.lock().unwrap().push(event);
    }
}

/// The merchant and its endpoints.
pub(super) struct World {
    endpoints: Endpoints,
    merchant: Arc<Merchant>,
}

impl World {
    pub(super) fn with(dialect: HostedDialect) -> Self {
        Self::within(Bounds::default(), dialect)
    }

    /// Nobody looks into a signature that does not fit, which takes longer than everything else.
    pub(super) fn without_diagnoses() -> Self {
        let bounds = Bounds {
            diagnoses: 0,
            ..Bounds::default()
        };
        Self::within(bounds, HostedDialect::default())
    }

    fn within(bounds: Bounds, dialect: HostedDialect) -> Self {
        let merchant = Arc::new(Merchant::default());
        let credentials = Credentials::new(
            CLIENT_ID.parse().unwrap(),
            ClientSecret::new(SECRET).unwrap(),
            MERCHANT.clone(),
            DOKU.public_key(),
        );
        let endpoints = Endpoints::builder(credentials)
            .payments(Arc::clone(&merchant))
            .inquiries(Arc::clone(&merchant))
            .events(Arc::clone(&merchant))
            .clock(Arc::new(Stopped))
            .dialect(dialect)
            .bounds(bounds)
            .merchant_tokens(|| vec![AccessToken::new("a-token-that-doku-gave")])
            .build();
        Self {
            endpoints,
            merchant,
        }
    }

    pub(super) fn answer(&self, operation: Operation, request: Request<Bytes>) -> Answer {
        let answered = RUNTIME.block_on(self.endpoints.answer(operation, request));
        Answer::of(answered.unwrap())
    }

    /// Whether the call is DOKU's, without an answer; a refusal tells what the answer would be.
    pub(super) fn verify(
        &self,
        operation: Operation,
        request: &Request<Bytes>,
    ) -> Result<Verified<RawCall>, Answer> {
        let verified = self.endpoints.verify(operation, request);
        assert!(self.merchant.events.lock().unwrap().is_empty(), "reported");
        assert_eq!(self.reached(), 0, "a handler was reached");
        verified.map_err(|refused| Answer::of(refused.answer()))
    }

    /// What reached the handler of payments.
    pub(super) fn paid(&self) -> Vec<Payment> {
        self.merchant.paid.lock().unwrap().clone()
    }

    /// What reached the handler of inquiries.
    pub(super) fn asked(&self) -> Vec<Inquiry> {
        self.merchant.asked.lock().unwrap().clone()
    }

    /// How often a handler was reached.
    pub(super) fn reached(&self) -> usize {
        self.paid().len() + self.asked().len()
    }

    /// The one event there was since the last look, a refusal.
    pub(super) fn only_refusal(&self) -> Refused {
        let mut events = std::mem::take(&mut *self.merchant.events.lock().unwrap());
        let event = events.pop();
        assert!(events.is_empty(), "more than one event");
        let shown = format!("{event:?}");
        assert!(!shown.contains(SECRET), "shows the secret");
        assert!(!shown.contains(bearer()), "shows a token");
        let refused = match event {
            Some(Event::Refused(refused)) => Some(refused),
            _ => None,
        };
        refused.unwrap()
    }
}

/// A call that DOKU signed.
pub(super) struct Signed {
    pub(super) path: String,
    pub(super) timestamp: &'static str,
    pub(super) signature: String,
    pub(super) body: Vec<u8>,
}

impl Signed {
    /// A request for a token.
    pub(super) fn token_request() -> Self {
        static SIGNATURE: LazyLock<String> = LazyLock::new(|| {
            let to_sign = StringToSign::snap_token(CLIENT_ID, TIMESTAMP);
            DOKU.sign(&to_sign).unwrap().to_base64()
        });
        Self {
            path: TOKEN_PATH.to_owned(),
            timestamp: TIMESTAMP,
            signature: SIGNATURE.clone(),
            body: br#"{"grantType":"client_credentials"}"#.to_vec(),
        }
    }

    /// An inquiry or a notification.
    pub(super) fn over(path: &str, body: &[u8]) -> Self {
        Self {
            path: path.to_owned(),
            timestamp: TIMESTAMP,
            signature: signature(path, body),
            body: body.to_vec(),
        }
    }

    /// The request, with a body that was perhaps not signed.
    pub(super) fn with_body(&self, body: &[u8]) -> Request<Bytes> {
        let mut request = message::read(&message::written(self));
        *request.body_mut() = Bytes::copy_from_slice(body);
        request
    }

    /// The headers that DOKU sends with it.
    pub(super) fn headers(&self) -> Vec<(&'static str, &str)> {
        let mut headers = vec![
            ("Content-Type", "application/json"),
            ("X-TIMESTAMP", self.timestamp),
            ("X-SIGNATURE", &self.signature),
        ];
        if self.path == TOKEN_PATH {
            headers.push(("X-CLIENT-KEY", CLIENT_ID));
        } else {
            headers.push(("X-PARTNER-ID", "821508239190"));
            headers.push(("X-EXTERNAL-ID", "418075533589"));
            headers.push(("CHANNEL-ID", "VA004"));
            headers.push(("Authorization", AUTHORIZATION.as_str()));
        }
        headers
    }
}

static AUTHORIZATION: LazyLock<String> = LazyLock::new(|| format!("Bearer {}", bearer()));

fn signature(path: &str, body: &[u8]) -> String {
    let body = MinifiedBody::of(body);
    let to_sign = StringToSign::snap_transaction("POST", path, &BEARER, &body, TIMESTAMP);
    let secret = ClientSecret::new(SECRET).unwrap();
    secret.sign(&to_sign).to_base64()
}
