//! What came back from the merchant, and what it is worth.

use bytes::Bytes;

use crate::journal::Note;

/// What DOKU heard.
#[derive(Debug, Clone)]
pub(super) enum Heard {
    Answer {
        status: u16,
        body: Bytes,
    },
    /// Nothing, and why.
    Nothing(String),
}

/// What an answer is worth.
#[derive(Debug, Default)]
pub(super) struct Judged {
    /// Whether it is the success that DOKU waits for.
    pub(super) accepted: bool,
    pub(super) status: u16,
    pub(super) code: Option<String>,
    pub(super) message: Option<String>,
    /// Why it is none, in a sentence.
    pub(super) reason: Option<String>,
    pub(super) notes: Vec<Note>,
}

/// A call that was made.
#[derive(Debug)]
pub(super) struct Exchanged {
    pub(super) heard: Heard,
    pub(super) judged: Judged,
    pub(super) journal: u64,
}
