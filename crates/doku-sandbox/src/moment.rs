//! A moment in a state file: whole microseconds since 1970.

use serde::{Deserialize, Deserializer, Serializer, de};
use time::OffsetDateTime;

/// The moment as it is written.
pub(crate) fn micros(moment: OffsetDateTime) -> i64 {
    // Any moment of the calendar fits.
    i64::try_from(moment.unix_timestamp_nanos() / 1_000).unwrap_or(i64::MAX)
}

/// The moment as it was before; `None` outside the calendar.
pub(crate) fn at(micros: i64) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1_000).ok()
}

pub(crate) fn serialize<S: Serializer>(
    moment: &OffsetDateTime,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_i64(micros(*moment))
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<OffsetDateTime, D::Error> {
    at(i64::deserialize(from)?).ok_or_else(|| de::Error::custom("no moment of the calendar"))
}

/// The same where there may be none.
pub(crate) mod maybe {
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer, de};
    use time::OffsetDateTime;

    pub(crate) fn serialize<S: Serializer>(
        moment: &Option<OffsetDateTime>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        moment.map(super::micros).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<OffsetDateTime>, D::Error> {
        let micros: Option<i64> = Option::deserialize(from)?;
        micros
            .map(|micros| {
                super::at(micros).ok_or_else(|| de::Error::custom("no moment of the calendar"))
            })
            .transpose()
    }
}
