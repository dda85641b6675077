//! Looking for inputs that break a property of `fuzz/`: with libFuzzer where nightly is, with made-up inputs otherwise.
//!
//! libFuzzer needs code that counts where it has been. The flags for that are given here, so that nothing but rustup's
//! nightly and a C++ compiler is needed. AddressSanitizer is on: our crates have no unsafe code, but some below them do.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::shell::Program;
use crate::workspace::Workspace;

/// Where the programs are, from the root.
const LIBFUZZER: &str = "fuzz/libfuzzer";

/// Samples of the crates that any target may start from, from the root. `fuzz/tests/properties.rs` takes the same.
const SAMPLES: [&str; 2] = [
    "crates/doku-model/tests/fixtures",
    "crates/doku-sign/tests/fixtures",
];

/// Counting, comparing, and watching memory: what `cargo fuzz` asks for as well.
const FLAGS: &str = "-Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares \
    --cfg fuzzing \
    -Zsanitizer=address";

/// Bounds of one program: ten seconds an input, two gibibytes, inputs of at most 4 KiB.
const BOUNDS: [&str; 3] = ["-timeout=10", "-rss_limit_mb=2048", "-max_len=4096"];

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    /// One target, or all of them.
    target: Option<String>,
    /// How long for each.
    seconds: u32,
    offline: bool,
}

impl Request {
    /// Reads the words behind `fuzz`.
    pub(crate) fn parse(arguments: &[String]) -> Result<Self> {
        let mut request = Self {
            target: None,
            seconds: 60,
            offline: false,
        };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match argument.as_str() {
                "--offline" => request.offline = true,
                "--seconds" => {
                    request.seconds = rest
                        .next()
                        .and_then(|seconds| seconds.parse().ok())
                        .filter(|seconds| *seconds > 0)
                        .context("--seconds wants a number, as in `--seconds 60`")?;
                }
                option if option.starts_with('-') => {
                    bail!("`{option}` is no option of fuzz; it has --seconds and --offline");
                }
                target => {
                    if let Some(first) = request.target.replace(target.to_owned()) {
                        bail!("one target or all of them, and not `{first}` and `{target}`");
                    }
                }
            }
        }
        Ok(request)
    }

    fn cargo_flags(&self) -> Vec<&'static str> {
        if self.offline {
            vec!["--offline"]
        } else {
            Vec::new()
        }
    }
}

/// Runs what is asked for, and fails if anything was found.
pub(crate) fn run(workspace: &Workspace, request: &Request) -> Result<()> {
    let programs = programs(workspace)?;
    let chosen: Vec<&String> = match &request.target {
        None => programs.iter().collect(),
        Some(name) => match programs.get(name) {
            Some(name) => vec![name],
            None => {
                let names = Vec::from_iter(programs).join(", ");
                bail!("there is no target `{name}`; there are {names}");
            }
        },
    };
    let Some(host) = nightly(workspace) else {
        println!(
            "nightly is not installed, so libFuzzer cannot be used (`rustup toolchain install nightly`): \
             inputs are made up instead, without regard to where they lead"
        );
        return properties(workspace, request);
    };
    let folder = build_folder(workspace);
    build(workspace, request, &host, &folder)?;
    let mut found = Vec::new();
    for name in chosen {
        if !search(workspace, request, &host, &folder, name)? {
            found.push(name.as_str());
        }
    }
    if !found.is_empty() {
        bail!("something was found in {}", found.join(", "));
    }
    Ok(())
}

/// The names of the targets: each has a program.
fn programs(workspace: &Workspace) -> Result<BTreeSet<String>> {
    let folder = format!("{LIBFUZZER}/fuzz_targets");
    let files = workspace.files(&folder)?;
    Ok(files
        .iter()
        .filter_map(|path| Path::new(path).file_stem()?.to_str())
        .map(str::to_owned)
        .collect())
}

/// The triple that nightly builds for, where it is installed.
fn nightly(workspace: &Workspace) -> Option<String> {
    let version = Program::new("rustup", &workspace.root)
        .args(["run", "nightly", "rustc", "-vV"])
        .read()
        .ok()?;
    host(&version).map(str::to_owned)
}

fn host(version: &str) -> Option<&str> {
    version.lines().find_map(|line| line.strip_prefix("host: "))
}

/// Beside everything else that is built, and apart from it: the flags are others.
fn build_folder(workspace: &Workspace) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(
            || workspace.root.join("target"),
            |given| workspace.root.join(given),
        )
        .join("fuzz")
}

fn build(workspace: &Workspace, request: &Request, host: &str, folder: &Path) -> Result<()> {
    let program = Program::new("rustup", &workspace.root)
        .args(["run", "nightly", "cargo", "build", "--release"])
        .args(["--target", host])
        .args(["--manifest-path", &format!("{LIBFUZZER}/Cargo.toml")])
        // Its lock file is its own, and follows where a crate of ours got a new dependency: nothing ships from here.
        .args(request.cargo_flags());
    match &request.target {
        Some(name) => program.args(["--bin", name]),
        None => program.args(["--bins"]),
    }
    .env("RUSTFLAGS", FLAGS)
    .quiet_env("CARGO_TARGET_DIR", folder)
    .run()
}

/// Runs one program; whether it found nothing. What it learned stays in its corpus for the next time.
fn search(
    workspace: &Workspace,
    request: &Request,
    host: &str,
    folder: &Path,
    name: &str,
) -> Result<bool> {
    let (corpus, findings) = (folder.join("corpus").join(name), folder.join("findings"));
    for folder in [&corpus, &findings] {
        fs::create_dir_all(folder).with_context(|| format!("{}", folder.display()))?;
    }
    let program = folder.join(host).join("release").join(name);
    let before = listed(&findings)?;
    let ended = Program::new(utf8(&program)?, &workspace.root)
        .args([utf8(&corpus)?, &format!("fuzz/seeds/{name}")])
        .args(SAMPLES)
        .args(BOUNDS)
        .args([
            format!("-max_total_time={}", request.seconds),
            "-dict=fuzz/dictionary.txt".to_owned(),
            format!("-artifact_prefix={}/{name}-", utf8(&findings)?),
            "-verbosity=0".to_owned(),
            "-print_funcs=0".to_owned(),
            "-print_final_stats=1".to_owned(),
        ])
        .run();
    if let Err(error) = &ended {
        println!("FOUND {name}: {error:#}");
        for finding in listed(&findings)?.difference(&before) {
            println!(
                "look at it: cargo run -p doku-fuzz --example replay -- {name} {}",
                finding.display()
            );
        }
    }
    Ok(ended.is_ok())
}

fn listed(folder: &Path) -> Result<BTreeSet<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("{}", folder.display()))?;
    entries.map(|entry| Ok(entry?.path())).collect()
}

fn utf8(path: &Path) -> Result<&str> {
    path.to_str()
        .with_context(|| format!("{} is not UTF-8", path.display()))
}

/// The same properties over made-up inputs, for as long.
fn properties(workspace: &Workspace, request: &Request) -> Result<()> {
    let program = Program::cargo(&workspace.root)
        .args([
            "test",
            "-p",
            "doku-fuzz",
            "--all-features",
            "--test",
            "properties",
            "--locked",
        ])
        .args(request.cargo_flags())
        .env("DOKU_FUZZ_SECONDS", request.seconds.to_string());
    match &request.target {
        Some(name) => program.args(["--", "--exact", name]),
        None => program,
    }
    .run()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Request> {
        let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
        Request::parse(&words)
    }

    #[test]
    fn reads_a_target_and_its_time() {
        let request = parse(&["hosted", "--seconds", "5", "--offline"]).unwrap();
        assert_eq!(request.target.as_deref(), Some("hosted"));
        assert_eq!((request.seconds, request.offline), (5, true));
        assert_eq!(request.cargo_flags(), ["--offline"]);
        let all = parse(&[]).unwrap();
        assert_eq!((all.target, all.seconds), (None, 60));
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        for words in [
            &["--second", "5"][..],
            &["--seconds"],
            &["--seconds", "soon"],
            &["--seconds", "0"],
            &["hosted", "wire"],
        ] {
            assert!(parse(words).is_err(), "{words:?}");
        }
    }

    #[test]
    fn finds_the_targets_and_their_seeds() {
        let workspace = Workspace::find().unwrap();
        let programs = programs(&workspace).unwrap();
        assert!(programs.contains("hosted"), "{programs:?}");
        for name in &programs {
            assert!(
                !workspace
                    .files(&format!("fuzz/seeds/{name}"))
                    .unwrap()
                    .is_empty()
            );
        }
        for folder in SAMPLES {
            assert!(!workspace.files(folder).unwrap().is_empty());
        }
        let request = parse(&["no-such-target"]).unwrap();
        let error = run(&workspace, &request).unwrap_err().to_string();
        assert!(
            error.contains("no-such-target") && error.contains("hosted"),
            "{error}"
        );
    }

    #[test]
    fn reads_the_host_of_a_compiler() {
        let version = "rustc 1.97.0-nightly\nbinary: rustc\nhost: x86_64-unknown-linux-gnu\n";
        assert_eq!(host(version), Some("x86_64-unknown-linux-gnu"));
        assert_eq!(host("rustc"), None);
    }
}
