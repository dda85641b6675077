//! The tokens that were issued and have not expired. Looking one up is cheap; no call costs an RSA operation.

use std::collections::VecDeque;
use std::time::Duration;

use time::OffsetDateTime;

use super::fingerprint::{Fingerprint, FingerprintMap, Fingerprints};

/// Issued tokens, by fingerprint: the tokens themselves are not kept.
#[derive(Debug)]
pub(crate) struct Tokens {
    lifetime: Duration,
    prints: Fingerprints,
    expires: FingerprintMap<OffsetDateTime>,
    /// In the order of expiry, which is the order of issue: the clock runs forward only.
    by_expiry: VecDeque<(OffsetDateTime, Fingerprint)>,
}

impl Tokens {
    pub(crate) fn new(lifetime: Duration) -> Self {
        Self {
            lifetime,
            prints: Fingerprints::default(),
            expires: FingerprintMap::default(),
            by_expiry: VecDeque::new(),
        }
    }

    /// A token that was just issued.
    pub(crate) fn remember(&mut self, token: &str, now: OffsetDateTime) {
        self.forget_expired(now);
        let expiry = time::Duration::try_from(self.lifetime)
            .ok()
            .and_then(|lifetime| now.checked_add(lifetime))
            .unwrap_or(now);
        let print = self.prints.of(token);
        self.expires.insert(print, expiry);
        self.by_expiry.push_back((expiry, print));
    }

    /// Whether `token` was issued here, was not revoked and has not expired.
    pub(crate) fn is_live(&self, token: &str, now: OffsetDateTime) -> bool {
        self.expires
            .get(&self.prints.of(token))
            .is_some_and(|expiry| now < *expiry)
    }

    /// Makes a token invalid before its time.
    pub(crate) fn revoke(&mut self, token: &str) {
        self.expires.remove(&self.prints.of(token));
    }

    pub(crate) fn forget_all(&mut self) {
        self.expires.clear();
        self.by_expiry.clear();
    }

    fn forget_expired(&mut self, now: OffsetDateTime) {
        while let Some((expiry, print)) = self.by_expiry.front()
            && *expiry <= now
        {
            // The same token may have been issued twice within a second, and live longer than its first entry.
            if self
                .expires
                .get(print)
                .is_some_and(|expires| *expires <= now)
            {
                self.expires.remove(print);
            }
            self.by_expiry.pop_front();
        }
    }
}
