//! SQLite: one file beside the process, one writer, readers that never wait.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Executor as _, Sqlite, SqliteConnection, SqlitePool};

use tokio::time::Instant;

use super::fault::storage;
use super::statement::PREPARED;
use super::{Database, Order, Purpose, fault};
use crate::error::{Error, Fault, Kept, NoLedger};

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

/// Opens the file.
pub(super) async fn connect(file: &Path, purpose: Purpose) -> Result<Database, Error> {
    let told = |error: sqlx::Error| match fault::is_not_sqlite(&error) {
        true => NoLedger::NotSqlite(file.to_owned()).into(),
        // SQLite says that it cannot open a file that it needs, and means one beside this one.
        false if fault::is_shut(&error) && file.exists() && !takes_writes(file) => Error::Storage {
            kept: Kept::No,
            fault: Fault::ReadOnly,
            source: Arc::new(error),
        },
        false => storage(Kept::No, error),
    };
    look_at(file, purpose)?;
    match purpose {
        Purpose::Work => work(file).await.map_err(told),
        Purpose::Look => look(file).await.map_err(told),
    }
}

/// SQLite says of each of these that it cannot open the file.
pub(super) fn look_at(file: &Path, purpose: Purpose) -> Result<(), NoLedger> {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or_else(|| ".".as_ref());
    // What cannot be looked at is left to SQLite.
    if file.is_dir() {
        return Err(NoLedger::Folder(file.to_owned()));
    }
    if matches!(file.try_exists(), Ok(false)) {
        if matches!(folder.try_exists(), Ok(false)) {
            return Err(NoLedger::NoFolder(file.to_owned()));
        }
        if purpose == Purpose::Look {
            return Err(NoLedger::NoFile(file.to_owned()));
        }
    }
    Ok(())
}

fn options(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .busy_timeout(PATIENCE)
        .foreign_keys(true)
        .statement_cache_capacity(PREPARED)
        .disable_statement_logging()
}

fn readers() -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(READERS)
        .min_connections(0)
        .test_before_acquire(false)
        .acquire_timeout(PATIENCE)
}

async fn work(file: &Path) -> Result<Database, sqlx::Error> {
    // Of what goes wrong here, opening it says more.
    let _ = make(file);
    let options = options(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // A commit that was acknowledged survives a power cut.
        .synchronous(SqliteSynchronous::Full);
    let writer = writer(options.clone().pragma("cache_size", "-16384")).await?;
    let readers =
        readers().connect_lazy_with(options.create_if_missing(false).pragma("query_only", "on"));
    Ok(Database::Sqlite { writer, readers })
}

/// Nothing is made and nothing written, as far as that can be: where somebody works on the file, whoever reads it has a part in
/// the files beside it.
async fn look(file: &Path) -> Result<Database, sqlx::Error> {
    let options = options(file).create_if_missing(false);
    let reading = options.clone().pragma("query_only", "on");
    let open = async |options: SqliteConnectOptions| {
        let pool = readers().connect_with(options).await?;
        // Whether it can be read shows when it is.
        pool.execute("SELECT count(*) FROM sqlite_master").await?;
        Ok(pool)
    };
    let pool = match open(reading).await {
        Err(error) if fault::is_shut(&error) && !has_log(file) => {
            // Where nothing can be written, nobody else writes.
            open(options.read_only(true).immutable(true)).await?
        }
        opened => opened?,
    };
    Ok(Database::Sqlite {
        writer: pool.clone(),
        readers: pool,
    })
}

/// Whether the file may be written, as the system has it.
pub(super) fn takes_writes(file: &Path) -> bool {
    std::fs::File::options().write(true).open(file).is_ok()
}

/// Whether commits stand beside the file that are not in it.
fn has_log(file: &Path) -> bool {
    let mut log = file.as_os_str().to_owned();
    log.push("-wal");
    std::fs::metadata(log).is_ok_and(|log| log.len() > 0)
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
