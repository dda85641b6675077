//! Every check and generator of this workspace.
//!
//! Called as `cargo xtask <command>`; `.ci/run` calls nothing else, so that whatever CI finds can be found at home
//! by the same words. This file turns arguments into a call. Each command has a file of its own.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "xtask is a command: telling somebody what it found is its work"
)]

mod api;
mod arch;
mod bench;
mod ci;
mod deny;
mod doctor;
mod features;
mod finding;
mod fuzz;
mod kill;
mod means;
mod oldest;
mod options;
mod package;
mod postgres;
mod readme;
mod release;
mod rust;
mod shell;
mod suite;
mod surface;
mod tidy;
mod tree;
mod workspace;

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::ci::STEPS;
use crate::options::Options;
use crate::workspace::Workspace;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<()> {
    let Some((command, rest)) = arguments.split_first() else {
        print!("{}", help());
        bail!("no command was given");
    };
    if matches!(command.as_str(), "help" | "--help" | "-h") {
        print!("{}", help());
        return Ok(());
    }
    let workspace = Workspace::find()?;
    if command == "fuzz" {
        // Options of its own: a name and a time.
        return fuzz::run(&workspace, &fuzz::Request::parse(rest)?);
    }
    if command == "kill" {
        return kill::run(&workspace, &kill::Request::parse(rest)?);
    }
    let options = Options::parse(rest)?;
    match command.as_str() {
        "ci" => ci::all(&workspace, &options),
        "bench" => bench::run(&workspace),
        "release" => release::rehearse(&workspace, &options),
        "doctor" => doctor::report(),
        name => match STEPS.iter().find(|step| step.name == name) {
            Some(step) => ci::one(step, &workspace, &options),
            None => bail!("there is no command `{name}`; `cargo xtask help` lists what there is"),
        },
    }
}

fn help() -> String {
    let mut text = String::from(
        "cargo xtask <command>\n\
         \n\
         Everything:\n  \
           ci         every step below, in this order; goes on after a failure and lists all of them\n\
         \n\
         Steps of ci, each a command too:\n",
    );
    for step in STEPS {
        text.push_str(&format!("  {:<10} {}\n", step.name, step.about));
    }
    text.push_str(
        "\n\
         Not in ci:\n  \
           bench      run the benchmarks of every crate, one after the other\n  \
           fuzz       look for inputs that break a property, with libFuzzer where nightly is:\n  \
                      `fuzz [target] [--seconds 60]`\n  \
           release    with --dry-run: pack everything, and compile what was packed\n  \
           kill       kill `doku serve` under load and compare the books, on both databases:\n  \
                      `kill [--rounds 50] [--seed N]`\n  \
           doctor     say which optional tools are missing and how to install them\n  \
           help       this text\n\
         \n\
         Options:\n  \
           --skip a,b   ci: leave these steps out; `--skip test` says that the tests were run just before\n  \
           --bless      surface: write the lists instead of comparing them\n  \
           --dry-run    release: upload nothing; there is no other way yet\n  \
           --offline    use no network: what cargo has already fetched must do\n",
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_names_every_step() {
        for step in STEPS {
            assert!(help().contains(step.name), "{}", step.name);
        }
    }

    #[test]
    fn help_does_not_say_of_a_step_that_it_is_none() {
        let help = help();
        let (_, others) = help.split_once("Not in ci:\n").unwrap();
        for step in STEPS {
            let line = format!("\n  {} ", step.name);
            assert!(!format!("\n{others}").contains(&line), "{}", step.name);
        }
    }

    #[test]
    fn an_unknown_command_is_refused() {
        let error = dispatch(&["polish".into()]).unwrap_err();
        assert!(error.to_string().contains("polish"), "{error}");
    }

    #[test]
    fn no_command_is_a_failure() {
        assert!(dispatch(&[]).is_err());
    }
}
