//! One JSON body as other programs would write it again.
//!
//! Whoever parses a body and serialises it to hash it, hashes the habits of a library: which
//! characters it escapes, how it writes numbers, where it puts blanks, how it orders members.
//! [`Spelling`] knows the habits that are met. All but the sorting ones work on the tokens of the
//! minified body; nothing here is a model of JSON.

use std::borrow::Cow;

use crate::minify::minify;

mod number;
mod rewrite;
mod sorted;
mod text;

use number::Numbers;
use text::Escapes;

/// How a library writes JSON.
///
/// ```
/// use doku_sign::diagnose::Spelling;
///
/// let body = br#"{"url": "https://toko.id/", "amount": 10000.00}"#;
/// assert_eq!(
///     Spelling::Php.respell(body).as_deref(),
///     Some(br#"{"url":"https:\/\/toko.id\/","amount":10000.0}"#.as_slice()),
/// );
/// assert_eq!(
///     Spelling::JavaScript.respell(body).as_deref(),
///     Some(br#"{"url":"https://toko.id/","amount":10000}"#.as_slice()),
/// );
/// assert_eq!(Spelling::Php.respell(b"{\"open"), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Spelling {
    /// Nothing but `\/` for `/`; everything else as it was sent.
    SlashesEscaped,
    /// Nothing but `/` for `\/`; everything else as it was sent.
    SlashesPlain,
    /// `JSON.stringify`: no escape that is not needed, `10000.00` as `10000`.
    JavaScript,
    /// `json_encode`: `\/` and `\u00e9`.
    Php,
    /// `json_encode` with `JSON_UNESCAPED_SLASHES`: `\u00e9`. Python's `json.dumps` with
    /// `separators=(",", ":")` writes the same.
    PhpPlainSlashes,
    /// `json_encode` with `JSON_UNESCAPED_UNICODE`: `\/`.
    PhpPlainUnicode,
    /// `json.dumps`: a blank after every comma and colon, `\u00e9`.
    Python,
    /// `json.dumps` with `ensure_ascii=False`: a blank after every comma and colon.
    PythonPlainUnicode,
    /// Java's Jackson with numbers read as `double`: `10000.00` as `10000.0`.
    Jackson,
    /// Java's Gson: `'`, `=`, `<`, `>` and `&` as `\u0027` and so on.
    Gson,
    /// Gson that read the body into a map: every number a `double`, `10000` as `10000.0`.
    GsonDoubles,
    /// Go's `encoding/json` from a struct: `<`, `>` and `&` as `\u003c` and so on.
    Go,
    /// .NET's `System.Text.Json`: all but plain ASCII, and `"&'+<>`, as `\u00E9` in capitals.
    DotNet,
    /// Members in alphabetical order, otherwise as `JSON.stringify` but numbers as they are.
    Sorted,
    /// Go's `encoding/json` from a map: members in alphabetical order.
    SortedGo,
    /// PHP's `ksort` and `json_encode`.
    SortedPhp,
    /// Python's `json.dumps` with `sort_keys=True`.
    SortedPython,
    /// The same with `separators=(",", ":")`.
    SortedPythonCompact,
    /// Indented by two blanks, as `JSON.stringify(body, null, 2)`.
    IndentedByTwo,
    /// Indented by four blanks, as many editors and viewers show a body.
    IndentedByFour,
    /// PHP's `JSON_PRETTY_PRINT`: indented by four blanks, with PHP's escapes.
    IndentedPhp,
}

impl Spelling {
    /// Every spelling, the plainest first.
    #[must_use]
    pub const fn all() -> &'static [Self] {
        &[
            Self::SlashesEscaped,
            Self::SlashesPlain,
            Self::JavaScript,
            Self::PhpPlainSlashes,
            Self::PhpPlainUnicode,
            Self::Php,
            Self::Python,
            Self::PythonPlainUnicode,
            Self::Jackson,
            Self::Go,
            Self::Gson,
            Self::GsonDoubles,
            Self::DotNet,
            Self::Sorted,
            Self::SortedGo,
            Self::SortedPhp,
            Self::SortedPython,
            Self::SortedPythonCompact,
            Self::IndentedByTwo,
            Self::IndentedByFour,
            Self::IndentedPhp,
        ]
    }

    /// The body in this spelling.
    ///
    /// `None` for what cannot be parsed: not UTF-8, a string without end, an unknown escape. The
    /// result is at most about eight times as long as the body; `None` also for one that would be
    /// longer. Takes any bytes, and time in proportion to their number.
    #[must_use]
    pub fn respell(self, body: &[u8]) -> Option<Vec<u8>> {
        let style = self.style();
        let limit = body.len().saturating_mul(8).saturating_add(1024);
        if style.sorted {
            return sorted::write(body, &style, limit);
        }
        let compact = minify(body);
        let compact = str::from_utf8(&compact).ok()?;
        rewrite::write(compact, &style, limit).map(String::into_bytes)
    }

    const fn style(self) -> Style {
        use Numbers::{AsWritten, Double, EveryDouble, JavaScript};

        match self {
            Self::SlashesEscaped => Style::new(Escapes::KEEP_BUT_ESCAPE_SLASHES, AsWritten),
            Self::SlashesPlain => Style::new(Escapes::KEEP_BUT_PLAIN_SLASHES, AsWritten),
            Self::JavaScript => Style::new(Escapes::FEWEST, JavaScript),
            Self::Php => Style::new(Escapes::PHP, Double),
            Self::PhpPlainSlashes => Style::new(Escapes::ASCII, Double),
            Self::PhpPlainUnicode => Style::new(Escapes::SLASHES, Double),
            Self::Python => Style::new(Escapes::ASCII, Double).spaced(),
            Self::PythonPlainUnicode => Style::new(Escapes::FEWEST, Double).spaced(),
            Self::Jackson => Style::new(Escapes::FEWEST, Double),
            Self::Gson => Style::new(Escapes::GSON, AsWritten),
            Self::GsonDoubles => Style::new(Escapes::GSON, EveryDouble),
            Self::Go => Style::new(Escapes::GO, AsWritten),
            Self::DotNet => Style::new(Escapes::DOT_NET, AsWritten),
            Self::Sorted => Style::new(Escapes::FEWEST, AsWritten).sorted(),
            Self::SortedGo => Style::new(Escapes::GO, JavaScript).sorted(),
            Self::SortedPhp => Style::new(Escapes::PHP, Double).sorted(),
            Self::SortedPython => Style::new(Escapes::ASCII, Double).spaced().sorted(),
            Self::SortedPythonCompact => Style::new(Escapes::ASCII, Double).sorted(),
            Self::IndentedByTwo => Style::new(Escapes::FEWEST, JavaScript).indented(2),
            Self::IndentedByFour => Style::new(Escapes::FEWEST, AsWritten).indented(4),
            Self::IndentedPhp => Style::new(Escapes::PHP, Double).indented(4),
        }
    }
}

/// The habits of a spelling, one by one.
#[derive(Debug, Clone, Copy)]
struct Style {
    escapes: Escapes,
    numbers: Numbers,
    comma: &'static str,
    colon: &'static str,
    /// Blanks a level; 0 for one line.
    indent: usize,
    sorted: bool,
}

impl Style {
    const fn new(escapes: Escapes, numbers: Numbers) -> Self {
        Self {
            escapes,
            numbers,
            comma: ",",
            colon: ":",
            indent: 0,
            sorted: false,
        }
    }

    const fn spaced(self) -> Self {
        Self {
            comma: ", ",
            colon: ": ",
            ..self
        }
    }

    const fn sorted(self) -> Self {
        Self {
            sorted: true,
            ..self
        }
    }

    const fn indented(self, indent: usize) -> Self {
        Self {
            colon: ": ",
            indent,
            ..self
        }
    }
}

/// The body without any white space, not even inside strings.
///
/// `every` drops every kind of it, otherwise blanks alone.
pub(super) fn without_spaces(body: &[u8], every: bool) -> Cow<'_, [u8]> {
    let drops = |byte: &u8| match byte {
        b' ' => true,
        byte => every && byte.is_ascii_whitespace(),
    };
    if body.iter().any(drops) {
        Cow::Owned(body.iter().copied().filter(|byte| !drops(byte)).collect())
    } else {
        Cow::Borrowed(body)
    }
}

#[cfg(test)]
mod tests;
