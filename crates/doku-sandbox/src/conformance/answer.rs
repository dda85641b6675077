//! What a server answered, as far as a verdict needs it.

use std::time::Duration;

use doku_model::Operation;
use hyper::http::{HeaderMap, header};
use serde_json::Value;

/// The longest piece of a message that is shown.
const SHOWN: usize = 80;

/// An answer, or the want of one.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    /// The HTTP status; `None` where nothing came.
    pub(super) status: Option<u16>,
    /// The members; null where the body is no object.
    pub(super) members: Value,
    /// Why nothing came.
    nothing: Option<String>,
    /// Whether the call went out, as far as anybody knows.
    pub(super) went_out: bool,
    /// How long the server asks to be left alone.
    pub(super) retry_after: Option<Duration>,
}

impl Answer {
    pub(super) fn heard(status: u16, headers: &HeaderMap, body: &[u8]) -> Self {
        let members = serde_json::from_slice(body).ok().filter(Value::is_object);
        Self {
            status: Some(status),
            members: members.unwrap_or(Value::Null),
            nothing: None,
            went_out: true,
            retry_after: seconds(headers),
        }
    }

    pub(super) fn nothing(reason: String, went_out: bool) -> Self {
        Self {
            status: None,
            members: Value::Null,
            nothing: Some(reason),
            went_out,
            retry_after: None,
        }
    }

    /// Why nothing came; nothing where something did.
    pub(super) fn nothing_because(&self) -> &str {
        self.nothing.as_deref().unwrap_or_default()
    }

    /// The member at a path such as `virtualAccountData.customerNo`.
    pub(super) fn member(&self, path: &str) -> Option<&Value> {
        path.split('.')
            .try_fold(&self.members, |value, name| value.get(name))
            .filter(|value| !value.is_null())
    }

    /// The response code, whether it is a text, as it should be, or a number.
    pub(super) fn code(&self) -> Option<String> {
        match self.member("responseCode")? {
            Value::String(code) => Some(code.clone()),
            Value::Number(code) => Some(code.to_string()),
            _ => None,
        }
    }

    /// Whether the server took the call for good: HTTP 2xx, and no code that begins with 4 or 5.
    ///
    /// Another success code than the right one is a success to whoever sent it.
    pub(super) fn accepts(&self) -> bool {
        let refuses = |code: String| code.starts_with(['4', '5']);
        self.status
            .is_some_and(|status| (200..300).contains(&status))
            && !self.code().is_some_and(refuses)
    }

    /// Whether the call was put off, by the server or by what stands in front of it: nobody judged it, so it is neither
    /// accepted nor refused.
    pub(super) fn puts_off(&self) -> bool {
        let later = |code: String| ["429", "503", "504"].iter().any(|of| code.starts_with(of));
        matches!(self.status, Some(429 | 502 | 503 | 504)) || self.code().is_some_and(later)
    }

    /// Whether the server said what it makes of the call.
    pub(super) fn is_judgement(&self) -> bool {
        self.status.is_some() && !self.puts_off()
    }

    /// Whether it is the success that DOKU waits for.
    pub(super) fn is_success_of(&self, operation: Operation) -> bool {
        self.status == Some(200) && self.code().as_deref() == Some(operation.success().as_str())
    }

    /// In a few words, for a table.
    pub(super) fn shown(&self) -> String {
        let Some(status) = self.status else {
            return format!("no answer: {}", self.nothing_because());
        };
        let mut text = format!("HTTP {status}");
        if let Some(code) = self.code() {
            text.push(' ');
            text.push_str(&short(&code));
        }
        if let Some(message) = self.member("responseMessage").and_then(Value::as_str) {
            text.push(' ');
            text.push_str(&short(message));
        }
        text
    }
}

/// The header Retry-After, in seconds. A date in it is not read: it would take a clock to be trusted.
fn seconds(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?;
    text.trim().parse().ok().map(Duration::from_secs)
}

/// A text from a server that may send anything, fit for one line.
pub(super) fn short(text: &str) -> String {
    let plain = |c: char| if c.is_control() { '?' } else { c };
    let mut shown: String = text.chars().take(SHOWN).map(plain).collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_off_is_no_judgement() {
        let answer = |status, body: &str| Answer::heard(status, &HeaderMap::new(), body.as_bytes());
        for (answer, expected) in [
            (answer(429, ""), false),
            (answer(503, "<html>"), false),
            (answer(502, ""), false),
            (answer(504, r#"{"responseCode":"5042500"}"#), false),
            (answer(200, r#"{"responseCode":"5032500"}"#), false),
            (answer(401, r#"{"responseCode":"4012500"}"#), true),
            (answer(500, ""), true),
            (answer(200, r#"{"responseCode":"2002500"}"#), true),
            (Answer::nothing("no route".to_owned(), false), false),
        ] {
            assert_eq!(answer.is_judgement(), expected, "{}", answer.shown());
        }
    }

    #[test]
    fn how_long_to_wait_is_read_in_seconds() {
        for (text, expected) in [
            ("7", Some(Duration::from_secs(7))),
            (" 0 ", Some(Duration::ZERO)),
            ("Sun, 29 Nov 2026 08:00:00 GMT", None),
            ("-1", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::RETRY_AFTER, text.parse().unwrap());
            assert_eq!(Answer::heard(429, &headers, b"").retry_after, expected);
        }
    }
}
