//! The README's commands, in a clean clone.
//!
//! The commands are read from the first shell block of README.md, so that a reader and this check always run the
//! same ones. The clone has a target folder of its own: two trees that share one are taken for the same tree by
//! cargo, and each would be handed binaries of the other.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};

use crate::options::Options;
use crate::shell::Program;
use crate::suite;
use crate::workspace::Workspace;

/// Where the clone lives, from the root. Its build output stays between runs.
const CLONE: &str = "target/readme/clone";
const CLONE_TARGET: &str = "target/readme/target";

/// What people install, once the README's first command has built it.
const BINARY: &str = "release/doku";

/// In MiB, stripped.
const LARGEST_BINARY: u64 = 20;

/// Clones HEAD and runs there what the README tells a newcomer to run.
///
/// Within `ci`, and where this tree is a clean clone itself, as it is on a CI machine, the test step was already what
/// the README's test command is, and the suite is not run a second time.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let commands = commands(&workspace.read("README.md")?);
    ensure!(
        !commands.is_empty(),
        "README.md has no shell block with commands"
    );
    ensure!(
        commands.iter().any(|command| command == suite::COMMAND),
        "the first shell block of README.md does not say `{}`",
        suite::COMMAND
    );
    let state = git(&workspace.root)
        .args(["status", "--porcelain", "--ignored"])
        .read()?;
    let tested_here = options.tested && is_clean(&state);

    let clone = clone_head(workspace)?;
    for command in &commands {
        if tested_here && command == suite::COMMAND {
            println!("`{command}`: this tree is a clean clone, and the test step ran it here");
            continue;
        }
        Program::new("sh", &clone)
            .args(["-c", command])
            .env("CARGO_TARGET_DIR", workspace.root.join(CLONE_TARGET))
            .run()?;
    }
    is_small(&workspace.root.join(CLONE_TARGET).join(BINARY))?;
    let left = git(&clone).args(["status", "--porcelain"]).read()?;
    if !left.is_empty() {
        bail!("the README's commands changed files in the clone:\n{left}");
    }
    Ok(())
}

/// The command is small enough to be carried about.
fn is_small(binary: &Path) -> Result<()> {
    let size = fs::metadata(binary)
        .with_context(|| format!("the README's commands built no {}", binary.display()))?
        .len();
    println!("{BINARY}: {size} bytes");
    ensure!(
        size <= LARGEST_BINARY * 1024 * 1024,
        "{BINARY} is {size} bytes, more than {LARGEST_BINARY} MiB; look for what was added with `cargo tree -e features -p doku-cli`"
    );
    Ok(())
}

fn clone_head(workspace: &Workspace) -> Result<PathBuf> {
    let clone = workspace.root.join(CLONE);
    if clone.exists() {
        fs::remove_dir_all(&clone)
            .with_context(|| format!("{} cannot be cleared", clone.display()))?;
    }
    git(&workspace.root)
        .args(["clone", "--quiet", ".", CLONE])
        .run()?;
    Ok(clone)
}

fn git(folder: &Path) -> Program {
    Program::new("git", folder)
}

/// Whether `git status --porcelain --ignored` tells of nothing but build output.
fn is_clean(status: &str) -> bool {
    status.lines().all(|line| line == "!! target/")
}

/// The commands in the first shell block of a Markdown text. Fetching the repository and entering it is left out:
/// that has been done by whoever runs this.
fn commands(markdown: &str) -> Vec<String> {
    let mut lines = markdown.lines();
    for line in lines.by_ref() {
        if matches!(line.trim(), "```sh" | "```shell" | "```bash" | "```console") {
            break;
        }
    }
    lines
        .take_while(|line| line.trim() != "```")
        .map(|line| line.trim().trim_start_matches("$ "))
        .map(|line| line.split(" #").next().unwrap_or(line).trim())
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .filter(|line| !line.starts_with("git clone ") && !line.starts_with("cd "))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_first_shell_block_only() {
        let markdown = "# doku\n```toml\na = 1\n```\n```sh\ngit clone https://example.com/doku && cd doku\ncd doku\n\
                        # try it\n$ cargo run --release -- demo   # a whole payment\n\ncargo xtask test\n```\n\
                        ```sh\nrm -r everything\n```\n";
        assert_eq!(
            commands(markdown),
            ["cargo run --release -- demo", "cargo xtask test"]
        );
    }

    #[test]
    fn no_block_no_commands() {
        assert!(commands("# doku\n\nnothing here\n").is_empty());
    }

    #[test]
    fn only_build_output_counts_as_clean() {
        assert!(is_clean(""));
        assert!(is_clean("!! target/\n"));
        assert!(!is_clean(" M README.md\n"));
        assert!(!is_clean("?? notes.txt\n"));
        assert!(!is_clean("!! target/\n!! crates/a/tests/x.snap.new\n"));
    }
}
