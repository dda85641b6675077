//! The benchmarks of every crate, one after the other so that they do not disturb each other.

use anyhow::{Result, bail};

use crate::shell::Program;
use crate::workspace::Workspace;

/// Runs them with all features and prints what they print.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let packages: Vec<_> = workspace
        .packages
        .iter()
        .filter(|package| package.has_benches)
        .collect();
    if packages.is_empty() {
        bail!("no crate has benchmarks");
    }
    for package in packages {
        // By name, or the unit tests would be started as benchmarks too.
        Program::cargo(&workspace.root)
            .args([
                "bench",
                "-p",
                &package.name,
                "--all-features",
                "--locked",
                "--bench",
                "*",
            ])
            .run()?;
    }
    println!(
        "\nThese are this machine's numbers. What is worth keeping goes to docs/benchmarks.md, with the machine."
    );
    Ok(())
}
