//! The token a merchant issues to DOKU: a JWT with one algorithm and three claims.
//!
//! DOKU fetches it from the merchant's token URL and presents it as bearer when it inquires or
//! notifies. Only the merchant reads it, so it is strict: RS256 and nothing else, the merchant's
//! own keys and nothing the token names, and no second way to write the same token.

use std::fmt;
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use thiserror::Error;

use crate::access_token::AccessToken;
use crate::key::{MerchantPrivateKey, MerchantPublicKey, SignError};

mod jws;

/// The longest token that is looked at, in bytes. An issued one has some 500.
pub const MAX_TOKEN_BYTES: usize = 8 * 1024;

/// Who issues a token, and for whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "the two claims are the whole idea"
)]
pub struct TokenParties<'a> {
    /// The claim `iss`: the merchant's name for itself.
    pub issuer: &'a str,
    /// The claim `clientId`: the client id DOKU gave to the merchant.
    pub client_id: &'a str,
}

/// A token that was verified.
///
/// [`MerchantToken::verify`] is the only way to one.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use doku_sign::{MerchantPrivateKey, MerchantToken, TokenParties};
///
/// let key = MerchantPrivateKey::generate(2048)?;
/// let parties = TokenParties { issuer: "my-shop", client_id: "MCH-0008" };
/// let now = SystemTime::now();
///
/// let token = MerchantToken::issue(&key, parties, now, Duration::from_secs(900))?;
/// let verified = MerchantToken::verify(&token, &[key.public_key()], parties, now)?;
/// assert_eq!(verified.client_id(), "MCH-0008");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MerchantToken {
    issuer: String,
    client_id: String,
    expires_at: SystemTime,
}

#[derive(Serialize)]
struct IssuedClaims<'a> {
    exp: u64,
    iss: &'a str,
    #[serde(rename = "clientId")]
    client_id: &'a str,
}

impl MerchantToken {
    /// How long after its expiry a token is still accepted, for clocks that differ.
    pub const LEEWAY: Duration = Duration::from_secs(60);

    /// Issues a token that expires `lifetime` after `now`, in whole seconds.
    ///
    /// # Errors
    ///
    /// [`IssueError`] for a lifetime under a second, a time that cannot be written, or a failed
    /// signature.
    pub fn issue(
        key: &MerchantPrivateKey,
        parties: TokenParties<'_>,
        now: SystemTime,
        lifetime: Duration,
    ) -> Result<AccessToken, IssueError> {
        if lifetime.as_secs() == 0 {
            return Err(IssueError::NoLifetime);
        }
        let exp = unix_seconds(now)
            .and_then(|now| now.checked_add(lifetime.as_secs()))
            .ok_or(IssueError::Time)?;
        let claims = IssuedClaims {
            exp,
            iss: parties.issuer,
            client_id: parties.client_id,
        };
        let claims = serde_json::to_vec(&claims).map_err(IssueError::Claims)?;

        // Four characters for three bytes, in one allocation: growing would leave copies behind.
        let bytes = claims.len() + key.bits() / 8;
        let mut token = String::with_capacity(jws::HEADER.len() + bytes / 3 * 4 + 16);
        token.push_str(jws::HEADER);
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(claims, &mut token);
        let signature = key.sign_bytes(token.as_bytes())?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature.as_bytes(), &mut token);
        Ok(AccessToken::new(token))
    }

    /// Verifies a presented token with [`MerchantToken::LEEWAY`].
    ///
    /// `keys` holds the current public key and, while keys are rotated, the one before. The key
    /// is never taken from the token.
    ///
    /// # Errors
    ///
    /// [`TokenError`]. Expiry is checked last: [`TokenError::Expired`] means that everything
    /// else about the token is right.
    pub fn verify(
        token: &AccessToken,
        keys: &[MerchantPublicKey],
        expected: TokenParties<'_>,
        now: SystemTime,
    ) -> Result<Self, TokenError> {
        Self::verify_with_leeway(token, keys, expected, now, Self::LEEWAY)
    }

    /// Verifies a presented token, with another leeway on its times.
    ///
    /// # Errors
    ///
    /// As [`MerchantToken::verify`].
    pub fn verify_with_leeway(
        token: &AccessToken,
        keys: &[MerchantPublicKey],
        expected: TokenParties<'_>,
        now: SystemTime,
        leeway: Duration,
    ) -> Result<Self, TokenError> {
        let now = unix_seconds(now).ok_or(TokenError::Clock)?;
        let jws = jws::Jws::read(token.expose())?;
        jws.verify(keys)?;

        let claims = jws.claims()?;
        if claims.issuer != expected.issuer {
            return Err(TokenError::WrongIssuer);
        }
        if claims.client_id != expected.client_id {
            return Err(TokenError::WrongClient);
        }
        let leeway = leeway.as_secs();
        if let Some(early) = claims.not_before.checked_sub(now.saturating_add(leeway))
            && early > 0
        {
            return Err(TokenError::NotYetValid {
                by: Duration::from_secs(early),
            });
        }
        if now >= claims.expires.saturating_add(leeway) {
            let by = Duration::from_secs(now.saturating_sub(claims.expires));
            return Err(TokenError::Expired { by });
        }
        let expires_at = SystemTime::UNIX_EPOCH
            .checked_add(Duration::from_secs(claims.expires))
            .ok_or(TokenError::Malformed("its exp is beyond all clocks"))?;
        Ok(Self {
            issuer: claims.issuer,
            client_id: claims.client_id,
            expires_at,
        })
    }

    /// The claim `iss` (or `issuer`).
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The claim `clientId`.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The claim `exp`. The leeway is not included.
    #[must_use]
    pub const fn expires_at(&self) -> SystemTime {
        self.expires_at
    }
}

fn unix_seconds(time: SystemTime) -> Option<u64> {
    time.duration_since(SystemTime::UNIX_EPOCH)
        .ok()
        .map(|since| since.as_secs())
}

/// A token could not be issued.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum IssueError {
    /// The lifetime is shorter than a second.
    #[error("a token needs a lifetime of at least one second; DOKU's own tokens live 900 s")]
    NoLifetime,
    /// The clock stands before 1970, or the lifetime reaches beyond all clocks.
    #[error(
        "the token's expiry cannot be written in Unix seconds; check the clock and the lifetime"
    )]
    Time,
    /// The claims could not be written as JSON.
    #[error("the token's claims could not be written; check issuer and client id")]
    Claims(#[source] serde_json::Error),
    /// The RSA signature failed.
    #[error("the token could not be signed; see the source of this error")]
    Signing(#[from] SignError),
}

/// A presented token is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TokenError {
    /// Longer than [`MAX_TOKEN_BYTES`].
    #[error(
        "the token has {found} bytes, at most 8192 are read; present the token as it was issued"
    )]
    TooLong {
        /// How many bytes it has.
        found: usize,
    },
    /// Not a JWT in compact form with the members of ours.
    #[error("the token is not one of ours: {0}; present the token as it was issued")]
    Malformed(&'static str),
    /// Another algorithm than RS256, `none` included.
    #[error(
        "the token is not signed with RS256, the only algorithm accepted; present the token as it was issued"
    )]
    WrongAlgorithm,
    /// No public key to verify with.
    #[error("no public key was given to verify the token; configure the merchant's public key")]
    NoKeys,
    /// Not signed by any of the given keys.
    #[error("the token's signature is not by any of the merchant's keys; fetch a new token")]
    BadSignature,
    /// Issued by another issuer.
    #[error("the token names another issuer; fetch a new token, or check the configured issuer")]
    WrongIssuer,
    /// Issued for another client.
    #[error(
        "the token was issued for another client id; fetch a new token, or check the configured client id"
    )]
    WrongClient,
    /// Valid only later.
    #[error("the token becomes valid {}s from now; check the clocks", by.as_secs())]
    NotYetValid {
        /// How long until then, beyond the leeway.
        by: Duration,
    },
    /// Right in every other way, but expired.
    #[error("the token expired {}s ago; fetch a new one", by.as_secs())]
    Expired {
        /// How long ago, leeway not counted.
        by: Duration,
    },
    /// The given time is before 1970.
    #[error("the clock stands before 1970; set it")]
    Clock,
}

impl fmt::Display for MerchantToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "token of {} for {}", self.issuer, self.client_id)
    }
}
