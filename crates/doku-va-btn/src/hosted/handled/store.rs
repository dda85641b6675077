//! The store of some endpoints: theirs, or somebody else's, which is bounded.

use std::sync::Arc;
use std::time::Duration;

use doku_model::PositiveAmount;

use super::{Claim, HandledInMemory, HandledStore};
use crate::hosted::event::Failure;
use crate::hosted::guard::bounded;
use crate::hosted::notification::PaymentKey;

/// Ours answers at once, so it is asked without a future and without a limit.
pub(in crate::hosted) enum Store {
    Ours(HandledInMemory),
    Given {
        store: Arc<dyn HandledStore>,
        limit: Duration,
    },
}

impl Store {
    pub(in crate::hosted) async fn claim(
        &self,
        key: &PaymentKey,
        amount: PositiveAmount,
    ) -> Result<Claim, Failure> {
        match self {
            Self::Ours(store) => store.claim_now(key, amount),
            Self::Given { store, limit } => bounded(*limit, || store.claim(key, amount)).await?,
        }
        .map_err(Failure::Store)
    }

    pub(in crate::hosted) async fn complete(
        &self,
        key: &PaymentKey,
        amount: PositiveAmount,
    ) -> Result<(), Failure> {
        match self {
            Self::Ours(store) => {
                store.complete_now(key, amount);
                Ok(())
            }
            Self::Given { store, limit } => bounded(*limit, || store.complete(key, amount)).await?,
        }
        .map_err(Failure::Store)
    }

    pub(in crate::hosted) async fn release(
        &self,
        key: &PaymentKey,
        amount: PositiveAmount,
    ) -> Result<(), Failure> {
        match self {
            Self::Ours(store) => {
                store.release_now(key, amount);
                Ok(())
            }
            Self::Given { store, limit } => bounded(*limit, || store.release(key, amount)).await?,
        }
        .map_err(Failure::Store)
    }
}
