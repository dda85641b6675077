//! The worker that asks: at a bounded rate, beside others that do the same.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use doku_model::TrxId;
use tokio::time::{Instant, sleep, sleep_until};

use super::found::{Due, Finding};
use crate::error::Error;
use crate::intent::{Doku, Failed};
use crate::ledger::Ledger;

/// How many accounts are taken at a time: few, because whoever dies with them holds them up.
const BATCH: usize = 8;

/// How long a worker with nothing to do waits before it looks again.
const IDLE: Duration = Duration::from_secs(5);

/// Asks DOKU about accounts that are due, and settles what was begun and never ended.
///
/// Several may run at once, in one process or many: no account is asked about by two of them at a time. Stopped at any
/// moment, it goes on where it was.
///
/// ```no_run
/// use std::sync::Arc;
/// use doku_ledger::{Ledger, reconcile::Worker};
/// use doku_va_btn::Client;
///
/// # async fn example(ledger: Ledger, client: Client) {
/// let worker = Worker::new(ledger, Arc::new(client)).per_second(2);
/// worker.run(std::future::pending()).await;
/// # }
/// ```
pub struct Worker {
    ledger: Ledger,
    doku: Arc<dyn Doku>,
    pause: Duration,
}

/// What a worker has done in one round.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Round {
    /// Intents that were settled, or tried to be.
    pub recovered: u64,
    /// Accounts that were asked about.
    pub checked: u64,
    /// Payments that no notification had told.
    pub payments: u64,
    /// Payments that are suspected.
    pub suspicions: u64,
    /// Accounts whose time is over.
    pub expired: u64,
    /// Questions that got no answer.
    pub failed: u64,
}

/// How a round goes, told after each account.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Progress {
    /// What has been done so far.
    pub so_far: Round,
    /// How many were due when the round began.
    pub due: u64,
}

impl Round {
    fn add(&mut self, other: &Self) {
        self.recovered += other.recovered;
        self.checked += other.checked;
        self.payments += other.payments;
        self.suspicions += other.suspicions;
        self.expired += other.expired;
        self.failed += other.failed;
    }

    fn count(&mut self, finding: Finding) {
        self.checked += 1;
        match finding {
            Finding::Nothing => {}
            Finding::Payment(_) => self.payments += 1,
            Finding::Suspicion => self.suspicions += 1,
            Finding::Expired => self.expired += 1,
        }
    }
}

impl Worker {
    /// A worker that asks five times a second at most.
    #[must_use]
    pub fn new(ledger: Ledger, doku: Arc<dyn Doku>) -> Self {
        Self {
            ledger,
            doku,
            pause: Duration::from_millis(200),
        }
    }

    /// At most so many questions a second; zero counts as one.
    #[must_use]
    pub fn per_second(mut self, questions: u32) -> Self {
        self.pause = Duration::from_secs(1) / questions.max(1);
        self
    }

    /// Works until `stop` is ready. A question that is under way then is dropped; it is asked again later.
    pub async fn run(&self, stop: impl Future<Output = ()> + Send) {
        tokio::select! {
            () = stop => {}
            () = self.forever() => {}
        }
    }

    async fn forever(&self) {
        loop {
            match self.round().await {
                Ok(Round {
                    recovered: 0,
                    checked: 0,
                    failed: 0,
                    ..
                }) => sleep(IDLE).await,
                Ok(_) => {}
                Err(error) => {
                    tracing::error!(%error, "reconciliation could not go on");
                    sleep(IDLE).await;
                }
            }
        }
    }

    /// Settles what is overdue and asks about everything that is due now.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`]. What was taken is found again.
    pub async fn round(&self) -> Result<Round, Error> {
        self.round_with(|_| {}).await
    }

    /// The same, and tells how it goes.
    ///
    /// # Errors
    ///
    /// As [`Worker::round`].
    pub async fn round_with(&self, mut told: impl FnMut(Progress) + Send) -> Result<Round, Error> {
        let mut round = Round {
            recovered: self.recover().await?,
            ..Round::default()
        };
        self.ledger.forget_claims().await?;
        let due = self.ledger.due().await?;
        let mut next = Instant::now();
        // What becomes due meanwhile is of the next round.
        while round.checked + round.failed < due {
            let batch = self.ledger.take_due(BATCH).await?;
            if batch.is_empty() {
                break;
            }
            for account in &batch {
                sleep_until(next).await;
                next = Instant::now() + self.pause;
                round.add(&self.ask(account).await?);
                told(Progress { so_far: round, due });
            }
        }
        Ok(round)
    }

    async fn recover(&self) -> Result<u64, Error> {
        let mut recovered = 0;
        loop {
            let batch = self.ledger.recover(&*self.doku, BATCH).await?;
            if batch.is_empty() {
                return Ok(recovered);
            }
            recovered += u64::try_from(batch.len()).unwrap_or(0);
        }
    }

    async fn ask(&self, due: &Due) -> Result<Round, Error> {
        let mut round = Round::default();
        let deadline = self.ledger.settings().deadline;
        let status = match &due.account.virtual_account {
            Some(account) => self.doku.status(account, deadline).await,
            None => Err(Failed::not_done("its numbers are not known yet")),
        };
        match status {
            Ok(status) => round.count(self.ledger.record_due(due, &status).await?),
            Err(failed) => {
                tracing::warn!(trx_id = %due.account.trx_id, %failed, "check status got no answer");
                self.ledger.ask_again(due).await?;
                round.failed += 1;
            }
        }
        Ok(round)
    }

    /// Asks about one account now, whether it is due or not.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchAccount`], [`Error::Storage`]; [`Failed`] inside where DOKU does not answer.
    pub async fn check(&self, trx_id: &TrxId) -> Result<Result<Finding, Failed>, Error> {
        let account = self.ledger.account(trx_id).await?;
        let account = account.ok_or_else(|| Error::NoSuchAccount {
            what: trx_id.to_string(),
        })?;
        let Some(account) = account.virtual_account else {
            return Err(Error::NotNow {
                trx_id: trx_id.clone(),
                state: account.state,
            });
        };
        let deadline = self.ledger.settings().deadline;
        match self.doku.status(&account, deadline).await {
            Ok(status) => self.ledger.record_status(trx_id, &status).await.map(Ok),
            Err(failed) => Ok(Err(failed)),
        }
    }
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worker")
            .field("ledger", &self.ledger)
            .field("pause", &self.pause)
            .finish_non_exhaustive()
    }
}
