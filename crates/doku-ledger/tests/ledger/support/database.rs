//! A database of a test's own: a file, or a schema in the cluster that `DOKU_TEST_POSTGRES` names.

use std::path::PathBuf;

use doku_ledger::{Ledger, Location, Settings};
use sqlx::{Connection as _, Executor as _, PgConnection, SqliteConnection};
use tempfile::TempDir;

use super::world::CLIENT_ID;

/// Where a test keeps its ledger.
pub(crate) enum Site {
    Sqlite(TempDir),
    File(PathBuf),
    Postgres(String),
}

impl Site {
    pub(crate) fn sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().unwrap())
    }

    /// A schema of its own; `None`, and a word about it, where there is no cluster.
    #[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
    pub(crate) async fn postgres() -> Option<Self> {
        let Ok(url) = std::env::var("DOKU_TEST_POSTGRES") else {
            eprintln!("skipped: DOKU_TEST_POSTGRES names no PostgreSQL to test with");
            return None;
        };
        let schema = format!("t{:016x}", getrandom::u64().unwrap());
        let mut connection = PgConnection::connect(&url).await.unwrap();
        connection
            .execute(sqlx::AssertSqlSafe(format!("CREATE SCHEMA {schema}")))
            .await
            .unwrap();
        let joint = if url.contains('?') { '&' } else { '?' };
        Some(Self::Postgres(format!(
            "{url}{joint}options=-csearch_path%3D{schema}"
        )))
    }

    /// A whole database of its own, for a test that ends its connections.
    pub(crate) async fn postgres_database() -> Option<Self> {
        Self::postgres().await?;
        let url = std::env::var("DOKU_TEST_POSTGRES").ok()?;
        let name = format!("d{:016x}", getrandom::u64().unwrap());
        let mut connection = PgConnection::connect(&url).await.unwrap();
        connection
            .execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}")))
            .await
            .unwrap();
        let (address, query) = url.split_once('?').unwrap_or((&url, ""));
        let (server, _) = address.rsplit_once('/').unwrap();
        Some(Self::Postgres(format!("{server}/{name}?{query}")))
    }

    /// The name of the database of [`Site::postgres_database`].
    pub(crate) fn database_name(&self) -> String {
        let Self::Postgres(url) = self else {
            panic!("a file has no name there");
        };
        let (address, _) = url.split_once('?').unwrap();
        let (_, name) = address.rsplit_once('/').unwrap();
        name.to_owned()
    }

    /// Somebody at the same server, in another database.
    pub(crate) async fn elsewhere(&self) -> Stranger {
        let url = std::env::var("DOKU_TEST_POSTGRES").unwrap();
        Stranger::Postgres(Box::new(PgConnection::connect(&url).await.unwrap()))
    }

    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    pub(crate) fn location(&self) -> Location {
        match self {
            Self::Sqlite(folder) => Location::Sqlite(folder.path().join("ledger.sqlite")),
            Self::File(file) => Location::Sqlite(file.clone()),
            Self::Postgres(url) => Location::Postgres(url.clone()),
        }
    }

    pub(crate) fn settings(&self) -> Settings {
        Settings::new(self.location(), CLIENT_ID.parse().unwrap())
    }

    /// Somebody else at the same database.
    pub(crate) async fn stranger(&self) -> Stranger {
        match self.location() {
            Location::Sqlite(file) => {
                let url = format!("sqlite://{}", file.display());
                Stranger::Sqlite(Box::new(SqliteConnection::connect(&url).await.unwrap()))
            }
            Location::Postgres(url) => {
                Stranger::Postgres(Box::new(PgConnection::connect(&url).await.unwrap()))
            }
        }
    }

    /// Another process with the same ledger.
    pub(crate) async fn replica(&self, settings: Settings) -> Ledger {
        Ledger::open(settings).await.unwrap()
    }
}

/// A connection beside the ledger's.
pub(crate) enum Stranger {
    Sqlite(Box<SqliteConnection>),
    Postgres(Box<PgConnection>),
}

impl Stranger {
    pub(crate) async fn run(&mut self, sql: &str) {
        self.try_run(sql).await.unwrap();
    }

    pub(crate) async fn try_run(&mut self, sql: &str) -> Result<(), sqlx::Error> {
        let sql = sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned()));
        match self {
            Self::Sqlite(connection) => connection.execute(sql).await.map(|_| ()),
            Self::Postgres(connection) => connection.execute(sql).await.map(|_| ()),
        }
    }

    pub(crate) async fn number(&mut self, sql: &str) -> i64 {
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite(connection) => sqlx::query_scalar(sql)
                .fetch_one(&mut **connection)
                .await
                .unwrap(),
            Self::Postgres(connection) => sqlx::query_scalar(sql)
                .fetch_one(&mut **connection)
                .await
                .unwrap(),
        }
    }
}
