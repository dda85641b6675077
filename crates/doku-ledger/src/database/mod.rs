//! The database: one face for SQLite and PostgreSQL.
//!
//! Statements are one text for both, with `$1` placeholders. What must differ stands in `sqlite.rs` and `postgres.rs`:
//! how to connect, how to wait for a turn, and what a reader is shown. Everything else of the ledger speaks to
//! [`Database`] and [`Transaction`], and never to sqlx.

mod fault;
mod lent;
mod migrate;
mod postgres;
mod reach;
mod sqlite;
mod statement;

use std::sync::atomic::{AtomicI64, Ordering};

use sqlx::SqlitePool;

pub(crate) use statement::{Row, Statement, Value, together, tuples};

use crate::error::{Error, Kept};
use crate::location::Location;
use crate::schema::Schema;
use fault::storage;

/// An open database.
#[derive(Debug)]
pub(crate) enum Database {
    /// One file, one writer.
    Sqlite {
        /// One connection: whoever writes waits for it.
        writer: SqlitePool,
        /// Several that only read.
        readers: SqlitePool,
    },
    /// A server, shared by replicas.
    Postgres {
        /// Everything but the group commit.
        pool: lent::Pool,
        /// One connection for the group commit, not asked whether it lives each time.
        writer: lent::Pool,
        /// The era that rows are written in.
        era: AtomicI64,
    },
}

/// What a database is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To write; it is made where there is none.
    Work,
    /// To read, whether it takes writes or not.
    Look,
}

/// Who is to wait for whom: transactions that touch the same name come one after the other.
pub(crate) type LockName = i64;

/// A transaction. Dropped, it is rolled back.
pub(crate) enum Transaction {
    Sqlite(sqlite::Held),
    Postgres(lent::Lent),
}

impl Database {
    /// Connects without looking at the tables.
    pub(crate) async fn connect(location: &Location, purpose: Purpose) -> Result<Self, Error> {
        match location {
            Location::Sqlite(file) => sqlite::connect(file, purpose).await,
            Location::Postgres(url) => postgres::connect(url)
                .await
                .map_err(|error| storage(Kept::No, error)),
        }
    }

    /// Whether there is nothing yet where a file is to be.
    pub(crate) fn is_to_be_made(location: &Location) -> Result<bool, Error> {
        let Location::Sqlite(file) = location else {
            return Ok(false);
        };
        sqlite::look_at(file, Purpose::Work)?;
        Ok(!file.exists())
    }

    /// Whether it would take writes, as far as can be told without writing.
    pub(crate) async fn takes_writes(&self, location: &Location) -> Result<bool, Error> {
        if let Location::Sqlite(file) = location {
            return Ok(sqlite::takes_writes(file));
        }
        let asked = "SELECT CASE current_setting('transaction_read_only') WHEN 'on' THEN CAST(0 AS bigint) \
                     ELSE CAST(1 AS bigint) END AS n";
        let row = self.row(Statement::new(asked)).await?;
        Ok(row.map(|row| row.int("n")).transpose()? == Some(1))
    }

    /// Brings the tables to the version this crate knows.
    pub(crate) async fn migrate(&self) -> Result<(), Error> {
        migrate::run(self).await
    }

    /// Finds the era that rows are written in, and begins a new one where the database was restored elsewhere.
    pub(crate) async fn begin_era(&self) -> Result<(), Error> {
        self.find_era(Purpose::Work).await
    }

    /// Finds the era that rows are written in, or would be, and writes nothing.
    pub(crate) async fn see_era(&self) -> Result<(), Error> {
        self.find_era(Purpose::Look).await
    }

    async fn find_era(&self, purpose: Purpose) -> Result<(), Error> {
        if let Self::Postgres { pool, era, .. } = self {
            let current = postgres::era(pool, purpose)
                .await
                .map_err(|error| storage(Kept::No, error))?;
            era.store(current, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Which version the tables have, changing nothing.
    pub(crate) async fn schema(&self) -> Result<Schema, Error> {
        migrate::inspect(self).await
    }

    /// Reads, outside any transaction.
    pub(crate) async fn rows(&self, statement: Statement) -> Result<Vec<Row>, Error> {
        match self {
            Self::Sqlite { readers, .. } => statement.sqlite_rows(readers).await,
            Self::Postgres { pool, .. } => pool.rows(statement).await,
        }
        .map_err(|error| storage(Kept::No, error))
    }

    /// Reads the first row, where there is one.
    pub(crate) async fn row(&self, statement: Statement) -> Result<Option<Row>, Error> {
        Ok(self.rows(statement).await?.into_iter().next())
    }

    /// Writes with one statement, and says how many rows it touched.
    pub(crate) async fn execute(&self, statement: Statement) -> Result<u64, Error> {
        match self {
            Self::Sqlite { writer, .. } => statement.sqlite_execute(writer).await,
            Self::Postgres { pool, .. } => pool.execute(statement).await,
        }
        // One statement is its own commit.
        .map_err(|error| storage(fault::of_commit(&error), error))
    }

    /// Writes with one statement, and reads what it returns.
    pub(crate) async fn returning(&self, statement: Statement) -> Result<Vec<Row>, Error> {
        match self {
            Self::Sqlite { writer, .. } => statement.sqlite_rows(writer).await,
            Self::Postgres { pool, .. } => pool.rows(statement).await,
        }
        .map_err(|error| storage(fault::of_commit(&error), error))
    }

    /// Begins a transaction that waits for its turn at `names`.
    pub(crate) async fn begin(&self, names: Vec<LockName>) -> Result<Transaction, Error> {
        let transaction = match self {
            Self::Sqlite { writer, .. } => {
                sqlite::Held::begin(writer).await.map(Transaction::Sqlite)
            }
            Self::Postgres { pool, .. } => postgres::begin(pool, names)
                .await
                .map(Transaction::Postgres),
        };
        transaction.map_err(|error| storage(Kept::No, error))
    }

    /// The same on the connection of the group commit.
    pub(crate) async fn begin_group(&self, names: Vec<LockName>) -> Result<Transaction, Error> {
        match self {
            Self::Sqlite { .. } => self.begin(names).await,
            Self::Postgres { writer, .. } => postgres::begin(writer, names)
                .await
                .map(Transaction::Postgres)
                .map_err(|error| storage(Kept::No, error)),
        }
    }

    /// Whether transactions wait for each other by names. Otherwise each waits for every other.
    pub(crate) const fn has_turns(&self) -> bool {
        matches!(self, Self::Postgres { .. })
    }

    /// What follows a subquery that takes rows for work, so that replicas do not wait for each other.
    pub(crate) const fn skip_locked(&self) -> &'static str {
        match self {
            Self::Sqlite { .. } => "",
            Self::Postgres { .. } => " FOR UPDATE SKIP LOCKED",
        }
    }

    /// Where a row of the outbox stands: columns of its cursor, and the condition under which it may be shown after
    /// one. `$1` is the era of the cursor, `$2` its transaction as text, `$3` its id, `$4` the current era.
    pub(crate) const fn order(&self) -> &'static Order {
        match self {
            Self::Sqlite { .. } => &sqlite::ORDER,
            Self::Postgres { .. } => &postgres::ORDER,
        }
    }

    /// The era that rows are written in.
    pub(crate) fn era(&self) -> i64 {
        match self {
            Self::Sqlite { .. } => 0,
            Self::Postgres { era, .. } => era.load(Ordering::Relaxed),
        }
    }

    /// Waits for what is under way, and closes all connections.
    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres { pool, writer, .. } => {
                writer.close().await;
                pool.close().await;
            }
        }
    }
}

/// How rows of the outbox are put in order.
#[derive(Debug)]
pub(crate) struct Order {
    /// Columns of the cursor, named `c_era`, `c_xid` and `c_id`, of the table `o`.
    pub(crate) columns: &'static str,
    /// What may be shown, of the table `o`.
    pub(crate) shown: &'static str,
    /// The order, of the table `o`.
    pub(crate) by: &'static str,
}

impl Transaction {
    /// Reads.
    pub(crate) async fn rows(&mut self, statement: Statement) -> Result<Vec<Row>, Error> {
        match self {
            Self::Sqlite(transaction) => statement.sqlite_rows(transaction.connection()).await,
            Self::Postgres(transaction) => transaction.rows(statement).await,
        }
        .map_err(|error| storage(Kept::No, error))
    }

    /// Reads the first row, where there is one.
    pub(crate) async fn row(&mut self, statement: Statement) -> Result<Option<Row>, Error> {
        Ok(self.rows(statement).await?.into_iter().next())
    }

    /// Writes, and says how many rows were touched.
    pub(crate) async fn execute(&mut self, statement: Statement) -> Result<u64, Error> {
        match self {
            Self::Sqlite(transaction) => statement.sqlite_execute(transaction.connection()).await,
            Self::Postgres(transaction) => transaction.execute(statement).await,
        }
        .map_err(|error| storage(Kept::No, error))
    }

    /// Makes it durable.
    pub(crate) async fn commit(self) -> Result<(), Error> {
        match self {
            Self::Sqlite(transaction) => transaction.commit().await,
            Self::Postgres(transaction) => transaction.commit().await,
        }
        .map_err(|error| storage(fault::of_commit(&error), error))
    }
}
