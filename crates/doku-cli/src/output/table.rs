//! Rows for people, in columns as wide as what stands in them.

use super::{Style, Tone};

/// A table with a head.
#[derive(Debug, Clone)]
pub(crate) struct Table<const COLUMNS: usize> {
    head: [&'static str; COLUMNS],
    rows: Vec<[String; COLUMNS]>,
}

impl<const COLUMNS: usize> Table<COLUMNS> {
    pub(crate) const fn new(head: [&'static str; COLUMNS]) -> Self {
        Self {
            head,
            rows: Vec::new(),
        }
    }

    /// With one more row.
    pub(crate) fn row(&mut self, cells: [String; COLUMNS]) {
        self.rows.push(cells);
    }

    /// The lines, each with its end; nothing where there are no rows.
    pub(crate) fn printed(&self, style: Style) -> String {
        self.printed_with(style, |_| None)
    }

    /// The same, with some rows in a tone.
    pub(crate) fn printed_with(
        &self,
        style: Style,
        tone: impl Fn(&[String; COLUMNS]) -> Option<Tone>,
    ) -> String {
        if self.rows.is_empty() {
            return String::new();
        }
        let mut widths = self.head.map(|label| label.chars().count());
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        let line = |cells: Vec<&str>| {
            let padded = cells.iter().zip(widths);
            let text: Vec<String> = padded
                .map(|(cell, width)| format!("{cell:<width$}"))
                .collect();
            text.join("  ").trim_end().to_owned()
        };
        let mut text = format!("{}\n", style.paint(Tone::Label, &line(self.head.to_vec())));
        for row in &self.rows {
            let printed = line(row.iter().map(String::as_str).collect());
            text.push_str(&match tone(row) {
                Some(tone) => style.paint(tone, &printed),
                None => printed,
            });
            text.push('\n');
        }
        text
    }
}
