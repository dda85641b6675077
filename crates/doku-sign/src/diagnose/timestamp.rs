//! A timestamp in the other forms it may have been signed in.
//!
//! The signature covers the text of the header, so `…Z` and `…+07:00` are different even where
//! they name the same moment. The little of the calendar that this needs is written out here:
//! this crate has no other use for a time library.

use std::time::{SystemTime, UNIX_EPOCH};

use super::Cause;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Longer fractions than nanoseconds are not met.
const LONGEST_FRACTION: usize = 9;

/// How far apart the two readings of a clock are looked for, in seconds.
const SLOWEST_SENDER: i8 = 5;

/// The offsets in use, and how they are written: UTC, and Indonesia's three zones.
const OFFSETS: [(&str, i64); 8] = [
    ("Z", 0),
    ("+00:00", 0),
    ("+0000", 0),
    ("+07:00", 7 * HOUR),
    ("+0700", 7 * HOUR),
    ("+07", 7 * HOUR),
    ("+08:00", 8 * HOUR),
    ("+09:00", 9 * HOUR),
];

/// An ISO 8601 timestamp, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment<'t> {
    /// What the clock on the wall showed, as if it were UTC, in seconds since 1970.
    local: i64,
    /// The digits after the point.
    fraction: &'t str,
    /// How the offset is written; empty where there is none.
    zone: &'t str,
    /// Seconds east of UTC.
    offset: Option<i64>,
}

impl<'t> Moment<'t> {
    /// Reads `2026-09-04T07:00:00+07:00` and its relatives: a blank for the `T`, a fraction, the
    /// offset as `Z`, `+07:00`, `+0700`, `+07` or absent.
    pub(super) fn read(text: &'t str) -> Option<Self> {
        let (date, rest) = text.split_at_checked(10)?;
        let (year, month, day) = match date.as_bytes() {
            [y @ .., b'-', m1, m2, b'-', d1, d2] if y.len() == 4 => {
                (number(y)?, number(&[*m1, *m2])?, number(&[*d1, *d2])?)
            }
            _ => return None,
        };
        let rest = rest.strip_prefix(['T', 't', ' '])?;
        let (time, rest) = rest.split_at_checked(8)?;
        let (hour, minute, second) = match time.as_bytes() {
            [h1, h2, b':', m1, m2, b':', s1, s2] => (
                number(&[*h1, *h2])?,
                number(&[*m1, *m2])?,
                number(&[*s1, *s2])?,
            ),
            _ => return None,
        };
        let exists = (1..=12).contains(&month)
            && (1..=31).contains(&day)
            && hour < 24
            && minute < 60
            && second <= 60;
        if !exists {
            return None;
        }
        let (fraction, zone) = match rest.strip_prefix('.') {
            Some(rest) => {
                let end = rest
                    .find(|digit: char| !digit.is_ascii_digit())
                    .unwrap_or(rest.len());
                rest.split_at_checked(end)
                    .filter(|_| (1..=LONGEST_FRACTION).contains(&end))?
            }
            None => ("", rest),
        };
        Some(Self {
            local: days_from_civil(year, month, day) * DAY + hour * HOUR + minute * MINUTE + second,
            fraction,
            zone,
            offset: read_offset(zone)?,
        })
    }

    /// Seconds since 1970; without an offset as if it were UTC.
    pub(super) fn unix(&self) -> i64 {
        self.local - self.offset.unwrap_or(0)
    }

    fn write(local: i64, separator: char, fraction: &str, zone: &str) -> Option<String> {
        let (year, month, day) = civil_from_days(local.div_euclid(DAY));
        let second = local.rem_euclid(DAY);
        let (hour, minute, second) = (second / HOUR, second % HOUR / MINUTE, second % MINUTE);
        let point = if fraction.is_empty() { "" } else { "." };
        (0..=9999).contains(&year).then(|| {
            format!(
                "{year:04}-{month:02}-{day:02}{separator}\
                 {hour:02}:{minute:02}:{second:02}{point}{fraction}{zone}"
            )
        })
    }
}

/// `Some(None)` for no offset, `None` for what is not an offset.
fn read_offset(zone: &str) -> Option<Option<i64>> {
    let seconds = match zone.as_bytes() {
        [] => return Some(None),
        [b'Z' | b'z'] => 0,
        [sign @ (b'+' | b'-'), digits @ ..] => {
            let (hours, minutes) = match digits {
                [h1, h2] => (number(&[*h1, *h2])?, 0),
                [h1, h2, m1, m2] | [h1, h2, b':', m1, m2] => {
                    (number(&[*h1, *h2])?, number(&[*m1, *m2])?)
                }
                _ => return None,
            };
            let east = if *sign == b'+' { 1 } else { -1 };
            east * (hours * HOUR + minutes * MINUTE)
        }
        _ => return None,
    };
    (seconds.abs() <= DAY).then_some(Some(seconds))
}

fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |value, digit| {
        digit
            .is_ascii_digit()
            .then(|| value * 10 + i64::from(*digit - b'0'))
    })
}

/// Days from 1970-01-01 in the Gregorian calendar, years beginning in March so that the leap day
/// is the last of its year.
const fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month = (month + 9) % 12;
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

const fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = era * 400 + year_of_era + if month <= 2 { 1 } else { 0 };
    (year, month, day)
}

/// Seconds since 1970, negative before.
pub(super) fn unix(time: SystemTime) -> i64 {
    let seconds = |duration: std::time::Duration| i64::try_from(duration.as_secs());
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => seconds(after).unwrap_or(i64::MAX),
        Err(before) => seconds(before.duration()).map_or(i64::MIN, |seconds| -seconds),
    }
}

/// What may have been signed instead of `text`, the likelier first.
pub(super) fn others(text: &str) -> Vec<(String, Cause)> {
    let Some(moment) = Moment::read(text) else {
        return Vec::new();
    };
    let mut others = Others {
        text,
        found: Vec::new(),
    };
    others.other_offsets(&moment);
    others.other_forms(&moment);
    others.other_labels(&moment);
    for seconds in 1..=SLOWEST_SENDER {
        others.taken_twice(&moment, -seconds);
        others.taken_twice(&moment, seconds);
    }
    others.found
}

/// The same second with each of its milliseconds, as the header writes it and as `toISOString` does. They are a thousand each,
/// so nothing else is varied with them.
pub(super) fn with_milliseconds(text: &str) -> Vec<(String, Cause)> {
    let Some(moment) = Moment::read(text) else {
        return Vec::new();
    };
    let mut clocks = vec![(moment.local, moment.zone)];
    if moment.zone != "Z" && moment.offset.is_some() {
        clocks.push((moment.unix(), "Z"));
    }
    let mut found = Vec::with_capacity(1000 * clocks.len());
    for (local, zone) in clocks {
        for milliseconds in 0..1000 {
            let fraction = format!("{milliseconds:03}");
            let cause = Cause::TimestampMilliseconds { milliseconds };
            found.extend(Moment::write(local, 'T', &fraction, zone).map(|text| (text, cause)));
        }
    }
    found
}

struct Others<'t> {
    text: &'t str,
    found: Vec<(String, Cause)>,
}

impl Others<'_> {
    fn add(&mut self, text: Option<String>, cause: Cause) {
        if let Some(text) = text
            && text != self.text
            && self.found.iter().all(|(known, _)| *known != text)
        {
            self.found.push((text, cause));
        }
    }

    /// The same moment on another zone's clock, with any fraction.
    fn other_offsets(&mut self, moment: &Moment<'_>) {
        let Some(offset) = moment.offset else { return };
        for fraction in fractions(moment.fraction) {
            for (zone, seconds) in OFFSETS {
                let cause = if seconds == offset {
                    Cause::TimestampReformatted
                } else {
                    Cause::TimestampInOtherOffset
                };
                let local = moment.unix() + seconds;
                self.add(Moment::write(local, 'T', &fraction, zone), cause);
            }
            // The clock of another zone, and no word on which.
            for seconds in [0, 7 * HOUR] {
                let cause = if seconds == offset {
                    Cause::TimestampReformatted
                } else {
                    Cause::TimestampInOtherOffset
                };
                let local = moment.unix() + seconds;
                self.add(Moment::write(local, 'T', &fraction, ""), cause);
            }
        }
    }

    /// The same moment on the same clock, written in another way.
    fn other_forms(&mut self, moment: &Moment<'_>) {
        let cause = Cause::TimestampReformatted;
        for fraction in fractions(moment.fraction) {
            for separator in ['T', ' '] {
                for zone in [moment.zone, ""] {
                    let text = Moment::write(moment.local, separator, &fraction, zone);
                    self.add(text, cause);
                }
            }
        }
        self.add(Some(self.text.to_ascii_lowercase()), cause);
        self.add(Some(self.text.to_ascii_uppercase()), cause);
        let unix = moment.unix();
        let millis: String = moment
            .fraction
            .chars()
            .chain("000".chars())
            .take(3)
            .collect();
        self.add(Some(format!("{unix}")), cause);
        self.add(Some(format!("{unix}{millis}")), cause);
    }

    /// The same clock with the name of another zone: the offset was stuck on, not calculated.
    fn other_labels(&mut self, moment: &Moment<'_>) {
        for fraction in [moment.fraction, ""] {
            for (zone, seconds) in OFFSETS {
                if moment.offset != Some(seconds) {
                    let text = Moment::write(moment.local, 'T', fraction, zone);
                    self.add(text, Cause::TimestampWithOtherLabel);
                }
            }
        }
    }

    /// The clock was read once for the header and once for the signature.
    fn taken_twice(&mut self, moment: &Moment<'_>, seconds: i8) {
        let local = moment.local + i64::from(seconds);
        let text = Moment::write(local, 'T', moment.fraction, moment.zone);
        self.add(text, Cause::TimestampTakenTwice { seconds });
    }
}

/// The fraction as it is, none, and in milliseconds and microseconds.
fn fractions(fraction: &str) -> Vec<String> {
    let digits = |count| -> String {
        fraction
            .chars()
            .chain(std::iter::repeat('0'))
            .take(count)
            .collect()
    };
    let mut fractions = vec![fraction.to_owned()];
    for other in [String::new(), digits(3), digits(6)] {
        if !fractions.contains(&other) {
            fractions.push(other);
        }
    }
    fractions
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;

    fn unix_of(text: &str) -> Option<i64> {
        Moment::read(text).map(|moment| moment.unix())
    }

    #[test]
    fn known_moments() {
        for (text, unix) in [
            ("1970-01-01T00:00:00Z", 0),
            ("1969-12-31T23:59:59Z", -1),
            ("2000-02-29T12:00:00Z", 951_825_600),
            ("2001-09-09T01:46:40Z", 1_000_000_000),
            ("2026-09-04T07:00:00+07:00", 1_788_480_000),
            ("2026-09-04T00:00:00Z", 1_788_480_000),
            ("2026-09-03T20:30:00.123-0330", 1_788_480_000),
            ("2026-09-04 09:00:00+09", 1_788_480_000),
            ("2038-01-19T03:14:07", 2_147_483_647),
            ("2100-03-01T00:00:00Z", 4_107_542_400),
            ("9999-12-31T23:59:59Z", 253_402_300_799),
            ("0000-03-01T00:00:00Z", -62_162_035_200),
        ] {
            assert_eq!(unix_of(text), Some(unix), "{text}");
        }
    }

    #[test]
    fn what_is_no_timestamp() {
        for text in [
            "",
            "now",
            "2026-09-04",
            "2026-13-04T07:00:00Z",
            "2026-09-00T07:00:00Z",
            "2026-09-04T24:00:00Z",
            "2026-09-04T07:00:00.Z",
            "2026-09-04T07:00:00.1234567890Z",
            "2026-09-04T07:00:00+7",
            "2026-09-04T07:00:00+99:00",
            "2026-09-04T07:00:00 WIB",
            "２026-09-04T07:00:00Z",
        ] {
            assert_eq!(Moment::read(text), None, "{text}");
            assert_eq!(others(text), [], "{text}");
        }
    }

    #[test]
    fn other_forms_of_one_moment() {
        let others = others("2026-09-04T07:00:00+07:00");
        let cause = |text: &str| {
            let found = others.iter().find(|(other, _)| other == text);
            found.map(|(_, cause)| *cause)
        };
        for (text, expected) in [
            ("2026-09-04T00:00:00Z", Cause::TimestampInOtherOffset),
            ("2026-09-04T00:00:00.000Z", Cause::TimestampInOtherOffset),
            ("2026-09-04T09:00:00+09:00", Cause::TimestampInOtherOffset),
            ("2026-09-04T00:00:00", Cause::TimestampInOtherOffset),
            ("2026-09-04T07:00:00+0700", Cause::TimestampReformatted),
            ("2026-09-04T07:00:00.000+07:00", Cause::TimestampReformatted),
            ("2026-09-04T07:00:00", Cause::TimestampReformatted),
            ("2026-09-04 07:00:00", Cause::TimestampReformatted),
            ("1788480000", Cause::TimestampReformatted),
            ("1788480000000", Cause::TimestampReformatted),
            ("2026-09-04T07:00:00Z", Cause::TimestampWithOtherLabel),
            (
                "2026-09-04T06:59:58+07:00",
                Cause::TimestampTakenTwice { seconds: -2 },
            ),
        ] {
            assert_eq!(cause(text), Some(expected), "{text}");
        }
        assert_eq!(cause("2026-09-04T07:00:00+07:00"), None);
        assert!(others.len() < 100, "{}", others.len());
    }

    #[test]
    fn every_millisecond_of_one_second() {
        let found = with_milliseconds("2026-09-04T07:00:00+07:00");
        assert_eq!(found.len(), 2000);
        for (text, milliseconds) in [
            ("2026-09-04T07:00:00.007+07:00", 7),
            ("2026-09-04T00:00:00.999Z", 999),
        ] {
            let cause = Cause::TimestampMilliseconds { milliseconds };
            assert!(found.contains(&(text.to_owned(), cause)), "{text}");
        }
        assert_eq!(with_milliseconds("2026-09-04T00:00:00.123Z").len(), 1000);
        assert_eq!(with_milliseconds("now"), []);
    }

    #[test]
    fn the_clock() {
        assert_eq!(unix(UNIX_EPOCH + Duration::from_secs(7)), 7);
        assert_eq!(unix(UNIX_EPOCH - Duration::from_secs(7)), -7);
    }

    proptest! {
        #[test]
        fn days_there_and_back(days in -800_000_i64..4_000_000) {
            let (year, month, day) = civil_from_days(days);
            prop_assert_eq!(days_from_civil(year, month, day), days);
            prop_assert!((1..=12).contains(&month) && (1..=31).contains(&day));
            let (_, _, next) = civil_from_days(days + 1);
            prop_assert!(next == day + 1 || next == 1);
        }

        #[test]
        fn other_offsets_name_the_same_moment(seconds in 0_i64..4_000_000_000) {
            let text = Moment::write(seconds, 'T', "", "Z").unwrap();
            for (other, cause) in others(&text) {
                if cause == Cause::TimestampInOtherOffset && other.contains('+') {
                    prop_assert_eq!(unix_of(&other), Some(seconds), "{}", other);
                }
            }
        }

        #[test]
        fn any_text(text in any::<String>(), tail in "[-0-9:TZ.+ ]{0,16}") {
            others(&text);
            others(&format!("2026-09-04T{tail}"));
            others(&format!("2026-09-04T07:00:00{tail}"));
        }
    }
}
