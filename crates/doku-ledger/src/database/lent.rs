//! Connections to PostgreSQL that are given back only where they are sound.
//!
//! The driver waits for an answer for as long as it takes, also where a network has swallowed the question, and also when a
//! connection is given back: then its place in the pool is lost, and a server with a place less each time stands still.
//! Here everything has an end, and a connection that was left in the middle of something is closed.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::{Executor as _, PgConnection, PgPool, Postgres};
use tokio::runtime::Handle;
use tokio::time::timeout;

use super::reach::Reach;
use super::{Row, Statement, fault};

/// The longest wait for one answer: a little more than the server gives itself for a statement.
const ANSWER: Duration = Duration::from_secs(25);

/// How long a connection has to show that it may be given back.
const RETURN: Duration = Duration::from_secs(5);

/// Connections to one server.
#[derive(Debug)]
pub(crate) struct Pool {
    inner: PgPool,
    reach: Arc<Reach>,
}

/// A connection that is in use.
pub(crate) struct Lent {
    /// Always there until it is dropped.
    connection: Option<PoolConnection<Postgres>>,
    reach: Arc<Reach>,
    /// Nothing is under way on it, and nothing has broken.
    sound: bool,
    /// In a transaction.
    open: bool,
}

impl Pool {
    pub(super) const fn new(inner: PgPool, reach: Arc<Reach>) -> Self {
        Self { inner, reach }
    }

    /// A connection, as soon as one is free.
    pub(super) async fn lend(&self) -> Result<Lent, sqlx::Error> {
        let acquired = self.reach.wait_for(self.inner.acquire()).await;
        if matches!(
            acquired,
            Err(sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut)
        ) {
            // The others have lost their server, too, or will be made anew.
            while let Some(idle) = self.inner.try_acquire() {
                drop(idle.detach());
            }
        }
        Ok(Lent {
            connection: Some(acquired?),
            reach: Arc::clone(&self.reach),
            sound: true,
            open: false,
        })
    }

    /// A connection with a transaction begun on it.
    pub(super) async fn begin(&self) -> Result<Lent, sqlx::Error> {
        let mut lent = self.lend().await?;
        lent.run(async |connection| connection.execute("BEGIN").await)
            .await?;
        lent.open = true;
        Ok(lent)
    }

    pub(super) async fn rows(&self, statement: Statement) -> Result<Vec<Row>, sqlx::Error> {
        self.lend().await?.rows(statement).await
    }

    pub(super) async fn execute(&self, statement: Statement) -> Result<u64, sqlx::Error> {
        self.lend().await?.execute(statement).await
    }

    pub(super) async fn close(&self) {
        // Whoever does not come back has been given up by then.
        let _ = timeout(RETURN, self.inner.close()).await;
    }
}

impl Lent {
    /// Does something with the connection, within bounds.
    pub(super) async fn run<T>(
        &mut self,
        work: impl AsyncFnOnce(&mut PgConnection) -> Result<T, sqlx::Error>,
    ) -> Result<T, sqlx::Error> {
        let Some(connection) = self.connection.as_mut() else {
            return Err(sqlx::Error::PoolClosed);
        };
        // Whoever gives up waiting leaves it as it is now.
        self.sound = false;
        let bounded = async {
            match timeout(ANSWER, work(connection)).await {
                Ok(done) => done,
                Err(_) => Err(sqlx::Error::Io(io::Error::new(
                    io::ErrorKind::TimedOut,
                    format!("no answer within {} s", ANSWER.as_secs()),
                ))),
            }
        };
        let done = self.reach.wait_for(bounded).await;
        self.sound = match &done {
            Ok(_) => true,
            Err(error) => !fault::is_gone(error),
        };
        done
    }

    pub(super) async fn rows(&mut self, statement: Statement) -> Result<Vec<Row>, sqlx::Error> {
        self.run(async |connection| statement.postgres_rows(connection).await)
            .await
    }

    pub(super) async fn execute(&mut self, statement: Statement) -> Result<u64, sqlx::Error> {
        self.run(async |connection| statement.postgres_execute(connection).await)
            .await
    }

    pub(super) async fn commit(mut self) -> Result<(), sqlx::Error> {
        self.run(async |connection| connection.execute("COMMIT").await)
            .await?;
        self.open = false;
        Ok(())
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else {
            return;
        };
        let (sound, open) = (self.sound, self.open);
        let Ok(runtime) = Handle::try_current() else {
            // Nobody is left who could give it back.
            drop(connection.leak());
            return;
        };
        runtime.spawn(async move {
            let fit = sound
                && (!open
                    || matches!(
                        timeout(RETURN, connection.execute("ROLLBACK")).await,
                        Ok(Ok(_))
                    ));
            if fit {
                // Given up in the middle, it is closed.
                let _ = timeout(RETURN, connection.return_to_pool()).await;
            } else {
                drop(connection.detach());
            }
        });
    }
}
