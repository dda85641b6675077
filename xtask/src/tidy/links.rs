//! Links between our own Markdown files lead somewhere.

use crate::finding::Finding;
use crate::tidy::prose;

/// Every relative link of `content`, the file at `path`, names something for which `exists` answers yes.
pub(crate) fn check(path: &str, content: &str, exists: impl Fn(&str) -> bool) -> Vec<Finding> {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut findings = Vec::new();
    for (index, line) in prose::lines(content).into_iter().enumerate() {
        for target in targets(&line) {
            let file = target.split('#').next().unwrap_or_default();
            if !is_relative(target) || file.is_empty() {
                continue;
            }
            match resolve(folder, file) {
                Some(file) if exists(&file) => {}
                _ => findings.push(Finding::at(
                    path,
                    index + 1,
                    format!("link to {target} leads nowhere"),
                )),
            }
        }
    }
    findings
}

/// The targets of `[text](target)` and `[name]: target`.
fn targets(line: &str) -> Vec<&str> {
    let inline = line.match_indices("](").filter_map(|(at, found)| {
        let rest = &line[at + found.len()..];
        rest.split([')', ' ']).next()
    });
    let reference = line.trim_start().strip_prefix('[').and_then(|rest| {
        let (_, target) = rest.split_once("]: ")?;
        target.split_whitespace().next()
    });
    inline
        .chain(reference)
        .map(|target| target.trim_matches(['<', '>']))
        .collect()
}

/// Neither another place nor an item of rustdoc.
fn is_relative(target: &str) -> bool {
    !target.contains("://") && !target.starts_with("mailto:") && !target.contains("::")
}

/// `file` as seen from `folder`, from the root; nothing if it leaves the repository.
fn resolve(folder: &str, file: &str) -> Option<String> {
    let mut parts: Vec<&str> = if file.starts_with('/') {
        Vec::new()
    } else {
        folder.split('/').collect()
    };
    for part in file.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.retain(|part| !part.is_empty());
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    parts.retain(|part| !part.is_empty());
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, content: &str) -> usize {
        check(path, content, |file| {
            matches!(file, "docs" | "docs/architecture.md" | "README.md")
        })
        .len()
    }

    #[test]
    fn links_that_lead_somewhere_pass() {
        assert_eq!(
            found(
                "README.md",
                "[a](docs/architecture.md) [b](docs/) [c](docs/architecture.md#layers)\n"
            ),
            0
        );
        assert_eq!(
            found(
                "docs/b.md",
                "[a](architecture.md) ![b](../README.md \"title\") [c](#here)\n"
            ),
            0
        );
        assert_eq!(
            found("crates/a/README.md", "see [a]\n\n[a]: ../../README.md\n"),
            0
        );
        assert_eq!(
            found(
                "README.md",
                "[a](https://example.com/x.md) [b](mailto:a@b.example) [c](crate::Client)\n"
            ),
            0
        );
    }

    #[test]
    fn links_that_lead_nowhere_are_found() {
        assert_eq!(found("README.md", "[a](docs/architektur.md)\n"), 1);
        assert_eq!(found("docs/b.md", "[a](README.md)\n"), 1);
        assert_eq!(found("docs/b.md", "[a](../../README.md)\n"), 1);
        assert_eq!(found("README.md", "[a]: nowhere.md\n"), 1);
    }

    #[test]
    fn code_has_no_links() {
        assert_eq!(
            found(
                "README.md",
                "`[a](nowhere.md)`\n```rust\nlet a = b[c](d);\n```\n"
            ),
            0
        );
    }
}
