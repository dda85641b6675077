//! Moments in the database: microseconds since 1970, in UTC.
//!
//! An integer means the same in both databases, whatever their time zone is set to, and compares as it sorts.

use std::time::Duration;

use time::OffsetDateTime;

/// The moment as it is stored. The ends of the calendar are within reach of 64 bits.
pub(crate) fn micros(moment: OffsetDateTime) -> i64 {
    let micros = moment.unix_timestamp_nanos().div_euclid(1_000);
    i64::try_from(micros).unwrap_or(if micros < 0 { i64::MIN } else { i64::MAX })
}

/// The moment that was stored.
pub(crate) fn moment(micros: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros).saturating_mul(1_000))
        .unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

/// So many microseconds.
pub(crate) fn span(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_moment_comes_back_to_the_microsecond(seconds in -62_000_000_000_i64..250_000_000_000, micro in 0_i64..1_000_000) {
            let stored = seconds * 1_000_000 + micro;
            prop_assert_eq!(micros(moment(stored)), stored);
        }
    }
}
