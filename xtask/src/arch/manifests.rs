//! What the manifests promise: no unsafe code, the workspace's lints, and versions in one place.

use toml::{Table, Value};

use crate::finding::Finding;

/// The root forbids unsafe code for everybody.
pub(crate) fn check_root(manifest: &Table) -> Vec<Finding> {
    let lint = manifest
        .get("workspace")
        .and_then(|workspace| workspace.get("lints"))
        .and_then(|lints| lints.get("rust"))
        .and_then(|rust| rust.get("unsafe_code"));
    let level = lint
        .and_then(|lint| lint.get("level").or(Some(lint)))
        .and_then(Value::as_str);
    if level == Some("forbid") {
        Vec::new()
    } else {
        vec![Finding::of(
            "Cargo.toml",
            "[workspace.lints.rust] does not say unsafe_code = \"forbid\"",
        )]
    }
}

/// A member takes the lints of the workspace, and every dependency from there.
pub(crate) fn check_member(folder: &str, manifest: &Table) -> Vec<Finding> {
    let place = format!("{folder}/Cargo.toml");
    let mut findings = Vec::new();
    let lints = manifest
        .get("lints")
        .and_then(|lints| lints.get("workspace"))
        .and_then(Value::as_bool);
    if lints != Some(true) {
        findings.push(Finding::of(&place, "[lints] does not say workspace = true"));
    }
    for (name, dependency) in dependencies(manifest) {
        let inherited = dependency.get("workspace").and_then(Value::as_bool) == Some(true);
        if !inherited {
            findings.push(Finding::of(
                &place,
                format!(
                    "{name} is not taken from [workspace.dependencies], where all versions stand"
                ),
            ));
        }
    }
    findings
}

/// The dependencies of every kind, for every target.
fn dependencies(manifest: &Table) -> impl Iterator<Item = (&String, &Value)> {
    let targets = manifest.get("target").and_then(Value::as_table);
    let targets = targets
        .into_iter()
        .flat_map(Table::values)
        .filter_map(Value::as_table);
    std::iter::once(manifest)
        .chain(targets)
        .flat_map(|table| {
            ["dependencies", "dev-dependencies", "build-dependencies"]
                .map(|kind| table.get(kind).and_then(Value::as_table))
        })
        .flatten()
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Table {
        text.parse().unwrap()
    }

    #[test]
    fn unsafe_code_must_be_forbidden() {
        assert!(check_root(&table("[workspace.lints.rust]\nunsafe_code = \"forbid\"")).is_empty());
        assert!(
            check_root(&table(
                "[workspace.lints.rust.unsafe_code]\nlevel = \"forbid\""
            ))
            .is_empty()
        );
        assert_eq!(
            check_root(&table("[workspace.lints.rust]\nunsafe_code = \"deny\"")).len(),
            1
        );
        assert_eq!(check_root(&table("[workspace]")).len(), 1);
    }

    #[test]
    fn lints_must_be_the_workspace_s() {
        assert!(check_member("crates/a", &table("[lints]\nworkspace = true")).is_empty());
        assert_eq!(
            check_member("crates/a", &table("[package]\nname = \"a\"")).len(),
            1
        );
    }

    #[test]
    fn a_version_in_a_member_is_found() {
        let inherited = "[lints]\nworkspace = true\n[dependencies]\na.workspace = true\n[dev-dependencies]\nb = { workspace = true, features = [\"c\"] }";
        assert!(check_member("crates/a", &table(inherited)).is_empty());
        for dependency in [
            "[dependencies]\na = \"1\"",
            "[dependencies.a]\nversion = \"1\"",
            "[dev-dependencies]\na = { path = \"../a\" }",
            "[build-dependencies]\na = { git = \"https://example.com/a\" }",
            "[target.'cfg(windows)'.dependencies]\na = \"1\"",
        ] {
            let text = format!("[lints]\nworkspace = true\n{dependency}");
            assert_eq!(
                check_member("crates/a", &table(&text)).len(),
                1,
                "{dependency}"
            );
        }
    }
}
