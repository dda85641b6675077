//! `doku sandbox`.

use std::path::PathBuf;

use clap::Args;
use doku::ClientId;
use doku_sandbox::{Bin, Dialect, MerchantUrl, RepeatedTrxId, Resend};

#[derive(Debug, Args)]
pub(crate) struct SandboxArguments {
    /// Where to listen; port 0 takes any free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8090")]
    pub(crate) listen: String,

    /// The URL that others know this sandbox by, such as http://doku:8090 in a container of that name; it stands in the links
    /// of how to pay
    ///
    /// The page and the control plane under /_sandbox/ answer to its name besides IP addresses and localhost: any other
    /// name may be one that a foreign site let point here.
    #[arg(long, value_name = "URL", conflicts_with = "config", value_parser = public_url)]
    pub(crate) public_url: Option<String>,

    /// The merchant's client id
    #[arg(long, value_name = "ID", requires_all = ["secret_key_file", "merchant_public_key"])]
    pub(crate) client_id: Option<ClientId>,

    /// The file that holds the merchant's secret key; - for standard input
    #[arg(long, value_name = "FILE", requires = "client_id")]
    pub(crate) secret_key_file: Option<PathBuf>,

    /// The merchant's public key, PEM
    #[arg(long, value_name = "FILE", requires = "client_id")]
    pub(crate) merchant_public_key: Option<PathBuf>,

    /// DOKU's private key, PEM; made when it is first needed otherwise
    #[arg(long, value_name = "FILE", requires = "client_id")]
    pub(crate) doku_private_key: Option<PathBuf>,

    /// A BIN and who makes its numbers: 95962:dgpc:6 or 8129:mgpc, which are the two of a made-up merchant, or
    /// 8130:dipc; may be given more than once
    #[arg(long, value_name = "BIN")]
    pub(crate) bin: Vec<Bin>,

    /// Everything from a TOML file instead
    #[arg(long, value_name = "FILE", conflicts_with_all = ["client_id", "keys"])]
    pub(crate) config: Option<PathBuf>,

    /// The folder for the keys of a made-up merchant; must not exist yet
    #[arg(long, value_name = "DIR", conflicts_with = "client_id")]
    pub(crate) keys: Option<PathBuf>,

    /// A folder where the state is kept, and the keys of a made-up merchant, so that the next start goes on where this
    /// one stops; made if it does not exist
    ///
    /// Without it everything is forgotten at the end, keys in a temporary folder included. Kept are accounts, payments,
    /// notifications, external ids, the validity of tokens, the clock's moves and the end of the journal; faults are
    /// not. A process that is killed loses what changed within the last second, of a very large state within the last
    /// writings. One sandbox at a time may have the folder.
    #[arg(long, value_name = "DIR", conflicts_with = "keys")]
    pub(crate) data_dir: Option<PathBuf>,

    /// Where the merchant gives DOKU a token
    #[arg(long, value_name = "URL", conflicts_with = "config")]
    pub(crate) token_url: Option<MerchantUrl>,

    /// Where DOKU asks the merchant about a number of a dipc BIN
    #[arg(long, value_name = "URL", conflicts_with = "config")]
    pub(crate) inquiry_url: Option<MerchantUrl>,

    /// Where DOKU tells the merchant of payments
    #[arg(long, value_name = "URL", conflicts_with = "config")]
    pub(crate) notification_url: Option<MerchantUrl>,

    /// How a notification is sent again: fresh, which is signed anew, or identical, byte for byte
    #[arg(
        long,
        value_name = "HOW",
        default_value = "fresh",
        conflicts_with = "config"
    )]
    pub(crate) resend: Resend,

    /// What a create gives whose trxId has an account already: answered, which is that account under 4000500, or
    /// madeAgain, one more account; no public source decides
    #[arg(
        long,
        value_name = "WHAT",
        default_value = "answered",
        conflicts_with = "config"
    )]
    pub(crate) repeated_trx_id: RepeatedTrxId,

    /// In which form DOKU writes to the merchant, for instance padding=zeros,timestamp=utcMilliseconds
    ///
    /// The settings are padding (blanks, none, zeros), timestamp (wib, utc, utcMilliseconds), externalId (digits12,
    /// long55), bearer (Bearer, bearer), channelId (VA004, H2H, name, absent), tokenSlot (bearer, empty, noBearer,
    /// dokuToken, dokuBearer) and members (all, mandatory); the default is the first of each.
    #[arg(
        long,
        value_name = "FORMS",
        default_value = "",
        hide_default_value = true,
        conflicts_with = "config"
    )]
    pub(crate) dialect: Dialect,

    /// Refuse what DOKU was seen to accept although its documentation says otherwise
    #[arg(long)]
    pub(crate) strict: bool,

    /// Do not tell of each request on stderr
    #[arg(long)]
    pub(crate) quiet: bool,
}

fn public_url(text: &str) -> Result<String, String> {
    match text.parse::<MerchantUrl>() {
        Ok(url) if !url.path().contains('?') => Ok(url.to_string()),
        _ => Err(
            "write it in full, such as http://doku.test:8090, and nothing behind the path"
                .to_owned(),
        ),
    }
}
