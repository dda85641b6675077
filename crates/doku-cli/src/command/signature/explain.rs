//! `doku explain`: what a captured request is, and what is wrong with its signature.

use std::time::SystemTime;

use doku_capture::Captured;
use serde::Serialize;

use super::formula::{self, is_signed};
use super::judge::{Due, Judged};
use super::role::Role;
use super::subject::{Note, Part, Subject};
use super::verdict::Verdict;
use super::words::Words;
use crate::args::{ClockArguments, ExplainArguments};
use crate::command::captured;
use crate::command::keyring::Keyring;
use crate::exit::{Exit, Failure};
use crate::output::{Card, Format, Output};

pub(crate) fn run(arguments: &ExplainArguments, output: &Output) -> Result<Exit, Failure> {
    let keys = Keyring::from_env()?.with(&arguments.keys)?;
    let captured = captured::read(&arguments.captured, &is_signed, output)?;
    let subject = Subject::of(&captured, arguments.formula, arguments.from, &keys);
    let words = Words(arguments.language.language());
    let due = due(&subject, &keys, words)?;
    let judged = Judged::of(&subject, &keys, &due, now(&arguments.clock));
    match output.format() {
        Format::Text => output.text(|style| {
            let taken = taken(&subject, &captured, &keys, words).printed(style);
            format!("{taken}\n{}", judged.told(subject.formula, words, style))
        })?,
        Format::Json => output.json(&Explained::new(&subject, &captured, &keys, &judged, words))?,
    }
    Ok(judged.exit())
}

/// The key that is due, or which variable gives it.
pub(super) fn due<'k>(
    subject: &Subject,
    keys: &'k Keyring,
    words: Words,
) -> Result<Due<'k>, Failure> {
    Due::of(subject, keys).map_err(|role| {
        let (message, next) = words.no_key(role, subject.formula);
        Failure::configuration(message).next(next)
    })
}

/// The time that is asked for, or that of the clock.
pub(super) fn now(clock: &ClockArguments) -> SystemTime {
    match &clock.at {
        Some(at) => at.instant().into(),
        None => SystemTime::now(),
    }
}

/// What was taken for what.
fn taken(subject: &Subject, captured: &Captured, keys: &Keyring, words: Words) -> Card {
    let part = |part: &Part| match part.header {
        Some(header) => format!("{}, {}", part.shown(), words.source(Some(header))),
        None => words.source(None),
    };
    let chars = |count: usize| format!("{count} {}", words.of("characters", "karakter"));
    let path = subject.path();
    let sentence = words.of("This is", "Ini");
    let card = Card::new(format!(
        "{sentence} {}, {} {path}.",
        words.kind(subject.formula),
        subject.method
    ))
    .fact(
        words.of("taken so", "dianggap"),
        &format!("{}, {}", words.by(subject.formula_by), captured.format()),
    )
    .fact(
        words.of("direction", "arah"),
        &format!(
            "{}, {}",
            words.direction(subject.from),
            words.by(subject.from_by)
        ),
    )
    .fact(words.of("formula", "rumus"), words.formula(subject.formula))
    .fact(
        words.of("key", "kunci"),
        words.key(Role::due(subject.formula, subject.from)),
    )
    .fact("timestamp", &part(&subject.timestamp))
    .fact("client id", &part(&subject.client_id))
    .fact(
        "token",
        &match &subject.token {
            Some(token) => format!(
                "{}, {}",
                chars(token.expose().chars().count()),
                words.source(Some("Authorization"))
            ),
            None => words.source(None),
        },
    )
    .fact(
        "body",
        &format!("{} byte{}", subject.body.len(), words.of("s", "")),
    )
    .fact(
        words.of("signature", "tanda tangan"),
        &match subject.signature.header {
            Some(header) => format!(
                "{}, {}",
                chars(subject.signature.text.chars().count()),
                words.source(Some(header))
            ),
            None => words.source(None),
        },
    );
    let absent: Vec<&str> = absent(keys).map(Role::variable).collect();
    let unknown = (!absent.is_empty()).then(|| {
        format!(
            "{} {}",
            absent.join(", "),
            words.of(
                "not set; with more keys more mistakes can be told apart",
                "belum diisi; makin banyak kunci, makin banyak kesalahan yang dapat dikenali"
            )
        )
    });
    let mut card = card.maybe(words.of("other keys", "kunci lain"), unknown);
    for note in &subject.notes {
        card = card.fact(words.of("note", "catatan"), &words.note(*note));
    }
    card
}

fn absent(keys: &Keyring) -> impl Iterator<Item = Role> {
    Role::ALL.into_iter().filter(|role| !role.is_in(keys))
}

/// An explanation for machines.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Explained<'a> {
    operation: &'static str,
    #[serde(flatten)]
    verdict: Verdict,
    taken: Taken<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Taken<'a> {
    capture: String,
    formula: &'static str,
    formula_by: &'static str,
    from: &'static str,
    from_by: &'static str,
    method: &'a str,
    path: &'a str,
    timestamp: &'a str,
    client_id: &'a str,
    body_bytes: usize,
    keys_not_set: Vec<&'static str>,
    notes: Vec<String>,
}

impl<'a> Explained<'a> {
    fn new(
        subject: &'a Subject,
        captured: &Captured,
        keys: &Keyring,
        judged: &Judged,
        words: Words,
    ) -> Self {
        Self {
            operation: "explain",
            verdict: Verdict::new(judged, words),
            taken: Taken {
                capture: captured.format().to_string(),
                formula: formula::name(subject.formula),
                formula_by: subject.formula_by.name(),
                from: match subject.from {
                    crate::args::Party::Merchant => "merchant",
                    crate::args::Party::Doku => "doku",
                },
                from_by: subject.from_by.name(),
                method: &subject.method,
                path: subject.path(),
                timestamp: subject.timestamp.shown(),
                client_id: subject.client_id.shown(),
                body_bytes: subject.body.len(),
                keys_not_set: absent(keys).map(Role::variable).collect(),
                notes: subject
                    .notes
                    .iter()
                    .map(|note: &Note| words.note(*note))
                    .collect(),
            },
        }
    }
}
