//! `doku trigger`, `doku conformance` and `doku listen`: calls from DOKU, made or received.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use doku::{ClientId, PartnerServiceId, PositiveAmount, TrxId, VirtualAccountNo};
use doku_sandbox::{Dialect, MerchantUrl};

use crate::output::Asked;

/// With what DOKU would sign. Secrets come from files or the environment.
#[derive(Debug, Args)]
pub(crate) struct Speaker {
    /// The merchant's client id; DOKU_CLIENT_ID otherwise
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: Option<ClientId>,

    /// The file that holds the merchant's secret key; DOKU_SECRET_KEY_FILE or DOKU_SECRET_KEY otherwise
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_key_file: Option<PathBuf>,

    /// The private key that signs token requests, PEM: doku-private.pem of `doku sandbox --keys DIR`, or any key of
    /// which the server under test was told that its public half is DOKU's
    #[arg(long, value_name = "FILE")]
    pub(crate) doku_private_key: Option<PathBuf>,
}

/// What there is to pay.
#[derive(Debug, Args)]
pub(crate) struct Bill {
    /// The virtual account number, padded or not
    #[arg(long, value_name = "NUMBER")]
    pub(crate) number: Option<VirtualAccountNo>,

    /// The BIN that the number begins with; DOKU_PARTNER_SERVICE_ID otherwise
    #[arg(long, value_name = "BIN")]
    pub(crate) partner_service_id: Option<PartnerServiceId>,

    /// What is paid, in rupiah
    #[arg(long, value_name = "AMOUNT", default_value = "11500.00")]
    pub(crate) amount: PositiveAmount,

    /// The merchant's invoice number
    #[arg(long, value_name = "ID")]
    pub(crate) trx_id: Option<TrxId>,

    /// The customer's name
    #[arg(long, value_name = "NAME", default_value = "Toru Yamashita")]
    pub(crate) name: String,
}

/// What DOKU calls a merchant for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Called {
    /// Tell of a payment
    Payment,
    /// Ask what there is to pay
    Inquiry,
    /// Ask for a token
    Token,
}

#[derive(Debug, Args)]
pub(crate) struct TriggerArguments {
    /// What for
    #[arg(value_enum)]
    pub(crate) call: Called,

    /// The URL to call; of a bare host the path of SNAP BI is taken
    #[arg(long, value_name = "URL")]
    pub(crate) to: MerchantUrl,

    /// Where to get a token; beside --to by the paths of SNAP BI otherwise
    #[arg(long, value_name = "URL")]
    pub(crate) token_url: Option<MerchantUrl>,

    /// Present no token, and sign none
    #[arg(long, conflicts_with = "token_url")]
    pub(crate) without_bearer: bool,

    /// The id of the payment or the inquiry; made up otherwise. Give it again to tell of the same payment again
    #[arg(long, value_name = "ID")]
    pub(crate) request_id: Option<String>,

    /// In which form DOKU writes, as in `doku sandbox --help`
    #[arg(
        long,
        value_name = "FORMS",
        default_value = "",
        hide_default_value = true
    )]
    pub(crate) dialect: Dialect,

    #[command(flatten)]
    pub(crate) bill: Bill,

    #[command(flatten)]
    pub(crate) speaker: Speaker,
}

#[derive(Debug, Args)]
pub(crate) struct ConformanceArguments {
    /// The server under test, such as http://127.0.0.1:8080
    #[arg(long, value_name = "URL", required_unless_present = "list")]
    pub(crate) merchant: Option<MerchantUrl>,

    /// List the cases and try none
    #[arg(long)]
    pub(crate) list: bool,

    /// Only the cases with this name, or whose names begin so, such as token or payment/alg; may be given more than once
    #[arg(long, value_name = "NAME")]
    pub(crate) only: Vec<String>,

    /// Yes, this is a test server: needed where it is not on this machine
    #[arg(long)]
    pub(crate) yes: bool,

    /// Write the rows as JUnit XML to this file too, in place of a report that is there; - is the same as --output junit
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,

    /// How long to wait in all for a server that puts calls off or does not answer
    #[arg(long, value_name = "SECONDS", default_value = "120", value_parser = up_to_an_hour)]
    pub(crate) patience: Duration,

    /// For people, for machines, or for build servers: the report on stdout, failures on stderr
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "text",
        display_order = 900,
        value_enum
    )]
    pub(crate) output: Asked,

    /// The number is one that the server answers inquiries about
    #[arg(long)]
    pub(crate) direct_inquiry: bool,

    /// The number takes one payment: tell of the same one each time
    #[arg(long)]
    pub(crate) one_payment: bool,

    /// The server's own private key, PEM, for bearers that only it can make: an expired one, for instance
    #[arg(long, value_name = "FILE")]
    pub(crate) merchant_private_key: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) paths: PathArguments,

    #[command(flatten)]
    pub(crate) bill: Bill,

    #[command(flatten)]
    pub(crate) speaker: Speaker,
}

/// Where the three endpoints are.
#[derive(Debug, Args)]
pub(crate) struct PathArguments {
    /// The path of the token endpoint
    #[arg(
        long,
        value_name = "PATH",
        default_value = "/authorization/v1/access-token/b2b"
    )]
    pub(crate) token_path: String,

    /// The path of the inquiry endpoint
    #[arg(long, value_name = "PATH", default_value = "/v1.1/transfer-va/inquiry")]
    pub(crate) inquiry_path: String,

    /// The path of the notification endpoint
    #[arg(long, value_name = "PATH", default_value = "/v1/transfer-va/payment")]
    pub(crate) payment_path: String,
}

#[derive(Debug, Args)]
pub(crate) struct ListenArguments {
    /// Where to listen; port 0 takes any free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8082")]
    pub(crate) listen: String,

    /// Where to forward what is DOKU's: the path that was called is added
    #[arg(long, value_name = "URL")]
    pub(crate) forward_to: Option<MerchantUrl>,

    /// Forward what is not DOKU's too, marked as refused, and answer as the application does
    #[arg(long, requires = "forward_to")]
    pub(crate) forward_unverified: bool,

    /// What may stand in the token's place of a signature, which no public source decides; may be given more than once, and
    /// then each of them counts
    #[arg(long, value_name = "READING", value_enum, default_values_t = [Slot::OwnBearer])]
    pub(crate) token_slot: Vec<Slot>,

    /// What a proxy or a tunnel cut off the front of the path that DOKU called: /pay, where DOKU calls
    /// https://shop.example/pay/v1/transfer-va/payment. DOKU signed it
    #[arg(long, value_name = "PREFIX", value_parser = prefix)]
    pub(crate) proxy_cut: Option<String>,

    /// What a proxy or a tunnel put in front of the path that DOKU called. DOKU did not sign it, and it is not handed on
    #[arg(long, value_name = "PREFIX", value_parser = prefix)]
    pub(crate) proxy_added: Option<String>,

    /// How long the application may take
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = seconds)]
    pub(crate) timeout: Duration,

    #[command(flatten)]
    pub(crate) paths: PathArguments,
}

/// A reading of the token slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Slot {
    /// The bearer that DOKU presents, issued here
    OwnBearer,
    /// The bearer that DOKU presents, issued by DOKU to itself
    DokuBearer,
    /// Nothing, whether a bearer is presented or not
    Empty,
}

/// The first part of a path, `/pay`, without the slash behind it.
fn prefix(text: &str) -> Result<String, String> {
    let bare = text.trim_end_matches('/');
    let plain = |c: char| c.is_ascii_graphic() && !"?#".contains(c);
    if bare.len() > 1 && bare.starts_with('/') && bare.chars().all(plain) {
        Ok(bare.to_owned())
    } else {
        Err("write it as the beginning of a path, such as /pay".to_owned())
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    match text.parse() {
        Ok(seconds @ 1..=60) => Ok(Duration::from_secs(seconds)),
        _ => Err("give whole seconds, from 1 to 60".to_owned()),
    }
}

fn up_to_an_hour(text: &str) -> Result<Duration, String> {
    match text.parse() {
        Ok(seconds @ 0..=3600) => Ok(Duration::from_secs(seconds)),
        _ => Err("give whole seconds, from 0 to 3600".to_owned()),
    }
}
