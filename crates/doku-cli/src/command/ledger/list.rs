//! `doku ledger list`: a page of accounts.

use doku_ledger::Cursor;
use doku_ledger::account::AccountFilter;
use serde::Serialize;

use super::view::AccountRow;
use super::with_ledger;
use crate::args::ListArguments;
use crate::exit::{Exit, Failure};
use crate::output::{Format, Output, Table};

#[derive(Serialize)]
struct Listed {
    operation: &'static str,
    items: Vec<AccountRow>,
    next: String,
}

pub(super) fn list(arguments: &ListArguments, output: &Output) -> Result<Exit, Failure> {
    let mut filter = AccountFilter::all();
    if let Some(state) = arguments.state {
        filter = filter.in_state(state);
    }
    if !arguments.oldest_first {
        filter = filter.newest_first();
    }
    let limit = usize::from(arguments.limit);
    let after = arguments.after.unwrap_or(Cursor::START);
    let page = with_ledger(&arguments.place, async |ledger| {
        Ok(ledger.accounts(filter, after, limit).await?)
    })?;
    let full = page.items.len() == limit;
    let items: Vec<AccountRow> = page.items.iter().map(AccountRow::from).collect();
    match output.format() {
        Format::Json => output.json(&Listed {
            operation: "ledgerList",
            items,
            next: page.next.to_string(),
        })?,
        Format::Text if items.is_empty() => output.note("There are none."),
        Format::Text => {
            let mut table =
                Table::new(["trx id", "state", "number", "bill", "credited", "created"]);
            for row in items {
                table.row([
                    row.trx_id,
                    row.state.to_owned(),
                    row.number.unwrap_or_default(),
                    row.amount.unwrap_or_else(|| row.bill_type.to_owned()),
                    row.credited,
                    row.created_at,
                ]);
            }
            output.text(|style| table.printed(style))?;
            if full {
                output.note(&format!(
                    "There may be more: go on with --after {}.",
                    page.next
                ));
            }
        }
    }
    Ok(Exit::Done)
}
