//! Amounts that people write otherwise than this API reads them.

/// What to write instead, where the text is an amount as people write it: `11.500`, `11,500.00`, `Rp11.500`.
///
/// Which of two readings is meant is never decided here: nothing but the hint is made of it.
pub(super) fn reading(text: &str) -> String {
    let digits = text
        .trim()
        .trim_start_matches("Rp")
        .trim_start_matches(['.', ' ']);
    match grouped(digits) {
        Some(plain) => {
            format!("; write {plain}: no thousands separator, and a point before the sen")
        }
        None if digits.starts_with('-') => "; an amount is never negative".to_owned(),
        None if is_padded(digits) => "; no leading zero".to_owned(),
        None => String::new(),
    }
}

/// `007`, and not `0.50`.
fn is_padded(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next() == Some('0') && characters.next().is_some_and(|next| next.is_ascii_digit())
}

/// `11.500`, `11,500`, `11.500,00` and `11,500.00` without what separates the thousands.
fn grouped(text: &str) -> Option<String> {
    let (whole, sen) = match text.rsplit_once(['.', ',']) {
        Some((whole, sen)) if sen.len() == 2 => (whole, Some(sen)),
        _ => (text, None),
    };
    let separator = if whole.contains('.') { '.' } else { ',' };
    let mut groups = whole.split(separator);
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let fits = (1..=3).contains(&first.len())
        && rest.iter().all(|group| group.len() == 3)
        && is_digits(first)
        && rest.iter().all(|group| is_digits(group))
        && sen.is_none_or(is_digits);
    // A comma before the sen alone is a slip of the same kind.
    let slipped = !rest.is_empty() || (sen.is_some() && text.contains(','));
    (fits && slipped && !first.starts_with('0')).then(|| {
        let sen = sen.map(|sen| format!(".{sen}")).unwrap_or_default();
        format!("{first}{}{sen}", rest.concat())
    })
}

#[cfg(test)]
mod tests {
    use doku_model::Amount;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_people_write_is_read_back_to_them() {
        for (text, hint) in [
            ("11.500", "; write 11500: "),
            ("11,500", "; write 11500: "),
            ("11.500,00", "; write 11500.00: "),
            ("1,234,567.50", "; write 1234567.50: "),
            ("Rp 11.500", "; write 11500: "),
            ("500,00", "; write 500.00: "),
            ("-5", "; an amount is never negative"),
            ("007", "; no leading zero"),
        ] {
            assert!(reading(text).starts_with(hint), "{text}: {}", reading(text));
        }
        for text in [
            "", "abc", "1.5", "1.50.000", "11.50", "0.500", "1e3", "11.500,", ".", ",",
        ] {
            assert_eq!(reading(text), "", "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_hint_is_an_amount_of_the_same_digits(text in "[0-9.,]{1,12}") {
            if let Some(plain) = grouped(&text) {
                let digits = |text: &str| text.replace(['.', ','], "");
                prop_assert_eq!(digits(&plain), digits(&text));
                prop_assert!(plain.parse::<Amount>().is_ok(), "{}", plain);
            }
        }

        #[test]
        fn any_text_has_a_reading(text in "\\PC{0,12}") {
            prop_assert!(reading(&text).len() < 100);
        }
    }
}
