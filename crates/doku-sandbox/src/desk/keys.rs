//! What DOKU signs, and the tokens it issues.

use std::borrow::Cow;
use std::time::SystemTime;

use doku_sign::{
    AccessToken, DokuPublicKey, MerchantToken, RsaSha256, Signature, StringToSign, TokenParties,
};
use time::OffsetDateTime;

use super::Desk;
use super::doku_key::DokuKey;

/// The issuer that DOKU's tokens name.
const ISSUER: &str = "DOKU";

impl Desk {
    /// Issues a token. Making and using an RSA key takes milliseconds, so neither happens on a thread that serves.
    pub(super) async fn issue(
        &self,
        now: OffsetDateTime,
    ) -> Result<AccessToken, Cow<'static, str>> {
        let issuer = self.key().await?.issuer.clone();
        let client_id = self.client_id.clone();
        let lifetime = self.token_lifetime;
        let issued = tokio::task::spawn_blocking(move || {
            let parties = TokenParties {
                issuer: ISSUER,
                client_id: client_id.as_str(),
            };
            MerchantToken::issue(&issuer, parties, SystemTime::from(now), lifetime)
        });
        let token = match issued.await {
            Ok(Ok(token)) => token,
            Ok(Err(error)) => return Err(error.to_string().into()),
            Err(_) => return Err("signing the token was interrupted".into()),
        };
        self.tokens().remember(token.expose(), now);
        let expires = time::Duration::try_from(self.token_lifetime)
            .ok()
            .and_then(|lifetime| now.checked_add(lifetime))
            .unwrap_or(now);
        *self.last_issued() = Some((token.clone(), expires));
        Ok(token)
    }

    /// The token that DOKU issued last, however old: the one that the merchant has; `None` where it has none yet.
    pub(crate) fn token_of_the_merchant(&self) -> Option<AccessToken> {
        self.last_issued().as_ref().map(|(token, _)| token.clone())
    }

    /// The token that DOKU issued last, or a new one where that has expired.
    pub(crate) async fn doku_token(&self) -> Result<AccessToken, Cow<'static, str>> {
        let now = self.clock.now();
        let last = self.last_issued().clone();
        match last {
            Some((token, expires)) if now < expires => Ok(token),
            _ => self.issue(now).await,
        }
    }

    /// DOKU's signature. Signing takes milliseconds, so it does not happen on a thread that serves.
    pub(crate) async fn sign_as_doku(
        &self,
        to_sign: StringToSign<RsaSha256>,
    ) -> Result<Signature, Cow<'static, str>> {
        let key = self.key().await?.key.clone();
        match tokio::task::spawn_blocking(move || key.sign(&to_sign)).await {
            Ok(Ok(signature)) => Ok(signature),
            Ok(Err(error)) => Err(error.to_string().into()),
            Err(_) => Err("signing was interrupted".into()),
        }
    }

    /// DOKU's public key, made first if there is none yet.
    pub(crate) async fn doku_public_key(&self) -> Option<DokuPublicKey> {
        self.key().await.ok().map(|key| key.key.public_key())
    }

    async fn key(&self) -> Result<&DokuKey, Cow<'static, str>> {
        let given = self.given_key.clone();
        let backend = self.verifier.merchant_key.backend();
        let make = || async move {
            let made = tokio::task::spawn_blocking(move || DokuKey::make(given, backend));
            match made.await {
                Ok(Ok(key)) => Ok(key),
                Ok(Err(error)) => Err(Cow::Owned(error.to_string())),
                Err(_) => Err(Cow::Borrowed("making DOKU's key was interrupted")),
            }
        };
        self.doku_key.get_or_try_init(make).await
    }
}
