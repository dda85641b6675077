//! The key that DOKU signs with.

use doku_sign::{Backend, DokuPrivateKey, KeyError, MerchantPrivateKey};

/// The size of a key that is made up.
const KEY_BITS: usize = 2048;

/// DOKU's key, in the two forms in which it is used.
#[derive(Debug, Clone)]
pub(super) struct DokuKey {
    pub(super) key: DokuPrivateKey,
    /// The same key as an issuer of tokens.
    pub(super) issuer: MerchantPrivateKey,
}

impl DokuKey {
    /// From the key that was given, or a new one.
    pub(super) fn make(given: Option<DokuPrivateKey>, backend: Backend) -> Result<Self, KeyError> {
        let key = match given {
            Some(key) => key,
            None => DokuPrivateKey::generate_on(backend, KEY_BITS)?,
        };
        // Issuing a JWT is what a merchant does to DOKU. DOKU issues the same kind of token, so here it plays that part.
        let issuer = MerchantPrivateKey::from_pem(&key.to_pkcs8_pem()?)?.on(key.backend())?;
        Ok(Self { key, issuer })
    }
}
