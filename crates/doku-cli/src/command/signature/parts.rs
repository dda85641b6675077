//! A request from a captured text, from flags, or from both: a flag counts more.

use std::path::Path;
use std::time::SystemTime;

use doku::{AccessToken, Timestamp};

use super::formula::is_signed;
use super::subject::{Part, Subject};
use crate::args::{CapturedArguments, Formula, PartArguments, Party};
use crate::command::captured;
use crate::command::keyring::{Keyring, bare};
use crate::exit::Failure;
use crate::file::{self, is_stdin};
use crate::output::Output;

/// No body of DOKU's calls is so large.
const LARGEST_BODY: u64 = 16 << 20;

/// The request that the arguments tell of.
pub(super) fn subject(
    captured: &CapturedArguments,
    parts: &PartArguments,
    formula: Formula,
    from: Option<Party>,
    keys: &Keyring,
    output: &Output,
) -> Result<Subject, Failure> {
    let inputs = [&captured.file, &parts.body, &parts.token_file];
    let from_stdin = |path: &&Option<_>| path.as_deref().is_some_and(|path: &Path| is_stdin(path));
    if inputs.iter().filter(|path| from_stdin(path)).count() > 1 {
        return Err(
            Failure::usage("standard input cannot be two things at once")
                .next("Put one of them into a file."),
        );
    }
    let mut subject = match &captured.file {
        Some(_) => {
            // A request that is yet to be signed has no signature to be known by.
            let any = |captured: &doku_capture::Captured| {
                is_signed(captured) || !captured.body().is_empty()
            };
            let captured = captured::read(captured, &any, output)?;
            Subject::of(&captured, Some(formula), from, keys)
        }
        None if captured.url.is_some() || captured.entry.is_some() => {
            return Err(Failure::usage("there is no HAR file to choose from")
                .next("Give it as FILE, or - for standard input."));
        }
        None => Subject::blank(formula, from.unwrap_or(Party::Merchant)),
    };
    apply(&mut subject, parts, keys)?;
    Ok(subject)
}

fn apply(subject: &mut Subject, parts: &PartArguments, keys: &Keyring) -> Result<(), Failure> {
    if let Some(method) = &parts.method {
        subject.method.clone_from(method);
    }
    if let Some(path) = &parts.path {
        if !path.starts_with('/') {
            return Err(Failure::usage("--path does not begin with a slash")
                .next("Give the path alone, without scheme and host."));
        }
        subject.target.clone_from(path);
    }
    if let Some(timestamp) = &parts.timestamp {
        subject.timestamp.text = match timestamp.as_str() {
            "now" => now(subject.formula),
            text => text.to_owned(),
        };
    }
    if let Some(id) = &parts.client_id {
        // No header says so, and nothing is compared with it.
        subject.client_id = Part {
            text: id.clone(),
            header: None,
        };
    } else if subject.client_id.text.is_empty()
        && let Some(id) = &keys.client_id
    {
        subject.client_id.text.clone_from(id);
    }
    if let Some(id) = &parts.request_id {
        subject.request_id.text.clone_from(id);
    }
    if let Some(path) = &parts.body {
        subject.body = file::read_bytes(path, LARGEST_BODY)?.to_vec().into();
    }
    if parts.no_token {
        subject.token = None;
    } else if let Some(path) = &parts.token_file {
        subject.token = Some(AccessToken::new(bare(&file::read(path)?)));
    }
    Ok(())
}

/// This moment, in the form that the formula is used with.
pub(super) fn now(formula: Formula) -> String {
    let now = SystemTime::now().into();
    let timestamp = match formula {
        Formula::NonSnap => Timestamp::utc(now),
        _ => Timestamp::wib(now),
    };
    timestamp.as_str().to_owned()
}

/// Asks for what the formula cannot do without.
pub(super) fn must_be_whole(subject: &Subject, parts: &PartArguments) -> Result<(), Failure> {
    let missing = |what: &str, flag: &str| {
        Failure::usage(format!("{what} is missing"))
            .next(format!("Give {flag}, or the captured request as FILE."))
    };
    let is_token = subject.formula == Formula::Token;
    if !is_token && subject.target.is_empty() {
        return Err(missing("the path", "--path"));
    }
    if subject.formula == Formula::Transaction && subject.token.is_none() && !parts.no_token {
        return Err(missing("the access token", "--token-file or --no-token"));
    }
    if matches!(subject.formula, Formula::Token | Formula::NonSnap)
        && subject.client_id.text.is_empty()
    {
        return Err(missing("the client id", "--client-id or DOKU_CLIENT_ID"));
    }
    Ok(())
}
