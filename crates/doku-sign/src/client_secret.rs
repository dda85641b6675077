//! The key both sides share: HMAC over a string-to-sign.

use std::fmt;
use std::sync::Arc;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Sha256, Sha512};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::bearer::Bearer;
use crate::begun::BegunTransaction;
use crate::signature::{NonSnapSignature, Signature, SignatureMismatch};
use crate::string_to_sign::{HmacSha256, HmacSha512, StringToSign};
use crate::transaction::SnapTransaction;

/// DOKU's "Secret Key" (`SK-…`), which signs and verifies transactions.
///
/// The HMAC key state is set up once; cloning shares it. It is wiped when the last clone is
/// dropped. The secret cannot be read back, printed or compared.
///
/// ```
/// use doku_sign::{AccessToken, ClientSecret, MinifiedBody, Signature, StringToSign};
///
/// let secret = ClientSecret::new("SK-EXAMPLE")?;
/// let to_sign = StringToSign::snap_transaction(
///     "POST",
///     "/path",
///     &AccessToken::new("TOKEN"),
///     &MinifiedBody::empty(),
///     "2024-03-19T14:39:01+07:00",
/// );
/// let header = secret.sign(&to_sign).to_base64();
/// secret.verify(&to_sign, &Signature::from_base64(&header)?)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct ClientSecret(Arc<KeyStates>);

struct KeyStates {
    snap: Hmac<Sha512>,
    non_snap: Hmac<Sha256>,
    /// For [`diagnose`](crate::diagnose) alone, which tries what copying makes of a secret.
    text: Zeroizing<Box<[u8]>>,
}

impl ClientSecret {
    /// Takes the secret as the back office shows it.
    ///
    /// # Errors
    ///
    /// [`ClientSecretError`] for an empty secret, and for one with white space around it: the
    /// remains of copying, which would sign everything wrong.
    pub fn new(secret: &str) -> Result<Self, ClientSecretError> {
        if secret.is_empty() {
            return Err(ClientSecretError::Empty);
        }
        if secret.trim() != secret {
            return Err(ClientSecretError::WhiteSpaceAround);
        }
        Self::from_bytes(secret.as_bytes()).ok_or(ClientSecretError::Unusable)
    }

    /// HMAC takes keys of any length and any bytes; `None` cannot happen.
    pub(crate) fn from_bytes(secret: &[u8]) -> Option<Self> {
        let snap = Hmac::new_from_slice(secret).ok()?;
        let non_snap = Hmac::new_from_slice(secret).ok()?;
        let text = Zeroizing::new(Box::from(secret));
        Some(Self(Arc::new(KeyStates {
            snap,
            non_snap,
            text,
        })))
    }

    /// The secret with something around it, as a careless copy has it.
    pub(crate) fn between(&self, before: &str, after: &str) -> Option<Self> {
        // One allocation of the final size: growing would leave copies of the secret behind.
        let length = before.len() + self.0.text.len() + after.len();
        let mut text = Zeroizing::new(Vec::with_capacity(length));
        text.extend_from_slice(before.as_bytes());
        text.extend_from_slice(&self.0.text);
        text.extend_from_slice(after.as_bytes());
        Self::from_bytes(&text)
    }

    /// The secret itself, for taking it out of what will be shown.
    pub(crate) fn text(&self) -> &str {
        str::from_utf8(&self.0.text).unwrap_or_default()
    }

    /// Signs a SNAP transaction with HMAC-SHA-512.
    #[must_use]
    pub fn sign(&self, to_sign: &StringToSign<HmacSha512>) -> Signature {
        Signature::of_hmac_sha512(self.hmac_sha512(to_sign.as_bytes()))
    }

    /// Verifies the signature of a SNAP transaction, in constant time.
    ///
    /// # Errors
    ///
    /// [`SignatureMismatch`] when it was made with another secret or over another text.
    pub fn verify(
        &self,
        to_sign: &StringToSign<HmacSha512>,
        signature: &Signature,
    ) -> Result<(), SignatureMismatch> {
        signature.must_equal(&self.hmac_sha512(to_sign.as_bytes()))
    }

    /// The same of a transaction whose parts are at hand: neither text nor copy of the token is made.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify).
    pub fn verify_transaction(
        &self,
        transaction: &SnapTransaction<'_>,
        signature: &Signature,
    ) -> Result<(), SignatureMismatch> {
        self.begin_transaction(transaction.method, transaction.path, transaction.token)
            .verified(transaction.body_hash, transaction.timestamp, signature)
    }

    /// Takes in what is the same for every call of one `path` with one token, for verifying many of them.
    ///
    /// The parts are taken as they are, like those of [`SnapTransaction`].
    #[must_use]
    pub fn begin_transaction(
        &self,
        method: &str,
        path: &str,
        token: Bearer<'_>,
    ) -> BegunTransaction {
        BegunTransaction::new(self.0.snap.clone(), method, path, token)
    }

    /// Signs a non-SNAP request or response with HMAC-SHA-256.
    #[must_use]
    pub fn sign_non_snap(&self, to_sign: &StringToSign<HmacSha256>) -> NonSnapSignature {
        NonSnapSignature::from_bytes(self.hmac_sha256(to_sign.as_bytes()).to_vec())
    }

    /// Verifies the signature of a non-SNAP request or response, in constant time.
    ///
    /// # Errors
    ///
    /// [`SignatureMismatch`] when it was made with another secret or over another text.
    pub fn verify_non_snap(
        &self,
        to_sign: &StringToSign<HmacSha256>,
        signature: &NonSnapSignature,
    ) -> Result<(), SignatureMismatch> {
        signature.must_equal(&self.hmac_sha256(to_sign.as_bytes()))
    }

    pub(crate) fn hmac_sha512(&self, message: &[u8]) -> [u8; 64] {
        let mut mac = self.0.snap.clone();
        mac.update(message);
        mac.finalize().into_bytes().into()
    }

    pub(crate) fn hmac_sha256(&self, message: &[u8]) -> [u8; 32] {
        let mut mac = self.0.non_snap.clone();
        mac.update(message);
        mac.finalize().into_bytes().into()
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientSecret(..)")
    }
}

/// A text that cannot be a client secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ClientSecretError {
    /// Nothing was given. There is no default secret.
    #[error(
        "the client secret is empty; copy the Secret Key from the DOKU back office, Settings > API Keys"
    )]
    Empty,
    /// Blanks or line ends around the secret.
    #[error(
        "the client secret has white space around it; remove the blanks or the line end left from copying"
    )]
    WhiteSpaceAround,
    /// The HMAC refused the key, which it never does.
    #[error(
        "the client secret cannot be used as an HMAC key; copy the Secret Key from the DOKU back office again"
    )]
    Unusable,
}

#[cfg(test)]
mod tests;
