//! One call: verified, handed on where it is DOKU's, and answered. Whatever goes wrong on the way is answered so that DOKU
//! sends again.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::body::{Body, to_bytes};
use bytes::Bytes;
use doku::hosted::{
    BodyFault, Credentials, Endpoints, Event, EventSink, Freshness, Refused, SignedPath,
};
use doku::sign::diagnose::{Diagnosis, Language};
use doku::transport::TotalTimeout;
use doku::wire::{self, PaymentResponse};
use doku::{
    HostedDialect, HttpTransport, Operation, ResponseCode, Timestamp, TokenSlots,
    TransportErrorKind,
};
use doku_axum::Paths;
use http::header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HOST, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, Uri};
use time::OffsetDateTime;

use super::shown::{Shown, plain};

/// Where the genuine calls go.
pub(super) struct Forward {
    pub(super) to: String,
    pub(super) unverified: bool,
    pub(super) timeout: Duration,
    pub(super) transport: Arc<dyn HttpTransport>,
}

/// How a signature is read, where nobody but the user knows.
pub(super) struct Reading {
    pub(super) slots: TokenSlots,
    /// What a proxy cut off the path that DOKU called.
    pub(super) cut: Option<String>,
    /// What a proxy put in front of it.
    pub(super) added: Option<String>,
}

/// Verifies calls and hands them on.
pub(super) struct Relay {
    endpoints: Endpoints,
    paths: Paths,
    /// What stands in front of the paths that DOKU did not call.
    added: Option<String>,
    forward: Option<Forward>,
}

tokio::task_local! {
    /// Why the call of this task was refused; the endpoints tell it while they answer.
    static REFUSED: RefCell<Option<Why>>;
}

/// A refusal in words.
struct Why {
    refusal: String,
    cause: Option<String>,
    advice: Option<&'static str>,
}

/// Takes down refusals for the call that they belong to.
struct TakeDown;

impl EventSink for TakeDown {
    fn event(&self, event: Event) {
        if let Event::Refused(refused) = event {
            // Outside of a call there is nobody to tell.
            let _nobody = REFUSED.try_with(|why| why.replace(Some(Why::of(&refused))));
        }
    }
}

impl Why {
    fn of(refused: &Refused) -> Self {
        let diagnosis = refused.diagnosis.as_deref();
        Self {
            refusal: plain(&refused.refusal.to_string()),
            cause: diagnosis
                .and_then(Diagnosis::cause)
                .map(|cause| plain(&cause.describe(Language::English))),
            advice: diagnosis.and_then(|diagnosis| diagnosis.advice(Language::English)),
        }
    }

    fn tell(self, shown: &mut Shown) {
        shown.refusal = Some(self.refusal);
        shown.cause = self.cause;
        shown.advice = self.advice;
    }
}

impl Relay {
    pub(super) fn new(
        credentials: Credentials,
        paths: Paths,
        reading: Reading,
        forward: Option<Forward>,
    ) -> Self {
        let dialect = HostedDialect {
            token_slots: reading.slots,
            ..HostedDialect::default()
        };
        let signed_path = reading
            .cut
            .map_or_else(SignedPath::default, SignedPath::UnderPrefix);
        Self {
            endpoints: Endpoints::builder(credentials)
                .dialect(dialect)
                .signed_path(signed_path)
                .events(TakeDown)
                .build(),
            paths,
            added: reading.added,
            forward,
        }
    }

    /// Answers a call, and says what is to be shown of it.
    pub(super) async fn answer(&self, request: Request<Body>) -> (Response<Bytes>, Shown) {
        let mut shown = Shown {
            at: Timestamp::wib(OffsetDateTime::from(SystemTime::now())).to_string(),
            method: plain(request.method().as_str()),
            path: plain(request.uri().path()),
            operation: None,
            verdict: "refused",
            external_id: request
                .headers()
                .get("x-external-id")
                .and_then(|id| id.to_str().ok())
                .map(plain),
            forwarded: "no".to_owned(),
            ..Shown::default()
        };
        let response = REFUSED
            .scope(RefCell::new(None), async {
                let response = self.answered(request, &mut shown).await;
                if let Ok(Some(why)) = REFUSED.try_with(RefCell::take) {
                    why.tell(&mut shown);
                }
                response
            })
            .await;
        shown.status = response.status().as_u16();
        shown.response_code = code_of(&response);
        (response, shown)
    }

    async fn answered(&self, mut request: Request<Body>, shown: &mut Shown) -> Response<Bytes> {
        if let Some(called) = self
            .added
            .as_deref()
            .and_then(|added| without(added, request.uri()))
        {
            *request.uri_mut() = called;
        }
        let Some((operation, word)) = self.called(request.uri().path()) else {
            shown.refusal = Some("none of the three paths".to_owned());
            let mut response = Response::new(Bytes::new());
            *response.status_mut() = StatusCode::NOT_FOUND;
            return response;
        };
        shown.operation = Some(word);
        let request = match self.whole(operation, request).await {
            Ok(request) => request,
            Err(response) => return response,
        };
        shown.body_bytes = request.body().len();
        if operation == Operation::Token {
            let response = self.endpoints.token(request).await;
            if response.status().is_success() {
                shown.verdict = "genuine";
            }
            return response;
        }
        match self.endpoints.verify(operation, &request) {
            Ok(verified) => {
                let freshness = freshness(verified.freshness());
                shown.verdict = "genuine";
                shown.freshness = Some(freshness.clone());
                let told = [("doku-verdict", "genuine"), ("doku-freshness", &*freshness)];
                match &self.forward {
                    Some(forward) => {
                        forward
                            .hand_on(operation, word, request, &told, shown)
                            .await
                    }
                    None => general_error(operation),
                }
            }
            Err(refused) => {
                let why = Why::of(&refused);
                let refusal = why.refusal.clone();
                why.tell(shown);
                let code = refused.response_code.as_str();
                let told = [
                    ("doku-verdict", "refused"),
                    ("doku-refusal", &*refusal),
                    ("doku-response-code", code),
                ];
                match &self.forward {
                    Some(forward) if forward.unverified => {
                        forward
                            .hand_on(operation, word, request, &told, shown)
                            .await
                    }
                    _ => refused.answer(),
                }
            }
        }
    }

    fn called(&self, path: &str) -> Option<(Operation, &'static str)> {
        if path == self.paths.token() {
            Some((Operation::Token, "token"))
        } else if path == self.paths.inquiry() {
            Some((Operation::Inquiry, "inquiry"))
        } else if path == self.paths.payment() {
            Some((Operation::Payment, "payment"))
        } else {
            None
        }
    }

    /// The call with its body, if that is short enough and arrives in time.
    async fn whole(
        &self,
        operation: Operation,
        request: Request<Body>,
    ) -> Result<Request<Bytes>, Response<Bytes>> {
        let bounds = self.endpoints.bounds();
        let (head, body) = request.into_parts();
        // One byte more tells a body that is too long from one that broke off.
        let read = to_bytes(body, bounds.body + 1);
        let fault = match tokio::time::timeout(bounds.arrival, read).await {
            Ok(Ok(body)) if body.len() <= bounds.body => {
                return Ok(Request::from_parts(head, body));
            }
            Ok(Ok(body)) => BodyFault::TooLarge { found: body.len() },
            Ok(Err(_)) if announced(&head.headers) > bounds.body => BodyFault::TooLarge {
                found: announced(&head.headers),
            },
            Ok(Err(_)) => BodyFault::BrokenOff,
            Err(_) => BodyFault::TooSlow,
        };
        Err(self.endpoints.unread(operation, fault))
    }
}

impl Forward {
    /// Hands a call on with what is true of it, and gives the application's answer.
    async fn hand_on(
        &self,
        operation: Operation,
        word: &str,
        request: Request<Bytes>,
        told: &[(&'static str, &str)],
        shown: &mut Shown,
    ) -> Response<Bytes> {
        let (mut head, body) = request.into_parts();
        let path = head
            .uri
            .path_and_query()
            .map_or("/", |whole| whole.as_str());
        let Ok(uri) = format!("{}{path}", self.to.trim_end_matches('/')).parse::<Uri>() else {
            shown.forwarded = "no: the path does not fit the URL".to_owned();
            return general_error(operation);
        };
        cleanse(&mut head.headers);
        for (name, value) in told.iter().chain(&[("doku-operation", word)]) {
            if let Ok(value) = HeaderValue::from_str(value) {
                head.headers.insert(HeaderName::from_static(name), value);
            }
        }
        let mut request = Request::new(body);
        *request.method_mut() = head.method;
        *request.uri_mut() = uri;
        *request.headers_mut() = head.headers;
        request.extensions_mut().insert(TotalTimeout(self.timeout));
        let patience = self.timeout + Duration::from_secs(1);
        match tokio::time::timeout(patience, self.transport.send(request)).await {
            Ok(Ok(answer)) => {
                shown.forwarded = "answered".to_owned();
                as_answered(answer)
            }
            Ok(Err(error)) => {
                shown.forwarded = format!("not answered: {}", plain(&error.to_string()));
                match error.kind() {
                    TransportErrorKind::Timeout => timed_out(operation),
                    _ => general_error(operation),
                }
            }
            Err(_) => {
                shown.forwarded = "not answered in time".to_owned();
                timed_out(operation)
            }
        }
    }
}

/// The path, and the query if there is one, behind what a proxy put in front.
fn without(added: &str, uri: &Uri) -> Option<Uri> {
    let whole = uri.path_and_query()?.as_str();
    let rest = whole.strip_prefix(added)?;
    rest.starts_with('/').then(|| rest.parse().ok()).flatten()
}

/// Takes away what the caller may not say, and what belongs to its connection.
fn cleanse(headers: &mut HeaderMap) {
    // Many applications read `Doku_Verdict` as `Doku-Verdict`.
    let ours = headers
        .keys()
        .filter(|name| name.as_str().replace('_', "-").starts_with("doku-"))
        .cloned();
    let unwanted: Vec<HeaderName> = ours
        .chain([CONNECTION, CONTENT_LENGTH, HOST, TRANSFER_ENCODING])
        .chain(
            [
                "keep-alive",
                "te",
                "trailer",
                "upgrade",
                "proxy-connection",
                "expect",
            ]
            .map(HeaderName::from_static),
        )
        .collect();
    for name in unwanted {
        headers.remove(name);
    }
}

/// The application's answer: status, kind and body; nothing of its connection.
fn as_answered(answer: Response<Bytes>) -> Response<Bytes> {
    let (head, body) = answer.into_parts();
    let mut response = Response::new(body);
    *response.status_mut() = head.status;
    if let Some(kind) = head.headers.get(CONTENT_TYPE) {
        response.headers_mut().insert(CONTENT_TYPE, kind.clone());
    }
    response
}

fn general_error(operation: Operation) -> Response<Bytes> {
    told(
        operation,
        StatusCode::INTERNAL_SERVER_ERROR,
        "General Error",
    )
}

fn timed_out(operation: Operation) -> Response<Bytes> {
    told(operation, StatusCode::GATEWAY_TIMEOUT, "Timeout")
}

fn told(operation: Operation, status: StatusCode, message: &'static str) -> Response<Bytes> {
    let code = ResponseCode::of(status.as_u16(), operation.service(), 0);
    // Every answer has these two members under these names.
    let body = wire::encode(&PaymentResponse {
        response_code: Some(code.as_str().into()),
        response_message: Some(message.into()),
        ..PaymentResponse::default()
    });
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}

fn code_of(response: &Response<Bytes>) -> Option<String> {
    let members: serde_json::Value = serde_json::from_slice(response.body()).ok()?;
    members.get("responseCode")?.as_str().map(plain)
}

fn freshness(freshness: Freshness) -> String {
    match freshness {
        Freshness::LiveBearer => "live-bearer".to_owned(),
        Freshness::LateBearer { by } => format!("late-bearer; expired={}", by.as_secs()),
        _ => "timestamp".to_owned(),
    }
}

/// The length that the head tells.
fn announced(headers: &HeaderMap) -> usize {
    headers
        .get(CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse().ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_brings_a_verdict_along() {
        let mut headers = HeaderMap::new();
        for name in [
            "doku-verdict",
            "doku-anything",
            "doku_verdict",
            "host",
            "connection",
            "x-timestamp",
        ] {
            headers.append(
                HeaderName::from_static(name),
                HeaderValue::from_static("genuine"),
            );
            headers.append(
                HeaderName::from_static(name),
                HeaderValue::from_static("twice"),
            );
        }
        cleanse(&mut headers);
        assert_eq!(headers.len(), 2);
        assert!(headers.contains_key("x-timestamp"));
    }
}
