//! What is to be paid: `virtualAccountTrxType`, the amount and its limits, as one value.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::amount::{Amount, PositiveAmount};
use crate::error::{Fault, FieldError};

/// What a virtual account asks for. Combinations that DOKU refuses cannot be written.
///
/// ```
/// use doku_model::{Amount, Bill, Limits};
///
/// let invoice = Bill::Closed("11500.00".parse()?);
/// let top_up = Bill::Open(Some(Limits::between(Amount::rupiah(10_000)?, Amount::rupiah(5_000_000)?)?));
/// assert_eq!(invoice.trx_type().as_str(), "C");
/// assert_eq!(top_up.limits(), Some(Limits::between("10000.00".parse()?, "5000000.00".parse()?)?));
/// # Ok::<(), doku_model::FieldError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(
    clippy::exhaustive_enums,
    reason = "BTN has these three types and no other"
)]
pub enum Bill {
    /// Type `C`, FIX_BILL: exactly this amount.
    Closed(PositiveAmount),
    /// Type `O`, NO_BILL: the payer chooses, perhaps within limits.
    Open(Option<Limits>),
    /// Type `V`, BILL_VARIABLE_AMOUNT: an amount is shown, which may be zero, and another one may be paid, perhaps
    /// within limits.
    Variable {
        /// The amount that is shown.
        amount: Amount,
        /// What may be paid.
        limits: Option<Limits>,
    },
}

impl Bill {
    /// The type, as the wire spells it.
    #[must_use]
    pub const fn trx_type(&self) -> TrxType {
        match self {
            Self::Closed(_) => TrxType::Closed,
            Self::Open(_) => TrxType::Open,
            Self::Variable { .. } => TrxType::Variable,
        }
    }

    /// The amount that is asked for; none for an open bill.
    #[must_use]
    pub const fn amount(&self) -> Option<Amount> {
        match self {
            Self::Closed(amount) => Some(amount.amount()),
            Self::Open(_) => None,
            Self::Variable { amount, .. } => Some(*amount),
        }
    }

    /// The limits, where the type allows them and some were set.
    #[must_use]
    pub const fn limits(&self) -> Option<Limits> {
        match self {
            Self::Closed(_) => None,
            Self::Open(limits) | Self::Variable { limits, .. } => *limits,
        }
    }

    /// Whether `paid` settles this bill: the exact amount of a closed one, an amount within the limits otherwise.
    #[must_use]
    pub fn accepts(&self, paid: PositiveAmount) -> bool {
        match self {
            Self::Closed(amount) => *amount == paid,
            Self::Open(limits) | Self::Variable { limits, .. } => {
                limits.is_none_or(|limits| limits.allow(paid.amount()))
            }
        }
    }

    /// The bill that the members of the wire speak of.
    ///
    /// # Errors
    ///
    /// [`Fault::Missing`] where a type needs an amount and there is none, [`Fault::Rule`] where a closed bill has
    /// limits or asks for nothing, or an open one asks for something.
    pub fn from_parts(
        trx_type: TrxType,
        amount: Option<Amount>,
        limits: Option<Limits>,
    ) -> Result<Self, FieldError> {
        match trx_type {
            TrxType::Closed if limits.is_some() => Err(FieldError::rule(
                "additionalInfo.virtualAccountConfig",
                "minAmount and maxAmount are for types O and V only",
            )),
            TrxType::Closed => amount
                .ok_or_else(|| FieldError::missing(Amount::FIELD))
                .and_then(PositiveAmount::try_from)
                .map(Self::Closed),
            TrxType::Open => match amount {
                None | Some(Amount::ZERO) => Ok(Self::Open(limits)),
                Some(_) => Err(FieldError::rule(Amount::FIELD, "must be 0 for type O")),
            },
            TrxType::Variable => amount
                .ok_or_else(|| FieldError::missing(Amount::FIELD))
                .map(|amount| Self::Variable { amount, limits }),
        }
    }
}

/// What may be paid at least and at most: one of the two or both, the least not above the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "LimitsText", into = "LimitsText")]
pub struct Limits {
    min: Option<Amount>,
    max: Option<PositiveAmount>,
}

impl Limits {
    /// At least `min`.
    #[must_use]
    pub const fn at_least(min: Amount) -> Self {
        Self {
            min: Some(min),
            max: None,
        }
    }

    /// At most `max`.
    #[must_use]
    pub const fn at_most(max: PositiveAmount) -> Self {
        Self {
            min: None,
            max: Some(max),
        }
    }

    /// From `min` to `max`.
    ///
    /// # Errors
    ///
    /// [`Fault::Rule`] if `max` is zero or below `min`.
    pub fn between(min: Amount, max: Amount) -> Result<Self, FieldError> {
        Self::from_parts(Some(min), Some(max))?
            .ok_or_else(|| FieldError::missing("additionalInfo.virtualAccountConfig.minAmount"))
    }

    /// The limits that the members of the wire speak of; `None` where neither is there.
    ///
    /// # Errors
    ///
    /// [`Fault::Rule`] if `max` is zero or below `min`.
    pub fn from_parts(
        min: Option<Amount>,
        max: Option<Amount>,
    ) -> Result<Option<Self>, FieldError> {
        const MAX: &str = "additionalInfo.virtualAccountConfig.maxAmount";
        let max = max
            .map(|max| PositiveAmount::try_from(max).map_err(|error| error.at(MAX)))
            .transpose()?;
        match (min, max) {
            (None, None) => Ok(None),
            (Some(min), Some(max)) if max.amount() < min => {
                Err(FieldError::rule(MAX, "must not be below minAmount"))
            }
            (min, max) => Ok(Some(Self { min, max })),
        }
    }

    /// The least, if there is one.
    #[must_use]
    pub const fn min(&self) -> Option<Amount> {
        self.min
    }

    /// The most, if there is one.
    #[must_use]
    pub fn max(&self) -> Option<Amount> {
        self.max.map(PositiveAmount::amount)
    }

    /// Whether `amount` lies within.
    #[must_use]
    pub fn allow(&self, amount: Amount) -> bool {
        self.min.is_none_or(|min| min <= amount) && self.max().is_none_or(|max| amount <= max)
    }
}

/// How limits are stored.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitsText {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    min: Option<Amount>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max: Option<Amount>,
}

impl TryFrom<LimitsText> for Limits {
    type Error = FieldError;

    fn try_from(text: LimitsText) -> Result<Self, Self::Error> {
        Self::from_parts(text.min, text.max)?
            .ok_or_else(|| FieldError::missing("additionalInfo.virtualAccountConfig.minAmount"))
    }
}

impl From<Limits> for LimitsText {
    fn from(limits: Limits) -> Self {
        Self {
            min: limits.min(),
            max: limits.max(),
        }
    }
}

/// `virtualAccountTrxType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "BTN has these three types and no other"
)]
pub enum TrxType {
    /// `C`, FIX_BILL.
    Closed,
    /// `O`, NO_BILL.
    Open,
    /// `V`, BILL_VARIABLE_AMOUNT.
    Variable,
}

impl TrxType {
    /// The member that carries this value, as the wire spells it.
    pub const FIELD: &'static str = "virtualAccountTrxType";

    /// The letter of the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Closed => "C",
            Self::Open => "O",
            Self::Variable => "V",
        }
    }
}

impl FromStr for TrxType {
    type Err = FieldError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "C" => Ok(Self::Closed),
            "O" => Ok(Self::Open),
            "V" => Ok(Self::Variable),
            "" => Err(FieldError::missing(Self::FIELD)),
            _ => Err(FieldError::new(
                Self::FIELD,
                Fault::Format {
                    expected: "C, O or V",
                },
            )),
        }
    }
}

impl fmt::Display for TrxType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
