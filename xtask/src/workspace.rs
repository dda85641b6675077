//! The workspace as it stands on disk: its packages, their manifests, their files.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use toml::{Table, Value};

/// The folder with the root manifest, and what is in it.
#[derive(Debug)]
pub(crate) struct Workspace {
    /// The folder itself.
    pub(crate) root: PathBuf,
    /// The root manifest.
    pub(crate) manifest: Table,
    /// The members, by name.
    pub(crate) packages: Vec<Package>,
}

/// A member of the workspace.
#[derive(Debug, Clone)]
pub(crate) struct Package {
    /// Its name in the manifest.
    pub(crate) name: String,
    /// Its folder, from the root, with forward slashes: `crates/doku-model`.
    pub(crate) folder: String,
    /// Its manifest.
    pub(crate) manifest: Table,
    /// The root file of its library, from the root, if it has one.
    pub(crate) library: Option<String>,
    /// Whether it has benchmarks.
    pub(crate) has_benches: bool,
}

impl Workspace {
    /// Looks for the workspace in the current folder and above it.
    pub(crate) fn find() -> Result<Self> {
        let here = std::env::current_dir().context("the current folder cannot be read")?;
        for folder in here.ancestors() {
            let path = folder.join("Cargo.toml");
            if path.is_file() {
                let manifest = read_manifest(&path)?;
                if manifest.contains_key("workspace") {
                    return Self::load(folder.to_owned(), manifest);
                }
            }
        }
        bail!("no workspace here or above {}", here.display())
    }

    fn load(root: PathBuf, manifest: Table) -> Result<Self> {
        let crates = root.join("crates");
        let mut folders = vec!["fuzz".to_owned(), "xtask".to_owned()];
        for entry in fs::read_dir(&crates).with_context(|| format!("{}", crates.display()))? {
            let name = entry?.file_name();
            let name = name
                .to_str()
                .context("a folder under crates/ has a name that is not UTF-8")?;
            folders.push(format!("crates/{name}"));
        }
        let mut packages = Vec::new();
        for folder in folders {
            let path = root.join(&folder).join("Cargo.toml");
            if path.is_file() {
                packages.push(Package::load(&root, folder, read_manifest(&path)?)?);
            }
        }
        packages.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Self {
            root,
            manifest,
            packages,
        })
    }

    /// The packages that are libraries.
    pub(crate) fn libraries(&self) -> impl Iterator<Item = &Package> {
        self.packages
            .iter()
            .filter(|package| package.library.is_some())
    }

    /// Reads a file that is named from the root.
    pub(crate) fn read(&self, path: &str) -> Result<String> {
        fs::read_to_string(self.root.join(path)).with_context(|| path.to_owned())
    }

    /// Every file under `folder` (from the root; empty for all), named from the root with forward slashes, sorted.
    /// Build output, git's own folder and what tools leave behind are not ours and left out.
    pub(crate) fn files(&self, folder: &str) -> Result<Vec<String>> {
        let mut found = Vec::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            let path = self.root.join(&folder);
            for entry in fs::read_dir(&path).with_context(|| format!("{}", path.display()))? {
                let entry = entry?;
                let name = entry.file_name();
                let name = name
                    .to_str()
                    .context("a file has a name that is not UTF-8")?;
                if !is_ours(name) {
                    continue;
                }
                let path = if folder.is_empty() {
                    name.to_owned()
                } else {
                    format!("{folder}/{name}")
                };
                if entry.file_type()?.is_dir() {
                    folders.push(path);
                } else {
                    found.push(path);
                }
            }
        }
        found.sort();
        Ok(found)
    }
}

impl Package {
    /// Whether it becomes part of somebody's program. What stands outside `crates/` is for those who work here.
    pub(crate) fn ships(&self) -> bool {
        self.folder.starts_with("crates/")
    }

    /// What a program names the library by.
    #[cfg(feature = "surface")]
    pub(crate) fn library_name(&self) -> String {
        self.manifest
            .get("lib")
            .and_then(|library| library.get("name")?.as_str())
            .unwrap_or(&self.name)
            .replace('-', "_")
    }

    /// Whether docs.rs is told how to build it.
    pub(crate) fn has_docs_metadata(&self) -> bool {
        let metadata = self
            .manifest
            .get("package")
            .and_then(|package| package.get("metadata")?.get("docs")?.get("rs"));
        metadata.is_some()
    }

    fn load(root: &Path, folder: String, manifest: Table) -> Result<Self> {
        let name = manifest
            .get("package")
            .and_then(|package| package.get("name"))
            .and_then(Value::as_str)
            .with_context(|| format!("{folder}/Cargo.toml names no package"))?
            .to_owned();
        let library = manifest
            .get("lib")
            .and_then(|library| library.get("path"))
            .and_then(Value::as_str)
            .unwrap_or("src/lib.rs");
        let library = format!("{folder}/{library}");
        let library = root.join(&library).is_file().then_some(library);
        let has_benches =
            manifest.contains_key("bench") || root.join(&folder).join("benches").is_dir();
        Ok(Self {
            name,
            folder,
            manifest,
            library,
            has_benches,
        })
    }
}

fn read_manifest(path: &Path) -> Result<Table> {
    let text = fs::read_to_string(path).with_context(|| format!("{}", path.display()))?;
    text.parse().with_context(|| format!("{}", path.display()))
}

/// Hidden files are ours only where we keep some.
fn is_ours(name: &str) -> bool {
    match name {
        "target" => false,
        ".ci" | ".cargo" | ".config" | ".github" | ".gitignore" | ".gitattributes" => true,
        _ => {
            !name.starts_with('.')
                && !name.ends_with(".pending-snap")
                && !name.ends_with(".snap.new")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_itself_from_below() {
        let workspace = Workspace::find().unwrap();
        let names: Vec<&str> = workspace
            .packages
            .iter()
            .map(|package| package.name.as_str())
            .collect();
        assert!(
            names.contains(&"xtask") && names.contains(&"doku-model"),
            "{names:?}"
        );
        assert!(workspace.libraries().all(|package| package.name != "xtask"));
        let shipped = |name: &str| {
            let mut libraries = workspace.libraries();
            libraries
                .find(|package| package.name == name)
                .unwrap()
                .ships()
        };
        assert!(shipped("doku-model") && !shipped("doku-fuzz"));
        assert!(
            workspace
                .files("xtask")
                .unwrap()
                .contains(&"xtask/src/workspace.rs".to_owned())
        );
    }

    #[test]
    fn what_tools_leave_behind_is_not_ours() {
        assert!(is_ours("lib.rs") && is_ours(".ci"));
        assert!(!is_ours("target") && !is_ours(".git") && !is_ours("x.snap.new"));
    }
}
