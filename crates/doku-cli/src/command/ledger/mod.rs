//! `doku ledger …`: one file for each thing that is done with a ledger, and what they share.

mod evidence;
mod export;
mod list;
mod reconcile;
mod resolve;
mod restored;
mod show;
mod view;
mod webhooks;

use doku_ledger::Ledger;

use super::place;
use crate::args::{LedgerCommand, Place};
use crate::exit::{Exit, Failure};
use crate::output::Output;

pub(crate) fn run(command: LedgerCommand, output: &Output) -> Result<Exit, Failure> {
    match command {
        LedgerCommand::List(arguments) => list::list(&arguments, output),
        LedgerCommand::Show(arguments) => show::show(&arguments, output),
        LedgerCommand::Export(arguments) => match export::export(&arguments, output) {
            // Whoever reads has had enough.
            Err(failure) if failure.reader_gone => Ok(Exit::Done),
            other => other,
        },
        LedgerCommand::Reconcile(arguments) => reconcile::reconcile(&arguments, output),
        LedgerCommand::Resolve(arguments) => resolve::resolve(&arguments, output),
        LedgerCommand::Evidence(arguments) => evidence::evidence(&arguments, output),
        LedgerCommand::Webhooks(arguments) => webhooks::webhooks(&arguments, output),
        LedgerCommand::Restored(arguments) => restored::restored(&arguments, output),
    }
}

/// Looks into the ledger, and closes it whatever came of it.
fn with_ledger<T>(
    place: &Place,
    look: impl AsyncFnOnce(&Ledger) -> Result<T, Failure>,
) -> Result<T, Failure> {
    super::wait_for(async { closed(place::look(place).await?, look).await })
}

/// The same for what writes to it.
fn changing_ledger<T>(
    place: &Place,
    work: impl AsyncFnOnce(&Ledger) -> Result<T, Failure>,
) -> Result<T, Failure> {
    super::wait_for(async { closed(place::work(place).await?, work).await })
}

async fn closed<T>(
    ledger: Ledger,
    work: impl AsyncFnOnce(&Ledger) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let done = work(&ledger).await;
    ledger.close().await;
    done
}
