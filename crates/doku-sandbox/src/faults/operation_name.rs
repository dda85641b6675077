//! The names that operations have in the control plane and the journal.

use std::fmt;
use std::str::FromStr;

use doku_model::Operation;

use super::direction::Direction;

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

    /// The operations of one side.
    pub(crate) fn of(direction: Direction) -> impl Iterator<Item = Operation> {
        Self::table(direction)
            .iter()
            .map(|(operation, _)| *operation)
    }

    fn table(direction: Direction) -> &'static [(Operation, &'static str)] {
        match direction {
            Direction::Inbound => &SERVED,
            Direction::Outbound => &CALLED,
        }
    }

    /// Its name; of one that the other side calls, that side's.
    pub(crate) fn as_str(self) -> &'static str {
        let own = Self::table(self.direction).iter();
        own.chain(SERVED.iter().chain(&CALLED))
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
