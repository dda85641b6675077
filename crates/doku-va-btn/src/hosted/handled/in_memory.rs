//! The store of one process: forgets with it, and never before its time.

use std::collections::{HashMap, VecDeque, hash_map};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use doku_model::PositiveAmount;
use tokio::time::Instant;

use super::{Claim, HandledStore, StoreError};
use crate::hosted::bounds::REMEMBERED;
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
    payments: HashMap<PaymentKey, Vec<Entry>>,
    /// Completed ones, each once, by when they were completed or looked at last.
    completed: VecDeque<(Instant, PaymentKey, PositiveAmount)>,
    entries: usize,
}

struct Entry {
    amount: PositiveAmount,
    /// When it was told last, if it was completed.
    told_at: Option<Instant>,
}

impl HandledInMemory {
    /// A store for 150,000 notifications, some 45 MB.
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
            match self.entry(&key, amount).and_then(|entry| entry.told_at) {
                // Told again meanwhile: its time runs from then.
                Some(told_at) if told_at > since => {
                    self.completed.push_back((told_at, key, amount));
                }
                _ => self.remove(&key, amount),
            }
        }
    }

    fn remove(&mut self, key: &PaymentKey, amount: PositiveAmount) {
        if let Some(entries) = self.payments.get_mut(key) {
            let before = entries.len();
            entries.retain(|entry| entry.amount != amount);
            self.entries = self.entries.saturating_sub(before - entries.len());
            if entries.is_empty() {
                self.payments.remove(key);
            }
        }
    }

    fn entry(&mut self, key: &PaymentKey, amount: PositiveAmount) -> Option<&mut Entry> {
        self.payments
            .get_mut(key)?
            .iter_mut()
            .find(|entry| entry.amount == amount)
    }
}

#[async_trait]
impl HandledStore for HandledInMemory {
    async fn claim(&self, key: &PaymentKey, amount: PositiveAmount) -> Result<Claim, StoreError> {
        let mut known = self.known();
        let now = Instant::now();
        known.forget(now);
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
                match entries.iter_mut().find(|entry| entry.amount == amount) {
                    Some(Entry {
                        told_at: Some(told_at),
                        ..
                    }) => {
                        *told_at = now;
                        return Ok(Claim::Handled);
                    }
                    Some(_) => return Ok(Claim::Busy),
                    None if is_full => return Err(full),
                    None => {}
                }
                let other_amounts = entries.iter().map(|entry| entry.amount).collect();
                entries.push(claimed);
                other_amounts
            }
            hash_map::Entry::Vacant(_) if is_full => return Err(full),
            hash_map::Entry::Vacant(unknown) => {
                // As a rule there will be no second one.
                unknown.insert(vec![claimed]);
                Vec::new()
            }
        };
        known.entries += 1;
        Ok(Claim::New { other_amounts })
    }

    async fn complete(&self, key: &PaymentKey, amount: PositiveAmount) -> Result<(), StoreError> {
        let mut known = self.known();
        let now = Instant::now();
        let claimed = known.entry(key, amount);
        let Some(entry) = claimed.filter(|entry| entry.told_at.is_none()) else {
            return Ok(());
        };
        entry.told_at = Some(now);
        known.completed.push_back((now, key.clone(), amount));
        Ok(())
    }

    async fn release(&self, key: &PaymentKey, amount: PositiveAmount) -> Result<(), StoreError> {
        let mut known = self.known();
        if known
            .entry(key, amount)
            .is_some_and(|entry| entry.told_at.is_none())
        {
            known.remove(key, amount);
        }
        Ok(())
    }
}
