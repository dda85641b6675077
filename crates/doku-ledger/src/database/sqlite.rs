//! SQLite: one file beside the process, one writer, readers that never wait.

use std::path::Path;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Executor as _, Sqlite, SqliteConnection, SqlitePool};

use tokio::time::Instant;

use super::{Database, Order, fault};

/// How long to wait for another process that writes to the same file.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long before trying again where SQLite does not wait by itself.
const PAUSE: Duration = Duration::from_millis(20);

const READERS: u32 = 4;

/// Commits are made by one connection, so ids are given in the order of commits.
pub(super) const ORDER: Order = Order {
    columns: "0 AS c_era, '0' AS c_xid, o.id AS c_id",
    // The cursor's era and transaction are those of another database, or zero.
    shown: "o.id > $3 AND $1 >= 0 AND $2 <> '' AND $4 >= 0",
    by: "o.id",
};

pub(super) async fn connect(file: &Path, create: bool) -> Result<Database, sqlx::Error> {
    if create {
        // Of what goes wrong here, opening it says more.
        let _ = make(file);
    }
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
    let writer = writer(options.clone().pragma("cache_size", "-16384")).await?;
    let readers = SqlitePoolOptions::new()
        .max_connections(READERS)
        .min_connections(0)
        .test_before_acquire(false)
        .acquire_timeout(PATIENCE)
        .connect_lazy_with(options.create_if_missing(false).pragma("query_only", "on"));
    Ok(Database::Sqlite { writer, readers })
}

/// The connection that writes.
///
/// The first one to a new file turns write-ahead logging on, and SQLite waits for nobody while it does: another process that
/// comes at that moment is told at once that the file is busy. So it tries again for as long as anybody waits elsewhere.
async fn writer(options: SqliteConnectOptions) -> Result<SqlitePool, sqlx::Error> {
    let begun = Instant::now();
    loop {
        let opened = SqlitePoolOptions::new()
            .max_connections(1)
            .test_before_acquire(false)
            .acquire_timeout(PATIENCE)
            .connect_with(options.clone())
            .await;
        match opened {
            Err(error) if fault::is_busy(&error) && begun.elapsed() < PATIENCE => {
                tokio::time::sleep(PAUSE).await;
            }
            opened => return opened,
        }
    }
}

/// Makes the file for its owner alone: it holds names of payers. What stands beside it later takes its rights from it.
fn make(file: &Path) -> std::io::Result<()> {
    let mut options = std::fs::File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map(|_| ())
}

/// A transaction of SQLite's.
///
/// Not sqlx's own: that one counts how deep it stands, and where the disk is full the count goes wrong and the
/// connection never serves again. This one gives its connection back only after a commit that succeeded; any other end
/// closes the connection, which is the surest rollback there is.
pub(crate) struct Held {
    connection: PoolConnection<Sqlite>,
    committed: bool,
}

impl Held {
    /// Takes the lock at once: a transaction that begins by reading could not get it later.
    pub(super) async fn begin(writer: &SqlitePool) -> Result<Self, sqlx::Error> {
        // Made before the statement, so that whoever gives up at it leaves no open transaction behind.
        let mut held = Self {
            connection: writer.acquire().await?,
            committed: false,
        };
        held.connection.execute("BEGIN IMMEDIATE").await?;
        Ok(held)
    }

    pub(super) async fn commit(mut self) -> Result<(), sqlx::Error> {
        self.connection.execute("COMMIT").await?;
        self.committed = true;
        Ok(())
    }

    pub(super) fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if !self.committed {
            self.connection.close_on_drop();
        }
    }
}
