//! Why a fault makes no sense.

/// A fault that makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FaultError {
    /// A status that is none, or none that fits.
    #[error("{status} does not fit: give an HTTP status from {least} to 599")]
    Status {
        /// What was given.
        status: u16,
        /// The least that fits.
        least: u16,
    },
    /// A delay beyond all patience.
    #[error("a delay may have 600000 milliseconds at most; use hang for no answer at all")]
    Delay,
    /// A fault for no call.
    #[error("count must be at least 1")]
    Count,
    /// A probability that is none.
    #[error("percent must lie between 1 and 100")]
    Percent,
    /// A fault that cannot happen to these calls.
    #[error("{kind} cannot happen to {calls}: {why}")]
    Misplaced {
        /// The kind.
        kind: &'static str,
        /// The calls it was ordered for.
        calls: &'static str,
        /// Why it cannot.
        why: &'static str,
    },
}
