//! How long a run waits, all in all, for a server that puts calls off or gives no answer.

use std::time::Duration;

/// How often one call is made at most.
const TRIES: u32 = 3;

/// How long is waited before the second try where the server says nothing; twice as long before the third.
const PAUSE: Duration = Duration::from_secs(1);

/// What is left of it.
#[derive(Debug)]
pub(super) struct Patience {
    left: Duration,
}

impl Patience {
    pub(super) const fn of(left: Duration) -> Self {
        Self { left }
    }

    /// How long to wait before another try, after `tries` of them; nothing where there is to be none. `asked` is what the
    /// server said.
    pub(super) fn pause(&mut self, tries: u32, asked: Option<Duration>) -> Option<Duration> {
        let usual = PAUSE.saturating_mul(1 << tries.saturating_sub(1).min(8));
        let pause = asked.unwrap_or(usual);
        // Whoever comes back sooner than it was asked to is put off again.
        if tries >= TRIES || pause > self.left {
            return None;
        }
        self.spend(pause);
        Some(pause)
    }

    /// Takes off what was waited for an answer that did not come.
    pub(super) fn spend(&mut self, waited: Duration) {
        self.left = self.left.saturating_sub(waited);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn one_call_is_made_three_times_and_no_more() {
        let mut patience = Patience::of(60 * SECOND);
        assert_eq!(patience.pause(1, None), Some(SECOND));
        assert_eq!(patience.pause(2, None), Some(2 * SECOND));
        assert_eq!(patience.pause(3, None), None);
    }

    #[test]
    fn the_server_says_how_long() {
        let mut patience = Patience::of(60 * SECOND);
        assert_eq!(patience.pause(1, Some(7 * SECOND)), Some(7 * SECOND));
        assert_eq!(
            patience.pause(2, Some(Duration::ZERO)),
            Some(Duration::ZERO)
        );
    }

    #[test]
    fn it_has_an_end() {
        let mut patience = Patience::of(10 * SECOND);
        assert_eq!(patience.pause(1, Some(60 * SECOND)), None);
        assert_eq!(patience.pause(1, Some(6 * SECOND)), Some(6 * SECOND));
        patience.spend(4 * SECOND);
        assert_eq!(patience.pause(1, None), None);
        assert_eq!(
            patience.pause(1, Some(Duration::ZERO)),
            Some(Duration::ZERO)
        );
    }
}
