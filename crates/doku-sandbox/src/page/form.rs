//! What a form says: names and values, read without a framework.

use std::collections::HashMap;

use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use doku_model::PositiveAmount;

/// The largest form that is read.
const LARGEST: usize = 16 * 1024;

/// The fields of a form. What is no form has none.
pub(super) struct Form(HashMap<String, String>);

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = std::convert::Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Self, Self::Rejection> {
        let body = to_bytes(request.into_body(), LARGEST)
            .await
            .unwrap_or_default();
        Ok(Self(form_urlencoded::parse(&body).into_owned().collect()))
    }
}

impl Form {
    /// A field without blanks around it; empty where it is missing.
    pub(super) fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |text| text.trim())
    }

    /// A field that has something in it.
    pub(super) fn given(&self, name: &str) -> Option<&str> {
        Some(self.text(name)).filter(|text| !text.is_empty())
    }
}

/// An amount as people write one: `11500`, `11.500`, `Rp 11.500,00`, `11,500.00`.
///
/// A dot or comma with two digits behind it at the end begins the sen; any other one parts thousands.
pub(super) fn amount(text: &str) -> Option<PositiveAmount> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let text = text
        .strip_prefix("Rp")
        .or_else(|| text.strip_prefix("IDR"))
        .unwrap_or(&text);
    let (whole, sen) = match text.rfind(['.', ',']) {
        Some(place) if text.len() - place == 3 => (text.get(..place)?, text.get(place + 1..)?),
        _ => (text, "00"),
    };
    let groups: Vec<&str> = whole.split(['.', ',']).collect();
    let (first, rest) = groups.split_first()?;
    let grouped = rest.iter().all(|group| group.len() == 3);
    if !grouped || first.is_empty() || (!rest.is_empty() && first.len() > 3) {
        return None;
    }
    format!("{}.{sen}", groups.concat()).parse().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_amounts_as_people_write_them() {
        for (text, read) in [
            ("11500", Some("11500.00")),
            (" Rp 11.500 ", Some("11500.00")),
            ("11.500,50", Some("11500.50")),
            ("11,500.00", Some("11500.00")),
            ("1.000.000", Some("1000000.00")),
            ("11500.00", Some("11500.00")),
            ("11.50", Some("11.50")),
            ("1150.000", None),
            ("1.50.000", None),
            ("", None),
            ("0", None),
            ("-5", None),
            ("lots", None),
            ("é1", None),
        ] {
            let found = amount(text).map(|amount| amount.to_string());
            assert_eq!(found.as_deref(), read, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd(text in ".{0,20}") {
            let _amount = amount(&text);
        }

        #[test]
        fn what_is_shown_can_be_typed(sen in 1_u64..1_000_000_000_000) {
            let given = doku_model::Amount::from_sen(sen).unwrap();
            let shown = crate::page::shown::rupiah(given);
            prop_assert_eq!(amount(&shown).unwrap().amount(), given);
        }
    }
}
