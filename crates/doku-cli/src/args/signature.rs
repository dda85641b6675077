//! `doku explain`, `doku sign …` and `doku verify …`: a request, from a captured text or part by part.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
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
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,

    /// Of a HAR file, the entry with this number
    #[arg(long, value_name = "NUMBER", conflicts_with = "url")]
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

/// What is signed, where no captured request says it or where it says something else.
#[derive(Debug, Args)]
pub(crate) struct PartArguments {
    /// The HTTP method; POST where nothing says otherwise
    #[arg(long, value_name = "METHOD")]
    pub(crate) method: Option<String>,

    /// The path with its query, as it arrives
    #[arg(long, value_name = "PATH")]
    pub(crate) path: Option<String>,

    /// The exact text of the timestamp, or now
    #[arg(long, value_name = "TIME")]
    pub(crate) timestamp: Option<String>,

    /// Another client id than that of the request or DOKU_CLIENT_ID
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: Option<String>,

    /// The request id of a non-SNAP request
    #[arg(long, value_name = "ID")]
    pub(crate) request_id: Option<String>,

    /// The file with the body, byte for byte; - for standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) body: Option<PathBuf>,

    /// The file with the access token; - for standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,

    /// Leave the place of the token empty
    #[arg(long, conflicts_with = "token_file")]
    pub(crate) no_token: bool,
}

#[derive(Debug, Args)]
pub(crate) struct SignArguments {
    #[command(flatten)]
    pub(crate) captured: CapturedArguments,

    #[command(flatten)]
    pub(crate) parts: PartArguments,

    /// Print each stage on stderr: minified body, hash, string-to-sign with the token masked, signature
    #[arg(long)]
    pub(crate) show: bool,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArguments {
    #[command(flatten)]
    pub(crate) captured: CapturedArguments,

    #[command(flatten)]
    pub(crate) parts: PartArguments,

    /// The signature, as its header has it
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) signature: Option<String>,

    /// Who sent it; without a captured request the merchant
    #[arg(long, value_name = "PARTY", value_enum)]
    pub(crate) from: Option<Party>,

    #[command(flatten)]
    pub(crate) clock: ClockArguments,

    #[command(flatten)]
    pub(crate) keys: KeyArguments,

    /// Print each stage on stderr: minified body, hash, string-to-sign with the token masked
    #[arg(long)]
    pub(crate) show: bool,

    #[command(flatten)]
    pub(crate) language: LanguageArgument,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SignCommand {
    /// Sign a token request with the RSA key of DOKU_PRIVATE_KEY_FILE
    Token(Box<SignArguments>),
    /// Sign a SNAP transaction with the secret key of DOKU_SECRET_KEY_FILE
    Transaction(Box<SignArguments>),
    /// Sign a request of a channel outside SNAP with the secret key of DOKU_SECRET_KEY_FILE
    NonSnap(Box<SignArguments>),
}

#[derive(Debug, Subcommand)]
pub(crate) enum VerifyCommand {
    /// Verify a token request
    Token(Box<VerifyArguments>),
    /// Verify a SNAP transaction
    Transaction(Box<VerifyArguments>),
    /// Verify a request of a channel outside SNAP
    NonSnap(Box<VerifyArguments>),
}
