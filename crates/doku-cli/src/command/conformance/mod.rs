//! `doku conformance`: a merchant's server against everything that DOKU may send, and what it must not believe.

mod shown;

use std::sync::Arc;

use doku::transport::is_loopback;
use doku::{MerchantPrivateKey, ReqwestTransport};
use doku_sandbox::conformance::{Suite, Target};
use doku_sandbox::{Endpoints, MerchantUrl};
use serde::Serialize;

use super::speaker;
use crate::args::ConformanceArguments;
use crate::exit::{Exit, Failure};
use crate::file::{self, Replacement, is_stdin};
use crate::output::{Asked, Format, Output, Table};

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
    if !arguments.yes && !is_loopback(merchant.host()) {
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
        // Every row would say the same.
        Format::Text if report.away.is_some() => {}
        Format::Text => output.text(|style| shown::text(&report, wants(arguments), style))?,
        Format::Json => output.json(&shown::Shape::of(&report))?,
    }
    if let Some(file) = report_file {
        file.finish(&report.to_junit())?;
    }
    if let Some(reason) = &report.away {
        return Err(
            Failure::not_sent(format!("nobody answers at {merchant}: {reason}"))
                .next("Start the server, or give --merchant the address that it listens on."),
        );
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

/// The flag without which cases are skipped.
fn wants(arguments: &ConformanceArguments) -> Option<&'static str> {
    if arguments.bill.number.is_none() {
        Some("Give --number for the cases of inquiries and payments.")
    } else if !arguments.direct_inquiry {
        Some(
            "Give --direct-inquiry for the cases of inquiries, if the server answers them about the number.",
        )
    } else if arguments.merchant_private_key.is_none() {
        Some("Give --merchant-private-key for bearers that only the server's own key makes.")
    } else {
        None
    }
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
