//! `doku va update` and `doku va delete`.

use std::path::Path;

use doku::{Change, VirtualAccount};

use super::order::personal;
use super::{DELETE, Told, bill, storable, stored, tell};
use crate::args::{ChangeArguments, DeleteArguments, UpdateArguments};
use crate::command::{client, wait_for};
use crate::exit::{Exit, Failure};
use crate::file::{self, NewFile, is_stdin};
use crate::output::Output;

pub(super) fn update(arguments: UpdateArguments, output: &Output) -> Result<Exit, Failure> {
    let path = arguments.target.va;
    let va = stored(&path)?;
    let change = change(&arguments.change, &va)?;
    let status = match (arguments.change.activate, arguments.change.deactivate) {
        (true, _) => Some("ACTIVE"),
        (_, true) => Some("INACTIVE"),
        _ => None,
    };
    let client = client()?;
    let file = arguments.save.as_deref().map(NewFile::create).transpose()?;
    let updated = wait_for(async {
        let call = client.update(&va, &change);
        let updated = match arguments.external_id {
            Some(id) => call.external_id(id).await,
            None => call.await,
        };
        Ok(updated?)
    });
    match updated {
        Ok(updated) => {
            // Told even if it cannot be saved: by now it is changed.
            if file.is_none() && is_stdin(&path) {
                output.note(
                    "The changed account is not stored; the next update needs it: use --save.",
                );
            }
            let saved = save(&updated.value, &path, file);
            let told = Told {
                operation: "update",
                sentence: "Updated.",
                existed: None,
                status,
            };
            tell(output, &told, &updated.value, &updated.answer)?;
            saved.map(|()| Exit::Done)
        }
        Err(failure) => {
            if let Some(file) = file {
                file.discard();
            }
            Err(failure)
        }
    }
}

/// The account as it is now, because the next update starts from what is stored.
fn save(va: &VirtualAccount, path: &Path, file: Option<NewFile>) -> Result<(), Failure> {
    let text = storable(va)?;
    match file {
        Some(file) => file.write(&text),
        None if is_stdin(path) => Ok(()),
        None => file::replace(path, &text),
    }
}

fn change(arguments: &ChangeArguments, va: &VirtualAccount) -> Result<Change, Failure> {
    let mut change = Change::new();
    if let Some(name) = personal("--name", arguments.payer.name.as_deref())? {
        change = change.name(name);
    }
    if let Some(email) = personal("--email", arguments.payer.email.as_deref())? {
        change = change.email(email);
    }
    if let Some(phone) = personal("--phone", arguments.payer.phone.as_deref())? {
        change = change.phone(phone);
    }
    if let Some(bill) = bill::of_change(&arguments.bill, va.bill())? {
        change = change.bill(bill);
    }
    if let Some(expires) = &arguments.expires {
        change = change.expires(expires.clone());
    }
    if arguments.activate {
        change = change.activate();
    }
    if arguments.deactivate {
        change = change.deactivate();
    }
    if change == Change::new() {
        return Err(Failure::usage("there is nothing to change")
            .next("Say what: --amount, --expires, --deactivate, and so on."));
    }
    Ok(change)
}

pub(super) fn delete(arguments: DeleteArguments, output: &Output) -> Result<Exit, Failure> {
    let va = stored(&arguments.target.va)?;
    let client = client()?;
    let deleted = wait_for(async {
        let call = client.delete(&va);
        let deleted = match arguments.external_id {
            Some(id) => call.external_id(id).await,
            None => call.await,
        };
        Ok(deleted?)
    })?;
    let told = Told {
        operation: DELETE,
        sentence: "Deleted: nobody can pay it any more.",
        existed: None,
        status: None,
    };
    tell(output, &told, &va, &deleted.answer)?;
    Ok(Exit::Done)
}
