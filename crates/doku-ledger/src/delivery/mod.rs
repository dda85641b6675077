//! Telling others of events: to whom each is still to be sent, in which order, and what could not be delivered.
//!
//! A recipient has a place in the outbox, like any reader. What stands behind it is written down as deliveries, one for each
//! event that concerns the recipient, in the transaction that moves the place: so an event is written down once, however
//! many processes do this. Deliveries of one account come one after the other. Who sends one takes it for a while; where
//! nobody comes back, another takes it. So an event arrives at least once, and its id tells repeats.
//!
//! What could not be delivered for too long becomes a dead letter: it holds up nothing any more, and can be sent again.
//!
//! Nothing here sends. That is the business of whoever knows the recipient.

mod backlog;
mod dead;
mod known;
mod plan;
mod take;

use std::fmt;
use std::str::FromStr;

use time::OffsetDateTime;

use crate::outbox::Event;

pub use backlog::Backlog;
pub use dead::DeadLetter;

/// Who is told of events, and of which.
///
/// The name is what is remembered: another name is another recipient. One that is seen for the first time is told of what
/// happens from then on; what was before it can read for itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    name: String,
    kinds: Option<Vec<String>>,
}

impl Recipient {
    /// Told of everything.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            kinds: None,
        }
    }

    /// Told of events of these [types](crate::outbox::EventKind::name) alone.
    #[must_use]
    pub fn only<K: Into<String>>(mut self, kinds: impl IntoIterator<Item = K>) -> Self {
        self.kinds = Some(kinds.into_iter().map(Into::into).collect());
        self
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    fn wants(&self, kind: &str) -> bool {
        self.kinds
            .as_ref()
            .is_none_or(|kinds| kinds.iter().any(|wanted| wanted == kind))
    }
}

/// The id of a delivery: `dlv_17`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DeliveryId(pub(crate) i64);

impl fmt::Display for DeliveryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "dlv_{}", self.0)
    }
}

/// A text that is no id of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no id of a delivery; they look like dlv_17")]
pub struct InvalidDeliveryId;

impl FromStr for DeliveryId {
    type Err = InvalidDeliveryId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.strip_prefix("dlv_")
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(|digits| digits.parse().ok())
            .map(Self)
            .ok_or(InvalidDeliveryId)
    }
}

/// An event that is to be sent now, by whoever holds this.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Delivery {
    /// Its own.
    pub id: DeliveryId,
    /// What is to be told.
    pub event: Event,
    /// How often it was tried, this time included.
    pub attempts: u32,
    /// Since when it is tried: its first attempt, or when it was last asked for again.
    pub since: OffsetDateTime,
}

/// What becomes of a delivery that did not arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "it is tried again or it is not")]
pub enum Next {
    /// It is tried again at this moment, and those behind it wait.
    TryAt(OffsetDateTime),
    /// It is a dead letter, and those behind it go on.
    GiveUp,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_id_comes_back_from_its_text(id in 0..i64::MAX) {
            let id = DeliveryId(id);
            prop_assert_eq!(id.to_string().parse(), Ok(id));
        }

        #[test]
        fn any_text_is_an_id_or_an_error(text: String) {
            let _ = text.parse::<DeliveryId>();
        }
    }

    #[test]
    fn other_texts_are_no_id() {
        for text in ["", "dlv_", "17", "dlv_-1", "dlv_+1", "evt_1", "dlv_1 "] {
            assert_eq!(
                text.parse::<DeliveryId>(),
                Err(InvalidDeliveryId),
                "{text:?}"
            );
        }
    }
}
