//! `doku conformance`: a merchant's server against everything that DOKU may send, and what it must not believe.

use std::net::IpAddr;
use std::sync::Arc;

use doku::{MerchantPrivateKey, ReqwestTransport};
use doku_sandbox::conformance::{Report, Row, Suite, Target, Verdict};
use doku_sandbox::{Endpoints, MerchantUrl};
use serde::Serialize;

use super::speaker;
use crate::args::ConformanceArguments;
use crate::exit::{Exit, Failure};
use crate::file::{self, Replacement, is_stdin};
use crate::output::{Asked, Format, Output, Style, Table, Tone};

pub(crate) fn run(arguments: &ConformanceArguments, output: &Output) -> Result<Exit, Failure> {
    if arguments.list {
        if wants_junit(arguments) {
            return Err(
                Failure::usage("a list is no report, so JUnit has no form for it")
                    .next("Give --output json, or leave --list out."),
            );
        }
        return list(arguments, output);
    }
    let Some(merchant) = &arguments.merchant else {
        return Err(Failure::usage("--merchant is missing")
            .next("Give the URL of the server, or --list to see the cases."));
    };
    if !arguments.yes && !is_loopback(merchant) {
        return Err(
            Failure::usage(format!("{merchant} is not on this machine")).next(
                "Payments that nobody made will be told of. If it is a test server, give --yes.",
            ),
        );
    }
    let unknown = arguments
        .only
        .iter()
        .find(|name| !Suite::cases().any(|case| case.name.starts_with(name.as_str())));
    if let Some(name) = unknown {
        return Err(Failure::usage(format!("there is no case {name}"))
            .next("`doku conformance --list` lists them."));
    }
    let target = target(merchant, arguments)?;
    let payable = speaker::payable(&arguments.bill)?.map(|payable| {
        payable
            .answers_inquiries(arguments.direct_inquiry)
            .one_payment(arguments.one_payment)
    });
    let report_file = match &arguments.junit {
        Some(path) if !is_stdin(path) => Some(Replacement::begin(path)?),
        _ => None,
    };
    let suite = Suite::new(target, payable)
        .only(arguments.only.clone())
        .patience(arguments.patience);
    let report = super::wait_for(async { Ok(suite.run(|_| {}).await) })?;
    match output.format() {
        _ if wants_junit(arguments) => output.text(|_| report.to_junit())?,
        Format::Text => output.text(|style| text(&report, style))?,
        Format::Json => output.json(&Shape::of(&report))?,
    }
    if let Some(file) = report_file {
        file.finish(&report.to_junit())?;
    }
    Ok(if report.is_good() {
        Exit::Done
    } else {
        Exit::Refused
    })
}

/// Whether stdout is for a build server.
fn wants_junit(arguments: &ConformanceArguments) -> bool {
    arguments.output == Asked::Junit || arguments.junit.as_deref().is_some_and(is_stdin)
}

fn target(merchant: &MerchantUrl, arguments: &ConformanceArguments) -> Result<Target, Failure> {
    let (client_id, secret) = speaker::credentials(&arguments.speaker)?;
    let paths = &arguments.paths;
    let prefix = merchant.path().trim_end_matches('/');
    let at = |path: &str| speaker::sibling(merchant, &format!("{prefix}{path}"));
    let endpoints = Endpoints::new()
        .token_url(at(&paths.token_path)?)
        .inquiry_url(at(&paths.inquiry_path)?)
        .notification_url(at(&paths.payment_path)?);
    let transport = Arc::new(ReqwestTransport::new());
    let key = speaker::doku_key(&arguments.speaker)?.ok_or_else(|| {
        Failure::usage("a request for a token is signed with a private key, and there is none")
            .next(
                "Give --doku-private-key: a key whose public half the server takes for DOKU's, such as \
                 doku-private.pem of the folder that `doku sandbox` names.",
            )
    })?;
    let target = Target::new(client_id, secret, endpoints, transport).doku_private_key(key);
    match &arguments.merchant_private_key {
        None => Ok(target),
        Some(path) => {
            let key = MerchantPrivateKey::from_pem(&file::read(path)?)
                .map_err(|error| speaker::unusable(path, &error))?;
            Ok(target.merchant_private_key(key))
        }
    }
}

/// Whether the host is this machine. A name is looked up by nobody here: only `localhost` is known.
fn is_loopback(url: &MerchantUrl) -> bool {
    let text = url.to_string();
    let host = text
        .parse::<http::Uri>()
        .ok()
        .and_then(|uri| uri.host().map(str::to_owned))
        .unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// What `--output json` prints.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shape<'r> {
    operation: &'static str,
    ok: bool,
    passed: usize,
    failed: usize,
    skipped: usize,
    undecided: usize,
    rows: &'r [Row],
}

impl<'r> Shape<'r> {
    fn of(report: &'r Report) -> Self {
        Self {
            operation: "conformance",
            ok: report.is_good(),
            passed: report.count(Verdict::Passed),
            failed: report.count(Verdict::Failed),
            skipped: report.count(Verdict::Skipped),
            undecided: report.undecided(),
            rows: &report.rows,
        }
    }
}

fn list(arguments: &ConformanceArguments, output: &Output) -> Result<Exit, Failure> {
    #[derive(Serialize)]
    struct Listed {
        name: &'static str,
        sent: &'static str,
        must: &'static str,
    }
    let chosen = Suite::cases().filter(|case| {
        arguments.only.is_empty()
            || arguments
                .only
                .iter()
                .any(|name| case.name.starts_with(name.as_str()))
    });
    let listed: Vec<Listed> = chosen
        .map(|case| Listed {
            name: case.name,
            sent: case.sent,
            must: case.must.as_str(),
        })
        .collect();
    match output.format() {
        Format::Text => output.text(|style| {
            let mut table = Table::new(["case", "what is sent", "what must happen"]);
            for case in &listed {
                table.row([case.name, case.sent, case.must].map(str::to_owned));
            }
            table.printed(style)
        })?,
        Format::Json => output.json(&listed)?,
    }
    Ok(Exit::Done)
}

fn text(report: &Report, style: Style) -> String {
    let mut table = Table::new([
        "",
        "case",
        "what was sent",
        "what must happen",
        "what happened",
    ]);
    for row in &report.rows {
        table.row([
            row.verdict.as_str().to_owned(),
            row.name.to_owned(),
            row.sent.to_owned(),
            row.must.as_str().to_owned(),
            row.happened.clone(),
        ]);
    }
    let mut text = table.printed_with(style, |row| match row {
        [verdict, ..] if verdict == Verdict::Failed.as_str() => Some(Tone::Bad),
        [verdict, ..] if verdict == Verdict::Skipped.as_str() => Some(Tone::Label),
        _ => None,
    });
    for row in &report.rows {
        if row.verdict == Verdict::Failed {
            let name = style.paint(Tone::Bad, row.name);
            text.push_str(&format!(
                "\n{name}\n  why   {}\n  mend  {}\n",
                row.why, row.mend
            ));
        }
    }
    text.push_str(&format!(
        "\n{} passed, {} failed, {} skipped\n",
        report.count(Verdict::Passed),
        report.count(Verdict::Failed),
        report.count(Verdict::Skipped),
    ));
    let undecided = report.undecided();
    if undecided > 0 {
        text.push_str(&format!(
            "\nUndecided, and so no success: {undecided} of the skipped. The server put calls off, or took no genuine one before \
             or after them.\nRaise its limit or give a longer --patience, and see what became of the genuine calls.\n"
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_known_by_its_addresses() {
        for (url, expected) in [
            ("http://127.0.0.1:8080", true),
            ("http://127.9.9.9/", true),
            ("http://[::1]:8080/x", true),
            ("http://localhost:1", true),
            ("https://shop.example", false),
            ("http://127.0.0.1.shop.example", false),
            ("http://localhost.shop.example", false),
            ("http://10.0.0.1", false),
        ] {
            assert_eq!(is_loopback(&url.parse().unwrap()), expected, "{url}");
        }
    }
}
