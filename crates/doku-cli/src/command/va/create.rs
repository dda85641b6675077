//! `doku va create` and `doku va settle`.

use std::path::Path;

use doku::{Answer, CreateVa, ExternalId, Operation, PreparedCreate, Response, VirtualAccount};

use super::{Told, order, storable, tell};
use crate::args::{CreateArguments, SettleArguments};
use crate::command::{client, wait_for};
use crate::exit::{Exit, Failure};
use crate::file::{self, Kind, NewFile, shown};
use crate::output::Output;

pub(super) fn create(arguments: CreateArguments, output: &Output) -> Result<Exit, Failure> {
    if let Some(path) = &arguments.resume {
        let prepared = stored_prepared(path)?;
        return finish(arguments.save.as_deref(), output, || resume(&prepared));
    }
    let wanted = order::of(&arguments)?;
    let external_id = arguments.external_id;
    let prepare = arguments.prepare;
    finish(arguments.save.as_deref(), output, || {
        match prepare.as_deref() {
            Some(path) => write_down_and_send(&wanted, path),
            None => send(&wanted, external_id),
        }
    })
}

pub(super) fn settle(arguments: &SettleArguments, output: &Output) -> Result<Exit, Failure> {
    let prepared: PreparedCreate = stored_prepared(&arguments.prepared)?;
    finish(arguments.save.as_deref(), output, || {
        let client = client()?;
        wait_for(async { client.settle(&prepared).await.map_err(Failure::of_prepared) })
    })
}

fn stored_prepared(path: &Path) -> Result<PreparedCreate, Failure> {
    file::read_stored(path, Kind::PreparedCreate)
}

/// Does `work`, with the file for its result opened before and written after.
fn finish(
    save: Option<&Path>,
    output: &Output,
    work: impl FnOnce() -> Result<Response<VirtualAccount>, Failure>,
) -> Result<Exit, Failure> {
    let file = save.map(NewFile::create).transpose()?;
    let created = match work() {
        Ok(created) => created,
        Err(failure) => {
            if let Some(file) = file {
                file.discard();
            }
            return Err(failure);
        }
    };
    let va = &created.value;
    // Told even if it cannot be saved: by now it exists.
    let saved = match file {
        Some(file) => storable(va).and_then(|text| file.write(&text)),
        None => Ok(()),
    };
    let told = Told {
        operation: "create",
        sentence: sentence(&created.answer),
        existed: Some(existed(&created.answer)),
        status: None,
    };
    tell(output, &told, va, &created.answer)?;
    saved?;
    Ok(Exit::Done)
}

/// Whether the account was there before this answer: made by the same create, or found by its number.
fn existed(answer: &Answer) -> bool {
    answer.operation() != Operation::CreateVa || answer.is_of_an_earlier_call()
}

/// What the answer proves, and no more.
fn sentence(answer: &Answer) -> &'static str {
    if !existed(answer) {
        "Created."
    } else if answer.operation() == Operation::CreateVa {
        "An account of this trxId exists already: its trxId, name, bill and expiry are those asked for.\n\
         It may have been paid or deleted since: ask `doku va status`."
    } else {
        "An account of this trxId and number exists; bill and expiry are told as they were asked for.\n\
         It may have been paid since: ask `doku va status`."
    }
}

fn send(
    wanted: &CreateVa,
    external_id: Option<ExternalId>,
) -> Result<Response<VirtualAccount>, Failure> {
    let client = client()?;
    wait_for(async {
        let call = client.create(wanted);
        let created = match external_id {
            Some(id) => call.external_id(id).await,
            None => call.await,
        };
        Ok(created?)
    })
}

/// Nothing is sent before the file is on the disk.
fn write_down_and_send(
    wanted: &CreateVa,
    path: &Path,
) -> Result<Response<VirtualAccount>, Failure> {
    let client = client()?;
    let prepared = client.prepare(wanted)?;
    let text = serde_json::to_string_pretty(&prepared)
        .map_err(|error| Failure::internal("the create cannot be stored").because(&error))?;
    NewFile::create(path)?.write(&(text + "\n"))?;
    wait_for(async {
        client.send(&prepared).await.map_err(|error| {
            let failure = Failure::from(error);
            if failure.exit == Exit::Unknown {
                let path = shown(path);
                failure.next(format!(
                    "Today, run `doku va settle {path}`; do not create another one before it is settled."
                ))
            } else {
                failure
            }
        })
    })
}

fn resume(prepared: &PreparedCreate) -> Result<Response<VirtualAccount>, Failure> {
    let client = client()?;
    wait_for(async { client.send(prepared).await.map_err(Failure::of_prepared) })
}
