//! What a diagnosis says, in the two languages of those who read it.

pub(super) mod english;
pub(super) mod indonesian;

use super::Spelling;

/// The language of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Bahasa Indonesia.
    Indonesian,
}

/// The words around what was found.
#[derive(Debug)]
pub(super) struct Labels {
    pub(super) right: &'static str,
    pub(super) right_but_refused: &'static str,
    pub(super) wrong: &'static str,
    pub(super) cause: &'static str,
    pub(super) likely: &'static str,
    pub(super) unknown: &'static str,
    pub(super) unknown_advice: &'static str,
    pub(super) advice: &'static str,
    pub(super) expected: &'static str,
    pub(super) signed: &'static str,
    pub(super) theirs: &'static str,
    pub(super) difference: &'static str,
    pub(super) clock: &'static str,
    pub(super) cut_short: &'static str,
}

impl Language {
    pub(super) const fn labels(self) -> &'static Labels {
        match self {
            Self::English => &english::LABELS,
            Self::Indonesian => &indonesian::LABELS,
        }
    }
}

/// A spelling as those who use it call it. The same in every language.
const fn library(spelling: Spelling) -> &'static str {
    match spelling {
        Spelling::SlashesEscaped => "\\/",
        Spelling::SlashesPlain => "/",
        Spelling::JavaScript => "JavaScript JSON.stringify",
        Spelling::Php => "PHP json_encode",
        Spelling::PhpPlainSlashes => "PHP json_encode + JSON_UNESCAPED_SLASHES",
        Spelling::PhpPlainUnicode => "PHP json_encode + JSON_UNESCAPED_UNICODE",
        Spelling::Python => "Python json.dumps",
        Spelling::PythonPlainUnicode => "Python json.dumps, ensure_ascii=False",
        Spelling::Jackson => "Java Jackson, numbers as double",
        Spelling::Gson => "Java Gson",
        Spelling::GsonDoubles => "Java Gson, numbers as double",
        Spelling::Go => "Go encoding/json",
        Spelling::DotNet => ".NET System.Text.Json",
        Spelling::Sorted => "sorted members",
        Spelling::SortedGo => "Go encoding/json, map",
        Spelling::SortedPhp => "PHP ksort + json_encode",
        Spelling::SortedPython => "Python json.dumps, sort_keys=True",
        Spelling::SortedPythonCompact => "Python json.dumps, sort_keys=True, separators",
        Spelling::IndentedByTwo => "JSON.stringify(body, null, 2)",
        Spelling::IndentedByFour => "indent 4",
        Spelling::IndentedPhp => "PHP json_encode + JSON_PRETTY_PRINT",
    }
}
