//! Texts made fit to be shown: no secret, no token, no body, no control characters.

use zeroize::Zeroizing;

use crate::access_token::AccessToken;
use crate::client_secret::ClientSecret;
use crate::string_to_sign::{Component, Text};

/// Shorter ones are no secrets, and would be found by chance in ordinary words.
const SHORTEST_SECRET: usize = 8;

/// What may not be seen, wherever it turns up: a secret in the place of the client id, say.
pub(super) struct Scrubber {
    hidden: Vec<Zeroizing<String>>,
}

impl Scrubber {
    pub(super) fn new<'a>(
        tokens: impl Iterator<Item = &'a AccessToken>,
        secrets: impl Iterator<Item = &'a ClientSecret>,
    ) -> Self {
        let mut hidden: Vec<_> = tokens
            .map(AccessToken::expose)
            .chain(secrets.map(ClientSecret::text))
            .filter(|text| text.len() >= SHORTEST_SECRET)
            // Also in the case that a careless tool gives it.
            .flat_map(|text| {
                [
                    text.to_owned(),
                    text.to_ascii_lowercase(),
                    text.to_ascii_uppercase(),
                ]
            })
            .map(Zeroizing::new)
            .collect();
        // The longest first: one may be part of another.
        hidden.sort_by_key(|text| std::cmp::Reverse(text.len()));
        Self { hidden }
    }

    /// Whether nothing hidden reaches beyond the token of the text. A text of unknown origin
    /// may have been taken apart in the middle of a secret.
    pub(super) fn lets_through(&self, text: &Text) -> bool {
        let mut whole = Zeroizing::new(String::new());
        let mut token = 0..0;
        for (lead, component, part) in text.parts() {
            whole.push_str(lead);
            if component == Component::AccessToken {
                token = whole.len()..whole.len() + part.len();
            }
            whole.push_str(part);
        }
        self.hidden.iter().all(|hidden| {
            whole
                .match_indices(hidden.as_str())
                .all(|(at, found)| token.start <= at && at + found.len() <= token.end)
        })
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
            shown = shown.replace(hidden.as_str(), "[secret]");
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
