//! Bearers of ours that were verified, remembered until they expire, so that verifying is rare.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use doku_sign::{AccessToken, Bearer, BegunTransaction, MerchantToken, TokenError};

use super::bounds::LEEWAY;
use super::credentials::Credentials;

/// Only bearers of genuine calls come here: the signature, which the bearer is part of, is verified before. So nobody can
/// fill the cache who could not sign. Anybody can ask it, and it tells nothing to those who have no bearer: nothing of one is
/// compared before the end of its signature was found, and that is found whole or not at all.
pub(super) struct Bearers {
    known: Mutex<HashMap<Tail, Known>>,
    capacity: usize,
}

/// What a bearer is found by: the end of its signature, as random as a hash and at hand. The rest is compared.
type Tail = [u8; 16];

struct Known {
    /// Wiped when it is forgotten.
    bearer: AccessToken,
    expires_at: SystemTime,
    begun: Vec<Begun>,
}

/// What genuine calls of one path begin with.
struct Begun {
    path: Box<str>,
    transaction: Arc<BegunTransaction>,
}

/// DOKU calls two paths with a bearer, and a query makes more of them.
const PATHS: usize = 4;

/// What is known of a bearer that was verified before.
pub(super) struct Remembered {
    expires_at: SystemTime,
    begun: Option<Arc<BegunTransaction>>,
}

impl Remembered {
    /// When it expires, if that is not longer ago than `grace`.
    pub(super) fn expiry(&self, now: SystemTime, grace: Duration) -> Option<SystemTime> {
        (now < after(self.expires_at, grace)).then_some(self.expires_at)
    }

    /// The signature of genuine calls with it up to where they differ, if there was one of the same path.
    pub(super) fn begun(&self) -> Option<&BegunTransaction> {
        self.begun.as_deref()
    }
}

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
        bearer: Bearer<'_>,
        credentials: &Credentials,
        now: SystemTime,
        grace: Duration,
    ) -> Result<SystemTime, TokenError> {
        if let Some(expires_at) = self
            .recall(bearer, "")
            .and_then(|remembered| remembered.expiry(now, grace))
        {
            return Ok(expires_at);
        }
        let bearer = bearer.to_access_token();
        let verified = MerchantToken::verify_with_leeway(
            &bearer,
            credentials.verifying(),
            credentials.parties(),
            now,
            grace,
        )?;
        let expires_at = verified.expires_at();
        if let Some(tail) = tail((&bearer).into())
            && now < after(expires_at, LEEWAY)
        {
            let begun = Vec::new();
            let known = Known {
                bearer,
                expires_at,
                begun,
            };
            self.remember(tail, known, now);
        }
        Ok(expires_at)
    }

    /// What is known of a bearer, and of its calls of `path`.
    pub(super) fn recall(&self, bearer: Bearer<'_>, path: &str) -> Option<Remembered> {
        let known = self.known();
        let found = known.get(&tail(bearer)?)?.of(bearer)?;
        let of_path = found.begun.iter().find(|begun| *begun.path == *path);
        Some(Remembered {
            expires_at: found.expires_at,
            begun: of_path.map(|begun| Arc::clone(&begun.transaction)),
        })
    }

    /// Keeps what a genuine call of `path` began with, if its bearer is known.
    pub(super) fn keep(&self, bearer: Bearer<'_>, path: &str, transaction: BegunTransaction) {
        let mut known = self.known();
        let found = tail(bearer).and_then(|tail| known.get_mut(&tail));
        let Some(found) = found.filter(|known| known.of(bearer).is_some()) else {
            return;
        };
        // Another secret may have signed it before.
        found.begun.retain(|begun| *begun.path != *path);
        found.begun.truncate(PATHS - 1);
        let begun = Begun {
            path: path.into(),
            transaction: Arc::new(transaction),
        };
        found.begun.insert(0, begun);
    }

    fn remember(&self, tail: Tail, verified: Known, now: SystemTime) {
        let mut known = self.known();
        if known.len() >= self.capacity {
            known.retain(|_, known| now < after(known.expires_at, LEEWAY));
        }
        if known.len() < self.capacity {
            known.insert(tail, verified);
        }
    }

    fn known(&self) -> MutexGuard<'_, HashMap<Tail, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    /// This, if the whole bearer is the same.
    fn of(&self, bearer: Bearer<'_>) -> Option<&Self> {
        (self.bearer.expose() == bearer.expose()).then_some(self)
    }
}

fn tail(bearer: Bearer<'_>) -> Option<Tail> {
    bearer.expose().as_bytes().last_chunk().copied()
}

fn after(moment: SystemTime, by: Duration) -> SystemTime {
    moment.checked_add(by).unwrap_or(moment)
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use doku_sign::{ClientSecret, DokuPrivateKey, MerchantPrivateKey};

    use super::*;

    const LIFE: Duration = Duration::from_secs(900);

    static KEYS: LazyLock<[MerchantPrivateKey; 2]> =
        LazyLock::new(|| [(); 2].map(|()| MerchantPrivateKey::generate(2048).unwrap()));

    fn credentials(key: &MerchantPrivateKey) -> Credentials {
        static DOKU: LazyLock<DokuPrivateKey> =
            LazyLock::new(|| DokuPrivateKey::generate(2048).unwrap());
        Credentials::new(
            "BRN-1".parse().unwrap(),
            ClientSecret::new("SK-1").unwrap(),
            key.clone(),
            DOKU.public_key(),
        )
    }

    fn now() -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_789_000_000)
    }

    fn issued(credentials: &Credentials, now: SystemTime) -> AccessToken {
        MerchantToken::issue(credentials.issuing(), credentials.parties(), now, LIFE).unwrap()
    }

    /// Whether the bearer is known without being verified: under credentials that it does not fit.
    fn is_known(bearers: &Bearers, bearer: &AccessToken, now: SystemTime) -> bool {
        let other = credentials(&KEYS[1]);
        bearers.expiry(bearer.into(), &other, now, LEEWAY).is_ok()
    }

    #[test]
    fn a_bearer_is_verified_once_and_known_until_it_expires() {
        let credentials = credentials(&KEYS[0]);
        let bearers = Bearers::new(8);
        let bearer = issued(&credentials, now());
        assert!(!is_known(&bearers, &bearer, now()));
        let expires_at = bearers
            .expiry((&bearer).into(), &credentials, now(), LEEWAY)
            .unwrap();
        assert_eq!(expires_at, now() + LIFE);
        let last = LIFE + LEEWAY - Duration::from_secs(1);
        assert!(is_known(&bearers, &bearer, now() + last));
        assert!(!is_known(&bearers, &bearer, now() + LIFE + LEEWAY));
    }

    #[test]
    fn what_calls_began_with_is_kept_beside_a_known_bearer_and_bounded() {
        let credentials = credentials(&KEYS[0]);
        let bearers = Bearers::new(8);
        let bearer = issued(&credentials, now());
        let bearer = Bearer::from(&bearer);
        let secret = ClientSecret::new("SK-1").unwrap();
        let keep = |path: &str| {
            bearers.keep(bearer, path, secret.begin_transaction("POST", path, bearer));
        };
        keep("/0");
        assert!(bearers.recall(bearer, "/0").is_none(), "it is not known");

        bearers.expiry(bearer, &credentials, now(), LEEWAY).unwrap();
        let is_begun = |path: &str| bearers.recall(bearer, path).unwrap().begun().is_some();
        assert!(!is_begun("/0"));
        for path in ["/0", "/1", "/0", "/2", "/3", "/4"] {
            keep(path);
            assert!(is_begun(path));
        }
        let begun = ["/0", "/1", "/2", "/3", "/4"].map(is_begun);
        assert_eq!(begun, [true, false, true, true, true]);
        assert!(!is_begun(""));
    }

    #[test]
    fn one_that_is_late_already_is_not_remembered() {
        let credentials = credentials(&KEYS[0]);
        let bearers = Bearers::new(8);
        let bearer = issued(&credentials, now());
        let late = now() + LIFE + LEEWAY;
        let grace = Duration::from_secs(24 * 60 * 60);
        assert!(
            bearers
                .expiry((&bearer).into(), &credentials, late, grace)
                .is_ok()
        );
        assert!(bearers.known().is_empty());
    }

    #[test]
    fn the_memory_is_bounded_and_makes_room_for_what_is_alive() {
        let credentials = credentials(&KEYS[0]);
        let bearers = Bearers::new(2);
        let issue_and_show = |at: SystemTime| {
            let bearer = issued(&credentials, at);
            bearers
                .expiry((&bearer).into(), &credentials, at, LEEWAY)
                .unwrap();
            bearer
        };
        let second = |count| now() + Duration::from_secs(count);
        let first = issue_and_show(now());
        issue_and_show(second(1));
        let third = issue_and_show(second(2));
        assert_eq!(bearers.known().len(), 2);
        assert!(is_known(&bearers, &first, now()));
        assert!(!is_known(&bearers, &third, now()));

        let later = second(960);
        let fourth = issue_and_show(later);
        assert!(is_known(&bearers, &fourth, later));
        assert_eq!(
            bearers.known().len(),
            2,
            "the first made room, the second is alive"
        );
    }
}
