//! The ledger itself: opened once, cloned freely.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use doku_model::ClientId;
use time::OffsetDateTime;
use tokio::sync::watch;

use crate::commit::{Lookups, Writer};
use crate::core::Core;
use crate::database::{Database, LockName, Purpose, Statement, Transaction};
use crate::error::Error;
use crate::group_commits::GroupCommits;
use crate::location::Location;
use crate::schema::Schema;
use crate::settings::Settings;

/// A durable record of virtual accounts and payments. Cheap to clone; all clones share one.
///
/// It is a [`PaymentHandler`](doku_va_btn::hosted::PaymentHandler), an
/// [`InquiryHandler`](doku_va_btn::hosted::InquiryHandler), a [`HandledStore`](doku_va_btn::hosted::HandledStore), an
/// [`EventSink`](doku_va_btn::hosted::EventSink) and a [`PaymentCodeStore`](doku_va_btn::hosted::PaymentCodeStore): give it to
/// [`Endpoints::builder`](doku_va_btn::hosted::Endpoints::builder) for each.
///
/// ```no_run
/// use doku_ledger::{Ledger, Settings};
/// use doku_va_btn::hosted::{Credentials, Endpoints};
///
/// # async fn example(credentials: Credentials) -> Result<(), Box<dyn std::error::Error>> {
/// let settings = Settings::new("ledger.sqlite".parse()?, "BRN-0211-1696919651918".parse()?);
/// let ledger = Ledger::open(settings).await?;
/// let endpoints = Endpoints::builder(credentials)
///     .payments(ledger.clone())
///     .inquiries(ledger.clone())
///     .handled(ledger.kept_payments())
///     .events(ledger.clone())
///     .build();
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Ledger {
    inner: Arc<Inner>,
}

struct Inner {
    core: Arc<Core>,
    tasks: Mutex<Option<Tasks>>,
}

/// The ways to the tasks of a ledger that is open.
#[derive(Clone)]
struct Tasks {
    writer: Writer,
    lookups: Lookups,
}

impl Ledger {
    /// Opens a ledger: connects, brings the tables up to date, and begins to take notifications. Call it on a tokio runtime
    /// with a timer.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`] where the database cannot be reached or written, [`Error::Schema`] where another version of this
    /// crate made its tables.
    pub async fn open(settings: Settings) -> Result<Self, Error> {
        let database = Database::connect(&settings.location, Purpose::Work).await?;
        if !matches!(database.schema().await?, Schema::Current { .. }) {
            database.migrate().await?;
        }
        database.begin_era().await?;
        let merchant = match merchant(&database, &settings.client_id).await? {
            Some(known) => known,
            None => enter(&database, &settings.client_id).await?,
        };
        Self::over(database, merchant, settings)
    }

    /// Opens a ledger to look into it: makes and changes nothing, and asks for no right to write. Whatever would write fails
    /// with [`Error::Storage`].
    ///
    /// # Errors
    ///
    /// [`Error::NoLedger`] where there is none, [`Error::Storage`] where the database cannot be reached or read,
    /// [`Error::Schema`] where another version of this crate made its tables.
    pub async fn look(settings: Settings) -> Result<Self, Error> {
        let database = Database::connect(&settings.location, Purpose::Look).await?;
        database.schema().await?;
        database.see_era().await?;
        // One that never opened it has nothing there, and numbers begin with 1.
        let merchant = merchant(&database, &settings.client_id).await?.unwrap_or(0);
        Self::over(database, merchant, settings)
    }

    fn over(database: Database, merchant: i64, settings: Settings) -> Result<Self, Error> {
        let core = Arc::new(Core::new(database, merchant, settings)?);
        let tasks = Tasks {
            writer: Writer::spawn(Arc::clone(&core)),
            lookups: Lookups::spawn(Arc::clone(&core)),
        };
        Ok(Self {
            inner: Arc::new(Inner {
                core,
                tasks: Mutex::new(Some(tasks)),
            }),
        })
    }

    /// Which version the tables at `location` have, changing nothing: not even making a file.
    ///
    /// # Errors
    ///
    /// [`Error::NoLedger`] where there can be none, [`Error::Storage`] where the database cannot be reached,
    /// [`Error::Schema`] where this version of the crate must not open it.
    pub async fn inspect(location: &Location) -> Result<Schema, Error> {
        if Database::is_to_be_made(location)? {
            return Ok(Schema::Empty);
        }
        let database = Database::connect(location, Purpose::Look).await?;
        let schema = database.schema().await;
        database.close().await;
        schema
    }

    /// Whether the database at `location` would take writes, as far as can be told without writing.
    ///
    /// # Errors
    ///
    /// As [`Ledger::inspect`].
    pub async fn takes_writes(location: &Location) -> Result<bool, Error> {
        if Database::is_to_be_made(location)? {
            return Ok(true);
        }
        let database = Database::connect(location, Purpose::Look).await?;
        let takes = database.takes_writes(location).await;
        database.close().await;
        takes
    }

    /// Whether the database answers, for a readiness probe.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`] where it does not.
    pub async fn ping(&self) -> Result<(), Error> {
        self.database()
            .rows(Statement::new("SELECT 1 AS n"))
            .await
            .map(|_| ())
    }

    /// Whether the database takes writes: writes what is there already.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`] where it does not.
    pub async fn write_something(&self) -> Result<(), Error> {
        let statement = Statement::new("UPDATE merchant SET client_id = client_id WHERE id = $1")
            .bind(self.merchant());
        self.database().execute(statement).await.map(|_| ())
    }

    /// Finishes the notifications that were taken, takes no more, and closes the database. Clones are closed with it.
    pub async fn close(&self) {
        let tasks = self.tasks().take();
        if let Some(tasks) = tasks {
            tasks.writer.finish().await;
        }
        self.database().close().await;
    }

    /// Tells when something was recorded by this process: the number grows with each commit that writes an event. What
    /// other processes record is not told; ask from time to time besides.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.inner.core.changes.subscribe()
    }

    /// How many commits have recorded how many of DOKU's calls since this ledger was opened: what comes together shares one.
    #[must_use]
    pub fn group_commits(&self) -> GroupCommits {
        self.inner.core.group_commits.so_far()
    }

    /// The client id whose ledger this is.
    #[must_use]
    pub fn client_id(&self) -> &ClientId {
        &self.inner.core.settings.client_id
    }

    /// The moment on the ledger's clock.
    #[must_use]
    pub fn now(&self) -> OffsetDateTime {
        self.core().now()
    }

    pub(crate) fn core(&self) -> &Arc<Core> {
        &self.inner.core
    }

    pub(crate) fn database(&self) -> &Database {
        &self.inner.core.database
    }

    pub(crate) fn merchant(&self) -> i64 {
        self.inner.core.merchant
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.inner.core.settings
    }

    pub(crate) fn writer(&self) -> Result<Writer, Error> {
        let tasks = self.tasks();
        tasks
            .as_ref()
            .map(|tasks| tasks.writer.clone())
            .ok_or(Error::Closed)
    }

    pub(crate) fn lookups(&self) -> Result<Lookups, Error> {
        let tasks = self.tasks();
        tasks
            .as_ref()
            .map(|tasks| tasks.lookups.clone())
            .ok_or(Error::Closed)
    }

    fn tasks(&self) -> std::sync::MutexGuard<'_, Option<Tasks>> {
        self.inner
            .tasks
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) async fn begin(&self, names: Vec<LockName>) -> Result<Transaction, Error> {
        self.database().begin(names).await
    }

    /// Commits, and wakes who waits for events.
    pub(crate) async fn commit(&self, transaction: Transaction) -> Result<(), Error> {
        transaction.commit().await?;
        self.core().wake();
        Ok(())
    }
}

impl fmt::Debug for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ledger")
            .field("location", &self.settings().location)
            .field("client_id", self.client_id())
            .finish_non_exhaustive()
    }
}

/// The number that stands for a client id, where it has one.
async fn merchant(database: &Database, client_id: &ClientId) -> Result<Option<i64>, Error> {
    let select =
        Statement::new("SELECT id FROM merchant WHERE client_id = $1").bind(client_id.as_str());
    let row = database.row(select).await?;
    row.map(|row| row.int("id")).transpose()
}

/// Gives a client id its number.
async fn enter(database: &Database, client_id: &ClientId) -> Result<i64, Error> {
    let insert = Statement::new(
        "INSERT INTO merchant (client_id) VALUES ($1) ON CONFLICT (client_id) DO NOTHING",
    )
    .bind(client_id.as_str());
    database.execute(insert).await?;
    merchant(database, client_id)
        .await?
        .ok_or_else(|| Error::unreadable("client id", "it was not written"))
}
