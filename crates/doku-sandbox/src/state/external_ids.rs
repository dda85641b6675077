//! Which external ids were used today, and what was answered.

use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime, UtcOffset};

use super::accounts::AccountId;
use super::fingerprint::{Fingerprint, FingerprintMap};
use super::pieces::{Pieces, Shared};
use crate::answer::Answer;

/// What an external id was used for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Used {
    id: Fingerprint,
    /// Operation and body of the call.
    pub(super) call: Fingerprint,
    pub(super) earlier: Earlier,
}

/// What was answered.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
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
    places: FingerprintMap<u32>,
    used: Pieces<Used>,
}

impl ExternalIds {
    pub(super) fn new(offset: UtcOffset) -> Self {
        Self {
            offset,
            day: None,
            places: FingerprintMap::default(),
            used: Pieces::default(),
        }
    }

    /// The same as they were kept of this day.
    pub(super) fn of_day(offset: UtcOffset, day: Option<Date>) -> Self {
        Self {
            day,
            ..Self::new(offset)
        }
    }

    /// Forgets everything once the day of `now` is another one.
    pub(super) fn turn_to(&mut self, now: OffsetDateTime) {
        let day = now
            .checked_to_offset(self.offset)
            .map_or(now.date(), OffsetDateTime::date);
        if self.day != Some(day) {
            *self = Self::of_day(self.offset, Some(day));
        }
    }

    /// What `external_id` was used for today.
    pub(super) fn used(&self, external_id: Fingerprint) -> Option<&Used> {
        self.used.at(*self.places.get(&external_id)?)
    }

    /// Remembers until the end of the day.
    pub(super) fn remember(&mut self, id: Fingerprint, call: Fingerprint, earlier: Earlier) {
        self.put(Used { id, call, earlier });
    }

    /// Remembers what was kept.
    pub(super) fn put(&mut self, used: Used) {
        // A day of four thousand million calls forgets its last ones.
        let Ok(place) = u32::try_from(self.used.len()) else {
            return;
        };
        self.places.insert(used.id, place);
        self.used.push(used);
    }

    /// The day and its ids, as they are now.
    pub(super) fn share(&self) -> (Option<Date>, Shared<Used>) {
        (self.day, self.used.share())
    }
}

impl Used {
    /// The account that it says was created, if it says so.
    pub(super) fn account(&self) -> Option<AccountId> {
        match self.earlier {
            Earlier::Created(id) => Some(id),
            Earlier::Other(_) => None,
        }
    }
}
