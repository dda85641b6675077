//! Failures of the server and of the ledger.

use doku_ledger::{Error, NoLedger};
use doku_server::{ConfigError, StartError};

use super::{Exit, Failure};

/// What to do about a database that does not serve.
const LOOK: &str = "Run `doku serve --check` to see what is wrong.";

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        let next = match error {
            ConfigError::Credentials(error) => return Self::from(error),
            ConfigError::NoDokuPublicKey(_) => {
                "Set DOKU_PUBLIC_KEY_FILE, or doku.publicKeyFile in the file of --config."
            }
            ConfigError::File { .. } | ConfigError::Unreadable { .. } => {
                "Check the path and its permissions."
            }
            ConfigError::Both { .. } => "Keep one of the two.",
            _ => "Mend it and run the command again; `doku serve --help` lists the settings.",
        };
        Self::configuration(error.to_string()).next(next)
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Listen { address, source } => Self::internal(format!(
                "cannot listen at {address}"
            ))
            .because(&source)
            .next(
                "Stop whoever listens there, or choose another address with DOKU_SERVER_LISTEN or \
                         DOKU_SERVER_API_LISTEN.",
            ),
            StartError::Ledger(error) => Self::from(error),
            StartError::Client(error) => Self::from(error),
            error => Self::internal(error.to_string()).next(LOOK),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let (exit, next) = match &error {
            Error::Location(_) => (Exit::Configuration, "Name it with DOKU_SERVER_DATABASE."),
            Error::NoLedger(NoLedger::Folder(_) | NoLedger::NoFile(_) | NoLedger::NotSqlite(_)) => {
                (
                    Exit::Configuration,
                    "Name it with --database, DOKU_SERVER_DATABASE, or `database` of the settings.",
                )
            }
            Error::NoSuchAccount { .. } => {
                (Exit::Usage, "Look for the order with `doku ledger list`.")
            }
            Error::NotNow { .. } => (Exit::Usage, "Look at it with `doku ledger show`."),
            Error::Underway { .. } => (Exit::NotSent, "Wait a minute, and do it again."),
            Error::Field(_) => (
                Exit::Usage,
                "Compare it with DOKU's back office and with `doku ledger show`.",
            ),
            _ => (Exit::Internal, LOOK),
        };
        Self::new(exit, error.to_string()).next(next)
    }
}
