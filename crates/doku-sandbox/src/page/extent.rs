//! Which part of a list is shown, and where the rest is.

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
    pub(super) fn of<N: ToString + PartialOrd + From<u8>>(
        from: N,
        to: N,
        total: impl ToString,
        older: Option<String>,
    ) -> Self {
        let (to, total) = (to.to_string(), total.to_string());
        Self {
            partial: from > N::from(1) || to != total,
            from: from.to_string(),
            to,
            total,
            older,
        }
    }
}
