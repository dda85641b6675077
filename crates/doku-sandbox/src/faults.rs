//! Misbehaviour on demand: what the network and DOKU do to a caller on a bad day.

use std::collections::VecDeque;
use std::fmt;
use std::str::FromStr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use doku_model::Operation;
use serde::{Deserialize, Serialize};

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

/// A fault as the control plane gets it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct FaultText {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    direction: Option<Direction>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    operation: Option<String>,
    #[serde(flatten)]
    kind: FaultKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    count: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    percent: Option<u8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
}

impl TryFrom<FaultText> for Fault {
    type Error = String;

    fn try_from(text: FaultText) -> Result<Self, Self::Error> {
        let named: Option<OperationName> = text.operation.as_deref().map(str::parse).transpose()?;
        let direction = match (named, text.direction) {
            (Some(name), Some(direction)) if direction != name.direction => {
                return Err(format!(
                    "{name} has another direction; leave the direction out"
                ));
            }
            (Some(name), _) => name.direction,
            (None, direction) => direction.unwrap_or_default(),
        };
        let always = text.percent.is_none();
        Ok(Self {
            direction,
            operation: named.map(|name| name.operation),
            kind: text.kind,
            count: text.count.unwrap_or(if always { 1 } else { u32::MAX }),
            percent: text.percent,
            seed: text.seed.unwrap_or_default(),
        })
    }
}

impl From<Fault> for FaultText {
    fn from(fault: Fault) -> Self {
        let name = |operation| OperationName {
            direction: fault.direction,
            operation,
        };
        Self {
            direction: (fault.direction == Direction::Outbound).then_some(fault.direction),
            operation: fault.operation.map(|operation| name(operation).to_string()),
            kind: fault.kind,
            count: Some(fault.count),
            percent: fault.percent,
            seed: fault.percent.map(|_| fault.seed),
        }
    }
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
    /// The token that the call presents is no longer valid; in a call to the merchant, it never was.
    InvalidToken,
    /// To the merchant: the token that DOKU had last, however long ago it ran out.
    ExpiredToken,
    /// To the merchant: the same bytes twice, at the same time.
    Duplicate,
    /// To the merchant: the notification is held back until after the next one.
    OutOfOrder,
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
    #[error("{kind} cannot happen to {calls}")]
    Misplaced {
        /// The kind.
        kind: &'static str,
        /// The calls it was ordered for.
        calls: &'static str,
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
        let can_happen = Operation::ALL
            .into_iter()
            .filter(|operation| self.operation.is_none_or(|only| only == *operation))
            .any(|operation| self.kind.can_happen(self.direction, operation));
        if !can_happen {
            return Err(FaultError::Misplaced {
                kind: self.kind.name(),
                calls: match self.operation {
                    Some(operation) => OperationName {
                        direction: self.direction,
                        operation,
                    }
                    .as_str(),
                    None if self.direction == Direction::Inbound => "calls of the merchant",
                    None => "calls to the merchant",
                },
            });
        }
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
            Self::BrokenSignature => "brokenSignature",
            Self::ReplayedSignature => "replayedSignature",
            Self::WrongAmount => "wrongAmount",
        }
    }

    /// Whether such a call can meet this fault at all.
    const fn can_happen(&self, direction: Direction, operation: Operation) -> bool {
        let to_merchant = matches!(
            operation,
            Operation::Token | Operation::Inquiry | Operation::Payment
        );
        match (direction, self) {
            (
                Direction::Inbound,
                Self::ExpiredToken
                | Self::Duplicate
                | Self::OutOfOrder
                | Self::BrokenSignature
                | Self::ReplayedSignature
                | Self::WrongAmount,
            )
            | (Direction::Outbound, Self::Hang) => false,
            (Direction::Inbound, _) => {
                !matches!(operation, Operation::Inquiry | Operation::Payment)
            }
            (Direction::Outbound, Self::OutOfOrder | Self::WrongAmount) => {
                matches!(operation, Operation::Payment)
            }
            (Direction::Outbound, Self::InvalidToken | Self::ExpiredToken) => {
                to_merchant && !matches!(operation, Operation::Token)
            }
            (Direction::Outbound, _) => to_merchant,
        }
    }
}

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

/// An operation by the name it has in the control plane and the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OperationName {
    pub(crate) direction: Direction,
    pub(crate) operation: Operation,
}

/// The operations that the sandbox serves.
pub(crate) const SERVED: [(Operation, &str); 5] = [
    (Operation::Token, "token"),
    (Operation::CreateVa, "createVa"),
    (Operation::UpdateVa, "updateVa"),
    (Operation::DeleteVa, "deleteVa"),
    (Operation::CheckStatus, "checkStatus"),
];

/// The operations that the merchant serves.
const CALLED: [(Operation, &str); 3] = [
    (Operation::Token, "merchantToken"),
    (Operation::Inquiry, "inquiry"),
    (Operation::Payment, "payment"),
];

impl OperationName {
    /// An operation that the merchant calls.
    pub(crate) const fn inbound(operation: Operation) -> Self {
        Self {
            direction: Direction::Inbound,
            operation,
        }
    }

    /// An operation that DOKU calls.
    pub(crate) const fn outbound(operation: Operation) -> Self {
        Self {
            direction: Direction::Outbound,
            operation,
        }
    }

    fn table(direction: Direction) -> &'static [(Operation, &'static str)] {
        match direction {
            Direction::Inbound => &SERVED,
            Direction::Outbound => &CALLED,
        }
    }

    pub(crate) fn as_str(self) -> &'static str {
        Self::table(self.direction)
            .iter()
            .find(|(operation, _)| *operation == self.operation)
            .map_or("other", |(_, name)| name)
    }
}

impl fmt::Display for OperationName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for OperationName {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        [Direction::Inbound, Direction::Outbound]
            .into_iter()
            .find_map(|direction| {
                let (operation, _) = Self::table(direction).iter().find(|(_, known)| *known == name)?;
                Some(Self { direction, operation: *operation })
            })
            .ok_or_else(|| {
                "operation must be token, createVa, updateVa, deleteVa, checkStatus, merchantToken, inquiry or payment"
                    .to_owned()
            })
    }
}

const fn yes() -> bool {
    true
}

const fn bad_gateway() -> u16 {
    502
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_used_up_in_order_and_by_operation() {
        let faults = Faults::default();
        faults
            .order(
                Fault::once(FaultKind::Hang)
                    .on(Operation::CreateVa)
                    .times(2),
            )
            .unwrap();
        faults.order(Fault::once(FaultKind::Conflict)).unwrap();
        assert_eq!(faults.take(Operation::Token), Some(FaultKind::Conflict));
        assert_eq!(faults.take(Operation::Token), None);
        assert_eq!(faults.take(Operation::CreateVa), Some(FaultKind::Hang));
        assert_eq!(faults.take(Operation::CreateVa), Some(FaultKind::Hang));
        assert_eq!(faults.take(Operation::CreateVa), None);
    }

    #[test]
    fn reads_what_the_control_plane_gets() {
        let read = |json: &str| serde_json::from_str::<Fault>(json);
        let fault = read(r#"{"operation":"createVa","kind":"status","status":503,"count":2}"#);
        let expected = Fault::once(FaultKind::Status {
            status: 503,
            after_work: true,
        });
        assert_eq!(fault.unwrap(), expected.on(Operation::CreateVa).times(2));
        assert_eq!(
            read(r#"{"kind":"dropBefore"}"#).unwrap(),
            Fault::once(FaultKind::DropBefore)
        );
        assert!(read(r#"{"kind":"explode"}"#).is_err());
        assert!(read(r#"{"operation":"refund","kind":"hang"}"#).is_err());
    }

    #[test]
    fn the_two_directions_do_not_meet() {
        let faults = Faults::default();
        let read = |json: &str| serde_json::from_str::<Fault>(json).unwrap();
        for json in [
            r#"{"operation":"merchantToken","kind":"brokenSignature"}"#,
            r#"{"direction":"outbound","kind":"dropBefore"}"#,
            r#"{"kind":"hang"}"#,
        ] {
            let fault = read(json);
            assert_eq!(read(&serde_json::to_string(&fault).unwrap()), fault);
            faults.order(fault).unwrap();
        }
        assert_eq!(faults.take(Operation::Token), Some(FaultKind::Hang));
        assert_eq!(faults.take(Operation::Token), None);
        let to_merchant = |operation| faults.take_to_merchant(operation);
        assert_eq!(to_merchant(Operation::Payment), Some(FaultKind::DropBefore));
        assert_eq!(to_merchant(Operation::Payment), None);
        assert_eq!(
            to_merchant(Operation::Token),
            Some(FaultKind::BrokenSignature)
        );
        let contradiction =
            r#"{"direction":"inbound","operation":"payment","kind":"delay","milliseconds":1}"#;
        assert!(serde_json::from_str::<Fault>(contradiction).is_err());
    }

    #[test]
    fn a_fault_waits_for_a_call_it_can_happen_to() {
        let faults = Faults::default();
        let fault = |kind| Fault::once(kind).to_merchant();
        for kind in [FaultKind::WrongAmount, FaultKind::ExpiredToken] {
            faults.order(fault(kind)).unwrap();
        }
        assert_eq!(faults.take_to_merchant(Operation::Token), None);
        assert_eq!(
            faults.take_to_merchant(Operation::Inquiry),
            Some(FaultKind::ExpiredToken)
        );
        assert_eq!(
            faults.take_to_merchant(Operation::Payment),
            Some(FaultKind::WrongAmount)
        );
        for misplaced in [
            fault(FaultKind::Hang),
            fault(FaultKind::OutOfOrder).on(Operation::Inquiry),
            fault(FaultKind::InvalidToken).on(Operation::Token),
            fault(FaultKind::DropBefore).on(Operation::CreateVa),
            Fault::once(FaultKind::Duplicate),
        ] {
            let refused = faults.order(misplaced.clone());
            assert!(
                matches!(refused, Err(FaultError::Misplaced { .. })),
                "{misplaced:?}"
            );
        }
    }

    #[test]
    fn chance_is_decided_by_the_seed() {
        let drawn = |seed| {
            let faults = Faults::default();
            faults
                .order(Fault::once(FaultKind::DropAfter).by_chance(30, seed))
                .unwrap();
            let fired = (0..1000).map(|_| faults.take(Operation::Token).is_some());
            fired.collect::<Vec<_>>()
        };
        assert_eq!(drawn(7), drawn(7));
        assert_ne!(drawn(7), drawn(8));
        let fired = drawn(7).into_iter().filter(|fired| *fired).count();
        assert!((250..350).contains(&fired), "{fired}");

        let faults = Faults::default();
        let twice = Fault::once(FaultKind::DropAfter).by_chance(50, 1).times(2);
        faults.order(twice).unwrap();
        let fired = (0..1000)
            .filter(|_| faults.take(Operation::Token).is_some())
            .count();
        assert_eq!(fired, 2);
        for percent in [0, 101] {
            let fault = Fault::once(FaultKind::Hang).by_chance(percent, 1);
            assert_eq!(faults.order(fault), Err(FaultError::Percent));
        }
    }

    #[test]
    fn refuses_what_makes_no_sense() {
        let faults = Faults::default();
        for kind in [
            FaultKind::Status {
                status: 200,
                after_work: true,
            },
            FaultKind::Html { status: 600 },
            FaultKind::Delay {
                milliseconds: 600_001,
            },
        ] {
            assert!(faults.order(Fault::once(kind)).is_err());
        }
        assert_eq!(
            faults.order(Fault::once(FaultKind::Hang).times(0)),
            Err(FaultError::Count)
        );
        assert!(faults.waiting().is_empty());
    }
}
