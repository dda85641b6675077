//! Tables whose keys bring a hash of their own, made once and with a secret.

use std::hash::{BuildHasherDefault, Hasher};

/// Builds what finds a key by the hash that it brings.
pub(super) type ByHash = BuildHasherDefault<Brought>;

/// The hash that was brought. What stands beside it in a key is a number, and is mixed in.
#[derive(Default)]
pub(super) struct Brought(u64);

impl Hasher for Brought {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = self.0.rotate_left(32) ^ number;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
