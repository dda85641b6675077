//! What may be written down of a request: nothing that lets somebody act as the merchant.

use zeroize::Zeroizing;

use hyper::HeaderMap;

use super::entry::Header;

/// How much of a body an entry keeps, in bytes.
const BODY_BYTES: usize = 4 * 1024;

/// Headers whose values are harmless. Any other value is replaced by its length, so that a secret in a header nobody
/// thought of is not shown either.
const HARMLESS: [&str; 14] = [
    "accept",
    "accept-encoding",
    "channel-id",
    "connection",
    "content-length",
    "content-type",
    "host",
    "transfer-encoding",
    "user-agent",
    "x-client-key",
    "x-external-id",
    "x-partner-id",
    "x-timestamp",
    "x-request-id",
];

/// The start of a JWT: `{"` in base64url.
const JWT: &str = "eyJ";

/// Letters of a JWT that make it one, and not a word that begins alike.
const JWT_LETTERS: usize = 20;

/// The start of a key file.
const PEM: &str = "-----BEGIN";

/// Takes secrets out of texts.
#[derive(Clone)]
pub(crate) struct Scrubber {
    secret: Zeroizing<String>,
}

impl Scrubber {
    pub(crate) fn new(secret: Zeroizing<String>) -> Self {
        Self { secret }
    }

    /// The headers, fit to be shown.
    pub(crate) fn headers(&self, headers: &HeaderMap) -> Vec<Header> {
        let shown = |(name, value): (&hyper::header::HeaderName, &hyper::header::HeaderValue)| {
            let value = match value.to_str() {
                Ok(text) if HARMLESS.contains(&name.as_str()) => self.text(text),
                _ => format!("[{} bytes]", value.len()),
            };
            Header {
                name: name.as_str().to_owned(),
                value,
            }
        };
        headers.iter().map(shown).collect()
    }

    /// The beginning of a body, fit to be shown.
    pub(crate) fn body(&self, body: &[u8]) -> String {
        // Taken out before it is cut, or half of a secret would stay.
        let text = self.text(&String::from_utf8_lossy(body));
        if text.len() <= BODY_BYTES {
            return text;
        }
        let end = (0..=BODY_BYTES)
            .rev()
            .find(|end| text.is_char_boundary(*end))
            .unwrap_or(0);
        let mut cut = text;
        cut.truncate(end);
        cut.push('…');
        cut
    }

    /// The beginning of an answer, fit to be shown. A token that is granted in it may look like anything, and so may the one
    /// that was presented.
    pub(crate) fn answer(&self, grants: bool, presented: Option<&str>, body: &[u8]) -> String {
        if grants {
            let Ok(serde_json::Value::Object(mut members)) = serde_json::from_slice(body) else {
                return format!("[{} bytes]", body.len());
            };
            if let Some(token) = members.get_mut("accessToken") {
                *token = "[token]".into();
            }
            return self.body(serde_json::Value::Object(members).to_string().as_bytes());
        }
        match presented.filter(|token| !token.is_empty()) {
            Some(token) => {
                let text = String::from_utf8_lossy(body).replace(token, "[token]");
                self.body(text.as_bytes())
            }
            None => self.body(body),
        }
    }

    /// A text without the secret, tokens or keys.
    pub(crate) fn text(&self, text: &str) -> String {
        let mut shown = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((start, end, name)) = self.next_secret(rest) {
            shown.push_str(rest.get(..start).unwrap_or_default());
            shown.push_str(name);
            rest = rest.get(end..).unwrap_or_default();
        }
        shown.push_str(rest);
        shown
    }

    /// Where the next secret begins and ends, and what to show instead.
    fn next_secret(&self, text: &str) -> Option<(usize, usize, &'static str)> {
        let secret = text
            .find(self.secret.as_str())
            .map(|start| (start, start + self.secret.len(), "[secret]"));
        let key = text.find(PEM).map(|start| (start, text.len(), "[key]"));
        [secret, key, next_jwt(text)]
            .into_iter()
            .flatten()
            .min_by_key(|(start, ..)| *start)
    }
}

fn next_jwt(text: &str) -> Option<(usize, usize, &'static str)> {
    let letter = |c: char| c.is_ascii_alphanumeric() || "-_.=".contains(c);
    text.match_indices(JWT).find_map(|(start, _)| {
        let token = text.get(start..)?;
        let length = token.find(|c| !letter(c)).unwrap_or(token.len());
        (length >= JWT_LETTERS).then_some((start, start + length, "[token]"))
    })
}

impl std::fmt::Debug for Scrubber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Scrubber")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scrubber() -> Scrubber {
        Scrubber::new(Zeroizing::new("SK-MARKER".to_owned()))
    }

    #[test]
    fn takes_out_secrets_tokens_and_keys() {
        let text =
            "a SK-MARKER b eyJhbGciOiJSUzI1NiJ9.e30.c2ln c eyJ d -----BEGIN PRIVATE KEY-----";
        assert_eq!(scrubber().text(text), "a [secret] b [token] c eyJ d [key]");
    }

    #[test]
    fn answers_show_no_token_whatever_it_looks_like() {
        let granted = scrubber().answer(true, None, br#"{"accessToken":"opaque","expiresIn":900}"#);
        assert_eq!(granted, r#"{"accessToken":"[token]","expiresIn":900}"#);
        assert_eq!(scrubber().answer(true, None, b"opaque"), "[6 bytes]");
        let echoed = scrubber().answer(false, Some("opaque"), b"unknown token opaque");
        assert_eq!(echoed, "unknown token [token]");
    }

    #[test]
    fn cuts_long_bodies_between_characters() {
        let shown = scrubber().body("é".repeat(BODY_BYTES).as_bytes());
        assert!(shown.ends_with('…'));
        assert!(shown.len() <= BODY_BYTES + '…'.len_utf8());
    }

    #[test]
    fn shows_only_headers_it_knows() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("authorization", "Bearer TOKEN"),
            ("x-signature", "U0lH"),
            ("x-my-secret", "MARKER"),
            ("user-agent", "SK-MARKER"),
        ] {
            headers.insert(name, value.parse().unwrap());
        }
        let shown = format!("{:?}", scrubber().headers(&headers));
        for marker in ["TOKEN", "U0lH", "MARKER"] {
            assert!(!shown.contains(marker), "{shown}");
        }
        assert!(shown.contains("[12 bytes]"));
    }
}
