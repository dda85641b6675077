//! `doku serve`.

use clap::{Args, ValueEnum};

use super::Place;

#[derive(Debug, Args)]
pub(crate) struct ServeArguments {
    /// Look at everything a server needs, say what was found, and change nothing
    #[arg(long)]
    pub(crate) check: bool,

    /// Logs for people or for machines; text on a terminal, json elsewhere
    #[arg(long, value_name = "FORMAT")]
    pub(crate) log_format: Option<LogFormat>,

    #[command(flatten)]
    pub(crate) place: Place,
}

/// How a server's logs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    Text,
    Json,
}
