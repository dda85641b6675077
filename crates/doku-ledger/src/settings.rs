//! How a ledger is opened: where, whose, on which clock, and how long things may take.

use std::sync::Arc;
use std::time::Duration;

use doku_model::ClientId;
use doku_va_btn::{Clock, SystemClock};

use crate::location::Location;

/// How a ledger is opened.
#[derive(Debug, Clone)]
pub struct Settings {
    pub(crate) location: Location,
    pub(crate) client_id: ClientId,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) deadline: Duration,
    pub(crate) claim: Duration,
}

impl Settings {
    /// A ledger of what concerns `client_id`, kept at `location`. One database may hold ledgers of several client ids; they
    /// do not see each other.
    #[must_use]
    pub fn new(location: Location, client_id: ClientId) -> Self {
        Self {
            location,
            client_id,
            clock: Arc::new(SystemClock),
            deadline: Duration::from_secs(45),
            claim: Duration::from_secs(120),
        }
    }

    /// Where the ledger is kept.
    #[must_use]
    pub const fn location(&self) -> &Location {
        &self.location
    }

    /// On another clock than the machine's.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// With another bound for one call to DOKU, all its attempts together; 45 s. What was begun and has not come to an end
    /// 30 s after it is taken for lost, and found again.
    #[must_use]
    pub const fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// With another life of a claimed notification; 120 s. Longer than
    /// [`Bounds::payment`](doku_va_btn::hosted::Bounds::payment), or two processes handle one notification.
    #[must_use]
    pub const fn claim(mut self, claim: Duration) -> Self {
        self.claim = claim;
        self
    }
}
