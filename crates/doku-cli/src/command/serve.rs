//! `doku serve`: the server until it is told to stop, or a look at what it needs.

use doku_server::{Config, Finding, Server, Severity};
use serde::Serialize;
use tokio::runtime::Builder;

use super::place;
use super::stop::Stop;
use crate::args::ServeArguments;
use crate::exit::{Exit, Failure};
use crate::output::{Format, Output, Style, Table, Tone};

pub(crate) fn run(arguments: &ServeArguments, output: &Output) -> Result<Exit, Failure> {
    let config = place::config(&arguments.place)?;
    let runtime = super::runtime(&mut Builder::new_multi_thread())?;
    if arguments.check {
        runtime.block_on(check(&config, output))
    } else {
        runtime.block_on(serve(config, output))
    }
}

async fn serve(config: Config, output: &Output) -> Result<Exit, Failure> {
    // From here on, being told to stop means stopping in order.
    let stop = Stop::listen()?;
    let running = Server::start(config).await?;
    let told = output.json(&running.ready());
    if told.is_ok() {
        stop.wait().await;
    }
    running.shutdown().await;
    told.map(|()| Exit::Done)
}

/// The findings as one line of JSON.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Checked<'f> {
    operation: &'static str,
    ok: bool,
    findings: Vec<Found<'f>>,
}

#[derive(Serialize)]
struct Found<'f> {
    subject: &'f str,
    severity: &'static str,
    message: &'f str,
}

async fn check(config: &Config, output: &Output) -> Result<Exit, Failure> {
    let findings = Server::check(config).await;
    let problems = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Problem)
        .count();
    match output.format() {
        Format::Text => output.text(|style| lines(&findings, style))?,
        Format::Json => output.json(&Checked {
            operation: "check",
            ok: problems == 0,
            findings: findings
                .iter()
                .map(|finding| Found {
                    subject: finding.subject,
                    severity: word(finding.severity),
                    message: &finding.message,
                })
                .collect(),
        })?,
    }
    if problems == 0 {
        return Ok(Exit::Done);
    }
    let problems = match problems {
        1 => "one problem".to_owned(),
        number => format!("{number} problems"),
    };
    Err(
        Failure::configuration(format!("a server would not work: {problems}"))
            .next("Mend what is marked `problem`, and check again."),
    )
}

fn lines(findings: &[Finding], style: Style) -> String {
    let mut table = Table::new(["", "about", "found"]);
    for finding in findings {
        table.row([
            word(finding.severity).to_owned(),
            finding.subject.to_owned(),
            finding.message.clone(),
        ]);
    }
    table.printed_with(style, |row| match row {
        [first, ..] if first == word(Severity::Fine) => Some(Tone::Good),
        [first, ..] if first == word(Severity::Problem) => Some(Tone::Bad),
        _ => None,
    })
}

const fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Fine => "ok",
        Severity::Warning => "warning",
        Severity::Problem => "problem",
    }
}
