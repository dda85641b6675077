//! What a server answered, as far as a verdict needs it.

use doku_model::Operation;
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
}

impl Answer {
    pub(super) fn heard(status: u16, body: &[u8]) -> Self {
        let members = serde_json::from_slice(body).ok().filter(Value::is_object);
        Self {
            status: Some(status),
            members: members.unwrap_or(Value::Null),
            nothing: None,
        }
    }

    pub(super) fn nothing(reason: String) -> Self {
        Self {
            status: None,
            members: Value::Null,
            nothing: Some(reason),
        }
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

    /// Whether it is the success that DOKU waits for.
    pub(super) fn is_success_of(&self, operation: Operation) -> bool {
        self.status == Some(200) && self.code().as_deref() == Some(operation.success().as_str())
    }

    /// In a few words, for a table.
    pub(super) fn shown(&self) -> String {
        let Some(status) = self.status else {
            let reason = self.nothing.as_deref().unwrap_or_default();
            return format!("no answer: {reason}");
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

/// A text from a server that may send anything, fit for one line.
pub(super) fn short(text: &str) -> String {
    let plain = |c: char| if c.is_control() { '?' } else { c };
    let mut shown: String = text.chars().take(SHOWN).map(plain).collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}
