//! Feature sets, and compiling each library alone with each of them.
//!
//! A workspace build unifies features, so a crate that forgot to ask for one still compiles there, and breaks at
//! whoever uses it alone.

use std::collections::BTreeSet;
use std::fmt;

use anyhow::Result;
use toml::{Table, Value};

use crate::finding::{self, Finding};
use crate::options::Options;
use crate::shell::Program;
use crate::workspace::{Package, Workspace};

/// One way to ask for a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FeatureSet {
    /// `--no-default-features`.
    Nothing,
    /// As it comes.
    Default,
    /// One feature and no default.
    Only(String),
    /// `--all-features`.
    All,
}

impl FeatureSet {
    /// Every set that is worth a look: none, default, each alone, all.
    pub(crate) fn every(package: &Package) -> Vec<Self> {
        let mut sets = vec![Self::Nothing, Self::Default];
        sets.extend(names(&package.manifest).into_iter().map(Self::Only));
        sets.push(Self::All);
        sets
    }

    /// The arguments that ask cargo for it.
    pub(crate) fn arguments(&self) -> Vec<&str> {
        match self {
            Self::Nothing => vec!["--no-default-features"],
            Self::Default => vec![],
            Self::Only(name) => vec!["--no-default-features", "--features", name],
            Self::All => vec!["--all-features"],
        }
    }

    /// Whether `feature` was asked for by name, or with all the others.
    pub(crate) fn asks_for(&self, feature: &str) -> bool {
        match self {
            Self::Nothing | Self::Default => false,
            Self::Only(name) => name == feature,
            Self::All => true,
        }
    }
}

impl fmt::Display for FeatureSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("no features"),
            Self::Default => f.write_str("default features"),
            Self::Only(name) => write!(f, "feature {name}"),
            Self::All => f.write_str("all features"),
        }
    }
}

/// The features of a manifest, `default` aside: those it lists, and optional dependencies that no feature names as
/// `dep:…`, which are features by themselves.
pub(crate) fn names(manifest: &Table) -> BTreeSet<String> {
    let listed = manifest.get("features").and_then(Value::as_table);
    let mut names: BTreeSet<String> = listed
        .into_iter()
        .flat_map(Table::keys)
        .filter(|&name| name != "default")
        .cloned()
        .collect();
    let enabled: BTreeSet<&str> = listed
        .into_iter()
        .flat_map(Table::values)
        .filter_map(Value::as_array)
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let dependencies = manifest.get("dependencies").and_then(Value::as_table);
    for (name, dependency) in dependencies.into_iter().flatten() {
        let optional = dependency
            .get("optional")
            .and_then(Value::as_bool)
            .unwrap_or(false);
        if optional && !enabled.contains(format!("dep:{name}").as_str()) {
            names.insert(name.clone());
        }
    }
    names
}

/// `cargo check` of each library alone with each feature set. All are tried; the failures are listed at the end.
pub(crate) fn check_each(workspace: &Workspace, options: &Options) -> Result<()> {
    let mut findings = Vec::new();
    for package in workspace.libraries() {
        for set in FeatureSet::every(package) {
            let checked = Program::cargo(&workspace.root)
                .args(["check", "--quiet", "--lib", "-p", &package.name])
                .args(set.arguments())
                .args(options.cargo_flags())
                .run();
            if checked.is_err() {
                findings.push(Finding::of(
                    &package.name,
                    format!("does not compile with {set}"),
                ));
            }
        }
    }
    finding::settle(findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_listed_and_implied_features() {
        let manifest: Table = "
            [dependencies]
            reqwest = { workspace = true, optional = true }
            tracing = { workspace = true, optional = true }
            bytes.workspace = true
            [features]
            default = []
            client = [\"dep:reqwest\"]
        "
        .parse()
        .unwrap();
        assert_eq!(
            names(&manifest).into_iter().collect::<Vec<_>>(),
            ["client", "tracing"]
        );
    }

    #[test]
    fn only_all_and_the_feature_itself_ask_for_it() {
        let only = FeatureSet::Only("reqwest".into());
        assert!(only.asks_for("reqwest") && !only.asks_for("tracing"));
        assert!(FeatureSet::All.asks_for("reqwest"));
        assert!(
            !FeatureSet::Default.asks_for("reqwest") && !FeatureSet::Nothing.asks_for("reqwest")
        );
        assert_eq!(
            only.arguments(),
            ["--no-default-features", "--features", "reqwest"]
        );
    }
}
