//! What DOKU was seen to accept although its documentation says otherwise: noted, and refused by a strict sandbox.

use doku_model::Operation;
use doku_sign::minify;
use serde_json::Value;

use super::presented::Presented;
use crate::journal::Note;

/// SNAP BI's limit for X-EXTERNAL-ID.
const LONGEST_EXTERNAL_ID: usize = 36;

/// How deep a body is looked into. Documented bodies have three levels.
const DEEPEST: usize = 8;

/// What is unusual about the headers.
pub(crate) fn in_headers(call: &Presented<'_>) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut note = |field: &str, what: &'static str| {
        notes.push(Note {
            field: field.to_owned(),
            what: what.into(),
        });
    };
    let header = |name: &str| call.headers.get(name).and_then(|value| value.to_str().ok());
    let transaction = call.operation != Operation::Token;

    let json = |kind: &str| {
        let kind = kind.split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case("application/json")
    };
    if !header("Content-Type").is_some_and(json) {
        note("Content-Type", "is not application/json");
    }
    // Only a `-00:00` says that the sender lost its own offset; the moment itself is clear.
    if header("X-TIMESTAMP").is_some_and(|timestamp| timestamp.ends_with("-00:00")) {
        note("X-TIMESTAMP", "has the offset -00:00");
    }
    if transaction {
        match header("CHANNEL-ID") {
            Some("H2H") => {}
            // Not among the documented headers of check status.
            None if call.operation == Operation::CheckStatus => {}
            None => note("CHANNEL-ID", "is missing, documented is H2H"),
            Some(_) => note("CHANNEL-ID", "is not H2H"),
        }
        if let Some(id) = header("X-EXTERNAL-ID") {
            if id.len() > LONGEST_EXTERNAL_ID {
                note("X-EXTERNAL-ID", "is longer than 36 characters");
            }
            if !id.bytes().all(|byte| byte.is_ascii_digit()) {
                note("X-EXTERNAL-ID", "is not numeric");
            }
        }
    }
    notes
}

/// What is unusual about the body.
pub(crate) fn in_body(call: &Presented<'_>) -> Vec<Note> {
    let mut notes = Vec::new();
    if minify(call.body).len() != call.body.len() {
        notes.push(Note {
            field: "body".to_owned(),
            what: "has blanks or line ends between its members".into(),
        });
    }
    if let Ok(body) = serde_json::from_slice::<Value>(call.body) {
        walk(call.operation, &body, &mut Vec::new(), &mut notes);
    }
    notes
}

fn walk<'b>(
    operation: Operation,
    value: &'b Value,
    path: &mut Vec<&'b str>,
    notes: &mut Vec<Note>,
) {
    let Value::Object(members) = value else {
        return;
    };
    if path.len() >= DEEPEST {
        return;
    }
    // In alphabetical order, whatever order the map is built to keep: a strict sandbox names the first.
    let mut members: Vec<_> = members.iter().collect();
    members.sort_unstable_by_key(|(name, _)| *name);
    for (name, value) in members {
        path.push(name);
        if let Some(what) = unusual(operation, path, value) {
            notes.push(Note {
                field: path.join("."),
                what: what.into(),
            });
        } else {
            walk(operation, value, path, notes);
        }
        path.pop();
    }
}

fn unusual(operation: Operation, path: &[&str], value: &Value) -> Option<&'static str> {
    let name = *path.last()?;
    match (operation, name, value) {
        (Operation::Token, "additionalInfo", _) => Some("is not documented for token requests"),
        (_, _, Value::Null) => Some("is null instead of absent"),
        (_, "origin", _) => Some("is not documented"),
        (_, "freeTexts", _) => Some("is documented as freeText"),
        (_, "virtualAccounTrxType", _) => Some("is misspelt, it means virtualAccountTrxType"),
        (_, _, Value::Number(_)) => Some("is a number instead of a text"),
        _ => None,
    }
}
