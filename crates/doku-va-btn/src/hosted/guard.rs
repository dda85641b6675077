//! Somebody else's code, kept from taking too long and from tearing us down.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use super::event::Failure;

/// The outcome of what `begin` begins, unless it takes longer than `limit` or panics. It is dropped before this returns.
pub(super) async fn bounded<W>(
    limit: Duration,
    begin: impl FnOnce() -> W + Send,
) -> Result<W::Output, Failure>
where
    W: Future + Send + Unpin,
{
    // Somebody may panic before there is a future.
    let mut work = catch_unwind(AssertUnwindSafe(begin)).map_err(|_| Failure::Panicked)?;
    // What is done at once needs no timer.
    let begun = poll_fn(|context| Poll::Ready(polled(Pin::new(&mut work), context))).await;
    if let Poll::Ready(outcome) = begun {
        return outcome;
    }
    // The timer itself panics outside a runtime, so it is inside, too. Boxed, so that what need not wait is not as large.
    let mut timed = Box::pin(async { tokio::time::timeout(limit, work).await });
    poll_fn(|context| polled(timed.as_mut(), context))
        .await?
        .map_err(|_| Failure::TimedOut)
}

/// Polls `work` once. A panic is an outcome.
fn polled<T>(
    work: Pin<&mut impl Future<Output = T>>,
    context: &mut Context<'_>,
) -> Poll<Result<T, Failure>> {
    catch_unwind(AssertUnwindSafe(|| work.poll(context)))
        .map_or(Poll::Ready(Err(Failure::Panicked)), |poll| poll.map(Ok))
}
