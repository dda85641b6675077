//! Which part of a list is shown, and where the rest is.

use std::fmt::Display;

/// Those from here to there, of so many.
pub(super) struct Extent {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) total: String,
    /// Not all of them.
    pub(super) partial: bool,
    /// Where the older ones are, if there are any.
    pub(super) older: Option<String>,
}

impl Extent {
    pub(super) fn of<N: Copy + Display + PartialOrd + From<u8>>(
        from: N,
        to: N,
        total: N,
        older: Option<String>,
    ) -> Self {
        Self {
            from: from.to_string(),
            to: to.to_string(),
            total: total.to_string(),
            partial: from > N::from(1) || to < total,
            older,
        }
    }
}
