//! Which optional tools are missing, and how to get them.

use std::path::Path;

use anyhow::Result;

use crate::deny;
use crate::shell::Program;

/// A program that some command wants.
struct Tool {
    name: &'static str,
    /// The program and the arguments that make it say its version.
    probe: &'static [&'static str],
    needed_for: &'static str,
    install: String,
}

/// Prints a line for each tool. What is missing is no failure: nothing but the named command needs it.
pub(crate) fn report() -> Result<()> {
    for tool in tools() {
        let (program, arguments) = tool.probe.split_first().unwrap_or((&tool.name, &[]));
        let found = Program::new(program, Path::new("."))
            .args(arguments)
            .succeeds();
        if found {
            println!("found    {:<14} for {}", tool.name, tool.needed_for);
        } else {
            println!(
                "MISSING  {:<14} for {}: {}",
                tool.name, tool.needed_for, tool.install
            );
        }
    }
    Ok(())
}

fn tools() -> Vec<Tool> {
    let tool = |name, probe, needed_for, install: &str| Tool {
        name,
        probe,
        needed_for,
        install: install.to_owned(),
    };
    vec![
        tool(
            "cc",
            &["cc", "--version"],
            "building aws-lc",
            "apt-get install gcc libc6-dev",
        ),
        tool(
            "git",
            &["git", "--version"],
            "the readme step",
            "apt-get install git",
        ),
        tool(
            "postgres",
            &["postgres", "--version"],
            "tests on PostgreSQL (Debian keeps it in /usr/lib/postgresql, where it is found too)",
            "apt-get install postgresql",
        ),
        tool(
            "libfaketime",
            &["sh", "-c", "ls /usr/lib/*/faketime/libfaketimeMT.so.1"],
            "the test of a clock that jumps, which is skipped without it",
            "apt-get install libfaketime",
        ),
        tool(
            "sqlite3",
            &["sqlite3", "--version"],
            "the test of a backup as operators make it, which is skipped without it",
            "apt-get install sqlite3",
        ),
        tool(
            "certificates",
            &["test", "-e", "/etc/ssl/certs/ca-certificates.crt"],
            "cargo and git, which speak TLS",
            "apt-get install ca-certificates",
        ),
        tool(
            "chromium",
            &["chromium", "--version"],
            "tests of pages in a browser",
            "apt-get install --no-install-recommends chromium fonts-noto-core",
        ),
        tool(
            "chromedriver",
            &["chromedriver", "--version"],
            "tests of pages in a browser",
            "apt-get install --no-install-recommends chromium-driver",
        ),
        tool(
            "python3",
            &["python3", "-c", "import venv, ensurepip"],
            "the api step",
            "apt-get install python3 python3-venv",
        ),
        tool(
            "openssl",
            &["openssl", "version"],
            "tests that ask OpenSSL for a second opinion",
            "apt-get install openssl",
        ),
        tool(
            "rustfmt",
            &["cargo-fmt", "--version"],
            "the fmt step",
            "rustup component add rustfmt",
        ),
        tool(
            "clippy",
            &["cargo-clippy", "--version"],
            "the clippy step",
            "rustup component add clippy",
        ),
        tool(
            "nightly",
            &["rustup", "run", "nightly", "rustc", "--version"],
            "fuzz, which makes inputs up without it",
            "rustup toolchain install nightly",
        ),
        tool(
            "c++",
            &["c++", "--version"],
            "building libFuzzer",
            "apt-get install g++",
        ),
        tool(
            "cargo-nextest",
            &["cargo-nextest", "--version"],
            "quicker tests",
            "cargo install --locked cargo-nextest",
        ),
        tool(
            "cargo-deny",
            &["cargo-deny", "--version"],
            "the deny step",
            &format!(
                "cargo install --locked cargo-deny --version {}",
                deny::VERSION
            ),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Workspace;

    #[test]
    fn what_ci_installs_is_looked_for() {
        let script = Workspace::find().unwrap().read(".ci/run").unwrap();
        let tools = tools();
        let mut looked_for = 0;
        for list in script.split("missing+=(").skip(1) {
            let (list, _) = list.split_once(')').unwrap();
            for name in list.split_whitespace() {
                let told = |tool: &Tool| tool.install.split(' ').any(|word| word == name);
                assert!(tools.iter().any(told), "doctor does not know {name}");
                looked_for += 1;
            }
        }
        assert!(looked_for > 10, "{looked_for}");
    }
}
