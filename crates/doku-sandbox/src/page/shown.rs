//! Values as people read them.

use doku_model::{Amount, Timestamp};
use time::OffsetDateTime;

use super::words::Words;
use crate::state::Standing;

/// `Rp11.500`, with sen where there are any.
pub(super) fn rupiah(amount: Amount) -> String {
    let (rupiah, sen) = amount.parts();
    let digits = rupiah.to_string();
    let mut shown = String::from("Rp");
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            shown.push('.');
        }
        shown.push(digit);
    }
    if sen > 0 {
        shown.push_str(&format!(",{sen:02}"));
    }
    shown
}

/// An amount of the wire, `11500.00`; as it is where it is none.
pub(super) fn money(text: &str) -> String {
    text.parse().map_or_else(|_| text.to_owned(), rupiah)
}

/// What is to be paid, in a few words: an amount, limits, or what one likes.
pub(super) fn bill(
    words: &Words,
    amount: Option<&str>,
    min: Option<&str>,
    max: Option<&str>,
) -> String {
    if let Some(amount) = amount.filter(|amount| amount.parse() != Ok(Amount::ZERO)) {
        return money(amount);
    }
    match (min, max) {
        (Some(min), Some(max)) => format!("{} – {}", money(min), money(max)),
        (Some(min), None) => format!("{} {}", words.at_least, money(min)),
        (None, Some(max)) => format!("{} {}", words.at_most, money(max)),
        (None, None) => words.any_amount.to_owned(),
    }
}

/// A number in groups of four, easier to compare.
pub(super) fn grouped(number: &str) -> String {
    let mut shown = String::new();
    for (place, digit) in number.trim().chars().enumerate() {
        if place > 0 && place % 4 == 0 {
            shown.push(' ');
        }
        shown.push(digit);
    }
    shown
}

/// A moment on the sandbox's clock.
pub(super) struct Moment {
    /// As machines read it.
    pub(super) instant: String,
    /// `2026-01-31 10:55:00`.
    pub(super) full: String,
    /// `10:55:00`.
    pub(super) time: String,
}

impl Moment {
    pub(super) fn of(moment: OffsetDateTime) -> Self {
        Self::written(Timestamp::wib(moment).as_str())
    }

    /// A moment that is written already, such as `2026-01-31T10:55:00+07:00`.
    pub(super) fn written(text: &str) -> Self {
        let date = text.get(..10).unwrap_or(text);
        let time = text.get(11..19).unwrap_or_default();
        Self {
            instant: text.to_owned(),
            full: format!("{date} {time}"),
            time: time.to_owned(),
        }
    }

    /// In the sandbox's own zone, of any text that is a moment.
    pub(super) fn read(text: &str) -> Self {
        text.parse().map_or_else(
            |_| Self::written(text),
            |moment: Timestamp| Self::of(moment.instant()),
        )
    }
}

/// An end, and how long it is until then.
pub(super) struct Ends {
    pub(super) moment: Moment,
    /// In whole minutes and larger parts; a script counts the seconds.
    pub(super) left: String,
}

impl Ends {
    pub(super) fn at(end: &str, now: OffsetDateTime, words: &Words) -> Self {
        let left = end.parse().map_or_else(
            |_| String::new(),
            |end: Timestamp| left(end.instant() - now, words),
        );
        Self {
            moment: Moment::read(end),
            left,
        }
    }
}

/// How long it takes, roughly.
pub(super) fn left(duration: time::Duration, words: &Words) -> String {
    let minutes = duration.whole_minutes().max(0);
    let (days, hours) = (minutes / (24 * 60), minutes / 60 % 24);
    match (days, hours, minutes % 60) {
        (0, 0, 0) => format!("< 1 {}", words.minute),
        (0, 0, minutes) => format!("{minutes} {}", words.minute),
        (0, hours, minutes) => format!("{hours} {} {minutes} {}", words.hour, words.minute),
        (days, hours, _) => format!("{days} {} {hours} {}", words.day, words.hour),
    }
}

/// How an account stands: a word for the style, and one for people.
pub(super) fn standing(standing: Standing, words: &Words) -> (&'static str, &'static str) {
    match standing {
        Standing::Pending => ("pending", words.pending),
        Standing::Paid => ("paid", words.paid),
        Standing::Expired => ("expired", words.expired),
        Standing::Inactive => ("inactive", words.inactive),
        Standing::Deleted => ("deleted", words.deleted),
    }
}

/// A text and another one, each with the part in the middle that they do not share.
pub(super) struct Difference {
    pub(super) expected: [String; 3],
    pub(super) presented: [String; 3],
}

impl Difference {
    pub(super) fn between(expected: &str, presented: &str) -> Self {
        let same = |(a, b): &(char, char)| a == b;
        let before = expected
            .chars()
            .zip(presented.chars())
            .take_while(same)
            .count();
        let room = expected
            .chars()
            .count()
            .min(presented.chars().count())
            .saturating_sub(before);
        let after = expected
            .chars()
            .rev()
            .zip(presented.chars().rev())
            .take(room)
            .take_while(same)
            .count();
        let parts = |text: &str| {
            let middle = text.chars().count().saturating_sub(before + after);
            [
                text.chars().take(before).collect(),
                text.chars().skip(before).take(middle).collect(),
                text.chars().skip(before + middle).collect(),
            ]
        };
        Self {
            expected: parts(expected),
            presented: parts(presented),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn shows_rupiah_and_numbers() {
        let shown = |text: &str| money(text);
        assert_eq!(shown("11500.00"), "Rp11.500");
        assert_eq!(shown("999.50"), "Rp999,50");
        assert_eq!(shown("1000000.00"), "Rp1.000.000");
        assert_eq!(shown("much"), "much");
        assert_eq!(grouped("   9596260000000001"), "9596 2600 0000 0001");
    }

    #[test]
    fn marks_what_differs() {
        let found = Difference::between("POST:/a:x:1", "POST:/a/b:x:1");
        assert_eq!(found.expected, ["POST:/a", "", ":x:1"]);
        assert_eq!(found.presented, ["POST:/a", "/b", ":x:1"]);
    }

    proptest! {
        #[test]
        fn a_difference_leaves_nothing_out(one in "[ab:é]{0,12}", other in "[ab:é]{0,12}") {
            let found = Difference::between(&one, &other);
            prop_assert_eq!(found.expected.concat(), one.clone());
            prop_assert_eq!(found.presented.concat(), other.clone());
            prop_assert_eq!(one == other, found.expected[1].is_empty() && found.presented[1].is_empty());
        }
    }
}
