//! `doku verify …`: whether a signature is right, and why not.

use serde::Serialize;

use super::explain::{due, now};
use super::formula;
use super::judge::Judged;
use super::parts;
use super::stages::Stages;
use super::verdict::Verdict;
use super::words::Words;
use crate::args::{Formula, VerifyArguments, VerifyCommand};
use crate::command::keyring::Keyring;
use crate::exit::{Exit, Failure};
use crate::output::{Format, Output, Style};

pub(crate) fn run(command: &VerifyCommand, output: &Output) -> Result<Exit, Failure> {
    let (formula, arguments) = match command {
        VerifyCommand::Token(arguments) => (Formula::Token, arguments),
        VerifyCommand::Transaction(arguments) => (Formula::Transaction, arguments),
        VerifyCommand::NonSnap(arguments) => (Formula::NonSnap, arguments),
    };
    verify(formula, arguments, output)
}

/// What was verified, for machines.
#[derive(Serialize)]
struct Verified {
    operation: &'static str,
    formula: &'static str,
    #[serde(flatten)]
    verdict: Verdict,
    #[serde(skip_serializing_if = "Option::is_none")]
    stages: Option<Stages>,
}

fn verify(formula: Formula, arguments: &VerifyArguments, output: &Output) -> Result<Exit, Failure> {
    let keys = Keyring::from_env()?.with(&arguments.keys)?;
    let (captured, given) = (&arguments.captured, &arguments.parts);
    let mut subject = parts::subject(captured, given, formula, arguments.from, &keys, output)?;
    if let Some(signature) = &arguments.signature {
        subject.signature.text.clone_from(signature);
    } else if captured.file.is_none() {
        return Err(Failure::usage("the signature is missing")
            .next("Give --signature, or the captured request as FILE."));
    }
    if captured.file.is_none() {
        parts::must_be_whole(&subject, given)?;
        if subject.timestamp.text.is_empty() {
            return Err(Failure::usage("the timestamp is missing")
                .next("Give --timestamp with the exact text that was signed."));
        }
    }
    let words = Words(arguments.language.language());
    let due = due(&subject, &keys, words)?;
    let judged = Judged::of(&subject, &keys, &due, now(&arguments.clock));
    let stages = arguments.show.then(|| Stages::of(&subject));
    match output.format() {
        Format::Text => {
            if let Some(stages) = &stages {
                output.note(stages.card(None).printed(Style::plain()).trim_end());
            }
            output.text(|style| judged.told(formula, words, style))?;
        }
        Format::Json => output.json(&Verified {
            operation: "verify",
            formula: formula::name(formula),
            verdict: Verdict::new(&judged, words),
            stages,
        })?,
    }
    Ok(judged.exit())
}
