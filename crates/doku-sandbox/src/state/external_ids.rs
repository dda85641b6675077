//! Which external ids were used today, and what was answered.

use time::{Date, OffsetDateTime, UtcOffset};

use super::accounts::AccountId;
use super::fingerprint::{Fingerprint, FingerprintMap};
use crate::answer::Answer;

/// What an external id was used for.
#[derive(Debug)]
pub(super) struct Used {
    /// Operation and body of the call.
    pub(super) call: Fingerprint,
    pub(super) earlier: Earlier,
}

/// What was answered.
#[derive(Debug)]
pub(super) enum Earlier {
    /// The creation of this account, whose answer can be written again.
    Created(AccountId),
    /// Anything else.
    Other(Box<Answer>),
}

/// The external ids of one day; those of the day before are forgotten.
#[derive(Debug)]
pub(super) struct ExternalIds {
    offset: UtcOffset,
    day: Option<Date>,
    used: FingerprintMap<Used>,
}

impl ExternalIds {
    pub(super) fn new(offset: UtcOffset) -> Self {
        Self {
            offset,
            day: None,
            used: FingerprintMap::default(),
        }
    }

    /// Forgets everything once the day of `now` is another one.
    pub(super) fn turn_to(&mut self, now: OffsetDateTime) {
        let day = now
            .checked_to_offset(self.offset)
            .map_or(now.date(), OffsetDateTime::date);
        if self.day != Some(day) {
            self.day = Some(day);
            self.used = FingerprintMap::default();
        }
    }

    /// What `external_id` was used for today.
    pub(super) fn used(&self, external_id: Fingerprint) -> Option<&Used> {
        self.used.get(&external_id)
    }

    /// Remembers until the end of the day.
    pub(super) fn remember(&mut self, external_id: Fingerprint, used: Used) {
        self.used.insert(external_id, used);
    }
}
