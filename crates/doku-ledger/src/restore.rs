//! Going on from a backup.
//!
//! What happened after a backup was made is not in it, and ids that were given then would be given again: an application that
//! knows the events it has seen would take new ones for old ones. So whoever restores a backup says so, and ids go on where
//! none can have been given.

use crate::database::{Database, Statement, Transaction};
use crate::error::Error;
use crate::ledger::Ledger;
use crate::moment::micros;

/// Ids go on at the next multiple of this: so many are not given between two backups.
const STEP: i64 = 1_000_000_000;

/// What is numbered and known outside.
const NUMBERED: [&str; 2] = ["event", "payment"];

impl Ledger {
    /// Says that the database was restored from a backup: events and payments that are recorded from now on have ids beyond
    /// any that were given after the backup was made, and on PostgreSQL a new era begins, so that every cursor from before
    /// serves. Gives the number after which ids go on. Said twice, it leaves out another thousand million of them.
    ///
    /// The ids are the database's: this concerns the ledgers of all client ids in it.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`]. Nothing has changed then.
    pub async fn restored(&self) -> Result<i64, Error> {
        const TURN: i64 = 4_918_273_646;
        let mut transaction = self.begin(vec![TURN]).await?;
        let mut last = 0;
        for table in NUMBERED {
            let sql = format!("SELECT coalesce(max(id), 0) AS n FROM {table}");
            let row = transaction.row(Statement::new(sql)).await?;
            last = last.max(row.map(|row| row.int("n")).transpose()?.unwrap_or(0));
        }
        let mark = (last / STEP).saturating_add(1).saturating_mul(STEP);
        match self.database() {
            Database::Sqlite { .. } => self.leave_marks(&mut transaction, mark).await?,
            Database::Postgres { .. } => move_on(&mut transaction, mark).await?,
        }
        self.commit(transaction).await?;
        self.database().begin_era().await?;
        Ok(mark)
    }

    /// SQLite counts on from the highest id there is. So rows with a high one are left, of the merchant that nobody is.
    async fn leave_marks(&self, transaction: &mut Transaction, mark: i64) -> Result<(), Error> {
        let now = micros(self.now());
        let event = Statement::new(
            "INSERT INTO event (id, merchant, at, kind, data) VALUES ($1, 0, $2, 'restored', '')",
        )
        .bind(mark)
        .bind(now);
        transaction.execute(event).await?;
        let payment = Statement::new(
            "INSERT INTO payment (id, merchant, number, trx_id, payment_request_id, sen, verdict, source, recorded_at) \
             VALUES ($1, 0, '', '', $2, 0, 'restored', 'restored', $3)",
        )
        .bind(mark)
        .bind(mark.to_string())
        .bind(now);
        transaction.execute(payment).await.map(|_| ())
    }
}

/// PostgreSQL has counters, and the era as a default.
async fn move_on(transaction: &mut Transaction, mark: i64) -> Result<(), Error> {
    let era = Statement::new(
        "SELECT column_default AS era FROM information_schema.columns \
         WHERE table_schema = current_schema() AND table_name = 'event' AND column_name = 'era'",
    );
    let era: i64 = match transaction.row(era).await? {
        Some(row) => row.maybe_parsed("era")?.unwrap_or(1),
        None => 1,
    };
    for table in NUMBERED {
        let counter =
            format!("SELECT setval(pg_get_serial_sequence('{table}', 'id'), {mark}) AS n");
        transaction.rows(Statement::new(counter)).await?;
        let next = era.saturating_add(1);
        let era = format!("ALTER TABLE {table} ALTER COLUMN era SET DEFAULT {next}");
        transaction.execute(Statement::new(era)).await?;
    }
    Ok(())
}
