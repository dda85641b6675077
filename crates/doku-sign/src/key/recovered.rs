//! What an RSA signature says of itself: raising it to the public exponent shows the hash that was
//! signed. It tells a wrong key from a wrong text, which a verification cannot.

use rsa::BoxedUint;
use rsa::hazmat::rsa_encrypt;
use rsa::traits::PublicKeyParts as _;
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use super::{PublicKey, Role};
use crate::signature::Signature;

/// A hash that RSA signatures are made over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignedHash {
    /// MD5.
    Md5,
    /// SHA-1.
    Sha1,
    /// SHA-256, the one that SNAP asks for.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl SignedHash {
    const ALL: [Self; 5] = [
        Self::Md5,
        Self::Sha1,
        Self::Sha256,
        Self::Sha384,
        Self::Sha512,
    ];

    /// What stands before the hash (RFC 8017, section 9.2, note 1).
    const fn prefix(self) -> &'static [u8] {
        match self {
            Self::Md5 => {
                b"\x30\x20\x30\x0c\x06\x08\x2a\x86\x48\x86\xf7\x0d\x02\x05\x05\x00\x04\x10"
            }
            Self::Sha1 => b"\x30\x21\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00\x04\x14",
            Self::Sha256 => {
                b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20"
            }
            Self::Sha384 => {
                b"\x30\x41\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00\x04\x30"
            }
            Self::Sha512 => {
                b"\x30\x51\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03\x05\x00\x04\x40"
            }
        }
    }

    const fn length(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// Whether [`Recovered::is_of`] can tell.
    pub(crate) const fn is_made_here(self) -> bool {
        matches!(self, Self::Sha256 | Self::Sha384 | Self::Sha512)
    }

    /// The name as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA-1",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        }
    }
}

/// The hash inside a signature that was certainly made with the other half of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Recovered {
    pub(crate) algorithm: SignedHash,
    hash: Vec<u8>,
}

impl Recovered {
    /// The hash is the one that SNAP asks for.
    pub(crate) fn is_usual(&self) -> bool {
        self.algorithm == SignedHash::Sha256
    }

    /// Whether `message` is what was signed. `false` for a hash that is not made here.
    pub(crate) fn is_of(&self, message: &[u8]) -> bool {
        match self.algorithm {
            SignedHash::Sha256 => Sha256::digest(message).as_slice() == self.hash,
            SignedHash::Sha384 => Sha384::digest(message).as_slice() == self.hash,
            SignedHash::Sha512 => Sha512::digest(message).as_slice() == self.hash,
            SignedHash::Md5 | SignedHash::Sha1 => false,
        }
    }
}

impl<R: Role> PublicKey<R> {
    /// The hash that was signed; `None` when another key signed, or with another padding.
    pub(crate) fn recover(&self, signature: &Signature) -> Option<Recovered> {
        let key = self.raw();
        let size = self.bits().div_ceil(8);
        if signature.as_bytes().len() != size {
            return None;
        }
        let number = BoxedUint::from_be_slice(signature.as_bytes(), key.n_bits_precision()).ok()?;
        if number >= **key.n() {
            return None;
        }
        let padded = rsa_encrypt(key, &number).ok()?.to_be_bytes();
        unpad(padded.get(padded.len().checked_sub(size)?..)?)
    }
}

/// EMSA-PKCS1-v1_5 backwards: `00 01 ff … ff 00`, the name of the hash, the hash.
fn unpad(padded: &[u8]) -> Option<Recovered> {
    let rest = padded.strip_prefix(&[0, 1])?;
    let end = rest.iter().position(|byte| *byte != 0xff)?;
    if end < 8 {
        return None;
    }
    let info = rest.get(end..)?.strip_prefix(&[0])?;
    SignedHash::ALL.into_iter().find_map(|algorithm| {
        let hash = info.strip_prefix(algorithm.prefix())?;
        (hash.len() == algorithm.length()).then(|| Recovered {
            algorithm,
            hash: hash.to_vec(),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{MerchantPrivateKey, MerchantPublicKey, StringToSign};

    const MERCHANT: &str = include_str!("../../tests/fixtures/merchant.key");
    const OTHER: &str = include_str!("../../tests/fixtures/doku.key");

    #[test]
    fn finds_the_hash_that_was_signed() {
        let key = MerchantPrivateKey::from_pem(MERCHANT).unwrap();
        let to_sign = StringToSign::snap_token("MCH", "2026-09-04T00:00:00Z");
        let signature = key.sign(&to_sign).unwrap();
        let recovered = key.public_key().recover(&signature).unwrap();
        assert_eq!(recovered.algorithm, SignedHash::Sha256);
        assert!(recovered.is_of(to_sign.as_bytes()));
        assert!(!recovered.is_of(b"MCH|"));

        let other = MerchantPrivateKey::from_pem(OTHER).unwrap().public_key();
        assert_eq!(other.recover(&signature), None);
    }

    #[test]
    fn refuses_what_no_key_made() {
        let key: MerchantPublicKey = MerchantPrivateKey::from_pem(MERCHANT).unwrap().public_key();
        for bytes in [
            vec![],
            vec![0; 256],
            vec![0xff; 256],
            vec![1; 255],
            vec![1; 257],
        ] {
            assert_eq!(key.recover(&Signature::from_bytes(bytes)), None);
        }
    }

    #[test]
    fn reads_every_hash_and_nothing_cut_short() {
        for algorithm in SignedHash::ALL {
            let mut padded = vec![0, 1];
            padded.extend([0xff; 8]);
            padded.push(0);
            padded.extend(algorithm.prefix());
            padded.extend(vec![7; algorithm.length()]);
            assert_eq!(unpad(&padded).unwrap().algorithm, algorithm);
            assert_eq!(unpad(&padded[..padded.len() - 1]), None);
            padded.remove(2);
            assert_eq!(unpad(&padded), None);
        }
    }
}
