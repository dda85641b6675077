//! SQLite: one file beside the process, one writer, readers that never wait.

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Sqlite, SqlitePool, Transaction};

use super::{Database, Order};

/// How long to wait for another process that writes to the same file.
const PATIENCE: Duration = Duration::from_secs(10);

const READERS: u32 = 4;

/// Commits are made by one connection, so ids are given in the order of commits.
pub(super) const ORDER: Order = Order {
    columns: "0 AS c_era, '0' AS c_xid, o.id AS c_id",
    // The cursor's era and transaction are those of another database, or zero.
    shown: "o.id > $3 AND $1 >= 0 AND $2 <> '' AND $4 >= 0",
    by: "o.id",
};

pub(super) async fn connect(file: &Path, create: bool) -> Result<Database, sqlx::Error> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(create)
        .journal_mode(SqliteJournalMode::Wal)
        // A commit that was acknowledged survives a power cut.
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(PATIENCE)
        .foreign_keys(true)
        .statement_cache_capacity(256)
        .disable_statement_logging();
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .test_before_acquire(false)
        .acquire_timeout(PATIENCE)
        .connect_with(options.clone().pragma("cache_size", "-16384"))
        .await?;
    let readers = SqlitePoolOptions::new()
        .max_connections(READERS)
        .min_connections(0)
        .test_before_acquire(false)
        .acquire_timeout(PATIENCE)
        .connect_lazy_with(options.create_if_missing(false).pragma("query_only", "on"));
    Ok(Database::Sqlite { writer, readers })
}

/// Takes the lock at once: a transaction that begins by reading could not get it later.
pub(super) async fn begin(
    writer: &SqlitePool,
) -> Result<Transaction<'static, Sqlite>, sqlx::Error> {
    writer.begin_with("BEGIN IMMEDIATE").await
}
