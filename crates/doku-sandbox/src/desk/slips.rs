//! What the teller handed out: the answer to a form, to be looked at under an address of its own.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::counter::{AtmScreen, Paid, TellerError};

/// Slips that are kept; older ones are forgotten.
const KEPT: usize = 200;

/// What came of asking or paying.
#[derive(Debug)]
pub(crate) enum Slip {
    /// What the ATM shows, or why it shows nothing.
    Asked {
        number: String,
        screen: Result<Box<AtmScreen>, TellerError>,
    },
    /// What was paid, or why it was not.
    Paid {
        number: String,
        paid: Result<Box<Paid>, TellerError>,
    },
}

/// The last slips.
#[derive(Debug, Default)]
pub(crate) struct Slips {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    last: u64,
    slips: VecDeque<Arc<Slip>>,
}

impl Slips {
    /// Keeps one, and gives its number.
    pub(crate) fn add(&self, slip: Slip) -> u64 {
        let mut kept = self.lock();
        kept.last += 1;
        if kept.slips.len() >= KEPT {
            kept.slips.pop_front();
        }
        kept.slips.push_back(Arc::new(slip));
        kept.last
    }

    pub(crate) fn get(&self, number: u64) -> Option<Arc<Slip>> {
        let kept = self.lock();
        let newer = usize::try_from(kept.last.checked_sub(number)?).ok()?;
        let index = kept.slips.len().checked_sub(newer.checked_add(1)?)?;
        kept.slips.get(index).cloned()
    }

    pub(crate) fn forget_all(&self) {
        // The numbers go on: an address of before must not show another slip.
        self.lock().slips.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
