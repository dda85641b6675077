//! A database of a benchmark's own: a file, or a database in the cluster that `DOKU_TEST_POSTGRES` names.

use std::fs;
use std::process::{Command, Stdio};

use doku_ledger::Location;
use sqlx::{
    AssertSqlSafe, Connection as _, Executor as _, PgConnection, Row as _, SqliteConnection,
};
use tempfile::TempDir;

/// Where databases may be made.
pub(crate) enum Place {
    /// Files in a folder, which is removed in the end.
    Sqlite(TempDir),
    /// A cluster, and the databases to be removed in the end.
    Postgres { url: String, made: Vec<String> },
}

impl Place {
    pub(crate) fn sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().expect("a folder"))
    }

    /// The cluster of the environment, its processes on one core from now on. None, and a word about it, where there is none.
    pub(crate) async fn postgres(core: usize) -> Option<Self> {
        let Ok(url) = std::env::var("DOKU_TEST_POSTGRES") else {
            println!("SKIPPED: PostgreSQL, because DOKU_TEST_POSTGRES names none");
            return None;
        };
        let mut connection = PgConnection::connect(&url).await.expect("PostgreSQL");
        pin(&mut connection, core).await;
        let made = Vec::new();
        Some(Self::Postgres { url, made })
    }

    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "SQLite",
            Self::Postgres { .. } => "PostgreSQL",
        }
    }

    /// A new database, as text that a location is read from.
    pub(crate) async fn database(&mut self, name: &str) -> String {
        match self {
            Self::Sqlite(folder) => {
                let file = folder.path().join(format!("{name}.sqlite"));
                file.to_str().expect("a path of text").to_owned()
            }
            Self::Postgres { url, made } => {
                let name = format!("bench_{name}_{}", std::process::id());
                let mut connection = PgConnection::connect(url).await.expect("PostgreSQL");
                let sql = format!("CREATE DATABASE {name}");
                connection
                    .execute(AssertSqlSafe(sql))
                    .await
                    .expect("a database");
                let (address, query) = url.split_once('?').unwrap_or((url, ""));
                let (server, _) = address.rsplit_once('/').expect("the name of a database");
                let own = format!("{server}/{name}?{query}");
                made.push(name);
                own
            }
        }
    }

    /// Removes what was made.
    pub(crate) async fn remove(self) {
        match self {
            Self::Sqlite(folder) => folder.close().expect("the folder is removed"),
            Self::Postgres { url, made } => {
                let mut connection = PgConnection::connect(&url).await.expect("PostgreSQL");
                for name in made {
                    let sql = format!("DROP DATABASE {name} WITH (FORCE)");
                    connection
                        .execute(AssertSqlSafe(sql))
                        .await
                        .expect("it is removed");
                }
            }
        }
    }
}

/// Keeps a cluster's processes on one core, those to come included. What connected before stays where it is.
async fn pin(connection: &mut PgConnection, core: usize) {
    let row = connection
        .fetch_one("SHOW data_directory")
        .await
        .expect("the cluster's folder");
    let folder: String = row.get(0);
    let pids = fs::read_to_string(format!("{folder}/postmaster.pid")).unwrap_or_default();
    let Some(postmaster) = pids.lines().next() else {
        println!("the cluster is somebody else's: its processes are not pinned");
        return;
    };
    let children = fs::read_to_string(format!("/proc/{postmaster}/task/{postmaster}/children"));
    let children = children.unwrap_or_default();
    for pid in [postmaster].into_iter().chain(children.split_whitespace()) {
        let pinned = Command::new("taskset")
            .args(["-a", "-c", "-p", &core.to_string(), pid])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        if pid == postmaster && !pinned.is_ok_and(|status| status.success()) {
            println!("no taskset here: PostgreSQL is not pinned");
        }
    }
}

/// A connection beside the ledger's, as durable as its own.
pub(crate) enum Connection {
    Sqlite(Box<SqliteConnection>),
    Postgres(Box<PgConnection>),
}

impl Connection {
    pub(crate) async fn to(location: &Location) -> Self {
        match location {
            Location::Sqlite(file) => {
                let url = format!("sqlite://{}", file.display());
                let connection = SqliteConnection::connect(&url).await;
                Self::Sqlite(Box::new(connection.expect("the file")))
            }
            Location::Postgres(url) => {
                let connection = PgConnection::connect(url).await;
                Self::Postgres(Box::new(connection.expect("PostgreSQL")))
            }
        }
    }

    /// Statements without values.
    pub(crate) async fn run(&mut self, sql: &str) {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        match self {
            Self::Sqlite(connection) => connection.execute(sql).await.map(|_| ()),
            Self::Postgres(connection) => connection.execute(sql).await.map(|_| ()),
        }
        .expect("it is done");
    }
}
