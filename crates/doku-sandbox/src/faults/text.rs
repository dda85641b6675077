//! A fault as JSON.

use serde::{Deserialize, Serialize};

use super::{Direction, Fault, FaultKind, OperationName};

/// A fault as the control plane gets it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FaultText {
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
