//! How a client tries again: what may be said about it.

use std::time::Duration;

/// How a client tries again.
///
/// Only three things are ever tried again without being asked: what was certainly not sent, what was refused as one call
/// too many (429), and calls that are safe to repeat (token, check status). Beside these, a call whose token is not accepted
/// gets a new one once, at once. Every attempt is signed anew and keeps its X-EXTERNAL-ID.
///
/// ```
/// use std::time::Duration;
///
/// use doku_va_btn::RetryPolicy;
///
/// let patient = RetryPolicy { deadline: Duration::from_secs(120), ..RetryPolicy::default() };
/// assert_eq!(patient.attempts, 3);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Attempts at most, the first included; at least 1. Default 3.
    pub attempts: u32,
    /// The wait before the second attempt is between nothing and this; it doubles each time. Default 200 ms.
    pub first_wait: Duration,
    /// No wait is longer than this. Default 5 s.
    pub longest_wait: Duration,
    /// Time for one attempt. Default 30 s.
    pub attempt: Duration,
    /// Time for all attempts and waits of one call together, the token included. Where it is over, nothing more is sent.
    /// Default 45 s.
    pub deadline: Duration,
    /// Retries that all clones of a client may spend before successes refill them, ten successes for one. Keeps an
    /// outage from being multiplied. Default 50.
    pub budget: u32,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 3,
            first_wait: Duration::from_millis(200),
            longest_wait: Duration::from_secs(5),
            attempt: Duration::from_secs(30),
            deadline: Duration::from_secs(45),
            budget: 50,
        }
    }
}

impl RetryPolicy {
    /// One attempt and no more.
    #[must_use]
    pub fn once() -> Self {
        Self {
            attempts: 1,
            ..Self::default()
        }
    }

    /// How long to wait after `attempt` attempts: full jitter, between nothing and the doubled first wait.
    pub(crate) fn wait_after(&self, attempt: u32) -> Duration {
        let doubled = 2_u32.saturating_pow(attempt.saturating_sub(1));
        let most = self
            .first_wait
            .saturating_mul(doubled)
            .min(self.longest_wait);
        // Without random numbers half the wait is as good a guess as any.
        let fraction = getrandom::u32().unwrap_or(u32::MAX / 2);
        let share = f64::from(fraction) / f64::from(u32::MAX);
        Duration::try_from_secs_f64(most.as_secs_f64() * share).map_or(most, |wait| wait.min(most))
    }
}
