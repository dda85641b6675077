//! Which language a customer reads.

use http::HeaderMap;
use http::header::ACCEPT_LANGUAGE;

use crate::config::Language;

impl Language {
    /// Its code in HTML.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::En => "en",
        }
    }

    fn of(tag: &str) -> Option<Self> {
        // `in` was the code of Indonesian, and some systems still send it.
        match tag.split('-').next()?.trim().to_ascii_lowercase().as_str() {
            "id" | "in" => Some(Self::Id),
            "en" => Some(Self::En),
            _ => None,
        }
    }
}

/// What the address says, or else the browser, or else the configuration.
pub(super) fn chosen(query: Option<&str>, headers: &HeaderMap, usual: Language) -> Language {
    form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .find(|(name, _)| name == "lang")
        .and_then(|(_, tag)| Language::of(&tag))
        .or_else(|| accepted(headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?))
        .unwrap_or(usual)
}

/// The best of `id;q=0.8, en`. Of two that are as good, the first.
fn accepted(header: &str) -> Option<Language> {
    let mut best: Option<(u16, Language)> = None;
    for item in header.split(',') {
        let mut parts = item.split(';');
        let Some(language) = parts.next().and_then(Language::of) else {
            continue;
        };
        let weight = parts
            .find_map(|part| part.trim().strip_prefix("q="))
            .map_or(1000, thousandths);
        if weight > 0 && best.is_none_or(|(known, _)| weight > known) {
            best = Some((weight, language));
        }
    }
    best.map(|(_, language)| language)
}

/// `0.8` as 800; what is no weight counts as nothing.
fn thousandths(text: &str) -> u16 {
    let weight: f64 = text.trim().parse().unwrap_or(0.0);
    let thousandths = (weight.clamp(0.0, 1.0) * 1000.0).round();
    // Between 0 and 1000, or nothing where it is no number.
    (0..=1000_u16)
        .rev()
        .find(|whole| f64::from(*whole) <= thousandths)
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn headers(accept: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, accept.parse().unwrap());
        headers
    }

    #[test]
    fn the_address_counts_more_than_the_browser() {
        for (query, accept, language) in [
            (Some("lang=en"), "id", Language::En),
            (Some("a=b&lang=id"), "en", Language::Id),
            (Some("lang=fr"), "en", Language::En),
            (None, "en-GB,en;q=0.9,id;q=0.8", Language::En),
            (None, "fr, id;q=0.5, en;q=0.4", Language::Id),
            (None, "in-ID", Language::Id),
            (None, "fr", Language::Id),
            (None, "en;q=0", Language::Id),
        ] {
            assert_eq!(
                chosen(query, &headers(accept), Language::Id),
                language,
                "{query:?} {accept}"
            );
        }
    }

    proptest! {
        #[test]
        fn any_header_is_some_language(accept in "[ -~]{0,60}", query in "[ -~]{0,30}") {
            let language = chosen(Some(&query), &headers(&accept), Language::En);
            prop_assert!(matches!(language, Language::Id | Language::En));
        }
    }
}
