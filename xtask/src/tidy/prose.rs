//! What people read: British spelling, and words of a place that no reader can go to.

use crate::finding::Finding;

/// Beginnings of American words, with the British ones.
const SPELLINGS: &[(&str, &str)] = &[
    ("analyz", "analys"),
    ("behavior", "behaviour"),
    ("canceled", "cancelled"),
    ("canceling", "cancelling"),
    ("canonicaliz", "canonicalis"),
    ("capitaliz", "capitalis"),
    ("catalog", "catalogue"),
    ("center", "centre"),
    ("color", "colour"),
    ("customiz", "customis"),
    ("defense", "defence"),
    ("deserializ", "deserialis"),
    ("favor", "favour"),
    ("finaliz", "finalis"),
    ("honor", "honour"),
    ("initializ", "initialis"),
    ("labeled", "labelled"),
    ("minimiz", "minimis"),
    ("modeled", "modelled"),
    ("normaliz", "normalis"),
    ("optimiz", "optimis"),
    ("organiz", "organis"),
    ("recogniz", "recognis"),
    ("serializ", "serialis"),
    ("standardiz", "standardis"),
    ("summariz", "summaris"),
    ("synchroniz", "synchronis"),
    ("tokeniz", "tokenis"),
];

/// The British words that begin as an American one does.
const BRITISH: &[&str] = &["catalogue", "catalogues", "catalogued"];

/// Pages in Indonesian, whose words may begin as American ones do: `honor` and `favorit` are Indonesian.
const INDONESIAN: &str = ".id.md";

/// No American spelling outside code, in what is written in English.
pub(crate) fn check_spelling(path: &str, content: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    if path.ends_with(INDONESIAN) {
        return findings;
    }
    for (index, line) in lines(content).into_iter().enumerate() {
        for word in prose_words(&line) {
            let word = word.to_lowercase();
            if BRITISH.contains(&word.as_str()) {
                continue;
            }
            if let Some((_, british)) = SPELLINGS
                .iter()
                .find(|(american, _)| word.starts_with(american))
            {
                findings.push(Finding::at(
                    path,
                    index + 1,
                    format!("`{word}`: write {british}…, or put code in backticks"),
                ));
            }
        }
    }
    findings
}

/// Words of prose: what is joined to `_`, `::`, `/`, `.x` or a digit is a name, and names are spelled by their owner.
fn prose_words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| {
        c.is_whitespace() || matches!(c, '(' | ')' | ',' | ';' | '"' | '*' | '-' | '—' | '–' | '|')
    })
    .map(|word| word.trim_matches(|c: char| matches!(c, '.' | ':' | '!' | '?' | '\'' | '[' | ']')))
    .filter(|word| !word.is_empty() && word.chars().all(|c| c.is_alphabetic() || c == '\''))
}

/// The lines of a Markdown text with code blanked out: fenced blocks, and what stands in backticks.
pub(crate) fn lines(content: &str) -> Vec<String> {
    let mut fenced = false;
    content
        .lines()
        .map(|line| {
            if line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~") {
                fenced = !fenced;
                return String::new();
            }
            if fenced {
                return String::new();
            }
            let parts = line.split('`').enumerate();
            parts
                .map(|(index, part)| if index % 2 == 0 { part } else { " x " })
                .collect()
        })
        .collect()
}

/// The text of comments, line by line as in the file, without the slashes that make them comments.
pub(crate) fn without_slashes(comments: &str) -> String {
    let lines = comments
        .lines()
        .map(|line| line.trim().trim_start_matches(['/', '!', '*']));
    lines.collect::<Vec<_>>().join("\n")
}

/// No file speaks of places and papers that its reader does not have.
pub(crate) fn check_mentions(path: &str, content: &str) -> Vec<Finding> {
    // Put together here, so that this file does not mention them itself.
    let unwanted = [
        concat!("/wo", "rk/"),
        concat!("../sha", "red"),
        concat!("contract", ".md"),
        concat!("peers", ".md"),
        concat!("anchors", ".md"),
    ];
    let mut findings = Vec::new();
    for (index, line) in content.lines().enumerate() {
        let lower = line.to_lowercase();
        for mention in unwanted.iter().filter(|&mention| lower.contains(mention)) {
            findings.push(Finding::at(
                path,
                index + 1,
                format!("mentions `{mention}`, which no reader has"),
            ));
        }
        let numbered = lower.split(concat!("iss", "ue #")).skip(1);
        if numbered
            .into_iter()
            .any(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        {
            findings.push(Finding::at(
                path,
                index + 1,
                "points to a number; write what was found out instead",
            ));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn american_prose_is_found() {
        for text in [
            "its behavior",
            "Normalizes the number.",
            "(serialized)",
            "the *colors*",
            "- initialize: yes",
        ] {
            assert_eq!(check_spelling("a.md", text).len(), 1, "{text}");
        }
    }

    #[test]
    fn code_and_names_are_spelled_by_their_owner() {
        for text in [
            "its behaviour is normalised",
            "derive `Serialize` and call `normalize()`",
            "```rust\nlet color = 1;\n```",
            "serde::Serialize, term_color, color.rs, Authorization",
            "the catalogue",
        ] {
            assert_eq!(check_spelling("a.md", text), [], "{text}");
        }
    }

    #[test]
    fn indonesian_has_a_spelling_of_its_own() {
        let text = "Honor penulis dan warung favorit.";
        assert_eq!(check_spelling("docs/README.id.md", text), []);
        for english in ["docs/README.md", "docs/id.md", "docs/README.id.md.rs"] {
            assert_eq!(check_spelling(english, text).len(), 2, "{english}");
        }
    }

    #[test]
    fn comments_are_prose_with_their_own_fences() {
        let comments =
            without_slashes("/// A color.\n///\n/// ```\n/// color\n/// ```\n    // behavior");
        let found: Vec<String> = check_spelling("a.rs", &comments)
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(
            found[0].starts_with("a.rs:1:") && found[1].starts_with("a.rs:6:"),
            "{found:?}"
        );
    }

    #[test]
    fn mentions_are_found() {
        for text in [
            concat!("see /wo", "rk/x"),
            concat!("see ../sha", "red/x"),
            concat!("see Iss", "ue #12"),
            concat!("see contract", ".md"),
        ] {
            assert_eq!(check_mentions("a.md", text).len(), 1, "{text}");
        }
        assert_eq!(
            check_mentions("a.md", "we work on shared issues # and contracts"),
            []
        );
    }
}
