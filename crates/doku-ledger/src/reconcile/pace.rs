//! How often DOKU is asked: whoever wants to ask waits for a turn.

use std::time::Duration;

use tokio::sync::{Mutex, MutexGuard};
use tokio::time::{Instant, sleep_until};

/// Turns, at most so many a second, in the order in which they are waited for.
#[derive(Debug)]
pub(super) struct Pace {
    pause: Duration,
    next: Mutex<Instant>,
}

/// The right to ask now. Where nothing is asked it costs nothing.
pub(super) struct Turn<'a> {
    pause: Duration,
    next: MutexGuard<'a, Instant>,
}

impl Pace {
    pub(super) fn new(pause: Duration) -> Self {
        Self {
            pause,
            next: Mutex::new(Instant::now()),
        }
    }

    pub(super) async fn turn(&self) -> Turn<'_> {
        let next = self.next.lock().await;
        sleep_until(*next).await;
        Turn {
            pause: self.pause,
            next,
        }
    }
}

impl Turn<'_> {
    /// So many questions are asked now.
    pub(super) fn spend(mut self, questions: u32) {
        *self.next = Instant::now() + self.pause.saturating_mul(questions);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAUSE: Duration = Duration::from_millis(200);

    #[tokio::test(start_paused = true)]
    async fn questions_are_paid_for_and_looking_is_free() {
        let pace = Pace::new(PAUSE);
        let begun = Instant::now();
        drop(pace.turn().await);
        pace.turn().await.spend(1);
        assert_eq!(begun.elapsed(), Duration::ZERO);
        drop(pace.turn().await);
        assert_eq!(begun.elapsed(), PAUSE);
        pace.turn().await.spend(2);
        drop(pace.turn().await);
        assert_eq!(begun.elapsed(), 3 * PAUSE);
    }

    #[tokio::test(start_paused = true)]
    async fn many_at_once_take_turns() {
        let pace = Pace::new(PAUSE);
        let begun = Instant::now();
        let asked = std::sync::Mutex::new(Vec::new());
        let ask = || async {
            pace.turn().await.spend(1);
            asked.lock().unwrap().push(begun.elapsed());
        };
        tokio::join!(ask(), ask(), ask());
        assert_eq!(
            asked.into_inner().unwrap(),
            [Duration::ZERO, PAUSE, 2 * PAUSE]
        );
    }
}
