//! A result for people: a sentence, and the facts below it as a table of two columns.

use super::{Style, Tone};

/// Labels are padded to this width, so that the facts of all commands stand in one column.
const LABEL_WIDTH: usize = 12;

/// A sentence and its facts.
#[derive(Debug, Clone)]
pub(crate) struct Card {
    sentence: String,
    facts: Vec<(&'static str, String)>,
}

impl Card {
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self {
            sentence: sentence.into(),
            facts: Vec::new(),
        }
    }

    /// With one more fact.
    pub(crate) fn fact(mut self, label: &'static str, value: &(impl ToString + ?Sized)) -> Self {
        self.facts.push((label, value.to_string()));
        self
    }

    /// With one more fact, where there is one.
    pub(crate) fn maybe(self, label: &'static str, value: Option<impl ToString>) -> Self {
        match value {
            Some(value) => self.fact(label, &value),
            None => self,
        }
    }

    /// The lines, each with its end.
    pub(crate) fn printed(&self, style: Style) -> String {
        let mut text = format!("{}\n", self.sentence);
        for (label, value) in &self.facts {
            let label = style.paint(Tone::Label, &format!("{label:<LABEL_WIDTH$}"));
            text.push_str(&format!("  {label} {value}\n"));
        }
        text
    }
}
