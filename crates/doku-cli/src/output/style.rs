//! Colours: on terminals only, and not where `NO_COLOR` or `TERM=dumb` asks for none.

use std::env;
use std::ffi::OsStr;
use std::io::IsTerminal;

/// Whether to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Style {
    coloured: bool,
}

/// What a piece of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    Title,
    Label,
    Good,
    Bad,
}

impl Style {
    /// For what is written to `stream`.
    pub(crate) fn of(stream: &impl IsTerminal) -> Self {
        let no_color = env::var_os("NO_COLOR");
        let term = env::var_os("TERM");
        Self::wanted(stream.is_terminal(), no_color.as_deref(), term.as_deref())
    }

    fn wanted(is_terminal: bool, no_color: Option<&OsStr>, term: Option<&OsStr>) -> Self {
        let unwanted = no_color.is_some_and(|value| !value.is_empty())
            || term.is_some_and(|terminal| terminal == "dumb");
        Self {
            coloured: is_terminal && !unwanted,
        }
    }

    /// Without colours.
    pub(crate) const fn plain() -> Self {
        Self { coloured: false }
    }

    pub(crate) const fn is_coloured(self) -> bool {
        self.coloured
    }

    /// `text` in its colour, or as it is.
    pub(crate) fn paint(self, tone: Tone, text: &str) -> String {
        if !self.coloured {
            return text.to_owned();
        }
        let code = match tone {
            Tone::Title => "1",
            Tone::Label => "2",
            Tone::Good => "32",
            Tone::Bad => "1;31",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_for_terminals_that_did_not_refuse_them() {
        let wanted = |is_terminal, no_color: Option<&str>, term: Option<&str>| {
            Style::wanted(is_terminal, no_color.map(OsStr::new), term.map(OsStr::new)).is_coloured()
        };
        assert!(wanted(true, None, Some("xterm")));
        assert!(
            wanted(true, Some(""), None),
            "an empty NO_COLOR asks for nothing"
        );
        assert!(!wanted(true, Some("1"), Some("xterm")));
        assert!(!wanted(true, None, Some("dumb")));
        assert!(!wanted(false, None, Some("xterm")));
    }

    #[test]
    fn paints_only_where_colours_are_wanted() {
        let coloured = Style { coloured: true };
        let plain = Style { coloured: false };
        assert_eq!(coloured.paint(Tone::Good, "paid"), "\x1b[32mpaid\x1b[0m");
        assert_eq!(plain.paint(Tone::Good, "paid"), "paid");
    }
}
