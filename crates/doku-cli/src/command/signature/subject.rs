//! The parts of a request that a signature is made of, and where each was found.

use bytes::Bytes;
use doku::AccessToken;
use doku_capture::Captured;

use super::formula::{self, By};
use crate::args::{Formula, Party};
use crate::command::keyring::{Keyring, bare};

/// A request whose signature is looked at.
pub(super) struct Subject {
    pub(super) formula: Formula,
    pub(super) formula_by: By,
    pub(super) from: Party,
    pub(super) from_by: By,
    pub(super) method: String,
    /// Path and query.
    pub(super) target: String,
    pub(super) timestamp: Part,
    pub(super) token: Option<AccessToken>,
    pub(super) client_id: Part,
    /// Of non-SNAP requests alone.
    pub(super) request_id: Part,
    pub(super) body: Bytes,
    pub(super) signature: Part,
    /// Where it may have been sent to.
    pub(super) urls: Vec<String>,
    pub(super) notes: Vec<Note>,
}

/// A header's value, and its name.
#[derive(Debug, Clone, Default)]
pub(super) struct Part {
    pub(super) text: String,
    /// The header that it was in; none where it is missing, or was given otherwise.
    pub(super) header: Option<&'static str>,
}

impl Part {
    /// The text for a person. Keys and tokens end up in the wrong header, and are not shown there either.
    pub(super) fn shown(&self) -> &str {
        const LONGEST: usize = 64;
        let secret = ["SK-", "eyJ", "Bearer"];
        if self.text.len() > LONGEST || secret.iter().any(|start| self.text.contains(start)) {
            "[not shown]"
        } else {
            &self.text
        }
    }

    fn of(captured: &Captured, names: &[&'static str]) -> Self {
        let found = names
            .iter()
            .find_map(|name| captured.header(name).map(|text| (text, *name)));
        found.map_or_else(Self::default, |(text, name)| Self {
            text: text.to_owned(),
            header: Some(name),
        })
    }
}

/// What is odd about a request, besides its signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Note {
    /// A header that the call needs is not there.
    Missing(&'static str),
    /// The `Authorization` header does not begin with `Bearer`.
    NotBearer,
    /// The captured text lacks bytes of the body.
    BodyCut(u64),
    /// The sender was guessed from the host.
    SenderGuessed,
}

impl Subject {
    /// With nothing in it yet, for a request that is told part by part.
    pub(super) fn blank(formula: Formula, from: Party) -> Self {
        Self {
            formula,
            formula_by: By::Asked,
            from,
            from_by: By::Default,
            method: "POST".to_owned(),
            target: String::new(),
            timestamp: Part::default(),
            token: None,
            client_id: Part::default(),
            request_id: Part::default(),
            body: Bytes::new(),
            signature: Part::default(),
            urls: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// That of a captured request, by the formula and the sender that are asked for or seem right.
    pub(super) fn of(
        captured: &Captured,
        formula: Option<Formula>,
        from: Option<Party>,
        keys: &Keyring,
    ) -> Self {
        let (formula, formula_by) =
            formula.map_or_else(|| formula::of(captured), |asked| (asked, By::Asked));
        let (from, from_by) = from.map_or_else(
            || formula::sender(captured, keys.environment.as_ref()),
            |asked| (asked, By::Asked),
        );
        let part = |names: &[&'static str]| Part::of(captured, names);
        let (timestamp, client_id, signature) = match formula {
            Formula::NonSnap => (
                part(&["Request-Timestamp"]),
                part(&["Client-Id"]),
                part(&["Signature"]),
            ),
            Formula::Token => (
                part(&["X-TIMESTAMP"]),
                part(&["X-CLIENT-KEY", "X-PARTNER-ID"]),
                part(&["X-SIGNATURE"]),
            ),
            _ => (
                part(&["X-TIMESTAMP"]),
                part(&["X-PARTNER-ID", "X-CLIENT-KEY"]),
                part(&["X-SIGNATURE"]),
            ),
        };
        let authorization = captured.header("Authorization");
        let mut subject = Self {
            formula,
            formula_by,
            from,
            from_by,
            method: captured.method().to_owned(),
            target: captured.target().to_owned(),
            timestamp,
            token: authorization.map(|header| AccessToken::new(bare(header))),
            client_id,
            request_id: part(&["Request-Id"]),
            body: captured.body().clone(),
            signature,
            urls: urls(captured),
            notes: Vec::new(),
        };
        subject.look(captured);
        subject
    }

    /// The path without its query, which may hold anything.
    pub(super) fn path(&self) -> &str {
        let target = self.target.as_str();
        target.split_once('?').map_or(target, |(path, _)| path)
    }

    /// Whether it is refused where it names another client than the configured one: by DOKU always, by a merchant
    /// where a token is asked for. What DOKU's other calls name is not signed, and decides nothing.
    pub(super) fn must_be_of_client(&self) -> bool {
        self.client_id.header.is_some()
            && (self.from == Party::Merchant || self.formula == Formula::Token)
    }

    /// Looks for what is amiss besides the signature.
    fn look(&mut self, captured: &Captured) {
        let needed: &[&'static str] = match self.formula {
            Formula::Token => &["X-CLIENT-KEY", "X-TIMESTAMP", "X-SIGNATURE"],
            Formula::NonSnap => &["Client-Id", "Request-Id", "Request-Timestamp", "Signature"],
            Formula::Transaction | Formula::Asymmetric => &[
                "X-PARTNER-ID",
                "X-EXTERNAL-ID",
                "X-TIMESTAMP",
                "X-SIGNATURE",
            ],
        };
        let absent = needed.iter().filter(|name| captured.header(name).is_none());
        self.notes.extend(absent.map(|name| Note::Missing(name)));
        if self.formula == Formula::Transaction {
            match captured.header("Authorization") {
                None => self.notes.push(Note::Missing("Authorization")),
                Some(header) if !begins_with_bearer(header) => self.notes.push(Note::NotBearer),
                Some(_) => {}
            }
        }
        if captured.missing_bytes() > 0 {
            self.notes.push(Note::BodyCut(captured.missing_bytes()));
        }
        if self.formula == Formula::Token && self.from_by == By::Host && self.from == Party::Doku {
            self.notes.push(Note::SenderGuessed);
        }
    }
}

fn begins_with_bearer(header: &str) -> bool {
    header
        .get(..7)
        .is_some_and(|word| word.eq_ignore_ascii_case("bearer "))
}

/// The URLs that the request may have been sent to.
fn urls(captured: &Captured) -> Vec<String> {
    match (captured.url(), captured.host()) {
        (Some(url), _) => vec![url.to_owned()],
        (None, Some(host)) => ["https", "http"]
            .map(|scheme| format!("{scheme}://{host}{}", captured.target()))
            .to_vec(),
        (None, None) => Vec::new(),
    }
}
