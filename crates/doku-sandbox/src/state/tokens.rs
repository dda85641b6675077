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

/// How a token stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenStanding {
    /// It was issued here, was not revoked and has not expired.
    Live,
    /// It was issued here, and has expired.
    Expired,
    /// It was not issued here, was revoked, or expired so long ago that it is forgotten.
    Unknown,
}

impl Tokens {
    pub(crate) fn new(lifetime: Duration, prints: Fingerprints) -> Self {
        Self {
            lifetime,
            prints,
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

    /// How a token stands now.
    pub(crate) fn standing(&self, token: &str, now: OffsetDateTime) -> TokenStanding {
        match self.expires.get(&self.prints.of(token)) {
            Some(expiry) if now < *expiry => TokenStanding::Live,
            Some(_) => TokenStanding::Expired,
            None => TokenStanding::Unknown,
        }
    }

    /// Makes a token run out before its time.
    pub(crate) fn expire(&mut self, token: &str, now: OffsetDateTime) {
        if let Some(expiry) = self.expires.get_mut(&self.prints.of(token)) {
            *expiry = now.min(*expiry);
        }
    }

    /// Makes a token invalid before its time.
    pub(crate) fn revoke(&mut self, token: &str) {
        self.expires.remove(&self.prints.of(token));
    }

    /// Those that are remembered, as fingerprints, and when each expires.
    pub(crate) fn share(&self) -> Vec<(Fingerprint, OffsetDateTime)> {
        self.expires
            .iter()
            .map(|(print, expiry)| (*print, *expiry))
            .collect()
    }

    /// Remembers those that were kept.
    pub(crate) fn put(&mut self, mut kept: Vec<(Fingerprint, OffsetDateTime)>) {
        kept.sort_by_key(|(_, expiry)| *expiry);
        for (print, expiry) in kept {
            self.expires.insert(print, expiry);
            self.by_expiry.push_back((expiry, print));
        }
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
