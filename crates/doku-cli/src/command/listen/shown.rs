//! What is told of a call: a block for people, a line for machines. Never a secret, a token or a payer's name.

use serde::Serialize;

use crate::output::{Style, Tone};

/// A call and what became of it.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Shown {
    pub(super) at: String,
    pub(super) method: String,
    pub(super) path: String,
    /// `token`, `inquiry` or `payment`; nothing for another path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) operation: Option<&'static str>,
    /// `genuine` or `refused`.
    pub(super) verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) freshness: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) refusal: Option<String>,
    /// What is wrong with the signature.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cause: Option<String>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) advice: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) external_id: Option<String>,
    pub(super) body_bytes: usize,
    /// `no`, `answered`, or why there was no answer.
    pub(super) forwarded: String,
    /// What DOKU was answered.
    pub(super) status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) response_code: Option<String>,
}

impl Shown {
    /// The lines, the last of them empty.
    pub(super) fn block(&self, style: Style) -> String {
        let tone = if self.verdict == "genuine" {
            Tone::Good
        } else {
            Tone::Bad
        };
        let mut text = format!(
            "{} {} {} {}\n",
            self.at.get(11..19).unwrap_or(&self.at),
            self.method,
            self.path,
            style.paint(tone, self.verdict)
        );
        let code = self.response_code.as_deref().unwrap_or_default();
        let answered = format!("HTTP {} {code}", self.status);
        let bytes = format!("{} bytes", self.body_bytes);
        for (label, value) in [
            ("freshness", self.freshness.as_deref()),
            ("refusal", self.refusal.as_deref()),
            ("cause", self.cause.as_deref()),
            ("advice", self.advice),
            ("external id", self.external_id.as_deref()),
            ("body", Some(&*bytes)),
            ("forwarded", Some(&*self.forwarded)),
            ("answered", Some(answered.trim_end())),
        ] {
            if let Some(value) = value {
                let label = style.paint(Tone::Label, &format!("{label:<12}"));
                text.push_str(&format!("  {label} {value}\n"));
            }
        }
        text.push('\n');
        text
    }
}

/// A text that a caller chose, fit for a terminal and for a header: ASCII, one line, short.
pub(super) fn plain(text: &str) -> String {
    let kept = |c: char| {
        if c == ' ' || c.is_ascii_graphic() {
            c
        } else {
            '?'
        }
    };
    text.chars().take(300).map(kept).collect()
}
