//! The attempts of one call: whether there is another one, within the policy, the time and the shared budget.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use doku_transport::{Acted, TransportError, TransportErrorKind};
use tokio::time::{Instant, sleep};

use crate::config::RetryPolicy;

/// What a retry takes from the budget, and what a success gives back.
const RETRY_COST: i64 = 10;
const SUCCESS_REFUND: i64 = 1;

/// The attempts of one call: how many there were, and the time they share.
#[derive(Debug)]
pub(crate) struct Attempts<'p> {
    policy: &'p RetryPolicy,
    budget: &'p RetryBudget,
    started: Instant,
    deadline: Duration,
    count: u32,
}

impl<'p> Attempts<'p> {
    /// No attempt yet. The time runs from now.
    pub(crate) fn new(
        policy: &'p RetryPolicy,
        budget: &'p RetryBudget,
        deadline: Option<Duration>,
    ) -> Self {
        Self {
            policy,
            budget,
            started: Instant::now(),
            deadline: deadline.unwrap_or(policy.deadline),
            count: 0,
        }
    }

    /// How many there were.
    pub(crate) const fn count(&self) -> u32 {
        self.count
    }

    /// What is left of the deadline.
    pub(crate) fn left(&self) -> Duration {
        self.deadline.saturating_sub(self.started.elapsed())
    }

    /// Counts one more attempt and says how long it may take; none where there is no time for it.
    pub(crate) fn begin(&mut self) -> Option<Duration> {
        let within = self.policy.attempt.min(self.left());
        if within.is_zero() {
            return None;
        }
        self.count = self.count.saturating_add(1);
        Some(within)
    }

    /// Whether there were as many as there may be.
    pub(crate) const fn are_used_up(&self) -> bool {
        self.count >= self.policy.attempts
    }

    /// Waits before another attempt, or says that there will be none.
    pub(crate) async fn wait(&self) -> bool {
        let wait = self.policy.wait_after(self.count);
        let allowed = !self.are_used_up() && wait < self.left() && self.budget.take();
        if allowed {
            tracing::debug!(attempts = self.count, ?wait, "trying again");
            sleep(wait).await;
        }
        allowed
    }
}

/// The retries that all clones of a client share.
#[derive(Debug)]
pub(crate) struct RetryBudget {
    left: AtomicI64,
    most: i64,
}

impl RetryBudget {
    pub(crate) fn new(retries: u32) -> Self {
        let most = i64::from(retries).saturating_mul(RETRY_COST);
        Self {
            left: AtomicI64::new(most),
            most,
        }
    }

    /// Takes one retry, if there is one.
    pub(crate) fn take(&self) -> bool {
        self.left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                (left >= RETRY_COST).then(|| left - RETRY_COST)
            })
            .is_ok()
    }

    /// Gives back a little after a success.
    pub(crate) fn refund(&self) {
        if self.left.load(Ordering::Relaxed) < self.most {
            let most = self.most;
            // Losing a race costs a fraction of a retry, which nobody will miss.
            let _ = self
                .left
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                    Some((left + SUCCESS_REFUND).min(most))
                });
        }
    }
}

/// Whether a failed transport may be tried again by itself.
pub(crate) fn may_send_again(safe_to_repeat: bool, error: &TransportError) -> bool {
    match (error.acted(), error.kind()) {
        // The others that were not sent (no roots, refused by policy, saturated) will not change by waiting.
        (Acted::No, kind) => kind == TransportErrorKind::Connect,
        (Acted::Maybe, kind) => safe_to_repeat && kind != TransportErrorKind::BodyTooLarge,
    }
}

/// Whether an answer with this status may be asked for again by itself: too many requests always, a failing server where
/// the call is safe to repeat.
pub(crate) fn may_ask_again(safe_to_repeat: bool, status: u16) -> bool {
    status == 429 || (safe_to_repeat && (500..600).contains(&status))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_wait_never_exceeds_the_longest(attempt in 0_u32..10_000) {
            let policy = RetryPolicy::default();
            prop_assert!(policy.wait_after(attempt) <= policy.longest_wait);
        }
    }

    #[test]
    fn the_longest_wait_there_is_can_be_waited() {
        let policy = RetryPolicy {
            first_wait: Duration::MAX,
            longest_wait: Duration::MAX,
            ..RetryPolicy::default()
        };
        for attempt in 0..100 {
            assert!(policy.wait_after(attempt) <= Duration::MAX);
        }
    }

    #[test]
    fn the_budget_runs_out_and_successes_refill_it() {
        let budget = RetryBudget::new(2);
        assert!(budget.take());
        assert!(budget.take());
        assert!(!budget.take());
        for _ in 0..RETRY_COST {
            budget.refund();
        }
        assert!(budget.take());
        assert!(!budget.take());
    }

    #[test]
    fn a_full_budget_does_not_overflow_its_brim() {
        let budget = RetryBudget::new(1);
        for _ in 0..100 {
            budget.refund();
        }
        assert!(budget.take());
        assert!(!budget.take());
    }
}
