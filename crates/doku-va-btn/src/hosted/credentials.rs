//! Who the merchant is towards DOKU, with room for the key before this one.

use doku_model::ClientId;
use doku_sign::{ClientSecret, DokuPublicKey, MerchantPrivateKey, MerchantPublicKey, TokenParties};

use crate::config::Config;

/// A secret or key, and the one before it while both are in use.
#[derive(Debug, Clone)]
pub(super) struct Rotating<K> {
    both: Vec<K>,
}

impl<K> Rotating<K> {
    fn only(current: K) -> Self {
        Self {
            both: vec![current],
        }
    }

    fn before(&mut self, previous: K) {
        self.both.truncate(1);
        self.both.push(previous);
    }

    /// The current one first.
    pub(super) fn as_slice(&self) -> &[K] {
        &self.both
    }
}

/// What the hosted endpoints verify with and issue tokens with.
///
/// Everything but the client id can be rotated: what was signed with the previous secret or key is still accepted, and
/// new tokens are signed with the current private key. `Debug` shows no secret.
///
/// ```
/// use doku_sign::{ClientSecret, DokuPrivateKey, MerchantPrivateKey};
/// use doku_va_btn::hosted::Credentials;
///
/// let old = MerchantPrivateKey::generate(2048)?;
/// let credentials = Credentials::new(
///     "BRN-0211-1696919651918".parse()?,
///     ClientSecret::new("SK-NEW")?,
///     MerchantPrivateKey::generate(2048)?,
///     DokuPrivateKey::generate(2048)?.public_key(),
/// )
/// .with_previous_secret(ClientSecret::new("SK-OLD")?)
/// .with_previous_public_key(old.public_key());
/// assert_eq!(credentials.client_id().as_str(), "BRN-0211-1696919651918");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Credentials {
    client_id: ClientId,
    issuer: String,
    secrets: Rotating<ClientSecret>,
    issuing: MerchantPrivateKey,
    verifying: Rotating<MerchantPublicKey>,
    doku: Rotating<DokuPublicKey>,
}

/// The configuration of a client has no public key of DOKU, without which nobody can tell who asks for a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "DOKU's public key is not configured: copy it from the back office, Settings > API Keys, into DOKU_PUBLIC_KEY"
)]
pub struct NoDokuPublicKey;

impl Credentials {
    /// Credentials before any rotation. Tokens name the client id as their issuer.
    #[must_use]
    pub fn new(
        client_id: ClientId,
        secret: ClientSecret,
        private_key: MerchantPrivateKey,
        doku_public_key: DokuPublicKey,
    ) -> Self {
        Self {
            issuer: client_id.as_str().to_owned(),
            client_id,
            secrets: Rotating::only(secret),
            verifying: Rotating::only(private_key.public_key()),
            issuing: private_key,
            doku: Rotating::only(doku_public_key),
        }
    }

    /// The credentials that the client uses, too.
    ///
    /// # Errors
    ///
    /// [`NoDokuPublicKey`] where the configuration has none.
    pub fn from_config(config: &Config) -> Result<Self, NoDokuPublicKey> {
        Ok(Self::new(
            config.client_id.clone(),
            config.secret_key.clone(),
            config.private_key.clone(),
            config.doku_public_key.clone().ok_or(NoDokuPublicKey)?,
        ))
    }

    /// With the secret key before this one.
    #[must_use]
    pub fn with_previous_secret(mut self, secret: ClientSecret) -> Self {
        self.secrets.before(secret);
        self
    }

    /// With the public half of the private key before this one: tokens that it signed are still accepted.
    #[must_use]
    pub fn with_previous_public_key(mut self, key: MerchantPublicKey) -> Self {
        self.verifying.before(key);
        self
    }

    /// With the public key of DOKU before this one.
    #[must_use]
    pub fn with_previous_doku_public_key(mut self, key: DokuPublicKey) -> Self {
        self.doku.before(key);
        self
    }

    /// With another name for the merchant in the claim `iss` than its client id. Replicas must agree on it.
    #[must_use]
    pub fn with_issuer(mut self, issuer: impl Into<String>) -> Self {
        self.issuer = issuer.into();
        self
    }

    /// The merchant's client id at DOKU.
    #[must_use]
    pub const fn client_id(&self) -> &ClientId {
        &self.client_id
    }

    pub(super) fn secrets(&self) -> &[ClientSecret] {
        self.secrets.as_slice()
    }

    pub(super) const fn issuing(&self) -> &MerchantPrivateKey {
        &self.issuing
    }

    pub(super) fn verifying(&self) -> &[MerchantPublicKey] {
        self.verifying.as_slice()
    }

    pub(super) fn doku(&self) -> &[DokuPublicKey] {
        self.doku.as_slice()
    }

    pub(super) fn parties(&self) -> TokenParties<'_> {
        TokenParties {
            issuer: &self.issuer,
            client_id: self.client_id.as_str(),
        }
    }
}
