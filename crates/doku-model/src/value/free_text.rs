//! A line for the payer's screen or receipt, in both languages.

use super::rule;
use crate::error::FieldError;

/// One item of `freeText`: the same line in English and Indonesian, 1 to 64 characters each.
///
/// Source: DOKU documentation.
///
/// ```
/// use doku_model::FreeText;
///
/// let line = FreeText::new("Order at Toko Maju", "Pesanan di Toko Maju")?;
/// assert_eq!(line.indonesia(), "Pesanan di Toko Maju");
/// # Ok::<(), doku_model::FieldError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "Lines")]
pub struct FreeText {
    english: Box<str>,
    indonesia: Box<str>,
}

impl FreeText {
    /// The line in both languages.
    ///
    /// # Errors
    ///
    /// When one of them is empty, longer than 64 characters, or holds a control character.
    pub fn new(english: &str, indonesia: &str) -> Result<Self, FieldError> {
        for (field, text) in [
            ("freeText.english", english),
            ("freeText.indonesia", indonesia),
        ] {
            rule::length(field, text, 1, 64)?;
            rule::printable(field, text)?;
        }
        Ok(Self {
            english: english.into(),
            indonesia: indonesia.into(),
        })
    }

    /// The line in English.
    #[must_use]
    pub fn english(&self) -> &str {
        &self.english
    }

    /// The line in Indonesian.
    #[must_use]
    pub fn indonesia(&self) -> &str {
        &self.indonesia
    }
}

/// How a line is stored, before it is checked.
#[derive(serde::Deserialize)]
struct Lines {
    english: String,
    indonesia: String,
}

impl TryFrom<Lines> for FreeText {
    type Error = FieldError;

    fn try_from(lines: Lines) -> Result<Self, Self::Error> {
        Self::new(&lines.english, &lines.indonesia)
    }
}
