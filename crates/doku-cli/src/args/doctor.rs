//! `doku doctor`.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct DoctorArguments {
    /// Ask DOKU for a token as well, which uses the client id and the RSA key
    #[arg(long)]
    pub(crate) token: bool,

    /// Look at variables, files and keys alone, and call nobody
    #[arg(long, conflicts_with = "token")]
    pub(crate) offline: bool,

    /// The public half that was given to DOKU, PEM; otherwise a public.pem beside the private key is compared with it
    #[arg(long, value_name = "FILE")]
    pub(crate) merchant_public_key: Option<PathBuf>,
}
