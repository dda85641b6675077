//! The B2B token: asked for with the RSA signature of the merchant, and kept for everybody.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use doku_model::Operation;
use doku_model::wire::{self, TokenRequest, TokenResponse};
use doku_sign::{AccessToken, StringToSign};
use doku_transport::TransportError;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderName, Request};

use super::exchange::{JSON, X_SIGNATURE, X_TIMESTAMP, header, method, sensitive};
use super::retry::{Attempts, may_ask_again, may_send_again};
use super::token::{CachedToken, FetchedToken};
use super::verdict::{Received, Verdict};
use super::{Client, Inner};
use crate::error::{Error, NoToken};

const X_CLIENT_KEY: HeaderName = HeaderName::from_static("x-client-key");

/// The access token in use, for those who call DOKU by other means as well.
#[derive(Debug, Clone)]
pub struct Token(CachedToken);

impl Token {
    /// The token: a secret.
    #[must_use]
    pub fn access_token(&self) -> &AccessToken {
        self.0.access_token()
    }

    /// How long the client will still use it.
    #[must_use]
    pub fn life_left(&self) -> Duration {
        self.0.life_left()
    }
}

impl Client {
    /// The access token that calls are made with: from memory, or from DOKU where there is none or it is about to expire.
    ///
    /// Other methods of the client take care of this by themselves.
    ///
    /// # Errors
    ///
    /// [`Error::NoToken`].
    pub async fn token(&self) -> Result<Token, Error> {
        self.inner
            .token(self.inner.config.retry.deadline)
            .await
            .map(Token)
            .map_err(|source| Error::NoToken {
                operation: Operation::Token,
                source,
            })
    }
}

impl From<TransportError> for NoToken {
    fn from(error: TransportError) -> Self {
        Self::Transport(Arc::new(error))
    }
}

impl Inner {
    /// The token, for a caller who can wait this long.
    pub(super) async fn token(&self, patience: Duration) -> Result<CachedToken, NoToken> {
        self.tokens.token(patience, || self.fetch_token()).await
    }

    async fn fetch_token(&self) -> Result<FetchedToken, NoToken> {
        let mut attempts = Attempts::new(&self.config.retry, &self.budget, None);
        loop {
            let within = attempts.begin().ok_or(NoToken::OutOfTime)?;
            let asked = self.ask_for_token(attempts.count(), within).await;
            let again = match &asked {
                Ok(received) => may_ask_again(true, received.status()),
                Err(NoToken::Transport(error)) => may_send_again(true, error),
                Err(_) => false,
            };
            if !again || !attempts.wait().await {
                return asked.and_then(usable);
            }
        }
    }

    async fn ask_for_token(&self, attempts: u32, within: Duration) -> Result<Received, NoToken> {
        let operation = Operation::Token;
        let timestamp = self.config.dialect.timestamp(operation, self.clock.now());
        let to_sign = StringToSign::snap_token(self.config.client_id.as_str(), timestamp.as_str());
        let signature = self
            .config
            .private_key
            .sign(&to_sign)
            .map_err(|error| NoToken::NotSigned(Arc::new(error)))?;
        let body = Bytes::from(wire::encode(&TokenRequest::client_credentials()));
        let mut request = Request::new(body);
        *request.method_mut() = method(operation);
        *request.uri_mut() = self.targets.of(operation);
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, JSON);
        headers.insert(ACCEPT, JSON);
        headers.insert(X_CLIENT_KEY, self.partner_id.clone());
        headers.insert(X_TIMESTAMP, header(timestamp.as_str())?);
        headers.insert(X_SIGNATURE, sensitive(&signature.to_base64())?);
        let (status, body) = self.send(request, within).await?;
        tracing::debug!(http_status = status, attempts, "token request answered");
        Ok(Received::new(operation, None, attempts, status, body))
    }
}

/// The token of an answer that grants one. No answer that is kept holds the body, because the token stands in it.
fn usable(mut received: Received) -> Result<FetchedToken, NoToken> {
    let raw = std::mem::take(&mut received.answer.raw);
    let answer = match received.verdict() {
        Verdict::Success(answer) => Box::new(answer),
        Verdict::NotUnderstood(answer, source) => {
            return Err(NoToken::NotUnderstood {
                answer: Box::new(answer),
                source,
            });
        }
        Verdict::Refused(answer)
        | Verdict::Failed(answer)
        | Verdict::NotDecided(answer)
        | Verdict::Earlier(answer) => return Err(NoToken::Refused(Box::new(answer))),
    };
    let response = match wire::decode::<TokenResponse<'_>>(&raw) {
        Ok(response) => response,
        Err(source) => return Err(NoToken::NotUnderstood { answer, source }),
    };
    let token = response
        .access_token
        .as_ref()
        .map_or("", |token| token.as_str());
    let fits = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
    let expired = response.expires_in.is_some_and(|life| life.as_u64() == 0);
    match sensitive(&format!("Bearer {token}")) {
        Ok(authorization) if fits && !expired => Ok(FetchedToken {
            token: AccessToken::new(token),
            authorization,
            expires_in: response
                .expires_in
                .map(|life| Duration::from_secs(life.as_u64())),
        }),
        _ => Err(NoToken::Unusable { answer }),
    }
}
