//! Misbehaviour on demand: what the network and DOKU do to a caller on a bad day.

use std::collections::VecDeque;
use std::fmt;
use std::str::FromStr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use doku_model::Operation;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The longest that an answer is held back.
const LONGEST_DELAY_MILLISECONDS: u64 = 10 * 60 * 1000;

/// A fault for the next calls of one operation, or of any.
///
/// As JSON: `{"operation": "createVa", "kind": "status", "status": 503, "count": 2}`. Without `operation` it is for
/// any call, without `count` for one.
///
/// ```
/// use doku_sandbox::{Fault, FaultKind};
/// use doku_model::Operation;
///
/// let fault = Fault::once(FaultKind::DropAfter).on(Operation::CreateVa);
/// assert_eq!(fault.count, 1);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Fault {
    /// The operation it is for; `None` for any.
    #[serde(
        default,
        serialize_with = "operation_name",
        deserialize_with = "operation_from_name",
        skip_serializing_if = "Option::is_none"
    )]
    pub operation: Option<Operation>,
    /// What happens.
    #[serde(flatten)]
    pub kind: FaultKind,
    /// How many calls it happens to.
    #[serde(default = "one")]
    pub count: u32,
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
    /// The token that the call presents is no longer valid.
    InvalidToken,
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
}

impl Fault {
    /// A fault for the next call of any operation.
    #[must_use]
    pub const fn once(kind: FaultKind) -> Self {
        Self {
            operation: None,
            kind,
            count: 1,
        }
    }

    /// The same fault for calls of one operation only.
    #[must_use]
    pub fn on(self, operation: Operation) -> Self {
        Self {
            operation: Some(operation),
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
        }
    }
}

/// The faults that wait for a call, in the order in which they were ordered.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    waiting: Mutex<VecDeque<Fault>>,
}

impl Faults {
    pub(crate) fn order(&self, fault: Fault) -> Result<(), FaultError> {
        fault.check()?;
        self.lock().push_back(fault);
        Ok(())
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    pub(crate) fn waiting(&self) -> Vec<Fault> {
        self.lock().iter().cloned().collect()
    }

    /// The fault that this call gets; it is used up once for that.
    pub(crate) fn take(&self, operation: Operation) -> Option<FaultKind> {
        let mut waiting = self.lock();
        let index = waiting
            .iter()
            .position(|fault| fault.operation.is_none_or(|only| only == operation))?;
        let fault = waiting.get_mut(index)?;
        let kind = fault.kind.clone();
        fault.count = fault.count.saturating_sub(1);
        if fault.count == 0 {
            waiting.remove(index);
        }
        Some(kind)
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Fault>> {
        // A list of faults has no state in which a panic could leave it half changed.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An operation by the name it has in the control plane and the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OperationName(pub(crate) Operation);

/// The operations that the sandbox serves.
pub(crate) const SERVED: [(Operation, &str); 5] = [
    (Operation::Token, "token"),
    (Operation::CreateVa, "createVa"),
    (Operation::UpdateVa, "updateVa"),
    (Operation::DeleteVa, "deleteVa"),
    (Operation::CheckStatus, "checkStatus"),
];

impl OperationName {
    pub(crate) fn as_str(self) -> &'static str {
        SERVED
            .iter()
            .find(|(operation, _)| *operation == self.0)
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
        SERVED
            .iter()
            .find(|(_, known)| *known == name)
            .map(|(operation, _)| Self(*operation))
            .ok_or_else(|| {
                "operation must be token, createVa, updateVa, deleteVa or checkStatus".to_owned()
            })
    }
}

fn operation_name<S: Serializer>(
    operation: &Option<Operation>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match operation {
        Some(operation) => serializer.serialize_str(OperationName(*operation).as_str()),
        None => serializer.serialize_none(),
    }
}

fn operation_from_name<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Operation>, D::Error> {
    Option::<String>::deserialize(deserializer)?
        .map(|name| name.parse().map(|OperationName(operation)| operation))
        .transpose()
        .map_err(serde::de::Error::custom)
}

const fn one() -> u32 {
    1
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
