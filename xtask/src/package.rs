//! The packages as a registry would get them: packed, and looked into. `release --dry-run` compiles them besides.

use std::collections::BTreeSet;

use anyhow::Result;

use crate::finding::{self, Finding};
use crate::options::Options;
use crate::shell::Program;
use crate::workspace::{Package, Workspace};

/// Folders that a package is built from.
const BUILT_FROM: [&str; 3] = ["src", "templates", "migrations"];

/// Sources that are compiled for doctests alone, which no stranger runs from a package.
const FOR_DOCTESTS: [&str; 1] = ["crates/doku-sdk/src/guide.rs"];

/// Packs everything, and sees that nothing is missing from what was packed: a step of `ci`.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let inner = workspace.packages.iter().filter(|package| !package.ships());
    let cargo = Program::cargo(&workspace.root).args([
        "package",
        "--workspace",
        "--no-verify",
        "--allow-dirty",
        "--quiet",
    ]);
    inner
        .fold(cargo, |cargo, package| {
            cargo.args(["--exclude", &package.name])
        })
        .args(options.cargo_flags())
        .run()?;
    let mut findings = Vec::new();
    for package in workspace.packages.iter().filter(|package| package.ships()) {
        let listed = Program::cargo(&workspace.root)
            .args(["package", "--list", "--allow-dirty", "-p", &package.name])
            .args(options.cargo_flags())
            .read()?;
        let packed: BTreeSet<String> = listed.lines().map(str::to_owned).collect();
        findings.extend(missing(workspace, package, &packed)?);
        for source in packed.iter().filter(|path| is_source(path)) {
            let path = format!("{}/{source}", package.folder);
            if !FOR_DOCTESTS.contains(&path.as_str()) {
                findings.extend(unpacked_includes(
                    &path,
                    source,
                    &workspace.read(&path)?,
                    &packed,
                ));
            }
        }
    }
    finding::settle(findings)
}

fn is_source(path: &str) -> bool {
    path.starts_with("src/") && path.ends_with(".rs")
}

/// Files that the package is built from or shown with, and does not hold.
fn missing(
    workspace: &Workspace,
    package: &Package,
    packed: &BTreeSet<String>,
) -> Result<Vec<Finding>> {
    let mut wanted = vec!["Cargo.toml".to_owned(), "README.md".to_owned()];
    for folder in BUILT_FROM {
        let folder = format!("{}/{folder}", package.folder);
        if workspace.root.join(&folder).is_dir() {
            let inside = format!("{}/", package.folder);
            wanted.extend(
                workspace
                    .files(&folder)?
                    .iter()
                    .filter_map(|path| Some(path.strip_prefix(&inside)?.to_owned())),
            );
        }
    }
    Ok(wanted
        .into_iter()
        .filter(|path| !packed.contains(path))
        .map(|path| Finding::of(&package.folder, format!("its package has no {path}")))
        .collect())
}

/// What a source includes by a path, and the package does not hold. `source` is its path in the package.
fn unpacked_includes(
    path: &str,
    source: &str,
    text: &str,
    packed: &BTreeSet<String>,
) -> Vec<Finding> {
    ["include_str!(\"", "include_bytes!(\""]
        .into_iter()
        .flat_map(|begin| text.split(begin).skip(1))
        .filter_map(|rest| rest.split('"').next())
        .filter(|included| !resolved(source, included).is_some_and(|file| packed.contains(&file)))
        .map(|included| Finding::of(path, format!("includes {included}, which is not packed")))
        .collect()
}

/// A path that stands in a file of the package, from the package's root; none where it leads out of it.
fn resolved(source: &str, included: &str) -> Option<String> {
    let mut parts: Vec<&str> = source.split('/').collect();
    parts.pop();
    for part in included.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(files: &[&str]) -> BTreeSet<String> {
        files.iter().map(|file| (*file).to_owned()).collect()
    }

    #[test]
    fn a_file_that_is_not_packed_is_named() {
        let workspace = Workspace::find().unwrap();
        let package = &workspace.packages[0];
        assert_eq!(package.name, "doku-axum");
        let files = workspace.files("crates/doku-axum").unwrap();
        let mut all: BTreeSet<String> = files
            .iter()
            .map(|path| path["crates/doku-axum/".len()..].to_owned())
            .collect();
        assert_eq!(missing(&workspace, package, &all).unwrap(), []);
        all.remove("src/lib.rs");
        let found = missing(&workspace, package, &all).unwrap();
        assert_eq!(
            found,
            [Finding::of(
                "crates/doku-axum",
                "its package has no src/lib.rs"
            )]
        );
    }

    #[test]
    fn an_include_out_of_the_package_is_found() {
        let packed = packed(&["README.md", "src/a/b.rs", "templates/page.css"]);
        let found = |text: &str| unpacked_includes("b.rs", "src/a/b.rs", text, &packed).len();
        assert_eq!(found("include_str!(\"../../templates/page.css\")"), 0);
        assert_eq!(found("#![doc = include_str!(\"../../README.md\")]"), 0);
        assert_eq!(found("include_str!(\"../../../README.md\")"), 1);
        assert_eq!(found("include_bytes!(\"../../../../../x\")"), 1);
        assert_eq!(found("include_str!(\"./gone.json\")"), 1);
    }

    #[test]
    fn what_is_for_doctests_is_compiled_for_nothing_else() {
        let workspace = Workspace::find().unwrap();
        for path in FOR_DOCTESTS {
            let (folder, file) = path.rsplit_once('/').unwrap();
            let module = file.trim_end_matches(".rs");
            let root = workspace.read(&format!("{folder}/lib.rs")).unwrap();
            let (before, _) = root.split_once(&format!("\nmod {module};")).unwrap();
            let gate = before.lines().last().unwrap();
            assert!(
                gate.starts_with("#[cfg(") && gate.contains("doctest"),
                "{gate}"
            );
        }
    }
}
