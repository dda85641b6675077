//! The benchmarks of every crate, one after the other so that they do not disturb each other.
//!
//! Those of the ledger run on PostgreSQL, too: on the cluster that the environment names, or on one that lives as long as they
//! do. It writes as durably as any other; nothing of it is turned off for the sake of speed.

use anyhow::{Result, bail};

use crate::postgres::Postgres;
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
    let postgres = Postgres::find()?;
    for package in packages {
        // By name, or the unit tests would be started as benchmarks too.
        let program = Program::cargo(&workspace.root).args([
            "bench",
            "-p",
            &package.name,
            "--all-features",
            "--locked",
            "--bench",
            "*",
        ]);
        postgres.name_for(program).run()?;
    }
    println!(
        "\nThese are this machine's numbers. What is worth keeping goes to docs/benchmarks.md, with the machine."
    );
    Ok(())
}
