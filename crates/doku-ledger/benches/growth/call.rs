//! DOKU's calls, without a network.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use doku_ledger::Ledger;
use doku_sign::{
    AccessToken, ClientSecret, DokuPrivateKey, MerchantPrivateKey, MerchantToken, MinifiedBody,
    StringToSign, TokenParties,
};
use doku_va_btn::hosted::{Credentials, Endpoints};
use http::Request;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::accounts::{CLIENT_ID, PATH, SECRET, body};

/// Who calls, and what it is known by.
pub(crate) struct Doku {
    credentials: Credentials,
    bearer: AccessToken,
    secret: ClientSecret,
}

impl Doku {
    pub(crate) fn new() -> Self {
        let key = MerchantPrivateKey::generate(2048).expect("a key");
        let parties = TokenParties {
            issuer: CLIENT_ID,
            client_id: CLIENT_ID,
        };
        let life = Duration::from_secs(15 * 60);
        let bearer = MerchantToken::issue(&key, parties, SystemTime::now(), life);
        let bearer = AccessToken::new(bearer.expect("a bearer").expose());
        let doku = DokuPrivateKey::generate(2048).expect("DOKU's key");
        let secret = || ClientSecret::new(SECRET).expect("a secret");
        let client_id = CLIENT_ID.parse().expect("a client id");
        Self {
            credentials: Credentials::new(client_id, secret(), key, doku.public_key()),
            bearer,
            secret: secret(),
        }
    }

    /// What it calls.
    pub(crate) fn endpoints(&self, ledger: &Ledger) -> Endpoints {
        Endpoints::builder(self.credentials.clone())
            .payments(ledger.clone())
            .handled(ledger.kept_payments())
            .events(ledger.clone())
            .build()
    }

    /// The notification that the n-th account was paid.
    pub(crate) fn call(&self, n: u64) -> Request<Bytes> {
        let body = body(n);
        let now = OffsetDateTime::now_utc().replace_nanosecond(0);
        let timestamp = now
            .expect("a second")
            .format(&Rfc3339)
            .expect("a timestamp");
        let minified = MinifiedBody::of(body.as_bytes());
        let text =
            StringToSign::snap_transaction("POST", PATH, &self.bearer, &minified, &timestamp);
        Request::post(PATH)
            .header("content-type", "application/json")
            .header("x-timestamp", &timestamp)
            .header("x-signature", self.secret.sign(&text).to_base64())
            .header("x-external-id", format!("7291{n:08}"))
            .header("x-partner-id", CLIENT_ID)
            .header("channel-id", "VA004")
            .header("authorization", format!("Bearer {}", self.bearer.expose()))
            .body(Bytes::from(body))
            .expect("a request")
    }
}
