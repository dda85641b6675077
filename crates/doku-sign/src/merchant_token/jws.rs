//! The JWS compact form (RFC 7515), cut down to the one kind of token we issue.

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, Visitor};
use serde_json::Value;

use super::{MAX_TOKEN_BYTES, TokenError};
use crate::key::MerchantPublicKey;
use crate::signature::Signature;

/// The header of every issued token, `{"alg":"RS256","typ":"JWT"}` in base64url.
pub(super) const HEADER: &str = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9";

/// A token taken apart, its signature not yet verified.
pub(super) struct Jws<'a> {
    signed: &'a str,
    claims: &'a str,
    signature: Signature,
}

/// The claims of a verified token.
pub(super) struct Claims {
    pub(super) issuer: String,
    pub(super) client_id: String,
    pub(super) expires: u64,
    /// Zero when the token does not say.
    pub(super) not_before: u64,
}

impl<'a> Jws<'a> {
    /// Takes a token apart and accepts RS256 alone.
    pub(super) fn read(token: &'a str) -> Result<Self, TokenError> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(TokenError::TooLong { found: token.len() });
        }
        let (signed, signature) = token
            .rsplit_once('.')
            .ok_or(TokenError::Malformed("it has not three parts between dots"))?;
        let (header, claims) = signed
            .split_once('.')
            .filter(|(_, claims)| !claims.contains('.'))
            .ok_or(TokenError::Malformed("it has not three parts between dots"))?;

        // Ours is known without being read.
        if header != HEADER {
            accept(header)?;
        }
        let signature = URL_SAFE_NO_PAD
            .decode(signature)
            .map_err(|_| TokenError::Malformed("its signature is not base64url"))?;
        Ok(Self {
            signed,
            claims,
            signature: Signature::from_bytes(signature),
        })
    }

    /// Any of the keys may have signed it.
    pub(super) fn verify(&self, keys: &[MerchantPublicKey]) -> Result<(), TokenError> {
        if keys.is_empty() {
            return Err(TokenError::NoKeys);
        }
        let signed = self.signed.as_bytes();
        if keys
            .iter()
            .any(|key| key.verify_bytes(signed, &self.signature).is_ok())
        {
            Ok(())
        } else {
            Err(TokenError::BadSignature)
        }
    }

    /// Reads the claims. Call it after [`Jws::verify`] only.
    pub(super) fn claims(&self) -> Result<Claims, TokenError> {
        let claims: Members = json(self.claims, "its claims are not a JSON object in base64url")?;
        Ok(Claims {
            issuer: claims.issuer()?.to_owned(),
            client_id: claims
                .text("clientId")
                .ok_or(TokenError::Malformed("it has no clientId"))?
                .to_owned(),
            expires: claims
                .seconds("exp")?
                .ok_or(TokenError::Malformed("it has no exp"))?,
            not_before: claims.seconds("nbf")?.unwrap_or(0),
        })
    }
}

/// Whether a token with this header may be one of ours all the same: RS256, in another spelling.
fn accept(header: &str) -> Result<(), TokenError> {
    let header: Members = json(header, "its header is not a JSON object in base64url")?;
    if header.text("alg") != Some("RS256") {
        return Err(TokenError::WrongAlgorithm);
    }
    // Extensions that must be understood (RFC 7515, section 4.1.11): none is.
    if header.0.contains_key("crit") {
        return Err(TokenError::Malformed(
            "its header demands extensions (crit)",
        ));
    }
    if header.0.contains_key("typ") && header.text("typ") != Some("JWT") {
        return Err(TokenError::Malformed("its typ is not JWT"));
    }
    Ok(())
}

/// A JSON object whose members are all different.
///
/// Two readers of a repeated member may each take another one, so it is refused.
struct Members(BTreeMap<String, Value>);

impl Members {
    fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    /// Whole Unix seconds.
    fn seconds(&self, name: &str) -> Result<Option<u64>, TokenError> {
        match self.0.get(name) {
            None => Ok(None),
            Some(value) => value.as_u64().map(Some).ok_or(TokenError::Malformed(
                "one of its times is not in whole Unix seconds",
            )),
        }
    }

    /// Standard JWTs say `iss`, DOKU's SDK for Go says `issuer`. Both together must agree.
    fn issuer(&self) -> Result<&str, TokenError> {
        const NONE: TokenError = TokenError::Malformed("it has no iss");
        let claimed = |name| match self.0.get(name) {
            None => Ok(None),
            Some(value) => value.as_str().map(Some).ok_or(NONE),
        };
        match (claimed("iss")?, claimed("issuer")?) {
            (Some(iss), Some(issuer)) if iss != issuer => Err(TokenError::WrongIssuer),
            (Some(issuer), _) | (None, Some(issuer)) => Ok(issuer),
            (None, None) => Err(NONE),
        }
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Unique;

        impl<'de> Visitor<'de> for Unique {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Members, M::Error> {
                let mut members = BTreeMap::new();
                while let Some((name, value)) = map.next_entry::<String, Value>()? {
                    if members.insert(name, value).is_some() {
                        return Err(M::Error::custom("a member is repeated"));
                    }
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Unique)
    }
}

fn json(segment: &str, what: &'static str) -> Result<Members, TokenError> {
    let bytes = URL_SAFE_NO_PAD
        .decode(segment)
        .map_err(|_| TokenError::Malformed(what))?;
    serde_json::from_slice(&bytes).map_err(|_| TokenError::Malformed(what))
}
