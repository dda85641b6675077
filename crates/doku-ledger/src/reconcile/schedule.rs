//! When an account is asked about: seldom while it is young and quiet, soon where there is a hint, and thrice after its end.

use time::{Duration, OffsetDateTime};

use crate::account::{Snapshot, State};
use crate::database::{Statement, Transaction};
use crate::error::Error;
use crate::moment::micros;

/// DOKU asks not to be asked within this time of a payment.
pub(crate) const QUIET: Duration = Duration::seconds(60);

/// How long somebody who was shown a bill is given to pay it, and DOKU to tell.
const TO_PAY: Duration = Duration::minutes(5);

/// The first question after an account was made; then twice as long each time.
const FIRST: Duration = Duration::minutes(10);

/// The longest wait between two questions.
const LONGEST: Duration = Duration::hours(12);

/// The questions after an account's end. DOKU's last repeat of a notification comes about 12 hours after the first.
const AFTER_THE_END: [Duration; 3] = [
    Duration::minutes(2),
    Duration::hours(1),
    Duration::hours(13),
];

/// The first question about a new account.
pub(crate) fn first(now: OffsetDateTime, expires_at: Option<OffsetDateTime>) -> OffsetDateTime {
    no_later_than_the_end(now.saturating_add(FIRST), expires_at)
}

/// The question after one that found no payment; none where the last was asked.
pub(crate) fn next(
    now: OffsetDateTime,
    checks: i64,
    expires_at: Option<OffsetDateTime>,
) -> Option<OffsetDateTime> {
    if let Some(end) = expires_at.filter(|end| *end <= now) {
        return AFTER_THE_END
            .into_iter()
            .map(|after| end.saturating_add(after))
            .find(|moment| *moment > now);
    }
    Some(no_later_than_the_end(
        now.saturating_add(wait_after(checks)),
        expires_at,
    ))
}

/// The question after one that got no answer. The account is not closed before there was one.
pub(crate) fn again(now: OffsetDateTime, checks: i64) -> OffsetDateTime {
    now.saturating_add(wait_after(checks))
}

fn wait_after(checks: i64) -> Duration {
    let doublings = u32::try_from(checks.clamp(0, 16)).unwrap_or(16);
    FIRST
        .checked_mul(2_i32.saturating_pow(doublings))
        .unwrap_or(LONGEST)
        .min(LONGEST)
}

fn no_later_than_the_end(
    moment: OffsetDateTime,
    expires_at: Option<OffsetDateTime>,
) -> OffsetDateTime {
    let [soon, ..] = AFTER_THE_END;
    expires_at.map_or(moment, |end| moment.min(end.saturating_add(soon)))
}

/// The question after a payment was notified: none where the account is settled, and never within the quiet time.
pub(crate) fn after_payment(
    account: &Snapshot,
    received_at: OffsetDateTime,
) -> Option<OffsetDateTime> {
    if account.state == State::Paid && !account.reusable {
        return None;
    }
    let quiet_until = received_at.saturating_add(QUIET);
    account.check_at.map(|planned| planned.max(quiet_until))
}

/// Somebody may have paid just now: ask as soon as DOKU wants to be asked.
pub(crate) async fn hint(
    transaction: &mut Transaction,
    account_id: i64,
    now: OffsetDateTime,
) -> Result<(), Error> {
    ask_by(transaction, account_id, now.saturating_add(QUIET)).await
}

/// When to ask about a bill that somebody was shown a moment ago, unless a notification comes first.
pub(crate) fn after_inquiry(now: OffsetDateTime) -> OffsetDateTime {
    now.saturating_add(TO_PAY)
}

/// Asks no later than `soon`. About an account whose numbers are not known there is nothing to ask.
pub(crate) async fn ask_by(
    transaction: &mut Transaction,
    account_id: i64,
    soon: OffsetDateTime,
) -> Result<(), Error> {
    let soon = micros(soon);
    let statement = Statement::new(
        "UPDATE account SET check_at = $1 WHERE id = $2 AND (check_at IS NULL OR check_at > $1) \
         AND state <> 'paid' AND (returned IS NOT NULL OR mode = 'direct_inquiry')",
    )
    .bind(soon)
    .bind(account_id);
    transaction.execute(statement).await.map(|_| ())
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOON: OffsetDateTime = datetime!(2026-01-31 12:00 UTC);

    #[test]
    fn it_asks_ever_more_seldom_and_at_least_twice_a_day() {
        let waits: Vec<i64> = (0..9)
            .map(|checks| (next(NOON, checks, None).unwrap() - NOON).whole_minutes())
            .collect();
        assert_eq!(waits, [10, 20, 40, 80, 160, 320, 640, 720, 720]);
        assert!(next(NOON, i64::MAX, None).is_some());
    }

    #[test]
    fn after_the_end_it_asks_three_times_and_no_more() {
        let end = NOON;
        let mut asked = Vec::new();
        let mut now = first(NOON - Duration::minutes(5), Some(end));
        while let Some(following) = {
            asked.push((now - end).whole_minutes());
            next(now, 3, Some(end))
        } {
            now = following;
        }
        assert_eq!(asked, [2, 60, 780]);
    }

    #[test]
    fn who_was_down_after_the_end_still_asks_once_more() {
        let end = NOON;
        let restarted = NOON + Duration::hours(5);
        assert_eq!(
            next(restarted, 0, Some(end)),
            Some(end + Duration::hours(13))
        );
        assert_eq!(next(NOON + Duration::hours(20), 0, Some(end)), None);
    }
}
