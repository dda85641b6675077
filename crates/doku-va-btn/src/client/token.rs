//! One access token for all clones of a client.
//!
//! No task is spawned. Of the callers that find no token, one fetches it and the others wait for its result. Of the
//! callers that find a token which is about to expire, one fetches a new one and the others go on with the old; should it
//! not succeed within a bound, it goes on with the old one too, and nobody tries again for a while. A caller that is
//! cancelled while it fetches hands over to the next. A failure is shared for a moment with those who waited for it, so
//! that an outage is not multiplied by the number of callers.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use doku_sign::AccessToken;
use http::HeaderValue;
use tokio::sync::{Mutex as Turn, MutexGuard};
use tokio::time::{Instant, timeout};

use crate::error::NoToken;

/// A failure is told to everyone who asks within this time.
const FAILURE_IS_SHARED_FOR: Duration = Duration::from_millis(250);

/// What an early refresh may take. The caller who does it still has a token that is good.
const EARLY_REFRESH_BOUND: Duration = Duration::from_secs(5);

/// After an early refresh nobody tries another one for this long, whatever became of it.
const EARLY_REFRESH_PAUSE: Duration = Duration::from_secs(5);

/// What is assumed where an answer does not say how long the token lives.
const ASSUMED_LIFE: Duration = Duration::from_secs(60);

/// No token is believed to live longer, whatever the answer says.
const LONGEST_LIFE: Duration = Duration::from_secs(24 * 60 * 60);

/// Margins before the end of a life of 900 s; shorter lives have a fifth and a twentieth.
const REFRESH_MARGIN: Duration = Duration::from_secs(120);
const EXPIRY_MARGIN: Duration = Duration::from_secs(15);

/// A token, with the moments that matter. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct CachedToken {
    secret: Arc<FetchedToken>,
    refresh_at: Instant,
    expires_at: Instant,
    generation: u64,
}

impl CachedToken {
    pub(crate) fn access_token(&self) -> &AccessToken {
        &self.secret.token
    }

    pub(crate) fn life_left(&self) -> Duration {
        self.expires_at.saturating_duration_since(Instant::now())
    }

    /// The header Authorization, marked as sensitive.
    pub(crate) fn authorization(&self) -> HeaderValue {
        self.secret.authorization.clone()
    }
}

/// What a fetch brings.
#[derive(Debug)]
pub(crate) struct FetchedToken {
    pub(crate) token: AccessToken,
    /// `Bearer …`, made once and marked as sensitive.
    pub(crate) authorization: HeaderValue,
    pub(crate) expires_in: Option<Duration>,
}

#[derive(Debug, Default)]
struct State {
    token: Option<CachedToken>,
    failure: Option<(Instant, NoToken)>,
    generation: u64,
}

/// Where a client keeps its token.
#[derive(Debug, Default)]
pub(crate) struct TokenCache {
    state: Mutex<State>,
    turn: Turn<()>,
}

/// What the cache knows at a moment.
enum Known {
    Fresh(CachedToken),
    Due(CachedToken),
    Failed(NoToken),
    Nothing,
}

impl TokenCache {
    /// The token, from memory or from `fetch`, which is called by one caller at a time.
    ///
    /// A caller who holds a token that is still good gives half of its `patience` at most to fetching a new one.
    pub(crate) async fn token<F, Fut>(
        &self,
        patience: Duration,
        fetch: F,
    ) -> Result<CachedToken, NoToken>
    where
        F: FnOnce() -> Fut,
        Fut: Future<Output = Result<FetchedToken, NoToken>>,
    {
        match self.known() {
            Known::Fresh(token) => return Ok(token),
            Known::Failed(failure) => return Err(failure),
            Known::Due(token) => {
                let Ok(turn) = self.turn.try_lock() else {
                    return Ok(token);
                };
                if !self.claim_early_refresh(&token) {
                    return Ok(token);
                }
                let bound = EARLY_REFRESH_BOUND.min(patience / 2);
                let early = timeout(bound, self.refresh(turn, fetch)).await;
                return Ok(early.ok().and_then(Result::ok).unwrap_or(token));
            }
            Known::Nothing => {}
        }
        let turn = self.turn.lock().await;
        match self.known() {
            Known::Fresh(token) | Known::Due(token) => Ok(token),
            Known::Failed(failure) => Err(failure),
            Known::Nothing => self.refresh(turn, fetch).await,
        }
    }

    /// Forgets `rejected`, unless a newer one has taken its place.
    pub(crate) fn reject(&self, rejected: &CachedToken) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state
            .token
            .as_ref()
            .is_some_and(|token| token.generation == rejected.generation)
        {
            state.token = None;
        }
    }

    /// Puts the next early refresh off, unless somebody was faster.
    fn claim_early_refresh(&self, due: &CachedToken) -> bool {
        let now = Instant::now();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut state.token {
            Some(token) if token.generation == due.generation && token.refresh_at <= now => {
                token.refresh_at = now + EARLY_REFRESH_PAUSE;
                true
            }
            _ => false,
        }
    }

    fn known(&self) -> Known {
        let now = Instant::now();
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match (&state.token, &state.failure) {
            (Some(token), _) if now < token.refresh_at.min(token.expires_at) => {
                Known::Fresh(token.clone())
            }
            (Some(token), _) if now < token.expires_at => Known::Due(token.clone()),
            (_, Some((at, failure))) if now < *at + FAILURE_IS_SHARED_FOR => {
                Known::Failed(failure.clone())
            }
            _ => Known::Nothing,
        }
    }

    async fn refresh<F, Fut>(
        &self,
        turn: MutexGuard<'_, ()>,
        fetch: F,
    ) -> Result<CachedToken, NoToken>
    where
        F: FnOnce() -> Fut,
        Fut: Future<Output = Result<FetchedToken, NoToken>>,
    {
        // The life counts from before the request, so that a slow answer never makes a token look younger.
        let asked_at = Instant::now();
        let fetched = fetch().await;
        let result = self.remember(asked_at, fetched);
        drop(turn);
        result
    }

    fn remember(
        &self,
        asked_at: Instant,
        fetched: Result<FetchedToken, NoToken>,
    ) -> Result<CachedToken, NoToken> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match fetched {
            Ok(fetched) => {
                let life = fetched.expires_in.unwrap_or(ASSUMED_LIFE).min(LONGEST_LIFE);
                state.generation = state.generation.wrapping_add(1);
                let token = CachedToken {
                    secret: Arc::new(fetched),
                    refresh_at: asked_at + life.saturating_sub(REFRESH_MARGIN.min(life / 5)),
                    expires_at: asked_at + life.saturating_sub(EXPIRY_MARGIN.min(life / 20)),
                    generation: state.generation,
                };
                state.token = Some(token.clone());
                state.failure = None;
                Ok(token)
            }
            Err(failure) => {
                state.failure = Some((Instant::now(), failure.clone()));
                Err(failure)
            }
        }
    }
}
