//! `doku ledger restored`: ids go on where none can have been given since the backup.

use serde::Serialize;

use super::changing_ledger;
use crate::args::RestoredArguments;
use crate::exit::{Exit, Failure};
use crate::output::{Card, Output};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Restored {
    operation: &'static str,
    /// Events and payments have ids beyond this one from now on.
    ids_after: i64,
}

pub(super) fn restored(arguments: &RestoredArguments, output: &Output) -> Result<Exit, Failure> {
    let ids_after = changing_ledger(&arguments.place, async |ledger| {
        Ok(ledger.restored().await?)
    })?;
    let card = Card::new(
        "Ids of events and payments go on beyond all that were given after the backup was made.",
    )
    .fact("ids after", &ids_after);
    output.result(
        &card,
        &Restored {
            operation: "ledgerRestored",
            ids_after,
        },
    )?;
    Ok(Exit::Done)
}
