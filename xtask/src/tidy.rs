//! What every file owes its reader: no stray blanks, a word on what it holds, links that lead somewhere, one
//! spelling.

mod links;
mod prose;
mod text;

use anyhow::{Context as _, Result};

use crate::finding::{self, Finding};
use crate::options::Options;
use crate::rust::Source;
use crate::workspace::Workspace;

/// Checks every file of ours that is text.
pub(crate) fn run(workspace: &Workspace, _: &Options) -> Result<()> {
    let mut findings = Vec::new();
    for path in workspace.files("")? {
        let bytes = std::fs::read(workspace.root.join(&path)).with_context(|| path.clone())?;
        // Recorded bytes may be anything, and are nobody's prose.
        let Ok(content) = String::from_utf8(bytes) else {
            continue;
        };
        findings.extend(check_file(workspace, &path, &content));
    }
    finding::settle(findings)
}

fn check_file(workspace: &Workspace, path: &str, content: &str) -> Vec<Finding> {
    let mut findings = prose::check_mentions(path, content);
    if text::is_written_by_hand(path) {
        findings.extend(text::check_blanks(path, content));
    }
    if path.ends_with(".md") {
        findings.extend(links::check(path, content, |target| {
            workspace.root.join(target).exists()
        }));
        findings.extend(prose::check_spelling(path, content));
    }
    if path.ends_with(".rs") {
        findings.extend(text::check_module_docs(path, content));
        let comments = prose::without_slashes(&Source::parse(path, content).comments);
        findings.extend(prose::check_spelling(path, &comments));
    }
    findings
}
