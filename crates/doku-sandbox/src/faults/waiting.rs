//! The faults that were ordered, until a call uses them up.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use doku_model::Operation;

use super::direction::Direction;
use super::error::FaultError;
use super::fault::Fault;
use super::kind::FaultKind;

/// The faults that wait for a call, in the order in which they were ordered.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    waiting: Mutex<VecDeque<Waiting>>,
}

/// A fault, and where its draws stand.
#[derive(Debug)]
struct Waiting {
    fault: Fault,
    draws: u64,
}

impl Waiting {
    /// Whether it happens to this call.
    fn happens(&mut self) -> bool {
        match self.fault.percent {
            None => true,
            Some(percent) => draw(&mut self.draws) % 100 < u64::from(percent),
        }
    }
}

/// The next number of a sequence that its seed decides (SplitMix64).
fn draw(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

impl Faults {
    pub(crate) fn order(&self, fault: Fault) -> Result<(), FaultError> {
        fault.check()?;
        let draws = fault.seed;
        self.lock().push_back(Waiting { fault, draws });
        Ok(())
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    pub(crate) fn waiting(&self) -> Vec<Fault> {
        self.lock()
            .iter()
            .map(|waiting| waiting.fault.clone())
            .collect()
    }

    /// The fault that this call of the merchant's gets; it is used up once for that.
    pub(crate) fn take(&self, operation: Operation) -> Option<FaultKind> {
        self.take_one(Direction::Inbound, operation)
    }

    /// The fault that this call to the merchant gets; it is used up once for that.
    pub(crate) fn take_to_merchant(&self, operation: Operation) -> Option<FaultKind> {
        self.take_one(Direction::Outbound, operation)
    }

    fn take_one(&self, direction: Direction, operation: Operation) -> Option<FaultKind> {
        let mut waiting = self.lock();
        let index = waiting.iter_mut().position(|waiting| {
            let fault = &waiting.fault;
            fault.direction == direction
                && fault.operation.is_none_or(|only| only == operation)
                && fault.kind.can_happen(direction, operation)
                && waiting.happens()
        })?;
        let fault = &mut waiting.get_mut(index)?.fault;
        let kind = fault.kind.clone();
        // A fault by chance without a count goes on until it is taken back.
        if fault.percent.is_none() || fault.count != u32::MAX {
            fault.count = fault.count.saturating_sub(1);
        }
        if fault.count == 0 {
            waiting.remove(index);
        }
        Some(kind)
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Waiting>> {
        // A list of faults has no state in which a panic could leave it half changed.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
