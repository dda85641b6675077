//! What somebody who paid is told.

use crate::outbound::Notification;
use crate::state::Payment;

/// A payment that was taken, and how the merchant was told.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Paid {
    /// The payment. It is made, whatever became of the notification.
    pub payment: Payment,
    /// The notification after its first attempt; none where the merchant hosts no notification URL.
    pub notification: Option<Notification>,
}
