//! Whom the suite calls, and as whom.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use doku_model::{ClientId, Operation};
use doku_sign::{ClientSecret, DokuPrivateKey, MerchantPrivateKey};
use doku_transport::{Acted, HttpTransport, TotalTimeout};
use hyper::http::Request;

use super::answer::Answer;
use crate::config::{Endpoints, MerchantUrl};

/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// A merchant's server, and everything with which DOKU would call it.
///
/// `Debug` shows no secret.
#[derive(Clone)]
pub struct Target {
    pub(super) client_id: ClientId,
    pub(super) secret: ClientSecret,
    pub(super) doku_key: Option<DokuPrivateKey>,
    pub(super) merchant_key: Option<MerchantPrivateKey>,
    pub(super) endpoints: Endpoints,
    transport: Arc<dyn HttpTransport>,
    timeout: Duration,
}

impl Target {
    /// A server at `endpoints`, called with the secret that it knows.
    #[must_use]
    pub fn new(
        client_id: ClientId,
        secret: ClientSecret,
        endpoints: Endpoints,
        transport: Arc<dyn HttpTransport>,
    ) -> Self {
        Self {
            client_id,
            secret,
            doku_key: None,
            merchant_key: None,
            endpoints,
            transport,
            timeout: PATIENCE,
        }
    }

    /// With the key whose public half the server takes for DOKU's. Without it no token can be asked for.
    #[must_use]
    pub fn doku_private_key(mut self, key: DokuPrivateKey) -> Self {
        self.doku_key = Some(key);
        self
    }

    /// With the server's own private key, for the bearers that nobody else can make: one that has expired, and one for
    /// another client. Its public half serves for a confusion of algorithms.
    #[must_use]
    pub fn merchant_private_key(mut self, key: MerchantPrivateKey) -> Self {
        self.merchant_key = Some(key);
        self
    }

    /// How long an answer is waited for; 10 seconds otherwise.
    #[must_use]
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    pub(super) fn url(&self, operation: Operation) -> Option<&MerchantUrl> {
        match operation {
            Operation::Token => self.endpoints.token_url.as_ref(),
            Operation::Inquiry => self.endpoints.inquiry_url.as_ref(),
            Operation::Payment => self.endpoints.notification_url.as_ref(),
            _ => None,
        }
    }

    pub(super) async fn send(&self, mut request: Request<Bytes>) -> Answer {
        request.extensions_mut().insert(TotalTimeout(self.timeout));
        // The extension is a wish of the transport's; waiting ends in any case.
        let patience = self.timeout + Duration::from_secs(1);
        match tokio::time::timeout(patience, self.transport.send(request)).await {
            Ok(Ok(response)) => Answer::heard(
                response.status().as_u16(),
                response.headers(),
                response.body(),
            ),
            Ok(Err(error)) => Answer::nothing(error.to_string(), error.acted() == Acted::Maybe),
            Err(_) => Answer::nothing("no answer in time".to_owned(), true),
        }
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Target")
            .field("client_id", &self.client_id)
            .field("endpoints", &self.endpoints)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
