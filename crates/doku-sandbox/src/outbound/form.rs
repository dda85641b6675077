//! The forms in which DOKU writes numbers, moments and ids, as the dialect has them.

use doku_model::{CustomerNo, PartnerServiceId, Timestamp};
use time::{OffsetDateTime, UtcOffset};

use crate::config::{ChannelIdForm, ExternalIdForm, Padding, TimestampForm};

/// A partner service id, and the whole number that begins with it.
pub(crate) fn numbers(
    padding: Padding,
    partner_service_id: &PartnerServiceId,
    customer_no: &CustomerNo,
) -> (String, String) {
    let padded = match padding {
        Padding::Blanks => partner_service_id.as_str().to_owned(),
        Padding::Nothing => partner_service_id.digits().to_owned(),
        Padding::Zeros => format!("{:0>8}", partner_service_id.digits()),
    };
    let number = format!("{padded}{customer_no}");
    (padded, number)
}

/// A moment.
pub(crate) fn timestamp(form: TimestampForm, instant: OffsetDateTime) -> String {
    match form {
        TimestampForm::Wib => Timestamp::wib(instant).to_string(),
        TimestampForm::Utc => Timestamp::utc(instant).to_string(),
        TimestampForm::UtcMilliseconds => {
            let milliseconds = instant.to_offset(UtcOffset::UTC).millisecond();
            let whole = Timestamp::utc(instant).to_string();
            format!("{}.{milliseconds:03}Z", whole.trim_end_matches('Z'))
        }
    }
}

/// An external id that no other call has: `serial` counts the calls, `now` tells one start of the sandbox from another.
pub(crate) fn external_id(form: ExternalIdForm, now: OffsetDateTime, serial: u64) -> String {
    let seconds = now.unix_timestamp().unsigned_abs() % 10_000_000;
    match form {
        ExternalIdForm::Digits => format!("{seconds:07}{:05}", serial % 100_000),
        ExternalIdForm::Long => format!("VIRTUAL_ACCOUNT{seconds:020}{serial:020}"),
    }
}

/// CHANNEL-ID, where there is one.
pub(crate) fn channel_id(form: ChannelIdForm, channel: &str) -> Option<&str> {
    match form {
        ChannelIdForm::Va => Some("VA004"),
        ChannelIdForm::H2h => Some("H2H"),
        ChannelIdForm::Name => Some(channel),
        ChannelIdForm::Absent => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_as_it_was_reported() {
        let (bin, customer) = ("95962".parse().unwrap(), "60001".parse().unwrap());
        let of = |padding| numbers(padding, &bin, &customer);
        let pair = |bin: &str, number: &str| (bin.to_owned(), number.to_owned());
        assert_eq!(of(Padding::Blanks), pair("   95962", "   9596260001"));
        assert_eq!(of(Padding::Nothing), pair("95962", "9596260001"));
        assert_eq!(of(Padding::Zeros), pair("00095962", "0009596260001"));

        let moment = OffsetDateTime::UNIX_EPOCH + time::Duration::milliseconds(7);
        let of = |form| timestamp(form, moment);
        assert_eq!(of(TimestampForm::Wib), "1970-01-01T07:00:00+07:00");
        assert_eq!(of(TimestampForm::Utc), "1970-01-01T00:00:00Z");
        assert_eq!(
            of(TimestampForm::UtcMilliseconds),
            "1970-01-01T00:00:00.007Z"
        );

        let of = |form| external_id(form, moment, 41);
        assert_eq!(of(ExternalIdForm::Digits), "000000000041");
        assert_eq!(of(ExternalIdForm::Long).len(), 55);
    }
}
