//! What the bytes of a key are.
//!
//! PEM labels are often wrong and bare base64 has none, so the structure decides, not the label.

use rsa::pkcs1::{RsaPrivateKey, RsaPublicKey};
use rsa::pkcs8::der::asn1::{AnyRef, OctetStringRef, UintRef};
use rsa::pkcs8::der::{self, Decode as _, Reader as _, SliceReader};
use rsa::pkcs8::spki::AlgorithmIdentifierRef;
use rsa::pkcs8::{ObjectIdentifier, PrivateKeyInfoRef, SubjectPublicKeyInfoRef};

use super::error::KeyError;

/// `rsaEncryption`: a key for any use.
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// What a DER structure turned out to be.
pub(super) enum Shape<'a> {
    /// The PKCS#1 structure of a private key, alone or out of its PKCS#8 wrapping.
    Private(RsaPrivateKey<UintRef<'a>>),
    /// The PKCS#1 structure of a public key, alone or out of its SPKI wrapping.
    Public(RsaPublicKey<UintRef<'a>>),
    /// PKCS#8 under a passphrase.
    #[cfg_attr(
        not(feature = "encrypted-keys"),
        expect(dead_code, reason = "nothing opens it")
    )]
    Encrypted(Encrypted<'a>),
}

/// `EncryptedPrivateKeyInfo`, not yet opened.
#[cfg_attr(
    not(feature = "encrypted-keys"),
    expect(dead_code, reason = "nothing opens it")
)]
pub(super) struct Encrypted<'a> {
    pub(super) der: &'a [u8],
    pub(super) algorithm: AlgorithmIdentifierRef<'a>,
    pub(super) data: &'a [u8],
}

impl<'a> Shape<'a> {
    pub(super) fn of(der: &'a [u8]) -> Result<Self, KeyError> {
        if let Ok(info) = PrivateKeyInfoRef::from_der(der) {
            must_be_rsa(&info.algorithm)?;
            return RsaPrivateKey::from_der(info.private_key.as_bytes())
                .map(Self::Private)
                .map_err(malformed);
        }
        if let Ok(info) = SubjectPublicKeyInfoRef::from_der(der) {
            must_be_rsa(&info.algorithm)?;
            let key = info.subject_public_key.as_bytes().unwrap_or_default();
            return RsaPublicKey::from_der(key)
                .map(Self::Public)
                .map_err(malformed);
        }
        if let Ok(encrypted) = Encrypted::from_der(der) {
            return Ok(Self::Encrypted(encrypted));
        }
        if let Ok(key) = RsaPublicKey::from_der(der) {
            return Ok(Self::Public(key));
        }
        match RsaPrivateKey::from_der(der) {
            Ok(key) => Ok(Self::Private(key)),
            Err(_) if is_certificate(der) => Err(KeyError::CertificateGiven),
            Err(error) => Err(malformed(error)),
        }
    }
}

impl<'a> Encrypted<'a> {
    fn from_der(der: &'a [u8]) -> der::Result<Self> {
        let mut reader = SliceReader::new(der)?;
        let (algorithm, data) = reader.sequence(|fields| {
            let algorithm = AlgorithmIdentifierRef::decode(fields)?;
            let data = <&OctetStringRef>::decode(fields)?;
            Ok::<_, der::Error>((algorithm, data.as_bytes()))
        })?;
        reader.finish()?;
        Ok(Self {
            der,
            algorithm,
            data,
        })
    }
}

/// RSA-PSS keys are refused too: they are not meant for PKCS#1 v1.5.
fn must_be_rsa(algorithm: &AlgorithmIdentifierRef<'_>) -> Result<(), KeyError> {
    if algorithm.oid == RSA {
        Ok(())
    } else {
        Err(KeyError::NotRsa)
    }
}

/// A sequence of three: the certificate proper, an algorithm, and a bit string.
fn is_certificate(der: &[u8]) -> bool {
    let parts = || {
        let mut reader = SliceReader::new(der)?;
        reader.sequence(|fields| {
            let body = AnyRef::decode(fields)?;
            AlgorithmIdentifierRef::decode(fields)?;
            AnyRef::decode(fields)?;
            Ok::<_, der::Error>(body)
        })
    };
    parts().is_ok()
}

fn malformed(error: der::Error) -> KeyError {
    KeyError::Malformed(Box::new(error))
}
