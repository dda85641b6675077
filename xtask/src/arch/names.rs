//! Names that say nothing: of files, folders and items.

use crate::finding::Finding;
use crate::rust::{Source, words};

/// Parts of a name that stand for "I did not find out what this is".
const HOLLOW: &[&str] = &[
    "dto", "dtos", "manager", "managers", "helper", "helpers", "util", "utils", "common",
];

/// The words behind which a name is given.
const DECLARING: &[&str] = &[
    "fn", "struct", "enum", "union", "trait", "type", "mod", "const", "static",
];

/// The path of a file has no hollow part.
pub(crate) fn check_path(path: &str) -> Vec<Finding> {
    path.split(['/', '.'])
        .filter_map(|name| hollow_part(name).map(|part| (name, part)))
        .map(|(name, part)| {
            Finding::of(path, format!("`{name}` says `{part}`, and not what it is"))
        })
        .collect()
}

/// No item has a hollow part in its name, and no function is called `get_`.
pub(crate) fn check_items(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut before: Option<(usize, &str)> = None;
    for (at, name) in words(&source.code) {
        let declared = before.filter(|(start, keyword)| {
            let between = &source.code[start + keyword.len()..at];
            DECLARING.contains(keyword) && between.trim().is_empty()
        });
        if let Some((_, keyword)) = declared {
            if let Some(part) = hollow_part(name) {
                let what = format!("`{name}` says `{part}`, and not what it is");
                findings.push(Finding::at(&source.path, source.line(at), what));
            }
            if keyword == "fn" && name.starts_with("get_") {
                let what = format!("`{name}`: a function that answers is named after the answer");
                findings.push(Finding::at(&source.path, source.line(at), what));
            }
        }
        before = Some((at, name));
    }
    findings
}

fn hollow_part(name: &str) -> Option<String> {
    parts(name)
        .into_iter()
        .find(|part| HOLLOW.contains(&part.as_str()))
}

/// The parts of a name in any case: `VaDto` and `va_dto` and `VA-DTO` are all `va`, `dto`.
fn parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut after_lower = false;
    for character in name.chars() {
        let starts = character.is_uppercase() && after_lower;
        if starts || !character.is_alphanumeric() {
            parts.push(String::new());
        }
        if let Some(part) = parts.last_mut().filter(|_| character.is_alphanumeric()) {
            part.extend(character.to_lowercase());
        }
        after_lower = character.is_lowercase() || character.is_numeric();
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> usize {
        check_items(&Source::parse("a.rs", text)).len()
    }

    #[test]
    fn hollow_items_are_found() {
        assert_eq!(found("pub struct CreateVaDto;"), 1);
        assert_eq!(found("mod utils { fn helper() {} }"), 2);
        assert_eq!(found("trait KeyManager {}"), 1);
        assert_eq!(found("const COMMON_HEADERS: u8 = 1;"), 1);
    }

    #[test]
    fn telling_items_pass() {
        assert_eq!(
            found(
                "struct Uncommon; mod utilisation; fn commonly() {} // fn helper\nlet common = 1;"
            ),
            0
        );
    }

    #[test]
    fn a_getter_is_found_where_it_is_defined_and_not_where_it_is_called() {
        assert_eq!(found("pub fn get_token() {}"), 1);
        assert_eq!(
            found("fn token() { map.get_mut(1); } fn get(&self) {} fn target_get_() {}"),
            0
        );
    }

    #[test]
    fn hollow_paths_are_found() {
        assert_eq!(check_path("crates/doku-sign/src/utils.rs").len(), 1);
        assert_eq!(check_path("crates/doku-sign/tests/common/mod.rs").len(), 1);
        assert!(check_path("crates/doku-sign/src/key/merchant.rs").is_empty());
    }
}
