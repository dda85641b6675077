//! `cargo deny`: licences, bans and sources always; advisories where their database can be had.

use std::time::Duration;

use anyhow::{Result, bail};

use crate::options::Options;
use crate::shell::Program;
use crate::workspace::Workspace;

/// The version that `deny.toml` is written for.
pub(crate) const VERSION: &str = "0.20.2";

/// Where advisories come from.
const ADVISORIES: &str = "https://github.com/RustSec/advisory-db";

/// How long to wait for a sign of life from there.
const PATIENCE: Duration = Duration::from_secs(15);

/// Checks `deny.toml` against the dependency tree.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    if !Program::cargo(&workspace.root)
        .args(["deny", "--version"])
        .succeeds()
    {
        bail!(
            "cargo-deny is not installed: `cargo install --locked cargo-deny --version {VERSION}`"
        );
    }
    deny(workspace, options)
        .args(["check", "bans", "licenses", "sources"])
        .run()?;
    if options.offline || !reachable(workspace) {
        println!("advisories: skipped, {ADVISORIES} cannot be reached from here");
        return Ok(());
    }
    deny(workspace, options).args(["check", "advisories"]).run()
}

fn deny(workspace: &Workspace, options: &Options) -> Program {
    Program::cargo(&workspace.root)
        .args(["deny", "--workspace", "--all-features"])
        .args(options.cargo_flags())
}

fn reachable(workspace: &Workspace) -> bool {
    Program::new("git", &workspace.root)
        .args(["ls-remote", "--exit-code", ADVISORIES, "HEAD"])
        .quiet_env("GIT_TERMINAL_PROMPT", "0")
        .succeeds_within(PATIENCE)
}
