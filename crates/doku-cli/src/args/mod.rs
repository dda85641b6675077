//! The command line: what can be said, and nothing of what it does. Secrets are never said here: they come from files,
//! the environment or standard input, because every user of a machine can read every command line.

mod code;
mod doctor;
mod inbound;
mod language;
mod ledger;
mod sandbox;
mod serve;
mod signature;
mod va;

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

pub(crate) use code::CodeArguments;
pub(crate) use doctor::DoctorArguments;
pub(crate) use inbound::{
    Bill, Called, ConformanceArguments, ListenArguments, Slot, Speaker, TriggerArguments,
};
pub(crate) use ledger::{
    EvidenceArguments, ExportArguments, LedgerCommand, ListArguments, Place, ReconcileArguments,
    Records, ResolveArguments, RestoredArguments, Shape, ShowArguments, WebhooksArguments,
};
pub(crate) use sandbox::SandboxArguments;
pub(crate) use serve::{LogFormat, ServeArguments};
pub(crate) use signature::{
    CapturedArguments, ClockArguments, ExplainArguments, Formula, KeyArguments, PartArguments,
    Party, SignArguments, SignCommand, VerifyArguments, VerifyCommand,
};
pub(crate) use va::{
    BillArguments, ChangeArguments, CreateArguments, DeleteArguments, ModeArgument,
    SettleArguments, StatusArguments, Target, UpdateArguments, VaCommand,
};

use crate::exit::EXIT_CODES;
use crate::output::Asked;

/// The DOKU command: virtual accounts at bank BTN over SNAP BI
#[derive(Debug, Parser)]
#[command(name = "doku", version, after_help = EXIT_CODES, max_term_width = 100)]
pub(crate) struct Arguments {
    /// For people or for machines: results on stdout, failures on stderr
    #[arg(
        long,
        global = true,
        value_name = "FORMAT",
        default_value = "text",
        display_order = 900,
        value_parser = text_or_json()
    )]
    pub(crate) output: Asked,

    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What any command prints.
fn text_or_json() -> impl TypedValueParser<Value = Asked> {
    PossibleValuesParser::new(["text", "json"]).try_map(|text| Asked::of_any_command(&text))
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show it all against a local DOKU, with made-up keys and no account anywhere
    Demo,
    /// Run a local DOKU until it is stopped
    ///
    /// Without a merchant of your own one is made up: its keys go to a fresh folder, and the lines to
    /// paste into another terminal go to stderr. Stdout carries one line of JSON when it listens,
    /// {"event":"ready","baseUrl":"http://127.0.0.1:8090",…}; everything else goes to stderr.
    /// SIGINT and SIGTERM stop it.
    Sandbox(Box<SandboxArguments>),
    /// Run a server beside your application: DOKU's endpoints, a merchant API, webhooks, payment pages
    ///
    /// Credentials come from the variables that `doku va --help` lists and DOKU_PUBLIC_KEY_FILE, or from
    /// the table [doku] of --config. Further variables, which count more than the file:
    ///   DOKU_SERVER_DATABASE            a file, or postgres://…; doku.sqlite
    ///   DOKU_SERVER_LISTEN              for DOKU and customers; 127.0.0.1:8080
    ///   DOKU_SERVER_API_LISTEN          for the merchant API; 127.0.0.1:8081
    ///   DOKU_SERVER_PUBLIC_URL          how customers reach the payment pages
    ///   DOKU_SERVER_API_KEYS_FILE       name=key, a line each; or DOKU_SERVER_API_KEYS itself
    ///   DOKU_SERVER_WEBHOOK_URL         who is told of events
    ///   DOKU_SERVER_WEBHOOK_SECRET_FILE whsec_…; or DOKU_SERVER_WEBHOOK_SECRET itself
    ///   DOKU_SERVER_WEBHOOK_EVENTS      types, separated by commas; all where there are none
    ///
    /// Stdout carries one line of JSON when it listens, {"event":"ready","baseUrl":…,"apiUrl":…,"publicUrl":…};
    /// logs go to stderr, as RUST_LOG asks. SIGINT and SIGTERM stop it in order.
    #[command(verbatim_doc_comment)]
    Serve(ServeArguments),
    /// Look into the ledger that `doku serve` keeps, take it out, and reconcile it with DOKU
    ///
    /// It may be done while a server runs. The ledger is found by DOKU_SERVER_DATABASE and DOKU_CLIENT_ID, or by
    /// --config; reconcile calls DOKU, and needs the credentials of `doku serve`.
    #[command(subcommand)]
    Ledger(Box<LedgerCommand>),
    /// Create, change, delete and check virtual accounts
    ///
    /// Credentials come from the environment:
    ///   DOKU_ENVIRONMENT          sandbox, production or a base URL
    ///   DOKU_CLIENT_ID            BRN-… or MCH-…
    ///   DOKU_SECRET_KEY_FILE      the secret key, or DOKU_SECRET_KEY itself
    ///   DOKU_PRIVATE_KEY_FILE     your RSA key as PEM, or DOKU_PRIVATE_KEY itself
    ///   DOKU_PARTNER_SERVICE_ID   your BIN
    ///   DOKU_CUSTOMER_NO_PREFIX   the prefix that DOKU completes, for DGPC
    /// and, for a private key with a passphrase, DOKU_PRIVATE_KEY_PASSPHRASE_FILE.
    #[command(subcommand, verbatim_doc_comment)]
    Va(Box<VaCommand>),
    /// Make one call to a merchant's server as DOKU would, and judge the answer member by member
    ///
    /// Any server will do, ours or not, as long as it is one for tests: the payment that is told of was never made.
    /// The private key is not DOKU's, which nobody has: tell the server under test that the public half of
    /// --doku-private-key is DOKU's, as with `doku sandbox`.
    ///
    /// Ends with 0 where the answer is what DOKU waits for, with 3 where it is not, and with 4 where there was none.
    Trigger(Box<TriggerArguments>),
    /// Try a merchant's server: everything that DOKU may send, and what it must not believe
    ///
    /// Payments that were never made are told of, and forged ones too: aim it at a test server only. Each row says what
    /// was sent and what happened; a failed one also why it matters and how to mend it. The keys are those of
    /// `doku trigger`. Without --number only the token endpoint is tried.
    ///
    /// A refusal counts only between genuine calls that are accepted. A server that puts calls off (429, 502, 503, 504) is
    /// waited for, up to --patience; what it does not judge all the same is skipped, and said to be undecided.
    ///
    /// Ends with 0 where nothing failed and nothing is undecided, with 3 otherwise.
    Conformance(Box<ConformanceArguments>),
    /// Receive DOKU's calls, show what is true of each, and hand the genuine ones to an application
    ///
    /// Credentials come from the variables that `doku va --help` lists and DOKU_PUBLIC_KEY_FILE. Requests for a token are
    /// answered here. What is forwarded carries Doku-Verdict, Doku-Operation, Doku-Freshness and, where it is not
    /// DOKU's, Doku-Refusal; no caller can set these. Without --forward-to calls are shown, and answered so that DOKU
    /// sends them again.
    ///
    /// Stdout carries a block for each call, or with --output json a line.
    Listen(Box<ListenArguments>),
    /// Get an access token, to see whether the client id and the RSA key are right
    ///
    /// The secret key is not tested by it: that one signs every other call.
    Token(TokenArguments),
    /// Make the RSA key pair that DOKU wants the public half of
    Keygen(KeygenArguments),
    /// Tell why the signature of a captured request is refused
    ///
    /// Give the request as it was sent: raw HTTP, the curl command line that sends it, or a HAR file.
    /// Nothing is sent anywhere. The keys come from the environment, as many of them as there are:
    ///   DOKU_SECRET_KEY_FILE      for transactions, either way
    ///   DOKU_PRIVATE_KEY_FILE     for the token requests that you send; or --merchant-public-key
    ///   DOKU_PUBLIC_KEY_FILE      for the token requests that DOKU sends
    ///   DOKU_CLIENT_ID            to compare with the request's
    /// Ends with 0 where the signature is right and fresh and the client id is yours, and with 3 where it would be refused
    /// for one of them.
    #[command(verbatim_doc_comment)]
    Explain(Box<ExplainArguments>),
    /// Sign a request, and print the header lines to paste
    ///
    /// The request is a captured one, or is told part by part. Keys come from the environment, and nothing is sent.
    #[command(subcommand)]
    Sign(Box<SignCommand>),
    /// Verify the signature of a request, and say why it is wrong
    ///
    /// The request is a captured one, or is told part by part. Keys come from the environment. Ends with 0 where the
    /// signature is right and fresh and the client id is yours, and with 3 where it would be refused for one of them.
    #[command(subcommand)]
    Verify(Box<VerifyCommand>),
    /// Look at configuration, keys, clock and the way to DOKU, and say what to mend
    ///
    /// Nothing is created or changed anywhere. Each line is ok, a warning or a problem, with what to do next. Ends with 0
    /// where there is no problem, 6 where the configuration, a key or the clock has one, 4 where DOKU is not reached, and 3
    /// where it gives no token.
    Doctor(DoctorArguments),
    /// Tell what a response code means, whose fault it is, whether money may have moved, and what to do
    Code(CodeArguments),
    /// Print what a shell needs to complete `doku`
    ///
    /// For bash: doku completions bash > ~/.local/share/bash-completion/completions/doku
    Completions(CompletionsArguments),
    /// Write the manual pages of `doku`, for man
    Man(ManArguments),
}

#[derive(Debug, Args)]
pub(crate) struct CompletionsArguments {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    pub(crate) shell: Shell,
}

#[derive(Debug, Args)]
pub(crate) struct ManArguments {
    /// The folder for the pages, one for each command; made if it is not there
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct TokenArguments {
    /// Print the token, which is a secret, and nothing else on stdout
    #[arg(long)]
    pub(crate) show: bool,
}

#[derive(Debug, Args)]
pub(crate) struct KeygenArguments {
    /// The folder for private.pem and public.pem; made if it is not there
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,

    /// The size of the key, from 2048 to 4096
    #[arg(long, value_name = "BITS", default_value_t = 2048, value_parser = clap::value_parser!(u16).range(2048..=4096))]
    pub(crate) bits: u16,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_contradicts_itself_nowhere() {
        Arguments::command().debug_assert();
    }
}
