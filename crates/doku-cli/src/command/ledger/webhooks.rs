//! `doku ledger webhooks`: for whom the ledger holds webhooks, and forgetting one that is gone.

use doku_ledger::delivery::Recipient;
use serde::Serialize;

use super::{changing_ledger, with_ledger};
use crate::args::WebhooksArguments;
use crate::exit::{Exit, Failure};
use crate::output::{Card, Format, Output, Table};

#[derive(Serialize)]
struct Listed {
    operation: &'static str,
    items: Vec<Waiting>,
}

#[derive(Serialize)]
struct Waiting {
    webhook: String,
    waiting: u64,
    dead: u64,
}

#[derive(Serialize)]
struct Forgotten<'n> {
    operation: &'static str,
    webhook: &'n str,
    dropped: u64,
}

pub(super) fn webhooks(arguments: &WebhooksArguments, output: &Output) -> Result<Exit, Failure> {
    match &arguments.forget {
        Some(name) => forget(name, arguments, output),
        None => list(arguments, output),
    }
}

fn list(arguments: &WebhooksArguments, output: &Output) -> Result<Exit, Failure> {
    let items = with_ledger(&arguments.place, async |ledger| {
        let mut items = Vec::new();
        for known in ledger.recipients().await? {
            let backlog = ledger.backlog(&known).await?;
            items.push(Waiting {
                webhook: known.name().to_owned(),
                waiting: backlog.waiting,
                dead: backlog.dead,
            });
        }
        Ok(items)
    })?;
    match output.format() {
        Format::Json => output.json(&Listed {
            operation: "ledgerWebhooks",
            items,
        })?,
        Format::Text if items.is_empty() => output.note("There are none."),
        Format::Text => {
            let mut table = Table::new(["webhook", "waiting", "dead"]);
            for item in items {
                table.row([
                    item.webhook,
                    item.waiting.to_string(),
                    item.dead.to_string(),
                ]);
            }
            output.text(|style| table.printed(style))?;
        }
    }
    Ok(Exit::Done)
}

fn forget(name: &str, arguments: &WebhooksArguments, output: &Output) -> Result<Exit, Failure> {
    let dropped = changing_ledger(&arguments.place, async |ledger| {
        Ok(ledger.forget_recipient(&Recipient::new(name)).await?)
    })?;
    let Some(dropped) = dropped else {
        return Err(
            Failure::usage(format!("the ledger knows no webhook `{name}`"))
                .next("Look for its name with `doku ledger webhooks`."),
        );
    };
    let card = Card::new(format!("{name} is forgotten, and what waited for it."))
        .fact("dropped", &dropped);
    output.result(
        &card,
        &Forgotten {
            operation: "ledgerForget",
            webhook: name,
            dropped,
        },
    )?;
    Ok(Exit::Done)
}
