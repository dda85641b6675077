//! The language of what is explained.

use clap::{Args, ValueEnum};
use doku::sign::diagnose::Language;

/// `--lang`, for commands that explain something.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct LanguageArgument {
    /// The language of the explanation: English or Indonesian
    #[arg(long, value_name = "LANG", value_enum, default_value_t = Lang::En)]
    lang: Lang,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Lang {
    En,
    Id,
}

impl LanguageArgument {
    pub(crate) const fn language(self) -> Language {
        match self.lang {
            Lang::En => Language::English,
            Lang::Id => Language::Indonesian,
        }
    }
}
