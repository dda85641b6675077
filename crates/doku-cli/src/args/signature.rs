//! `doku explain …`: a captured request, and how it is to be read.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use doku::Timestamp;

use super::language::LanguageArgument;
use super::va::value;

/// A request that somebody kept.
#[derive(Debug, Args)]
pub(crate) struct CapturedArguments {
    /// The request: raw HTTP, a curl command line or a HAR file; - for standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,

    /// Of a HAR file, the entry whose URL is this or holds it
    #[arg(long, value_name = "URL", requires = "file")]
    pub(crate) url: Option<String>,

    /// Of a HAR file, the entry with this number
    #[arg(long, value_name = "NUMBER", requires = "file")]
    pub(crate) entry: Option<usize>,
}

/// Which of the formulas of DOKU's signatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Formula {
    /// clientId|timestamp, RSA
    Token,
    /// METHOD:path:token:hash:timestamp, HMAC-SHA-512
    Transaction,
    /// METHOD:path:hash:timestamp, RSA; virtual accounts do not use it
    Asymmetric,
    /// Client-Id, Request-Id and the rest in lines, HMAC-SHA-256: checkout, cards and other channels
    NonSnap,
}

/// Who sends a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Party {
    /// From the merchant to DOKU
    Merchant,
    /// From DOKU to the merchant
    Doku,
}

/// Keys besides those of the environment.
#[derive(Debug, Args)]
pub(crate) struct KeyArguments {
    /// Your public key, PEM, where the private one is not at hand
    #[arg(long, value_name = "FILE")]
    pub(crate) merchant_public_key: Option<PathBuf>,

    /// Another secret key that may have been used, such as the one before; may be given more than once
    #[arg(long, value_name = "FILE")]
    pub(crate) other_secret_file: Vec<PathBuf>,

    /// Another public key that may have been used, PEM; may be given more than once
    #[arg(long, value_name = "FILE")]
    pub(crate) other_public_key: Vec<PathBuf>,

    /// Another access token that may have been signed; may be given more than once
    #[arg(long, value_name = "FILE")]
    pub(crate) other_token_file: Vec<PathBuf>,

    /// The string-to-sign that the other side says it used
    #[arg(long, value_name = "FILE")]
    pub(crate) their_text: Option<PathBuf>,
}

/// When a request is judged.
#[derive(Debug, Args)]
pub(crate) struct ClockArguments {
    /// The time that the timestamp is judged against; the clock of this machine otherwise
    #[arg(long, value_name = "TIME", value_parser = value::<Timestamp>)]
    pub(crate) at: Option<Timestamp>,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArguments {
    #[command(flatten)]
    pub(crate) captured: CapturedArguments,

    /// The formula that applies, where path and headers mislead
    #[arg(long = "as", value_name = "FORMULA", value_enum)]
    pub(crate) formula: Option<Formula>,

    /// Who sent it, where host and path mislead
    #[arg(long, value_name = "PARTY", value_enum)]
    pub(crate) from: Option<Party>,

    #[command(flatten)]
    pub(crate) clock: ClockArguments,

    #[command(flatten)]
    pub(crate) keys: KeyArguments,

    #[command(flatten)]
    pub(crate) language: LanguageArgument,
}
