//! The payments themselves as the store of what was handled.

use async_trait::async_trait;
use doku_model::PositiveAmount;
use doku_va_btn::hosted::{Claim, HandledStore, PaymentKey, StoreError};

use crate::error::Error;
use crate::ledger::Ledger;

/// What was kept is handled: the cheapest store of handled notifications, for endpoints whose handler is the ledger.
///
/// A claim is a look-up, which claims that arrive together share, and writes nothing. Two replicas may hand the same notification to their ledgers at the same time;
/// the payment's unique key then makes one of them a repeat. With a handler of your own, give the [`Ledger`] itself, whose
/// claims exclude each other.
#[derive(Debug, Clone)]
pub struct KeptPayments {
    ledger: Ledger,
}

impl Ledger {
    /// The store of handled notifications for endpoints whose handler is this ledger.
    #[must_use]
    pub fn kept_payments(&self) -> KeptPayments {
        KeptPayments {
            ledger: self.clone(),
        }
    }

    /// The amounts under a key, the smallest first: of payments that were notified.
    pub(super) async fn kept_amounts(
        &self,
        key: &PaymentKey,
    ) -> Result<Vec<PositiveAmount>, Error> {
        self.lookups()?.kept_amounts(key).await
    }
}

#[async_trait]
impl HandledStore for KeptPayments {
    async fn claim(&self, key: &PaymentKey, amount: PositiveAmount) -> Result<Claim, StoreError> {
        let other_amounts = self
            .ledger
            .kept_amounts(key)
            .await
            .map_err(|error| StoreError::Failed(error.into()))?;
        if other_amounts.contains(&amount) {
            return Ok(Claim::Handled);
        }
        Ok(Claim::New { other_amounts })
    }

    async fn complete(&self, _: &PaymentKey, _: PositiveAmount) -> Result<(), StoreError> {
        Ok(())
    }

    async fn release(&self, _: &PaymentKey, _: PositiveAmount) -> Result<(), StoreError> {
        Ok(())
    }
}
