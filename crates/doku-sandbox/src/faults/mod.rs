//! Misbehaviour on demand: what the network and DOKU do to a caller on a bad day.

mod echo;
mod fits;
mod operation_name;
mod text;
mod turns;
mod waiting;

use doku_model::Operation;
use serde::{Deserialize, Serialize};

pub use echo::EchoedMember;
pub(crate) use echo::{another_number, one_rupiah_more};
pub(crate) use operation_name::{OperationName, SERVED};
use text::FaultText;
pub(crate) use turns::{Release, Turn, Turns};
pub(crate) use waiting::Faults;

/// The longest that an answer is held back.
const LONGEST_DELAY_MILLISECONDS: u64 = 10 * 60 * 1000;

/// A fault for the next calls of one operation, or of any.
///
/// As JSON: `{"operation": "createVa", "kind": "status", "status": 503, "count": 2}`. Without `operation` it is for
/// any call of the merchant's, without `count` for one. The operations `merchantToken`, `inquiry` and `payment` are
/// DOKU's calls to the merchant; `"direction": "outbound"` without an operation means any of these.
///
/// With `"percent": 30` it happens to three calls in ten, drawn from `"seed"`, and goes on until it happened `count`
/// times or is taken back.
///
/// ```
/// use doku_sandbox::{Direction, Fault, FaultKind};
/// use doku_model::Operation;
///
/// let fault = Fault::once(FaultKind::DropAfter).on(Operation::CreateVa);
/// assert_eq!(fault.count, 1);
/// let fault = Fault::once(FaultKind::BrokenSignature).on(Operation::Payment);
/// assert_eq!(fault.direction, Direction::Outbound);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "FaultText", into = "FaultText")]
#[non_exhaustive]
pub struct Fault {
    /// Whose calls it is for.
    pub direction: Direction,
    /// The operation it is for; `None` for any of that direction.
    pub operation: Option<Operation>,
    /// What happens.
    pub kind: FaultKind,
    /// How many calls it happens to.
    pub count: u32,
    /// How often it happens, 1 to 100; `None` for every call.
    pub percent: Option<u8>,
    /// What the draws of `percent` begin with: the same seed gives the same draws.
    pub seed: u64,
}

/// Who calls whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::exhaustive_enums, reason = "there are two sides")]
pub enum Direction {
    /// The merchant calls DOKU.
    #[default]
    Inbound,
    /// DOKU calls the merchant.
    Outbound,
}

/// What happens to a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[non_exhaustive]
pub enum FaultKind {
    /// The connection is cut, and nothing was done.
    DropBefore,
    /// The call is done, and the connection is cut without an answer.
    DropAfter,
    /// The call is done, and the answer comes late.
    Delay {
        /// How late; ten minutes at most.
        milliseconds: u64,
    },
    /// The call is done, and no answer ever comes.
    Hang,
    /// The answer is this HTTP status, with a SNAP body.
    Status {
        /// 400 to 599.
        status: u16,
        /// Whether the call is done all the same.
        #[serde(default = "yes")]
        after_work: bool,
    },
    /// The call is done, and the answer is a page of HTML, as proxies send it.
    Html {
        /// 200 to 599.
        #[serde(default = "bad_gateway")]
        status: u16,
    },
    /// The call is done, and the answer is a bare 409.
    Conflict,
    /// The call is done, and the connection is cut in the middle of the answer's body.
    CutBody,
    /// The token that the call presents was revoked: DOKU answers `401xx01`. In a call to the merchant, it is one that
    /// the merchant never issued.
    InvalidToken,
    /// The token that the call presents has run out, before its time: DOKU answers `401xx01` as well, and the journal
    /// tells the two apart. In a call to the merchant, it is the token that DOKU had last, however long ago it ran out.
    ExpiredToken,
    /// The call is worked on twice, as where a proxy repeats it, and the answer is the second one's. To the merchant:
    /// the same bytes twice, at the same time.
    Duplicate,
    /// The call is held, and worked on after the next call of the merchant's, whichever it is; where none comes, after
    /// two seconds, and where the caller has gone by then, all the same. To the merchant: the notification is held back
    /// until after the next one.
    OutOfOrder,
    /// The call is done, and the answer speaks of something else than was asked. Where an answer does not have the
    /// member, nothing is spoilt. Of a notification: it is about something else than was paid, and is signed properly.
    WrongEcho {
        /// What it says otherwise.
        #[serde(default)]
        member: EchoedMember,
    },
    /// To the merchant: the signature is wrong in one bit.
    BrokenSignature,
    /// To the merchant: the timestamp and signature of the call before, over another body.
    ReplayedSignature,
    /// To the merchant: the notification tells of one rupiah more than was paid, and is signed properly.
    WrongAmount,
}

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

impl Fault {
    /// A fault for the next call of any operation.
    #[must_use]
    pub const fn once(kind: FaultKind) -> Self {
        Self {
            direction: Direction::Inbound,
            operation: None,
            kind,
            count: 1,
            percent: None,
            seed: 0,
        }
    }

    /// The same fault for calls of one operation only. An inquiry and a payment are calls to the merchant.
    #[must_use]
    pub fn on(self, operation: Operation) -> Self {
        let direction = match operation {
            Operation::Inquiry | Operation::Payment => Direction::Outbound,
            _ => self.direction,
        };
        Self {
            direction,
            operation: Some(operation),
            ..self
        }
    }

    /// The same fault for DOKU's calls to the merchant.
    #[must_use]
    pub fn to_merchant(self) -> Self {
        Self {
            direction: Direction::Outbound,
            ..self
        }
    }

    /// The same fault for so many calls in a hundred, drawn from `seed`, without an end. Call [`Fault::times`] after
    /// it for one.
    #[must_use]
    pub fn by_chance(self, percent: u8, seed: u64) -> Self {
        Self {
            percent: Some(percent),
            seed,
            count: u32::MAX,
            ..self
        }
    }

    /// The name of its operation, where it is for one only.
    pub(crate) fn operation_name(&self) -> Option<&'static str> {
        let direction = self.direction;
        let operation = self.operation?;
        Some(
            OperationName {
                direction,
                operation,
            }
            .as_str(),
        )
    }

    /// The same fault for so many calls.
    #[must_use]
    pub fn times(self, count: u32) -> Self {
        Self { count, ..self }
    }

    fn check(&self) -> Result<(), FaultError> {
        let status = |status: u16, least: u16| {
            if (least..=599).contains(&status) {
                Ok(())
            } else {
                Err(FaultError::Status { status, least })
            }
        };
        if self.count == 0 {
            return Err(FaultError::Count);
        }
        if self
            .percent
            .is_some_and(|percent| !(1..=100).contains(&percent))
        {
            return Err(FaultError::Percent);
        }
        self.must_fit()?;
        match self.kind {
            FaultKind::Status { status: given, .. } => status(given, 400),
            FaultKind::Html { status: given } => status(given, 200),
            FaultKind::Delay { milliseconds } if milliseconds > LONGEST_DELAY_MILLISECONDS => {
                Err(FaultError::Delay)
            }
            _ => Ok(()),
        }
    }
}

impl FaultKind {
    /// The name it has in JSON.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::DropBefore => "dropBefore",
            Self::DropAfter => "dropAfter",
            Self::Delay { .. } => "delay",
            Self::Hang => "hang",
            Self::Status { .. } => "status",
            Self::Html { .. } => "html",
            Self::Conflict => "conflict",
            Self::CutBody => "cutBody",
            Self::InvalidToken => "invalidToken",
            Self::ExpiredToken => "expiredToken",
            Self::Duplicate => "duplicate",
            Self::OutOfOrder => "outOfOrder",
            Self::WrongEcho { .. } => "wrongEcho",
            Self::BrokenSignature => "brokenSignature",
            Self::ReplayedSignature => "replayedSignature",
            Self::WrongAmount => "wrongAmount",
        }
    }
}

impl FaultKind {
    /// The name of one kind, as [`Self::name`] gives it; `None` of what is no kind.
    pub(crate) fn named(name: &str) -> Option<&'static str> {
        KINDS.into_iter().find(|kind| *kind == name)
    }
}

/// The names of all kinds, in the order of their declaration.
pub(crate) const KINDS: [&str; 16] = [
    "dropBefore",
    "dropAfter",
    "delay",
    "hang",
    "status",
    "html",
    "conflict",
    "cutBody",
    "invalidToken",
    "expiredToken",
    "duplicate",
    "outOfOrder",
    "wrongEcho",
    "brokenSignature",
    "replayedSignature",
    "wrongAmount",
];

const fn yes() -> bool {
    true
}

const fn bad_gateway() -> u16 {
    502
}

#[cfg(test)]
mod tests;
