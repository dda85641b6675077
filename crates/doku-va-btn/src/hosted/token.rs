//! The token endpoint: DOKU asks for a bearer to call the merchant with.

use std::time::SystemTime;

use bytes::Bytes;
use doku_model::wire::{Seconds, Text, TokenRequest, TokenResponse};
use doku_model::{Fault, FieldError, Operation, Timestamp};
use http::{HeaderValue, Request, Response};
use time::OffsetDateTime;

use super::issuer::Issued;
use super::refusal::Refusal;
use super::{Inner, body, reply};

const GRANT_TYPE: &str = "grantType";
const CLIENT_CREDENTIALS: &str = "client_credentials";

impl Inner {
    pub(super) fn token(&self, request: &Request<Bytes>) -> Response<Bytes> {
        let now = self.clock.now();
        match self.issue(request, now) {
            Ok(issued) => self.issued(&issued, now),
            Err(refusal) => self.refused(Operation::Token, request, refusal.into()),
        }
    }

    fn issue(&self, request: &Request<Bytes>, now: OffsetDateTime) -> Result<Issued, Refusal> {
        self.verifier.token_request(request, now)?;
        grant_type(request.body())?;
        self.issuer
            .token(&self.verifier.credentials, SystemTime::from(now))
            .map_err(Refusal::NotIssued)
    }

    fn issued(&self, issued: &Issued, now: OffsetDateTime) -> Response<Bytes> {
        let code = Operation::Token.success();
        let body = TokenResponse {
            access_token: Some(issued.token.expose().into()),
            expires_in: Some(Seconds::new(issued.life_left.as_secs())),
            response_code: Some(code.as_str().into()),
            response_message: Some("Successful".into()),
            token_type: Some("Bearer".into()),
        };
        let mut response = reply::with(&code, &body);
        // The official SDKs model these two in the answer.
        let client_id = self.verifier.credentials.client_id();
        for (name, value) in [
            ("x-client-key", client_id.as_str()),
            ("x-timestamp", Timestamp::wib(now).as_str()),
        ] {
            if let Ok(value) = HeaderValue::from_str(value) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}

/// The body is not signed and says one thing only. None at all is taken for it.
fn grant_type(raw: &Bytes) -> Result<(), Refusal> {
    if raw.is_empty() {
        return Ok(());
    }
    let request: TokenRequest<'_> = body::decode(raw)?;
    match request.grant_type.as_ref().map(Text::as_str) {
        None | Some("" | CLIENT_CREDENTIALS) => Ok(()),
        Some(_) => Err(Refusal::Field(FieldError::new(
            GRANT_TYPE,
            Fault::Format {
                expected: CLIENT_CREDENTIALS,
            },
        ))),
    }
}
