//! A notification that outlives a restart.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::shown::Attempt;
use crate::state::{Offer, Payment};

/// A notification as it is kept: what is told, and what came of it so far.
///
/// What was sent is not kept, because a token is in it: after a new start it is signed anew.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeptNotification {
    pub(crate) offer: Offer,
    #[serde(with = "crate::state::payment")]
    pub(super) payment: Payment,
    pub(super) acknowledged: bool,
    pub(super) held_back: bool,
    pub(super) scheduled: usize,
    #[serde(with = "crate::moment::maybe")]
    pub(super) next: Option<OffsetDateTime>,
    pub(super) attempts: Vec<Attempt>,
}
