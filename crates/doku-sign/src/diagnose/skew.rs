//! How far a timestamp is from the clock.

use std::fmt;
use std::time::Duration;

use super::Language;

const HOUR: u64 = 3600;

/// How near to whole hours a difference counts as a mistaken offset and not as a bad clock.
const NEAR: u64 = 120;

/// How far a timestamp is from the clock that judges it.
///
/// ```
/// use doku_sign::diagnose::Skew;
///
/// let skew = Skew::of_seconds(-7 * 3600 + 4);
/// assert!(!skew.is_ahead());
/// assert_eq!(skew.whole_hours(), Some(-7));
/// assert_eq!(skew.to_string(), "the timestamp is 25196 s behind the clock, about 7 whole hours");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Skew(i64);

impl Skew {
    /// The timestamp minus the clock, in seconds.
    #[must_use]
    pub const fn of_seconds(seconds: i64) -> Self {
        Self(seconds)
    }

    /// The timestamp minus the clock, in seconds: negative when the timestamp is in the past.
    #[must_use]
    pub const fn as_seconds(self) -> i64 {
        self.0
    }

    /// How much it is, either way.
    #[must_use]
    pub const fn size(self) -> Duration {
        Duration::from_secs(self.0.unsigned_abs())
    }

    /// The timestamp is in the future.
    #[must_use]
    pub const fn is_ahead(self) -> bool {
        self.0 > 0
    }

    /// The hours, if it is within two minutes of one to fourteen whole ones. Then an offset was
    /// mistaken, rather than a clock set wrong.
    #[must_use]
    pub fn whole_hours(self) -> Option<i64> {
        let size = self.0.unsigned_abs();
        let hours = size.saturating_add(HOUR / 2) / HOUR;
        let near = (1..=14).contains(&hours) && size.abs_diff(hours * HOUR) <= NEAR;
        let hours = i64::try_from(hours).ok().filter(|_| near)?;
        Some(if self.is_ahead() { hours } else { -hours })
    }

    pub(super) fn describe(self, language: Language) -> String {
        let seconds = self.0.unsigned_abs();
        let hours = self.whole_hours().map(i64::unsigned_abs);
        match language {
            Language::English => {
                let side = match self.0 {
                    0 => return "the timestamp agrees with the clock".to_owned(),
                    1.. => "ahead of",
                    _ => "behind",
                };
                let hours = hours.map_or_else(String::new, |hours| {
                    let plural = if hours == 1 { "" } else { "s" };
                    format!(", about {hours} whole hour{plural}")
                });
                format!("the timestamp is {seconds} s {side} the clock{hours}")
            }
            Language::Indonesian => {
                let side = match self.0 {
                    0 => return "timestamp sesuai dengan jam".to_owned(),
                    1.. => "lebih cepat",
                    _ => "lebih lambat",
                };
                let hours = hours.map_or_else(String::new, |hours| {
                    format!(", kira-kira tepat {hours} jam")
                });
                format!("timestamp {seconds} detik {side} dari jam{hours}")
            }
        }
    }
}

impl fmt::Display for Skew {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.describe(Language::English))
    }
}
