//! Blanks, tabs, line ends, and the words at the top of a source file.

use crate::finding::Finding;

/// Whether a file is typed by people. Samples and snapshots are recorded, and stay as they are to the byte.
pub(crate) fn is_written_by_hand(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    match extension {
        Some(extension) => {
            matches!(
                extension,
                "rs" | "md" | "toml" | "yml" | "yaml" | "sh" | "html" | "css" | "sql"
            ) || name == ".gitignore"
        }
        None => path.starts_with(".ci/") || name.starts_with("LICENSE"),
    }
}

/// No trailing blanks, one line end at the end of a file, no carriage returns, no tabs in Rust and Markdown.
pub(crate) fn check_blanks(path: &str, content: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, line) in content.split('\n').enumerate() {
        let at = |what: &str| Finding::at(path, index + 1, what);
        if line.ends_with('\r') {
            findings.push(at("carriage return"));
        } else if line.ends_with([' ', '\t']) {
            findings.push(at("trailing blank"));
        }
        if line.contains('\t') && (path.ends_with(".rs") || path.ends_with(".md")) {
            findings.push(at("tab"));
        }
    }
    if !content.is_empty() && !content.ends_with('\n') {
        findings.push(Finding::of(path, "does not end with a newline"));
    }
    if content.ends_with("\n\n") {
        findings.push(Finding::of(path, "ends with an empty line"));
    }
    findings
}

/// Every file of a crate starts with what belongs into it.
pub(crate) fn check_module_docs(path: &str, content: &str) -> Vec<Finding> {
    let needs = path.contains("/src/") || path.starts_with("src/");
    let first = content
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    if !needs || first.starts_with("//!") || first.starts_with("#![doc = include_str!(") {
        Vec::new()
    } else {
        vec![Finding::at(
            path,
            1,
            "does not start with module documentation (`//!`)",
        )]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_found() {
        assert_eq!(check_blanks("a.rs", "a\nb\n"), []);
        assert_eq!(check_blanks("a.rs", ""), []);
        assert_eq!(
            check_blanks("a.rs", "a \n"),
            [Finding::at("a.rs", 1, "trailing blank")]
        );
        assert_eq!(
            check_blanks("a.rs", "a\n\tb\n"),
            [Finding::at("a.rs", 2, "tab")]
        );
        assert_eq!(check_blanks("a.sh", "a\n\tb\n"), []);
        assert_eq!(
            check_blanks("a.rs", "a\r\n"),
            [Finding::at("a.rs", 1, "carriage return")]
        );
        assert_eq!(check_blanks("a.rs", "a").len(), 1);
        assert_eq!(check_blanks("a.rs", "a\n\n").len(), 1);
    }

    #[test]
    fn module_docs_are_missed_in_crates_only() {
        assert_eq!(
            check_module_docs("crates/a/src/b.rs", "//! What it is.\n"),
            []
        );
        assert_eq!(
            check_module_docs("crates/a/src/b.rs", "use c;\n//! Late.\n").len(),
            1
        );
        assert_eq!(check_module_docs("crates/a/src/b.rs", "").len(), 1);
        assert_eq!(check_module_docs("crates/a/tests/b.rs", "use c;\n"), []);
    }

    #[test]
    fn recorded_files_are_left_alone() {
        assert!(
            is_written_by_hand("README.md")
                && is_written_by_hand(".ci/run")
                && is_written_by_hand(".gitignore")
        );
        assert!(
            !is_written_by_hand("crates/a/tests/vectors/b.json") && !is_written_by_hand("a.snap")
        );
    }
}
