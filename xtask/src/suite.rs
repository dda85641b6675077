//! The test-suite, as a user runs it.

use anyhow::Result;

use crate::means;
use crate::options::Options;
use crate::postgres::Postgres;
use crate::shell::Program;
use crate::workspace::Workspace;

/// The command of the README that this file answers to.
pub(crate) const COMMAND: &str = "cargo xtask test";

/// Runs every test and doctest with all features, by `cargo nextest` where it is installed. The runner writes to our
/// own output, so that its closing lines are there to be read.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let postgres = Postgres::find()?;
    means::tell(&workspace.root);
    let result = run_with(workspace, options, &postgres);
    // Once more at the end, where it is read.
    postgres.tell();
    means::tell(&workspace.root);
    result
}

fn run_with(workspace: &Workspace, options: &Options, postgres: &Postgres) -> Result<()> {
    let cargo = |command: &[&str]| postgres.name_for(cargo(workspace, options, command));
    if Program::cargo(&workspace.root)
        .args(["nextest", "--version"])
        .succeeds()
    {
        cargo(&["nextest", "run"]).args(["--no-fail-fast"]).run()?;
        cargo(&["test", "--doc"]).args(["--no-fail-fast"]).run()
    } else {
        // Doctests are part of it.
        cargo(&["test"]).args(["--no-fail-fast"]).run()
    }
}

/// Snapshots are compared and never written, whatever the caller's environment says.
fn cargo(workspace: &Workspace, options: &Options, command: &[&str]) -> Program {
    Program::cargo(&workspace.root)
        .args(command)
        .args(["--workspace", "--all-features"])
        .args(options.cargo_flags())
        .quiet_env("INSTA_UPDATE", "no")
        .quiet_env("INSTA_FORCE_PASS", "0")
        .quiet_env("INSTA_WORKSPACE_ROOT", &workspace.root)
}
