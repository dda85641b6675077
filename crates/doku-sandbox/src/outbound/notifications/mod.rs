//! The notifications: what is to be told, when it is told again, and what came of each attempt.
//!
//! DOKU tries again 30 minutes, 6 hours and 12 hours after the first attempt, until the merchant acknowledges; and
//! whenever somebody asks it to in the back office. `record` is one of them, `list` all of them; `shown` is how one is
//! shown, `kept` how it outlives a restart.

mod kept;
mod list;
mod record;
mod shown;

pub(crate) use kept::KeptNotification;
pub(crate) use list::Notifications;
pub(crate) use record::{Record, Told};
pub use shown::{Attempt, Notification, Trigger};
