//! Publishing: what must be in order first, and the packages as the registry would get them.

use anyhow::{Result, bail};
use toml::Value;

use crate::finding::{self, Finding};
use crate::oldest;
use crate::options::Options;
use crate::shell::Program;
use crate::workspace::{Package, Workspace};

const CHANGELOG: &str = "CHANGELOG.md";

/// What a registry's page shows, and what a reader of it looks for.
const WANTED: [&str; 8] = [
    "description",
    "keywords",
    "categories",
    "readme",
    "license",
    "repository",
    "rust-version",
    "version",
];

/// The metadata of each package, without building anything: a step of `ci`.
pub(crate) fn metadata(workspace: &Workspace, _: &Options) -> Result<()> {
    let mut findings = Vec::new();
    for package in published(workspace) {
        findings.extend(missing(package));
        findings.extend(undocumented_features(workspace, package)?);
        if workspace
            .read(&format!("{}/README.md", package.folder))
            .is_err()
        {
            findings.push(Finding::of(&package.folder, "has no README.md"));
        }
    }
    findings.extend(untold(workspace)?);
    oldest::tell(workspace)?;
    finding::settle(findings)
}

/// Packs everything and compiles what was packed, as a stranger would get it. Only `--dry-run` exists: uploading is
/// one command more, for whoever owns the names, and it is said at the end.
pub(crate) fn rehearse(workspace: &Workspace, options: &Options) -> Result<()> {
    if !options.dry_run {
        bail!("release only rehearses: `cargo xtask release --dry-run`");
    }
    metadata(workspace, options)?;
    let changed = Program::new("git", &workspace.root)
        .args(["status", "--porcelain"])
        .read()?;
    if !changed.is_empty() {
        bail!("there are changes that are not committed; what is released is what a commit holds");
    }
    Program::cargo(&workspace.root)
        .args(["publish", "--workspace", "--dry-run"])
        .args(options.cargo_flags())
        .run()?;
    println!("in order; to release: tag the commit, then `cargo publish --workspace --locked`");
    Ok(())
}

fn published(workspace: &Workspace) -> impl Iterator<Item = &Package> {
    workspace.packages.iter().filter(|package| package.ships())
}

fn missing(package: &Package) -> Vec<Finding> {
    let described = package.manifest.get("package").and_then(Value::as_table);
    WANTED
        .into_iter()
        .filter(|key| described.is_none_or(|described| !described.contains_key(*key)))
        .map(|key| Finding::of(&package.folder, format!("its manifest has no `{key}`")))
        .chain(
            (package.library.is_some() && !package.has_docs_metadata()).then(|| {
                Finding::of(
                    &package.folder,
                    "its manifest has no [package.metadata.docs.rs]",
                )
            }),
        )
        .collect()
}

/// Features that the package's README does not name.
fn undocumented_features(workspace: &Workspace, package: &Package) -> Result<Vec<Finding>> {
    let readme = workspace
        .read(&format!("{}/README.md", package.folder))
        .unwrap_or_default();
    Ok(crate::features::names(&package.manifest)
        .into_iter()
        .filter(|name| !readme.contains(&format!("`{name}`")))
        .map(|name| {
            Finding::of(
                &package.folder,
                format!("its README does not name the feature `{name}`"),
            )
        })
        .collect())
}

/// The changelog has a section for the version that stands in the manifest.
fn untold(workspace: &Workspace) -> Result<Option<Finding>> {
    let version = workspace
        .manifest
        .get("workspace")
        .and_then(|workspace| workspace.get("package")?.get("version")?.as_str());
    let Some(version) = version else {
        bail!("the root manifest has no version");
    };
    let told = workspace.read(CHANGELOG)?;
    let heading = format!("## {version}");
    Ok((!told.lines().any(|line| line.starts_with(&heading)))
        .then(|| Finding::of(CHANGELOG, format!("has no section `{heading}`"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_registry_wants_and_a_manifest_lacks_is_named() {
        let mut package = Workspace::find().unwrap().packages.remove(0);
        assert_eq!(package.name, "doku-axum");
        assert_eq!(missing(&package), []);
        let described = package.manifest.get_mut("package").unwrap();
        let described = described.as_table_mut().unwrap();
        described.remove("keywords");
        described.remove("metadata");
        let found: Vec<_> = missing(&package).iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            [
                "crates/doku-axum: its manifest has no `keywords`",
                "crates/doku-axum: its manifest has no [package.metadata.docs.rs]",
            ]
        );
    }

    #[test]
    fn a_feature_that_no_readme_names_is_found() {
        let workspace = Workspace::find().unwrap();
        let mut package = workspace
            .packages
            .iter()
            .find(|p| p.name == "doku-sign")
            .unwrap()
            .clone();
        assert_eq!(undocumented_features(&workspace, &package).unwrap(), []);
        let features = package
            .manifest
            .get_mut("features")
            .unwrap()
            .as_table_mut()
            .unwrap();
        features.insert("secret-door".to_owned(), Value::Array(Vec::new()));
        assert_eq!(
            undocumented_features(&workspace, &package).unwrap().len(),
            1
        );
    }

    #[test]
    fn a_version_without_a_word_is_found() {
        let mut workspace = Workspace::find().unwrap();
        assert_eq!(untold(&workspace).unwrap(), None);
        let package = workspace
            .manifest
            .get_mut("workspace")
            .unwrap()
            .get_mut("package")
            .unwrap();
        package
            .as_table_mut()
            .unwrap()
            .insert("version".to_owned(), Value::String("99.0.0".to_owned()));
        assert!(untold(&workspace).unwrap().is_some());
    }
}
