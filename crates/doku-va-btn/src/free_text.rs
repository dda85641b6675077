//! Free text on the wire, towards DOKU and in answers to it.

use doku_model::FreeText;
use doku_model::wire::Bilingual;

/// Its lines; no member where there are none.
pub(crate) fn free_text(lines: &[FreeText]) -> Option<Vec<Bilingual<'_>>> {
    let lines: Vec<_> = lines
        .iter()
        .map(|line| Bilingual {
            english: Some(line.english().into()),
            indonesia: Some(line.indonesia().into()),
        })
        .collect();
    (!lines.is_empty()).then_some(lines)
}
