//! Keys to the merchant API: known by their hash alone.

use std::fmt;

use sha2::{Digest as _, Sha256};
use subtle::{Choice, ConstantTimeEq as _};

/// Fewest characters of a key.
const SHORTEST: usize = 24;

/// A key to the merchant API, with a name for the logs. What is kept is its SHA-256.
///
/// ```
/// use doku_server::ApiKey;
///
/// let key = ApiKey::new("shop", "a-key-that-nobody-guesses-4711")?;
/// assert_eq!(key.name(), "shop");
/// assert!(ApiKey::new("shop", "short").is_err());
/// # Ok::<(), doku_server::InvalidApiKey>(())
/// ```
#[derive(Clone)]
pub struct ApiKey {
    name: String,
    sha256: [u8; 32],
}

/// A text that is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidApiKey {
    /// Too short to withstand guessing.
    #[error("an API key has at least 24 characters; make one with `openssl rand -hex 32`")]
    TooShort,
    /// Blanks, or what no header can carry.
    #[error("an API key has printable ASCII characters only, and no blanks")]
    Character,
    /// No hash.
    #[error("the SHA-256 of an API key has 64 hexadecimal digits")]
    Hash,
    /// No name, or one that a log would not show well.
    #[error("the name of an API key has 1 to 64 letters, digits, dots, dashes and underscores")]
    Name,
}

impl ApiKey {
    /// The key itself.
    ///
    /// # Errors
    ///
    /// [`InvalidApiKey`] for another name, fewer than 24 characters, or characters that no header carries.
    pub fn new(name: impl Into<String>, key: &str) -> Result<Self, InvalidApiKey> {
        if key.chars().count() < SHORTEST {
            return Err(InvalidApiKey::TooShort);
        }
        if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(InvalidApiKey::Character);
        }
        Self::named(name.into(), Sha256::digest(key.as_bytes()).into())
    }

    /// The key by its SHA-256 in hexadecimal digits, so that nobody who reads the configuration has it.
    ///
    /// # Errors
    ///
    /// [`InvalidApiKey`].
    pub fn from_sha256(name: impl Into<String>, hex: &str) -> Result<Self, InvalidApiKey> {
        let mut sha256 = [0_u8; 32];
        let digits = hex.trim().as_bytes();
        if digits.len() != 64 {
            return Err(InvalidApiKey::Hash);
        }
        for (byte, pair) in sha256.iter_mut().zip(digits.chunks_exact(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| InvalidApiKey::Hash)?;
            let both_digits = pair.bytes().all(|digit| digit.is_ascii_hexdigit());
            *byte = u8::from_str_radix(pair, 16)
                .ok()
                .filter(|_| both_digits)
                .ok_or(InvalidApiKey::Hash)?;
        }
        Self::named(name.into(), sha256)
    }

    fn named(name: String, sha256: [u8; 32]) -> Result<Self, InvalidApiKey> {
        let fits = |character: char| character.is_ascii_alphanumeric() || "._-".contains(character);
        if name.is_empty() || name.len() > 64 || !name.chars().all(fits) {
            return Err(InvalidApiKey::Name);
        }
        Ok(Self { name, sha256 })
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiKey({})", self.name)
    }
}

/// The name of the key that was presented. Every key is compared, whole, whichever fits.
pub(crate) fn presented<'k>(keys: &'k [ApiKey], key: &[u8]) -> Option<&'k ApiKey> {
    let digest: [u8; 32] = Sha256::digest(key).into();
    let mut found = None;
    for known in keys {
        let same: Choice = known.sha256.ct_eq(&digest);
        if bool::from(same) {
            found = Some(known);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KEY: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn a_key_and_its_hash_are_the_same_key() {
        let digest = Sha256::digest(KEY.as_bytes());
        let hex: String = digest.iter().map(|byte| format!("{byte:02X}")).collect();
        let keys = [
            ApiKey::new("a", "another-key-that-is-long-enough").unwrap(),
            ApiKey::from_sha256("b", &hex).unwrap(),
        ];
        assert_eq!(presented(&keys, KEY.as_bytes()).unwrap().name(), "b");
        assert!(presented(&keys, b"").is_none());
        assert!(presented(&[], KEY.as_bytes()).is_none());
        assert!(!format!("{keys:?}").contains(KEY));
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for (made, error) in [
            (ApiKey::new("a", "short"), InvalidApiKey::TooShort),
            (ApiKey::new("a", &" ".repeat(30)), InvalidApiKey::Character),
            (ApiKey::new("a", &"é".repeat(30)), InvalidApiKey::Character),
            (ApiKey::new("", KEY), InvalidApiKey::Name),
            (ApiKey::new("a b", KEY), InvalidApiKey::Name),
            (ApiKey::from_sha256("a", KEY), InvalidApiKey::Hash),
            (
                ApiKey::from_sha256("a", &"+1".repeat(32)),
                InvalidApiKey::Hash,
            ),
            (
                ApiKey::from_sha256("a", &"é".repeat(32)),
                InvalidApiKey::Hash,
            ),
        ] {
            assert_eq!(made.unwrap_err(), error);
        }
    }

    proptest! {
        #[test]
        fn only_the_key_itself_is_known(other in "[!-~]{24,60}") {
            let keys = [ApiKey::new("a", KEY).unwrap()];
            prop_assert_eq!(presented(&keys, other.as_bytes()).is_some(), other == KEY);
        }
    }
}
