//! Group commit: notifications that arrive together share one transaction, and each waits until it is durable.
//!
//! One task takes whatever is waiting, so a lone notification is not held up, and the busier it is the more share a commit.
//! Where the database refuses one of them, each is tried alone: a row that fails never fails its neighbours. Where the
//! database itself fails, all of them fail, and DOKU sends them again.

mod lookup;
mod refused;
mod shown;
mod turn;

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::core::Core;
use crate::error::{Error, Fault};
use crate::payment::{Kept, Notified, keep};

pub(crate) use lookup::Lookups;
pub(crate) use refused::RefusedCall;
pub(crate) use shown::Shown;
use turn::Turn;

/// How many may wait. Beyond, a notification waits for room as long as its endpoint lets it.
const QUEUE: usize = 1024;

/// How many share a commit.
const BATCH: usize = 64;

/// How often a transaction that collided with another one is done again.
const ATTEMPTS: u32 = 4;

/// Something to be written.
#[derive(Debug)]
pub(crate) enum Work {
    /// A payment that was notified.
    Payment(Box<Notified>),
    /// A call that was refused though DOKU signed it.
    Refused(Box<RefusedCall>),
    /// A bill that an inquiry was answered with.
    Shown(Box<Shown>),
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Done {
    Kept(Kept),
    Noted,
}

struct Job {
    work: Work,
    done: oneshot::Sender<Result<Done, Error>>,
}

/// The way to the task that writes.
#[derive(Clone)]
pub(crate) struct Writer {
    queue: mpsc::Sender<Job>,
    task: Arc<std::sync::Mutex<Option<JoinHandle<()>>>>,
}

impl Writer {
    /// Starts the task. It ends when every way to it is gone and everything is written.
    pub(crate) fn spawn(core: Arc<Core>) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let task = tokio::spawn(run(core, waiting));
        Self {
            queue,
            task: Arc::new(std::sync::Mutex::new(Some(task))),
        }
    }

    /// Writes, and returns when it is durable.
    pub(crate) async fn write(&self, work: Work) -> Result<Done, Error> {
        let (done, outcome) = oneshot::channel();
        let job = Job { work, done };
        self.queue.send(job).await.map_err(|_| Error::Closed)?;
        outcome.await.map_err(|_| Error::Closed)?
    }

    /// Hands over without waiting for the outcome. `false` where there is no room: half of it is left to those who wait.
    pub(crate) fn hand_over(&self, work: Work) -> bool {
        if self.queue.capacity() <= QUEUE / 2 {
            return false;
        }
        let (done, _) = oneshot::channel();
        self.queue.try_send(Job { work, done }).is_ok()
    }

    /// Lets the task come to its end.
    pub(crate) async fn finish(self) {
        let Self { queue, task } = self;
        drop(queue);
        let task = task
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .take();
        if let Some(task) = task {
            // A panic of the task has been reported by the runtime.
            let _ = task.await;
        }
    }
}

async fn run(core: Arc<Core>, mut waiting: mpsc::Receiver<Job>) {
    let mut jobs = Vec::with_capacity(BATCH);
    while waiting.recv_many(&mut jobs, BATCH).await > 0 {
        let (work, asked): (Vec<Work>, Vec<_>) =
            jobs.drain(..).map(|job| (job.work, job.done)).unzip();
        for (outcome, done) in commit(&core, &work).await.into_iter().zip(asked) {
            if let Err(error) = &outcome {
                tracing::error!(%error, "a call of DOKU's was not recorded");
            }
            // Whoever asked may have given up.
            let _ = done.send(outcome);
        }
    }
}

/// Writes a batch, or its members one by one where one of them is refused.
async fn commit(core: &Core, batch: &[Work]) -> Vec<Result<Done, Error>> {
    match persistently(core, batch).await {
        Ok(done) => done.into_iter().map(Ok).collect(),
        Err(error) if batch.len() > 1 && concerns_one(&error) => {
            let mut outcomes = Vec::with_capacity(batch.len());
            for work in batch {
                let alone = persistently(core, std::slice::from_ref(work)).await;
                outcomes.push(alone.and_then(|done| done.first().copied().ok_or(Error::Closed)));
            }
            outcomes
        }
        Err(error) => {
            let mut outcomes: Vec<Result<Done, Error>> = batch
                .iter()
                .skip(1)
                .map(|_| Err(error.shared().unwrap_or(Error::Closed)))
                .collect();
            outcomes.push(Err(error));
            outcomes
        }
    }
}

/// Whether the error may be that of one row, so that others may fare better alone.
fn concerns_one(error: &Error) -> bool {
    match error.fault() {
        Some(fault) => matches!(fault, Fault::Row | Fault::Other | Fault::Collision),
        None => true,
    }
}

/// Does it again where it collided with another transaction, and once where the connection turned out to be dead. What is
/// there already is recognised, so doing it again is safe even where the first commit may have succeeded.
async fn persistently(core: &Core, batch: &[Work]) -> Result<Vec<Done>, Error> {
    let mut attempt = 1;
    loop {
        let error = match together(core, batch).await {
            Ok(done) => return Ok(done),
            Err(error) => error,
        };
        let again = match error.fault() {
            Some(Fault::Collision) => attempt < ATTEMPTS,
            Some(Fault::Gone) => attempt == 1,
            _ => false,
        };
        if !again {
            return Err(error);
        }
        attempt += 1;
    }
}

/// One transaction.
async fn together(core: &Core, batch: &[Work]) -> Result<Vec<Done>, Error> {
    let now = core.now();
    let merchant = core.merchant;
    let mut names = Vec::with_capacity(batch.len().saturating_mul(2));
    let mut payments = Vec::with_capacity(batch.len());
    let mut refused = Vec::new();
    for work in batch {
        match work {
            Work::Payment(notified) => {
                names.extend(notified.locks(merchant));
                payments.push(Notified::clone(notified));
            }
            Work::Refused(call) => {
                names.extend(call.locks(merchant));
                refused.push(&**call);
            }
            Work::Shown(shown) => names.extend(shown.locks()),
        }
    }
    let Turn {
        mut transaction,
        accounts,
        concerned,
    } = Turn::take(core, names, &payments, &refused).await?;
    let mut kept = keep(&mut transaction, merchant, now, &payments, accounts)
        .await?
        .into_iter();
    let mut concerned = concerned.iter();
    let mut done = Vec::with_capacity(batch.len());
    for work in batch {
        done.push(match work {
            Work::Payment(_) => Done::Kept(kept.next().ok_or(Error::Closed)?),
            Work::Refused(call) => {
                let concerned = concerned.next().and_then(Option::as_ref);
                call.write(&mut transaction, merchant, now, concerned)
                    .await?;
                Done::Noted
            }
            Work::Shown(shown) => {
                shown.write(&mut transaction).await?;
                Done::Noted
            }
        });
    }
    transaction.commit().await?;
    core.group_commits.count(batch.len());
    core.wake();
    Ok(done)
}
