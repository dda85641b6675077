//! Killing `doku serve` under load, many times: the test `kill` of doku-cli with more rounds, optimised, and with its figures.

use anyhow::{Context as _, Result, bail};

use crate::postgres::Postgres;
use crate::shell::Program;
use crate::workspace::Workspace;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    /// How often, on each database.
    rounds: u64,
    /// Where chance begins; the test has one of its own.
    seed: Option<u64>,
    offline: bool,
}

impl Request {
    /// Reads the words behind `kill`.
    pub(crate) fn parse(arguments: &[String]) -> Result<Self> {
        let mut request = Self {
            rounds: 50,
            seed: None,
            offline: false,
        };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            let mut number = || rest.next().and_then(|number| number.parse::<u64>().ok());
            match argument.as_str() {
                "--offline" => request.offline = true,
                "--rounds" => {
                    request.rounds = number()
                        .filter(|rounds| *rounds > 0)
                        .context("--rounds wants a number, as in `--rounds 50`")?;
                }
                "--seed" => {
                    let seed = number().context("--seed wants a number, as in `--seed 1`")?;
                    request.seed = Some(seed);
                }
                other => {
                    bail!("`{other}` is no option of kill; it has --rounds, --seed and --offline")
                }
            }
        }
        Ok(request)
    }
}

/// Runs it on SQLite, and on PostgreSQL where one is installed.
pub(crate) fn run(workspace: &Workspace, request: &Request) -> Result<()> {
    let postgres = Postgres::find()?;
    let mut program = Program::cargo(&workspace.root)
        .args(["test", "--release", "--locked", "-p", "doku-cli"])
        .args(["--test", "kill"]);
    if request.offline {
        program = program.args(["--offline"]);
    }
    program = program
        .args(["--", "--nocapture"])
        .env("DOKU_KILL_ROUNDS", request.rounds.to_string());
    if let Some(seed) = request.seed {
        program = program.env("DOKU_KILL_SEED", seed.to_string());
    }
    let result = postgres.name_for(program).run();
    // Once more at the end, where it is read.
    postgres.tell();
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Request> {
        let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
        Request::parse(&words)
    }

    #[test]
    fn reads_how_often_and_from_where() {
        let request = parse(&["--rounds", "3", "--seed", "7", "--offline"]).unwrap();
        assert_eq!(
            (request.rounds, request.seed, request.offline),
            (3, Some(7), true)
        );
        let usual = parse(&[]).unwrap();
        assert_eq!((usual.rounds, usual.seed, usual.offline), (50, None, false));
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        for words in [
            &["--round", "3"][..],
            &["--rounds"],
            &["--rounds", "0"],
            &["--seed", "x"],
            &["postgres"],
        ] {
            assert!(parse(words).is_err(), "{words:?}");
        }
    }
}
