//! The store of one process: forgets with it, and never before its time.

use std::collections::{HashMap, VecDeque, hash_map};
use std::fmt;
use std::slice;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use doku_model::PositiveAmount;
use tokio::time::Instant;

use super::{Claim, HandledStore, StoreError};
use crate::hosted::bounds::REMEMBERED;
use crate::hosted::by_hash::ByHash;
use crate::hosted::notification::PaymentKey;

/// Room for one payment a second, and some.
const CAPACITY: usize = 150_000;

/// Handled notifications in memory, for one process.
///
/// Each is remembered for 37 hours after it was told last, on the machine's monotonic clock, which nobody sets. A restart
/// forgets everything: a repeat then reaches the handler once more. When it is full it answers [`StoreError::Full`], and
/// the notification is answered 5xx; it never forgets early.
pub struct HandledInMemory {
    capacity: usize,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    payments: HashMap<PaymentKey, Entries, ByHash>,
    /// Completed ones, each once, by when they were completed or looked at last.
    completed: VecDeque<(Instant, PaymentKey, PositiveAmount)>,
    entries: usize,
}

/// Those of one key. As a rule there will be no second one, and then there is no allocation.
enum Entries {
    One(Entry),
    Several(Vec<Entry>),
}

#[derive(Clone, Copy)]
struct Entry {
    amount: PositiveAmount,
    /// When it was told last, if it was completed.
    told_at: Option<Instant>,
}

impl HandledInMemory {
    /// A store for 150,000 notifications, some 40 MB when it is full.
    #[must_use]
    pub fn new() -> Self {
        Self::with_capacity(CAPACITY)
    }

    /// A store for `capacity` notifications in 37 hours.
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        Self {
            capacity,
            known: Mutex::default(),
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for HandledInMemory {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for HandledInMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HandledInMemory")
            .field("capacity", &self.capacity)
            .field("entries", &self.known().entries)
            .finish()
    }
}

impl Known {
    /// Growing would move everything, again and again, while others wait. What is not used yet is not there: an operating
    /// system gives memory when it is written to.
    fn make_room(&mut self, entries: usize) {
        self.payments.reserve(entries);
        self.completed.reserve(entries);
    }

    /// Forgets what was told last long enough ago.
    fn forget(&mut self, now: Instant) {
        let is_over = |since: &Instant| now.saturating_duration_since(*since) >= REMEMBERED;
        while self
            .completed
            .front()
            .is_some_and(|(since, ..)| is_over(since))
        {
            let Some((since, key, amount)) = self.completed.pop_front() else {
                return;
            };
            let entry = self.entry(&key, amount);
            match entry.and_then(|entry| entry.told_at) {
                // Told again meanwhile: its time runs from then.
                Some(told_at) if told_at > since => {
                    self.completed.push_back((told_at, key, amount));
                }
                _ => self.remove(&key, amount),
            }
        }
    }

    fn remove(&mut self, key: &PaymentKey, amount: PositiveAmount) {
        if let hash_map::Entry::Occupied(mut same_key) = self.payments.entry(key.clone()) {
            let before = same_key.get().all().len();
            let left: Vec<_> = same_key.get().others_than(amount).copied().collect();
            self.entries = self.entries.saturating_sub(before - left.len());
            if left.is_empty() {
                same_key.remove();
            } else {
                same_key.insert(Entries::Several(left));
            }
        }
    }

    fn entry(&mut self, key: &PaymentKey, amount: PositiveAmount) -> Option<&mut Entry> {
        let entries = self.payments.get_mut(key)?.all_mut();
        entries.iter_mut().find(|entry| entry.amount == amount)
    }

    /// The entry, if it is claimed and not completed.
    fn claimed(&mut self, key: &PaymentKey, amount: PositiveAmount) -> Option<&mut Entry> {
        self.entry(key, amount)
            .filter(|entry| entry.told_at.is_none())
    }
}

impl Entries {
    fn all(&self) -> &[Entry] {
        match self {
            Self::One(entry) => slice::from_ref(entry),
            Self::Several(entries) => entries,
        }
    }

    fn all_mut(&mut self) -> &mut [Entry] {
        match self {
            Self::One(entry) => slice::from_mut(entry),
            Self::Several(entries) => entries,
        }
    }

    fn others_than(&self, amount: PositiveAmount) -> impl Iterator<Item = &Entry> {
        self.all()
            .iter()
            .filter(move |entry| entry.amount != amount)
    }

    fn add(&mut self, entry: Entry) {
        match self {
            Self::One(first) => *self = Self::Several(vec![*first, entry]),
            Self::Several(entries) => entries.push(entry),
        }
    }
}

impl HandledInMemory {
    pub(super) fn claim_now(
        &self,
        key: &PaymentKey,
        amount: PositiveAmount,
    ) -> Result<Claim, StoreError> {
        let mut known = self.known();
        // Otherwise it makes no difference what could be forgotten, and the clock need not be read.
        let matters = known.entries >= self.capacity || known.payments.contains_key(key);
        let now = matters.then(Instant::now);
        if let Some(now) = now {
            known.forget(now);
        }
        if known.payments.capacity() == 0 {
            known.make_room(self.capacity.min(CAPACITY));
        }
        let is_full = known.entries >= self.capacity;
        let full = StoreError::Full {
            capacity: self.capacity,
        };
        let claimed = Entry {
            amount,
            told_at: None,
        };
        let other_amounts = match known.payments.entry(key.clone()) {
            hash_map::Entry::Occupied(mut same_key) => {
                let entries = same_key.get_mut();
                let mut each = entries.all_mut().iter_mut();
                match each.find(|entry| entry.amount == amount) {
                    Some(entry) if entry.told_at.is_some() => {
                        entry.told_at = now.or(entry.told_at);
                        return Ok(Claim::Handled);
                    }
                    Some(_) => return Ok(Claim::Busy),
                    None if is_full => return Err(full),
                    None => {}
                }
                let other_amounts = entries.all().iter().map(|entry| entry.amount).collect();
                entries.add(claimed);
                other_amounts
            }
            hash_map::Entry::Vacant(_) if is_full => return Err(full),
            hash_map::Entry::Vacant(unknown) => {
                unknown.insert(Entries::One(claimed));
                Vec::new()
            }
        };
        known.entries += 1;
        Ok(Claim::New { other_amounts })
    }

    pub(super) fn complete_now(&self, key: &PaymentKey, amount: PositiveAmount) {
        let mut known = self.known();
        let Some(entry) = known.claimed(key, amount) else {
            return;
        };
        let now = Instant::now();
        entry.told_at = Some(now);
        known.completed.push_back((now, key.clone(), amount));
        known.forget(now);
    }

    pub(super) fn release_now(&self, key: &PaymentKey, amount: PositiveAmount) {
        let mut known = self.known();
        if known.claimed(key, amount).is_some() {
            known.remove(key, amount);
        }
    }
}

#[async_trait]
impl HandledStore for HandledInMemory {
    async fn claim(&self, key: &PaymentKey, amount: PositiveAmount) -> Result<Claim, StoreError> {
        self.claim_now(key, amount)
    }

    async fn complete(&self, key: &PaymentKey, amount: PositiveAmount) -> Result<(), StoreError> {
        self.complete_now(key, amount);
        Ok(())
    }

    async fn release(&self, key: &PaymentKey, amount: PositiveAmount) -> Result<(), StoreError> {
        self.release_now(key, amount);
        Ok(())
    }
}
