//! The lists: made from rustdoc's JSON, compared line by line.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use public_api::Builder;

use crate::finding::{self, Finding};
use crate::options::Options;
use crate::shell::Program;
use crate::workspace::{Package, Workspace};

/// Where the JSON goes, from the root. A folder of its own: what is compiled as if by nightly is of no use to others.
const TARGET: &str = "target/surface";

/// The list's name, beside the manifest.
const FILE: &str = "public-api.txt";

/// Compares the lists with the sources, or writes them with `--bless`.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let published: Vec<_> = workspace
        .libraries()
        .filter(|package| package.ships())
        .collect();
    document(workspace, options, &published)?;
    let mut findings = Vec::new();
    for package in published {
        let shown = shown(workspace, package)?;
        let path = format!("{}/{FILE}", package.folder);
        if options.bless {
            fs::write(workspace.root.join(&path), shown)?;
            continue;
        }
        let kept = workspace.read(&path).unwrap_or_default();
        findings.extend(differences(&path, &kept, &shown));
    }
    if !findings.is_empty() {
        println!("if this is meant, say so in CHANGELOG.md and run `cargo xtask surface --bless`");
    }
    finding::settle(findings)
}

fn document(workspace: &Workspace, options: &Options, packages: &[&Package]) -> Result<()> {
    let named = packages
        .iter()
        .flat_map(|package| ["-p", package.name.as_str()]);
    Program::cargo(&workspace.root)
        .args(["doc", "--no-deps", "--lib", "--all-features"])
        .args(options.cargo_flags())
        .args(named)
        .args(["--target-dir", TARGET])
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTDOCFLAGS", "-Zunstable-options --output-format json")
        .run()
}

/// One line for each thing that a user can name. What the compiler adds by itself is left out.
fn shown(workspace: &Workspace, package: &Package) -> Result<String> {
    let library = package.library_name();
    let json: PathBuf = [TARGET, "doc", &format!("{library}.json")].iter().collect();
    let api = Builder::from_rustdoc_json(workspace.root.join(json))
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .omit_auto_derived_impls(true)
        .build()
        .with_context(|| format!("the JSON of {library} is not understood"))?;
    let text = api.to_string();
    if text.is_empty() {
        bail!("{library} shows nothing at all");
    }
    Ok(text)
}

/// The lines that one has and the other has not.
fn differences(path: &str, kept: &str, shown: &str) -> Vec<Finding> {
    let only = |here: &str, there: &str, what: &str| -> Vec<Finding> {
        let there: Vec<_> = there.lines().collect();
        here.lines()
            .filter(|line| !there.contains(line))
            .map(|line| Finding::of(path, format!("{what}: {line}")))
            .collect()
    };
    let mut findings = only(kept, shown, "gone");
    findings.extend(only(shown, kept, "new"));
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_gone_and_what_is_new_is_named() {
        let found = differences("a.txt", "pub fn a\npub fn b\n", "pub fn b\npub fn c\n");
        let found: Vec<_> = found.iter().map(ToString::to_string).collect();
        assert_eq!(found, ["a.txt: gone: pub fn a", "a.txt: new: pub fn c"]);
        assert!(differences("a.txt", "pub fn a\n", "pub fn a\n").is_empty());
    }
}
