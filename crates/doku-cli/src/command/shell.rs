//! `doku completions` and `doku man`: the command line described for shells and for man.

use clap::CommandFactory as _;

use crate::args::{Arguments, CompletionsArguments, ManArguments};
use crate::exit::{Exit, Failure};
use crate::file::shown;
use crate::output::{Card, Output};

/// Prints the completions of a shell.
pub(crate) fn completions(
    arguments: &CompletionsArguments,
    output: &Output,
) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(
        arguments.shell,
        &mut Arguments::command(),
        "doku",
        &mut script,
    );
    output.text(|_| String::from_utf8_lossy(&script).into_owned())?;
    Ok(Exit::Done)
}

/// A manual that was written.
#[derive(serde::Serialize)]
struct Written {
    operation: &'static str,
    folder: String,
    pages: usize,
}

/// Writes a page for each command.
pub(crate) fn man(arguments: &ManArguments, output: &Output) -> Result<Exit, Failure> {
    let folder = &arguments.folder;
    let failed = |error: std::io::Error| {
        Failure::internal(format!("the pages cannot be written to {}", shown(folder)))
            .because(&error)
            .next("Check the path and its permissions.")
    };
    std::fs::create_dir_all(folder).map_err(failed)?;
    clap_mangen::generate_to(Arguments::command(), folder).map_err(failed)?;
    let pages = std::fs::read_dir(folder).map_err(failed)?.count();
    let card = Card::new("Wrote the manual.")
        .fact("folder", &shown(folder))
        .fact("next", &format!("man {}/doku.1", shown(folder)));
    let written = Written {
        operation: "man",
        folder: shown(folder),
        pages,
    };
    output.result(&card, &written)?;
    Ok(Exit::Done)
}
