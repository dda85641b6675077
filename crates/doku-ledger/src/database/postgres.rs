//! PostgreSQL: a server that replicas share.
//!
//! Two things are done by hand. Transactions that touch the same account come one after the other, by advisory locks
//! that are taken before anything is written: so the later one also has the later transaction id. And readers of the
//! outbox go by transaction id, up to the oldest that is still open: so they miss nothing that commits late, and see what
//! concerns one account in the order in which it happened.

use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions as _, Row as _};

use super::lent::{Lent, Pool};
use super::reach::Reach;
use super::statement::{PREPARED, together};
use super::{Database, LockName, Order, Purpose, Statement, tuples};

/// How long to wait for a connection.
const PATIENCE: Duration = Duration::from_secs(10);

const CONNECTIONS: u32 = 8;

pub(super) const ORDER: Order = Order {
    columns: "o.era AS c_era, o.xid::text AS c_xid, o.id AS c_id",
    shown: "(o.era, o.xid, o.id) > ($1, CAST(CAST($2 AS text) AS xid8), $3) \
            AND (o.era < $4 OR o.xid < pg_snapshot_xmin(pg_current_snapshot()))",
    by: "o.era, o.xid, o.id",
};

pub(super) async fn connect(url: &str) -> Result<Database, sqlx::Error> {
    let options = PgConnectOptions::from_str(url)?
        .application_name("doku-ledger")
        .statement_cache_capacity(PREPARED)
        .options([
            // A commit that was acknowledged survives a power cut.
            ("synchronous_commit", "on"),
            ("default_transaction_isolation", "read committed"),
            // Every statement finds a few rows by an index. A plan made while the tables were empty reads them whole, and
            // a prepared statement would keep it: so plans are made anew, and without what reads whole tables.
            ("plan_cache_mode", "force_custom_plan"),
            ("enable_seqscan", "off"),
            ("enable_bitmapscan", "off"),
            ("enable_hashjoin", "off"),
            ("enable_mergejoin", "off"),
            ("lock_timeout", "10s"),
            ("statement_timeout", "20s"),
            // An open transaction holds up every reader of the outbox.
            ("idle_in_transaction_session_timeout", "30s"),
        ])
        .disable_statement_logging();
    let reach = Arc::new(Reach::new(&options));
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(PATIENCE)
        .connect_lazy_with(options.clone());
    let writer = PgPoolOptions::new()
        .max_connections(1)
        .test_before_acquire(false)
        .acquire_timeout(PATIENCE)
        .connect_lazy_with(options);
    let pool = Pool::new(pool, Arc::clone(&reach));
    // Who cannot be reached, or refuses this user, says so now.
    drop(pool.lend().await?);
    Ok(Database::Postgres {
        pool,
        writer: Pool::new(writer, reach),
        era: 1.into(),
    })
}

/// Begins, and waits for its turn. The names are taken in one order by everybody, so nobody waits in a circle.
pub(super) async fn begin(pool: &Pool, mut names: Vec<LockName>) -> Result<Lent, sqlx::Error> {
    names.sort_unstable();
    names.dedup();
    let mut transaction = pool.begin().await?;
    for chunk in together(&names) {
        let sql = format!(
            "SELECT count(pg_advisory_xact_lock(n.column1)::text) AS n FROM (VALUES {}) AS n",
            tuples(chunk.len(), 1, 1)
        );
        let turn = Statement::new(sql).bind_all(chunk.iter().map(|name| (*name).into()));
        transaction.rows(turn).await?;
    }
    Ok(transaction)
}

/// The era in which rows are written from now on.
///
/// A dump that was restored into another cluster brings transaction ids that are not reached there for a long time. Rows
/// would hide behind them, so a new era begins, whose rows come after all others.
pub(super) async fn era(pool: &Pool, purpose: Purpose) -> Result<i64, sqlx::Error> {
    let mut transaction = pool.begin().await?;
    // Replicas that start together take turns.
    let turn = Statement::new("SELECT pg_advisory_xact_lock(4918273645)::text AS turn");
    transaction.rows(turn).await?;
    let row = transaction
        .run(async |connection| {
            // The next transaction's id, without taking one: who only looks writes nothing.
            sqlx::query(
                "SELECT coalesce(max(last.era), 1) AS era, \
                        coalesce(bool_or(last.xid >= pg_snapshot_xmax(pg_current_snapshot())), false) AS ahead, \
                        (SELECT column_default FROM information_schema.columns \
                         WHERE table_schema = current_schema() AND table_name = 'event' AND column_name = 'era') AS written \
                 FROM ((SELECT era, xid FROM event ORDER BY era DESC, xid DESC LIMIT 1) UNION ALL \
                       (SELECT era, xid FROM payment ORDER BY era DESC, xid DESC LIMIT 1)) AS last",
            )
            .fetch_one(connection)
            .await
        })
        .await?;
    let stored: i64 = row.try_get("era")?;
    let ahead: bool = row.try_get("ahead")?;
    let written: Option<String> = row.try_get("written")?;
    let written: i64 = written.and_then(|text| text.parse().ok()).unwrap_or(1);
    let current = if ahead && stored >= written {
        stored + 1
    } else {
        stored.max(written)
    };
    if current != written && purpose == Purpose::Work {
        for table in ["event", "payment"] {
            let sql = format!("ALTER TABLE {table} ALTER COLUMN era SET DEFAULT {current}");
            transaction.execute(Statement::new(sql)).await?;
        }
        tracing::warn!(
            era = current,
            "this database was restored from a dump; a new era begins"
        );
    }
    transaction.commit().await?;
    Ok(current)
}
