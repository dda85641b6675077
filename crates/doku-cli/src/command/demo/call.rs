//! A call over HTTP, as it is told: who called whom, where, under which id, and what the receiver made of it.

use doku::Operation;
use doku_sandbox::JournalEntry;
use serde::Serialize;

use crate::output::{Style, Tone};

/// Who calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Caller {
    Shop,
    Doku,
    /// Somebody who is neither, and calls the shop.
    Thief,
}

impl Caller {
    const fn to_whom(self) -> &'static str {
        match self {
            Self::Shop => "shop -> DOKU",
            Self::Doku => "DOKU -> shop",
            Self::Thief => "thief -> shop",
        }
    }
}

/// What the receiver made of the proof that a call brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Verdict {
    /// The signature is the caller's, and so is the bearer where there is one.
    Verified,
    /// The signature is not.
    Refused,
    /// The signature is, and the bearer is not.
    BearerRefused,
}

impl Verdict {
    const fn in_words(self) -> (&'static str, Tone) {
        match self {
            Self::Verified => ("verified", Tone::Good),
            Self::Refused => ("refused", Tone::Bad),
            Self::BearerRefused => ("bearer refused", Tone::Bad),
        }
    }
}

/// One call and its answer.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Call {
    pub(super) from: Caller,
    pub(super) path: String,
    pub(super) response_code: String,
    pub(super) signature: Verdict,
    /// X-EXTERNAL-ID; a request for a token has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) external_id: Option<String>,
}

impl Call {
    /// A call that went through the sandbox's journal, in either direction.
    pub(super) fn of(entry: &JournalEntry) -> Self {
        // DOKU's own calls are the ones that have somewhere to go.
        let from = match entry.url {
            Some(_) => Caller::Doku,
            None => Caller::Shop,
        };
        // Both sides look at the signature before they look a number up, and answer 401 where it is not right.
        let signature = match (&entry.signature, entry.status) {
            (None, 200 | 404) => Verdict::Verified,
            _ => Verdict::Refused,
        };
        Self {
            from,
            path: entry.path.clone(),
            response_code: entry.response_code.clone().unwrap_or_default(),
            signature,
            external_id: external_id(entry).map(str::to_owned),
        }
    }

    /// Whether it is this operation, and succeeded.
    pub(super) fn is_done(&self, operation: Operation) -> bool {
        self.path == operation.path()
            && self.signature == Verdict::Verified
            && self.response_code == operation.success().as_str()
    }

    /// Two lines: where it went, and what became of it.
    pub(super) fn printed(&self, style: Style) -> String {
        let whom = style.paint(Tone::Label, &format!("{:<13}", self.from.to_whom()));
        let (verdict, tone) = self.signature.in_words();
        let verdict = style.paint(tone, verdict);
        let id = match &self.external_id {
            Some(id) => format!("  {} {id}", style.paint(Tone::Label, "id")),
            None => String::new(),
        };
        format!(
            "    {whom}  {}\n{:19}{}  {verdict}{id}\n",
            self.path, "", self.response_code
        )
    }
}

fn external_id(entry: &JournalEntry) -> Option<&str> {
    let header = entry
        .headers
        .iter()
        .find(|header| header.name == "x-external-id")?;
    Some(header.value.as_str())
}
