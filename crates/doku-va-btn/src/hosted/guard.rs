//! Somebody else's code, kept from taking too long and from tearing us down.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use super::event::Failure;

/// The outcome of `work`, unless it takes longer than `limit` or panics. It is dropped before this returns.
pub(super) async fn bounded<T>(
    limit: Duration,
    work: impl Future<Output = T> + Send,
) -> Result<T, Failure> {
    // The timer itself panics outside a runtime, so it is inside, too.
    let timed = async { tokio::time::timeout(limit, work).await };
    let mut timed = pin!(timed);
    std::future::poll_fn(move |context| {
        catch_unwind(AssertUnwindSafe(|| timed.as_mut().poll(context))).map_or_else(
            |_| Poll::Ready(Err(Failure::Panicked)),
            |poll| poll.map(|outcome| outcome.map_err(|_| Failure::TimedOut)),
        )
    })
    .await
}
