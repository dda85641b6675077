//! The invariants of `docs/architecture.md`, proved.
//!
//! What a crate pulls in is asked of `cargo tree`, once per feature set; the rest is read in manifests and sources.
//! Each check is a plain function from a small input to findings, with a test that has seen it fail.

mod document;
mod layers;
mod manifests;
mod names;
mod paths;
mod signatures;
mod sources;

use anyhow::Result;

use crate::features::FeatureSet;
use crate::finding::{self, Finding};
use crate::options::Options;
use crate::rust::Source;
use crate::tree::{self, Edges};
use crate::workspace::Workspace;

/// Runs every check.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let mut findings = layering(workspace, options)?;
    findings.extend(document::check(&workspace.read("docs/architecture.md")?));
    findings.extend(manifests::check_root(&workspace.manifest));
    for package in &workspace.packages {
        findings.extend(manifests::check_member(&package.folder, &package.manifest));
    }
    for path in workspace.files("")? {
        findings.extend(names::check_path(&path));
        if !path.ends_with(".rs") {
            continue;
        }
        let text = workspace.read(&path)?;
        let source = Source::parse(path, &text);
        findings.extend(sources::check_printing(&source));
        findings.extend(sources::check_reasons(&source));
        findings.extend(names::check_items(&source));
        findings.extend(signatures::check(&source));
        if workspace
            .libraries()
            .filter(|package| package.ships())
            .any(|package| package.library.as_ref() == Some(&source.path))
        {
            findings.extend(sources::check_deny_list(&source));
        }
    }
    finding::settle(findings)
}

/// What each crate pulls in, per feature set.
fn layering(workspace: &Workspace, options: &Options) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for package in &workspace.packages {
        let Some(layer) = layers::of(&package.name) else {
            findings.push(Finding::of(
                &package.name,
                "has no place in the layers; give it one in xtask/src/arch/layers.rs",
            ));
            continue;
        };
        findings.extend(layers::check_defaults(&package.name, &package.manifest));
        for set in FeatureSet::every(package) {
            let below = tree::below(workspace, options, &package.name, &set, Edges::Normal)?;
            findings.extend(layer.check_program(&set, &below));
            findings.extend(layers::check_closure(&package.name, &set, &below));
        }
        let named = tree::below(
            workspace,
            options,
            &package.name,
            &FeatureSet::All,
            Edges::OwnTests,
        )?;
        findings.extend(layer.check_tests(&named));
    }
    Ok(findings)
}
