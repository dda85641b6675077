//! The checks that several values share. Each value's file says which of them make up its rule.

use crate::error::{Fault, FieldError};

/// `min` to `max` characters (Unicode scalar values); an empty text that is not allowed is *missing*.
pub(super) fn length(
    field: &'static str,
    text: &str,
    min: usize,
    max: usize,
) -> Result<(), FieldError> {
    // A character has at least one byte, so most texts need no counting.
    let found = if text.is_ascii() {
        text.len()
    } else {
        text.chars().count()
    };
    if found == 0 && min > 0 {
        return Err(FieldError::missing(field));
    }
    if found < min || found > max {
        return Err(FieldError::new(field, Fault::Length { min, max, found }));
    }
    Ok(())
}

/// Every character satisfies `permitted`; `allowed` says it in words.
pub(super) fn characters(
    field: &'static str,
    text: &str,
    allowed: &'static str,
    mut permitted: impl FnMut(char) -> bool,
) -> Result<(), FieldError> {
    // As a rule every character is ASCII, and bytes are read faster than characters.
    let unusual = text
        .bytes()
        .position(|byte| !byte.is_ascii() || !permitted(char::from(byte)));
    let Some(plain) = unusual else {
        return Ok(());
    };
    let mut rest = text.get(plain..).unwrap_or_default().chars().enumerate();
    match rest.find(|(_, found)| !permitted(*found)) {
        Some((after, found)) => Err(FieldError::new(
            field,
            Fault::Character {
                found,
                position: plain + after,
                allowed,
            },
        )),
        None => Ok(()),
    }
}

/// Digits 0 to 9 and nothing else.
pub(super) fn digits(field: &'static str, text: &str) -> Result<(), FieldError> {
    characters(field, text, "digits only", |c| c.is_ascii_digit())
}

/// No character that JSON writers spell in different ways: control characters and the line separators that some
/// of them escape. A signature is over bytes, so a text must have one spelling.
pub(super) fn printable(field: &'static str, text: &str) -> Result<(), FieldError> {
    characters(field, text, "printable characters only", |c| {
        !c.is_control()
            && !matches!(
                c,
                '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
            )
    })
}

/// Printable ASCII, without blanks at either end.
pub(super) fn identifier(field: &'static str, text: &str) -> Result<(), FieldError> {
    characters(field, text, "printable ASCII characters only", |c| {
        c.is_ascii_graphic() || c == ' '
    })?;
    if text.starts_with(' ') || text.ends_with(' ') {
        return Err(FieldError::new(
            field,
            Fault::Format {
                expected: "without blanks at its ends",
            },
        ));
    }
    Ok(())
}
