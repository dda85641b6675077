//! Who goes first: a call that is held lets the next one pass.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;

/// How long a call is held where no other one comes.
pub(crate) const LONGEST_HOLD: Duration = Duration::from_secs(2);

/// The calls of the merchant's in the order of their arrival, and those that are held.
#[derive(Debug, Default)]
pub(crate) struct Turns {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    arrived: u64,
    held: Vec<(Turn, oneshot::Sender<()>)>,
}

/// A call's place in the order of arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Turn(u64);

/// A call that waits for a later one.
#[derive(Debug)]
pub(crate) struct Held {
    passed: oneshot::Receiver<()>,
}

/// Why a held call goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Release {
    /// A later call was worked on.
    Passed,
    /// None came.
    TimeIsUp,
}

impl Turns {
    /// A call has arrived.
    pub(crate) fn arrive(&self) -> Turn {
        let mut state = self.lock();
        state.arrived += 1;
        Turn(state.arrived)
    }

    /// Holds a call until one that arrived after it was worked on.
    pub(crate) fn hold(&self, turn: Turn) -> Held {
        let (sender, passed) = oneshot::channel();
        let mut state = self.lock();
        state.held.retain(|(_, waiting)| !waiting.is_closed());
        state.held.push((turn, sender));
        Held { passed }
    }

    /// A call was worked on: the last one that was held before it goes on. Of several that are held, each goes on after
    /// the one behind it.
    pub(crate) fn done(&self, turn: Turn) {
        let mut state = self.lock();
        while let Some(last) = state.held.iter().rposition(|(held, _)| *held < turn) {
            let (_, waiting) = state.held.remove(last);
            // One that has given up waiting lets nobody else wait.
            if waiting.send(()).is_ok() {
                return;
            }
        }
    }

    /// Nobody waits any more, and who waited is not worked on.
    pub(crate) fn forget_all(&self) {
        self.lock().held.clear();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Counting and pushing leave nothing half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    /// Waits for a later call, [`LONGEST_HOLD`] at most; `None` where it was forgotten meanwhile.
    pub(crate) async fn released(self) -> Option<Release> {
        match tokio::time::timeout(LONGEST_HOLD, self.passed).await {
            Ok(Ok(())) => Some(Release::Passed),
            Ok(Err(_)) => None,
            Err(_) => Some(Release::TimeIsUp),
        }
    }
}

impl Release {
    /// In words, for the journal.
    pub(crate) const fn reason(self) -> &'static str {
        match self {
            Self::Passed => "held until a later call was worked on, because a fault was ordered",
            Self::TimeIsUp => {
                "held for 2 seconds, because a fault was ordered and no later call came"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_later_call_lets_it_go_and_an_earlier_one_does_not() {
        let turns = Turns::default();
        let earlier = turns.arrive();
        let held = turns.hold(turns.arrive());
        let later = turns.arrive();
        let mut waiting = Box::pin(held.released());
        turns.done(earlier);
        assert!(still_waits(&mut waiting).await);
        turns.done(later);
        assert_eq!(waiting.await, Some(Release::Passed));
    }

    #[tokio::test(start_paused = true)]
    async fn without_another_call_it_goes_when_its_time_is_up() {
        let turns = Turns::default();
        let begun = Instant::now();
        let held = turns.hold(turns.arrive());
        assert_eq!(held.released().await, Some(Release::TimeIsUp));
        assert_eq!(begun.elapsed(), LONGEST_HOLD);
    }

    #[tokio::test(start_paused = true)]
    async fn several_go_in_the_reverse_order() {
        let turns = Turns::default();
        let (first, second) = (turns.arrive(), turns.arrive());
        let (one, two) = (turns.hold(first), turns.hold(second));
        let mut one = Box::pin(one.released());
        turns.done(turns.arrive());
        assert!(still_waits(&mut one).await);
        assert_eq!(two.released().await, Some(Release::Passed));
        turns.done(second);
        assert_eq!(one.await, Some(Release::Passed));
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_gave_up_holds_up_nobody() {
        let turns = Turns::default();
        let held = turns.hold(turns.arrive());
        drop(turns.hold(turns.arrive()));
        turns.done(turns.arrive());
        assert_eq!(held.released().await, Some(Release::Passed));
    }

    #[tokio::test(start_paused = true)]
    async fn who_is_forgotten_is_not_worked_on() {
        let turns = Turns::default();
        let held = turns.hold(turns.arrive());
        turns.forget_all();
        assert_eq!(held.released().await, None);
    }

    /// Whether a wait goes on although everybody else had a turn.
    async fn still_waits(waiting: &mut (impl Future<Output = Option<Release>> + Unpin)) -> bool {
        tokio::select! {
            biased;
            _ = waiting => false,
            () = tokio::task::yield_now() => true,
        }
    }
}
