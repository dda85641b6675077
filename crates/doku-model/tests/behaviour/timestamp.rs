//! `Timestamp`: the text and the moment.

use std::collections::HashSet;

use doku_model::{Fault, Timestamp, WIB};
use proptest::prelude::*;
use time::{OffsetDateTime, UtcOffset};

use crate::support::{cases, fault, refusal};

fn at(unix: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(unix).unwrap()
}

#[test]
fn reads_every_form_that_was_seen_and_keeps_its_text() {
    // 2026-01-31 03:55:00 in UTC.
    for text in [
        "2026-01-31T03:55:00Z",
        "2026-01-31T10:55:00+07:00",
        "2026-01-31T03:55:00.000Z",
        "2026-01-31T10:55:00.000000000+07:00",
        "2026-01-31T03:55:00-00:00",
        "2026-01-31T03:55:00+00:00",
        "2026-01-30T22:25:00-05:30",
    ] {
        let timestamp: Timestamp = text.parse().unwrap();
        assert_eq!(
            timestamp.instant().unix_timestamp(),
            1_769_831_700,
            "{text}"
        );
        assert_eq!(timestamp.as_str(), text);
        assert_eq!(timestamp.to_string(), text);
    }
    let fraction: Timestamp = "2020-12-21T07:56:11.123Z".parse().unwrap();
    assert_eq!(fraction.instant().millisecond(), 123);
}

#[test]
fn refuses_everything_else() {
    for text in [
        "2026-01-31T10:55:00",
        "2026-01-31T10:55:00+0700",
        "2026-01-31T10:55:00+07",
        "2026-01-31T10:55:00+7:00",
        "2026-01-31T10:55:00 +07:00",
        "2026-01-31T10:55:00+24:00",
        "2026-01-31T10:55:00+07:60",
        "2026-01-31T10:55:00+5.5:30",
        "2026-01-31T10:55:00-03:-30",
        "2026-01-31T10:55:60Z",
        "2016-12-31T23:59:60Z",
        "2017-01-01T06:59:60+07:00",
        "2016-12-31T23:59:60.5Z",
        "2026-01-31T10:60:00Z",
        "2026-01-31T24:00:00Z",
        "2026-01-31 10:55:00Z",
        "2026-01-31t10:55:00Z",
        "2026-01-31_10:55:00Z",
        "2026-01-31T10:55:00z",
        "2026-99-31T10:55:00Z",
        "2026-00-31T10:55:00Z",
        "2026-02-29T10:55:00Z",
        "2026-01-32T10:55:00Z",
        "26-01-31T10:55:00Z",
        "+2026-01-31T10:55:00Z",
        "2026-01-31T10:55Z",
        "2026-01-31",
        "1769831700",
        "yesterday",
        " 2026-01-31T10:55:00Z",
        "2026-01-31T10:55:00Z ",
        "2026-01-31T10:55:00Z\n",
        "2026-01-31T10:55:00,5Z",
        "2026-01-31T10:55:00.Z",
        "2026-01-31T10:55:00.00000000000000000000000000000Z",
        "２０２６-01-31T10:55:00Z",
    ] {
        assert!(
            matches!(fault::<Timestamp>(text), Fault::Format { .. }),
            "{text:?}"
        );
    }
    assert_eq!(
        refusal::<Timestamp>(""),
        ("X-TIMESTAMP".to_owned(), Fault::Missing)
    );
    assert!("2024-02-29T00:00:00Z".parse::<Timestamp>().is_ok());
}

#[test]
fn writes_seconds_in_utc_and_in_jakarta() {
    let instant = at(1_769_831_700) + time::Duration::milliseconds(999);
    assert_eq!(Timestamp::utc(instant).as_str(), "2026-01-31T03:55:00Z");
    assert_eq!(
        Timestamp::wib(instant).as_str(),
        "2026-01-31T10:55:00+07:00"
    );
    assert_eq!(Timestamp::wib(instant).instant().offset(), WIB);
    let elsewhere = instant.to_offset(UtcOffset::from_hms(-9, -30, 0).unwrap());
    assert_eq!(Timestamp::utc(elsewhere).as_str(), "2026-01-31T03:55:00Z");
    assert_eq!(WIB.whole_hours(), 7);
}

#[test]
fn a_moment_that_four_digits_cannot_write_becomes_the_nearest() {
    let first = time::PrimitiveDateTime::MIN;
    let last = time::PrimitiveDateTime::MAX;
    let west = UtcOffset::from_hms(-23, 0, 0).unwrap();
    let east = UtcOffset::from_hms(23, 0, 0).unwrap();
    for instant in [
        first.assume_utc(),
        first.assume_offset(east),
        first.assume_offset(west),
    ] {
        assert_eq!(Timestamp::utc(instant).as_str(), "0000-01-01T00:00:00Z");
        assert_eq!(
            Timestamp::wib(instant).as_str(),
            "0000-01-01T00:00:00+07:00"
        );
    }
    for instant in [last.assume_utc(), last.assume_offset(west)] {
        assert_eq!(Timestamp::utc(instant).as_str(), "9999-12-31T23:59:59Z");
        assert_eq!(
            Timestamp::wib(instant).as_str(),
            "9999-12-31T23:59:59+07:00"
        );
    }
    for instant in [
        first.assume_utc(),
        last.assume_utc(),
        last.assume_offset(west),
    ] {
        for written in [Timestamp::utc(instant), Timestamp::wib(instant)] {
            assert_eq!(written.as_str().parse::<Timestamp>().unwrap(), written);
        }
    }
}

#[test]
fn compares_by_the_moment() {
    let jakarta: Timestamp = "2026-01-31T10:55:00+07:00".parse().unwrap();
    let utc: Timestamp = "2026-01-31T03:55:00.000Z".parse().unwrap();
    let later: Timestamp = "2026-01-31T03:55:00.001Z".parse().unwrap();
    assert_eq!(jakarta, utc);
    assert_ne!(jakarta.as_str(), utc.as_str());
    assert!(utc < later);
    assert_eq!(HashSet::from([jakarta, utc]).len(), 1);
}

proptest! {
    #![proptest_config(cases(512))]

    // From year 0 to year 9999.
    #[test]
    fn what_we_write_reads_as_the_same_moment(unix in -62_167_219_200_i64..=253_402_300_799) {
        for written in [Timestamp::utc(at(unix)), Timestamp::wib(at(unix))] {
            let read: Timestamp = written.as_str().parse().unwrap();
            prop_assert_eq!(&read, &written);
            prop_assert_eq!(read.instant(), written.instant());
            prop_assert_eq!(read.instant().offset(), written.instant().offset());
            let stored = serde_json::to_string(&written).unwrap();
            let stored: Timestamp = serde_json::from_str(&stored).unwrap();
            prop_assert_eq!(stored.as_str(), written.as_str());
        }
        prop_assert_eq!(Timestamp::utc(at(unix)).instant(), at(unix));
        prop_assert_eq!(Timestamp::utc(at(unix)).as_str().len(), 20);
        prop_assert_eq!(Timestamp::wib(at(unix)).as_str().len(), 25);
    }

    #[test]
    fn any_offset_is_kept(unix in 0..=4_102_444_800_i64, minutes in -1439..=1439_i32) {
        let offset = UtcOffset::from_whole_seconds(minutes * 60).unwrap();
        let local = at(unix).to_offset(offset);
        let sign = if minutes < 0 { '-' } else { '+' };
        let text = format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{sign}{:02}:{:02}",
            local.year(), u8::from(local.month()), local.day(), local.hour(), local.minute(), local.second(),
            minutes.abs() / 60, minutes.abs() % 60,
        );
        let timestamp: Timestamp = text.parse().unwrap();
        prop_assert_eq!(timestamp.as_str(), &text);
        prop_assert_eq!(timestamp.instant(), at(unix));
        prop_assert_eq!(timestamp.instant().offset(), offset);
    }
}
