//! The oldest Rust that each package asks for: compiled with it where it is installed, and said where it is not.
//!
//! Nothing is installed for it. Everywhere else clippy's lint `incompatible_msrv` looks at what the standard library is asked
//! for, which finds most of it and proves nothing.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use toml::Value;

use crate::finding::{self, Finding};
use crate::options::Options;
use crate::shell::Program;
use crate::workspace::{Package, Workspace};

/// Compiles each library with the oldest Rust that it asks for: a step of `ci`.
pub(crate) fn check(workspace: &Workspace, options: &Options) -> Result<()> {
    let installed = installed(workspace);
    let mut findings = Vec::new();
    for (version, packages) in asked_for(workspace)? {
        println!("{}", standing(&version, &packages, &installed));
        let Some(toolchain) = named(&installed, &version) else {
            continue;
        };
        for package in packages {
            let checked = Program::new("rustup", &workspace.root)
                .args([
                    "run",
                    toolchain,
                    "cargo",
                    "check",
                    "--quiet",
                    "--all-features",
                ])
                .args([
                    "--lib",
                    "-p",
                    &package.name,
                    "--target-dir",
                    "target/oldest",
                ])
                .args(options.cargo_flags())
                .run();
            if checked.is_err() {
                let what = format!("does not compile with Rust {version}");
                findings.push(Finding::of(&package.name, what));
            }
        }
    }
    finding::settle(findings)
}

/// Says of each version whether it is checked here.
pub(crate) fn tell(workspace: &Workspace) -> Result<()> {
    let installed = installed(workspace);
    for (version, packages) in asked_for(workspace)? {
        println!("{}", standing(&version, &packages, &installed));
    }
    Ok(())
}

/// The libraries, by the oldest Rust that their manifests ask for.
fn asked_for(workspace: &Workspace) -> Result<BTreeMap<String, Vec<&Package>>> {
    let of_all = workspace
        .manifest
        .get("workspace")
        .and_then(|workspace| workspace.get("package")?.get("rust-version")?.as_str())
        .context("the root manifest has no `rust-version`")?;
    let mut asked: BTreeMap<String, Vec<&Package>> = BTreeMap::new();
    for package in workspace.libraries().filter(|package| package.ships()) {
        let own = package
            .manifest
            .get("package")
            .and_then(|package| package.get("rust-version"))
            .and_then(Value::as_str);
        let version = own.unwrap_or(of_all).to_owned();
        asked.entry(version).or_default().push(package);
    }
    Ok(asked)
}

/// The names of the toolchains that rustup has; none where there is no rustup.
fn installed(workspace: &Workspace) -> Vec<String> {
    let listed = Program::new("rustup", &workspace.root)
        .args(["toolchain", "list", "--quiet"])
        .read();
    let names = |listed: String| listed.lines().map(str::to_owned).collect();
    listed.map(names).unwrap_or_default()
}

/// The toolchain of a version: `1.88-x86_64-unknown-linux-gnu`, or with a third number.
fn named<'i>(installed: &'i [String], version: &str) -> Option<&'i str> {
    installed.iter().map(String::as_str).find(|name| {
        name.strip_prefix(version)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '.']))
    })
}

fn standing(version: &str, packages: &[&Package], installed: &[String]) -> String {
    let names: Vec<&str> = packages
        .iter()
        .map(|package| package.name.as_str())
        .collect();
    let how = match named(installed, version) {
        Some(toolchain) => format!("compiled with {toolchain} by `cargo xtask oldest`"),
        None => format!(
            "NOT compiled with it, because it is not installed here (`rustup toolchain install {version}`); \
             clippy's incompatible_msrv alone looks at it"
        ),
    };
    format!("Rust {version} or newer ({}): {how}", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_toolchain_is_known_by_its_version() {
        let installed = ["stable-x86_64", "1.880.0-x86_64", "1.88.1-x86_64", "1.94"];
        let installed = installed.map(str::to_owned);
        assert_eq!(named(&installed, "1.88"), Some("1.88.1-x86_64"));
        assert_eq!(named(&installed, "1.94"), Some("1.94"));
        assert_eq!(named(&installed, "1.8"), None);
    }

    #[test]
    fn each_library_asks_for_one() {
        let workspace = Workspace::find().unwrap();
        let asked = asked_for(&workspace).unwrap();
        let counted: usize = asked.values().map(Vec::len).sum();
        let shipped = workspace.libraries().filter(|package| package.ships());
        assert_eq!(counted, shipped.count());
        let names: Vec<&str> = asked["1.88"].iter().map(|p| p.name.as_str()).collect();
        assert!(names.contains(&"doku-sdk") && !names.contains(&"doku-ledger"));
    }

    #[test]
    fn what_is_not_checked_is_said() {
        let workspace = Workspace::find().unwrap();
        let packages = [&workspace.packages[0]];
        let told = standing("1.88", &packages, &[]);
        assert!(
            told.starts_with("Rust 1.88 or newer (doku-axum): NOT compiled"),
            "{told}"
        );
        let told = standing("1.88", &packages, &["1.88-x".to_owned()]);
        assert!(
            told.ends_with("compiled with 1.88-x by `cargo xtask oldest`"),
            "{told}"
        );
    }
}
