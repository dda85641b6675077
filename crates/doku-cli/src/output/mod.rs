//! What is printed: results on stdout, everything else on stderr, as text for people or JSON for machines.

mod card;
pub(crate) mod csv;
pub(crate) mod json;
pub(crate) mod log;
mod style;
mod table;

use std::ffi::OsString;
use std::io::{self, Write as _};

use serde::Serialize;

pub(crate) use card::Card;
pub(crate) use style::{Style, Tone};
pub(crate) use table::Table;

use crate::exit::{Exit, Failure};
use doku::Outcome;

/// What `--output` may say. `junit` is for `doku conformance` alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Asked {
    Text,
    Json,
    Junit,
}

impl Asked {
    /// What every command reads.
    pub(crate) fn of_any_command(text: &str) -> Result<Self, String> {
        <Self as clap::ValueEnum>::from_str(text, false)
    }

    /// How everything but a report is printed.
    pub(crate) const fn format(self) -> Format {
        match self {
            Self::Json => Format::Json,
            Self::Text | Self::Junit => Format::Text,
        }
    }
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Text,
    Json,
}

impl Format {
    /// The format that a command line asks for which could not be understood as a whole.
    pub(crate) fn asked_for(given: &[OsString]) -> Self {
        let json = |pair: &[OsString]| {
            pair.first().is_some_and(|flag| flag == "--output")
                && pair.get(1).is_some_and(|value| value == "json")
        };
        if given.windows(2).any(json) || given.iter().any(|flag| flag == "--output=json") {
            Self::Json
        } else {
            Self::Text
        }
    }
}

/// Where and how to print.
#[derive(Debug)]
pub(crate) struct Output {
    format: Format,
    /// For stdout.
    style: Style,
    /// For stderr.
    error_style: Style,
}

impl Output {
    pub(crate) fn new(format: Format) -> Self {
        Self {
            format,
            style: Style::of(&io::stdout()),
            error_style: Style::of(&io::stderr()),
        }
    }

    pub(crate) fn format(&self) -> Format {
        self.format
    }

    /// How stderr is coloured.
    pub(crate) fn error_style(&self) -> Style {
        self.error_style
    }

    /// Prints a result.
    pub(crate) fn result(&self, card: &Card, json: &impl Serialize) -> Result<(), Failure> {
        match self.format {
            Format::Text => self.text(|style| card.printed(style)),
            Format::Json => self.json(json),
        }
    }

    /// Prints text on stdout, in a style.
    pub(crate) fn text(&self, text: impl FnOnce(Style) -> String) -> Result<(), Failure> {
        write_out(&text(self.style))
    }

    /// Prints one line of JSON on stdout.
    pub(crate) fn json(&self, value: &impl Serialize) -> Result<(), Failure> {
        let mut line = serde_json::to_string(value).map_err(|error| {
            Failure::internal("the result cannot be written as JSON").because(&error)
        })?;
        line.push('\n');
        write_out(&line)
    }

    /// Tells something on stderr, beside the result. Machines are not told.
    pub(crate) fn note(&self, text: &str) {
        if self.format == Format::Text {
            write_error(&format!("{text}\n"));
        }
    }

    /// Tells of a failure on stderr.
    pub(crate) fn failure(&self, failure: &Failure) -> Exit {
        match self.format {
            Format::Text => write_error(&told(failure, self.error_style)),
            Format::Json => {
                let line = serde_json::to_string(&json::Failed::from(failure));
                write_error(&format!("{}\n", line.unwrap_or_default()));
            }
        }
        failure.exit
    }
}

fn told(failure: &Failure, style: Style) -> String {
    let mut card = Card::new(format!(
        "{} {}",
        style.paint(Tone::Bad, "error:"),
        failure.message
    ));
    card = card.maybe("because", failure.because.as_deref());
    if let Some(call) = &failure.call {
        let outcome = match call.outcome {
            // A question changes nothing, whether it is answered or not.
            Outcome::NotDone if call.only_asks => None,
            Outcome::NotDone => Some("nothing was created, changed or deleted"),
            Outcome::Unknown => Some("unknown: it may have been done"),
        };
        card = card
            .maybe("outcome", outcome)
            .maybe("external id", call.external_id.as_deref())
            .maybe("code", call.response_code.as_deref());
    }
    card.maybe("next", failure.next.as_deref()).printed(style)
}

fn write_out(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
        .map_err(|error| unwritten(&error))
}

/// Why stdout took no more.
pub(crate) fn unwritten(error: &io::Error) -> Failure {
    let failure = Failure::internal("stdout cannot be written to").because(error);
    Failure {
        reader_gone: error.kind() == io::ErrorKind::BrokenPipe,
        ..failure
    }
}

/// Where stderr is gone there is nobody left to tell.
pub(crate) fn write_error(text: &str) {
    let _gone = io::stderr().lock().write_all(text.as_bytes());
}
