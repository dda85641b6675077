//! Whether a call is DOKU's: size, headers, signature, bearer, freshness, in this order.
//!
//! Nothing of the body is read before its signature has been verified over its raw bytes. Every comparison is that of
//! `doku-sign`, constant-time over decoded bytes.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use doku_model::{Operation, Timestamp};
use doku_sign::{
    AccessToken, AuthorizationError, Bearer, BegunTransaction, BodyHash, MinifiedBody, Signature,
    SnapTransaction, StringToSign, TokenError,
};
use http::{HeaderMap, Method, Request};
use time::OffsetDateTime;

use super::bearers::{Bearers, Remembered};
use super::bounds::{Bounds, LATE, LEEWAY, WINDOW};
use super::credentials::Credentials;
use super::headers;
use super::refusal::{Refusal, SignatureFacts};
use super::signed_path::{Candidates, SignedPath};
use super::verified::{Freshness, KeptHeaders, RawCall};
use crate::dialect::{TokenSlot, TokenSlots};

/// Gives the access tokens that the merchant got from DOKU, the current one first.
///
/// Called for a call that no other reading explains, so it should have them at hand.
pub type MerchantTokens = Arc<dyn Fn() -> Vec<AccessToken> + Send + Sync>;

/// Everything that a call must agree with.
pub(super) struct Verifier {
    pub(super) credentials: Credentials,
    pub(super) bounds: Bounds,
    pub(super) path: SignedPath,
    pub(super) slots: TokenSlots,
    pub(super) merchant_tokens: Option<MerchantTokens>,
    pub(super) bearers: Bearers,
}

/// A refusal, and the call where its signature was genuine.
pub(super) struct Refusing {
    pub(super) refusal: Refusal,
    pub(super) genuine: Option<RawCall>,
}

impl From<Refusal> for Refusing {
    fn from(refusal: Refusal) -> Self {
        Self {
            refusal,
            genuine: None,
        }
    }
}

/// A call whose size and headers are in order.
struct Presented<'r> {
    operation: Operation,
    method: &'r Method,
    paths: Candidates<'r>,
    timestamp: &'r str,
    signature_text: &'r str,
    signature: Signature,
    authorization: Authorization<'r>,
    /// What earlier calls proved of its bearer. This one has to prove itself all the same.
    remembered: Option<Remembered>,
    headers: &'r HeaderMap,
    body: &'r Bytes,
    received_at: OffsetDateTime,
}

/// What proved a signature genuine.
struct Genuine<'c> {
    /// What stands in the token's place.
    slot: TokenSlot,
    /// The path that was signed.
    path: &'c str,
    /// How the text begins that was signed, where that is worth keeping.
    begun: Option<BegunTransaction>,
}

/// What the header Authorization holds.
enum Authorization<'r> {
    Bearer(Bearer<'r>),
    Malformed(AuthorizationError),
    None,
}

impl Verifier {
    /// An inquiry or a notification: signed with the client secret.
    pub(super) fn transaction(
        &self,
        operation: Operation,
        request: &Request<Bytes>,
        now: OffsetDateTime,
    ) -> Result<(RawCall, Freshness), Refusing> {
        self.size_and_method(request)?;
        let call = self.presented(operation, request, now)?;
        let genuine = self.signature(&call)?;
        let path = genuine.path;
        self.freshness(&call, genuine)
            .map(|freshness| (call.raw(path), freshness))
            .map_err(|refusal| Refusing {
                refusal,
                genuine: Some(call.raw(path)),
            })
    }

    /// A request for a token: signed with DOKU's private key. The body is not part of that signature.
    pub(super) fn token_request(
        &self,
        request: &Request<Bytes>,
        now: OffsetDateTime,
    ) -> Result<(), Refusal> {
        self.size_and_method(request)?;
        let limit = self.bounds.header;
        let client_key = headers::mandatory(request.headers(), &headers::CLIENT_KEY, limit)?;
        let timestamp = headers::mandatory(request.headers(), &headers::TIMESTAMP, limit)?;
        let presented = headers::mandatory(request.headers(), &headers::SIGNATURE, limit)?;
        if client_key != self.credentials.client_id().as_str() {
            return Err(Refusal::UnknownClient);
        }
        let signature = Signature::from_base64(presented).map_err(Refusal::Unreadable)?;
        let expected = StringToSign::snap_token(self.credentials.client_id().as_str(), timestamp);
        let genuine = self
            .credentials
            .doku()
            .iter()
            .any(|key| key.verify(&expected, &signature).is_ok());
        if !genuine {
            return Err(Refusal::Mismatch(Box::new(SignatureFacts {
                expected: vec![expected.masked()],
                presented_bytes: signature.as_bytes().len(),
                body_bytes: request.body().len(),
            })));
        }
        within(timestamp, now, WINDOW)
    }

    fn size_and_method(&self, request: &Request<Bytes>) -> Result<(), Refusal> {
        let found = request.body().len();
        if found > self.bounds.body {
            let limit = self.bounds.body;
            return Err(Refusal::TooLarge { found, limit });
        }
        if request.method() != Method::POST {
            return Err(Refusal::Method);
        }
        Ok(())
    }

    fn presented<'r>(
        &'r self,
        operation: Operation,
        request: &'r Request<Bytes>,
        now: OffsetDateTime,
    ) -> Result<Presented<'r>, Refusal> {
        let headers = request.headers();
        let limit = self.bounds.header;
        let timestamp = headers::mandatory(headers, &headers::TIMESTAMP, limit)?;
        let signature_text = headers::mandatory(headers, &headers::SIGNATURE, limit)?;
        let authorization = match headers::optional(headers, &headers::AUTHORIZATION, limit)? {
            None => Authorization::None,
            Some(text) => Bearer::from_authorization(text)
                .map_or_else(Authorization::Malformed, Authorization::Bearer),
        };
        let signature = Signature::from_base64(signature_text).map_err(Refusal::Unreadable)?;
        let paths = self.path.candidates(request.uri());
        let remembered = match authorization {
            Authorization::Bearer(bearer) => self.bearers.recall(bearer, paths.first()),
            Authorization::Malformed(_) | Authorization::None => None,
        };
        Ok(Presented {
            operation,
            method: request.method(),
            paths,
            timestamp,
            signature_text,
            signature,
            authorization,
            remembered,
            headers,
            body: request.body(),
            received_at: now,
        })
    }

    /// What proves the signature genuine.
    fn signature<'c>(&self, call: &'c Presented<'_>) -> Result<Genuine<'c>, Refusing> {
        let presented = (self.slots.own_bearer || self.slots.doku_bearer)
            .then(|| call.bearer())
            .flatten();
        let slot = TokenSlot::Presented;
        let before = presented
            .and(call.remembered.as_ref())
            .and_then(Remembered::begun);
        let continues = |hash| before.is_some_and(|begun| call.continues(begun, hash));
        // The reading that is right as a rule needs neither a list of others nor a look at the body's blanks, and as a rule
        // only the end of what it reads was not hashed before.
        let raw = MinifiedBody::raw(call.body).sha256_hex();
        let as_before = Genuine {
            slot,
            path: call.paths.first(),
            begun: None,
        };
        if continues(&raw) {
            return Ok(as_before);
        }
        let minified = MinifiedBody::of(call.body);
        let was_compact = minified.as_bytes().len() == call.body.len();
        let hash = if was_compact {
            raw
        } else {
            minified.sha256_hex()
        };
        if let Some(token) = presented {
            if !was_compact && continues(&hash) {
                return Ok(as_before);
            }
            if let Some((path, begun)) = self.fitting(call, token, &hash) {
                let begun = Some(begun);
                return Ok(Genuine { slot, path, begun });
            }
        }
        let own = self.merchants_own_tokens();
        let enabled = self.enabled_slots(presented, &own);
        let raw_hash = (!was_compact).then_some(raw);
        let hashes = || std::iter::once(&hash).chain(&raw_hash);
        let fitting = |slots: &[(TokenSlot, Bearer<'_>)]| {
            hashes()
                .flat_map(|hash| slots.iter().map(move |slot| (hash, slot)))
                .find_map(|(hash, (slot, token))| {
                    let (path, _) = self.fitting(call, *token, hash)?;
                    Some((*slot, path))
                })
        };
        if let Some((slot, path)) = fitting(&enabled) {
            return Ok(Genuine {
                slot,
                path,
                begun: None,
            });
        }
        if let Some((slot, path)) = fitting(&self.disabled_slots(call)) {
            return Err(Refusing {
                refusal: Refusal::SlotNotEnabled(slot),
                genuine: Some(call.raw(path)),
            });
        }
        match call.authorization {
            Authorization::None if enabled.is_empty() => return Err(Refusal::NoBearer.into()),
            Authorization::Malformed(error) if enabled.is_empty() => {
                return Err(Refusal::Authorization(error).into());
            }
            _ => {}
        }
        let expected = |(_, token): &(TokenSlot, Bearer<'_>)| {
            call.transaction(call.paths.first(), *token, &hash)
                .string_to_sign()
                .masked()
        };
        Err(Refusal::Mismatch(Box::new(SignatureFacts {
            expected: enabled.iter().map(expected).collect(),
            presented_bytes: call.signature.as_bytes().len(),
            body_bytes: call.body.len(),
        }))
        .into())
    }

    /// The path of the text that the signature fits, and how that text begins, with `token` in its place.
    fn fitting<'c>(
        &self,
        call: &'c Presented<'_>,
        token: Bearer<'_>,
        hash: &BodyHash,
    ) -> Option<(&'c str, BegunTransaction)> {
        call.paths.iter().find_map(|path| {
            self.credentials
                .secrets()
                .iter()
                .map(|secret| secret.begin_transaction(call.method.as_str(), path, token))
                .find(|begun| call.continues(begun, hash))
                .map(|begun| (path, begun))
        })
    }

    fn enabled_slots<'t>(
        &self,
        presented: Option<Bearer<'t>>,
        own: &'t [AccessToken],
    ) -> Vec<(TokenSlot, Bearer<'t>)> {
        let empty = self.slots.empty.then_some(Bearer::EMPTY);
        let own = own.iter().map(Bearer::from);
        presented
            .map(|token| (TokenSlot::Presented, token))
            .into_iter()
            .chain(empty.map(|token| (TokenSlot::Empty, token)))
            .chain(own.map(|token| (TokenSlot::MerchantToken, token)))
            .collect()
    }

    pub(super) fn merchants_own_tokens(&self) -> Vec<AccessToken> {
        let Some(tokens) = &self.merchant_tokens else {
            return Vec::new();
        };
        // The merchant's code; without its tokens the other readings still count.
        catch_unwind(AssertUnwindSafe(|| tokens())).unwrap_or_default()
    }

    /// Readings that would prove the call genuine, if the merchant switched them on.
    fn disabled_slots<'r>(&self, call: &Presented<'r>) -> Vec<(TokenSlot, Bearer<'r>)> {
        let presented = (!self.slots.own_bearer && !self.slots.doku_bearer)
            .then(|| call.bearer())
            .flatten();
        let empty = (!self.slots.empty).then_some(Bearer::EMPTY);
        presented
            .map(|token| (TokenSlot::Presented, token))
            .into_iter()
            .chain(empty.map(|token| (TokenSlot::Empty, token)))
            .collect()
    }

    /// A bearer of ours that was signed speaks for itself; for every other call the clock does.
    ///
    /// A bearer beside a signature that does not cover it proves nothing: anybody can put a live one on an old call.
    fn freshness(&self, call: &Presented<'_>, genuine: Genuine<'_>) -> Result<Freshness, Refusal> {
        let Genuine { slot, path, begun } = genuine;
        let late = call.operation == Operation::Payment;
        let signed = call.bearer().filter(|_| slot == TokenSlot::Presented);
        if let Some(bearer) = signed {
            match self.expiry(call, bearer, if late { LATE } else { LEEWAY }) {
                Ok(expires_at) => {
                    if let Some(begun) = begun {
                        self.bearers.keep(bearer, path, begun);
                    }
                    let now = SystemTime::from(call.received_at);
                    let by = now.duration_since(expires_at).unwrap_or_default();
                    return Ok(if by < LEEWAY {
                        Freshness::LiveBearer
                    } else {
                        Freshness::LateBearer { by }
                    });
                }
                Err(error) if !self.may_be_doku_bearer(error) => {
                    return Err(Refusal::Bearer(error));
                }
                Err(_) => {}
            }
        }
        let back = if late { LATE } else { WINDOW };
        within(call.timestamp, call.received_at, back)?;
        Ok(Freshness::Timestamp { slot })
    }

    /// When a bearer of ours expires, if that is not longer ago than `grace`.
    fn expiry(
        &self,
        call: &Presented<'_>,
        bearer: Bearer<'_>,
        grace: Duration,
    ) -> Result<SystemTime, TokenError> {
        let now = SystemTime::from(call.received_at);
        call.remembered
            .as_ref()
            .and_then(|remembered| remembered.expiry(now, grace))
            .map_or_else(
                || self.bearers.expiry(bearer, &self.credentials, now, grace),
                Ok,
            )
    }

    /// One of ours that has expired is none of DOKU's.
    const fn may_be_doku_bearer(&self, error: TokenError) -> bool {
        let ours = matches!(
            error,
            TokenError::Expired { .. } | TokenError::NotYetValid { .. }
        );
        self.slots.doku_bearer && !ours
    }
}

impl<'r> Presented<'r> {
    const fn bearer(&self) -> Option<Bearer<'r>> {
        match self.authorization {
            Authorization::Bearer(bearer) => Some(bearer),
            Authorization::Malformed(_) | Authorization::None => None,
        }
    }

    /// Whether the signature is of a text that began like this, with the hash and the timestamp of this call.
    fn continues(&self, begun: &BegunTransaction, hash: &BodyHash) -> bool {
        begun.verify(hash, self.timestamp, &self.signature).is_ok()
    }

    /// What was signed if this path, token and hash stand in their places.
    fn transaction<'t>(
        &'t self,
        path: &'t str,
        token: Bearer<'t>,
        body_hash: &'t BodyHash,
    ) -> SnapTransaction<'t> {
        SnapTransaction {
            method: self.method.as_str(),
            path,
            token,
            body_hash,
            timestamp: self.timestamp,
        }
    }

    fn raw(&self, path: &str) -> RawCall {
        let kept = KeptHeaders {
            timestamp: self.timestamp,
            signature: self.signature_text,
            external_id: headers::external_id(self.headers),
        };
        let body = self.body.clone();
        RawCall::new(self.operation, path, kept, body, self.received_at)
    }
}

/// X-TIMESTAMP lies no further back than `back`, and no further ahead than the window.
fn within(timestamp: &str, now: OffsetDateTime, back: Duration) -> Result<(), Refusal> {
    let moment = timestamp
        .parse::<Timestamp>()
        .map_err(Refusal::Timestamp)?
        .instant();
    let by = (now - moment).unsigned_abs();
    if moment > now && by > WINDOW {
        Err(Refusal::Early { by })
    } else if moment <= now && by > back {
        Err(Refusal::Stale { by })
    } else {
        Ok(())
    }
}
