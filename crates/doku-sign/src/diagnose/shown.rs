//! Texts made fit to be shown: no secret, no token, no body, no control characters.

use crate::access_token::AccessToken;
use crate::client_secret::ClientSecret;
use crate::string_to_sign::{Component, Text};

/// Shorter ones are no secrets, and would be found by chance in ordinary words.
const SHORTEST_SECRET: usize = 8;

/// What may not be seen, wherever it turns up: a secret in the place of the client id, say.
pub(super) struct Scrubber<'a> {
    hidden: Vec<&'a str>,
}

impl<'a> Scrubber<'a> {
    pub(super) fn new(
        tokens: impl Iterator<Item = &'a AccessToken>,
        secrets: impl Iterator<Item = &'a ClientSecret>,
    ) -> Self {
        let mut hidden: Vec<&str> = tokens
            .map(AccessToken::expose)
            .chain(secrets.map(ClientSecret::text))
            .filter(|text| text.len() >= SHORTEST_SECRET)
            .collect();
        // The longest first: one may be part of another.
        hidden.sort_by_key(|text| std::cmp::Reverse(text.len()));
        Self { hidden }
    }

    /// The same text, fit to be compared and shown. Its token is left for the mask.
    pub(super) fn shown(&self, text: &Text) -> Text {
        let parts: Vec<String> = text
            .parts()
            .map(|(_, component, part)| match component {
                Component::AccessToken => part.to_owned(),
                Component::BodyHash if !is_hash(part) => {
                    format!("[body, {} chars]", part.chars().count())
                }
                _ => self.scrubbed(part),
            })
            .collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        Text::assemble(text.formula(), &parts)
    }

    fn scrubbed(&self, part: &str) -> String {
        let mut shown = part.to_owned();
        for hidden in &self.hidden {
            // Also in the case that a mistaken method or a careless tool gives it.
            for hidden in [
                (*hidden).to_owned(),
                hidden.to_ascii_lowercase(),
                hidden.to_ascii_uppercase(),
            ] {
                shown = shown.replace(&hidden, "[secret]");
            }
        }
        let mut safe = String::with_capacity(shown.len());
        for character in shown.chars() {
            if character.is_control() {
                safe.extend(character.escape_default());
            } else {
                safe.push(character);
            }
        }
        safe
    }
}

/// Hex in either case, or base64.
fn is_hash(part: &str) -> bool {
    match part.len() {
        64 => part.bytes().all(|digit| digit.is_ascii_hexdigit()),
        44 => part.ends_with('=') && !part.contains(['{', '"']),
        _ => false,
    }
}
