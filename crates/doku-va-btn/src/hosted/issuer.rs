//! The token we hand out: signed once, handed out again while it is fresh.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use doku_sign::{AccessToken, IssueError, MerchantToken};

use super::credentials::Credentials;

/// How long a token lives; what DOKU's own tokens have.
const LIFETIME: Duration = Duration::from_secs(900);

/// A token with more life left than this is handed out again.
const FRESH: Duration = Duration::from_secs(600);

/// The token that was issued last.
#[derive(Default)]
pub(super) struct Issuer {
    last: Mutex<Option<Issued>>,
}

/// A token and the life it has left.
#[derive(Clone)]
pub(super) struct Issued {
    pub(super) token: Arc<AccessToken>,
    pub(super) life_left: Duration,
    expires_at: SystemTime,
}

impl Issuer {
    /// A token with at least ten minutes to live. Of callers that come at once, one signs.
    pub(super) fn token(
        &self,
        credentials: &Credentials,
        now: SystemTime,
    ) -> Result<Issued, IssueError> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(issued) = last.as_ref().and_then(|issued| issued.at(now)) {
            return Ok(issued);
        }
        let token =
            MerchantToken::issue(credentials.issuing(), credentials.parties(), now, LIFETIME)?;
        let issued = Issued {
            token: Arc::new(token),
            life_left: LIFETIME,
            expires_at: now.checked_add(LIFETIME).ok_or(IssueError::Time)?,
        };
        Ok(last.insert(issued).clone())
    }
}

impl Issued {
    /// The same token seen at `now`, if it is still fresh. A clock that was set back makes a token seem to live longer than
    /// tokens do; it is not handed out again.
    fn at(&self, now: SystemTime) -> Option<Self> {
        let life_left = self.expires_at.duration_since(now).ok()?;
        (life_left > FRESH && life_left <= LIFETIME).then(|| Self {
            life_left,
            ..self.clone()
        })
    }
}
