//! One call to the merchant: signed, perhaps spoilt, sent, judged, and written into the journal.

use std::time::Duration;

use bytes::Bytes;
use doku_model::Operation;
use doku_sign::{AccessToken, MinifiedBody, StringToSign};
use doku_transport::TotalTimeout;
use hyper::http::{HeaderMap, HeaderName, HeaderValue, Request};

use super::form;
use super::spoil::hides_the_answer;
use crate::config::{BearerWord, MerchantUrl, TokenSlot};
use crate::desk::Desk;
use crate::faults::{Direction, FaultKind, OperationName};
use crate::journal::{JournalEntry, Note, Signed, Verdict};

pub(super) const X_SIGNATURE: HeaderName = HeaderName::from_static("x-signature");
pub(super) const X_TIMESTAMP: HeaderName = HeaderName::from_static("x-timestamp");

/// The tokens of a call: what is presented, and what is signed.
#[derive(Debug, Clone)]
pub(super) struct Tokens {
    pub(super) presented: Option<AccessToken>,
    pub(super) signed: AccessToken,
}

/// A call that is ready to be sent.
#[derive(Debug, Clone)]
pub(super) struct Outgoing {
    pub(super) operation: Operation,
    pub(super) url: MerchantUrl,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    /// What must not be shown of the answer, should the merchant send it back.
    pub(super) presented: Option<AccessToken>,
    /// What its signature is of.
    pub(super) signed: Signed,
}

/// What DOKU heard.
#[derive(Debug, Clone)]
pub(super) enum Heard {
    Answer {
        status: u16,
        body: Bytes,
    },
    /// Nothing, and why.
    Nothing(String),
}

/// What an answer is worth.
#[derive(Debug, Default)]
pub(super) struct Judged {
    /// Whether it is the success that DOKU waits for.
    pub(super) accepted: bool,
    pub(super) status: u16,
    pub(super) code: Option<String>,
    pub(super) message: Option<String>,
    /// Why it is none, in a sentence.
    pub(super) reason: Option<String>,
    pub(super) notes: Vec<Note>,
}

/// A call that was made.
#[derive(Debug)]
pub(super) struct Exchanged {
    pub(super) heard: Heard,
    pub(super) judged: Judged,
    pub(super) journal: u64,
}

impl Desk {
    /// An inquiry or a notification, signed with the client secret.
    pub(super) fn signed_transaction(
        &self,
        operation: Operation,
        url: &MerchantUrl,
        body: Bytes,
        tokens: Tokens,
        channel: &str,
    ) -> Outgoing {
        let dialect = self.outbound.dialect;
        let timestamp = self.header_time();
        let serial = self.outbound.next_serial();
        let hash = MinifiedBody::of(&body).sha256_hex();
        let to_sign = StringToSign::snap_transaction_hashed(
            operation.method().as_str(),
            url.path(),
            &tokens.signed,
            &hash,
            &timestamp,
        );
        let signature = self.outbound.secret.sign(&to_sign).to_base64();
        let external_id = form::external_id(dialect.external_id, self.clock.unmoved(), serial);
        let mut headers = json_headers();
        insert(&mut headers, "x-partner-id", self.client_id.as_str());
        insert(&mut headers, "x-external-id", &external_id);
        insert(&mut headers, "x-timestamp", &timestamp);
        insert(&mut headers, "x-signature", &signature);
        if let Some(channel_id) = form::channel_id(dialect.channel_id, channel) {
            insert(&mut headers, "channel-id", channel_id);
        }
        if let Some(token) = &tokens.presented {
            let word = match dialect.bearer {
                BearerWord::LowerCase => "bearer",
                BearerWord::Bearer => "Bearer",
            };
            insert(
                &mut headers,
                "authorization",
                &format!("{word} {}", token.expose()),
            );
        }
        Outgoing {
            operation,
            url: url.clone(),
            headers,
            body,
            presented: tokens.presented,
            signed: Signed {
                string_to_sign: to_sign.masked(),
                body_sha256: Some(hash.as_str().to_owned()),
            },
        }
    }

    /// Makes a call, twice if a fault says so, and writes it into the journal.
    pub(super) async fn exchange(
        &self,
        outgoing: &Outgoing,
        fault: Option<&FaultKind>,
        judge: impl Fn(&Heard) -> Judged,
    ) -> Exchanged {
        let spoilt = self.spoilt(outgoing, fault);
        let record = |heard: Heard| {
            let judged = judge(&heard);
            let journal = self.write_down(&spoilt, &heard, &judged, fault);
            Exchanged {
                heard,
                judged,
                journal,
            }
        };
        if fault == Some(&FaultKind::Duplicate) {
            let (first, second) = tokio::join!(self.send(&spoilt), self.send(&spoilt));
            let (first, second) = (record(first), record(second));
            return if second.judged.accepted {
                second
            } else {
                first
            };
        }
        record(self.carry(&spoilt, fault).await)
    }

    pub(super) async fn send(&self, outgoing: &Outgoing) -> Heard {
        let Some(transport) = &self.outbound.transport else {
            return Heard::Nothing(
                "the sandbox has no transport to call the merchant with".to_owned(),
            );
        };
        let mut request = Request::new(outgoing.body.clone());
        *request.method_mut() = hyper::Method::POST;
        *request.uri_mut() = outgoing.url.uri().clone();
        *request.headers_mut() = outgoing.headers.clone();
        request
            .extensions_mut()
            .insert(TotalTimeout(self.outbound.timeout));
        // The extension is a wish of the transport's; DOKU stops waiting in any case.
        let patience = self.outbound.timeout + Duration::from_secs(1);
        match tokio::time::timeout(patience, transport.send(request)).await {
            Ok(Ok(response)) => Heard::Answer {
                status: response.status().as_u16(),
                body: response.into_body(),
            },
            Ok(Err(error)) => Heard::Nothing(error.to_string()),
            Err(_) => Heard::Nothing("no answer in time; the merchant may have acted".to_owned()),
        }
    }

    fn write_down(
        &self,
        outgoing: &Outgoing,
        heard: &Heard,
        judged: &Judged,
        fault: Option<&FaultKind>,
    ) -> u64 {
        let answer = match heard {
            Heard::Answer { body, .. } => Some(self.scrubber.answer(
                outgoing.operation == Operation::Token,
                outgoing.presented.as_ref().map(AccessToken::expose),
                body,
            )),
            Heard::Nothing(_) => None,
        };
        let hidden = fault.is_some_and(hides_the_answer);
        let verdict = match heard {
            _ if hidden => Verdict::Faulted,
            Heard::Nothing(_) => Verdict::Unanswered,
            Heard::Answer { .. } if judged.accepted => Verdict::Accepted,
            Heard::Answer { .. } => Verdict::Refused,
        };
        let shown = |text: &Option<String>| text.as_deref().map(|text| self.scrubber.text(text));
        let mut entry = JournalEntry {
            number: 0,
            at: self.shown_time(),
            direction: Direction::Outbound,
            method: outgoing.operation.method().as_str().to_owned(),
            path: self.scrubber.text(outgoing.url.path()),
            url: Some(self.scrubber.text(&outgoing.url.to_string())),
            operation: Some(OperationName::outbound(outgoing.operation).as_str()),
            headers: self.scrubber.headers(&outgoing.headers),
            body: self.scrubber.body(&outgoing.body),
            body_bytes: outgoing.body.len(),
            verdict,
            status: judged.status,
            response_code: shown(&judged.code),
            response_message: shown(&judged.message),
            reason: shown(&judged.reason),
            notes: judged.notes.clone(),
            signature: None,
            signed: Some(Signed {
                string_to_sign: self.scrubber.text(&outgoing.signed.string_to_sign),
                body_sha256: outgoing.signed.body_sha256.clone(),
            }),
            answer,
            fault: fault.map(FaultKind::name),
        };
        if !hidden && is_unauthorized(judged) {
            entry.add_reason(UNAUTHORIZED);
        }
        self.record(entry)
    }

    /// The tokens of the next transaction with these endpoints.
    pub(super) fn token_slot(&self) -> TokenSlot {
        self.outbound.dialect.token_slot
    }
}

/// What to do where the merchant does not believe DOKU.
const UNAUTHORIZED: &str = "compare the string-to-sign that DOKU signed with the one that the merchant made: path, token, hash of the body, X-TIMESTAMP";

/// Whether the merchant took the call for a forged one.
fn is_unauthorized(judged: &Judged) -> bool {
    let code = judged.code.as_deref().unwrap_or_default();
    judged.status == 401 || code.starts_with("401")
}

/// The headers that every call has.
pub(super) fn json_headers() -> HeaderMap {
    let mut headers = HeaderMap::new();
    insert(&mut headers, "content-type", "application/json");
    insert(&mut headers, "accept", "application/json");
    headers
}

/// Sets a header. A value that no header can have is left out, and the merchant will miss it.
pub(super) fn insert(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(mut value) = HeaderValue::from_str(value) {
        value.set_sensitive(matches!(name, "authorization" | "x-signature"));
        headers.insert(HeaderName::from_static(name), value);
    }
}
