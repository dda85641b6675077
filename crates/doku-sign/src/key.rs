//! RSA keys, one type for each role.
//!
//! The merchant signs with its private key and DOKU verifies with the merchant's public key; DOKU
//! signs with its own, and the merchant verifies with DOKU's public key. The four cannot be mixed
//! up: the role is part of the type.

use rsa::pkcs8::der::asn1::UintRef;

mod backend;
#[cfg(feature = "encrypted-keys")]
mod encrypted;
mod error;
mod pem;
mod private;
mod public;
mod recovered;
mod shape;

pub use backend::Backend;
pub use error::{KeyError, SignError};
pub use private::PrivateKey;
pub use public::{Fingerprint, PublicKey};
pub(crate) use recovered::Recovered;
pub use recovered::SignedHash;

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
