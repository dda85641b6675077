//! Whether a call is genuine: headers, clock, token and signature, in this order.

use doku_model::wire::{self, TokenRequest};
use doku_sign::{AccessToken, MinifiedBody, Signature, StringToSign};

use super::cause;
use super::not_genuine::NotGenuine;
use super::presented::Presented;
use super::verifier::Verifier;
use crate::answer::Refusal;
use crate::clock::Clock;
use crate::state::TokenStanding;

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
}
