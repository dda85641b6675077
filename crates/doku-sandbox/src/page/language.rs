//! Which language somebody reads.

use hyper::HeaderMap;
use hyper::header::{ACCEPT_LANGUAGE, COOKIE, HeaderValue};

/// The cookie that remembers a choice. It holds a language and nothing else.
const REMEMBERED: &str = "doku_sandbox_lang";

/// A language of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    English,
    Indonesian,
}

impl Language {
    /// Its code in HTML.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Indonesian => "id",
        }
    }

    fn of(tag: &str) -> Option<Self> {
        // `in` was the code of Indonesian, and some systems still send it.
        match tag.split('-').next()?.trim().to_ascii_lowercase().as_str() {
            "id" | "in" => Some(Self::Indonesian),
            "en" => Some(Self::English),
            _ => None,
        }
    }
}

/// What the address says, or else what was chosen before, or else the browser, or else English.
pub(super) fn chosen(query: Option<&str>, headers: &HeaderMap) -> Language {
    asked(query)
        .or_else(|| remembered(headers))
        .or_else(|| accepted(headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?))
        .unwrap_or(Language::English)
}

/// What the address says.
pub(super) fn asked(query: Option<&str>) -> Option<Language> {
    form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .find(|(name, _)| name == "lang")
        .and_then(|(_, tag)| Language::of(&tag))
}

/// The header that remembers a choice.
pub(super) fn remember(language: Language) -> HeaderValue {
    HeaderValue::from_static(match language {
        Language::English => {
            "doku_sandbox_lang=en; Path=/; Max-Age=31536000; HttpOnly; SameSite=Strict"
        }
        Language::Indonesian => {
            "doku_sandbox_lang=id; Path=/; Max-Age=31536000; HttpOnly; SameSite=Strict"
        }
    })
}

fn remembered(headers: &HeaderMap) -> Option<Language> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|cookies| cookies.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|(name, _)| *name == REMEMBERED)
        .and_then(|(_, tag)| Language::of(tag))
}

/// The best of `id;q=0.8, en`. Of two that are as good, the first.
fn accepted(header: &str) -> Option<Language> {
    let mut best: Option<(f32, Language)> = None;
    for item in header.split(',') {
        let mut parts = item.split(';');
        let Some(language) = parts.next().and_then(Language::of) else {
            continue;
        };
        let weight = parts
            .find_map(|part| part.trim().strip_prefix("q="))
            .map_or(1.0, |weight| weight.trim().parse().unwrap_or(0.0));
        if weight > 0.0 && best.is_none_or(|(known, _)| weight > known) {
            best = Some((weight, language));
        }
    }
    best.map(|(_, language)| language)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn headers(accept: &str, cookie: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, accept.parse().unwrap());
        headers.insert(COOKIE, cookie.parse().unwrap());
        headers
    }

    #[test]
    fn the_address_counts_most_and_the_browser_least() {
        use Language::{English, Indonesian};
        for (query, cookie, accept, language) in [
            (Some("lang=en"), "doku_sandbox_lang=id", "id", English),
            (Some("a=b&lang=id"), "", "en", Indonesian),
            (
                Some("lang=fr"),
                "a=b; doku_sandbox_lang=id",
                "en",
                Indonesian,
            ),
            (
                None,
                "doku_sandbox_lang=xx",
                "fr, id;q=0.5, en;q=0.4",
                Indonesian,
            ),
            (None, "", "in-ID", Indonesian),
            (None, "", "fr", English),
            (None, "", "id;q=0", English),
        ] {
            let found = chosen(query, &headers(accept, cookie));
            assert_eq!(found, language, "{query:?} {cookie} {accept}");
        }
    }

    proptest! {
        #[test]
        fn any_header_is_some_language(accept in "[ -~]{0,60}", query in "[ -~]{0,30}") {
            let language = chosen(Some(&query), &headers(&accept, &query));
            prop_assert!(matches!(language.code(), "id" | "en"));
        }
    }
}
