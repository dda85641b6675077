//! `doku code`.

use clap::Args;

use super::language::LanguageArgument;

#[derive(Debug, Args)]
pub(crate) struct CodeArguments {
    /// The response code: 4042712, or in parts 404 27 12; without it the whole table
    #[arg(value_name = "CODE")]
    pub(crate) code: Vec<String>,

    #[command(flatten)]
    pub(crate) language: LanguageArgument,
}
