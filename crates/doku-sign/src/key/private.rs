//! The half of a pair that signs.

use std::fmt;
use std::sync::Arc;

use rsa::pkcs1::RsaPrivateKey;
use rsa::pkcs8::der::asn1::UintRef;
use rsa::pkcs8::{EncodePrivateKey as _, LineEnding};
use zeroize::Zeroizing;

use super::backend::{Backend, Signer};
use super::error::{KeyError, SignError};
use super::public::{Fingerprint, PublicKey};
use super::shape::Shape;
use super::{Role, bits, inconsistent, must_have_usable_size, pem};
use crate::signature::Signature;
use crate::string_to_sign::{RsaSha256, StringToSign};

/// An RSA private key of 2048 to 4096 bits.
///
/// Parsed once; cloning shares it. Its memory is wiped when the last clone is dropped. It cannot
/// be printed, serialised or compared.
///
/// ```
/// use doku_sign::{MerchantPrivateKey, Signature, StringToSign};
///
/// let key = MerchantPrivateKey::generate(2048)?;
/// let to_sign = StringToSign::snap_token("MCH-0008", "2026-09-04T00:00:00Z");
/// let header = key.sign(&to_sign)?.to_base64();
///
/// key.public_key().verify(&to_sign, &Signature::from_base64(&header)?)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The merchant's key is not DOKU's:
///
/// ```compile_fail,E0308
/// use doku_sign::{DokuPublicKey, MerchantPrivateKey};
///
/// let key = MerchantPrivateKey::generate(2048).unwrap();
/// let wrong: DokuPublicKey = key.public_key();
/// ```
pub struct PrivateKey<R: Role> {
    pair: Arc<Pair>,
    public: PublicKey<R>,
}

struct Pair {
    key: rsa::PrivateKey,
    signer: Signer,
}

impl<R: Role> PrivateKey<R> {
    /// Reads a private key without a passphrase: PKCS#8 or PKCS#1, in PEM or bare base64, with
    /// line ends of any kind, literal `\n`, on one line, or with stray blanks.
    ///
    /// # Errors
    ///
    /// [`KeyError`] names what the text is instead and the command that mends it.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        match Shape::of(&pem::der(pem)?)? {
            Shape::Private(key) => Self::from_pkcs1(key),
            Shape::Public(_) => Err(KeyError::PublicKeyGiven),
            Shape::Encrypted(_) => Err(KeyError::PassphraseNeeded),
        }
    }

    /// Reads a PKCS#8 private key that a passphrase protects, in the PBES2 form or in the
    /// PBE-SHA1-3DES form of DOKU's instructions.
    ///
    /// # Errors
    ///
    /// [`KeyError`], among others [`KeyError::WrongPassphrase`] and [`KeyError::NotEncrypted`].
    #[cfg(feature = "encrypted-keys")]
    pub fn from_encrypted_pem(pem: &str, passphrase: &str) -> Result<Self, KeyError> {
        let der = pem::der(pem)?;
        let opened = match Shape::of(&der)? {
            Shape::Encrypted(encrypted) => super::encrypted::open(&encrypted, passphrase)?,
            Shape::Private(_) => return Err(KeyError::NotEncrypted),
            Shape::Public(_) => return Err(KeyError::PublicKeyGiven),
        };
        match Shape::of(&opened) {
            Ok(Shape::Private(key)) => Self::from_pkcs1(key),
            Err(KeyError::NotRsa) => Err(KeyError::NotRsa),
            // A wrong passphrase leaves valid padding, and then noise, once in 256 times.
            _ => Err(KeyError::WrongPassphrase),
        }
    }

    /// Makes a new key of 2048 to 4096 bits from the system's randomness.
    ///
    /// # Errors
    ///
    /// [`KeyError::TooSmall`], [`KeyError::TooLarge`], or [`KeyError::Generation`] when the
    /// system gives no randomness.
    pub fn generate(bits: usize) -> Result<Self, KeyError> {
        Self::generate_on(Backend::default(), bits)
    }

    /// The same, made and used by one backend.
    ///
    /// Making a key of 2048 bits takes `aws-lc-rs` about a tenth of a second, and RustCrypto several times as long. What
    /// `aws-lc-rs` does not make, sizes other than 2048, 3072 and 4096, RustCrypto makes for it.
    ///
    /// # Errors
    ///
    /// As [`Self::generate`].
    pub fn generate_on(backend: Backend, bits: usize) -> Result<Self, KeyError> {
        must_have_usable_size(bits)?;
        Self::assemble(backend.make(bits)?, backend)
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
        Self::assemble(self.pair.key.clone(), backend)
    }

    /// The backend that does the arithmetic.
    #[must_use]
    pub fn backend(&self) -> Backend {
        self.pair.signer.backend()
    }

    /// Signs with RSA PKCS#1 v1.5 and SHA-256, blinded.
    ///
    /// # Errors
    ///
    /// [`SignError`] when the system gives no randomness for blinding.
    pub fn sign(&self, to_sign: &StringToSign<RsaSha256>) -> Result<Signature, SignError> {
        self.sign_bytes(to_sign.as_bytes())
    }

    pub(crate) fn sign_bytes(&self, message: &[u8]) -> Result<Signature, SignError> {
        self.pair.signer.sign(&self.pair.key, message)
    }

    /// The public half, on the same backend.
    #[must_use]
    pub fn public_key(&self) -> PublicKey<R> {
        self.public.clone()
    }

    /// The key as an unencrypted PKCS#8 PEM text, for storing it in a safe place.
    ///
    /// # Errors
    ///
    /// [`KeyError::Inconsistent`] if the key cannot be written, which no accepted key does.
    pub fn to_pkcs8_pem(&self) -> Result<Zeroizing<String>, KeyError> {
        self.pair
            .key
            .to_pkcs8_pem(LineEnding::LF)
            .map_err(inconsistent)
    }

    /// The size of the modulus in bits.
    #[must_use]
    pub fn bits(&self) -> usize {
        self.public.bits()
    }

    /// The fingerprint of the public half.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        self.public.fingerprint()
    }

    fn from_pkcs1(key: RsaPrivateKey<UintRef<'_>>) -> Result<Self, KeyError> {
        // Before any arithmetic: its cost grows with the cube of the size.
        must_have_usable_size(bits(&key.modulus))?;
        let key = rsa::PrivateKey::try_from(key).map_err(inconsistent)?;
        Self::assemble(key, Backend::default())
    }

    fn assemble(key: rsa::PrivateKey, backend: Backend) -> Result<Self, KeyError> {
        let public = PublicKey::assemble(key.to_public_key(), backend)?;
        let signer = Signer::new(backend, &key)?;
        Ok(Self {
            pair: Arc::new(Pair { key, signer }),
            public,
        })
    }
}

impl<R: Role> Clone for PrivateKey<R> {
    fn clone(&self) -> Self {
        Self {
            pair: Arc::clone(&self.pair),
            public: self.public.clone(),
        }
    }
}

impl<R: Role> fmt::Debug for PrivateKey<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.public.describe("PrivateKey", f)
    }
}
