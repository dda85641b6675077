//! Runs one target on one input, which is how a finding is looked at: `cargo run -p doku-fuzz --example replay -- hosted
//! path/to/input`. It panics where the property does not hold.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it is a command: telling somebody what it found is its work"
)]

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, path] = arguments.as_slice() else {
        eprintln!("usage: replay TARGET FILE");
        return ExitCode::FAILURE;
    };
    let Some(target) = doku_fuzz::target(name) else {
        let names: Vec<&str> = doku_fuzz::TARGETS
            .iter()
            .map(|target| target.name)
            .collect();
        eprintln!(
            "there is no target `{name}`; there are {}",
            names.join(", ")
        );
        return ExitCode::FAILURE;
    };
    match std::fs::read(path) {
        Ok(input) => {
            (target.run)(&input);
            println!("{name}: nothing found in {} bytes", input.len());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{path}: {error}");
            ExitCode::FAILURE
        }
    }
}
