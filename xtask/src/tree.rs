//! What a package pulls in, as `cargo tree` tells it for one feature set.
//!
//! Not `cargo metadata`: that one unifies the features of the whole workspace, and cannot show that a crate is
//! clean when it is used alone.

use std::collections::BTreeSet;

use anyhow::Result;

use crate::features::FeatureSet;
use crate::options::Options;
use crate::shell::Program;
use crate::workspace::Workspace;

/// Which edges are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Edges {
    /// What is compiled into a user's program, all the way down.
    Normal,
    /// What the package's own tests, examples and benchmarks name.
    OwnTests,
}

/// The names of everything below `package`, without itself.
pub(crate) fn below(
    workspace: &Workspace,
    options: &Options,
    package: &str,
    set: &FeatureSet,
    edges: Edges,
) -> Result<BTreeSet<String>> {
    let mut program =
        Program::cargo(&workspace.root).args(["tree", "-p", package, "--prefix", "none"]);
    program = program.args(["-f", "{p}"]);
    program = match edges {
        Edges::Normal => program.args(["-e", "normal"]),
        Edges::OwnTests => program.args(["-e", "dev", "--depth", "1"]),
    };
    let text = program
        .args(set.arguments())
        .args(options.cargo_flags())
        .read()?;
    let mut names = parse(&text);
    names.remove(package);
    Ok(names)
}

/// The package names in the output of `cargo tree --prefix none -f '{p}'`.
fn parse(text: &str) -> BTreeSet<String> {
    text.lines()
        .filter(|line| !line.trim_start().starts_with('['))
        .filter_map(|line| line.split_whitespace().next())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_names_and_nothing_else() {
        let text = "doku-sign v0.1.0 (/home/a/doku/crates/doku-sign)\nrsa v0.10.0\nserde_derive v1.0.229 (proc-macro)\nrsa v0.10.0 (*)\n\n[dev-dependencies]\nproptest v1.12.0\n";
        let names: Vec<String> = parse(text).into_iter().collect();
        assert_eq!(names, ["doku-sign", "proptest", "rsa", "serde_derive"]);
    }
}
