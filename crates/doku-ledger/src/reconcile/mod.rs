//! Noticing the notification that never came: asking check status for accounts that are due.
//!
//! An account is due after a hint of payment, on a schedule of growing waits while it is active, and 2 minutes, 1 hour and
//! 13 hours after its end before it is closed. What is found paid is recorded like a notification, and marked as found; the
//! notification that comes after all completes it.

mod found;
mod pace;
pub(crate) mod schedule;
mod worker;

pub use found::Finding;
pub use worker::{Progress, Round, Worker};
