//! Where the ledger is, and how its server is set up: flags, then the environment, then the file.

use std::env;
use std::path::Path;

use doku::ClientId;
use doku_ledger::{Ledger, Location, Schema, Settings};
use doku_server::Config;
use serde::Deserialize;

use crate::args::Place;
use crate::exit::Failure;
use crate::file::{self, shown};

/// What the settings of a server name where they say nothing of a database.
const DATABASE: &str = "doku.sqlite";

/// Everything that a server needs.
pub(super) fn config(place: &Place) -> Result<Config, Failure> {
    let config = Config::load(place.config.as_deref())?;
    Ok(match &place.database {
        Some(text) => config.database(flag(text)?),
        None => config,
    })
}

/// The ledger, which must be there: a command that looks into one makes none, and changes nothing.
pub(super) async fn look(place: &Place) -> Result<Ledger, Failure> {
    let (location, client_id) = named(place)?;
    there(&location).await?;
    Ok(Ledger::look(Settings::new(location, client_id)).await?)
}

/// The same, to write to it.
pub(super) async fn work(place: &Place) -> Result<Ledger, Failure> {
    let (location, client_id) = named(place)?;
    open(Settings::new(location, client_id)).await
}

fn named(place: &Place) -> Result<(Location, ClientId), Failure> {
    let file = match &place.config {
        Some(path) => settings(path)?,
        None => File::default(),
    };
    let location = match (&place.database, variable("DOKU_SERVER_DATABASE")) {
        (Some(text), _) => flag(text)?,
        (None, Some(text)) => located("DOKU_SERVER_DATABASE", &text)?,
        (None, None) => located("database", file.database.as_deref().unwrap_or(DATABASE))?,
    };
    let client_id = variable("DOKU_CLIENT_ID").or(file.doku.client_id);
    let client_id = client_id.ok_or_else(|| {
        Failure::configuration("DOKU_CLIENT_ID is missing: a ledger is of one client id")
            .next("Set it, or name the settings of the server with --config.")
    })?;
    let client_id: ClientId = client_id.parse().map_err(|error: doku::FieldError| {
        Failure::configuration(format!("DOKU_CLIENT_ID: {error}"))
            .next("Copy it from DOKU's back office.")
    })?;
    Ok((location, client_id))
}

/// Opens a ledger that is there and up to date.
pub(super) async fn open(settings: Settings) -> Result<Ledger, Failure> {
    there(settings.location()).await?;
    Ok(Ledger::open(settings).await?)
}

/// That a ledger is there, with tables of this program's.
async fn there(location: &Location) -> Result<(), Failure> {
    let because = match Ledger::inspect(location).await? {
        Schema::Current { .. } => return Ok(()),
        Schema::Older { found, known } => {
            return Err(Failure::internal(format!(
                "the tables of {location} have version {found}, and this program works on {known}"
            ))
            .next("Make a backup and start `doku serve`, which brings them up to date."));
        }
        _ => match location {
            Location::Sqlite(file) if !file.exists() => "the file is not there",
            _ => "it has no tables of a ledger",
        },
    };
    Err(
        Failure::usage(format!("there is no ledger at {location}: {because}")).next(
            "Name it with --database, --config or DOKU_SERVER_DATABASE; `doku serve` makes one.",
        ),
    )
}

/// The database of `--database`. Every user of a machine can read every command line, so no password is taken there.
fn flag(text: &str) -> Result<Location, Failure> {
    let location = located("--database", text)?;
    match &location {
        Location::Postgres(url) if holds_password(url) => Err(Failure::usage(
            "--database holds a password, which every user of this machine can read",
        )
        .next(
            "Put the URL into DOKU_SERVER_DATABASE, or the password into PGPASSWORD or ~/.pgpass.",
        )),
        _ => Ok(location),
    }
}

fn holds_password(url: &str) -> bool {
    let (plain, query) = url.split_once('?').unwrap_or((url, ""));
    let rest = plain.split_once("://").map_or(plain, |(_, rest)| rest);
    let user = rest.rsplit_once('@').map_or("", |(user, _)| user);
    user.contains(':') || query.contains("password")
}

fn located(key: &str, text: &str) -> Result<Location, Failure> {
    text.parse().map_err(|error: doku_ledger::InvalidLocation| {
        Failure::configuration(format!("{key}: {error}")).next("Mend it and run the command again.")
    })
}

/// A variable; an empty one counts as absent.
fn variable(name: &str) -> Option<String> {
    env::var(name)
        .ok()
        .map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
}

/// What of a server's settings says which ledger is meant. Whoever looks into it needs no keys.
#[derive(Default, Deserialize)]
#[serde(default)]
struct File {
    database: Option<String>,
    doku: Doku,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Doku {
    client_id: Option<String>,
}

fn settings(path: &Path) -> Result<File, Failure> {
    let text = file::read(path)?;
    // The error would print the line, which may hold a secret that somebody wrote there.
    toml::from_str(&text).map_err(|error| {
        Failure::configuration(format!("{}: {}", shown(path), error.message()))
            .next("Mend it and run the command again; `doku serve --help` lists the settings.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_found_wherever_a_url_may_have_them() {
        for url in [
            "postgres://doku:hunter2@db/doku",
            "postgres://doku:hun@ter2@db/doku",
            "postgresql://db/doku?user=doku&password=hunter2",
        ] {
            assert!(holds_password(url), "{url}");
            let failure = flag(url).unwrap_err();
            assert!(!format!("{failure:?}").contains("ter2"), "{failure:?}");
        }
        for url in [
            "postgres://doku@db:5432/doku",
            "postgres:///doku?host=/run/postgresql",
        ] {
            assert!(flag(url).is_ok(), "{url}");
        }
    }
}
