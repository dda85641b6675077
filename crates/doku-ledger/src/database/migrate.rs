//! The tables and their versions: embedded, checksummed, brought up to date when a ledger is opened.

use sha2::{Digest as _, Sha256};
use sqlx::Executor as _;

use super::fault::storage;
use super::{Database, Statement, Transaction};
use crate::error::{Error, Kept};
use crate::schema::{Schema, SchemaError};

/// A step from one version to the next.
struct Migration {
    version: i64,
    sqlite: &'static str,
    postgres: &'static str,
}

/// All steps, in order. A step that was released is never edited: its checksum is in people's databases.
const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        sqlite: include_str!("../../migrations/sqlite/0001_ledger.sql"),
        postgres: include_str!("../../migrations/postgres/0001_ledger.sql"),
    },
    Migration {
        version: 2,
        sqlite: include_str!("../../migrations/sqlite/0002_delivery.sql"),
        postgres: include_str!("../../migrations/postgres/0002_delivery.sql"),
    },
    Migration {
        version: 3,
        sqlite: include_str!("../../migrations/sqlite/0003_refused.sql"),
        postgres: include_str!("../../migrations/postgres/0003_refused.sql"),
    },
];

const TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_version \
     (version BIGINT PRIMARY KEY, checksum TEXT NOT NULL)";

impl Migration {
    const fn text(&self, database: &Database) -> &'static str {
        match database {
            Database::Sqlite { .. } => self.sqlite,
            Database::Postgres { .. } => self.postgres,
        }
    }
}

fn checksum(text: &str) -> String {
    use std::fmt::Write as _;
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(text.as_bytes()) {
        // Writing to a string does not fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

/// Everything in one transaction, so that a step is made whole or not at all, and replicas take turns.
pub(super) async fn run(database: &Database) -> Result<(), Error> {
    const TURN: i64 = 4_918_273_644;
    let mut transaction = database.begin(vec![TURN]).await?;
    raw(&mut transaction, TABLE).await?;
    let made = transaction.rows(made()).await?;
    let made = read(&made)?;
    compare(database, &made)?;
    for migration in MIGRATIONS {
        if made
            .iter()
            .any(|(version, _)| *version == migration.version)
        {
            continue;
        }
        let text = migration.text(database);
        raw(&mut transaction, text).await?;
        let note = Statement::new("INSERT INTO schema_version (version, checksum) VALUES ($1, $2)")
            .bind(migration.version)
            .bind(checksum(text));
        transaction.execute(note).await?;
        tracing::info!(
            version = migration.version,
            "the tables were brought to this version"
        );
    }
    transaction.commit().await
}

/// What is there, without making anything.
pub(super) async fn inspect(database: &Database) -> Result<Schema, Error> {
    let exists = match database {
        Database::Sqlite { .. } => {
            "SELECT count(*) AS n FROM sqlite_master WHERE name = 'schema_version'"
        }
        Database::Postgres { .. } => {
            "SELECT count(*) AS n FROM information_schema.tables \
             WHERE table_schema = current_schema() AND table_name = 'schema_version'"
        }
    };
    let there = database.row(Statement::new(exists)).await?;
    if there.map(|row| row.int("n")).transpose()?.unwrap_or(0) == 0 {
        return Ok(Schema::Empty);
    }
    let made = read(&database.rows(made()).await?)?;
    compare(database, &made)?;
    let known = newest();
    Ok(match made.iter().map(|(version, _)| *version).max() {
        None => Schema::Empty,
        Some(found) if found < known => Schema::Older { found, known },
        Some(version) => Schema::Current { version },
    })
}

fn made() -> Statement {
    Statement::new("SELECT version, checksum FROM schema_version ORDER BY version")
}

fn read(rows: &[super::Row]) -> Result<Vec<(i64, String)>, Error> {
    rows.iter()
        .map(|row| Ok((row.int("version")?, row.text("checksum")?)))
        .collect()
}

fn newest() -> i64 {
    MIGRATIONS.last().map_or(0, |migration| migration.version)
}

fn compare(database: &Database, made: &[(i64, String)]) -> Result<(), SchemaError> {
    for (version, sum) in made {
        match MIGRATIONS.iter().find(|known| known.version == *version) {
            None => {
                return Err(SchemaError::Newer {
                    found: *version,
                    known: newest(),
                });
            }
            Some(known) if checksum(known.text(database)) != *sum => {
                return Err(SchemaError::Altered { version: *version });
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// Several statements without values.
async fn raw(transaction: &mut Transaction, text: &'static str) -> Result<(), Error> {
    match transaction {
        Transaction::Sqlite(inner) => inner
            .connection()
            .execute(sqlx::raw_sql(text))
            .await
            .map(|_| ()),
        Transaction::Postgres(inner) => inner
            .run(async |connection| connection.execute(sqlx::raw_sql(text)).await)
            .await
            .map(|_| ()),
    }
    .map_err(|error| storage(Kept::No, error))
}
