//! `doku ledger …`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use doku::{TrxId, VirtualAccountNo};
use doku_ledger::Cursor;
use doku_ledger::account::State;
use doku_ledger::payment::PaymentId;

#[derive(Debug, Subcommand)]
pub(crate) enum LedgerCommand {
    /// Accounts, the newest first
    List(ListArguments),
    /// One account: its bills, its payments, and what happened to it
    Show(ShowArguments),
    /// All payments or all accounts, as CSV or as JSON, a line each
    ///
    /// In CSV a text that a spreadsheet would take for a formula has an apostrophe before it. The rows may
    /// hold invoice numbers and virtual account numbers; no name, address or phone number is among them.
    Export(ExportArguments),
    /// Settle what was begun and never ended, and ask DOKU about the accounts that are due
    ///
    /// A server does this by itself. Both may do it at once: no account is asked about twice.
    Reconcile(ReconcileArguments),
    /// Record what a person found out about a create, an update or a delete that nobody knows the end of
    ///
    /// Look into DOKU's back office first: DOKU is told nothing. Without --yes it says what it would record and
    /// changes nothing. While a server is sending, it refuses.
    Resolve(ResolveArguments),
    /// What DOKU sent, byte for byte: the notifications of an order, and calls that were not accepted
    ///
    /// The bodies hold the names of payers. Of the headers those are kept that prove a call: its signature, its
    /// moment and its id.
    Evidence(EvidenceArguments),
    /// For whom webhooks are held, and how many wait
    ///
    /// A webhook that is taken out of the settings stays here with what waits for it, until it comes back or
    /// is forgotten.
    Webhooks(WebhooksArguments),
    /// Say that the database was restored from a backup, while no server runs
    ///
    /// Events and payments that are recorded from now on have ids beyond any that were given after the backup
    /// was made. Without it, ids are given again, and an application takes new events for old ones.
    Restored(RestoredArguments),
}

/// Which ledger, and how its server is set up.
#[derive(Debug, Args)]
pub(crate) struct Place {
    /// The settings of the server, a TOML file; files that it names are looked for beside it
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// Another database than the settings name: a file, or postgres://… without a password
    #[arg(long, value_name = "URL")]
    pub(crate) database: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ListArguments {
    /// Only those in this state: creating, active, paid, expired, deleted, inactive, unknown or refused
    #[arg(long, value_name = "STATE")]
    pub(crate) state: Option<State>,

    /// So many at most
    #[arg(long, value_name = "NUMBER", default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) limit: u16,

    /// Go on where another page ended
    #[arg(long, value_name = "CURSOR")]
    pub(crate) after: Option<Cursor>,

    /// The oldest first
    #[arg(long)]
    pub(crate) oldest_first: bool,

    #[command(flatten)]
    pub(crate) place: Place,
}

#[derive(Debug, Args)]
pub(crate) struct ShowArguments {
    /// The invoice number
    #[arg(value_name = "TRX-ID")]
    pub(crate) trx_id: TrxId,

    #[command(flatten)]
    pub(crate) place: Place,
}

/// What is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Records {
    Payments,
    Accounts,
}

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shape {
    Csv,
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct ExportArguments {
    /// What to export
    #[arg(value_name = "WHAT", default_value = "payments")]
    pub(crate) records: Records,

    /// How to write it
    #[arg(long, value_name = "FORMAT", default_value = "csv")]
    pub(crate) format: Shape,

    /// Into a new file, for its owner only, instead of stdout
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) place: Place,
}

#[derive(Debug, Args)]
pub(crate) struct ReconcileArguments {
    /// So many questions to DOKU in a second at most
    #[arg(long, value_name = "NUMBER", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub(crate) per_second: u32,

    #[command(flatten)]
    pub(crate) place: Place,
}

#[derive(Debug, Args)]
pub(crate) struct ResolveArguments {
    /// The invoice number
    #[arg(value_name = "TRX-ID")]
    pub(crate) trx_id: TrxId,

    /// The account was made, and DOKU's back office shows this number
    #[arg(long, value_name = "NUMBER", group = "found")]
    pub(crate) number: Option<VirtualAccountNo>,

    /// The account was made, and is the one in this file, as `doku va create --save` writes it
    #[arg(long, value_name = "FILE", group = "found")]
    pub(crate) account: Option<PathBuf>,

    /// The account was never made, for this reason: its trxId may be used again
    #[arg(long, value_name = "REASON", group = "found", value_parser = reason)]
    pub(crate) never_made: Option<String>,

    /// The update or delete that waits is not to be sent again, for this reason: the account counts as it was
    #[arg(long, value_name = "REASON", group = "found", value_parser = reason)]
    pub(crate) give_up: Option<String>,

    /// Record it
    #[arg(long, requires = "found")]
    pub(crate) yes: bool,

    #[command(flatten)]
    pub(crate) place: Place,
}

/// Somebody will read it later.
fn reason(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("say why, for whoever reads it later".to_owned());
    }
    Ok(text.to_owned())
}

#[derive(Debug, Args)]
pub(crate) struct EvidenceArguments {
    /// The invoice number of an account; without it, the calls that were not accepted, whatever they concern
    #[arg(value_name = "TRX-ID")]
    pub(crate) trx_id: Option<TrxId>,

    /// The notification of this payment, also where there is no account for it
    #[arg(long, value_name = "ID", conflicts_with = "trx_id")]
    pub(crate) payment: Option<PaymentId>,

    /// Of the calls that were not accepted, those after this one
    #[arg(long, value_name = "NUMBER", default_value_t = 0, conflicts_with_all = ["trx_id", "payment"])]
    pub(crate) after: i64,

    /// So many of them at most
    #[arg(long, value_name = "NUMBER", default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) limit: u16,

    #[command(flatten)]
    pub(crate) place: Place,
}

#[derive(Debug, Args)]
pub(crate) struct WebhooksArguments {
    /// Forget this one, with what waits for it and its dead letters
    #[arg(long, value_name = "NAME")]
    pub(crate) forget: Option<String>,

    #[command(flatten)]
    pub(crate) place: Place,
}

#[derive(Debug, Args)]
pub(crate) struct RestoredArguments {
    #[command(flatten)]
    pub(crate) place: Place,
}
