//! A moment as it was written, because the writing is what was signed.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use time::format_description::well_known::Rfc3339;
use time::{Date, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

use super::kept::Kept;
use super::text::text_traits;
use crate::error::{Fault, FieldError};

/// Western Indonesian Time, UTC+07:00: Jakarta, and the day that DOKU's documentation counts in.
pub const WIB: UtcOffset = match UtcOffset::from_hms(7, 0, 0) {
    Ok(offset) => offset,
    Err(_) => UtcOffset::UTC,
};

/// The first moment that four digits of a year can write, on the clock of whoever writes.
const EARLIEST: PrimitiveDateTime = match Date::from_ordinal_date(0, 1) {
    Ok(date) => date.midnight(),
    Err(_) => PrimitiveDateTime::MIN,
};

/// The last one, to the second.
const LATEST: PrimitiveDateTime = match (
    Date::from_ordinal_date(9999, 365),
    Time::from_hms(23, 59, 59),
) {
    (Ok(date), Ok(time)) => PrimitiveDateTime::new(date, time),
    _ => PrimitiveDateTime::MAX,
};

/// A moment, and the exact text it was read from.
///
/// Made by us it is 20 or 25 characters without fractions, `2026-01-31T10:55:00Z` or
/// `2026-01-31T10:55:00+07:00`. Read from others it may have fractions of a second, any offset, or `-00:00`; a
/// missing offset, an offset without a colon and a second of 60 are refused.
///
/// Compares and orders by the moment, not by the text. Source: RFC 3339, SNAP BI.
///
/// ```
/// use doku_model::Timestamp;
///
/// let in_jakarta: Timestamp = "2026-01-31T10:55:00+07:00".parse()?;
/// let in_utc: Timestamp = "2026-01-31T03:55:00.000Z".parse()?;
/// assert_eq!(in_jakarta, in_utc);
/// assert_eq!(in_utc.as_str(), "2026-01-31T03:55:00.000Z");
/// # Ok::<(), doku_model::FieldError>(())
/// ```
#[derive(Clone)]
pub struct Timestamp {
    text: Kept,
    instant: OffsetDateTime,
}

impl Timestamp {
    /// The header or member that carries a moment; its owner names it more closely.
    pub const FIELD: &'static str = "X-TIMESTAMP";

    /// `instant` in UTC, to the second: `2026-01-31T03:55:00Z`.
    ///
    /// A moment outside the years 0 to 9999 cannot be written and becomes the nearest one that can.
    #[must_use]
    pub fn utc(instant: OffsetDateTime) -> Self {
        Self::written(instant, UtcOffset::UTC)
    }

    /// `instant` in Western Indonesian Time, to the second: `2026-01-31T10:55:00+07:00`.
    #[must_use]
    pub fn wib(instant: OffsetDateTime) -> Self {
        Self::written(instant, WIB)
    }

    fn written(instant: OffsetDateTime, offset: UtcOffset) -> Self {
        let local = instant
            .clamp(EARLIEST.assume_offset(offset), LATEST.assume_offset(offset))
            .checked_to_offset(offset)
            .unwrap_or(LATEST.assume_offset(offset));
        let local = local.replace_nanosecond(0).unwrap_or(local);
        let (year, month, day) = (local.year(), u8::from(local.month()), local.day());
        let (hour, minute, second) = local.to_hms();
        let zone = if offset.is_utc() { "Z" } else { "+07:00" };
        let century = u8::try_from(year / 100).unwrap_or_default();
        let of_century = u8::try_from(year % 100).unwrap_or_default();
        let mut text = String::with_capacity(25);
        two_digits(&mut text, century);
        two_digits(&mut text, of_century);
        for (before, part) in [
            ('-', month),
            ('-', day),
            ('T', hour),
            (':', minute),
            (':', second),
        ] {
            text.push(before);
            two_digits(&mut text, part);
        }
        text.push_str(zone);
        Self {
            text: text.as_str().into(),
            instant: local,
        }
    }

    /// The text, exactly as it was made or received.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The moment, with the offset it was written in.
    #[must_use]
    pub const fn instant(&self) -> OffsetDateTime {
        self.instant
    }
}

/// Appends a number below 100. A timestamp is written for every call, and the formatting machinery would cost more than
/// the rest of it.
fn two_digits(text: &mut String, number: u8) {
    text.push(char::from(b'0' + number / 10 % 10));
    text.push(char::from(b'0' + number % 10));
}

impl FromStr for Timestamp {
    type Err = FieldError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const EXPECTED: &str = "a moment such as 2026-01-31T10:55:00+07:00";
        if text.is_empty() {
            return Err(FieldError::missing(Self::FIELD));
        }
        let malformed = || FieldError::new(Self::FIELD, Fault::Format { expected: EXPECTED });
        // The parser would take a blank or a lower-case `t` and `z`, which no source shows.
        let shape = text.is_ascii() && text.len() <= 40 && text.as_bytes().get(10) == Some(&b'T');
        // It would also take a leap second, and read it as another moment.
        let leap = text.get(17..19) == Some("60");
        if !shape || leap || text.ends_with('z') {
            return Err(malformed());
        }
        let instant = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| malformed())?;
        Ok(Self {
            text: text.into(),
            instant,
        })
    }
}

impl PartialEq for Timestamp {
    fn eq(&self, other: &Self) -> bool {
        self.instant == other.instant
    }
}

impl Eq for Timestamp {}

impl PartialOrd for Timestamp {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Timestamp {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.instant.cmp(&other.instant)
    }
}

impl Hash for Timestamp {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.instant.hash(state);
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Timestamp({})", self.as_str())
    }
}

text_traits!(Timestamp);
