//! The steps of the whole check, run in order, timed, and summed up.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::options::Options;
use crate::shell::Program;
use crate::workspace::Workspace;
use crate::{api, arch, deny, features, oldest, package, readme, release, suite, surface, tidy};

/// One step of `cargo xtask ci`, which is a command by itself too.
#[derive(Debug)]
pub(crate) struct Step {
    /// What it is called on the command line.
    pub(crate) name: &'static str,
    /// What it does, for `help`.
    pub(crate) about: &'static str,
    run: fn(&Workspace, &Options) -> Result<()>,
}

/// The steps, quick ones first.
pub(crate) const STEPS: &[Step] = &[
    Step {
        name: "fmt",
        about: "the sources are formatted",
        run: fmt,
    },
    Step {
        name: "tidy",
        about: "blanks, module docs, links, spelling",
        run: tidy::run,
    },
    Step {
        name: "arch",
        about: "the invariants of docs/architecture.md hold",
        run: arch::run,
    },
    Step {
        name: "clippy",
        about: "no lint fires, with all features and with none",
        run: clippy,
    },
    Step {
        name: "features",
        about: "each library compiles alone, with no feature, with each one, and with all",
        run: features::check_each,
    },
    Step {
        name: "oldest",
        about: "each library compiles with the oldest Rust that it asks for, where that is installed",
        run: oldest::check,
    },
    Step {
        name: "test",
        about: "every test and doctest passes, with all features",
        run: suite::run,
    },
    Step {
        name: "api",
        about: "the merchant API answers as its document says, whatever it is asked",
        run: api::run,
    },
    Step {
        name: "doc",
        about: "the documentation builds without a warning",
        run: doc,
    },
    Step {
        name: "surface",
        about: "the public API of each library is the one that was written down",
        run: surface::run,
    },
    Step {
        name: "metadata",
        about: "packages say what a registry shows; features and version are told",
        run: release::metadata,
    },
    Step {
        name: "package",
        about: "each package, packed as a registry gets it, holds what it is built from",
        run: package::run,
    },
    Step {
        name: "deny",
        about: "licences, bans, sources; advisories where they can be had",
        run: deny::run,
    },
    Step {
        name: "readme",
        about: "the README's commands work in a clean clone",
        run: readme::run,
    },
];

/// Runs every step. A failure does not keep the others from being run: one round tells everything.
pub(crate) fn all(workspace: &Workspace, options: &Options) -> Result<()> {
    let options = &Options {
        tested: true,
        ..options.clone()
    };
    let mut lines = Vec::new();
    let mut failed = Vec::new();
    for step in STEPS {
        if options.skip.iter().any(|name| name == step.name) {
            lines.push(format!("skip  {}", step.name));
            continue;
        }
        println!("\n==> {}: {}", step.name, step.about);
        let start = Instant::now();
        let result = (step.run)(workspace, options);
        let line = summary(step.name, start.elapsed(), &result);
        println!("{line}");
        lines.push(line);
        if result.is_err() {
            failed.push(step.name);
        }
    }
    println!("\n==> summary\n{}", lines.join("\n"));
    if !failed.is_empty() {
        bail!(
            "failed: {}; each can be run alone as `cargo xtask <step>`",
            failed.join(", ")
        );
    }
    Ok(())
}

/// Runs one step as a command.
pub(crate) fn one(step: &Step, workspace: &Workspace, options: &Options) -> Result<()> {
    let start = Instant::now();
    let result = (step.run)(workspace, options);
    println!("{}", summary(step.name, start.elapsed(), &result));
    // The summary has told the reason; the error only has to make the process fail.
    result.map_err(|_| anyhow::anyhow!("{} failed", step.name))
}

fn summary(name: &str, took: Duration, result: &Result<()>) -> String {
    let seconds = took.as_secs_f64();
    match result {
        Ok(()) => format!("ok    {name:<8} {seconds:>7.1} s"),
        Err(error) => format!("FAIL  {name:<8} {seconds:>7.1} s  {error:#}"),
    }
}

fn fmt(workspace: &Workspace, _: &Options) -> Result<()> {
    Program::cargo(&workspace.root)
        .args(["fmt", "--all", "--check"])
        .run()
}

fn clippy(workspace: &Workspace, options: &Options) -> Result<()> {
    let deny_warnings = ["--", "-D", "warnings"];
    Program::cargo(&workspace.root)
        .args(["clippy", "--workspace", "--all-targets", "--all-features"])
        .args(options.cargo_flags())
        .args(deny_warnings)
        .run()?;
    for package in workspace.libraries() {
        Program::cargo(&workspace.root)
            .args([
                "clippy",
                "-p",
                &package.name,
                "--lib",
                "--no-default-features",
            ])
            .args(options.cargo_flags())
            .args(deny_warnings)
            .run()?;
    }
    Ok(())
}

fn doc(workspace: &Workspace, options: &Options) -> Result<()> {
    Program::cargo(&workspace.root)
        .args(["doc", "--workspace", "--all-features", "--no-deps"])
        .args(options.cargo_flags())
        .env("RUSTDOCFLAGS", "-D warnings")
        .run()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_line_has_the_verdict_the_seconds_and_the_reason() {
        let took = Duration::from_millis(1260);
        assert_eq!(summary("fmt", took, &Ok(())), "ok    fmt          1.3 s");
        let failure = Err(anyhow::anyhow!("3 findings"));
        assert_eq!(
            summary("arch", took, &failure),
            "FAIL  arch         1.3 s  3 findings"
        );
    }

    #[test]
    fn steps_have_names_of_their_own() {
        let mut names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), STEPS.len());
    }
}
