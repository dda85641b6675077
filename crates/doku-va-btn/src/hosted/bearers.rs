//! Bearers of ours that were verified, remembered until they expire, so that verifying is rare.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use doku_sign::{AccessToken, MerchantToken, TokenError};

use super::bounds::LEEWAY;
use super::credentials::Credentials;

/// Only bearers of genuine calls come here: the signature, which the bearer is part of, is verified before. So nobody can
/// fill the cache, or learn from its timing, who could not sign.
pub(super) struct Bearers {
    known: Mutex<HashMap<Known, SystemTime>>,
    capacity: usize,
}

/// A token as a key. Wiped when it is forgotten.
struct Known(AccessToken);

impl Borrow<str> for Known {
    fn borrow(&self) -> &str {
        self.0.expose()
    }
}

impl Hash for Known {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.expose().hash(state);
    }
}

impl PartialEq for Known {
    fn eq(&self, other: &Self) -> bool {
        self.0.expose() == other.0.expose()
    }
}

impl Eq for Known {}

impl Bearers {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            known: Mutex::new(HashMap::new()),
            capacity,
        }
    }

    /// When a bearer of ours expires, if that is not longer ago than `grace`.
    pub(super) fn expiry(
        &self,
        bearer: &AccessToken,
        credentials: &Credentials,
        now: SystemTime,
        grace: Duration,
    ) -> Result<SystemTime, TokenError> {
        let remembered = self.known().get(bearer.expose()).copied();
        if let Some(expires_at) = remembered
            && now < after(expires_at, grace)
        {
            return Ok(expires_at);
        }
        let verified = MerchantToken::verify_with_leeway(
            bearer,
            credentials.verifying(),
            credentials.parties(),
            now,
            grace,
        )?;
        let expires_at = verified.expires_at();
        if now < after(expires_at, LEEWAY) {
            self.remember(bearer, expires_at, now);
        }
        Ok(expires_at)
    }

    fn remember(&self, bearer: &AccessToken, expires_at: SystemTime, now: SystemTime) {
        let mut known = self.known();
        if known.len() >= self.capacity {
            known.retain(|_, expires_at| now < after(*expires_at, LEEWAY));
        }
        if known.len() < self.capacity {
            known.insert(Known(bearer.clone()), expires_at);
        }
    }

    fn known(&self) -> MutexGuard<'_, HashMap<Known, SystemTime>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn after(moment: SystemTime, by: Duration) -> SystemTime {
    moment.checked_add(by).unwrap_or(moment)
}
