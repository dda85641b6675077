//! A fault that is ordered: whose calls, what happens to them and how often; and the same as JSON.

use doku_model::Operation;
use serde::{Deserialize, Serialize};

use super::direction::Direction;
use super::kind::FaultKind;
use super::operation_name::OperationName;

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
