//! DOKU as the ledger calls it, with every call counted.

use std::time::Duration;

use async_trait::async_trait;
use doku_ledger::intent::{Doku, Failed};
use doku_model::{ExternalId, Operation};
use doku_va_btn::{Change, CreateVa, Error, PaymentStatus, PreparedCreate, VirtualAccount};

use crate::metrics::{Direction, Metrics};

/// Passes every call on, and counts its response code.
pub(crate) struct Metered<D> {
    inner: D,
    metrics: Metrics,
}

impl<D> Metered<D> {
    pub(crate) const fn new(inner: D, metrics: Metrics) -> Self {
        Self { inner, metrics }
    }

    fn told<T>(&self, operation: Operation, answer: Result<T, Failed>) -> Result<T, Failed> {
        let code = match &answer {
            Ok(_) => operation.success().as_str().to_owned(),
            Err(failed) => failed
                .client_error()
                .and_then(Error::response_code)
                .map_or_else(|| "none".to_owned(), ToString::to_string),
        };
        self.metrics.call(Direction::Outbound, operation, &code);
        answer
    }
}

#[async_trait]
impl<D: Doku> Doku for Metered<D> {
    fn prepare(&self, order: &CreateVa) -> Result<PreparedCreate, Error> {
        self.inner.prepare(order)
    }

    async fn send(
        &self,
        prepared: &PreparedCreate,
        deadline: Duration,
    ) -> Result<VirtualAccount, Failed> {
        let answer = self.inner.send(prepared, deadline).await;
        self.told(Operation::CreateVa, answer)
    }

    async fn settle(
        &self,
        prepared: &PreparedCreate,
        deadline: Duration,
    ) -> Result<VirtualAccount, Failed> {
        let answer = self.inner.settle(prepared, deadline).await;
        self.told(Operation::CreateVa, answer)
    }

    async fn update(
        &self,
        account: &VirtualAccount,
        change: &Change,
        external_id: ExternalId,
        deadline: Duration,
    ) -> Result<VirtualAccount, Failed> {
        let answer = self.inner.update(account, change, external_id, deadline);
        self.told(Operation::UpdateVa, answer.await)
    }

    async fn delete(
        &self,
        account: &VirtualAccount,
        external_id: ExternalId,
        deadline: Duration,
    ) -> Result<(), Failed> {
        let answer = self.inner.delete(account, external_id, deadline).await;
        self.told(Operation::DeleteVa, answer)
    }

    async fn status(
        &self,
        account: &VirtualAccount,
        deadline: Duration,
    ) -> Result<PaymentStatus, Failed> {
        let answer = self.inner.status(account, deadline).await;
        self.told(Operation::CheckStatus, answer)
    }
}
