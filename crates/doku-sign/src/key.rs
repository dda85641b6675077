//! RSA keys, one type for each role.
//!
//! The merchant signs with its private key and DOKU verifies with the merchant's public key; DOKU
//! signs with its own, and the merchant verifies with DOKU's public key. The four cannot be mixed
//! up: the role is part of the type.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use getrandom::SysRng;
use rsa::pkcs1::{RsaPrivateKey, RsaPublicKey};
use rsa::pkcs8::der::asn1::UintRef;
use rsa::pkcs8::{EncodePrivateKey as _, EncodePublicKey as _, LineEnding};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::encoding::hex32;
use crate::signature::{Signature, SignatureMismatch};
use crate::string_to_sign::{RsaSha256, StringToSign};

mod backend;
#[cfg(feature = "encrypted-keys")]
mod encrypted;
mod error;
mod pem;
mod shape;

pub use backend::Backend;
pub use error::{KeyError, SignError};

use backend::{Signer, Verifier};
use shape::Shape;

/// The smallest modulus that is accepted, in bits.
pub const MIN_KEY_BITS: usize = 2048;

/// The largest modulus that is accepted, in bits.
pub const MAX_KEY_BITS: usize = 4096;

/// Whose key it is.
pub trait Role: sealed::Sealed {
    /// The role in words, for `Debug`.
    const NAME: &'static str;
}

/// The merchant's own pair.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "a marker without values")]
pub enum Merchant {}

/// DOKU's pair. Only a local stand-in for DOKU has its private half.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "a marker without values")]
pub enum Doku {}

impl Role for Merchant {
    const NAME: &'static str = "merchant";
}

impl Role for Doku {
    const NAME: &'static str = "DOKU";
}

mod sealed {
    #[expect(unnameable_types, reason = "that is what seals it")]
    pub trait Sealed {}
    impl Sealed for super::Merchant {}
    impl Sealed for super::Doku {}
}

/// Signs token requests and the tokens the merchant issues.
pub type MerchantPrivateKey = PrivateKey<Merchant>;

/// Verifies what the merchant signed; its PEM text is what the merchant gives to DOKU.
pub type MerchantPublicKey = PublicKey<Merchant>;

/// Signs as DOKU does. For a local stand-in for DOKU, in tests and sandboxes.
pub type DokuPrivateKey = PrivateKey<Doku>;

/// Verifies DOKU's token requests. In the back office: Settings > API Keys, "DOKU Public Key".
pub type DokuPublicKey = PublicKey<Doku>;

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
            Shape::Encrypted(encrypted) => encrypted::open(&encrypted, passphrase)?,
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
        must_have_usable_size(bits)?;
        rsa::PrivateKey::new(&mut SysRng, bits)
            .map_err(|error| KeyError::Generation(Box::new(error)))
            .and_then(|key| Self::assemble(key, Backend::default()))
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
    /// leniently as [`PrivateKey::from_pem`].
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

    fn from_pkcs1(key: RsaPublicKey<UintRef<'_>>) -> Result<Self, KeyError> {
        must_have_usable_size(bits(&key.modulus))?;
        let key = rsa::PublicKey::try_from(key).map_err(inconsistent)?;
        Self::assemble(key, Backend::default())
    }

    fn assemble(key: rsa::PublicKey, backend: Backend) -> Result<Self, KeyError> {
        use rsa::traits::PublicKeyParts as _;

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

    fn describe(&self, kind: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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

/// The size of a modulus, leading zeros not counted.
fn bits(modulus: &UintRef<'_>) -> usize {
    let bytes = modulus.as_bytes();
    let unused = bytes
        .first()
        .map_or(0, |first| first.leading_zeros() as usize);
    (bytes.len() * 8).saturating_sub(unused)
}

const fn must_have_usable_size(bits: usize) -> Result<(), KeyError> {
    if bits < MIN_KEY_BITS {
        Err(KeyError::TooSmall { bits })
    } else if bits > MAX_KEY_BITS {
        Err(KeyError::TooLarge { bits })
    } else {
        Ok(())
    }
}

fn inconsistent(error: impl std::error::Error + Send + Sync + 'static) -> KeyError {
    KeyError::Inconsistent(Box::new(error))
}

#[cfg(test)]
mod tests;
