//! DOKU as it calls: with a token that the merchant gave, and signatures of its own.

use std::sync::LazyLock;

use doku_sandbox::Merchant;
use doku_sign::{AccessToken, ClientSecret, MinifiedBody, StringToSign};
use serde_json::json;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::http::{Answer, ask, send};

/// Keys take long to make, so all tests have the same.
pub(super) static MERCHANT: LazyLock<Merchant> = LazyLock::new(|| Merchant::make_up().unwrap());

const TOKEN: &str = "/authorization/v1/access-token/b2b";
const PAYMENT: &str = "/v1/transfer-va/payment";

fn client_id() -> String {
    MERCHANT.client_id().to_string()
}

/// A payment that DOKU knows of.
#[derive(Debug, Clone)]
pub(crate) struct Pay {
    pub(crate) trx_id: String,
    pub(crate) number: String,
    pub(crate) id: String,
    pub(crate) amount: &'static str,
}

/// DOKU with a token of the merchant's.
#[derive(Debug)]
pub(crate) struct Doku {
    token: String,
    /// Of a call: each has its own, repeats too.
    calls: std::sync::atomic::AtomicU64,
}

impl Doku {
    /// Fetches a token at `address`; every replica takes it.
    #[track_caller]
    pub(crate) fn at(address: &str) -> Self {
        let answer = Self::ask_for_token(address, OffsetDateTime::now_utc());
        assert_eq!(answer.status, 200, "{answer:?}");
        Self {
            token: answer.json()["accessToken"].as_str().unwrap().to_owned(),
            calls: 0.into(),
        }
    }

    #[track_caller]
    pub(crate) fn ask_for_token(address: &str, now: OffsetDateTime) -> Answer {
        let timestamp = moment(now);
        let client_id = client_id();
        let signature = MERCHANT
            .doku_private_key()
            .sign(&StringToSign::snap_token(&client_id, &timestamp))
            .unwrap()
            .to_base64();
        let head = format!(
            "X-CLIENT-KEY: {client_id}\r\nX-TIMESTAMP: {timestamp}\r\nX-SIGNATURE: {signature}\r\n"
        );
        let body = r#"{"grantType":"client_credentials"}"#;
        ask(address, "POST", TOKEN, &head, body)
    }

    /// What DOKU sends about a payment now: the bytes of the whole call.
    pub(crate) fn notification(&self, pay: &Pay) -> Vec<u8> {
        self.notification_at(pay, OffsetDateTime::now_utc())
    }

    pub(crate) fn notification_at(&self, pay: &Pay, now: OffsetDateTime) -> Vec<u8> {
        let call = self
            .calls
            .fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let timestamp = moment(now);
        let client_id = client_id();
        let body = json!({
            "virtualAccountNo": format!("   {}", pay.number),
            "trxId": pay.trx_id,
            "paymentRequestId": pay.id,
            "paidAmount": {"value": pay.amount, "currency": "IDR"},
            "virtualAccountName": "Siti Aminah",
            "additionalInfo": {"channel": "VIRTUAL_ACCOUNT_BTN"},
        })
        .to_string();
        let to_sign = StringToSign::snap_transaction(
            "POST",
            PAYMENT,
            &AccessToken::new(&self.token),
            &MinifiedBody::of(body.as_bytes()),
            &timestamp,
        );
        let signature = ClientSecret::new(MERCHANT.client_secret())
            .unwrap()
            .sign(&to_sign)
            .to_base64();
        let (token, length) = (&self.token, body.len());
        format!(
            "POST {PAYMENT} HTTP/1.1\r\nHost: pay.shop.example\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\nX-TIMESTAMP: {timestamp}\r\nX-SIGNATURE: {signature}\r\nX-PARTNER-ID: {client_id}\r\n\
             X-EXTERNAL-ID: 4180755{call:05}\r\nCHANNEL-ID: VA004\r\nAuthorization: Bearer {token}\r\n\r\n{body}"
        )
        .into_bytes()
    }

    /// Tells of a payment at `address`.
    #[track_caller]
    pub(crate) fn tell(&self, address: &str, pay: &Pay) -> Answer {
        send(address, &self.notification(pay)).unwrap()
    }
}

fn moment(now: OffsetDateTime) -> String {
    now.replace_nanosecond(0).unwrap().format(&Rfc3339).unwrap()
}
