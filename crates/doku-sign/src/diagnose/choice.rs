//! Values that may have been signed, each with the mistakes of whoever signed it.

use super::Cause;

/// How many mistakes one signature may have.
pub(super) const MOST_MISTAKES: usize = 2;

/// At most [`MOST_MISTAKES`] causes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Causes([Option<Cause>; MOST_MISTAKES]);

impl Causes {
    pub(super) const fn none() -> Self {
        Self([None; MOST_MISTAKES])
    }

    /// The first ones of `causes`; there are never more.
    pub(super) fn of(causes: &[Cause]) -> Self {
        causes
            .iter()
            .fold(Self::none(), |all, cause| all.and(*cause).unwrap_or(all))
    }

    /// `None` where there is no room for another.
    pub(super) fn and(mut self, cause: Cause) -> Option<Self> {
        let free = self.0.iter_mut().find(|slot| slot.is_none())?;
        *free = Some(cause);
        Some(self)
    }

    pub(super) fn join(self, other: Self) -> Option<Self> {
        other.iter().try_fold(self, Self::and)
    }

    pub(super) fn len(self) -> usize {
        self.0.iter().flatten().count()
    }

    pub(super) fn iter(self) -> impl Iterator<Item = Cause> {
        self.0.into_iter().flatten()
    }
}

/// A value, and the mistakes of whoever signed with it.
pub(super) struct Choice<T> {
    pub(super) value: T,
    pub(super) causes: Causes,
}

/// The right value first, and every other one once, under its likeliest cause.
pub(super) struct Choices<T> {
    pub(super) list: Vec<Choice<T>>,
}

impl<T: PartialEq> Choices<T> {
    pub(super) fn new(right: T) -> Self {
        Self {
            list: vec![Choice {
                value: right,
                causes: Causes::none(),
            }],
        }
    }

    pub(super) fn add(&mut self, value: T, cause: Cause) {
        self.add_all(value, Causes::of(&[cause]));
    }

    pub(super) fn add_all(&mut self, value: T, causes: Causes) {
        if self.list.iter().all(|known| known.value != value) {
            self.list.push(Choice { value, causes });
        }
    }
}
