//! One exchange with DOKU: sign, send, try again, judge. The only place that does any of it.

use std::time::Duration;

use bytes::Bytes;
use doku_model::wire::{self, DecodeError, Text};
use doku_model::{ExternalId, Meaning, Operation, ResponseCode};
use doku_sign::{MinifiedBody, StringToSign};
use doku_transport::{Acted, TotalTimeout, TransportError, TransportErrorKind};
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::uri::PathAndQuery;
use http::{HeaderName, HeaderValue, Request, Uri};
use serde::Deserialize;
use tokio::time::{Instant, sleep, timeout};

use super::Inner;
use super::call::CallOptions;
use super::retry::{may_ask_again, may_send_again};
use super::token::CachedToken;
use crate::answer::{Answer, presentable};
use crate::config::Environment;
use crate::error::{BuildError, Error, Mismatch, NoToken};

pub(super) const X_TIMESTAMP: HeaderName = HeaderName::from_static("x-timestamp");
pub(super) const X_SIGNATURE: HeaderName = HeaderName::from_static("x-signature");
const X_PARTNER_ID: HeaderName = HeaderName::from_static("x-partner-id");
const X_EXTERNAL_ID: HeaderName = HeaderName::from_static("x-external-id");
const CHANNEL_ID: HeaderName = HeaderName::from_static("channel-id");

pub(super) const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// The transport gets this much more than its own timeout before it is cut off: it knows better whether it sent.
const GRACE: Duration = Duration::from_millis(250);

/// Where each operation of the merchant goes, parsed once.
#[derive(Debug)]
pub(super) struct Targets {
    token: Uri,
    create: Uri,
    update: Uri,
    delete: Uri,
    status: Uri,
}

impl Targets {
    pub(super) fn at(environment: &Environment) -> Result<Self, BuildError> {
        let base: Uri = environment
            .base_url()
            .parse()
            .map_err(|_| BuildError::NotSendable("the base URL cannot be called"))?;
        let target = |operation: Operation| {
            let mut parts = base.clone().into_parts();
            parts.path_and_query = Some(PathAndQuery::from_static(operation.path()));
            Uri::from_parts(parts)
                .map_err(|_| BuildError::NotSendable("the base URL cannot be called"))
        };
        Ok(Self {
            token: target(Operation::Token)?,
            create: target(Operation::CreateVa)?,
            update: target(Operation::UpdateVa)?,
            delete: target(Operation::DeleteVa)?,
            status: target(Operation::CheckStatus)?,
        })
    }

    pub(super) fn of(&self, operation: Operation) -> Uri {
        match operation {
            Operation::CreateVa => &self.create,
            Operation::UpdateVa => &self.update,
            Operation::DeleteVa => &self.delete,
            Operation::CheckStatus => &self.status,
            _ => &self.token,
        }
        .clone()
    }
}

/// The two members that every answer has.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
struct Head<'a> {
    #[serde(default)]
    response_code: Option<Text<'a>>,
    #[serde(default)]
    response_message: Option<Text<'a>>,
}

/// An answer, and whether its head could be read.
pub(super) struct Received {
    pub(super) answer: Answer,
    pub(super) head: Result<(), DecodeError>,
}

impl Received {
    /// Reads the head of an answer.
    pub(super) fn new(
        operation: Operation,
        external_id: Option<&ExternalId>,
        attempts: u32,
        http_status: u16,
        raw: Bytes,
    ) -> Self {
        let (head, response_code, message) = match wire::decode::<Head<'_>>(&raw) {
            Ok(head) => {
                let code = head
                    .response_code
                    .map(|code| ResponseCode::new(code.as_str().to_owned()));
                (
                    Ok(()),
                    code,
                    head.response_message.map(|text| presentable(text.as_str())),
                )
            }
            Err(error) => (Err(error), None, None),
        };
        let external_id = external_id.cloned();
        let answer = Answer {
            operation,
            external_id,
            attempts,
            http_status,
            response_code,
            message,
            raw,
        };
        Self { answer, head }
    }

    /// Success is the operation's own response code, whatever the HTTP status.
    pub(super) fn verdict(self) -> Verdict {
        let Self { answer, head } = self;
        if let Err(source) = head {
            return Verdict::NotUnderstood(answer, source);
        }
        let no_code = || DecodeError::Member {
            path: "responseCode".to_owned(),
        };
        let Some(code) = answer.response_code.as_ref() else {
            return Verdict::NotUnderstood(answer, no_code());
        };
        if *code == answer.operation.success() {
            return Verdict::Success(answer);
        }
        let status = code.http_status().unwrap_or(answer.http_status);
        match (code.meaning(), status) {
            (Meaning::Conflict | Meaning::DuplicateReference, _) | (_, 409) => {
                Verdict::Earlier(answer)
            }
            (_, 400..=499) => Verdict::Refused(answer),
            (_, 500..=599) => Verdict::Failed(answer),
            (_, 200..=299) if code.http_status().is_some() => Verdict::NotDecided(answer),
            _ => Verdict::NotUnderstood(answer, no_code()),
        }
    }

    /// Whether DOKU did not accept the token or the signature that was made with it.
    fn is_unauthorised(&self) -> bool {
        let code = self
            .answer
            .response_code
            .as_ref()
            .and_then(ResponseCode::http_status);
        code.unwrap_or(self.answer.http_status) == 401
    }
}

/// What an answer says of its call.
pub(super) enum Verdict {
    /// It was done.
    Success(Answer),
    /// It was refused, and not done.
    Refused(Answer),
    /// DOKU failed over it.
    Failed(Answer),
    /// It is not decided yet.
    NotDecided(Answer),
    /// The external id or the trxId was used before.
    Earlier(Answer),
    /// No telling.
    NotUnderstood(Answer, DecodeError),
}

impl Verdict {
    /// The answer of a success, or the error that says what it is instead.
    pub(super) fn success(self) -> Result<Answer, Error> {
        match self {
            Self::Success(answer) => Ok(answer),
            Self::Refused(answer) => Err(Error::Refused(Box::new(answer))),
            Self::Failed(answer) => Err(Error::Failed(Box::new(answer))),
            Self::NotDecided(answer) => Err(Error::NotDecided(Box::new(answer))),
            Self::Earlier(answer) => Err(Error::Conflict {
                answer: Box::new(answer),
                mismatch: Mismatch::Missing {
                    member: "virtualAccountData",
                },
            }),
            Self::NotUnderstood(answer, source) => Err(Error::NotUnderstood {
                answer: Box::new(answer),
                source,
            }),
        }
    }
}

/// One call as it goes through its attempts.
struct Attempts<'c> {
    operation: Operation,
    body: &'c Bytes,
    external_id: &'c ExternalId,
    started: Instant,
    deadline: Duration,
    count: u32,
}

impl Attempts<'_> {
    fn left(&self) -> Duration {
        self.deadline.saturating_sub(self.started.elapsed())
    }

    fn without_answer(&self, source: TransportError) -> Error {
        let (operation, external_id, attempts) =
            (self.operation, self.external_id.clone(), self.count);
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
}

impl Inner {
    /// The external id of a call: the caller's, or a new one.
    pub(super) fn external_id(&self, options: &CallOptions) -> ExternalId {
        options
            .external_id
            .clone()
            .unwrap_or_else(|| self.external_ids.next(self.clock.now()))
    }

    /// Sends `body` until there is an answer that counts, and judges it.
    pub(super) async fn exchange(
        &self,
        operation: Operation,
        body: &Bytes,
        external_id: &ExternalId,
        deadline: Option<Duration>,
    ) -> Result<Answer, Error> {
        self.receive(operation, body, external_id, deadline)
            .await?
            .verdict()
            .success()
    }

    /// Sends `body` until there is an answer that counts.
    ///
    /// Each attempt is signed anew, with a new timestamp and the same external id.
    pub(super) async fn receive(
        &self,
        operation: Operation,
        body: &Bytes,
        external_id: &ExternalId,
        deadline: Option<Duration>,
    ) -> Result<Received, Error> {
        let deadline = deadline.unwrap_or(self.config.retry.deadline);
        let mut attempts = Attempts {
            operation,
            body,
            external_id,
            started: Instant::now(),
            deadline,
            count: 0,
        };
        let mut refreshed = false;
        loop {
            let token = self.token_within(operation, attempts.left()).await?;
            attempts.count += 1;
            let sent = self.attempt(&attempts, &token).await;
            match sent {
                Ok(received) if received.is_unauthorised() && !refreshed => {
                    refreshed = true;
                    self.tokens.reject(&token);
                }
                Ok(received) => {
                    let again =
                        may_ask_again(operation.is_safe_to_repeat(), received.answer.http_status);
                    if !again || !self.wait_for_retry(&attempts).await {
                        self.budget.refund();
                        report(&received.answer);
                        return Ok(received);
                    }
                }
                Err(error) => {
                    let again = may_send_again(operation.is_safe_to_repeat(), &error);
                    if !again || !self.wait_for_retry(&attempts).await {
                        let error = attempts.without_answer(error);
                        tracing::warn!(%operation, %external_id, attempts = attempts.count, %error, "no answer");
                        return Err(error);
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
        timeout(left, self.token())
            .await
            .unwrap_or_else(|_| {
                Err(NoToken::from(TransportError::new(
                    TransportErrorKind::Timeout,
                )))
            })
            .map_err(|source| Error::NoToken { operation, source })
    }

    /// Signs and sends once.
    async fn attempt(
        &self,
        attempts: &Attempts<'_>,
        token: &CachedToken,
    ) -> Result<Received, TransportError> {
        let request = self.signed(attempts, token)?;
        let within = self.config.retry.attempt.min(attempts.left());
        let (status, body) = self.send(request, within).await?;
        Ok(Received::new(
            attempts.operation,
            Some(attempts.external_id),
            attempts.count,
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
        attempts: &Attempts<'_>,
        token: &CachedToken,
    ) -> Result<Request<Bytes>, TransportError> {
        let operation = attempts.operation;
        let timestamp = self.config.dialect.timestamp(operation, self.clock.now());
        let to_sign = StringToSign::snap_transaction(
            operation.method().as_str(),
            operation.path(),
            token.access_token(),
            &MinifiedBody::from_compact(attempts.body),
            timestamp.as_str(),
        );
        let signature = self.config.secret_key.sign(&to_sign);
        let mut request = Request::new(attempts.body.clone());
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
        headers.insert(X_EXTERNAL_ID, header(attempts.external_id.as_str())?);
        if let Some(channel_id) = self.config.dialect.channel_id(operation) {
            headers.insert(CHANNEL_ID, header(channel_id)?);
        }
        Ok(request)
    }

    /// Waits before another attempt, or says that there will be none.
    async fn wait_for_retry(&self, attempts: &Attempts<'_>) -> bool {
        let policy = &self.config.retry;
        let wait = policy.wait_after(attempts.count);
        let allowed =
            attempts.count < policy.attempts && wait < attempts.left() && self.budget.take();
        if allowed {
            tracing::debug!(operation = %attempts.operation, external_id = %attempts.external_id, ?wait, "trying again");
            sleep(wait).await;
        }
        allowed
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
