//! The sandbox's own time: it runs with the machine's, and a test can move it forward.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use time::OffsetDateTime;

/// A hundred years: as far as the clock can be moved, so that every date stays one that can be written.
const FURTHEST: u64 = 100 * 366 * 24 * 60 * 60;

/// A clock that was started at some moment, ticks as the machine's does, and may be moved forward.
#[derive(Debug)]
pub(crate) struct Clock {
    start: OffsetDateTime,
    started: Instant,
    advanced_seconds: AtomicU64,
}

impl Clock {
    /// A clock that shows `start` now.
    pub(crate) fn starting_at(start: OffsetDateTime) -> Self {
        Self {
            start,
            started: Instant::now(),
            advanced_seconds: AtomicU64::new(0),
        }
    }

    /// The moment, moves included.
    pub(crate) fn now(&self) -> OffsetDateTime {
        let moved = Duration::from_secs(self.advanced_seconds.load(Ordering::Relaxed));
        later(self.unmoved(), moved)
    }

    /// The moment a caller's clock shows that was not moved along.
    pub(crate) fn unmoved(&self) -> OffsetDateTime {
        later(self.start, self.started.elapsed())
    }

    /// Moves the clock forward; beyond a hundred years it stays where it is.
    pub(crate) fn advance(&self, by: Duration) {
        let seconds = by.as_secs();
        // The closure always gives a value, so this cannot fail.
        let _moved =
            self.advanced_seconds
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |advanced| {
                    Some(advanced.saturating_add(seconds).min(FURTHEST))
                });
    }

    /// How far it was moved, in seconds.
    pub(crate) fn advanced_seconds(&self) -> u64 {
        self.advanced_seconds.load(Ordering::Relaxed)
    }

    /// Takes every move back.
    pub(crate) fn reset(&self) {
        self.advanced_seconds.store(0, Ordering::Relaxed);
    }
}

/// `from` and a duration; `from` itself where the calendar ends.
fn later(from: OffsetDateTime, by: Duration) -> OffsetDateTime {
    time::Duration::try_from(by)
        .ok()
        .and_then(|by| from.checked_add(by))
        .unwrap_or(from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_forward_and_back() {
        let clock = Clock::starting_at(OffsetDateTime::UNIX_EPOCH);
        clock.advance(Duration::from_secs(3600));
        let unmoved = clock.unmoved();
        assert!(clock.now() - unmoved >= time::Duration::seconds(3600));
        clock.reset();
        assert!(clock.now() - OffsetDateTime::UNIX_EPOCH < time::Duration::seconds(60));
    }

    #[test]
    fn never_leaves_the_calendar() {
        let clock = Clock::starting_at(OffsetDateTime::UNIX_EPOCH);
        clock.advance(Duration::MAX);
        clock.advance(Duration::MAX);
        assert_eq!(clock.now().year(), 2070);
    }
}
