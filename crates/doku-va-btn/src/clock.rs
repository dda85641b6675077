//! The wall clock, passed in so that a test can hold it.

use std::fmt;

use time::OffsetDateTime;

/// Tells the time that is written into X-TIMESTAMP, external ids and prepared creates.
///
/// Waiting and the life of tokens use tokio's timer instead, which a stepped wall clock does not disturb.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// The current moment, in any offset.
    fn now(&self) -> OffsetDateTime;
}

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> OffsetDateTime {
        OffsetDateTime::now_utc()
    }
}
