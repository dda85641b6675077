//! Whether a call is genuine: headers, clock, token and signature, in this order; and why not.
//!
//! Only what was verified goes on to [`crate::state`]. A call that fails here does not use up its external id.

mod cause;
mod oddities;

use std::time::Duration;

use doku_model::wire::{self, TokenRequest};
use doku_model::{ClientId, Operation, Timestamp};
use doku_sign::{
    AccessToken, ClientSecret, MerchantPublicKey, MinifiedBody, Signature, StringToSign,
};
use hyper::HeaderMap;

pub(crate) use oddities::{in_body, in_headers};

use crate::answer::Refusal;
use crate::clock::Clock;
use crate::journal::SignatureReport;
use crate::state::TokenStanding;

/// A request as it arrived.
#[derive(Debug)]
pub(crate) struct Presented<'r> {
    pub(crate) operation: Operation,
    /// Path and query, as they stand in the request line.
    pub(crate) target: &'r str,
    pub(crate) headers: &'r HeaderMap,
    pub(crate) body: &'r [u8],
}

/// A call that is not genuine.
#[derive(Debug)]
pub(crate) struct NotGenuine {
    pub(crate) refusal: Refusal,
    /// More than the answer says.
    pub(crate) reason: Option<String>,
    pub(crate) signature: Option<SignatureReport>,
}

impl From<Refusal> for Box<NotGenuine> {
    fn from(refusal: Refusal) -> Self {
        Self::new(NotGenuine {
            refusal,
            reason: None,
            signature: None,
        })
    }
}

impl NotGenuine {
    fn because(refusal: Refusal, reason: impl Into<String>) -> Box<Self> {
        Box::new(Self {
            refusal,
            reason: Some(reason.into()),
            signature: None,
        })
    }
}

/// What a call must agree with.
#[derive(Debug)]
pub(crate) struct Verifier {
    pub(crate) client_id: ClientId,
    pub(crate) secret: ClientSecret,
    pub(crate) merchant_key: MerchantPublicKey,
    pub(crate) window: Duration,
}

impl Verifier {
    /// A transaction: signed with the client secret, over a token that is alive.
    ///
    /// Gives the external id.
    pub(crate) fn transaction<'r>(
        &self,
        call: &Presented<'r>,
        clock: &Clock,
        token_standing: impl FnOnce(&str) -> TokenStanding,
    ) -> Result<&'r str, Box<NotGenuine>> {
        let operation = call.operation;
        let timestamp = call.header("X-TIMESTAMP")?;
        let presented = call.header("X-SIGNATURE")?;
        let partner_id = call.header("X-PARTNER-ID")?;
        let external_id = call.header("X-EXTERNAL-ID")?;
        let authorization = call.header("Authorization")?;

        self.must_be_client(operation, "X-PARTNER-ID", partner_id)?;
        self.must_be_now(operation, timestamp, clock)?;
        let token = AccessToken::from_authorization(authorization).map_err(|error| {
            NotGenuine::because(Refusal::invalid_token(operation), error.to_string())
        })?;
        let dead = match token_standing(token.expose()) {
            TokenStanding::Live => None,
            TokenStanding::Expired => Some("this token has expired; get a new one"),
            TokenStanding::Unknown => Some(
                "this token was not issued here, was revoked, or expired long ago; get a new one",
            ),
        };
        if let Some(reason) = dead {
            return Err(NotGenuine::because(
                Refusal::invalid_token(operation),
                reason,
            ));
        }
        let expected = StringToSign::snap_transaction(
            operation.method().as_str(),
            call.target,
            &token,
            &MinifiedBody::of(call.body),
            timestamp,
        );
        let verified = Signature::from_base64(presented)
            .is_ok_and(|signature| self.secret.verify(&expected, &signature).is_ok());
        if verified {
            return Ok(external_id);
        }
        let refusal = Refusal::unauthorized(operation, "Signature Not Match");
        let report = cause::of_transaction(self, call, &token, timestamp, presented);
        Err(Box::new(NotGenuine {
            reason: Some(format!("the signature does not match. {}", report.advice)),
            signature: Some(report),
            refusal,
        }))
    }

    /// A token request: signed with the merchant's private key.
    pub(crate) fn token_request(
        &self,
        call: &Presented<'_>,
        clock: &Clock,
    ) -> Result<(), Box<NotGenuine>> {
        let operation = call.operation;
        let timestamp = call.header("X-TIMESTAMP")?;
        let presented = call.header("X-SIGNATURE")?;
        let client_key = call.header("X-CLIENT-KEY")?;
        self.must_be_client(operation, "X-CLIENT-KEY", client_key)?;
        self.must_be_now(operation, timestamp, clock)?;

        let expected = StringToSign::snap_token(client_key, timestamp);
        let verified = Signature::from_base64(presented)
            .is_ok_and(|signature| self.merchant_key.verify(&expected, &signature).is_ok());
        if !verified {
            let report = cause::of_token_request(self, call, timestamp, presented);
            return Err(Box::new(NotGenuine {
                reason: Some(format!(
                    "the signature does not match the merchant's public key. {}",
                    report.advice
                )),
                signature: Some(report),
                refusal: Refusal::unauthorized(operation, "Signature"),
            }));
        }
        let request: TokenRequest<'_> = wire::decode(call.body).map_err(|error| {
            NotGenuine::because(Refusal::bad_request(operation), error.to_string())
        })?;
        match request.grant_type.as_ref().map(wire::Text::as_str) {
            Some("client_credentials") => Ok(()),
            None | Some("") => Err(Refusal::missing(operation, "grantType").into()),
            Some(_) => Err(Refusal::format(operation, "grantType").into()),
        }
    }

    fn must_be_client(
        &self,
        operation: Operation,
        header: &str,
        presented: &str,
    ) -> Result<(), Box<NotGenuine>> {
        if presented == self.client_id.as_str() {
            return Ok(());
        }
        Err(NotGenuine::because(
            Refusal::unauthorized(operation, "Unknown Client"),
            format!(
                "{header} is {presented:?}, the client id here is {}",
                self.client_id
            ),
        ))
    }

    /// Near the clock, moved or not: a test that moves the clock must not lock out a caller whose own stands still.
    fn must_be_now(
        &self,
        operation: Operation,
        presented: &str,
        clock: &Clock,
    ) -> Result<(), Box<NotGenuine>> {
        let timestamp: Timestamp = presented.parse().map_err(|error| {
            NotGenuine::because(
                Refusal::format(operation, "X-TIMESTAMP"),
                format!("{error}"),
            )
        })?;
        let near = |clock: time::OffsetDateTime| {
            (timestamp.instant() - clock).unsigned_abs() <= self.window
        };
        if near(clock.now()) || near(clock.unmoved()) {
            return Ok(());
        }
        Err(NotGenuine::because(
            Refusal::unauthorized(operation, "Invalid Timestamp"),
            format!(
                "X-TIMESTAMP is {presented}, the clock here shows {}; at most {} s may lie between them",
                Timestamp::wib(clock.now()),
                self.window.as_secs()
            ),
        ))
    }
}

impl<'r> Presented<'r> {
    /// A mandatory header.
    fn header(&self, name: &str) -> Result<&'r str, Box<NotGenuine>> {
        match self.headers.get(name).map(|value| value.to_str()) {
            None | Some(Ok("")) => Err(Refusal::missing(self.operation, name).into()),
            Some(Ok(value)) => Ok(value),
            Some(Err(_)) => Err(Refusal::format(self.operation, name).into()),
        }
    }
}
