//! The two implementations of RSA, behind one interface.

#[cfg(feature = "aws-lc-rs")]
use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rand::SystemRandom,
    rsa::KeySize,
    signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair},
};
use getrandom::SysRng;
#[cfg(feature = "aws-lc-rs")]
use rsa::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _};
use sha2::Sha256;

use super::error::{KeyError, SignError};
use crate::signature::{Signature, SignatureMismatch};

/// Which implementation does the arithmetic of a key.
///
/// A key is on [`Backend::RustCrypto`] unless it was moved with `on`. Both give the same
/// signatures, and both blind what they do with a private key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Backend {
    /// The `rsa` crate: pure Rust, builds everywhere.
    #[default]
    RustCrypto,
    /// The `aws-lc-rs` crate: several times faster, needs a C compiler to build.
    #[cfg(feature = "aws-lc-rs")]
    AwsLcRs,
}

impl Backend {
    /// Every backend this build has.
    #[must_use]
    pub const fn all() -> &'static [Self] {
        &[
            Self::RustCrypto,
            #[cfg(feature = "aws-lc-rs")]
            Self::AwsLcRs,
        ]
    }

    /// Makes a private key of a size that was found to be usable.
    pub(super) fn make(self, bits: usize) -> Result<rsa::PrivateKey, KeyError> {
        #[cfg(feature = "aws-lc-rs")]
        if self == Self::AwsLcRs
            && let Some(size) = size_of_aws_lc(bits)
        {
            let pair = RsaKeyPair::generate(size)
                .map_err(|error| KeyError::Generation(Box::new(error)))?;
            let der: Pkcs8V1Der<'_> = pair
                .as_der()
                .map_err(|error| KeyError::Generation(Box::new(error)))?;
            return rsa::PrivateKey::from_pkcs8_der(der.as_ref())
                .map_err(|error| KeyError::Inconsistent(Box::new(error)));
        }
        rsa::PrivateKey::new(&mut SysRng, bits)
            .map_err(|error| KeyError::Generation(Box::new(error)))
    }
}

/// The sizes that `aws-lc-rs` makes keys of, as far as they are usable.
#[cfg(feature = "aws-lc-rs")]
const fn size_of_aws_lc(bits: usize) -> Option<KeySize> {
    match bits {
        2048 => Some(KeySize::Rsa2048),
        3072 => Some(KeySize::Rsa3072),
        4096 => Some(KeySize::Rsa4096),
        _ => None,
    }
}

/// A private key, ready to sign.
pub(super) enum Signer {
    RustCrypto,
    #[cfg(feature = "aws-lc-rs")]
    AwsLcRs(Box<RsaKeyPair>),
}

impl Signer {
    #[cfg_attr(
        not(feature = "aws-lc-rs"),
        expect(
            unused_variables,
            reason = "RustCrypto needs nothing more than the key"
        )
    )]
    pub(super) fn new(backend: Backend, key: &rsa::PrivateKey) -> Result<Self, KeyError> {
        match backend {
            Backend::RustCrypto => Ok(Self::RustCrypto),
            #[cfg(feature = "aws-lc-rs")]
            Backend::AwsLcRs => {
                let der = key
                    .to_pkcs8_der()
                    .map_err(|error| KeyError::Inconsistent(Box::new(error)))?;
                let pair = RsaKeyPair::from_pkcs8(der.as_bytes())
                    .map_err(|error| KeyError::RefusedByBackend(Box::new(error)))?;
                Ok(Self::AwsLcRs(Box::new(pair)))
            }
        }
    }

    pub(super) const fn backend(&self) -> Backend {
        match self {
            Self::RustCrypto => Backend::RustCrypto,
            #[cfg(feature = "aws-lc-rs")]
            Self::AwsLcRs(_) => Backend::AwsLcRs,
        }
    }

    pub(super) fn sign(
        &self,
        key: &rsa::PrivateKey,
        message: &[u8],
    ) -> Result<Signature, SignError> {
        let bytes = match self {
            // We sign texts that others know and may choose (client id and timestamp), so the
            // private operation must not show the key in its timing (RUSTSEC-2023-0071). The
            // random source is handed over by name: this call blinds base, exponent and primes
            // with it, whatever features the crate is built with, and fails rather than sign
            // unblinded when the source fails. The signature is the same either way.
            Self::RustCrypto => key
                .pkcs1v15_sign_with_rng::<Sha256, _>(&mut SysRng, message)
                .map_err(|error| SignError(Box::new(error)))?,
            // AWS-LC blinds every private operation by itself and ignores the source given here.
            #[cfg(feature = "aws-lc-rs")]
            Self::AwsLcRs(pair) => {
                let mut bytes = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut bytes)
                    .map_err(|error| SignError(Box::new(error)))?;
                bytes
            }
        };
        Ok(Signature::from_bytes(bytes))
    }
}

/// A public key, ready to verify.
pub(super) enum Verifier {
    RustCrypto,
    #[cfg(feature = "aws-lc-rs")]
    AwsLcRs(Box<ParsedPublicKey>),
}

impl Verifier {
    /// `spki` is the DER form of `SubjectPublicKeyInfo`.
    #[cfg_attr(
        not(feature = "aws-lc-rs"),
        expect(
            unused_variables,
            reason = "RustCrypto needs nothing more than the key"
        )
    )]
    pub(super) fn new(backend: Backend, spki: &[u8]) -> Result<Self, KeyError> {
        match backend {
            Backend::RustCrypto => Ok(Self::RustCrypto),
            #[cfg(feature = "aws-lc-rs")]
            Backend::AwsLcRs => ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, spki)
                .map(|key| Self::AwsLcRs(Box::new(key)))
                .map_err(|error| KeyError::RefusedByBackend(Box::new(error))),
        }
    }

    pub(super) const fn backend(&self) -> Backend {
        match self {
            Self::RustCrypto => Backend::RustCrypto,
            #[cfg(feature = "aws-lc-rs")]
            Self::AwsLcRs(_) => Backend::AwsLcRs,
        }
    }

    pub(super) fn verify(
        &self,
        key: &rsa::PublicKey,
        message: &[u8],
        signature: &Signature,
    ) -> Result<(), SignatureMismatch> {
        let verified = match self {
            Self::RustCrypto => key
                .pkcs1v15_verify::<Sha256>(message, signature.as_bytes())
                .is_ok(),
            #[cfg(feature = "aws-lc-rs")]
            Self::AwsLcRs(key) => key.verify_sig(message, signature.as_bytes()).is_ok(),
        };
        if verified {
            Ok(())
        } else {
            Err(SignatureMismatch)
        }
    }
}
