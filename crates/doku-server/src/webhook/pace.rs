//! When to try again: soon at first, then ever more seldom, for three days.

use std::time::Duration;

use doku_ledger::delivery::Next;
use time::OffsetDateTime;

/// The shortest wait.
const SHORTEST: Duration = Duration::from_secs(5);

/// The longest wait.
const LONGEST: Duration = Duration::from_secs(6 * 60 * 60);

/// How long a delivery is tried.
pub(crate) const PATIENCE: Duration = Duration::from_secs(3 * 24 * 60 * 60);

/// The longest wait that a receiver may ask for.
const LONGEST_ASKED: Duration = Duration::from_secs(60 * 60);

/// What to do with a delivery that has not arrived.
///
/// Each wait is as long as all before it together, so that they double; a fifth more or less, so that what failed together
/// does not come back together. `chance` is from 0 to 1.
pub(crate) fn next(
    since: OffsetDateTime,
    now: OffsetDateTime,
    asked: Option<Duration>,
    chance: f64,
) -> Next {
    let elapsed = Duration::try_from(now - since).unwrap_or(Duration::ZERO);
    if elapsed >= PATIENCE {
        return Next::GiveUp;
    }
    let wait = elapsed.clamp(SHORTEST, LONGEST);
    let jittered = wait.mul_f64(0.8 + 0.4 * chance.clamp(0.0, 1.0));
    let wait = asked.map_or(jittered, |asked| jittered.max(asked.min(LONGEST_ASKED)));
    // One last attempt is made at the end.
    let wait = wait.min(PATIENCE.saturating_sub(elapsed).max(SHORTEST));
    Next::TryAt(now.saturating_add(time::Duration::try_from(wait).unwrap_or(time::Duration::ZERO)))
}

/// A number from 0 to 1. Without random numbers the middle is as good a guess as any.
pub(crate) fn chance() -> f64 {
    let number = getrandom::u32().unwrap_or(u32::MAX / 2);
    f64::from(number) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::datetime;

    use super::*;

    const SINCE: OffsetDateTime = datetime!(2026-01-31 10:00:00 UTC);

    /// When a receiver that never answers is tried.
    fn attempts(chance: f64) -> Vec<OffsetDateTime> {
        let mut now = SINCE;
        let mut tried = vec![now];
        while let Next::TryAt(moment) = next(SINCE, now, None, chance) {
            assert!(moment > now);
            now = moment;
            tried.push(now);
        }
        tried
    }

    #[test]
    fn it_is_tried_for_three_days_and_not_too_often() {
        for chance in [0.0, 0.5, 1.0] {
            let tried = attempts(chance);
            let last = *tried.last().unwrap();
            assert!(last - SINCE >= time::Duration::days(3), "{}", last - SINCE);
            assert!(last - SINCE < time::Duration::days(3) + time::Duration::minutes(1));
            assert!((18..40).contains(&tried.len()), "{}", tried.len());
            assert!(tried[1] - SINCE <= time::Duration::seconds(6));
        }
    }

    proptest! {
        #[test]
        fn waits_stay_within_their_bounds(elapsed in 0_u64..259_200, chance in 0.0..=1.0_f64, asked in proptest::option::of(0_u64..1_000_000)) {
            let now = SINCE + Duration::from_secs(elapsed);
            let Next::TryAt(moment) = next(SINCE, now, asked.map(Duration::from_secs), chance) else {
                panic!("given up too early");
            };
            let wait = moment - now;
            prop_assert!(wait >= time::Duration::seconds(4));
            prop_assert!(wait <= LONGEST.mul_f64(1.2));
        }
    }
}
