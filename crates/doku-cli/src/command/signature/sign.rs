//! `doku sign …`: the header lines of a request that somebody else sends.

use doku::sign::{MinifiedBody, StringToSign};
use doku::{AccessToken, MerchantPrivateKey};
use serde::Serialize;
use serde_json::{Map, Value};

use super::formula;
use super::non_snap;
use super::parts;
use super::role::Role;
use super::stages::Stages;
use super::subject::Subject;
use super::words::Words;
use crate::args::{Formula, SignArguments, SignCommand};
use crate::command::keyring::Keyring;
use crate::exit::{Exit, Failure};
use crate::output::{Format, Output, Style};

pub(crate) fn run(command: &SignCommand, output: &Output) -> Result<Exit, Failure> {
    let (formula, arguments) = match command {
        SignCommand::Token(arguments) => (Formula::Token, arguments),
        SignCommand::Transaction(arguments) => (Formula::Transaction, arguments),
        SignCommand::NonSnap(arguments) => (Formula::NonSnap, arguments),
    };
    sign(formula, arguments, output)
}

/// What was signed, for machines.
#[derive(Serialize)]
struct Signed {
    operation: &'static str,
    formula: &'static str,
    headers: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stages: Option<Stages>,
}

fn sign(formula: Formula, arguments: &SignArguments, output: &Output) -> Result<Exit, Failure> {
    let keys = Keyring::from_env()?;
    let given = &arguments.parts;
    let mut subject = parts::subject(&arguments.captured, given, formula, None, &keys, output)?;
    parts::must_be_whole(&subject, given)?;
    if subject.timestamp.text.is_empty() {
        subject.timestamp.text = parts::now(formula);
    }
    if formula == Formula::NonSnap && subject.request_id.text.is_empty() {
        subject.request_id.text = made_up()?;
    }
    let headers = headers(&subject, &keys)?;
    let stages = arguments.show.then(|| Stages::of(&subject));
    match output.format() {
        Format::Text => {
            if let Some(stages) = &stages {
                let signature = headers.last().map(|(_, text)| text.as_str());
                output.note(stages.card(signature).printed(Style::plain()).trim_end());
            }
            output.text(|_| {
                headers
                    .iter()
                    .map(|(name, text)| format!("{name}: {text}\n"))
                    .collect()
            })?;
        }
        Format::Json => output.json(&Signed {
            operation: "sign",
            formula: formula::name(formula),
            headers: headers
                .into_iter()
                .map(|(name, text)| (name.to_owned(), text.into()))
                .collect(),
            stages,
        })?,
    }
    Ok(Exit::Done)
}

/// The headers that the signature covers or is, the signature last.
fn headers(subject: &Subject, keys: &Keyring) -> Result<Vec<(&'static str, String)>, Failure> {
    let (id, time) = (&subject.client_id.text, &subject.timestamp.text);
    Ok(match subject.formula {
        Formula::Token => {
            let signature = private_key(keys)?
                .sign(&StringToSign::snap_token(id, time))
                .map_err(|error| Failure::internal("no signature could be made").because(&error))?;
            vec![
                ("X-CLIENT-KEY", id.clone()),
                ("X-TIMESTAMP", time.clone()),
                ("X-SIGNATURE", signature.to_base64()),
            ]
        }
        Formula::NonSnap => {
            let signature = secret(keys)?.sign_non_snap(&non_snap::string_to_sign(subject));
            vec![
                ("Client-Id", id.clone()),
                ("Request-Id", subject.request_id.text.clone()),
                ("Request-Timestamp", time.clone()),
                ("Signature", signature.to_header()),
            ]
        }
        Formula::Transaction | Formula::Asymmetric => {
            let empty = AccessToken::empty();
            let text = StringToSign::snap_transaction(
                &subject.method,
                &subject.target,
                subject.token.as_ref().unwrap_or(&empty),
                &MinifiedBody::of(&subject.body),
                time,
            );
            let mut headers = vec![("X-TIMESTAMP", time.clone())];
            if !id.is_empty() {
                headers.insert(0, ("X-PARTNER-ID", id.clone()));
            }
            headers.push(("X-SIGNATURE", secret(keys)?.sign(&text).to_base64()));
            headers
        }
    })
}

fn secret(keys: &Keyring) -> Result<&doku::ClientSecret, Failure> {
    keys.secret.as_ref().ok_or_else(|| no_key(Role::Secret))
}

fn private_key(keys: &Keyring) -> Result<&MerchantPrivateKey, Failure> {
    keys.private_key
        .as_ref()
        .ok_or_else(|| no_key(Role::Merchant))
}

fn no_key(role: Role) -> Failure {
    let key = Words::default().key(role);
    Failure::configuration(format!("{key}, which signs it, was not given")).next(format!(
        "Set {} to the file that holds it.",
        role.variable()
    ))
}

/// A request id that nobody used before.
fn made_up() -> Result<String, Failure> {
    let failed = |error| Failure::internal("this machine gives no random numbers").because(&error);
    let (high, low) = (
        getrandom::u64().map_err(failed)?,
        getrandom::u64().map_err(failed)?,
    );
    Ok(format!("{high:016x}{low:016x}"))
}
