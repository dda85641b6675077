//! `doku va …`.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Subcommand, ValueEnum};
use doku::{Amount, CustomerNo, ExternalId, FieldError, PartnerServiceId, Timestamp, TrxId};

/// A value by the rules of the field. The parser names the flag, so that the wire's name is left out.
pub(super) fn value<T: FromStr<Err = FieldError>>(text: &str) -> Result<T, String> {
    text.parse()
        .map_err(|error: FieldError| error.fault().to_string())
}

/// An amount, and a hint at what people type out of habit.
fn amount(text: &str) -> Result<Amount, String> {
    text.parse().map_err(|error: FieldError| {
        let fault = error.fault();
        let number = text.bytes().all(|byte| b"0123456789.,-".contains(&byte));
        let hint = if !number {
            ""
        } else if text.starts_with('-') {
            "; an amount is never negative"
        } else if text.contains(',') || text.rsplit_once('.').is_some_and(|(_, end)| end.len() == 3)
        {
            "; no thousands separator, and a point before the sen"
        } else if text.len() > 1 && text.starts_with('0') {
            "; no leading zero"
        } else {
            ""
        };
        format!("{fault}{hint}")
    })
}

/// How `--amount` reads in the help of an update.
const AMOUNT_OF_CHANGE: &str = "Another amount, such as 11500 or 11500.00; the type stays, unless --closed or --variable is given";

/// How `--closed` reads in the help of an update.
const CLOSED_OF_CHANGE: &str =
    "Take exactly the amount from now on; drops --min and --max of an open or variable bill";

#[derive(Debug, Subcommand)]
pub(crate) enum VaCommand {
    /// Create a virtual account
    #[command(
        override_usage = "doku va create --trx-id ID --name NAME --amount AMOUNT [OPTIONS]\n       \
                                doku va create --trx-id ID --name NAME --open [OPTIONS]\n       \
                                doku va create --resume FILE [--save FILE]"
    )]
    Create(Box<CreateArguments>),
    /// Change a virtual account; what is not mentioned stays as it is
    ///
    /// Name, e-mail, phone and expiry are sent only when they are given. The bill is sent with every update, as
    /// the file of --va remembers it: use the newest file, or an old amount comes back.
    #[command(
        mut_arg("amount", |flag| flag.help(AMOUNT_OF_CHANGE)),
        mut_arg("closed", |flag| flag.help(CLOSED_OF_CHANGE)),
    )]
    Update(Box<UpdateArguments>),
    /// Ask whether a virtual account was paid
    Status(StatusArguments),
    /// Delete a virtual account
    Delete(DeleteArguments),
    /// Find out what became of a create whose answer was lost
    ///
    /// On the day it was prepared, the create is sent again under its external id: DOKU answers with the account
    /// that the first one made, or makes it now if the first one never arrived. There is one account either way.
    /// On another day nothing is created: a number of your own (MGPC) is asked about.
    Settle(SettleArguments),
    /// Print DOKU's instructions for the payer
    HowToPay(Target),
}

#[derive(Debug, Args)]
pub(crate) struct CreateArguments {
    /// Who makes the number: DOKU, from your prefix, or you
    #[arg(long, value_enum, ignore_case = true, default_value_t = ModeArgument::Dgpc)]
    pub(crate) mode: ModeArgument,

    /// MGPC: your number, whole; DGPC: another prefix than DOKU_CUSTOMER_NO_PREFIX
    #[arg(long, value_name = "DIGITS", value_parser = value::<CustomerNo>, required_if_eq("mode", "mgpc"))]
    pub(crate) customer_no: Option<CustomerNo>,

    /// Another BIN than DOKU_PARTNER_SERVICE_ID
    #[arg(long, value_name = "BIN", value_parser = value::<PartnerServiceId>)]
    pub(crate) partner_service_id: Option<PartnerServiceId>,

    /// Your invoice number
    #[arg(long, value_name = "ID", value_parser = value::<TrxId>, required_unless_present = "resume")]
    pub(crate) trx_id: Option<TrxId>,

    #[command(flatten)]
    pub(crate) payer: Payer,

    #[command(flatten)]
    pub(crate) bill: BillArguments,

    /// May be paid more than once
    #[arg(long)]
    pub(crate) reusable: bool,

    /// When it stops being payable, such as 2026-12-31T23:59:59+07:00
    #[arg(long, value_name = "MOMENT", value_parser = value::<Timestamp>)]
    pub(crate) expires: Option<Timestamp>,

    /// A line for the payer in English and Indonesian: "Thank you|Terima kasih"; may be given more than once
    #[arg(long, value_name = "EN|ID")]
    pub(crate) free_text: Vec<String>,

    /// X-EXTERNAL-ID of this call; made up otherwise
    #[arg(long, value_name = "ID", value_parser = value::<ExternalId>, conflicts_with = "prepare")]
    pub(crate) external_id: Option<ExternalId>,

    /// Write what will be sent to this new file first, so that `doku va settle` can settle it if the answer is lost
    #[arg(long, value_name = "FILE")]
    pub(crate) prepare: Option<PathBuf>,

    /// Send what --prepare wrote, again and under the same external id; - for standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = [
        "mode", "customer_no", "partner_service_id", "trx_id", "name", "email", "phone", "amount", "closed", "open",
        "variable", "min", "max", "reusable", "expires", "free_text", "external_id", "prepare",
    ])]
    pub(crate) resume: Option<PathBuf>,

    /// Write the virtual account to this new file, for the other commands
    #[arg(long, value_name = "FILE")]
    pub(crate) save: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ModeArgument {
    Dgpc,
    Mgpc,
    /// Known by name, so that it can be told why nobody creates one.
    #[value(hide = true)]
    Dipc,
}

/// Whom the account is for. Parsed later, so that no error repeats what was typed.
#[derive(Debug, Args)]
pub(crate) struct Payer {
    /// The name the payer sees
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,

    /// The payer's e-mail address
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) email: Option<String>,

    /// The payer's phone number
    #[arg(long, value_name = "DIGITS")]
    pub(crate) phone: Option<String>,
}

/// What is to be paid.
#[derive(Debug, Args)]
pub(crate) struct BillArguments {
    /// What is to be paid, such as 11500 or 11500.00; exactly this, unless --variable is given
    #[arg(long, value_name = "AMOUNT", value_parser = amount, allow_negative_numbers = true)]
    pub(crate) amount: Option<Amount>,

    /// Take exactly the amount, which is what --amount means without --variable
    #[arg(long, conflicts_with_all = ["open", "variable"])]
    pub(crate) closed: bool,

    /// Let the payer choose the amount
    #[arg(long, conflicts_with_all = ["amount", "variable"])]
    pub(crate) open: bool,

    /// Show the amount, and take another one too
    #[arg(long)]
    pub(crate) variable: bool,

    /// The least that may be paid, with --open or --variable
    #[arg(long, value_name = "AMOUNT", value_parser = amount, allow_negative_numbers = true)]
    pub(crate) min: Option<Amount>,

    /// The most that may be paid, with --open or --variable
    #[arg(long, value_name = "AMOUNT", value_parser = amount, allow_negative_numbers = true)]
    pub(crate) max: Option<Amount>,
}

/// The account that a command is about.
#[derive(Debug, Args)]
pub(crate) struct Target {
    /// The virtual account: what --save wrote, or what --output json printed; - for standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) va: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct UpdateArguments {
    #[command(flatten)]
    pub(crate) target: Target,

    #[command(flatten)]
    pub(crate) change: ChangeArguments,

    /// X-EXTERNAL-ID of this call; made up otherwise
    #[arg(long, value_name = "ID", value_parser = value::<ExternalId>)]
    pub(crate) external_id: Option<ExternalId>,

    /// Write the changed virtual account to this new file; otherwise the file of --va is replaced
    #[arg(long, value_name = "FILE")]
    pub(crate) save: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ChangeArguments {
    #[command(flatten)]
    pub(crate) payer: Payer,

    #[command(flatten)]
    pub(crate) bill: BillArguments,

    /// When it stops being payable
    #[arg(long, value_name = "MOMENT", value_parser = value::<Timestamp>)]
    pub(crate) expires: Option<Timestamp>,

    /// May be paid again
    #[arg(long)]
    pub(crate) activate: bool,

    /// May not be paid for now
    #[arg(long, conflicts_with = "activate")]
    pub(crate) deactivate: bool,
}

#[derive(Debug, Args)]
pub(crate) struct StatusArguments {
    #[command(flatten)]
    pub(crate) target: Target,

    /// X-EXTERNAL-ID of this call; made up otherwise
    #[arg(long, value_name = "ID", value_parser = value::<ExternalId>)]
    pub(crate) external_id: Option<ExternalId>,
}

#[derive(Debug, Args)]
pub(crate) struct DeleteArguments {
    #[command(flatten)]
    pub(crate) target: Target,

    /// X-EXTERNAL-ID of this call; made up otherwise
    #[arg(long, value_name = "ID", value_parser = value::<ExternalId>)]
    pub(crate) external_id: Option<ExternalId>,
}

#[derive(Debug, Args)]
pub(crate) struct SettleArguments {
    /// What --prepare wrote; - for standard input
    #[arg(value_name = "FILE")]
    pub(crate) prepared: PathBuf,

    /// Write the virtual account to this new file, for the other commands
    #[arg(long, value_name = "FILE")]
    pub(crate) save: Option<PathBuf>,
}
