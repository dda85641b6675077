//! The merchant's token: fetched with DOKU's RSA signature, and presented until it expires.

use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;
use doku_model::Operation;
use doku_model::wire::{self, TokenRequest, TokenResponse};
use doku_sign::{AccessToken, StringToSign};
use hyper::http::HeaderValue;

use super::failure::CallFailure;
use super::headers::{insert, json_headers};
use super::heard::{Heard, Judged};
use super::judge::Reading;
use super::sign::Tokens;
use crate::config::{Endpoints, MerchantUrl, TokenSlot};
use crate::desk::Desk;
use crate::faults::FaultKind;
use crate::journal::Signed;
use crate::outbound::{Bearer, Outgoing};

/// The life of a token whose answer does not tell it.
const SUPPOSED_LIFE: u64 = 900;

impl Desk {
    /// The tokens of a transaction, as the dialect and a fault have them.
    pub(super) async fn tokens_for(
        &self,
        endpoints: &Endpoints,
        fault: Option<&FaultKind>,
    ) -> Result<Tokens, CallFailure> {
        let slot = self.outbound.dialect.token_slot;
        let presented = match slot {
            TokenSlot::NoBearer => None,
            TokenSlot::DokuBearer => Some(self.doku_token().await.map_err(not_made)?),
            _ => Some(
                self.bearer(endpoints, fault == Some(&FaultKind::ExpiredToken))
                    .await?,
            ),
        };
        let presented = match fault {
            Some(FaultKind::InvalidToken) => presented.map(|token| forged(&token)),
            _ => presented,
        };
        let signed = match slot {
            TokenSlot::Empty | TokenSlot::NoBearer => AccessToken::empty(),
            // A new one, which the merchant does not have, could not be verified by anybody.
            TokenSlot::DokuToken => self.token_of_the_merchant().ok_or_else(|| {
                not_made(Cow::Borrowed(
                    "DOKU has issued no token to the merchant yet, and tokenSlot=dokuToken signs that one; call DOKU once",
                ))
            })?,
            _ => presented.clone().unwrap_or_else(AccessToken::empty),
        };
        Ok(Tokens { presented, signed })
    }

    /// The merchant's token, fetched if there is none that lives; or the one there is, however old.
    async fn bearer(
        &self,
        endpoints: &Endpoints,
        however_old: bool,
    ) -> Result<AccessToken, CallFailure> {
        let url = endpoints.token_url.as_ref().ok_or_else(|| {
            CallFailure::not_made(Operation::Token, "there is no token URL for this BIN")
        })?;
        // Held while fetching: who comes second waits for the first one's token.
        let mut kept = self.outbound.bearers.kept.lock().await;
        let now = self.clock.now();
        if let Some(bearer) = kept.get(url)
            && (however_old || now < bearer.expires)
        {
            return Ok(bearer.token.clone());
        }
        let (token, life) = self.fetch(url).await?;
        let expires = time::Duration::try_from(life)
            .ok()
            .and_then(|life| now.checked_add(life))
            .unwrap_or(now);
        let bearer = Bearer {
            token: token.clone(),
            expires,
        };
        kept.insert(url.clone(), bearer);
        Ok(token)
    }

    /// Gives up the merchant's token, because the merchant did not accept it.
    pub(super) async fn give_up_bearer(&self, endpoints: &Endpoints) {
        if let Some(url) = &endpoints.token_url {
            self.outbound.bearers.kept.lock().await.remove(url);
        }
    }

    async fn fetch(&self, url: &MerchantUrl) -> Result<(AccessToken, Duration), CallFailure> {
        let fault = self.faults.take_to_merchant(Operation::Token);
        let timestamp = self.header_time();
        let to_sign = StringToSign::snap_token(self.client_id.as_str(), &timestamp);
        let signed = Signed {
            string_to_sign: to_sign.masked(),
            body_sha256: None,
        };
        let signature = self.sign_as_doku(to_sign).await.map_err(not_made)?;
        let mut headers = json_headers();
        insert(&mut headers, "x-client-key", self.client_id.as_str());
        insert(&mut headers, "x-timestamp", &timestamp);
        insert(&mut headers, "x-signature", &signature.to_base64());
        let outgoing = Outgoing {
            operation: Operation::Token,
            url: url.clone(),
            headers,
            body: Bytes::from(wire::encode(&TokenRequest::client_credentials())),
            presented: None,
            signed,
        };
        let exchanged = self
            .exchange(&outgoing, fault.as_ref(), |heard| self.judge_token(heard))
            .await;
        let granted = match &exchanged.heard {
            Heard::Answer { body, .. } if exchanged.judged.accepted => granted(body),
            _ => None,
        };
        granted.ok_or_else(|| CallFailure::of(Operation::Token, exchanged))
    }

    fn judge_token(&self, heard: &Heard) -> Judged {
        let mut reading = match Reading::begin(Operation::Token, heard) {
            Ok(reading) => reading,
            Err(judged) => return judged,
        };
        let Some(answer) = reading.decode::<TokenResponse<'_>>() else {
            return reading.refuse("the answer cannot be read");
        };
        reading.must_succeed();
        match answer.access_token.as_ref().map(wire::Text::as_str) {
            None | Some("") => reading.wrong("accessToken", "is missing"),
            Some(token) if HeaderValue::from_str(token).is_err() || token.contains(' ') => {
                reading.wrong("accessToken", "cannot stand in a header");
            }
            Some(_) => {}
        }
        if answer.expires_in.is_none() {
            reading.note("expiresIn", "is missing; 900 is supposed");
        }
        match answer.token_type.as_ref().map(wire::Text::as_str) {
            None | Some("") => reading.note("tokenType", "is missing"),
            Some("Bearer") => {}
            Some(_) => reading.note("tokenType", "is not Bearer"),
        }
        reading.end(self.strict)
    }
}

/// The token of an answer, and how long it lives.
fn granted(body: &[u8]) -> Option<(AccessToken, Duration)> {
    let answer: TokenResponse<'_> = wire::decode(body).ok()?;
    let token = AccessToken::new(answer.access_token?.as_str());
    let life = answer
        .expires_in
        .map_or(SUPPOSED_LIFE, wire::Seconds::as_u64);
    Some((token, Duration::from_secs(life)))
}

/// A token that the merchant never issued, of the same shape: its middle letter is another one.
fn forged(token: &AccessToken) -> AccessToken {
    let mut letters: Vec<char> = token.expose().chars().collect();
    let middle = letters.len() / 2;
    if let Some(letter) = letters.get_mut(middle) {
        *letter = if *letter == 'A' { 'B' } else { 'A' };
    }
    AccessToken::new(letters.into_iter().collect::<String>())
}

fn not_made(reason: Cow<'static, str>) -> CallFailure {
    CallFailure::not_made(Operation::Token, reason)
}
