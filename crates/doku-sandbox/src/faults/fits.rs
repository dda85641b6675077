//! Whether a fault makes sense: its numbers, and which calls it can happen to and why not to the others.

use doku_model::Operation;

use super::direction::Direction;
use super::echo::EchoedMember;
use super::error::FaultError;
use super::fault::Fault;
use super::kind::FaultKind;
use super::operation_name::OperationName;

/// The longest that an answer is held back.
const LONGEST_DELAY_MILLISECONDS: u64 = 10 * 60 * 1000;

impl Fault {
    /// Whether it can be ordered.
    pub(super) fn check(&self) -> Result<(), FaultError> {
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

    /// Whether there is a call that it can happen to.
    fn must_fit(&self) -> Result<(), FaultError> {
        let operations = match self.operation {
            Some(operation) => vec![operation],
            None => OperationName::of(self.direction).collect(),
        };
        let hindrances: Option<Vec<_>> = operations
            .into_iter()
            .map(|operation| self.kind.hindrance(self.direction, operation))
            .collect();
        // Where nothing fits, the last operation of each side is the one that most kinds are made for.
        match hindrances.as_deref() {
            Some([.., why]) => Err(FaultError::Misplaced {
                kind: self.kind.name(),
                calls: self.calls(),
                why,
            }),
            _ => Ok(()),
        }
    }

    fn calls(&self) -> &'static str {
        match (self.operation, self.direction) {
            (Some(operation), direction) => OperationName {
                direction,
                operation,
            }
            .as_str(),
            (None, Direction::Inbound) => "calls of the merchant",
            (None, Direction::Outbound) => "calls to the merchant",
        }
    }
}

impl FaultKind {
    /// Whether such a call can meet this fault at all.
    pub(super) fn can_happen(&self, direction: Direction, operation: Operation) -> bool {
        self.hindrance(direction, operation).is_none()
    }

    /// Why such a call cannot meet this fault; `None` where it can.
    fn hindrance(&self, direction: Direction, operation: Operation) -> Option<&'static str> {
        if !OperationName::of(direction).any(|known| known == operation) {
            return Some(match direction {
                Direction::Inbound => "DOKU makes that call, and not the merchant",
                Direction::Outbound => "the merchant makes that call, and not DOKU",
            });
        }
        match (self, operation) {
            (Self::InvalidToken | Self::ExpiredToken, Operation::Token) => {
                return Some("whoever asks for a token presents none");
            }
            (Self::WrongEcho { .. }, Operation::Token) => {
                return Some("the answer to a token request repeats nothing of it");
            }
            _ => {}
        }
        match direction {
            Direction::Inbound => self.hindrance_inbound(operation),
            Direction::Outbound => self.hindrance_outbound(operation),
        }
    }

    fn hindrance_inbound(&self, operation: Operation) -> Option<&'static str> {
        match self {
            Self::BrokenSignature | Self::ReplayedSignature => {
                Some("DOKU's answers carry no signature")
            }
            Self::WrongAmount => {
                Some("only a notification tells of money; use wrongEcho with the member amount")
            }
            Self::WrongEcho { member } => member.missing_from_answer(operation),
            _ => None,
        }
    }

    fn hindrance_outbound(&self, operation: Operation) -> Option<&'static str> {
        let notifies = operation == Operation::Payment;
        match self {
            Self::Hang => Some("DOKU waits for nobody for ever; use dropAfter"),
            Self::OutOfOrder if !notifies => Some("only notifications overtake each other"),
            Self::WrongAmount if !notifies => Some("only a notification tells of money"),
            Self::WrongEcho { .. } if !notifies => {
                Some("an inquiry about another number is merely another inquiry")
            }
            Self::WrongEcho { member } => match member {
                EchoedMember::Amount => Some("use wrongAmount"),
                EchoedMember::ExpiredDate => Some("a notification has no such member"),
                _ => None,
            },
            _ => None,
        }
    }
}

impl EchoedMember {
    /// Why the success of an operation does not repeat this member; `None` where it does.
    fn missing_from_answer(self, operation: Operation) -> Option<&'static str> {
        match (operation, self) {
            (_, Self::TrxId | Self::VirtualAccountNo)
            | (Operation::CreateVa | Operation::UpdateVa, _) => None,
            (Operation::CheckStatus, _) => {
                Some("the question names no money and no date that the answer could repeat")
            }
            _ => Some("the answer has no such member"),
        }
    }
}
