//! Every request with its verdict, and with the reason when it was refused: the merchant's to DOKU, and DOKU's to the
//! merchant. The last thousands are kept.

mod entry;
mod scrub;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use doku_sign::diagnose::Cause;
pub use entry::{Header, JournalEntry, Note, SignatureReport, Signed, Verdict};
pub(crate) use entry::{InWords, KnownName, known_fault};
pub(crate) use scrub::Scrubber;

/// The last entries, and how many there were in all.
#[derive(Debug)]
pub(crate) struct Journal {
    capacity: usize,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    last: u64,
    entries: VecDeque<Arc<JournalEntry>>,
}

impl Journal {
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            capacity,
            kept: Mutex::new(Kept::default()),
        }
    }

    /// Adds an entry, and gives the number that it gets.
    pub(crate) fn record(&self, mut entry: JournalEntry) -> u64 {
        let mut kept = self.lock();
        kept.last += 1;
        entry.number = kept.last;
        let oldest = if kept.entries.len() >= self.capacity {
            kept.entries.pop_front()
        } else {
            None
        };
        let number = kept.last;
        kept.entries.push_back(Arc::new(entry));
        drop(kept);
        // Freed outside the lock.
        drop(oldest);
        number
    }

    /// The entries that are kept with a number above `after`, oldest first.
    pub(crate) fn after(&self, after: u64) -> Vec<Arc<JournalEntry>> {
        let kept = self.lock();
        let first = kept.entries.front().map_or(0, |entry| entry.number);
        let skip = after.saturating_add(1).saturating_sub(first);
        let skip = usize::try_from(skip).unwrap_or(usize::MAX);
        kept.entries.iter().skip(skip).cloned().collect()
    }

    /// The number of the last entry.
    pub(crate) fn last(&self) -> u64 {
        self.lock().last
    }

    /// The entry with this number, if it is still kept.
    pub(crate) fn entry(&self, number: u64) -> Option<Arc<JournalEntry>> {
        let kept = self.lock();
        let first = kept.entries.front()?.number;
        let index = usize::try_from(number.checked_sub(first)?).ok()?;
        kept.entries.get(index).cloned()
    }

    /// At most `most` entries with a number below `before`, newest first, and the number of the last one there is.
    pub(crate) fn newest(&self, before: u64, most: usize) -> (Vec<Arc<JournalEntry>>, u64) {
        let kept = self.lock();
        let later = kept.last.saturating_add(1).saturating_sub(before);
        let later = usize::try_from(later).unwrap_or(usize::MAX);
        let newest = kept.entries.iter().rev().skip(later).take(most);
        (newest.cloned().collect(), kept.last)
    }

    /// Goes on after entries that were kept, oldest first.
    pub(crate) fn go_on(&self, last: u64, entries: Vec<JournalEntry>) {
        let mut kept = self.lock();
        kept.last = last;
        let spare = entries.len().saturating_sub(self.capacity);
        kept.entries = entries.into_iter().skip(spare).map(Arc::new).collect();
    }

    pub(crate) fn clear(&self) {
        *self.lock() = Kept::default();
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        // Numbering and adding are one step for every reader, panic or not.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
