//! The `doku` command: reads the command line, does what it says, and ends with the exit code that tells how it went.

mod args;
mod command;
mod exit;
mod file;
mod output;

use std::ffi::OsString;
use std::io::ErrorKind;
use std::process::ExitCode;

use args::{Arguments, Command};
use clap::Parser as _;
use exit::{Exit, Failure};
use output::{Format, Output};

fn main() -> ExitCode {
    let given: Vec<OsString> = std::env::args_os().collect();
    let arguments = match Arguments::try_parse_from(&given) {
        Ok(arguments) => arguments,
        Err(error) => return not_understood(&error, &given).into(),
    };
    let output = Output::new(arguments.output.format());
    match run(arguments.command, &output) {
        Ok(exit) => exit.into(),
        Err(failure) => output.failure(&failure).into(),
    }
}

fn run(command: Command, output: &Output) -> Result<Exit, Failure> {
    match &command {
        Command::Serve(arguments) => output::log::of_a_server(arguments.log_format),
        _ => output::log::to_stderr(),
    }
    match command {
        Command::Demo => command::demo::run(output),
        Command::Sandbox(arguments) => command::sandbox::run(&arguments, output),
        Command::Serve(arguments) => command::serve::run(&arguments, output),
        Command::Ledger(command) => command::ledger::run(*command, output),
        Command::Va(command) => command::va::run(*command, output),
        Command::Trigger(arguments) => command::trigger::run(&arguments, output),
        Command::Conformance(arguments) => command::conformance::run(&arguments, output),
        Command::Listen(arguments) => command::listen::run(&arguments, output),
        Command::Token(arguments) => command::token::run(&arguments, output),
        Command::Keygen(arguments) => command::keygen::run(&arguments, output),
        Command::Completions(arguments) => command::shell::completions(&arguments, output),
        Command::Man(arguments) => command::shell::man(&arguments, output),
        Command::Doctor(arguments) => command::doctor::run(&arguments, output),
        Command::Code(arguments) => command::code::run(&arguments, output),
        Command::Sign(command) => command::signature::sign(&command, output),
        Command::Verify(command) => command::signature::verify(&command, output),
        Command::Explain(arguments) => command::signature::explain(&arguments, output),
    }
}

/// Help and version, which are asked for, and command lines that make no sense.
fn not_understood(error: &clap::Error, given: &[OsString]) -> Exit {
    if !error.use_stderr() {
        return match error.print() {
            Ok(()) => Exit::Done,
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Exit::Done,
            Err(_) => Exit::Internal,
        };
    }
    match Format::asked_for(given) {
        Format::Json => {
            let text = error.to_string();
            let said = text.trim().trim_start_matches("error: ");
            let failure = Failure::usage(said.lines().next().unwrap_or(said))
                .next("Run `doku --help`, or `doku <command> --help`.");
            Output::new(Format::Json).failure(&failure)
        }
        Format::Text => {
            // Where stderr is gone there is nobody left to tell.
            let _gone = error.print();
            Exit::Usage
        }
    }
}
