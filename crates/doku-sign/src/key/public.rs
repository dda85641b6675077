//! The half of a pair that verifies, and its fingerprint.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use rsa::pkcs1::RsaPublicKey;
use rsa::pkcs8::der::asn1::UintRef;
use rsa::pkcs8::{EncodePublicKey as _, LineEnding};
use rsa::traits::PublicKeyParts as _;
use sha2::{Digest as _, Sha256};

use super::backend::{Backend, Verifier};
use super::error::KeyError;
use super::shape::Shape;
use super::{Role, bits, inconsistent, must_have_usable_size, pem};
use crate::encoding::hex32;
use crate::signature::{Signature, SignatureMismatch};
use crate::string_to_sign::{RsaSha256, StringToSign};

/// An RSA public key of 2048 to 4096 bits.
///
/// Parsed once; cloning shares it.
pub struct PublicKey<R: Role> {
    shared: Arc<Public>,
    role: PhantomData<fn() -> R>,
}

struct Public {
    key: rsa::PublicKey,
    verifier: Verifier,
    fingerprint: Fingerprint,
    bits: usize,
}

impl<R: Role> PublicKey<R> {
    /// Reads a public key: SPKI (`BEGIN PUBLIC KEY`) or PKCS#1 (`BEGIN RSA PUBLIC KEY`), as
    /// leniently as [`PrivateKey::from_pem`](super::PrivateKey::from_pem).
    ///
    /// # Errors
    ///
    /// [`KeyError`] names what the text is instead and the command that mends it.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        match Shape::of(&pem::der(pem)?)? {
            Shape::Public(key) => Self::from_pkcs1(key),
            Shape::Private(_) | Shape::Encrypted(_) => Err(KeyError::PrivateKeyGiven),
        }
    }

    /// The same key on another backend. A key starts on [`Backend::RustCrypto`].
    ///
    /// # Errors
    ///
    /// [`KeyError::RefusedByBackend`] for an unusual key that only one backend takes.
    pub fn on(self, backend: Backend) -> Result<Self, KeyError> {
        if self.backend() == backend {
            return Ok(self);
        }
        Self::assemble(self.shared.key.clone(), backend)
    }

    /// The backend that does the arithmetic.
    #[must_use]
    pub fn backend(&self) -> Backend {
        self.shared.verifier.backend()
    }

    /// Verifies an RSA PKCS#1 v1.5 signature with SHA-256.
    ///
    /// # Errors
    ///
    /// [`SignatureMismatch`] when it was made with another key or over another text.
    pub fn verify(
        &self,
        to_sign: &StringToSign<RsaSha256>,
        signature: &Signature,
    ) -> Result<(), SignatureMismatch> {
        self.verify_bytes(to_sign.as_bytes(), signature)
    }

    pub(crate) fn verify_bytes(
        &self,
        message: &[u8],
        signature: &Signature,
    ) -> Result<(), SignatureMismatch> {
        self.shared
            .verifier
            .verify(&self.shared.key, message, signature)
    }

    /// The key as a PEM text, `BEGIN PUBLIC KEY`, as DOKU's back office takes it.
    ///
    /// # Errors
    ///
    /// [`KeyError::Inconsistent`] if the key cannot be written, which no accepted key does.
    pub fn to_pem(&self) -> Result<String, KeyError> {
        self.shared
            .key
            .to_public_key_pem(LineEnding::LF)
            .map_err(inconsistent)
    }

    /// The size of the modulus in bits.
    #[must_use]
    pub fn bits(&self) -> usize {
        self.shared.bits
    }

    /// A short name for telling keys apart.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        self.shared.fingerprint
    }

    /// The key without its role, for what [`recovered`](super::recovered) reads.
    pub(super) fn raw(&self) -> &rsa::PublicKey {
        &self.shared.key
    }

    fn from_pkcs1(key: RsaPublicKey<UintRef<'_>>) -> Result<Self, KeyError> {
        must_have_usable_size(bits(&key.modulus))?;
        let key = rsa::PublicKey::try_from(key).map_err(inconsistent)?;
        Self::assemble(key, Backend::default())
    }

    pub(super) fn assemble(key: rsa::PublicKey, backend: Backend) -> Result<Self, KeyError> {
        let spki = key.to_public_key_der().map_err(inconsistent)?;
        let public = Public {
            verifier: Verifier::new(backend, spki.as_bytes())?,
            fingerprint: Fingerprint(Sha256::digest(spki.as_bytes()).into()),
            bits: usize::try_from(key.n().bit_width_vartime()).unwrap_or(usize::MAX),
            key,
        };
        Ok(Self {
            shared: Arc::new(public),
            role: PhantomData,
        })
    }

    pub(super) fn describe(&self, kind: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{kind}({}, {} bits, {}, {:?})",
            R::NAME,
            self.bits(),
            self.fingerprint(),
            self.backend()
        )
    }
}

impl<R: Role> Clone for PublicKey<R> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            role: PhantomData,
        }
    }
}

impl<R: Role> PartialEq for PublicKey<R> {
    fn eq(&self, other: &Self) -> bool {
        self.shared.fingerprint == other.shared.fingerprint
    }
}

impl<R: Role> Eq for PublicKey<R> {}

impl<R: Role> fmt::Debug for PublicKey<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.describe("PublicKey", f)
    }
}

/// The SHA-256 of a public key's DER form (SPKI), for humans to tell keys apart.
///
/// Prints its first 16 hex digits, and all 64 with `{:#}`, as
/// `openssl pkey -pubin -in public.pem -outform DER | sha256sum` does.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; 32]);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hex = hex32(&self.0);
        let shown = if f.alternate() {
            hex.as_slice()
        } else {
            hex.split_at(16).0
        };
        f.write_str(str::from_utf8(shown).unwrap_or_default())
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}
