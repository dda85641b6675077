//! How much is read, how long is waited, and how old a call may be.

use std::time::Duration;

use doku_sign::{MAX_TOKEN_BYTES, MerchantToken};

/// How far X-TIMESTAMP may lie from the clock, either way, where nothing else says that a call is fresh.
pub(super) const WINDOW: Duration = Duration::from_secs(15 * 60);

/// How late a genuine notification may come: DOKU sends again up to about 12 hours later, and perhaps byte for byte.
///
/// A refusal would lose a payment, and a replay that is accepted does no harm.
pub(super) const LATE: Duration = Duration::from_secs(24 * 60 * 60);

/// How long a handled notification is remembered at least, counted from when it was told last.
///
/// DOKU tells for the last time some 12 hours after the first, signed anew perhaps, and whoever captured that can repeat it
/// until 24 hours after its bearer expired: an hour less than this, after the first.
pub const REMEMBERED: Duration = Duration::from_secs(37 * 60 * 60);

/// How long an expired bearer is still alive, for clocks that differ.
pub(super) const LEEWAY: Duration = MerchantToken::LEEWAY;

/// What the endpoints allow a call.
///
/// ```
/// use doku_va_btn::hosted::Bounds;
///
/// let bounds = Bounds { body: 16 * 1024, ..Bounds::default() };
/// assert_eq!(bounds.payment.as_secs(), 30);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "made with `..Bounds::default()`, so that a bound can be added"
)]
pub struct Bounds {
    /// Bytes of a body; 64 KiB. A notification has some 500. Whoever reads the connection should stop there, too.
    pub body: usize,
    /// Bytes of one header that is read; 9 KiB, which the longest bearer fits in. Headers that are not read may be longer.
    pub header: usize,
    /// Bearers that are remembered as verified; 1024. Those of all replicas count, about four each.
    pub bearers: usize,
    /// Refused signatures that are diagnosed in a minute; 60, five of them at once and then one a second. Each may take some
    /// ten milliseconds, and anybody can present a wrong signature.
    pub diagnoses: u32,
    /// How long a body may take to arrive; 10 s. Kept by whoever reads the connection.
    pub arrival: Duration,
    /// How long the merchant's handler may take for an inquiry; 10 s.
    pub inquiry: Duration,
    /// How long the merchant's handler may take for a notification, and each access to the store of handled ones;
    /// 30 s. DOKU may hang up before; the handler then goes on, and the next repeat learns how it ended.
    pub payment: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            body: 64 * 1024,
            header: MAX_TOKEN_BYTES + 1024,
            bearers: 1024,
            diagnoses: 60,
            arrival: Duration::from_secs(10),
            inquiry: Duration::from_secs(10),
            payment: Duration::from_secs(30),
        }
    }
}
