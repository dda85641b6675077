//! The story on a page of 80 columns: chapters, paragraphs and facts, broken between words.

use crate::output::{Style, Tone};

/// The columns of the smallest terminal that people still use.
const WIDTH: usize = 80;

/// What stands before every line of a step.
const INDENT: usize = 4;

/// The names of facts are padded to this width, which leaves room for a SHA-256 in hex and a colon after it.
const LABEL: usize = 11;

/// The title of a chapter, underlined.
pub(super) fn chapter(style: Style, title: &str) -> String {
    let line = "=".repeat(title.chars().count());
    format!("{}\n{line}\n\n", style.paint(Tone::Title, title))
}

/// A paragraph of a step.
pub(super) fn paragraph(text: &str) -> String {
    let lines = broken(text, WIDTH - INDENT);
    lines
        .iter()
        .map(|line| format!("{:INDENT$}{line}\n", ""))
        .collect()
}

/// A fact of a step: its name, and what it is in a column of its own.
pub(super) fn fact(style: Style, label: &str, text: &str) -> String {
    let label = style.paint(Tone::Label, &format!("{label:<LABEL$}"));
    let lines = broken(text, WIDTH - INDENT - LABEL);
    let indented = lines.join(&format!("\n{:1$}", "", INDENT + LABEL));
    format!("{:INDENT$}{label}{indented}\n", "")
}

/// The text in lines of at most `width`. A word that is longer than a line is broken after a colon, as a string-to-sign
/// may be; a URL, and a word without colons, stays whole.
fn broken(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut take = |piece: &str, follows_blank: bool| {
        let blank = usize::from(follows_blank && !line.is_empty());
        if !line.is_empty() && line.chars().count() + blank + piece.chars().count() > width {
            lines.push(std::mem::take(&mut line));
        } else if blank == 1 {
            line.push(' ');
        }
        line.push_str(piece);
    };
    for word in text.split_whitespace() {
        if word.chars().count() <= width || word.contains("://") {
            take(word, true);
        } else {
            for (index, piece) in word.split_inclusive(':').enumerate() {
                take(piece, index == 0);
            }
        }
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_between_words() {
        assert_eq!(
            broken("one two three four", 9),
            ["one two", "three", "four"]
        );
        assert_eq!(broken("one two", 7), ["one two"]);
        assert_eq!(broken("", 7), [""]);
    }

    #[test]
    fn what_is_too_long_is_broken_after_colons_and_nowhere_else() {
        assert_eq!(
            broken("is POST:/a/b:[token, 12 chars]:hash:10:20", 10),
            ["is POST:", "/a/b:", "[token, 12", "chars]:", "hash:10:20"]
        );
        assert_eq!(
            broken("see http://127.0.0.1:1 there", 20),
            ["see", "http://127.0.0.1:1", "there"],
            "a URL stays whole"
        );
        assert_eq!(broken("http://127.0.0.1:1/a", 9), ["http://127.0.0.1:1/a"]);
        assert_eq!(broken("aaaaaaaaaaaa b", 5), ["aaaaaaaaaaaa", "b"]);
    }
}
