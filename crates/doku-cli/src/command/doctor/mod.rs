//! `doku doctor`: whether everything is there that a call to DOKU needs, and what to do where it is not.

mod configuration;
mod keys;
mod network;

use std::sync::Arc;

use doku::{Client, Config, ReqwestTransport};
use serde::Serialize;

use super::variables;
use crate::args::DoctorArguments;
use crate::exit::{Exit, Failure};
use crate::output::{Format, Output, Style, Table, Tone};

/// What DOKU gives to those it knows.
const TOKEN: &str = "token";

pub(crate) fn run(arguments: &DoctorArguments, output: &Output) -> Result<Exit, Failure> {
    let mut findings = configuration::look();
    findings.extend(keys::look(arguments.merchant_public_key.as_deref()));
    let untested = Finding::untested(
        TOKEN,
        "whether DOKU knows the client id and the RSA key",
        "Give --token: it asks DOKU for one. Whether the secret key is right only a create, an update or the like can tell.",
    );
    if arguments.offline || !arguments.token {
        findings.push(untested);
    }
    if !arguments.offline {
        super::wait_for(async {
            // Without one it is among the findings already.
            if let Ok(Some(environment)) = variables::value(variables::ENVIRONMENT) {
                findings.extend(network::look(&environment).await);
            }
            if arguments.token {
                findings.push(token().await);
            }
            Ok(())
        })?;
    }
    match output.format() {
        Format::Text => output.text(|style| printed(&findings, style))?,
        Format::Json => output.json(&Looked {
            operation: "doctor",
            ok: exit(&findings) == Exit::Done,
            findings: &findings,
        })?,
    }
    Ok(exit(&findings))
}

/// How a finding is to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
enum Severity {
    Ok,
    /// Nobody asked for it.
    Untested,
    Warning,
    Problem,
}

impl Severity {
    const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Untested => "not tested",
            Self::Warning => "warning",
            Self::Problem => "problem",
        }
    }
}

/// What was found about one thing. It holds nothing secret.
#[derive(Debug, Clone, Serialize)]
struct Finding {
    subject: &'static str,
    severity: Severity,
    message: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    /// How the run ends because of it, where it is a problem.
    #[serde(skip)]
    exit: Exit,
}

impl Finding {
    fn ok(subject: &'static str, message: impl Into<String>) -> Self {
        Self {
            subject,
            severity: Severity::Ok,
            message: message.into(),
            next: None,
            exit: Exit::Done,
        }
    }

    fn untested(subject: &'static str, message: &str, next: &str) -> Self {
        Self {
            severity: Severity::Untested,
            next: Some(next.to_owned()),
            ..Self::ok(subject, message)
        }
    }

    fn warning(subject: &'static str, message: impl Into<String>, next: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            next: Some(next.into()),
            ..Self::ok(subject, message)
        }
    }

    fn problem(
        subject: &'static str,
        exit: Exit,
        message: impl Into<String>,
        next: impl Into<String>,
    ) -> Self {
        Self {
            severity: Severity::Problem,
            next: Some(next.into()),
            exit,
            ..Self::ok(subject, message)
        }
    }

    /// A problem as a command would tell of it.
    fn failed(subject: &'static str, failure: &Failure) -> Self {
        let because = failure.because.as_deref();
        let message = match because {
            Some(because) => format!("{}: {because}", failure.message),
            None => failure.message.clone(),
        };
        let next = failure.next.clone().unwrap_or_default();
        Self::problem(subject, failure.exit, message, next)
    }
}

/// The findings for machines.
#[derive(Serialize)]
struct Looked<'f> {
    operation: &'static str,
    ok: bool,
    findings: &'f [Finding],
}

/// How it ends: what is mended first counts.
fn exit(findings: &[Finding]) -> Exit {
    let has = |exit: Exit| findings.iter().any(|finding| finding.exit == exit);
    [Exit::Configuration, Exit::Refused, Exit::NotSent]
        .into_iter()
        .find(|exit| has(*exit))
        .or_else(|| {
            let other = findings
                .iter()
                .find(|finding| finding.severity == Severity::Problem);
            other.map(|finding| finding.exit)
        })
        .unwrap_or(Exit::Done)
}

fn printed(findings: &[Finding], style: Style) -> String {
    let mut table = Table::new(["", "about", "found"]);
    for finding in findings {
        table.row([
            finding.severity.word().to_owned(),
            finding.subject.to_owned(),
            finding.message.clone(),
        ]);
        if let Some(next) = &finding.next {
            table.row([String::new(), String::new(), format!("-> {next}")]);
        }
    }
    table.printed_with(style, |row| match row {
        [first, ..] if first == Severity::Ok.word() => Some(Tone::Good),
        [first, ..] if first == Severity::Problem.word() => Some(Tone::Bad),
        _ => None,
    })
}

/// Whether DOKU knows the client id and the key.
async fn token() -> Finding {
    let client = Config::from_env()
        .map_err(Failure::from)
        .and_then(|config| Ok(Client::new(config, Arc::new(ReqwestTransport::new()))?));
    let client = match client {
        Ok(client) => client,
        Err(failure) => return Finding::failed(TOKEN, &failure),
    };
    match client.token().await {
        Ok(_) => Finding::ok(
            TOKEN,
            "DOKU knows the client id and the RSA key; the secret key is not tested by it",
        ),
        Err(error) => Finding::failed(TOKEN, &Failure::from(error)),
    }
}
