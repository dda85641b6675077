//! All notifications, in the order of payment.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use time::OffsetDateTime;

use super::kept::KeptNotification;
use super::record::{Record, Told};
use crate::config::Bin;

/// Every notification, in the order of payment.
#[derive(Debug, Default)]
pub(crate) struct Notifications {
    all: Mutex<Vec<Arc<Record>>>,
}

impl Notifications {
    fn lock(&self) -> MutexGuard<'_, Vec<Arc<Record>>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes down what is to be told, at once.
    pub(crate) fn add(&self, told: Told) -> Arc<Record> {
        let mut all = self.lock();
        let record = Arc::new(Record::new(next_id(&all), told));
        all.push(Arc::clone(&record));
        record
    }

    /// Goes on with one that was kept, under `bin`.
    pub(crate) fn put(&self, bin: Bin, kept: KeptNotification) {
        let mut all = self.lock();
        let record = Record::go_on(next_id(&all), bin, kept);
        all.push(Arc::new(record));
    }

    /// At most `most` of them with an id below `before`, newest first; and how many there are.
    pub(crate) fn newest(&self, before: u64, most: usize) -> (Vec<Arc<Record>>, usize) {
        let all = self.lock();
        let below = usize::try_from(before.saturating_sub(1)).unwrap_or(usize::MAX);
        let newest = all.iter().take(below).rev().take(most);
        (newest.cloned().collect(), all.len())
    }

    pub(crate) fn all(&self) -> Vec<Arc<Record>> {
        self.lock().clone()
    }

    pub(crate) fn by_id(&self, id: u64) -> Option<Arc<Record>> {
        let index = usize::try_from(id.checked_sub(1)?).ok()?;
        self.lock().get(index).cloned()
    }

    /// Those that are due, the longest waiting first.
    pub(crate) fn due(&self, now: OffsetDateTime) -> Vec<Arc<Record>> {
        let mut due: Vec<_> = self
            .lock()
            .iter()
            .filter_map(|record| {
                Some((record.due().filter(|due| *due <= now)?, Arc::clone(record)))
            })
            .collect();
        due.sort_by_key(|(due, record)| (*due, record.id));
        due.into_iter().map(|(_, record)| record).collect()
    }

    /// When the next one is due.
    pub(crate) fn next_due(&self) -> Option<OffsetDateTime> {
        self.lock().iter().filter_map(|record| record.due()).min()
    }

    pub(crate) fn forget_all(&self) {
        self.lock().clear();
    }
}

fn next_id(all: &[Arc<Record>]) -> u64 {
    u64::try_from(all.len())
        .unwrap_or(u64::MAX)
        .saturating_add(1)
}
