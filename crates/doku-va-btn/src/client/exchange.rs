//! One exchange with DOKU: sign, send, try again. The only place that does any of it for a call that is signed with a
//! token.

use std::time::Duration;

use bytes::Bytes;
use doku_model::{ExternalId, Operation};
use doku_sign::{MinifiedBody, StringToSign};
use doku_transport::{Acted, TotalTimeout, TransportError, TransportErrorKind};
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderName, HeaderValue, Request};
use tokio::time::timeout;

use super::Inner;
use super::call::CallOptions;
use super::retry::{Attempts, may_ask_again, may_send_again};
use super::token::CachedToken;
use super::verdict::Received;
use crate::answer::Answer;
use crate::error::{Error, NoToken};

pub(super) const X_TIMESTAMP: HeaderName = HeaderName::from_static("x-timestamp");
pub(super) const X_SIGNATURE: HeaderName = HeaderName::from_static("x-signature");
const X_PARTNER_ID: HeaderName = HeaderName::from_static("x-partner-id");
const X_EXTERNAL_ID: HeaderName = HeaderName::from_static("x-external-id");
const CHANNEL_ID: HeaderName = HeaderName::from_static("channel-id");

pub(super) const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// The transport gets this much more than its own timeout before it is cut off: it knows better whether it sent.
const GRACE: Duration = Duration::from_millis(250);

/// What stays the same in every attempt of one call.
struct Question<'c> {
    operation: Operation,
    body: &'c Bytes,
    external_id: &'c ExternalId,
}

impl Question<'_> {
    fn without_answer(&self, attempts: u32, source: TransportError) -> Error {
        let (operation, external_id) = (self.operation, self.external_id.clone());
        match source.acted() {
            Acted::No => Error::NotSent {
                operation,
                external_id,
                attempts,
                source,
            },
            Acted::Maybe => Error::MaybeSent {
                operation,
                external_id,
                attempts,
                source,
            },
        }
    }

    fn out_of_time(&self, attempts: u32) -> Error {
        Error::OutOfTime {
            operation: self.operation,
            external_id: self.external_id.clone(),
            attempts,
        }
    }
}

impl Inner {
    /// The external id of a call: the caller's, or a new one.
    pub(super) fn external_id(&self, options: &CallOptions) -> ExternalId {
        options
            .external_id
            .clone()
            .unwrap_or_else(|| self.external_ids.next(self.clock.now()))
    }

    /// Sends `body` until there is an answer that counts.
    ///
    /// Each attempt is signed anew, with a new timestamp and the same external id. What is tried again was certainly not
    /// done (not sent, refused for its token or as one too many), or is safe to repeat: so an error that reports no
    /// answer speaks of every attempt.
    pub(super) async fn exchange(
        &self,
        operation: Operation,
        body: &Bytes,
        external_id: &ExternalId,
        deadline: Option<Duration>,
    ) -> Result<Received, Error> {
        let question = Question {
            operation,
            body,
            external_id,
        };
        let safe = operation.is_safe_to_repeat();
        let mut attempts = Attempts::new(&self.config.retry, &self.budget, deadline);
        let mut renewed = false;
        loop {
            let token = self.token_within(operation, attempts.left()).await?;
            let Some(within) = attempts.begin() else {
                return Err(question.out_of_time(attempts.count()));
            };
            match self
                .attempt(&question, &token, attempts.count(), within)
                .await
            {
                Ok(received) if received.is_unauthorised() && !renewed => {
                    renewed = true;
                    self.tokens.reject(&token);
                    if attempts.are_used_up() {
                        report(&received.answer);
                        return Ok(received);
                    }
                }
                Ok(received) => {
                    let again = may_ask_again(safe, received.status());
                    if !again {
                        self.budget.refund();
                    }
                    if !again || !attempts.wait().await {
                        report(&received.answer);
                        return Ok(received);
                    }
                }
                Err(error) => {
                    if !may_send_again(safe, &error) || !attempts.wait().await {
                        let attempts = attempts.count();
                        tracing::warn!(%operation, %external_id, attempts, %error, "no answer");
                        return Err(question.without_answer(attempts, error));
                    }
                }
            }
        }
    }

    async fn token_within(
        &self,
        operation: Operation,
        left: Duration,
    ) -> Result<CachedToken, Error> {
        let no_token = |source| Error::NoToken { operation, source };
        if left.is_zero() {
            return Err(no_token(NoToken::OutOfTime));
        }
        timeout(left, self.token(left))
            .await
            .unwrap_or(Err(NoToken::OutOfTime))
            .map_err(no_token)
    }

    /// Signs and sends once.
    async fn attempt(
        &self,
        question: &Question<'_>,
        token: &CachedToken,
        attempts: u32,
        within: Duration,
    ) -> Result<Received, TransportError> {
        let request = self.signed(question, token)?;
        let (status, body) = self.send(request, within).await?;
        Ok(Received::new(
            question.operation,
            Some(question.external_id),
            attempts,
            status,
            body,
        ))
    }

    /// Sends a request as it is, and gives up for certain shortly after `within`.
    pub(super) async fn send(
        &self,
        mut request: Request<Bytes>,
        within: Duration,
    ) -> Result<(u16, Bytes), TransportError> {
        request.extensions_mut().insert(TotalTimeout(within));
        let response = timeout(within.saturating_add(GRACE), self.transport.send(request))
            .await
            .unwrap_or_else(|_| Err(TransportError::new(TransportErrorKind::Timeout)))?;
        Ok((response.status().as_u16(), response.into_body()))
    }

    fn signed(
        &self,
        question: &Question<'_>,
        token: &CachedToken,
    ) -> Result<Request<Bytes>, TransportError> {
        let operation = question.operation;
        let timestamp = self.config.dialect.timestamp(operation, self.clock.now());
        let to_sign = StringToSign::snap_transaction(
            operation.method().as_str(),
            operation.path(),
            token.access_token(),
            &MinifiedBody::from_compact(question.body),
            timestamp.as_str(),
        );
        let signature = self.config.secret_key.sign(&to_sign);
        let mut request = Request::new(question.body.clone());
        *request.method_mut() = method(operation);
        *request.uri_mut() = self.targets.of(operation);
        let headers = request.headers_mut();
        headers.reserve(8);
        headers.insert(CONTENT_TYPE, JSON);
        headers.insert(ACCEPT, JSON);
        headers.insert(AUTHORIZATION, token.authorization());
        headers.insert(X_PARTNER_ID, self.partner_id.clone());
        headers.insert(X_TIMESTAMP, header(timestamp.as_str())?);
        headers.insert(X_SIGNATURE, sensitive(&signature.to_base64())?);
        headers.insert(X_EXTERNAL_ID, header(question.external_id.as_str())?);
        if let Some(channel_id) = self.config.dialect.channel_id(operation) {
            headers.insert(CHANNEL_ID, header(channel_id)?);
        }
        Ok(request)
    }
}

pub(super) fn method(operation: Operation) -> http::Method {
    match operation.method() {
        doku_model::Method::Post => http::Method::POST,
        doku_model::Method::Put => http::Method::PUT,
        doku_model::Method::Delete => http::Method::DELETE,
    }
}

pub(super) fn header(text: &str) -> Result<HeaderValue, TransportError> {
    HeaderValue::from_str(text).map_err(|_| {
        TransportError::new(TransportErrorKind::InvalidRequest)
            .with_detail("a header holds characters that headers cannot carry")
    })
}

pub(super) fn sensitive(text: &str) -> Result<HeaderValue, TransportError> {
    header(text).map(|mut value| {
        value.set_sensitive(true);
        value
    })
}

fn report(answer: &Answer) {
    tracing::debug!(
        operation = %answer.operation,
        external_id = answer.external_id.as_ref().map(tracing::field::display),
        attempts = answer.attempts,
        http_status = answer.http_status,
        response_code = answer.response_code.as_ref().map(tracing::field::display),
        "answered"
    );
}
