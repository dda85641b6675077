//! X-EXTERNAL-ID: the idempotency key of one call.

use std::sync::atomic::{AtomicU64, Ordering};

use doku_model::ExternalId;
use time::OffsetDateTime;

/// Digits of the part that tells one process from another.
const INSTANCE_DIGITS: u64 = 100_000_000_000_000;

/// Digits of the counter.
const COUNTER_DIGITS: u64 = 10_000_000_000;

/// Counts the calls of this process, over all clients.
static COUNTER: AtomicU64 = AtomicU64::new(0);

/// Makes external ids: 36 digits, unique across threads, processes and replicas.
///
/// 12 digits of UTC date and time, so that a person can find a call in a log; 14 random digits, drawn once from the
/// operating system; 10 digits of a counter that the whole process shares. Two ids of one process never meet within one
/// second and ten thousand million calls; two processes meet only if they drew the same of 10¹⁴ numbers and count in
/// step in the same second.
#[derive(Debug, Clone)]
pub struct ExternalIds {
    instance: u64,
}

/// The operating system gave no random numbers, so that no id could be promised to be unique.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gave no random numbers for external ids; nothing was sent")]
pub struct NoRandomNumbers(#[from] getrandom::Error);

impl ExternalIds {
    /// A source of ids for this process.
    ///
    /// # Errors
    ///
    /// [`NoRandomNumbers`] where the operating system has none to give.
    pub fn new() -> Result<Self, NoRandomNumbers> {
        Ok(Self {
            instance: getrandom::u64()? % INSTANCE_DIGITS,
        })
    }

    /// The next id, for a call made at `now`.
    #[must_use]
    pub fn next(&self, now: OffsetDateTime) -> ExternalId {
        // At the ends of the calendar there may be no UTC; any clock serves to tell seconds apart.
        let now = now.checked_to_offset(time::UtcOffset::UTC).unwrap_or(now);
        let count = COUNTER.fetch_add(1, Ordering::Relaxed) % COUNTER_DIGITS;
        let (hour, minute, second) = now.to_hms();
        let mut text = String::with_capacity(36);
        for part in [
            u8::try_from(now.year().rem_euclid(100)).unwrap_or_default(),
            u8::from(now.month()),
            now.day(),
            hour,
            minute,
            second,
        ] {
            push_digits(&mut text, u64::from(part), 2);
        }
        push_digits(&mut text, self.instance, 14);
        push_digits(&mut text, count, 10);
        digits(text)
    }
}

/// Appends the last `width` digits of a number. One id is made for every call, and the formatting machinery would cost
/// more than the rest of it.
fn push_digits(text: &mut String, number: u64, width: u32) {
    for place in (0..width).rev() {
        let digit = number / 10_u64.pow(place) % 10;
        text.push(char::from(b'0' + u8::try_from(digit).unwrap_or_default()));
    }
}

/// 36 digits are an external id by construction.
#[expect(
    clippy::expect_used,
    reason = "the text is 36 digits, because its parts are 12, 14 and 10"
)]
fn digits(text: String) -> ExternalId {
    ExternalId::try_from(text).expect("36 digits")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::thread;

    use time::macros::datetime;

    use super::*;

    #[test]
    fn an_id_is_36_digits_and_begins_with_the_moment() {
        let ids = ExternalIds::new().unwrap();
        let id = ids.next(datetime!(2026-01-31 23:59:58 +07:00));
        assert_eq!(id.as_str().len(), 36);
        assert!(id.as_str().starts_with("260131165958"), "{id}");
    }

    #[test]
    fn a_year_of_five_digits_or_before_christ_still_makes_36_digits() {
        let ids = ExternalIds::new().unwrap();
        for moment in [
            datetime!(-123-01-01 0:00 UTC),
            datetime!(9999-12-31 23:59:59 -07:00),
        ] {
            assert_eq!(ids.next(moment).as_str().len(), 36);
        }
    }

    #[test]
    fn ids_are_unique_across_threads_and_sources_in_one_second() {
        let moment = datetime!(2026-01-31 23:59:58 UTC);
        let all: Vec<ExternalId> = thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(|| {
                        let ids = ExternalIds::new().unwrap();
                        (0..5_000).map(|_| ids.next(moment)).collect::<Vec<_>>()
                    })
                })
                .collect();
            threads
                .into_iter()
                .flat_map(|thread| thread.join().unwrap())
                .collect()
        });
        let distinct: HashSet<_> = all.iter().collect();
        assert_eq!(distinct.len(), 40_000);
    }
}
