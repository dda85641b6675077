//! Short stand-ins for long keys: 128 keyed bits instead of a text, in tables of a million entries.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, BuildHasherDefault, Hash, Hasher, RandomState};

/// 128 bits that stand for a key. Two keys share one with a chance of 2^-128, and nobody outside can aim for it,
/// because the bits depend on random keys of this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fingerprint {
    table: u64,
    check: u64,
}

/// The keys that fingerprints are made with.
#[derive(Debug, Clone, Default)]
pub(super) struct Fingerprints {
    table: RandomState,
    check: RandomState,
}

impl Fingerprints {
    pub(super) fn of<K: Hash + ?Sized>(&self, key: &K) -> Fingerprint {
        Fingerprint {
            table: self.table.hash_one(key),
            check: self.check.hash_one(key),
        }
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
