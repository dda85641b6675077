//! What is wrong with a configuration: the key, and never its content where that is a secret.

use std::io;
use std::net::AddrParseError;
use std::path::PathBuf;

use doku_axum::PathError;
use doku_ledger::InvalidLocation;
use doku_model::FieldError;
use doku_sign::{ClientSecretError, KeyError};
use doku_va_btn::hosted::NoDokuPublicKey;

use super::{InvalidApiKey, InvalidSecret, InvalidUrl};

/// A file and an environment that do not make a configuration.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the configuration {}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is no TOML, or has a key that is not known. What the line holds is not shown.
    #[error("{}, line {line}: {message}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// What DOKU is called with is not complete.
    #[error(transparent)]
    Credentials(#[from] doku_va_btn::ConfigError),
    /// Nobody could tell whether it is DOKU who calls.
    #[error(transparent)]
    NoDokuPublicKey(#[from] NoDokuPublicKey),
    /// A key is needed and absent.
    #[error("{key} is missing")]
    Missing {
        /// The key of the file, or the variable.
        key: String,
    },
    /// Two keys say the same, and it is not clear which counts.
    #[error("{key} and {other} are both set: take one of them out")]
    Both {
        /// One.
        key: String,
        /// The other.
        other: String,
    },
    /// A file that a key names cannot be read.
    #[error("{key}: cannot read the file {}: {source}", path.display())]
    Unreadable {
        /// The key.
        key: String,
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A key does not hold what it should.
    #[error("{key}: {source}")]
    Invalid {
        /// The key.
        key: String,
        /// Why.
        source: InvalidSetting,
    },
}

/// Why the content of a key does not serve.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidSetting {
    /// Not an address to listen at.
    #[error("an address and a port are expected, such as 127.0.0.1:8080")]
    Address(#[from] AddrParseError),
    /// Not a database.
    #[error(transparent)]
    Database(#[from] InvalidLocation),
    /// Not a URL of the kind that is needed.
    #[error(transparent)]
    Url(#[from] InvalidUrl),
    /// Not a path.
    #[error(transparent)]
    Path(#[from] PathError),
    /// Not an API key.
    #[error(transparent)]
    ApiKey(#[from] InvalidApiKey),
    /// Not a secret of webhooks.
    #[error(transparent)]
    WebhookSecret(#[from] InvalidSecret),
    /// Not a value of DOKU's.
    #[error(transparent)]
    Value(#[from] FieldError),
    /// Not an RSA key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Not a secret key.
    #[error(transparent)]
    Secret(#[from] ClientSecretError),
    /// No type of event.
    #[error(
        "there are no events of type {0:?}; see the document at /openapi.json for those there are"
    )]
    EventType(String),
    /// A name that stands twice.
    #[error("the name {0:?} stands there twice")]
    Twice(String),
    /// Another form than expected.
    #[error("{0}")]
    Form(&'static str),
}

/// An error about the value of a setting.
pub(super) fn invalid<E: Into<InvalidSetting>>(key: &str) -> impl FnOnce(E) -> ConfigError {
    let key = key.to_owned();
    move |source| ConfigError::Invalid {
        key,
        source: source.into(),
    }
}
