//! What the parts of a server share.

use std::future::Future;
use std::sync::Arc;

use doku_ledger::Ledger;
use doku_ledger::account::PublicId;
use doku_ledger::intent::Doku;
use doku_ledger::reconcile::Worker;
use doku_va_btn::hosted::PaymentCodes;
use tokio::sync::{Semaphore, mpsc, watch};

use crate::config::Config;
use crate::metrics::Metrics;

/// How many readers of the stream of events there may be.
const READERS: usize = 64;

/// One server's parts.
pub(crate) struct Site {
    pub(crate) config: Config,
    pub(crate) ledger: Ledger,
    pub(crate) doku: Arc<dyn Doku>,
    pub(crate) worker: Worker,
    pub(crate) metrics: Metrics,
    /// Numbers of the merchant's own, where it has a BIN.
    pub(crate) codes: Option<PaymentCodes>,
    /// How customers reach the payment pages.
    pub(crate) public_url: String,
    pub(crate) stopped: watch::Receiver<bool>,
    pub(crate) readers: Arc<Semaphore>,
    pub(crate) underway: Underway,
}

impl Site {
    pub(crate) fn readers() -> Arc<Semaphore> {
        Arc::new(Semaphore::new(READERS))
    }

    /// The address of an account's payment page.
    pub(crate) fn pay_url(&self, account: &PublicId) -> String {
        format!("{}/pay/{account}", self.public_url)
    }
}

/// Work that goes on when whoever asked for it has hung up: a call to DOKU is never dropped half-way.
#[derive(Clone)]
pub(crate) struct Underway {
    token: mpsc::Sender<()>,
}

/// The end of all work.
pub(crate) struct AllDone {
    tokens: mpsc::Receiver<()>,
}

impl Underway {
    pub(crate) fn new() -> (Self, AllDone) {
        let (token, tokens) = mpsc::channel(1);
        (Self { token }, AllDone { tokens })
    }

    /// Does it on a task of its own. `None` where it panicked, or the runtime ended.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Option<T> {
        let token = self.token.clone();
        let task = tokio::spawn(async move {
            let done = work.await;
            drop(token);
            done
        });
        task.await.ok()
    }
}

impl AllDone {
    /// Waits until nothing is under way; every [`Underway`] must have been dropped or be dropped on the way.
    pub(crate) async fn wait(mut self) {
        // Nothing is ever sent: this ends when the last token is dropped.
        while self.tokens.recv().await.is_some() {}
    }
}
