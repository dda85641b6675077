//! The worker that asks: at a bounded rate, beside others that do the same.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use doku_model::TrxId;
use doku_va_btn::Mode;
use time::OffsetDateTime;
use tokio::time::sleep;

use super::found::{Due, Finding};
use super::pace::Pace;
use crate::error::Error;
use crate::intent::{Doku, Failed, Taken};
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
    pace: Pace,
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
            Finding::Nothing | Finding::NotAsked { .. } => {}
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
            pace: Pace::new(Duration::from_millis(200)),
        }
    }

    /// At most so many questions a second; zero counts as one.
    ///
    /// Asking about a generated number counts as two, because it may take two: one with each of its numbers. Settling what was
    /// begun counts as one.
    #[must_use]
    pub fn per_second(mut self, questions: u32) -> Self {
        self.pace = Pace::new(Duration::from_secs(1) / questions.max(1));
        self
    }

    /// Works until `stop` is ready. A question that is under way then is dropped; it is asked again later.
    pub async fn run(&self, stop: impl Future<Output = ()> + Send) {
        // Beside each other: however many accounts are due, what was begun is settled soon after its lease is over.
        tokio::select! {
            () = stop => {}
            () = self.settling() => {}
            () = self.asking() => {}
        }
    }

    async fn settling(&self) {
        loop {
            match self.settle_overdue().await {
                Ok(0) => sleep(IDLE).await,
                Ok(_) => {}
                Err(error) => {
                    tracing::error!(%error, "what was begun could not be looked for");
                    sleep(IDLE).await;
                }
            }
        }
    }

    async fn asking(&self) {
        loop {
            match self.ask_about_due(Round::default(), &mut |_| {}).await {
                Ok(Round {
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
        let round = Round {
            recovered: self.settle_overdue().await?,
            ..Round::default()
        };
        self.ask_about_due(round, &mut told).await
    }

    /// Settles what is overdue now, a few at a time: one that gets no answer must not hold up the others.
    async fn settle_overdue(&self) -> Result<u64, Error> {
        let begun = self.ledger.now();
        let Some(first) = self.take(begun).await? else {
            return Ok(0);
        };
        // None is dropped because of another's error.
        let (a, b, c, d) = tokio::join!(
            self.settle_from(Some(first), begun),
            self.settle_from(None, begun),
            self.settle_from(None, begun),
            self.settle_from(None, begun),
        );
        Ok(a? + b? + c? + d?)
    }

    async fn settle_from(&self, first: Option<Taken>, begun: OffsetDateTime) -> Result<u64, Error> {
        let mut settled = 0;
        let mut next = first;
        loop {
            let taken = match next.take() {
                Some(taken) => taken,
                None => match self.take(begun).await? {
                    Some(taken) => taken,
                    None => return Ok(settled),
                },
            };
            // Boxed: it goes deep, and four of them stand side by side.
            Box::pin(self.ledger.settle(&*self.doku, taken)).await?;
            settled += 1;
        }
    }

    async fn take(&self, begun: OffsetDateTime) -> Result<Option<Taken>, Error> {
        let turn = self.pace.turn().await;
        let taken = self.ledger.take_overdue(begun).await?;
        if taken.is_some() {
            turn.spend(1);
        }
        Ok(taken)
    }

    async fn ask_about_due(
        &self,
        mut round: Round,
        told: &mut (dyn FnMut(Progress) + Send),
    ) -> Result<Round, Error> {
        self.ledger.forget_claims().await?;
        let due = self.ledger.due().await?;
        // What becomes due meanwhile is of the next round.
        while round.checked + round.failed < due {
            let batch = self.ledger.take_due(BATCH).await?;
            if batch.is_empty() {
                break;
            }
            for account in &batch {
                round.add(&Box::pin(self.ask(account)).await?);
                told(Progress { so_far: round, due });
            }
        }
        Ok(round)
    }

    async fn ask(&self, due: &Due) -> Result<Round, Error> {
        let mut round = Round::default();
        let turn = self.pace.turn().await;
        // A payment may have been told of while others were asked about.
        if !self.ledger.is_still_due(due).await? {
            return Ok(round);
        }
        turn.spend(questions(due.account.mode));
        let deadline = self.ledger.settings().deadline;
        let status = match &due.account.virtual_account {
            Some(account) => self.doku.status(account, deadline).await,
            None => Err(Failed::not_done("its numbers are not known yet")),
        };
        match status {
            Ok(status) => round.count(self.ledger.record_due(due, &status).await?),
            Err(failed) => {
                tracing::warn!(trx_id = %due.account.trx_id, %failed, "check status got no answer");
                let refused = matches!(failed.client_error(), Some(doku_va_btn::Error::Refused(_)));
                self.ledger.ask_again(due, refused).await?;
                round.failed += 1;
            }
        }
        Ok(round)
    }

    /// Asks about one account now, whether it is due or not; but not within a minute of a payment that was told of, because DOKU
    /// wants it so: then it is [`Finding::NotAsked`].
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchAccount`], [`Error::Storage`]; [`Failed`] inside where DOKU does not answer.
    pub async fn check(&self, trx_id: &TrxId) -> Result<Result<Finding, Failed>, Error> {
        let account = self.ledger.account(trx_id).await?;
        let account = account.ok_or_else(|| Error::NoSuchAccount {
            what: trx_id.to_string(),
        })?;
        let Some(virtual_account) = account.virtual_account else {
            return Err(Error::NotNow {
                trx_id: trx_id.clone(),
                state: account.state,
            });
        };
        if let Some(until) = self.ledger.quiet_until(account.id).await? {
            return Ok(Ok(Finding::NotAsked { until }));
        }
        let deadline = self.ledger.settings().deadline;
        match self.doku.status(&virtual_account, deadline).await {
            Ok(status) => self.ledger.record_status(trx_id, &status).await.map(Ok),
            Err(failed) => Ok(Err(failed)),
        }
    }
}

/// How many questions it takes, at most, to learn the status of an account.
const fn questions(mode: Mode) -> u32 {
    match mode {
        Mode::DokuGenerated => 2,
        Mode::MerchantGenerated | Mode::DirectInquiry => 1,
    }
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worker")
            .field("ledger", &self.ledger)
            .field("pace", &self.pace)
            .finish_non_exhaustive()
    }
}
