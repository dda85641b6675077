//! What was handled already: the seam for stores that several processes share.

mod in_memory;
mod store;

use std::sync::Arc;

use async_trait::async_trait;
use doku_model::PositiveAmount;

pub use in_memory::HandledInMemory;
pub(super) use store::Store;

use super::handlers::HandlerError;
use super::notification::PaymentKey;

/// Remembers which notifications were handled.
///
/// A notification is known by its [`PaymentKey`] and its amount. It is claimed before it is handled, and then completed or
/// released. The endpoints do each once and in this order, and for the same key and amount never two at a time within one
/// process.
///
/// # Contract
///
/// * What was completed is kept for [`REMEMBERED`](super::REMEMBERED) at least, counted from the last claim that was
///   answered [`Claim::Handled`]: DOKU sends again up to 12 hours later, and each time anew somebody may capture what can be
///   repeated for a day. A store that has no room answers [`StoreError::Full`] instead of forgetting.
/// * Of two claims of the same key and amount only one gets [`Claim::New`], until it is released.
/// * A claim whose process died must lapse by itself, and not before three times
///   [`Bounds::payment`](super::Bounds::payment) are over: the claim, the handler and the completion may take that long each.
/// * `complete` and `release` of something that is not claimed change nothing.
/// * Dropping a future leaves the store as it was before or as it would have been after.
#[async_trait]
pub trait HandledStore: Send + Sync + 'static {
    /// Claims a notification for handling.
    async fn claim(&self, key: &PaymentKey, amount: PositiveAmount) -> Result<Claim, StoreError>;

    /// The claimed notification was handled.
    async fn complete(&self, key: &PaymentKey, amount: PositiveAmount) -> Result<(), StoreError>;

    /// The claimed notification was not handled; the next repeat may try.
    async fn release(&self, key: &PaymentKey, amount: PositiveAmount) -> Result<(), StoreError>;
}

/// What a store says to a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Claim {
    /// It is claimed now.
    New {
        /// Other amounts that are claimed or completed under the same key.
        other_amounts: Vec<PositiveAmount>,
    },
    /// It was completed before.
    Handled,
    /// Another process has claimed it and is not done.
    Busy,
}

/// A store could not say or keep what it was asked to.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// There is no room, and nothing that may be forgotten.
    #[error("the store is full: it holds {capacity} entries, none of which may be forgotten yet")]
    Full {
        /// Entries it holds.
        capacity: usize,
    },
    /// The store failed.
    #[error("the store failed: {0}")]
    Failed(#[source] HandlerError),
}

#[async_trait]
impl<S: HandledStore + ?Sized> HandledStore for Arc<S> {
    async fn claim(&self, key: &PaymentKey, amount: PositiveAmount) -> Result<Claim, StoreError> {
        (**self).claim(key, amount).await
    }

    async fn complete(&self, key: &PaymentKey, amount: PositiveAmount) -> Result<(), StoreError> {
        (**self).complete(key, amount).await
    }

    async fn release(&self, key: &PaymentKey, amount: PositiveAmount) -> Result<(), StoreError> {
        (**self).release(key, amount).await
    }
}
