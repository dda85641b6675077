//! Why a text is not the value it was meant to be.
//!
//! One error serves every value: the member, the rule it broke, and the offending length or character. It never
//! carries the value itself, because a value may be somebody's name.

use std::borrow::Cow;
use std::fmt;

/// A member that does not hold what its rule asks for.
///
/// `Display` is one line: `customerNo: must have 1 to 20 characters, has 21`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    field: Cow<'static, str>,
    fault: Fault,
}

/// The rule that was broken, with the offending length or character.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The member is absent, null or empty, and it is mandatory.
    Missing,
    /// The number of characters is outside the allowed range.
    Length {
        /// Fewest characters allowed.
        min: usize,
        /// Most characters allowed.
        max: usize,
        /// Characters found.
        found: usize,
    },
    /// A character that the rule does not allow.
    Character {
        /// The character.
        found: char,
        /// Its position, counted in characters from 0.
        position: usize,
        /// What is allowed instead.
        allowed: &'static str,
    },
    /// The text has another form than expected.
    Format {
        /// The expected form.
        expected: &'static str,
    },
    /// The member is well formed, but contradicts another one or a business rule.
    Rule {
        /// The rule.
        broken: &'static str,
    },
}

impl FieldError {
    /// An error of `field`, named as the wire spells it (`totalAmount.value`).
    #[must_use]
    pub fn new(field: impl Into<Cow<'static, str>>, fault: Fault) -> Self {
        Self {
            field: field.into(),
            fault,
        }
    }

    /// A mandatory member that is not there.
    #[must_use]
    pub fn missing(field: impl Into<Cow<'static, str>>) -> Self {
        Self::new(field, Fault::Missing)
    }

    /// A member that breaks a rule about other members.
    #[must_use]
    pub fn rule(field: impl Into<Cow<'static, str>>, broken: &'static str) -> Self {
        Self::new(field, Fault::Rule { broken })
    }

    /// The same fault under another member name: a value knows what it is, its owner knows where it stood.
    #[must_use]
    pub fn at(self, field: impl Into<Cow<'static, str>>) -> Self {
        Self {
            field: field.into(),
            ..self
        }
    }

    /// The member, as the wire spells it, with dots between levels.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }

    /// What is wrong with it.
    #[must_use]
    pub fn fault(&self) -> &Fault {
        &self.fault
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.fault)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("is mandatory and missing"),
            Self::Length { min, max, found } if min == max => {
                write!(f, "must have exactly {min} characters, has {found}")
            }
            Self::Length { min, max, found } => {
                write!(f, "must have {min} to {max} characters, has {found}")
            }
            Self::Character {
                found,
                position,
                allowed,
            } => {
                write!(
                    f,
                    "may hold {allowed}, has {found:?} at position {position}"
                )
            }
            Self::Format { expected } => write!(f, "must be {expected}"),
            Self::Rule { broken } => f.write_str(broken),
        }
    }
}

impl std::error::Error for FieldError {}
