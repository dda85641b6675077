//! Short stand-ins for long keys: 128 keyed bits instead of a text, in tables of a million entries.

use std::collections::HashMap;
#[expect(
    deprecated,
    reason = "the hasher that replaces it cannot be given keys, and those of a state that is kept outlive the process"
)]
use std::hash::SipHasher;
use std::hash::{BuildHasher as _, BuildHasherDefault, Hash, Hasher, RandomState};

use serde::{Deserialize, Serialize};

/// 128 bits that stand for a key. Two keys share one with a chance of 2^-128, and nobody outside can aim for it,
/// because the bits depend on random keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(u64, u64)", into = "(u64, u64)")]
pub(crate) struct Fingerprint {
    table: u64,
    check: u64,
}

impl From<(u64, u64)> for Fingerprint {
    fn from((table, check): (u64, u64)) -> Self {
        Self { table, check }
    }
}

impl From<Fingerprint> for (u64, u64) {
    fn from(print: Fingerprint) -> Self {
        (print.table, print.check)
    }
}

/// The keys that fingerprints are made with.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Fingerprints {
    keys: [u64; 4],
}

impl Default for Fingerprints {
    fn default() -> Self {
        // Each `RandomState` has keys of its own from the system's randomness.
        let random = || RandomState::new().hash_one(0_u8);
        Self {
            keys: [random(), random(), random(), random()],
        }
    }
}

impl Fingerprints {
    pub(super) fn of<K: Hash + ?Sized>(&self, key: &K) -> Fingerprint {
        let [a, b, c, d] = self.keys;
        Fingerprint {
            table: keyed(a, b, key),
            check: keyed(c, d, key),
        }
    }
}

#[expect(deprecated, reason = "see above")]
fn keyed<K: Hash + ?Sized>(first: u64, second: u64, key: &K) -> u64 {
    let mut hasher = SipHasher::new_with_keys(first, second);
    key.hash(&mut hasher);
    hasher.finish()
}

impl std::fmt::Debug for Fingerprints {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Fingerprints")
    }
}

/// A map from fingerprints, which need no hashing any more.
pub(super) type FingerprintMap<V> = HashMap<Fingerprint, V, BuildHasherDefault<AlreadyHashed>>;

impl Hash for Fingerprint {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.table);
    }
}

/// Hands a fingerprint's own bits to the table.
#[derive(Debug, Default)]
pub(super) struct AlreadyHashed(u64);

impl Hasher for AlreadyHashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, bits: u64) {
        self.0 = bits;
    }
}
