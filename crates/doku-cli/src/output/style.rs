//! Colours: on terminals only, and not where `NO_COLOR` or `TERM=dumb` asks for none.

use std::env;
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
        let unwanted = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
            || env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
        Self {
            coloured: stream.is_terminal() && !unwanted,
        }
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
    fn paints_only_where_colours_are_wanted() {
        let coloured = Style { coloured: true };
        let plain = Style { coloured: false };
        assert_eq!(coloured.paint(Tone::Good, "paid"), "\x1b[32mpaid\x1b[0m");
        assert_eq!(plain.paint(Tone::Good, "paid"), "paid");
    }
}
